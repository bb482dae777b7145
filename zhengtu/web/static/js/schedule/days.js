// Days as whole numbers since 1970-01-01, and the two lines of dates above the chart.

const DAY = 86400000;
const language = document.documentElement.lang || "zh-hans";
const formats = {
  month: new Intl.DateTimeFormat(language, { year: "numeric", month: "long", timeZone: "UTC" }),
  shortMonth: new Intl.DateTimeFormat(language, { month: "short", timeZone: "UTC" }),
  year: new Intl.DateTimeFormat(language, { year: "numeric", timeZone: "UTC" }),
};

export const dateOf = (day) => new Date(day * DAY);
export const dayOf = (iso) => Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY);
export const isoOf = (day) => dateOf(day).toISOString().slice(0, 10);
export const weekdayOf = (day) => ((day + 3) % 7 + 7) % 7; // 0 is Monday: 1970-01-01 was a Thursday

function starts(from, until, next, first) {
  const found = [];
  for (let day = first(from); day < until; day = next(day)) found.push(day);
  return found;
}
const utc = (year, month) => Math.round(Date.UTC(year, month, 1) / DAY);
const step = (months) => [
  (day) => { const d = dateOf(day); return utc(d.getUTCFullYear(), d.getUTCMonth() + months); },
  (day) => { const d = dateOf(day); return utc(d.getUTCFullYear(), d.getUTCMonth() - d.getUTCMonth() % months); },
];

// [upper, lower] lines of {day, end, text}, by how wide a day is.
export function scaleOf(from, until, dayWidth) {
  const line = (months, text) => {
    const [next, first] = step(months);
    return starts(from, until, next, first).map((day) => ({ day, end: next(day), text: text(dateOf(day)) }));
  };
  const year = () => line(12, (d) => formats.year.format(d));
  const month = () => line(1, (d) => formats.month.format(d));
  if (dayWidth >= 18) {
    return [month(), starts(from, until, (d) => d + 1, Math.floor).map((day) => ({ day, end: day + 1, text: String(dateOf(day).getUTCDate()), isCentred: true }))];
  }
  if (dayWidth >= 4) {
    const monday = (day) => Math.floor(day) - weekdayOf(Math.floor(day));
    return [month(), starts(from, until, (d) => d + 7, monday).map((day) => ({ day, end: day + 7, text: isoOf(day).slice(5) }))];
  }
  if (dayWidth >= 1.1) return [year(), line(1, (d) => formats.shortMonth.format(d))];
  return [year(), line(3, (d) => `Q${d.getUTCMonth() / 3 + 1}`)];
}
