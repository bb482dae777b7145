// The flow of money and an account's weeks: <div data-flow="id of the json script">, <div data-weeks="…">.

const PACKAGE = new URL("../packages/echarts/echarts.esm.min.mjs", import.meta.url);
const NARROW = 720;
const number = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const LINES = { planned: "planned", arrived: "actual", committed: "state-settled", paid: "state-paid" };
const PLACES = {
  planned: { position: "right" }, likely: { position: "right" }, arrived: { position: "top", align: "right" },
  committed: { position: "top", align: "right" }, paid: { position: "bottom", align: "left" },
};
const DASHES = { planned: "dashed", arrived: "solid", committed: [6, 3], paid: [2, 2] };

function colours(element) {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

function tooltip(colour) {
  return {
    confine: true, backgroundColor: colour("raised"), borderColor: colour("line-strong"),
    textStyle: { color: colour("ink"), fontSize: 12 },
  };
}

async function show(element, optionOf) {
  const echarts = await import(PACKAGE.href);
  const chart = echarts.init(element, null, { renderer: "svg" });
  const draw = () => chart.setOption(optionOf(element.clientWidth < NARROW, colours(element)), true);
  draw();
  let wasNarrow = element.clientWidth < NARROW;
  new ResizeObserver(() => {
    chart.resize();
    if (wasNarrow !== element.clientWidth < NARROW) draw();
    wasNarrow = element.clientWidth < NARROW;
  }).observe(element);
  document.addEventListener("zhengtu:theme", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}

function flowOption(data, isNarrow, colour) {
  const flow = isNarrow ? data.narrow : data.wide;
  const unit = data.texts.unit;
  const of = {
    source: "actual", project: "ink-3", gap: "red", paid: "state-paid", owed: "state-settled", reserved: "planned",
  };
  const label = (node) => `${node.kind === "gap" ? "■ " : ""}${node.label}${isNarrow ? "\n" : " "}{sum|${node.text}}`;
  const labels = Object.fromEntries(flow.nodes.map((node) => [node.name, node]));
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    tooltip: {
      ...tooltip(colour), trigger: "item",
      formatter: ({ dataType, data: one }) => dataType === "edge"
        ? `${labels[one.source].label} → ${labels[one.target].label}<br><b>${one.text}</b> ${unit}`
        : `${one.label}<br><b>${one.text}</b> ${unit}`,
    },
    series: [{
      type: "sankey", nodeGap: isNarrow ? 18 : 12, nodeWidth: 10, draggable: false, nodeAlign: "justify",
      left: 4, right: isNarrow ? 96 : 216, top: 8, bottom: 8, emphasis: { focus: "adjacency" },
      layoutIterations: 64,
      data: flow.nodes.map((node) => ({
        ...node, itemStyle: { color: colour(of[node.kind]), borderWidth: 0 },
        label: {
          color: colour(node.kind === "gap" ? "red" : "ink"), fontSize: isNarrow ? 10 : 12, lineHeight: 14, formatter: label(node),
          width: isNarrow ? 92 : 220, overflow: "break",
          rich: { sum: { color: node.kind === "gap" ? colour("red") : colour("ink-2"), fontSize: isNarrow ? 10 : 12 } },
        },
      })),
      links: flow.links.map((link) => ({
        ...link, lineStyle: { color: colour(link.kind === "gap" ? "red" : of[link.kind]), opacity: link.kind === "gap" ? 0.55 : 0.28, curveness: 0.5 },
      })),
    }],
  };
}

function weeksOption(data, isNarrow, colour) {
  const quiet = { color: colour("ink-3"), fontSize: 11 };
  const band = (values, extra) => ({
    type: "line", data: values, stack: "fan", symbol: "none", silent: true, lineStyle: { width: 0 }, tooltip: { show: false },
    ...extra,
  });
  const { low, likely, high } = data.fan;
  const width = low.map((value, place) => (value === null ? null : high[place] - value));
  const ending = (label, colourName) => ({
    show: true, color: colour("ink"), fontSize: 12, lineHeight: 14,
    formatter: ({ value }) => `{dot|●} ${label}\n${number.format(value)}`,
    rich: { dot: { color: colour(colourName), fontSize: 11 } },
  });
  // Where what is promised comes near what arrived, its label goes below the line.
  const [arrived, committed] = ["arrived", "committed"].map((id) => data.lines.find((one) => one.id === id).values.findLast((value) => value !== null) ?? 0);
  const top = Math.max(arrived, committed, ...data.lines[0].values, ...high.filter((value) => value !== null));
  const places = arrived - committed < top * 0.15
    ? { ...PLACES, committed: { position: "bottom", align: "right" } } : PLACES;
  const lastAt = (values) => values.findLastIndex((value) => value !== null);
  const line = (id, label, values, colourName, extra = {}) => ({
    type: "line", name: label, symbol: "none", connectNulls: false, labelLayout: { moveOverlap: "shiftY" },
    lineStyle: { width: 2, color: colour(colourName), type: DASHES[id] ?? "solid" }, itemStyle: { color: colour(colourName) },
    data: values.map((value, place) => place === lastAt(values)
      ? { value, label: { ...ending(label, colourName), ...places[id] }, symbol: "circle", symbolSize: 5 } : value),
    showSymbol: true, ...extra,
  });
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 56, right: isNarrow ? 84 : 116, top: 16, bottom: 24 },
    tooltip: { ...tooltip(colour), trigger: "axis", valueFormatter: (value) => value === null || value === undefined ? "–" : `${number.format(value)} ${data.texts.unit}` },
    xAxis: {
      type: "category", data: data.days, boundaryGap: false, axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("line-strong") } },
      axisLabel: { ...quiet, formatter: (day) => day.slice(5), interval: Math.max(0, Math.ceil(data.days.length / (isNarrow ? 4 : 8)) - 1) },
    },
    yAxis: {
      type: "value", splitNumber: 4, axisLabel: { ...quiet, formatter: (value) => number.format(value) },
      splitLine: { lineStyle: { color: colour("line") } },
    },
    series: [
      band(low, {}), band(width, { areaStyle: { color: colour("fan"), opacity: 0.7 }, name: data.texts.range }),
      ...data.lines.map((one) => line(one.id, one.label, one.values, LINES[one.id])),
      line("likely", data.texts.fan, likely, "state-paid", {
        lineStyle: { width: 2, color: colour("state-paid"), type: [1, 3] },
      }),
      {
        type: "line", data: [], silent: true,
        markLine: {
          symbol: "none", silent: true, data: [{ xAxis: data.on }], lineStyle: { color: colour("line-strong"), type: "solid" },
          label: { formatter: data.on, position: "end", ...quiet },
        },
      },
    ],
  };
}

for (const element of document.querySelectorAll("[data-flow]")) {
  const data = JSON.parse(document.getElementById(element.dataset.flow).textContent);
  show(element, (isNarrow, colour) => flowOption(data, isNarrow, colour));
}
for (const element of document.querySelectorAll("[data-weeks]")) {
  const data = JSON.parse(document.getElementById(element.dataset.weeks).textContent);
  show(element, (isNarrow, colour) => weeksOption(data, isNarrow, colour));
}
