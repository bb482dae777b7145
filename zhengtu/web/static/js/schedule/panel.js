// What is known of one bar, beside the chart.
import { isoOf } from "./days.js";

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

const NOTHING = "–";
const period = (start, end) => (start === null || start === undefined ? NOTHING
  : end === null || end === undefined ? `${isoOf(start)} –` : start === end ? isoOf(start) : `${isoOf(start)} – ${isoOf(end)}`);

export function floatText(bar, texts) {
  if (bar.isDone) return texts.done;
  if (bar.float === null) return NOTHING;
  return bar.float < 0 ? `■ ${String(bar.float).replace("-", "−")}` : String(bar.float);
}

export function fillPanel(panel, bar, plan, texts, decideHref, choose) {
  const row = (name, value) => [element("dt", {}, name), element("dd", {}, value)];
  const float = bar.float === null || bar.isDone ? floatText(bar, texts) : `${floatText(bar, texts)} ${texts.workingDays}`;
  const facts = element("dl", { class: "facts" },
    ...row(texts.state, bar.isDone ? texts.done : bar.actualStart !== null ? texts.underWay : texts.notBegun),
    ...(bar.actualStart !== null ? row(texts.actual, period(bar.actualStart, bar.actualEnd)) : []),
    ...(bar.isDone ? [] : row(texts.earliest, period(bar.earlyStart, bar.earlyEnd))),
    ...(bar.isDone ? [] : row(texts.latest, period(bar.lateStart, bar.lateEnd))),
    ...(bar.baseStart !== null ? row(texts.baseline, period(bar.baseStart, bar.baseEnd)) : []),
    ...row(texts.float, float),
    ...(bar.households ? row(texts.households, `${bar.left} / ${bar.households}`) : []),
    ...(bar.unit ? row(texts.responsible, bar.unit) : []),
    ...(bar.source ? row(texts.source, bar.source) : []),
  );
  const follow = (other) => {
    const button = element("button", { type: "button", class: "button-link" }, other.label);
    button.addEventListener("click", () => choose(other));
    return button;
  };
  const why = bar.reason || bar.driver >= 0 ? element("section", {},
    element("h3", {}, texts.why), ...(bar.reason ? [element("p", {}, bar.reason)] : []),
    ...(bar.driver >= 0 ? [element("p", { class: "small" }, `${texts.driver} `, follow(plan.bars[bar.driver]))] : []),
  ) : null;
  const chain = (name, links, other) => links.length ? element("section", {}, element("h3", {}, name), element("ul", { class: "plain small" },
    ...links.map((link) => element("li", {}, follow(other(link)), ` ${link.kind}${link.lag ? ` ${link.lag > 0 ? "+" : "−"}${Math.abs(link.lag)} ${texts.days}` : ""}`)))) : null;
  panel.querySelector("h2").textContent = bar.label;
  panel.querySelector("[data-panel-body]").replaceChildren(...[
    element("p", { class: "small quiet" }, groupPath(bar.group)),
    bar.isCritical && !bar.isDone ? element("p", {}, element("span", { class: "tag" }, texts.critical)) : null,
    facts, why,
    bar.isDecidable ? element("p", {}, element("a", { class: "button button-small", href: decideHref(bar, null) }, texts.decide)) : null,
    bar.href ? element("p", {}, element("a", { href: bar.href }, texts.open)) : null,
    chain(texts.before, bar.before, (link) => link.from), chain(texts.after, bar.after, (link) => link.to),
  ].filter(Boolean));
  panel.hidden = false;
}

function groupPath(group) {
  const names = [];
  for (let one = group; one; one = one.above) names.unshift(one.label);
  return names.join(" › ");
}
