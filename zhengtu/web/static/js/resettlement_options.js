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

// Where labels stand from the middle of their marks: around them near by, then farther off.
const AROUND = [
  [0, -1], [-0.25, -1], [0.25, -1], [-0.5, -1], [0.5, -1], [-1, -1], [1, -1], [1, 0], [-1, 0], [0, 1], [-0.25, 1],
  [0.25, 1], [-0.5, 1], [0.5, 1], [1, 1], [-1, 1],
];
const DISTANCES = [4, 14, 28, 48, 72];

// Offsets in pixels from each mark ({x, y, size, width, height} of mark and label) to the middle of its label, so that
// labels cover neither marks, nor the line ([x, y] along it), nor one another, and stay in the box; the widest first.
export function labelOffsets(marks, line, box) {
  const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const around = (x, y, width, height) => ({ left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 });
  const taken = [
    ...marks.map(({ x, y, size }) => around(x, y, size, size)), ...line.map(([x, y]) => around(x, y, 3, 3)),
  ];
  const offsets = [];
  const order = marks.map((_, place) => place).sort((a, b) => marks[b].width - marks[a].width || a - b);
  for (const place of order) {
    const { x, y, size, width, height } = marks[place];
    const choices = DISTANCES.flatMap((far) => AROUND.map(([right, down]) => [
      right * (size / 2 + far + width / 2), down * (size / 2 + far + height / 2),
    ]));
    const rects = choices.map(([right, down]) => around(x + right, y + down, width, height));
    const inside = (rect) => rect.left >= box.left && rect.right <= box.right && rect.top >= box.top && rect.bottom <= box.bottom;
    const free = rects.findIndex((rect) => inside(rect) && !taken.some((one) => meets(one, rect)));
    const chosen = free >= 0 ? free : Math.max(rects.findIndex(inside), 0);
    taken.push(rects[chosen]);
    offsets[place] = choices[chosen];
  }
  return offsets;
}

// The offsets of the frontier's labels as the chart stands: those of its points, then that of first come.
function frontierOffsets(chart, data, font) {
  const pen = document.createElement("canvas").getContext("2d");
  const at = (value) => chart.convertToPixel("grid", value);
  const mark = (value, size, text, pixels) => {
    pen.font = `${pixels}px ${font}`;
    const [x, y] = at(value);
    return { x, y, size, width: pen.measureText(text).width + 4, height: pixels + 4 };
  };
  const points = data.frontier.map(at);
  const line = points.slice(1).flatMap(([x, y], place) => {
    const [fromX, fromY] = points[place];
    const steps = Math.max(1, Math.ceil(Math.hypot(x - fromX, y - fromY) / 4));
    return Array.from({ length: steps }, (_, step) => [fromX + (x - fromX) * step / steps, fromY + (y - fromY) * step / steps]);
  });
  return labelOffsets(
    [
      ...data.frontier.map((value, place) => mark(value, place === data.chosen ? 18 : 13, `${place + 1}`, 11)),
      mark(data.first, 15, data.texts.first, 12),
    ],
    line, { left: 62, right: chart.getWidth() - 2, top: 22, bottom: chart.getHeight() - 42 },
  );
}

export function frontierOption(data, colour, offsets = []) {
  const { axis, option } = base(colour);
  const label = (place, look) => ({
    show: Boolean(offsets[place]), position: "inside", offset: offsets[place], color: colour("ink-2"), ...look,
  });
  const told = (name, [spent, waiting]) =>
    `<b>${name}</b><br>${data.texts.spent}: ${number.format(spent)}<br>${data.texts.waiting}: ${number.format(waiting)}`;
  return {
    ...option,
    xAxis: { ...axis, name: data.texts.spent, nameLocation: "middle", nameGap: 28, splitLine: { show: false } },
    yAxis: {
      ...axis, name: data.texts.waiting, nameTextStyle: { ...axis.nameTextStyle, align: "left", padding: [0, 0, 0, -56] },
      scale: true,
    },
    series: [
      {
        type: "line", data: data.frontier.map((value, place) => ({
          value, symbolSize: place === data.chosen ? 16 : 11, label: label(place, { formatter: `${place + 1}`, fontSize: 11 }),
          itemStyle: {
            color: place === data.chosen ? colour("accent") : colour("raised"), borderColor: colour("accent"), borderWidth: 2,
          },
        })),
        symbol: "circle", lineStyle: { width: 2, color: colour("accent") }, cursor: "pointer",
        tooltip: { formatter: ({ dataIndex, value }) => told(pointName(data, dataIndex), value) },
      },
      {
        type: "scatter", data: [data.first], symbol: "diamond", symbolSize: 13, itemStyle: { color: colour("planned") },
        label: label(data.frontier.length, { formatter: data.texts.first, fontSize: 12 }),
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

async function draw(element, optionOf, { clicked, offsetsOf } = {}) {
  const echarts = await import(PACKAGE.href);
  const chart = echarts.init(element, null, { renderer: "svg" });
  const paint = () => {
    const colour = coloursOf(element);
    chart.setOption(optionOf(colour), true);
    if (offsetsOf) chart.setOption(optionOf(colour, offsetsOf(chart)), true);
  };
  paint();
  if (clicked) chart.on("click", clicked);
  new ResizeObserver(() => { chart.resize(); paint(); }).observe(element);
  document.addEventListener("zhengtu:theme", paint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
}

const held = document.getElementById("options-chart");
if (held) {
  const data = JSON.parse(held.textContent);
  const frontier = document.querySelector("[data-frontier]");
  const home = document.querySelector("[data-home]");
  if (frontier) draw(frontier, (colour, offsets) => frontierOption(data, colour, offsets), {
    clicked: ({ seriesIndex, dataIndex }) => {
      if (seriesIndex === 0) location.href = `${data.href}?point=${dataIndex + 1}`;
    },
    offsetsOf: (chart) => frontierOffsets(chart, data, getComputedStyle(document.body).fontFamily),
  });
  if (home) draw(home, (colour) => homeOption(data, colour));
}
