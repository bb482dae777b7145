// The Gantt: <div data-gantt="address of the plan">, with its texts in the JSON script "gantt-texts".
// Names on the left are ordinary rows of a tree; the chart on the right is drawn for what is in view.
import { Drawing, HEAD, ROW } from "./drawing.js";
import { dayOf, isoOf } from "./days.js";
import { element, fillPanel, floatText } from "./panel.js";
import { readPlan, rowsOf, spanOf } from "./plan.js";

const PACKAGE = new URL("../../packages/echarts/echarts.esm.min.mjs", import.meta.url);
const ZOOMS = { week: 26, month: 7, quarter: 2.4 };
const WIDEST = 40;
const LIGHTS = { green: "●", yellow: "▲", red: "■", running: "◔", idle: "○" };

export class Gantt {
  constructor(root, data, texts, echarts) {
    Object.assign(this, { root, texts, closed: new Set(), frame: 0 });
    this.plan = readPlan(data);
    [this.first, this.last] = spanOf(this.plan);
    this.scroller = root.querySelector("[data-gantt-scroll]");
    this.names = root.querySelector("[data-gantt-names]");
    this.canvas = root.querySelector("[data-gantt-chart]");
    this.space = root.querySelector("[data-gantt-space]");
    this.panel = root.querySelector("[data-gantt-panel]");
    this.controls = root.querySelector("[data-gantt-controls]");
    this.view = { from: this.plan.on - 14, dayWidth: ZOOMS.month, top: 0, width: 0, height: 0 };
    this.chart = echarts.init(this.canvas, null, { renderer: "canvas" });
    this.drawing = new Drawing(this.chart, root, this.plan, this.view);
    this.fillChoices();
    this.readAddress();
    this.listen();
    this.measure();
    this.refilter();
    // What is done long ago lies above: the page opens on what is left.
    const first = this.rows.find((row) => !row.isGroup && !row.isDone);
    if (first) this.scroller.scrollTop = Math.max(0, (first.place - 4) * ROW);
    this.canvas.dataset.ready = "1";
  }

  // Choices, address ---------------------------------------------------------------------------------------------
  fillChoices() {
    const fill = (name, pairs) => {
      const select = this.controls.elements[name];
      if (select) for (const [value, label] of pairs) select.append(element("option", { value }, label));
      if (select && pairs.length < 2) select.closest(".field").hidden = true;
    };
    fill("part", this.plan.groups.filter((group) => group.code).map((group) => [group.code, `${"\u3000".repeat(group.depth)}${group.label}`]));
    fill("unit", [...new Set(this.plan.bars.map((bar) => bar.unit).filter(Boolean))].sort().map((unit) => [unit, unit]));
    const used = new Set(this.plan.bars.map((bar) => bar.stage));
    fill("stage", Object.entries(this.texts.stages).filter(([stage]) => used.has(stage)));
  }

  readAddress() {
    const query = new URLSearchParams(location.search);
    for (const field of this.controls.elements) {
      if (!field.name || !query.has(field.name)) continue;
      if (field.type === "checkbox") field.checked = query.get(field.name) === "1";
      else field.value = query.get(field.name);
      if (field.tagName === "SELECT" && field.selectedIndex < 0) field.value = "";
    }
    this.zoomWanted = query.get("zoom") ?? "month";
  }

  writeAddress() {
    const query = new URLSearchParams(location.search);
    for (const field of this.controls.elements) {
      if (!field.name) continue;
      const value = field.type === "checkbox" ? (field.checked ? "1" : "") : field.value;
      if (value && !(field.name === "links" && value === "critical")) query.set(field.name, value);
      else query.delete(field.name);
    }
    if (this.zoomWanted && this.zoomWanted !== "month") query.set("zoom", this.zoomWanted);
    else query.delete("zoom");
    history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`);
  }

  get filter() {
    const { part, stage, unit, critical, unfinished } = this.controls.elements;
    return { part: part?.value, stage: stage?.value, unit: unit?.value, critical: critical?.checked, unfinished: unfinished?.checked };
  }

  refilter() {
    this.drawing.linksShown = this.controls.elements.links.value;
    this.rows = rowsOf(this.plan, this.filter, this.closed);
    this.drawing.rows = this.rows;
    if (!this.rows.includes(this.drawing.selected)) this.drawing.selected = null;
    this.root.querySelector("[data-gantt-empty]").hidden = this.rows.length > 0;
    this.root.querySelector("[data-gantt-count]").textContent = String(this.rows.filter((row) => !row.isGroup).length);
    this.space.style.height = `${Math.max(0, this.rows.length * ROW + HEAD - this.view.height)}px`;
    this.view.top = this.scroller.scrollTop;
    this.redraw();
  }

  // Size, zoom, place --------------------------------------------------------------------------------------------
  measure() {
    this.view.height = this.scroller.clientHeight;
    this.canvas.parentElement.style.height = `${this.view.height}px`;
    this.view.width = this.canvas.clientWidth;
    this.chart.resize();
    if (this.zoomWanted) this.zoom(this.zoomWanted);
    this.space.style.height = `${Math.max(0, (this.rows?.length ?? 0) * ROW + HEAD - this.view.height)}px`;
  }

  zoom(name) {
    this.zoomWanted = name;
    const { view } = this;
    view.dayWidth = name === "all" ? view.width / (this.last - this.first) : ZOOMS[name] ?? ZOOMS.month;
    this.goTo(name === "all" ? this.first : this.plan.on - (view.width * 0.2) / view.dayWidth);
    for (const button of this.root.querySelectorAll("[data-zoom]")) button.setAttribute("aria-pressed", String(button.dataset.zoom === name));
    this.redraw();
  }

  zoomAt(x, factor) {
    const day = this.drawing.dayAt(x);
    const narrowest = Math.min(ZOOMS.quarter, this.view.width / (this.last - this.first));
    this.view.dayWidth = Math.min(WIDEST, Math.max(narrowest, this.view.dayWidth * factor));
    this.zoomWanted = "";
    for (const button of this.root.querySelectorAll("[data-zoom]")) button.setAttribute("aria-pressed", "false");
    this.goTo(day - x / this.view.dayWidth);
  }

  goTo(day) {
    const shown = this.view.width / this.view.dayWidth;
    this.view.from = Math.max(Math.min(day, Math.max(this.first, this.last - shown)), this.first);
    this.redraw();
  }

  redraw() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.drawing.draw();
      this.drawNames();
    });
  }

  // Names --------------------------------------------------------------------------------------------------------
  drawNames() {
    const { visible } = this.drawing;
    while (this.names.children.length < visible.length) this.names.append(this.emptyRow());
    [...this.names.children].forEach((row, place) => {
      const shown = visible[place];
      row.hidden = !shown;
      if (!shown) return;
      row.style.transform = `translateY(${shown.place * ROW - this.view.top}px)`;
      if (row.shown !== shown || row.isOpen !== !this.closed.has(shown.key)) this.fillRow(row, shown);
      const isSelected = shown === this.drawing.selected;
      if (row.getAttribute("aria-selected") !== String(isSelected)) row.setAttribute("aria-selected", String(isSelected));
    });
    const selected = this.drawing.selected;
    if (selected) this.scroller.setAttribute("aria-activedescendant", selected.key);
    else this.scroller.removeAttribute("aria-activedescendant");
  }

  emptyRow() {
    const row = element("div", { role: "row", class: "gantt-row" }, element("span", { role: "gridcell", class: "gantt-name" }),
      element("span", { role: "gridcell", class: "gantt-end" }), element("span", { role: "gridcell", class: "gantt-float" }));
    row.addEventListener("click", () => (row.shown.isGroup ? this.toggle(row.shown) : this.choose(row.shown)));
    return row;
  }

  fillRow(row, shown) {
    const [name, end, float] = row.children;
    const isOpen = !this.closed.has(shown.key);
    Object.assign(row, { shown, isOpen, id: shown.key, className: `gantt-row${shown.isGroup ? " is-group" : ""}${shown.isDone ? " is-done" : ""}` });
    row.setAttribute("aria-level", String((shown.isGroup ? shown.depth : shown.group.depth + 1) + 1));
    name.style.paddingLeft = `${8 + 12 * (shown.isGroup ? shown.depth : shown.group.depth + 1)}px`;
    if (shown.isGroup) {
      row.setAttribute("aria-expanded", String(isOpen));
      const light = shown.light ? element("span", { class: `light light-${shown.light}`, role: "img", "aria-label": this.texts.lights[shown.light] }, LIGHTS[shown.light]) : "";
      name.replaceChildren(element("span", { class: "gantt-fold", "aria-hidden": "true" }, isOpen ? "▾" : "▸"), light, shown.label);
      end.textContent = shown.end < shown.start ? "" : isoOf(shown.end);
      float.textContent = "";
    } else {
      row.removeAttribute("aria-expanded");
      name.textContent = shown.label;
      end.textContent = isoOf(shown.actualEnd ?? shown.earlyEnd);
      float.textContent = shown.isDone ? "✓" : floatText(shown, this.texts);
      float.className = `gantt-float${shown.float !== null && shown.float < 0 && !shown.isDone ? " is-late" : ""}`;
    }
    name.title = shown.label;
  }

  toggle(group) {
    if (!this.closed.delete(group.key)) this.closed.add(group.key);
    this.drawing.selected = group;
    this.refilter();
  }

  // Choosing -----------------------------------------------------------------------------------------------------
  choose(row) {
    for (let group = row.isGroup ? row.above : row.group; group; group = group.above) this.closed.delete(group.key);
    this.drawing.selected = row;
    if (this.rows[row.place] !== row) {
      this.rows = rowsOf(this.plan, this.filter, this.closed);
      if (!this.rows.includes(row)) {
        this.controls.reset();
        this.writeAddress();
      }
    }
    this.refilter();
    this.drawing.selected = row;
    this.reveal(row);
    if (row.isGroup) this.panel.hidden = true;
    else fillPanel(this.panel, row, this.plan, this.texts, (bar, day) => this.decideHref(bar, day), (other) => this.choose(other));
    this.settle();
  }

  reveal(row) {
    const [above, below] = [row.place * ROW, (row.place + 1) * ROW - (this.view.height - HEAD)];
    if (this.scroller.scrollTop > above) this.scroller.scrollTop = above;
    if (this.scroller.scrollTop < below) this.scroller.scrollTop = below;
    const start = row.isGroup ? row.start : row.actualStart ?? row.earlyStart;
    const end = row.isGroup ? row.end : row.actualEnd ?? row.earlyEnd;
    const until = this.drawing.dayAt(this.view.width);
    if (Number.isFinite(start) && (end < this.view.from || start > until)) this.goTo(start - 30 / this.view.dayWidth * 4);
    this.redraw();
  }

  // The panel takes room from the chart, or gives it back.
  settle() {
    if (this.canvas.clientWidth === this.view.width) return;
    this.view.width = this.canvas.clientWidth;
    this.chart.resize();
    this.redraw();
  }

  close() {
    this.panel.hidden = true;
    this.settle();
    this.scroller.focus();
  }

  decideHref(bar, day) {
    const query = new URLSearchParams({ stage: bar.stage });
    if (day !== null) query.set("start_on", isoOf(day));
    return `${this.root.dataset.decide.replace("CODE", bar.group.code)}?${query}`;
  }

  // Listening ----------------------------------------------------------------------------------------------------
  listen() {
    this.controls.addEventListener("input", () => { this.refilter(); this.writeAddress(); });
    this.controls.addEventListener("submit", (event) => event.preventDefault());
    for (const button of this.root.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => { this.zoom(button.dataset.zoom); this.writeAddress(); });
    this.root.querySelector("[data-gantt-today]").addEventListener("click", () => this.goTo(this.plan.on - (this.view.width * 0.2) / this.view.dayWidth));
    this.root.querySelector("[data-gantt-fold]").addEventListener("click", () => this.foldAll());
    this.panel.querySelector("[data-panel-close]").addEventListener("click", () => this.close());
    this.scroller.addEventListener("scroll", () => { this.view.top = this.scroller.scrollTop; this.redraw(); }, { passive: true });
    this.canvas.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    this.canvas.addEventListener("pointerdown", (event) => this.onPress(event));
    this.canvas.addEventListener("pointermove", (event) => this.onHover(event));
    this.scroller.addEventListener("keydown", (event) => this.onKey(event));
    new ResizeObserver(() => { if (this.scroller.clientHeight) this.measure(); }).observe(this.scroller);
    const recolour = () => { this.drawing.recolour(); this.redraw(); };
    document.addEventListener("zhengtu:theme", recolour);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  }

  foldAll() {
    const inner = this.plan.groups.filter((group) => group.bars.length);
    if (inner.every((group) => this.closed.has(group.key))) this.closed.clear();
    else for (const group of inner) this.closed.add(group.key);
    this.refilter();
  }

  onWheel(event) {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.zoomAt(event.offsetX, Math.exp(-event.deltaY / 240));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      this.goTo(this.view.from + (event.deltaX || event.deltaY) / this.view.dayWidth);
    }
  }

  barAt(event) {
    const row = event.offsetY < HEAD ? null : this.rows[this.drawing.placeAt(event.offsetY)];
    if (!row) return [null, null];
    const day = this.drawing.dayAt(event.offsetX);
    const margin = 5 / this.view.dayWidth;
    const isOn = !row.isGroup && day >= Math.min(row.earlyStart, row.actualStart ?? row.earlyStart) - margin
      && day <= Math.max(row.earlyEnd, row.actualEnd ?? row.earlyEnd) + 1 + margin;
    return [row, isOn ? row : null];
  }

  onHover(event) {
    if (event.buttons) return;
    const [, bar] = this.barAt(event);
    this.canvas.style.cursor = bar ? (bar.isDecidable ? "ew-resize" : "pointer") : "grab";
    const title = bar ? `${bar.label}\n${isoOf(bar.actualStart ?? bar.earlyStart)} – ${isoOf(bar.actualEnd ?? bar.earlyEnd)}` : "";
    if (this.canvas.title !== title) this.canvas.title = title;
  }

  // Drag a bar that may be decided; drag anything else and the chart moves; a click chooses.
  onPress(event) {
    if (event.button) return;
    const [row, bar] = this.barAt(event);
    const [startX, startY, from, top] = [event.clientX, event.clientY, this.view.from, this.scroller.scrollTop];
    let hasMoved = false;
    this.canvas.setPointerCapture(event.pointerId);
    const move = (moved) => {
      const [dx, dy] = [moved.clientX - startX, moved.clientY - startY];
      hasMoved ||= Math.abs(dx) + Math.abs(dy) > 4;
      if (!hasMoved) return;
      if (bar?.isDecidable) {
        this.drawing.ghost = { bar, start: bar.earlyStart + Math.round(dx / this.view.dayWidth) };
        this.redraw();
      } else {
        this.scroller.scrollTop = top - dy;
        this.goTo(from - dx / this.view.dayWidth);
      }
    };
    const end = (ended) => {
      this.canvas.removeEventListener("pointermove", move);
      const { ghost } = this.drawing;
      this.drawing.ghost = null;
      this.redraw();
      if (ended.type === "pointercancel") return;
      if (!hasMoved) { if (row) this.choose(row); } else if (ghost && ghost.start !== bar.earlyStart) location.assign(this.decideHref(bar, ghost.start));
    };
    this.canvas.addEventListener("pointermove", move);
    for (const type of ["pointerup", "pointercancel"]) this.canvas.addEventListener(type, end, { once: true });
  }

  onKey(event) {
    if (event.target !== this.scroller || event.altKey || event.ctrlKey || event.metaKey) return;
    const { selected } = this.drawing;
    const place = selected ? selected.place : -1;
    const page = Math.max(1, Math.floor((this.view.height - HEAD) / ROW) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      const next = Math.min(this.rows.length - 1, Math.max(0, place + steps[event.key]));
      this.drawing.selected = this.rows[next] ?? null;
      if (this.rows[next]) this.reveal(this.rows[next]);
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const opens = event.key === "ArrowRight";
      if (selected?.isGroup && this.closed.has(selected.key) === opens) this.toggle(selected);
      else this.goTo(this.view.from + (opens ? 60 : -60) / this.view.dayWidth);
    } else if (event.key === "Enter" && selected) {
      if (selected.isGroup) this.toggle(selected); else this.choose(selected);
    } else if (event.key === "+" || event.key === "=") this.zoomAt(this.view.width / 2, 1.25);
    else if (event.key === "-") this.zoomAt(this.view.width / 2, 0.8);
    else if (event.key === "t") this.goTo(this.plan.on - (this.view.width * 0.2) / this.view.dayWidth);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }
}

export async function openGantt(root, address, texts) {
  const [echarts, answer] = await Promise.all([import(PACKAGE.href), fetch(address, { headers: { Accept: "application/json" } })]);
  const status = root.querySelector("[data-gantt-status]");
  if (!answer.ok) { status.textContent = texts.failed; return null; }
  const data = await answer.json();
  status.remove();
  return new Gantt(root, data, texts, echarts);
}

for (const root of document.querySelectorAll("[data-gantt]")) {
  const texts = JSON.parse(document.getElementById("gantt-texts").textContent);
  // On a phone there is the list in the chart's place; the chart comes when there is room for it.
  const wide = matchMedia("(min-width: 721px)");
  const open = async () => { root.gantt ??= await openGantt(root, root.dataset.gantt, texts); };
  if (wide.matches) open();
  else wide.addEventListener("change", open, { once: true });
}

export { dayOf };
