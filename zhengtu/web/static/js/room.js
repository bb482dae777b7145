// The room: which matter is shown is kept by the server, so that the clerk's page and the room's show the same and a
// reload changes nothing. What is being written stays in this tab until it is recorded; nobody's page is turned while
// they write.

import { draw } from "./trajectories.js";

const POLL_MS = 2000;
const room = document.querySelector("[data-room]");
const matters = () => [...room.querySelectorAll("[data-matter]")];
const message = room.querySelector("[data-room-message]");
const curves = JSON.parse(document.getElementById("curves").textContent);
const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
const kept = (form) => `zhengtu.room.${location.pathname}.${form.dataset.keep}`;
let shown = -1;
let revision = Number(room.dataset.revision);
let pending = 0;

const current = () => room.querySelector(`[data-matter="${shown}"]`);
const lastOrdinal = () => matters().length - 1;
const isWriting = () => {
  const active = document.activeElement;
  return active?.matches("textarea, input, select") && room.contains(active);
};

function say(lines) {
  message.textContent = lines.join(" ");
  message.hidden = !lines.length;
}

/** Show a matter on this page. */
function turn(ordinal) {
  if (ordinal === shown || !room.querySelector(`[data-matter="${ordinal}"]`)) return;
  shown = ordinal;
  for (const one of matters()) one.hidden = Number(one.dataset.matter) !== ordinal;
  document.querySelector("[data-room-now]").textContent = ordinal;
  window.scrollTo(0, 0);
  showCurve(current());
}

function showCurve(section) {
  const figure = section.querySelector("[data-curve]");
  const data = figure && curves[figure.dataset.curve];
  if (!data || !figure.hidden) return;
  figure.hidden = false;
  figure.querySelector("figcaption").textContent = `${data.name} (${data.unit})`;
  figure.querySelector(".room-deadlines").replaceChildren(
    ...data.deadlines.map(([day, name], place) => {
      const line = document.createElement("li");
      line.textContent = `${place + 1} ${day} ${name}`;
      return line;
    }),
  );
  draw(figure.querySelector(".room-chart"), data);
}

async function post(href, body) {
  pending += 1;
  try {
    const answer = await fetch(href, { method: "POST", body, headers: { "X-Room": "1", "X-CSRFToken": token } });
    if (answer.status === 409) {
      say((await answer.json()).reasons);
      return null;
    }
    if (!answer.ok) throw new Error(answer.status);
    say([]);
    return await answer.json();
  } catch {
    say([room.dataset.lost]);
    return null;
  } finally {
    pending -= 1;
  }
}

/** Put a matter before the room: here at once, on the other page by its next question. */
function show(ordinal) {
  const wanted = Math.max(0, Math.min(lastOrdinal(), ordinal));
  if (wanted === shown) return;
  turn(wanted);
  const body = new FormData();
  body.set("ordinal", wanted);
  post(room.dataset.showHref, body);
}

/** Fetch anew what is recorded of the matter that is shown. */
async function refresh(section) {
  const ordinal = Number(section.dataset.matter);
  if (!ordinal) return;
  const answer = await fetch(room.dataset.recordHref.replace(/0\/$/, `${ordinal}/`));
  if (!answer.ok) return;
  section.querySelector("[data-record]").innerHTML = await answer.text();
  const note = section.querySelector("[data-note]").content.textContent;
  const form = section.querySelector("[data-room-note]");
  const isOwn = form.elements.note.value !== form.elements.seen_note.value;
  if (!isOwn) form.elements.note.value = note;
  if (!isOwn) form.elements.seen_note.value = note;
}

function markDealt(ordinals) {
  for (const line of room.querySelectorAll("[data-go]")) {
    line.classList.toggle("is-dealt", ordinals.includes(Number(line.dataset.go)));
  }
}

/** Ask what the other page did; a page on which somebody writes is not turned. */
async function follow() {
  if (pending || document.hidden) return;
  const before = shown;
  try {
    const answer = await fetch(room.dataset.stateHref);
    if (!answer.ok) throw new Error(answer.status);
    const state = await answer.json();
    if (message.textContent === room.dataset.lost) say([]);
    if (!state.isRunning) return location.reload();
    if (state.matters > lastOrdinal()) return isWriting() ? undefined : location.reload();
    if (state.revision === revision || pending || before !== shown) return;
    revision = state.revision;
    markDealt(state.dealt);
    if (state.shown !== shown && isWriting()) say([room.dataset.elsewhere]);
    else turn(state.shown);
    await refresh(current());
  } catch {
    say([room.dataset.lost]);
  }
}

const values = (form) => JSON.stringify(
  [...form.elements].filter((one) => one.name && !["csrfmiddlewaretoken", "seen_note"].includes(one.name))
    .map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value]),
);

function restore(form) {
  const held = sessionStorage.getItem(kept(form));
  if (!held) return;
  for (const [name, value] of JSON.parse(held)) {
    const field = form.elements[name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = value;
    else field.value = value;
  }
}

async function send(form) {
  if (!form.reportValidity()) return;
  const made = await post(form.action, new FormData(form));
  if (made === null) return;
  if (form.dataset.keep) sessionStorage.removeItem(kept(form));
  if ("roomRaise" in form.dataset) return location.reload();
  const section = form.closest("[data-matter]");
  if ("roomNote" in form.dataset) {
    form.elements.seen_note.value = form.elements.note.value;
    room.querySelector(`[data-go="${section.dataset.matter}"]`)?.classList.toggle("is-dealt", form.elements.is_dealt.checked);
  } else if (form.dataset.keep) {
    form.elements.matter.value = "";
    form.elements.due_on.value = "";
  }
  document.activeElement?.blur();
  await refresh(section);
}

function focus(name) {
  const field = current().querySelector(`[name="${name}"]`);
  if (!field) return;
  document.body.classList.remove("is-presenting");
  field.focus();
}

const ACTIONS = {
  next: () => show(shown + 1), previous: () => show(shown - 1), agenda: () => show(0),
  decide: () => focus("matter"), note: () => focus("note"),
  forms: () => {
    const isHidden = document.body.classList.toggle("is-presenting");
    localStorage.setItem("zhengtu.room.presenting", isHidden ? "1" : "");
  },
  keys: () => document.querySelector("[data-room-keys]").showModal(),
  theme: () => {
    const root = document.documentElement;
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    localStorage.setItem("zhengtu.room.theme", root.dataset.theme);
    document.dispatchEvent(new CustomEvent("zhengtu:theme"));
  },
};
const KEYS = {
  ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "previous", PageUp: "previous", Home: "agenda",
  a: "agenda", d: "decide", n: "note", f: "forms", t: "theme", "?": "keys", "？": "keys",
};

const TURNS = ["next", "previous", "agenda"];

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = document.activeElement?.closest("[data-room-form]");
    if (form) {
      event.preventDefault();
      send(form);
    }
    return;
  }
  if (event.key === "Escape") return document.activeElement?.blur();
  if (isWriting() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && document.activeElement?.matches("button, a, summary")) return;
  const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  event.preventDefault();
  ACTIONS[action]();
});

document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-key]");
  const go = event.target.closest("[data-go]");
  const day = event.target.closest("[data-day]");
  if (key) ACTIONS[key.dataset.key]();
  if (go) show(Number(go.dataset.go));
  if (day) day.closest("form").elements.due_on.value = day.dataset.day;
});
room.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-room-form]");
  if (!form) return;
  event.preventDefault();
  send(form);
});
room.addEventListener("input", (event) => {
  const form = event.target.closest("[data-keep]");
  if (form) sessionStorage.setItem(kept(form), values(form));
});

document.body.classList.toggle("is-presenting", Boolean(localStorage.getItem("zhengtu.room.presenting")));
const theme = localStorage.getItem("zhengtu.room.theme");
if (theme) document.documentElement.dataset.theme = theme;
for (const form of room.querySelectorAll("[data-keep]")) restore(form);
turn(Number(room.dataset.shown));
for (const key of window.zhengtuEarlyKeys?.splice(0) ?? []) {
  const action = KEYS[key.length === 1 ? key.toLowerCase() : key];
  if (!TURNS.includes(action)) break; // what followed was meant for a field that was not there yet
  ACTIONS[action]();
}
room.dataset.hears = ""; // from here on every key is heard
setInterval(follow, POLL_MS);
