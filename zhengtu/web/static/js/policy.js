// Policy workbench: step lines of a value, items under A and B, how the change falls; changed fields are marked.

const PACKAGE = new URL("../packages/echarts/echarts.esm.min.mjs", import.meta.url);
const COLOURS = ["actual", "yellow", "green", "ink-3", "running"];
const number = new Intl.NumberFormat("en-US", { maximumFractionDigits: 4 });

const wan = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const read = (id) => JSON.parse(document.getElementById(id).textContent);

async function show(element, option, height) {
  const echarts = await import(PACKAGE.href);
  if (height) element.style.height = `${height}px`;
  const chart = echarts.init(element, null, { renderer: "svg" });
  const style = () => getComputedStyle(element);
  const draw = () => chart.setOption(option((name) => style().getPropertyValue(`--${name}`).trim(), element.clientWidth), true);
  draw();
  new ResizeObserver(() => { chart.resize(); draw(); }).observe(element);
  document.addEventListener("zhengtu:theme", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}

const text = () => ({ fontFamily: getComputedStyle(document.body).fontFamily });

function stepOption(data) {
  const shown = (value) => (data.isShare ? `${number.format(value * 100)}%` : number.format(value));
  return (colour, width) => {
    const quiet = { color: colour("ink-3"), fontSize: 11 };
    const room = Math.min(180, Math.max(96, width * 0.3));
    const until = data.lines.reduce((last, line) => line.points.reduce((day, [on]) => (on > day ? on : day), last), data.until);
    return {
      animation: false, textStyle: text(),
      grid: { left: 56, right: room, top: 28, bottom: 24 },
      tooltip: {
        trigger: "item", confine: true, backgroundColor: colour("raised"), borderColor: colour("line-strong"),
        textStyle: { color: colour("ink"), fontSize: 12 },
        formatter: (point) => `${point.seriesName}<br>${point.value[0]} ${point.value[1] === null ? "–" : shown(point.value[1])} ${data.isShare ? "" : data.unit}`,
      },
      xAxis: { type: "time", axisLine: { lineStyle: { color: colour("line-strong") } }, axisLabel: { ...quiet, hideOverlap: true, formatter: "{yyyy}-{MM}" }, splitNumber: 4 },
      yAxis: {
        type: "value", min: 0, name: data.isShare ? "" : data.unit, nameTextStyle: { ...quiet, align: "left", padding: [0, 0, 0, -40] },
        splitNumber: 3, axisLabel: { ...quiet, formatter: shown }, splitLine: { lineStyle: { color: colour("line") } },
      },
      series: data.lines.map((line) => {
        const tone = colour(COLOURS[line.tone % COLOURS.length]);
        const last = line.points.at(-1);
        const points = last[1] === null || last[0] >= until ? line.points : [...line.points, [until, last[1]]];
        return {
          type: "line", step: "end", name: line.label, data: points, symbol: "circle", symbolSize: 5, connectNulls: false,
          lineStyle: { width: 2, color: tone, type: line.isPilot ? "dashed" : "solid" }, itemStyle: { color: tone },
          endLabel: {
            show: true, color: colour("ink"), fontSize: 11, lineHeight: 14, width: room - 12, overflow: "truncate",
            formatter: () => `{dot|●} ${line.last} ${line.label}`, rich: { dot: { color: tone } },
          },
          labelLayout: { moveOverlap: "shiftY" },
        };
      }),
    };
  };
}

function itemsOption(data) {
  return (colour, width) => {
    const names = width < 420 ? 84 : 132;
    const bars = (key, label, tone) => ({
      type: "bar", name: label, data: data.rows.map((row) => row[key]), barGap: "10%", barCategoryGap: "36%",
      itemStyle: { color: tone },
      label: { show: true, position: "right", fontSize: 11, color: colour("ink"),
        formatter: (bar) => (key === "b" ? `${label} ${wan.format(bar.value)} ${data.rows[bar.dataIndex].change}` : `${label} ${wan.format(bar.value)}`) },
    });
    return {
      animation: false, textStyle: text(),
      grid: { left: names + 8, right: Math.min(200, width * 0.42), top: 24, bottom: 8 },
      xAxis: { type: "value", name: data.unit, nameLocation: "start", nameGap: 0, position: "top", axisLabel: { show: false }, splitLine: { show: false },
        nameTextStyle: { color: colour("ink-3"), fontSize: 11, align: "right", verticalAlign: "bottom", padding: [0, 8, 4, 0] }, axisLine: { show: false } },
      yAxis: { type: "category", inverse: true, data: data.rows.map((row) => row.label), axisTick: { show: false },
        axisLine: { lineStyle: { color: colour("line-strong") } }, axisLabel: { color: colour("ink"), fontSize: 12, width: names, overflow: "truncate" } },
      series: [bars("a", data.inForce, colour("planned")), bars("b", data.tried, colour("actual"))],
    };
  };
}

function distributionOption(data) {
  return (colour, width) => ({
    animation: false, textStyle: text(),
    grid: { left: Math.min(170, width * 0.42), right: 64, top: 24, bottom: 8 },
    xAxis: { type: "value", axisLabel: { show: false }, splitLine: { show: false }, axisLine: { show: false } },
    yAxis: { type: "category", inverse: true, data: data.rows.map((row) => row.label), axisTick: { show: false }, name: data.axis, nameLocation: "start",
      nameTextStyle: { color: colour("ink-3"), fontSize: 11, align: "right", padding: [0, 8, 0, 0] },
      axisLine: { lineStyle: { color: colour("line-strong") } }, axisLabel: { color: colour("ink"), fontSize: 11 } },
    series: [{
      type: "bar", barCategoryGap: "20%",
      data: data.rows.map((row) => ({ value: row.count, itemStyle: { color: colour({ loss: "yellow", gain: "actual", same: "planned" }[row.side]) } })),
      label: { show: true, position: "right", color: colour("ink"), fontSize: 11, formatter: (bar) => (bar.value ? `${number.format(bar.value)} ${data.unit}` : "") },
    }],
  });
}

for (const element of document.querySelectorAll("[data-step-chart]")) show(element, stepOption(read(element.dataset.stepChart)));
for (const element of document.querySelectorAll("[data-items-chart]")) {
  const { items } = read(element.dataset.itemsChart);
  show(element, itemsOption(items), 48 + 48 * items.rows.length);
}
for (const element of document.querySelectorAll("[data-distribution-chart]")) {
  const { distribution } = read(element.dataset.distributionChart);
  show(element, distributionOption(distribution), 48 + 28 * distribution.rows.length);
}

for (const group of document.querySelectorAll("[data-value-fields]")) {
  const fields = [...group.querySelectorAll("input, select")];
  const was = new Map(fields.map((field) => [field, field.value]));
  const isChanged = () => fields.some((field) => field.value !== was.get(field));
  if (group.classList.contains("is-changed")) group.closest("details").open = true;
  else group.addEventListener("input", () => group.classList.toggle("is-changed", isChanged()));
}
