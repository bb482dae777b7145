// The plan as the server sends it, made readable: groups in a tree, bars, links; and the rows that filters leave.

export const KINDS = ["step", "period", "work", "handover", "track"];
export const LINK_KINDS = ["FS", "SS", "FF", "SF"];
const CRITICAL = 1, DONE = 2, DECIDABLE = 4;

export function readPlan(data) {
  const word = (index) => (index < 0 ? "" : data.words[index]);
  const groups = data.groups.map(([parent, label, light, href, code], index) => ({
    isGroup: true, key: `g${index}`, index, parent, label: word(label), light: word(light), href: word(href), code: word(code),
    depth: 0, bars: [], groups: [], start: Infinity, end: -Infinity,
  }));
  for (const group of groups) {
    if (group.parent < 0) continue;
    group.depth = groups[group.parent].depth + 1;
    groups[group.parent].groups.push(group);
  }
  const bars = data.bars.map((row, index) => {
    const [group, id, label, kind, earlyStart, earlyEnd, lateStart, lateEnd, actualStart, actualEnd, baseStart, baseEnd,
      float, flags, unit, stage, source, reason, driver, households, left, href] = row;
    return {
      key: `b${index}`, index, group: groups[group], id: word(id), label: word(label), kind: KINDS[kind], earlyStart, earlyEnd,
      lateStart, lateEnd, actualStart, actualEnd, baseStart, baseEnd, float, unit: word(unit), stage: word(stage),
      source: word(source), reason: word(reason), driver, households, left, href: word(href), before: [], after: [],
      isCritical: Boolean(flags & CRITICAL), isDone: Boolean(flags & DONE), isDecidable: Boolean(flags & DECIDABLE),
    };
  });
  for (const bar of bars) {
    bar.group.bars.push(bar);
    const start = Math.min(bar.earlyStart, bar.actualStart ?? bar.earlyStart);
    for (let group = bar.group; group; group = groups[group.parent]) {
      group.start = Math.min(group.start, start);
      group.end = Math.max(group.end, bar.earlyEnd, bar.actualEnd ?? bar.earlyEnd);
    }
  }
  const links = data.links.map(([from, to, kind, lag, isCritical]) => {
    const link = { from: bars[from], to: bars[to], kind: LINK_KINDS[kind], lag, isCritical: Boolean(isCritical) };
    link.from.after.push(link);
    link.to.before.push(link);
    return link;
  });
  const targets = data.targets.map(([day, label, state, href]) => ({ day, label: word(label), state: word(state), href: word(href) }));
  return { on: data.on, groups, bars, links, targets, rest: data.rest, frozen: data.frozen };
}

// From the first to the last day that anything touches, with some days around.
export function spanOf(plan) {
  let [start, end] = [plan.on, plan.on + 30];
  for (const group of plan.groups) {
    if (group.end < group.start) continue;
    start = Math.min(start, group.start);
    end = Math.max(end, group.end);
  }
  for (const bar of plan.bars) end = Math.max(end, bar.lateEnd ?? end);
  for (const target of plan.targets) end = Math.max(end, target.day);
  return [start - 7, end + 21];
}

export function passes(bar, filter) {
  if (filter.critical && !bar.isCritical) return false;
  if (filter.unfinished && bar.isDone) return false;
  if (filter.stage && bar.stage !== filter.stage) return false;
  if (filter.unit && bar.unit !== filter.unit) return false;
  if (filter.part) {
    let group = bar.group;
    while (group && group.code !== filter.part) group = group.above;
    if (!group) return false;
  }
  return true;
}

// Rows from top to bottom: open groups with their bars; a group of which no bar passes is left out.
export function rowsOf(plan, filter, closed) {
  for (const group of plan.groups) group.above = plan.groups[group.parent];
  const passing = new Set(plan.bars.filter((bar) => passes(bar, filter)));
  const counts = new Map();
  for (const bar of passing) {
    for (let group = bar.group; group; group = group.above) counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  const rows = [];
  const add = (group) => {
    if (!counts.has(group)) return;
    group.count = counts.get(group);
    rows.push(group);
    if (closed.has(group.key)) return;
    for (const bar of group.bars) if (passing.has(bar)) rows.push(bar);
    group.groups.forEach(add);
  };
  plan.groups.filter((group) => group.parent < 0).forEach(add);
  rows.forEach((row, place) => { row.place = place; });
  return rows;
}
