// Options of bringing families home: the frontier (a click chooses a point), and families home by month.
// The same values stand in the table below, whose links choose a point without a mouse.

const PACKAGE = new URL("../packages/echarts/echarts.esm.min.mjs", import.meta.url);
const number = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

function coloursOf(element) {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

const pointName = (data, place) => data.texts.point.replace("{n}", place + 1);

function base(colour) {
  const quiet = { color: colour("ink-3"), fontSize: 11 };
  const axis = {
    type: "value", axisLabel: { ...quiet, formatter: (value) => number.format(value), hideOverlap: true },
    nameTextStyle: { ...quiet, color: colour("ink-2") }, splitLine: { lineStyle: { color: colour("line") } },
    axisLine: { lineStyle: { color: colour("line-strong") } }, splitNumber: 4,
  };
  return {
    axis,
    option: {
      animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 64, right: 32, top: 40, bottom: 44 },
      tooltip: {
        confine: true, backgroundColor: colour("raised"), borderColor: colour("line-strong"),
        textStyle: { color: colour("ink"), fontSize: 12 },
      },
    },
  };
}

export function frontierOption(data, colour) {
  const { axis, option } = base(colour);
  const told = (name, [spent, waiting]) =>
    `<b>${name}</b><br>${data.texts.spent}: ${number.format(spent)}<br>${data.texts.waiting}: ${number.format(waiting)}`;
  const all = [...data.frontier, data.first].map((point) => point[1]);
  const margin = Math.max(1, (Math.max(...all) - Math.min(...all)) * 0.08);
  return {
    ...option,
    xAxis: { ...axis, name: data.texts.spent, nameLocation: "middle", nameGap: 28, splitLine: { show: false } },
    yAxis: {
      ...axis, name: data.texts.waiting, nameTextStyle: { ...axis.nameTextStyle, align: "left", padding: [0, 0, 0, -56] },
      min: Math.max(0, Math.floor(Math.min(...all) - margin)), max: Math.ceil(Math.max(...all) + margin),
    },
    series: [
      {
        type: "line", data: data.frontier.map((value, place) => ({
          value, symbolSize: place === data.chosen ? 16 : 11,
          itemStyle: {
            color: place === data.chosen ? colour("accent") : colour("raised"), borderColor: colour("accent"), borderWidth: 2,
          },
        })),
        symbol: "circle", lineStyle: { width: 2, color: colour("accent") }, cursor: "pointer",
        label: { show: true, formatter: ({ dataIndex }) => dataIndex + 1, position: "top", color: colour("ink-2"), fontSize: 11 },
        tooltip: { formatter: ({ dataIndex, value }) => told(pointName(data, dataIndex), value) },
      },
      {
        type: "scatter", data: [data.first], symbol: "diamond", symbolSize: 13, itemStyle: { color: colour("planned") },
        label: { show: true, formatter: data.texts.first, position: "left", color: colour("ink-2"), fontSize: 12 },
        tooltip: { formatter: ({ value }) => told(data.texts.first, value) },
      },
    ],
  };
}

export function homeOption(data, colour) {
  const { axis, option } = base(colour);
  const line = (name, values, look) => ({
    type: "line", name, data: values.map((count, month) => [month, count]), symbol: "none", step: "end",
    lineStyle: { width: 2, ...look }, itemStyle: { color: look.color },
    endLabel: { show: true, formatter: () => number.format(values.at(-1)), color: colour("ink"), fontSize: 12 },
    labelLayout: { moveOverlap: "shiftY" },
  });
  return {
    ...option, grid: { ...option.grid, right: 56, top: 56 },
    legend: { top: 0, left: 0, itemWidth: 22, textStyle: { color: colour("ink-2"), fontSize: 12 } },
    tooltip: { ...option.tooltip, trigger: "axis", valueFormatter: (value) => number.format(value) },
    xAxis: { ...axis, name: data.texts.months, nameLocation: "middle", nameGap: 28, max: data.home.length - 1, splitLine: { show: false } },
    yAxis: { ...axis, name: data.texts.home, min: 0, nameTextStyle: { ...axis.nameTextStyle, align: "left", padding: [0, 0, 0, -56] } },
    series: [
      line(data.texts.first, data.homeFirst, { color: colour("planned"), type: "dashed" }),
      line(data.texts.chosen, data.home, { color: colour("accent") }),
    ],
  };
}

async function draw(element, optionOf, clicked) {
  const echarts = await import(PACKAGE.href);
  const chart = echarts.init(element, null, { renderer: "svg" });
  const paint = () => chart.setOption(optionOf(coloursOf(element)), true);
  paint();
  if (clicked) chart.on("click", clicked);
  new ResizeObserver(() => chart.resize()).observe(element);
  document.addEventListener("zhengtu:theme", paint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
}

const held = document.getElementById("options-chart");
if (held) {
  const data = JSON.parse(held.textContent);
  const frontier = document.querySelector("[data-frontier]");
  const home = document.querySelector("[data-home]");
  if (frontier) draw(frontier, (colour) => frontierOption(data, colour), ({ seriesIndex, dataIndex }) => {
    if (seriesIndex === 0) location.href = `${data.href}?point=${dataIndex + 1}`;
  });
  if (home) draw(home, (colour) => homeOption(data, colour));
}
