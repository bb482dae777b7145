// The campaign in the browser: states of all places on the date shown, what the filter leaves, and the counts.
// A place is an index: the map number of a parcel or building, the position of a section or household.

import { fetchPacked } from "./packed.js";

export const LEVELS = ["section", "parcel", "building", "household"];
export const OVERDUE = 0x80;
export const HIDDEN = 0xff;
export const LIGHT = 0x40;
export const NO_LIGHT = 0x4f;
const LETTERS = { parcel: "L", building: "B" };
const NEVER = 65535;
const STATES = 7;
const DAY_MS = 86_400_000;

export const dayNumber = (iso, base) => Math.round((Date.parse(iso) - Date.parse(base)) / DAY_MS);
export const isoDay = (number, base) => new Date(Date.parse(base) + number * DAY_MS).toISOString().slice(0, 10);

/** What each place reached, and when: filled from /wall/days on first need. */
class AreaDays {
  constructor(arrays, sizes) {
    const count = arrays.section.length;
    for (let s = 1; s < STATES; s++)
      for (let i = 0; i < count; i++) arrays.reached[s * count + i] += arrays.reached[(s - 1) * count + i];
    this.places = { household: null, section: arrays.section, parcel: arrays.parcel, building: arrays.building };
    this.overdueFrom = arrays.overdue_from;
    this.overdueUntil = arrays.overdue_until;
    this.sizes = sizes;
    this.handedOver = arrays.handed_over;
    this.first = arrays.reached;
    this.fallen = { who: arrays.fallen, on: arrays.fallen_on, reached: arrays.fallen_reached, count: -1 };
    this.asOf(0);
  }

  /** Put the days in place that hold on a day: who moved back by then has not vacated. */
  asOf(day) {
    const { who, on, reached, count } = this.fallen;
    let fallen = 0;
    while (fallen < who.length && on[fallen] <= day) fallen++;
    if (fallen === count) return;
    this.fallen.count = fallen;
    const planes = Uint16Array.from(this.first), households = planes.length / STATES;
    for (let i = 0; i < fallen; i++)
      for (let s = 0; s < STATES; s++) planes[s * households + who[i]] = reached[s * who.length + i];
    this.reached = { household: planes };
    for (const level of ["section", "parcel", "building"]) this.reached[level] = this.latest(level, this.sizes[level]);
    this.handOver(this.handedOver);
  }

  /** Planes of the latest day of any household in each place; what holds none never reaches anything. */
  latest(level, size) {
    const places = this.places[level], count = places.length, days = this.reached.household;
    const found = new Uint16Array(size * STATES);
    const held = new Uint8Array(size);
    for (let i = 0; i < count; i++) held[places[i]] = 1;
    if (level !== "section" && size) held[0] = 0;
    for (let s = 0; s < STATES; s++) {
      const plane = s * size;
      for (let i = 0; i < count; i++) {
        const at = plane + places[i], day = days[s * count + i];
        if (day > found[at]) found[at] = day;
      }
      for (let p = 0; p < size; p++) if (!held[p]) found[plane + p] = NEVER;
    }
    return found;
  }

  /** The hand-over becomes the eighth plane of sections, and stands for every state before it. */
  handOver(days) {
    const size = days.length, planes = new Uint16Array(size * (STATES + 1));
    planes.set(this.reached.section);
    planes.set(days, size * STATES);
    for (let s = STATES - 1; s >= 0; s--)
      for (let p = 0; p < size; p++) planes[s * size + p] = Math.min(planes[s * size + p], planes[(s + 1) * size + p]);
    this.reached.section = planes;
  }

  /** Write the state byte of every place of a level on a day. */
  fill(level, day, into) {
    this.asOf(day);
    const planes = this.reached[level], size = into.length;
    into.fill(0);
    for (let at = 0; at < planes.length; at += size)
      for (let p = 0; p < size; p++) if (planes[at + p] <= day) into[p]++;
    const places = this.places[level];
    for (let i = 0; i < this.overdueFrom.length; i++)
      if (this.overdueFrom[i] <= day && this.overdueUntil[i] > day) into[places ? places[i] : i] |= OVERDUE;
    if (level === "parcel" || level === "building") into[0] = 0;
  }
}

export class Campaign {
  /** @param index the answer of /wall/index */
  constructor(index, { urls, known }) {
    this.urls = urls;
    this.known = known;
    this.projects = new Map(index.projects.map((project) => [project.code, project]));
    this.sections = new Map(index.sections.map((section) => [section.code, section]));
    this.areas = index.areas.map((area) => ({
      ...area, places: area.sections.map((code) => this.sections.get(code)), states: {}, of: {}, ordinals: {}, shown: {}, days: null,
    }));
    this.isPlayable = false;
  }

  query(more) {
    const query = new URLSearchParams(more);
    if (this.known) query.set("known", this.known);
    return query;
  }

  /** Fetch the states of one date: what the first picture needs. */
  async loadStates(on) {
    const { areas } = await fetchPacked(`${this.urls.states}?${this.query({ on, level: LEVELS.join(",") })}`);
    for (const area of this.areas) {
      const arrays = areas.get(area.key);
      if (!arrays) continue;
      for (const level of LEVELS) {
        area.states[level] = arrays[level];
        area.of[level] = arrays[`${level}_section`];
        area.ordinals[level] = arrays[`${level}_ordinal`];
      }
      area.of.section = Uint16Array.from(arrays.section, (_, i) => i + 1);
    }
    this.on = on;
  }

  /** Fetch the days of all households once; from then on every date is worked out here. */
  loadDays() {
    this.loading ??= fetchPacked(`${this.urls.days}?${this.query({})}`).then(({ head, areas }) => {
      this.base = head.base;
      for (const area of this.areas) {
        const arrays = areas.get(area.key);
        if (!arrays) continue;
        const sizes = Object.fromEntries(LEVELS.map((level) => [level, area.states[level].length]));
        area.days = new AreaDays(arrays, sizes);
      }
      this.isPlayable = true;
    });
    return this.loading;
  }

  /** Show another date; needs the days. */
  setDate(on) {
    this.on = on;
    const day = dayNumber(on, this.base);
    for (const area of this.areas)
      if (area.days) for (const level of LEVELS) area.days.fill(level, day, area.states[level]);
  }

  /** The code of a place by its number on the map of an area. */
  codeOf(area, level, number) {
    if (level === "section") return area.places.find((section) => section.number === number)?.code;
    const section = area.places[area.of[level][number] - 1], ordinal = area.ordinals[level][number];
    if (!section) return undefined;
    const digits = ordinal >= 1e6 ? String(ordinal - 1e6).padStart(6, "0") : String(ordinal).padStart(5, "0");
    return `${section.code}-${LETTERS[level]}${digits}`;
  }

  /** Where a code stands on the map: {area, level, number, code}, or null. */
  placeOf(code) {
    const [, , , last] = code.split("-");
    const level = last ? Object.keys(LETTERS).find((one) => LETTERS[one] === last[0]) : "section";
    const section = code.split("-").slice(0, 3).join("-");
    for (const area of this.areas) {
      const index = area.sections.indexOf(section);
      if (index < 0 || !level) continue;
      if (level === "section") return { area, level, number: area.places[index].number, code };
      const ordinal = Number(last.slice(1)) + (last.length === 7 ? 1e6 : 0), ordinals = area.ordinals[level] ?? [];
      for (let number = 1; number < ordinals.length; number++)
        if (ordinals[number] === ordinal && area.of[level][number] === index + 1) return { area, level, number, code };
    }
    return null;
  }

  /** Fetch the lights of plans on a date: section -> [light, sentence]. */
  async loadLights(on, ids) {
    const answer = await fetch(`${this.urls.lights}?${this.query({ on })}`, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${this.urls.lights}: ${answer.status}`);
    const found = await answer.json();
    this.lights = new Map(Object.entries(found.lights).map(([code, [light, sentence]]) => [code, { number: ids.indexOf(light), sentence }]));
    return found;
  }

  /** Mark what the filter leaves: a copy of the states in which all else is HIDDEN. Returns the counts. */
  apply(filter) {
    const wanted = new Uint8Array(16).fill(filter.states.size ? 0 : 1);
    for (const rank of filter.states) wanted[rank] = 1;
    const counts = Object.fromEntries(LEVELS.map((level) => [level, new Uint32Array(9)]));
    const lit = new Uint32Array(8), isByLight = filter.isByLight && this.lights;
    let overdue = 0;
    for (const area of this.areas) {
      const isLeft = new Uint8Array(area.places.length + 1);
      area.places.forEach((section, i) => { isLeft[i + 1] = this.passes(section, filter) ? 1 : 0; });
      area.isLeft = isLeft;
      const light = isByLight && Uint8Array.from([NO_LIGHT, ...area.places.map(({ code }) => this.lights.has(code) ? LIGHT | this.lights.get(code).number : NO_LIGHT)]);
      if (light) area.places.forEach((_, i) => { if (isLeft[i + 1] && light[i + 1] !== NO_LIGHT) lit[light[i + 1] & 0x0f]++; });
      for (const level of LEVELS) {
        const states = area.states[level];
        if (!states) continue;
        const of = area.of[level], shown = (area.shown[level] ??= new Uint8Array(states.length)), count = counts[level];
        for (let p = 0; p < states.length; p++) {
          const state = states[p], rank = state & 0x7f, late = state & OVERDUE;
          if (isLeft[of[p]] && wanted[rank] && (late || !filter.overdue)) {
            shown[p] = light ? light[of[p]] : state;
            if (of[p]) count[rank]++;
          } else shown[p] = HIDDEN;
          if (late && level === "household" && isLeft[of[p]]) overdue++;
        }
      }
    }
    return { counts, overdue, lit };
  }

  passes(section, filter) {
    if (filter.district && section.jurisdiction !== filter.district) return false;
    if (filter.project && section.project !== filter.project) return false;
    return !filter.list || this.projects.get(section.project).lists.includes(filter.list);
  }

  /** West, south, east, north of the sections that the filter leaves, or null. */
  box(filter) {
    let box = null;
    for (const section of this.sections.values()) {
      if (!section.box || !this.passes(section, filter)) continue;
      const [w, s, e, n] = section.box;
      box = box ? [Math.min(box[0], w), Math.min(box[1], s), Math.max(box[2], e), Math.max(box[3], n)] : [w, s, e, n];
    }
    return box;
  }
}
