// The wall: what is in the address is what is shown, and the other way round.

import { Campaign, LEVELS } from "./campaign.js";
import { Findings } from "./findings.js";
import { setUpSearch } from "./search.js";
import { Timeline } from "./timeline.js";
import { WallMap, lightOf } from "./map.js";

const settings = JSON.parse(document.getElementById("wall-settings").textContent);
const { urls, texts } = settings;
const form = document.getElementById("filters");
const panel = document.getElementById("panel");
const notice = document.getElementById("notice");
const card = document.getElementById("card");
const tooltip = document.getElementById("tooltip");
const figures = new Intl.NumberFormat("en-US");
const rankOf = new Map(settings.ranks.map(({ id }, rank) => [id, rank]));
let campaign, wall, timeline, chosen = null, on = settings.on;
const findings = urls.findings && new Findings({ url: urls.findings, texts, show: showFinding });

const say = (text) => { notice.textContent = text; notice.hidden = !text; };

/** The filter as the form holds it; states as ranks. */
function readFilter() {
  const values = new FormData(form);
  return {
    list: values.get("list"), district: values.get("district"), project: values.get("project"),
    overdue: values.has("overdue"), isByLight: values.get("colour") === "light", states: new Set(values.getAll("state").map((id) => rankOf.get(id))),
  };
}

/** Everything shown, as the query of this page. */
function query() {
  const parameters = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) parameters.append(name, value);
  if (on !== settings.today) parameters.set("on", on);
  if (settings.known) parameters.set("known", settings.known);
  return parameters;
}

function keepAddress() {
  const parameters = query();
  for (const link of document.querySelectorAll("#print-menu a")) {
    const sheet = new URLSearchParams(parameters);
    sheet.set("paper", link.dataset.paper);
    link.href = `${urls.print}?${sheet}`;
  }
  if (wall) {
    const { lng, lat } = wall.map.getCenter();
    parameters.set("at", `${wall.map.getZoom().toFixed(2)}/${lat.toFixed(5)}/${lng.toFixed(5)}`);
  }
  if (chosen) parameters.set("place", chosen.code);
  const text = parameters.toString().replaceAll("%2F", "/");
  history.replaceState(null, "", text ? `?${text}` : location.pathname);
}

/** Filter and count anew, and colour what changed. */
function refresh() {
  const { counts, overdue, lit } = campaign.apply(readFilter());
  settings.lights.forEach(({ id }, number) => {
    document.querySelector(`[data-light="${id}"] b`).textContent = lit[number] ? figures.format(lit[number]) : "–";
  });
  for (const row of document.querySelectorAll(".legend tbody tr"))
    for (const cell of row.querySelectorAll("[data-level]")) {
      const count = counts[cell.dataset.level][row.dataset.rank];
      cell.textContent = count ? figures.format(count) : "–";
    }
  for (const cell of document.querySelectorAll("[data-total]"))
    cell.textContent = figures.format(counts[cell.dataset.total].reduce((sum, count) => sum + count, 0));
  document.getElementById("overdue-count").textContent = overdue ? figures.format(overdue) : "";
  const households = counts.household.reduce((sum, count) => sum + count, 0);
  document.getElementById("panel-summary").textContent = `${figures.format(households)} ${texts.households}`;
  wall?.paint();
}

/** The lights of the date shown, where the map is coloured by them; says so while plans are being computed. */
let lightsTimer;
async function loadLights() {
  const legend = document.getElementById("light-legend");
  if (!legend) return;
  const isByLight = readFilter().isByLight;
  legend.hidden = !isByLight;
  clearTimeout(lightsTimer);
  if (!isByLight) return;
  const asked = on;
  const { missing, of } = await campaign.loadLights(asked, settings.lights.map(({ id }) => id));
  if (asked !== on) return;
  say(missing ? texts.computing.replace("%s", of - missing).replace("%s", of) : "");
  if (missing) lightsTimer = setTimeout(loadLights, 4000);
  refresh();
}

/** Findings of inspections, where they are asked for; of the date shown. */
async function loadFindings() {
  if (!findings || !wall) return;
  if (!form.elements.findings?.checked) return findings.clear();
  const parameters = new URLSearchParams();
  if (on !== settings.today) parameters.set("on", on);
  await findings.load(wall.map, parameters);
}

function showFinding(content) {
  chosen = null;
  wall.mark(null);
  document.getElementById("card-body").replaceChildren(content);
  card.hidden = false;
  hover(null);
}

async function showDate(iso) {
  if (!campaign.isPlayable) {
    say(texts.loading);
    await campaign.loadDays();
    say("");
  }
  on = iso;
  campaign.setDate(iso);
  refresh();
  keepAddressSoon();
}

let addressTimer;
function keepAddressSoon() {
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => { keepAddress(); loadLights(); loadFindings(); if (chosen) openCard(chosen, { quiet: true }); }, 250);
}

function hover(place) {
  tooltip.hidden = !place;
  if (!place) return;
  const light = lightOf(place.state), late = place.state >= 16;
  const rank = late ? place.state - 16 : place.state;
  const section = campaign.sections.get(place.code.split("-").slice(0, 3).join("-"));
  const project = section && campaign.projects.get(section.project);
  const lit = light >= 0 ? settings.lights[light] : null;
  const state = lit ? `${lit.label}. ${campaign.lights.get(section?.code)?.sentence ?? ""}` : rank >= 0 ? settings.ranks[rank].label : "";
  const line = (className, text) => Object.assign(document.createElement("span"), { className, textContent: text });
  tooltip.replaceChildren(
    line("code", place.code), line("tooltip-name", [project?.name, section?.name].filter(Boolean).join(" · ")),
    line("tooltip-state", state + (late ? ` ■ ${texts.overdue}` : "")),
  );
  tooltip.style.setProperty("--state", lit?.colour ?? (rank >= 0 ? settings.ranks[rank].colour : "transparent"));
  const right = place.x + 16 + tooltip.offsetWidth > innerWidth;
  tooltip.style.left = `${right ? place.x - tooltip.offsetWidth - 12 : place.x + 16}px`;
  tooltip.style.top = `${Math.min(place.y + 12, innerHeight - tooltip.offsetHeight - 8)}px`;
}

async function openCard(place, { quiet = false } = {}) {
  chosen = place;
  wall.mark(place);
  if (!place) { card.hidden = true; return keepAddress(); }
  const parameters = new URLSearchParams();
  if (on !== settings.today) parameters.set("on", on);
  if (settings.known) parameters.set("known", settings.known);
  const answer = await fetch(`${urls.card.replace("CODE", encodeURIComponent(place.code))}?${parameters}`, { credentials: "same-origin" });
  if (chosen !== place) return;
  if (!answer.ok) { card.hidden = true; return; }
  document.getElementById("card-body").innerHTML = await answer.text();
  card.hidden = false;
  if (!quiet) { hover(null); keepAddress(); }
}

function flyTo(find) {
  if (!find.box) return say(texts.no_place);
  say("");
  wall.fly(find.box);
  const place = campaign.placeOf(find.code);
  if (place) wall.map.once("idle", () => openCard(place));
}

function fitFilter() {
  const box = campaign.box(readFilter());
  if (box) wall.fly(box, { maxZoom: 15.5 });
}

function view() {
  const [zoom, lat, lng] = (new URLSearchParams(location.search).get("at") ?? "").split("/").map(Number);
  if (Number.isFinite(lng) && Number.isFinite(lat)) return { zoom, center: [lng, lat] };
  const box = campaign.box(readFilter()) ?? campaign.box({ list: "", district: "", project: "" });
  const isPhone = innerWidth < 720;
  const padding = isPhone ? { top: 30, bottom: 160, left: 20, right: 20 } : { top: 40, bottom: 130, left: 360, right: 40 };
  return box ? { bounds: box, fitBoundsOptions: { padding, maxZoom: 15 } } : { center: [126.55, 43.84], zoom: 10 };
}

function setUpPanel() {
  form.addEventListener("change", (event) => {
    refresh();
    wall?.nameSections();
    if (["list", "district", "project"].includes(event.target.name)) fitFilter();
    if (event.target.name === "findings") loadFindings();
    keepAddress();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.querySelector(".colour-by")?.addEventListener("change", () => { loadLights(); refresh(); keepAddress(); });
  document.querySelector(".legend").addEventListener("change", () => { refresh(); wall?.nameSections(); keepAddress(); });
  document.getElementById("reset").addEventListener("click", () => {
    for (const field of form.elements) if (field.type === "checkbox") field.checked = false; else if (field.tagName === "SELECT") field.value = "";
    form.dispatchEvent(new Event("change"));
    fitFilter();
  });
  const handle = document.getElementById("panel-handle");
  handle.addEventListener("click", () => handle.setAttribute("aria-expanded", String(panel.classList.toggle("is-open"))));
  document.getElementById("card-close").addEventListener("click", () => openCard(null));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") openCard(null);
    const isTyping = event.target.closest("input:not([type=range], [type=checkbox]), select, textarea, button, a");
    if (event.key === "/" && !isTyping) { event.preventDefault(); event.stopImmediatePropagation(); document.getElementById("wall-search").focus(); }
    if (event.key === " " && !isTyping) { event.preventDefault(); document.getElementById("play").click(); }
  }, { capture: true });
}

async function start() {
  const asked = new URLSearchParams(location.search).get("place");
  const [index, districts] = await Promise.all([urls.index, urls.districts].map(async (url) => {
    const answer = await fetch(url, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.json();
  }));
  campaign = new Campaign(index, { urls, known: settings.known });
  const states = campaign.loadStates(on);
  timeline = new Timeline({ settings, deadlines: index.deadlines, onDate: showDate });
  setUpPanel();
  try {
    wall = new WallMap("map", { settings, campaign, districts, view: view(), onHover: hover, onChoose: openCard, onMoved: keepAddress });
  } catch (error) {
    console.error(error);
    await states;
    refresh();
    return say(texts.no_webgl);
  }
  globalThis.zhengtuWall = { wall, campaign, timeline };
  setUpSearch({ settings, campaign, onFound: flyTo });
  document.addEventListener("zhengtu:theme", () => wall.restyle());
  await Promise.all([states, new Promise((resolve) => wall.map.once("style.load", resolve))]);
  await loadLights();
  refresh();
  wall.nameSections();
  loadFindings();
  const without = index.areas.filter(({ tiles }) => !tiles).map(({ jurisdiction }) => index.jurisdictions[jurisdiction]);
  say(without.length ? texts.no_tiles.replace("%s", without.join("、")) : "");
  const place = campaign.placeOf(asked ?? "");
  if (place) wall.map.once("idle", () => openCard(place));
}

start().catch((error) => { console.error(error); say(texts.failed); });
