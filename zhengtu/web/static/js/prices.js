// Unit prices by class: one row a class with its box, its dots and the odd ones, labelled directly.

const PACKAGE = new URL("../packages/echarts/echarts.esm.min.mjs", import.meta.url);
const ROW_PIXELS = 56;

for (const element of document.querySelectorAll("[data-prices]")) {
  const source = document.getElementById(element.dataset.prices);
  if (source) draw(element, JSON.parse(source.textContent));
}

async function draw(element, data) {
  element.style.blockSize = `${data.classes.length * ROW_PIXELS + 48}px`;
  const echarts = await import(PACKAGE.href);
  const chart = echarts.init(element, null, { renderer: "svg" });
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const show = () => chart.setOption(option(data, colour, element.clientWidth), true);
  show();
  new ResizeObserver(() => { chart.resize(); show(); }).observe(element);
  document.addEventListener("zhengtu:theme", show);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
}

function option({ classes, words }, colour, width) {
  const number = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
  const exact = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2 });
  const isNarrow = width < 600;
  const odd = (isExplained) => classes.flatMap((one, row) =>
    one.odd.filter((dot) => dot.isExplained === isExplained).map((dot) => ({ value: [dot.price, row], code: dot.code })));
  const point = (name, data, symbol, fill) => ({
    type: "scatter", name, data, symbol, symbolSize: 10, z: 4,
    itemStyle: { color: fill, borderColor: colour("surface"), borderWidth: 1 },
    label: {
      show: !isNarrow && data.length <= 12, position: "top", color: colour("ink-2"), fontSize: 11,
      formatter: ({ data: dot }) => `${number.format(dot.value[0])}`,
    },
    tooltip: { formatter: ({ data: dot }) => `${dot.code}<br>${exact.format(dot.value[0])} ${words.price}<br>${name}` },
  });
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: isNarrow ? 8 : 250, right: isNarrow ? 24 : 110, top: 8, bottom: 40 },
    legend: { bottom: 0, left: isNarrow ? 0 : 250, textStyle: { color: colour("ink-2") }, data: [words.unexplained, words.explained] },
    tooltip: {
      confine: true, backgroundColor: colour("raised"), borderColor: colour("line-strong"),
      textStyle: { color: colour("ink"), fontSize: 12 },
    },
    xAxis: {
      type: "value", scale: true, splitNumber: isNarrow ? 3 : 6, splitLine: { lineStyle: { color: colour("line") } },
      axisLabel: { color: colour("ink-3"), fontSize: 11, formatter: (value) => number.format(value) },
    },
    yAxis: {
      type: "category", inverse: true, data: classes.map((one) => one.label), axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("line-strong") } },
      axisLabel: {
        show: true, inside: isNarrow, color: colour("ink"), fontSize: 12, width: isNarrow ? width - 40 : 236, overflow: "break",
        verticalAlign: isNarrow ? "bottom" : "middle", padding: isNarrow ? [0, 0, 14, 0] : 0, lineHeight: 14, z: 6,
        formatter: (label, row) => `${label}\n${number.format(classes[row].count)} ${words.households}`,
      },
    },
    series: [
      {
        type: "scatter", silent: true, symbolSize: 4, z: 2, itemStyle: { color: colour("ink-3"), opacity: 0.35 },
        data: classes.flatMap((one, row) => one.dots.map((price) => [price, row])),
      },
      {
        type: "boxplot", boxWidth: [10, 16], z: 3,
        itemStyle: { color: "transparent", borderColor: colour("actual") || colour("accent"), borderWidth: 1.5 },
        data: classes.map((one) => one.box),
        tooltip: {
          formatter: ({ dataIndex }) => classes[dataIndex].box.map((value) => exact.format(value)).join(" · "),
        },
      },
      {
        type: "scatter", silent: true, symbolSize: 1, data: classes.map((one, row) => [one.box[4], row]),
        label: {
          show: !isNarrow, position: "right", distance: 10, color: colour("ink-2"), fontSize: 11,
          formatter: ({ dataIndex }) => `${words.median} ${number.format(classes[dataIndex].box[2])}`,
        },
      },
      point(words.unexplained, odd(false), "triangle", colour("yellow")),
      point(words.explained, odd(true), "circle", colour("green")),
    ],
  };
}
