// A text with its proposals: a mark and its card answer each other, a selection becomes a proposal, and what is
// saved in one card leaves the others as they are. Everything here also works without the script, page by page.
import { enhanceDue } from "./due.js";
import { enhanceNames } from "./names.js";

const source = document.querySelector("[data-source]");
const cards = () => [...document.querySelectorAll("[data-card]")];

function enhance(root) {
  enhanceNames(root);
  enhanceDue(root);
}

// Forms that came later ask first as those of the page do (chrome.js).
function askFirst(root) {
  for (const form of root.querySelectorAll("form[data-confirm]")) {
    form.addEventListener("submit", (event) => { if (!confirm(form.dataset.confirm)) event.preventDefault(); });
  }
}

// Marks and cards --------------------------------------------------------------------------------------------------
function choose(number, { scrollText = false, scrollCard = false } = {}) {
  for (const one of document.querySelectorAll(".is-chosen[data-mark], .is-chosen[data-card]")) one.classList.remove("is-chosen");
  const marks = source.querySelectorAll(`[data-mark="${number}"]`);
  const card = document.querySelector(`[data-card="${number}"]`);
  for (const mark of marks) mark.classList.add("is-chosen");
  card?.classList.add("is-chosen");
  if (scrollText && marks.length) within(source, marks[0]);
  if (scrollCard && card) card.scrollIntoView({ block: "start" });
}

// Scrolls the text's own box only: the page with the card that is worked on stays where it is.
function within(box, mark) {
  const inner = mark.getBoundingClientRect();
  const outer = box.getBoundingClientRect();
  if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - box.clientHeight / 3;
}

source?.addEventListener("click", (event) => {
  const mark = event.target.closest("a[data-mark]");
  if (!mark || String(getSelection())) return;
  event.preventDefault();
  choose(mark.dataset.mark, { scrollCard: true });
  document.querySelector(`[data-card="${mark.dataset.mark}"] .card-number`)?.focus({ preventScroll: true });
});
document.addEventListener("focusin", (event) => {
  const card = event.target.closest("[data-card]");
  if (card) choose(card.dataset.card, { scrollText: true });
});
document.addEventListener("click", (event) => {
  const number = event.target.closest("[data-card] .card-number");
  if (!number) return;
  event.preventDefault();
  choose(number.closest("[data-card]").dataset.card, { scrollText: true });
});

// Keys: j and k walk over the cards, x checks one, e opens its fields.
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select, [contenteditable]") || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = cards();
  const at = all.findIndex((card) => card.classList.contains("is-chosen"));
  if (event.key === "j" || event.key === "k") {
    const next = all[event.key === "j" ? Math.min(at + 1, all.length - 1) : Math.max(at - 1, 0)];
    if (!next) return;
    choose(next.dataset.card, { scrollText: true, scrollCard: true });
    next.querySelector(".card-number").focus({ preventScroll: true });
  } else if (at >= 0 && event.key === "x") all[at].querySelector("[data-check]")?.click();
  else if (at >= 0 && event.key === "e") all[at].querySelector("details.card-edit > summary")?.click();
});

// Checking ---------------------------------------------------------------------------------------------------------
function count() {
  const checked = document.querySelectorAll("[data-check]:checked").length;
  for (const place of document.querySelectorAll("[data-checked-count]")) place.textContent = checked ? ` (${checked})` : "";
}
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-check-all]")) {
    // What a language model proposed is checked one by one.
    for (const box of document.querySelectorAll('[data-check]:not([data-check="alone"])')) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-check], [data-check-all]")) count();
  const card = event.target.closest("[data-card]");
  if (card && event.target.closest(".card-edit")) card.dataset.isTouched = "yes";
});

// A selection becomes a proposal -----------------------------------------------------------------------------------
const adding = document.querySelector("[data-add]");
function placeOf(node, offset) {
  const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-start]");
  if (!piece || !source.contains(piece)) return null;
  const before = document.createRange();
  before.setStart(piece, 0);
  before.setEnd(node, offset);
  // The database counts characters, the browser counts halves of the rare ones.
  return Number(piece.dataset.start) + [...before.toString()].length;
}
document.addEventListener("selectionchange", () => {
  if (!adding || !source) return;
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed || !source.contains(selection.anchorNode)) return;
  const range = selection.getRangeAt(0);
  const start = placeOf(range.startContainer, range.startOffset);
  const end = placeOf(range.endContainer, range.endOffset);
  if (start === null || end === null || start === end) return;
  adding.querySelector("[name=words]").value = selection.toString().trim();
  adding.querySelector("[name=start]").value = start;
  adding.querySelector("[name=end]").value = end;
  adding.classList.add("is-ready");
  adding.open = true;
});
adding?.querySelector("[name=words]").addEventListener("input", () => {
  adding.querySelector("[name=start]").value = adding.querySelector("[name=end]").value = "";
});

// Saving one card leaves what is written in the others ---------------------------------------------------------------
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const card = form.closest("[data-card]");
  if (!card || form.method !== "post" || event.defaultPrevented) return;
  event.preventDefault();
  const sent = new FormData(form, event.submitter ?? undefined);
  card.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(event.submitter?.getAttribute("formaction") ?? form.action, { method: "POST", body: sent });
    if (answer.redirected && !answer.url.split("#")[0].startsWith(location.origin + location.pathname)) { location.assign(answer.url); return; }
    take(new DOMParser().parseFromString(await answer.text(), "text/html"), card.dataset.card);
  } catch {
    form.submit();
  }
}, false);

function take(page, number) {
  const fresh = page.querySelector("[data-cards]");
  if (!fresh) { location.reload(); return; }
  const kept = new Map(cards().filter((card) => card.dataset.isTouched && card.dataset.card !== number).map((card) => [card.dataset.card, card]));
  const isOpen = new Set(cards().filter((card) => card.querySelector("details.card-edit[open]")).map((card) => card.dataset.card));
  const isChecked = new Set([...document.querySelectorAll("[data-check]:checked")].map((box) => box.value));
  const scroll = source.scrollTop;
  const list = document.querySelector("[data-cards]");
  list.replaceChildren(...[...fresh.children].map((card) => {
    if (kept.has(card.dataset.card)) return kept.get(card.dataset.card);
    const made = document.importNode(card, true);
    askFirst(made);
    return made;
  }));
  source.replaceChildren(...[...page.querySelector("[data-source]").childNodes].map((node) => document.importNode(node, true)));
  source.scrollTop = scroll;
  document.querySelector("[data-standing]")?.replaceWith(document.importNode(page.querySelector("[data-standing]"), true));
  for (const box of document.querySelectorAll("[data-check]")) box.checked = isChecked.has(box.value);
  for (const one of cards()) {
    const details = one.querySelector("details.card-edit");
    if (details && (one.querySelector(".reason-list") || (isOpen.has(one.dataset.card) && one.dataset.card !== number))) details.open = true;
  }
  tell(page);
  enhance(list);
  count();
  choose(number, {});
  document.querySelector(`[data-card="${number}"] .card-number`)?.focus({ preventScroll: true });
}

// What the server said of it, read out where it is shown.
function tell(page) {
  document.querySelector("[data-told]")?.remove();
  const said = page.querySelector("main > .messages, main > .reason-list");
  if (!said) return;
  const shown = document.importNode(said, true);
  shown.dataset.told = "";
  shown.setAttribute("role", "status");
  document.querySelector("[data-cards]").before(shown);
}

enhance(document);
count();
if (location.hash.match(/^#[ps]\d+$/)) choose(location.hash.slice(2), { scrollText: true });
