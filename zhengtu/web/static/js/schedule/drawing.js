// Draws what is in view: an echarts custom series on canvas. Only visible rows are handed over, so that the cost of a
// frame follows the height of the window and not the length of the plan.
import { isoOf, scaleOf, weekdayOf } from "./days.js";

export const ROW = 26;
export const HEAD = 64; // two lines of dates and one of deadlines
const DATES = 44;
const BAR = 12;
const UNDER = 3;

export function coloursOf(element) {
  const style = getComputedStyle(element);
  const found = new Map();
  return (name) => {
    if (!found.has(name)) found.set(name, style.getPropertyValue(`--${name}`).trim());
    return found.get(name);
  };
}

// A statutory period is hatched; the pattern is drawn once for each theme.
export function hatching(ink, ground) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  pen.fillStyle = ground;
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = ink;
  pen.lineWidth = 1.4;
  for (const shift of [-8, 0, 8]) {
    pen.beginPath();
    pen.moveTo(shift, 8);
    pen.lineTo(shift + 8, 0);
    pen.stroke();
  }
  return { image: tile, repeat: "repeat" };
}

// echarts keeps an element from one frame to the next, hands its place and style on to what replaces it, and merges the
// new into the old: so every place and style is given in full.
const PLAIN = { fill: "none", stroke: "none", lineWidth: 1, lineDash: null, opacity: 1 };
const rect = (x, y, width, height, style, r = 0) => ({ type: "rect", x: 0, y: 0, silent: true, shape: { x, y, width, height, r }, style: { ...PLAIN, ...style } });
const line = (points, style) => ({ type: "polyline", x: 0, y: 0, silent: true, shape: { points }, style: { ...PLAIN, ...style } });
const polygon = (points, style) => ({ type: "polygon", x: 0, y: 0, silent: true, shape: { points }, style: { ...PLAIN, ...style } });
const text = (x, y, words, style) => ({
  type: "text", x, y, silent: true,
  style: { text: words, verticalAlign: "middle", align: "left", fontWeight: "normal", backgroundColor: null, padding: 0, borderRadius: 0, ...style },
});
// A group without children would keep those it had.
const group = (children) => ({ type: "group", children: children.length ? children : [rect(0, 0, 0, 0, {})] });

export class Drawing {
  // view: { from, dayWidth, top, width, height } in days and pixels; it changes, the drawing reads it anew each time.
  constructor(chart, element, plan, view) {
    Object.assign(this, { chart, element, plan, view, rows: [], selected: null, ghost: null, linksShown: "critical" });
    this.recolour();
    chart.setOption(this.base());
  }

  recolour() {
    this.colour = coloursOf(this.element);
    this.family = getComputedStyle(document.body).fontFamily;
    this.hatch = hatching(this.colour("running"), this.colour("paper"));
  }

  x(day) { return (day - this.view.from) * this.view.dayWidth; }
  dayAt(x) { return this.view.from + x / this.view.dayWidth; }
  y(place) { return HEAD + place * ROW - this.view.top; }
  placeAt(y) { return Math.floor((y - HEAD + this.view.top) / ROW); }

  base() {
    const series = (id, z, renderItem, extra = {}) => ({ id, type: "custom", z, renderItem, data: [], animation: false, encode: { x: -1, y: -1 }, ...extra });
    return {
      animation: false,
      grid: { left: 0, right: 0, top: 0, bottom: 0 },
      xAxis: { type: "value", show: false, min: 0, max: 1 },
      yAxis: { type: "value", show: false, min: 0, max: 1 },
      series: [
        series("ground", 1, () => this.ground()),
        series("links", 3, () => this.links()),
        series("bars", 4, (params) => this.row(this.visible[params.dataIndex])),
        series("front", 6, () => this.front()),
      ],
    };
  }

  // One frame.
  draw() {
    const first = Math.max(0, Math.floor(this.view.top / ROW));
    this.visible = this.rows.slice(first, first + Math.ceil((this.view.height - HEAD) / ROW) + 1);
    this.chart.setOption({
      series: [
        { id: "ground", data: [[0, 0]] }, { id: "links", data: [[0, 0]] },
        { id: "bars", data: this.visible.map((_, place) => [place, 0]) }, { id: "front", data: [[0, 0]] },
      ],
    }, { silent: true });
  }

  // Rest days, frozen months, lines between rows.
  ground() {
    const { view, colour } = this;
    const height = view.height - HEAD;
    const until = this.dayAt(view.width);
    const children = [];
    const shade = (from, to, fill) => {
      if (to <= view.from || from >= until) return;
      children.push(rect(this.x(from), HEAD, (to - from) * view.dayWidth, height, { fill }));
    };
    for (const [from, to] of this.plan.frozen) shade(from, to + 1, colour("gantt-frozen"));
    if (view.dayWidth >= 2) for (const [from, to] of this.plan.rest) shade(from, to + 1, colour("gantt-rest"));
    for (const row of this.visible) {
      const y = this.y(row.place);
      if (row === this.selected) children.push(rect(0, y, view.width, ROW, { fill: colour("accent-soft"), opacity: 0.7 }));
      else if (row.isGroup) children.push(rect(0, y, view.width, ROW, { fill: colour("gantt-group") }));
      children.push(rect(0, y + ROW - 1, view.width, 1, { fill: colour("line"), opacity: 0.6 }));
    }
    return group(children);
  }

  row(row) {
    return group(row.isGroup ? this.summary(row) : this.bar(row));
  }

  summary(row) {
    if (row.end < row.start) return [];
    const [x, end, y] = [this.x(row.start), this.x(row.end + 1), this.y(row.place) + 9];
    const fill = this.colour("ink-2");
    return [rect(x, y, Math.max(2, end - x), 4, { fill }), rect(x, y, 2, 9, { fill }), rect(end - 2, y, 2, 9, { fill })];
  }

  bar(bar) {
    const { colour } = this;
    const y = this.y(bar.place) + (ROW - BAR) / 2 - 1;
    const children = [];
    const isLate = bar.float !== null && bar.float < 0 && !bar.isDone;
    if (bar.lateStart !== null && !bar.isDone) children.push(...this.bracket(bar, y, colour(isLate ? "red" : "ink-3")));
    if (bar.kind === "handover") children.push(this.diamond(bar, y, isLate));
    else children.push(...this.body(bar, y));
    if (bar.baseStart !== null) {
      const x = this.x(bar.baseStart);
      children.push(rect(x, y + BAR + 3, Math.max(2, this.x(bar.baseEnd + 1) - x), UNDER, { fill: colour("planned") }));
    }
    if (bar.households && !bar.isDone && this.view.dayWidth >= 2.5) {
      children.push(text(this.x(Math.max(bar.earlyEnd, bar.lateEnd ?? 0) + 1) + 6, y + BAR / 2, `${bar.left}/${bar.households}`, {
        fill: colour("ink-3"), fontSize: 11, fontFamily: this.family,
      }));
    }
    return children;
  }

  // What is recorded is solid; what is to come is pale, hatched for a period, dashed for the way over the court.
  body(bar, y) {
    const { colour, plan } = this;
    const children = [];
    const solidEnd = bar.actualStart === null ? null : (bar.actualEnd ?? Math.min(plan.on, bar.earlyEnd)) + 1;
    if (!bar.isDone) {
      const start = bar.actualStart === null ? bar.earlyStart : Math.min(bar.earlyStart, solidEnd);
      const x = this.x(start);
      const looks = {
        step: { fill: colour("accent-soft"), stroke: colour("accent") },
        work: { fill: colour("fan"), stroke: colour("actual") },
        period: { fill: this.hatch, stroke: colour("running") },
        track: { fill: "none", stroke: colour("ink-3"), lineDash: [4, 3] },
      };
      const style = { lineWidth: 1, ...looks[bar.kind] };
      if (bar.isCritical) Object.assign(style, { stroke: colour("ink"), lineWidth: 2 });
      children.push(rect(x, y, Math.max(3, this.x(bar.earlyEnd + 1) - x), BAR, style, 1));
      if (bar.isDecidable) {
        // Three strokes that say: this one can be taken hold of.
        for (const shift of [4, 7, 10]) children.push(rect(x + shift, y + 3, 1, BAR - 6, { fill: colour("ink-2") }));
      }
    }
    if (solidEnd !== null) {
      const x = this.x(bar.actualStart);
      const fill = bar.kind === "period" ? colour("running") : colour("actual");
      children.push(rect(x, y, Math.max(3, this.x(solidEnd) - x), BAR, { fill }));
    }
    return children;
  }

  diamond(bar, y, isLate) {
    const day = bar.actualEnd ?? bar.earlyEnd;
    const [x, middle, half] = [this.x(day + 0.5), y + BAR / 2, 7];
    const ink = this.colour(isLate ? "red" : bar.isCritical ? "ink" : "actual");
    return polygon([[x, middle - half], [x + half, middle], [x, middle + half], [x - half, middle]], {
      fill: this.colour(bar.isDone ? "actual" : "paper"), stroke: ink, lineWidth: 2,
    });
  }

  // The latest days, as a bracket above the bar.
  bracket(bar, y, stroke) {
    const [start, end, top] = [this.x(bar.lateStart), this.x(bar.lateEnd + 1), y - 4.5];
    return [line([[start, top + 6], [start, top], [Math.max(start + 2, end), top], [Math.max(start + 2, end), top + 6]], { stroke, lineWidth: 1.5 })];
  }

  links() {
    const children = [];
    const first = this.visible[0]?.place ?? 0;
    const last = first + this.visible.length;
    const shown = new Set();
    for (const row of this.visible) {
      if (row.isGroup) continue;
      for (const link of [...row.before, ...row.after]) {
        const isOfSelected = link.from === this.selected || link.to === this.selected;
        if (this.linksShown === "none" && !isOfSelected) continue;
        if (this.linksShown === "critical" && !link.isCritical && !isOfSelected) continue;
        if (this.rows[link.from.place] === link.from && this.rows[link.to.place] === link.to) shown.add(link);
      }
    }
    for (const link of shown) children.push(...this.arrow(link, first, last));
    return group(children);
  }

  arrow(link, first, last) {
    const isOfSelected = link.from === this.selected || link.to === this.selected;
    const atEnd = (bar) => this.x((bar.isDone ? bar.actualEnd : bar.earlyEnd) + 1);
    const atStart = (bar) => this.x(bar.actualStart ?? bar.earlyStart);
    const middle = (bar) => this.y(Math.min(Math.max(bar.place, first - 1), last + 1)) + ROW / 2 - 1;
    const startX = link.kind[0] === "F" ? atEnd(link.from) : atStart(link.from);
    const endX = link.kind[1] === "F" ? atEnd(link.to) : atStart(link.to);
    const [startY, endY] = [middle(link.from), middle(link.to)];
    if (Math.max(startX, endX) < -40 || Math.min(startX, endX) > this.view.width + 40) return [];
    const comesFromLeft = link.kind[1] === "S";
    const turn = comesFromLeft ? Math.min(startX + 6, endX - 6) : Math.max(startX, endX) + 6;
    const goesBack = comesFromLeft && endX - 6 < startX + 2 && link.kind[0] === "F";
    const between = endY > startY ? endY - ROW / 2 : endY + ROW / 2;
    const points = goesBack
      ? [[startX, startY], [startX + 5, startY], [startX + 5, between], [endX - 6, between], [endX - 6, endY], [endX - 1, endY]]
      : [[startX, startY], [Math.max(turn, comesFromLeft ? startX : turn), startY], [Math.max(turn, comesFromLeft ? startX : turn), endY], [endX, endY]];
    const stroke = this.colour(isOfSelected ? "accent" : link.isCritical ? "ink" : "line-strong");
    const lineWidth = isOfSelected ? 2 : link.isCritical ? 1.6 : 1;
    const side = comesFromLeft ? -5 : 5;
    return [
      line(points, { stroke, lineWidth }),
      polygon([[endX, endY], [endX + side, endY - 3.5], [endX + side, endY + 3.5]], { fill: stroke }),
    ];
  }

  // The scale, the targets, today, and what is being dragged.
  front() {
    const { view, colour, plan } = this;
    const children = [];
    const font = { fontFamily: this.family, fontSize: 12 };
    if (this.ghost) children.push(...this.dragged());
    for (const target of plan.targets) {
      const x = this.x(target.day + 1);
      if (x < 0 || x > view.width) continue;
      const stroke = colour(target.state === "missed" ? "red" : "ink-2");
      children.push(line([[x, HEAD], [x, view.height]], { stroke, lineWidth: 1, lineDash: [5, 4] }));
    }
    const today = this.x(plan.on);
    if (today >= 0 && today <= view.width) children.push(rect(today - 1, HEAD, 2, view.height, { fill: colour("accent") }));
    children.push(rect(0, 0, view.width, HEAD, { fill: colour("paper") }));
    children.push(...this.deadlines(font));
    const [upper, lower] = scaleOf(view.from, this.dayAt(view.width), view.dayWidth);
    for (const { day, end, text: words } of upper) {
      const x = Math.max(0, this.x(day));
      children.push(rect(this.x(day), 0, 1, DATES, { fill: colour("line") }));
      if (this.x(end) - x > 44) children.push(text(x + 6, 12, words, { ...font, fill: colour("ink-2"), fontWeight: 600 }));
    }
    for (const { day, end, text: words, isCentred } of lower) {
      const x = this.x(day);
      children.push(rect(x, DATES / 2, 1, DATES / 2, { fill: colour("line") }));
      const isRest = isCentred && weekdayOf(day) > 4;
      children.push(text(isCentred ? (x + this.x(end)) / 2 : x + 4, 33, words, {
        ...font, fontSize: 11, align: isCentred ? "center" : "left", fill: colour(isRest ? "ink-3" : "ink-2"),
      }));
    }
    children.push(rect(0, HEAD - 1, view.width, 1, { fill: colour("line-strong") }));
    if (today >= 0 && today <= view.width) children.push(this.flag(today, isoOf(plan.on).slice(5), colour("accent"), colour("accent-ink"), 34));
    return group(children);
  }

  // The names of the deadlines, each left of its line; one that would cover another is left to the panel.
  deadlines(font) {
    const { view, colour } = this;
    const children = [];
    let taken = -Infinity;
    for (const target of [...this.plan.targets].sort((one, other) => one.day - other.day)) {
      const x = this.x(target.day + 1);
      if (x < 0 || x > view.width + 4) continue;
      const isMissed = target.state === "missed";
      const words = `${isMissed ? "■ " : ""}${isoOf(target.day).slice(5)} ${target.label}`;
      const width = [...words].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e7f ? 11.5 : 6.6), 0);
      const left = x - width - 4 < 0 ? x + 4 : x - width - 4;
      children.push(line([[x, DATES], [x, HEAD]], { stroke: colour(isMissed ? "red" : "ink-2"), lineWidth: 1 }));
      if (left < taken) continue;
      children.push(text(left, 54, words, { ...font, fontSize: 11, fill: colour(isMissed ? "red" : "ink-2") }));
      taken = left + width + 6;
    }
    return children;
  }

  flag(x, words, fill, ink, y) {
    return text(x, y, words, {
      fill: ink, backgroundColor: fill, padding: [2, 4], fontSize: 11, fontFamily: this.family, align: "center", borderRadius: 2,
    });
  }

  // Where the bar would go, and between which days it may.
  dragged() {
    const { bar, start } = this.ghost;
    const { colour } = this;
    const y = this.y(bar.place);
    const length = bar.earlyEnd - bar.earlyStart + 1;
    const until = bar.lateStart === null ? this.dayAt(this.view.width) : bar.lateStart + 1;
    const isWithin = start >= bar.earlyStart && (bar.lateStart === null || start <= bar.lateStart);
    const x = this.x(start);
    return [
      rect(this.x(bar.earlyStart), y, Math.max(0, this.x(until) - this.x(bar.earlyStart)), ROW, { fill: colour("green"), opacity: 0.14 }),
      rect(x, y + 6, Math.max(3, length * this.view.dayWidth), BAR, {
        fill: colour("accent"), opacity: 0.55, stroke: colour(isWithin ? "accent" : "red"), lineWidth: 2,
      }),
      this.flag(x, isoOf(start), colour(isWithin ? "accent" : "red"), colour("paper"), y - 4),
    ];
  }
}
