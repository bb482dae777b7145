// Cumulative curves with direct labels; colours come from the style sheet, so both themes hold.

const PACKAGE = new URL("../packages/echarts/echarts.esm.min.mjs", import.meta.url);

export async function drawCurves(element, data) {
  const echarts = await import(PACKAGE.href);
  const chart = echarts.init(element, null, { renderer: "svg" });
  const draw = () => chart.setOption(curveOption(data, coloursOf(element)), true);
  draw();
  new ResizeObserver(() => chart.resize()).observe(element);
  document.addEventListener("zhengtu:theme", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  return chart;
}

function coloursOf(element) {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

export function daysFrom(start, count) {
  const first = Date.parse(`${start}T00:00:00Z`);
  return Array.from({ length: count }, (_, day) => new Date(first + day * 86400000).toISOString().slice(0, 10));
}

export function curveOption(data, colour) {
  const count = data.lines[0]?.values.length ?? 0;
  const days = daysFrom(data.start, count);
  const number = new Intl.NumberFormat("en-US");
  const quiet = { color: colour("ink-3"), fontSize: 11 };
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 44, right: 88, top: 12, bottom: 22 },
    tooltip: {
      trigger: "axis", confine: true, backgroundColor: colour("raised"), borderColor: colour("line-strong"),
      textStyle: { color: colour("ink"), fontSize: 12 },
      valueFormatter: (value) => number.format(value),
    },
    xAxis: {
      type: "category", data: days, boundaryGap: false, axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("line-strong") } },
      axisLabel: { ...quiet, formatter: (day) => day.slice(5), interval: Math.max(0, Math.ceil(count / 6) - 1) },
    },
    yAxis: {
      type: "value", min: 0, max: data.total || undefined, splitNumber: 3,
      axisLabel: { ...quiet, formatter: (value) => number.format(value), showMaxLabel: true },
      splitLine: { lineStyle: { color: colour("line") } },
    },
    series: data.lines.map((line) => ({
      type: "line", name: line.label, data: line.values, symbol: "none", step: false,
      lineStyle: { width: 2, color: colour(`state-${line.colour}`) }, itemStyle: { color: colour(`state-${line.colour}`) },
      endLabel: {
        show: true, color: colour("ink"), fontSize: 12, lineHeight: 14,
        formatter: () => `{dot|●} ${line.label}\n${number.format(line.values.at(-1))}`,
        rich: { dot: { color: colour(`state-${line.colour}`), fontSize: 11 } },
      },
      labelLayout: { moveOverlap: "shiftY" },
    })),
  };
}
