// The date axis: a slider over the campaign, buttons that step and play it, and the deadlines on it.

import { dayNumber, isoDay } from "./campaign.js";

const BASE = "1990-01-01";
const FRAME_MS = 100;

export class Timeline {
  /** @param onDate called with an ISO date; may return a promise, the next frame then waits for it. */
  constructor({ settings, deadlines, onDate }) {
    Object.assign(this, { settings, onDate });
    this.today = dayNumber(settings.today, BASE);
    const start = settings.campaign ? dayNumber(settings.campaign.start, BASE) : this.today - 180;
    const end = settings.campaign ? dayNumber(settings.campaign.end, BASE) : this.today;
    this.first = Math.min(start, this.today - 30, dayNumber(settings.on, BASE));
    this.last = Math.max(end, this.today);
    this.slider = document.getElementById("slider");
    this.slider.min = this.first;
    this.slider.max = this.last;
    this.slider.value = dayNumber(settings.on, BASE);
    this.day = Number(this.slider.value);
    this.draw(deadlines);
    this.slider.addEventListener("input", () => { this.pause(); this.show(Number(this.slider.value)); });
    document.getElementById("back").addEventListener("click", () => { this.pause(); this.show(this.day - 1); });
    document.getElementById("forth").addEventListener("click", () => { this.pause(); this.show(this.day + 1); });
    this.button = document.getElementById("play");
    this.button.addEventListener("click", () => (this.playing ? this.pause() : this.play()));
    this.label();
  }

  /** Show a day; days after today are not known and stand at today. */
  async show(day) {
    this.wanted = Math.max(this.first, Math.min(day, this.today));
    this.slider.value = this.wanted;
    if (this.busy) return;
    this.busy = true;
    while (this.day !== this.wanted) {
      this.day = this.wanted;
      this.label();
      await this.onDate(isoDay(this.day, BASE));
    }
    this.busy = false;
  }

  label() {
    const iso = isoDay(this.day, BASE);
    const time = document.getElementById("date");
    time.textContent = iso;
    time.dateTime = iso;
    this.slider.setAttribute("aria-valuetext", iso);
    const share = (day) => `${(100 * (day - this.first)) / (this.last - this.first || 1)}%`;
    this.slider.style.setProperty("--shown", share(this.day));
    this.slider.style.setProperty("--known", share(this.today));
  }

  async play() {
    if (this.day >= this.today) await this.show(this.first);
    this.playing = true;
    this.button.textContent = "❚❚";
    this.button.setAttribute("aria-label", this.settings.texts.pause);
    const perSecond = () => Number(document.getElementById("speed").value);
    let due = performance.now(), exact = this.day;
    while (this.playing && this.day < this.today) {
      exact += Math.min((perSecond() * FRAME_MS) / 1000, 30);
      if (Math.floor(exact) > this.day) await this.show(Math.floor(exact));
      due = Math.max(due + FRAME_MS, performance.now());
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      await new Promise(requestAnimationFrame);
    }
    this.pause();
  }

  pause() {
    this.playing = false;
    this.button.textContent = "▶";
    this.button.setAttribute("aria-label", this.settings.texts.play);
  }

  /** Months as ticks, deadlines as marks; several on one day share a mark. */
  draw(deadlines) {
    const axis = document.getElementById("axis");
    axis.replaceChildren();
    const place = (element, day) => { element.style.left = `${(100 * (day - this.first)) / (this.last - this.first || 1)}%`; axis.append(element); };
    const make = (className, text) => Object.assign(document.createElement("span"), { className, textContent: text });
    const span = this.last - this.first;
    const most = Math.max(3, Math.floor(axis.clientWidth / 64));
    const everyMonths = Math.max(1, Math.ceil(span / 30 / most));
    const cursor = new Date(`${isoDay(this.first, BASE)}T00:00:00Z`);
    cursor.setUTCDate(1);
    for (cursor.setUTCMonth(cursor.getUTCMonth() + 1); ; cursor.setUTCMonth(cursor.getUTCMonth() + everyMonths)) {
      const day = dayNumber(cursor.toISOString().slice(0, 10), BASE);
      if (day > this.last) break;
      if (Math.abs(day - this.today) * axis.clientWidth < 48 * span) continue;
      place(make("tick", cursor.getUTCMonth() ? `${cursor.getUTCMonth() + 1}-01` : String(cursor.getUTCFullYear())), day);
    }
    place(make("now", this.settings.texts.today), this.today);
    const byDay = new Map();
    for (const deadline of deadlines) {
      const day = dayNumber(deadline.on, BASE);
      if (day >= this.first && day <= this.last) byDay.set(day, [...(byDay.get(day) ?? []), deadline]);
    }
    for (const [day, due] of byDay) {
      const mark = make("deadline", "");
      const lines = new Set(due.map(({ name, of }) => (of && !name.includes(of) ? `${name} · ${of}` : name)));
      mark.title = [isoDay(day, BASE), ...[...lines].slice(0, 12), ...(lines.size > 12 ? [`… ${lines.size}`] : [])].join("\n");
      place(mark, day);
    }
  }
}
