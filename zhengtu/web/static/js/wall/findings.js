// Findings of inspections on the map: points with a card. They come from an address that asks who looks, on no tile.

import { Marker } from "../../packages/maplibre-gl/maplibre-gl.mjs";

const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

export class Findings {
  /** @param show told the card's content when a point is chosen */
  constructor({ url, texts, show }) {
    Object.assign(this, { url, texts, show, markers: [] });
  }

  /** Fetch the findings of a day and put them on the map; hides those before. */
  async load(map, query) {
    const asked = (this.asked = {});
    const answer = await fetch(`${this.url}?${query}`, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${this.url}: ${answer.status}`);
    const { findings } = await answer.json();
    if (asked !== this.asked) return;
    this.clear();
    this.asked = asked;
    this.markers = findings.map((finding) => new Marker({ element: this.point(finding) }).setLngLat(finding.position).addTo(map));
  }

  clear() {
    this.asked = null;
    for (const marker of this.markers) marker.remove();
    this.markers = [];
  }

  point(finding) {
    const kind = finding.is_false ? "is-false" : "is-so";
    const button = element("button", {
      type: "button", className: `wall-finding ${kind}${finding.is_released ? "" : " is-unreleased"}`,
      title: `${finding.answer} ${finding.code}`,
    });
    button.setAttribute("aria-label", button.title);
    button.addEventListener("click", (event) => { event.stopPropagation(); this.show(this.card(finding)); });
    return button;
  }

  card(finding) {
    const photos = finding.photos.map((href) =>
      element("a", { href }, element("img", { src: href, alt: this.texts.photo, loading: "lazy" })));
    return element("article", { className: "place finding-card" },
      element("header", {},
        element("p", { className: "quiet small", textContent: `${this.texts.finding} ${finding.inspection}` }),
        element("h2", { textContent: finding.answer })),
      element("p", {},
        element("a", { className: "code", href: finding.href, textContent: finding.code }), ` ${finding.reported}`),
      element("p", { className: "quiet small", textContent: finding.is_released ? finding.on : `${finding.on} · ${this.texts.unreleased}` }),
      element("div", { className: "finding-photos" }, ...photos));
  }
}
