// Plan against actual: <div data-trajectory="figure"> takes its curves from the json script "trajectories".
// Planned grey and dashed, actual solid, the forecast as a band with its middle; deadlines and today as lines.

const PACKAGE = new URL("../packages/echarts/echarts.esm.min.mjs", import.meta.url);
const number = new Intl.NumberFormat("en-US");

function coloursOf(element) {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

const last = (points) => points.at(-1)?.[1] ?? 0;

const SHORT_SPAN_MS = 200 * 86_400_000;

/** A tick of the axis: the day where the axis is short, else the month, so that no two ticks read the same. */
function dayOrMonth(time, data) {
  const day = new Date(time).toISOString().slice(0, 10);
  const isShort = Date.parse(data.end) - Date.parse(data.start) <= SHORT_SPAN_MS;
  return isShort ? day.slice(5) : day.slice(2, 7).replace("-", "/");
}

/** Upright lines: the page's day, and deadlines by their numbers in the legend below. */
function uprights(data, colour) {
  const line = (day, label, tint, text) => ({
    xAxis: day, lineStyle: { color: tint, type: "solid", width: 1 },
    label: { show: true, formatter: label, position: "end", color: text, fontSize: 11, distance: 3 },
  });
  const span = Date.parse(data.end) - Date.parse(data.start);
  return [
    { ...line(data.on, "", colour("ink-3"), colour("ink-2")),
      label: { show: true, formatter: `${data.texts.today} ${data.on.slice(5)}`, position: "end", align: "right", offset: [-4, 0], color: colour("ink-2"), fontSize: 11, distance: 3 } },
    ...data.deadlines.map(([day], place) => {
      const mark = line(day, `${place + 1}`, colour("red"), colour("red"));
      const near = (other) => other && Math.abs(Date.parse(other[0]) - Date.parse(day)) < span / 24;
      const shift = near(data.deadlines[place - 1]) ? 4 : near(data.deadlines[place + 1]) ? -4 : 0;
      return { ...mark, label: { ...mark.label, offset: [shift, 0] } };
    }),
  ];
}

/** The actual figure, named beside its last day where the forecast does not run. */
function actualNow(data, colour) {
  const text = `${data.texts.actual} ${number.format(last(data.actual))}`;
  const share = (Date.parse(data.on) - Date.parse(data.start)) / (Date.parse(data.end) - Date.parse(data.start));
  const height = last(data.actual) / (data.of || 1);
  const place = share < 0.25
    ? { position: "right", offset: [0, height < 0.12 ? -8 : 10] }
    : { position: "left", offset: [0, height > 0.88 ? 12 : -10] };
  return {
    coord: [data.on, last(data.actual)], symbol: "circle", symbolSize: 7, itemStyle: { color: colour("actual") },
    label: { show: true, formatter: text, distance: 8, ...place, color: colour("ink"), fontSize: 12 },
  };
}

export function trajectoryOption(data, colour, font) {
  const quiet = { color: colour("ink-3"), fontSize: 11 };
  const label = (text, value, tint) => ({
    show: true, formatter: `${text} ${number.format(value)}`, color: tint, fontSize: 12, distance: 4,
  });
  const base = { type: "line", symbol: "none", animation: false, silent: true };
  const fan = data.fan.length ? [[data.on, last(data.actual), last(data.actual), last(data.actual)], ...data.fan] : [];
  const series = [
    { ...base, name: "low", stack: "band", data: fan.map(([day, low]) => [day, low]), lineStyle: { opacity: 0 }, tooltip: { show: false } },
    { ...base, name: data.texts.band, stack: "band", data: fan.map(([day, low, , high]) => [day, high - low]), lineStyle: { opacity: 0 },
      areaStyle: { color: colour("fan"), opacity: 1 } },
    { ...base, name: data.texts.fan, data: fan.map(([day, , middle]) => [day, middle]), lineStyle: { width: 1.5, type: "dotted", color: colour("actual") },
      itemStyle: { color: colour("actual") }, endLabel: fan.length ? label(data.texts.fan, fan.at(-1)[2], colour("ink-2")) : undefined },
    { ...base, name: data.texts.planned, step: "end", data: data.planned, lineStyle: { width: 1.5, type: "dashed", color: colour("planned") },
      itemStyle: { color: colour("planned") }, endLabel: data.planned.length ? label(data.texts.planned, last(data.planned), colour("ink-2")) : undefined },
    { ...base, name: data.texts.actual, step: "end", data: data.actual, lineStyle: { width: 2.5, color: colour("actual") },
      itemStyle: { color: colour("actual") }, 
      markLine: { silent: true, symbol: "none", animation: false, data: uprights(data, colour) },
      markPoint: { silent: true, animation: false, symbol: "triangle", symbolSize: 8, itemStyle: { color: colour("ink-2") },
        data: [actualNow(data, colour), ...data.marks.map(([day, name]) => ({ coord: [day, 0], symbolOffset: [0, -4], name, label: { show: true, formatter: name, position: "top", color: colour("ink-2"), fontSize: 10 } }))] } },
  ];
  for (const one of series) if (one.endLabel) one.labelLayout = { moveOverlap: "shiftY" };
  return {
    animation: false, textStyle: { fontFamily: font },
    grid: { left: 44, right: 96, top: 24, bottom: 24 },
    xAxis: {
      type: "time", min: data.start, max: data.end, splitNumber: 5, axisLine: { lineStyle: { color: colour("line-strong") } },
      axisLabel: { ...quiet, formatter: (time) => dayOrMonth(time, data), hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value", min: 0, max: data.of || 1, splitNumber: 4, minInterval: 1,
      axisLabel: { ...quiet, formatter: (value) => number.format(value), showMaxLabel: true },
      splitLine: { lineStyle: { color: colour("line") } },
    },
    series,
  };
}

export async function draw(element, data) {
  const echarts = await import(PACKAGE.href);
  const chart = echarts.init(element, null, { renderer: "svg" });
  const font = getComputedStyle(document.body).fontFamily;
  const paint = () => chart.setOption(trajectoryOption(data, coloursOf(element), font), true);
  paint();
  new ResizeObserver(() => chart.resize()).observe(element);
  document.addEventListener("zhengtu:theme", paint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
}

const held = document.getElementById("trajectories");
const curves = held ? JSON.parse(held.textContent) : {};
for (const element of document.querySelectorAll("[data-trajectory]"))
  if (curves[element.dataset.trajectory]) draw(element, curves[element.dataset.trajectory]);
