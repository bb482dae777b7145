// The map: outlines, sections, parcels and buildings from vector tiles, coloured through feature state.

import * as maplibre from "../../packages/maplibre-gl/maplibre-gl.mjs";
import { HIDDEN, LIGHT, OVERDUE } from "./campaign.js";
import { BlockSource } from "./blocks.js";

const FONT = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "sans-serif"];
const LEVELS = ["section", "parcel", "building"];
const PARCELS_FROM = 13;
const BUILDINGS_FROM = 15;
const LATE = 16;
const DIMMED = -1;
const LIT = -10;

/** The feature state of a byte shown: its rank, LATE added where overdue; LIT less the light's number; DIMMED. */
function featureState(shown) {
  if (shown === HIDDEN) return DIMMED;
  return shown & LIGHT ? LIT - (shown & 0x0f) : (shown & 0x3f) + (shown & OVERDUE ? LATE : 0);
}

/** The number of the light that a feature state stands for, or -1. */
export const lightOf = (state) => (state <= LIT ? LIT - state : -1);

export function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Whether a point lies inside a polygon or multipolygon, by the even-odd rule. */
function contains({ type, coordinates }, [x, y]) {
  let isInside = false;
  for (const ring of type === "Polygon" ? coordinates : coordinates.flat())
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i], [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) isInside = !isInside;
    }
  return isInside;
}

export class WallMap {
  constructor(container, { settings, campaign, districts, view, onHover, onChoose, onMoved }) {
    Object.assign(this, { settings, campaign, districts, onHover, onChoose });
    this.applied = new Map();
    const protocol = new pmtiles.Protocol();
    maplibre.addProtocol("pmtiles", protocol.tile);
    for (const area of campaign.areas)
      if (area.tiles) protocol.add(new pmtiles.PMTiles(new BlockSource(new URL(area.tiles, location.href).href)));
    this.map = new maplibre.Map({
      container, style: this.style(), ...view, minZoom: 6, maxZoom: 19.5, maxPitch: 0, dragRotate: false,
      localIdeographFontFamily: FONT.join(","), attributionControl: false, fadeDuration: 0, hash: false,
      // The whole campaign lies in one city: neither world copies nor empty tiles around it are needed.
      renderWorldCopies: false,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new maplibre.NavigationControl({ showCompass: false }), "bottom-right");
    this.map.addControl(new maplibre.ScaleControl({ maxWidth: 120, unit: "metric" }), "bottom-left");
    this.map.on("mousemove", (event) => this.hover(event));
    this.map.on("mouseout", () => onHover(null));
    this.map.on("click", (event) => this.choose(event.point));
    this.map.on("move", () => this.paintSoon());
    this.map.on("moveend", () => { this.nameDistricts(); onMoved(); });
    this.map.on("style.load", () => this.nameDistricts());
  }

  colours() {
    return this.settings.ground[isDark() ? "dark" : "light"];
  }

  /** Colour by the feature state `s`: rank, LATE added where overdue, DIMMED where filtered out. */
  fill({ empty = "" } = {}) {
    const { quiet, unregistered } = this.colours();
    const pairs = this.settings.ranks.flatMap(({ colour }, rank) => [[rank, rank + LATE], rank ? colour : unregistered + empty]);
    pairs.push(...this.settings.lights.flatMap(({ colour }, number) => [LIT - number, colour]));
    return ["match", ["coalesce", ["feature-state", "s"], 0], ...pairs, DIMMED, `${quiet}66`, quiet];
  }

  edge(width) {
    const { edge } = this.colours();
    return {
      "line-color": ["case", [">=", ["coalesce", ["feature-state", "s"], 0], LATE], this.settings.late, edge],
      "line-width": width,
    };
  }

  style() {
    const ground = this.colours();
    const nothing = { type: "FeatureCollection", features: [] };
    const sources = {
      districts: { type: "geojson", data: this.districts },
      "district-names": { type: "geojson", data: nothing },
      rivers: { type: "geojson", data: this.settings.urls.rivers },
      labels: { type: "geojson", data: this.labels() },
      chosen: { type: "geojson", data: nothing },
    };
    const name = this.settings.english ? ["coalesce", ["get", "name_en"], ["get", "name"]] : ["get", "name"];
    const layers = [
      { id: "outside", type: "background", paint: { "background-color": ground.outside } },
      { id: "land", type: "fill", source: "districts", filter: ["has", "code"], paint: { "fill-color": ground.land } },
      { id: "rivers", type: "line", source: "rivers", layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": ground.water, "line-width": ["interpolate", ["exponential", 2], ["zoom"], 8, 2, 12, 14, 14, 50],
          // The river is known to about a kilometre: where that would show, it fades.
          "line-opacity": ["interpolate", ["linear"], ["zoom"], 12, 1, 14, 0] } },
    ];
    const levels = { section: [], parcel: [], building: [], edges: [] };
    for (const area of this.campaign.areas.filter((one) => one.tiles)) {
      const source = `area-${area.key}`;
      sources[source] = { type: "vector", url: `pmtiles://${new URL(area.tiles, location.href).href}` };
      for (const [level, more] of Object.entries(this.areaLayers(source))) levels[level].push(...more);
    }
    layers.push(...levels.section, ...levels.parcel, ...levels.building, ...levels.edges);
    layers.push(
      { id: "borders", type: "line", source: "districts", filter: ["has", "is_border"], layout: { "line-join": "round" },
        paint: { "line-color": ground.border, "line-width": ["interpolate", ["linear"], ["zoom"], 8, 1, 13, 2], "line-dasharray": [4, 2] } },
      { id: "chosen-halo", type: "line", source: "chosen", paint: { "line-color": ground.halo, "line-width": 5 } },
      { id: "chosen", type: "line", source: "chosen", paint: { "line-color": ground.label, "line-width": 2.5 } },
      this.text("section-names", "labels", 11, { filter: ["==", ["get", "kind"], "section"], minzoom: 13, field: ["get", "name"] }),
      this.text("project-names", "labels", 13, { filter: ["==", ["get", "kind"], "project"], minzoom: 9.5, maxzoom: 14, field: ["get", "name"],
        layout: { "text-variable-anchor": ["left", "right", "bottom", "top"], "text-radial-offset": 0.7, "text-justify": "auto" } }),
      this.text("district-names", "district-names", 15, { filter: ["has", "code"], field: name, spacing: 0.3, opacity: 0.6 }),
    );
    return { version: 8, sources, layers };
  }

  areaLayers(source) {
    const at = (level) => ({ source, "source-layer": level });
    const grow = (from, to, low, high) => ["interpolate", ["linear"], ["zoom"], from, low, to, high];
    return {
      section: [
        { id: `${source}-section`, type: "fill", ...at("section"),
          paint: { "fill-color": this.fill(), "fill-opacity": grow(PARCELS_FROM - 0.2, PARCELS_FROM + 0.6, 0.95, 0.16) } },
        { id: `${source}-section-line`, type: "line", ...at("section"), maxzoom: PARCELS_FROM,
          layout: { "line-join": "round" }, paint: { "line-color": this.fill(), "line-width": grow(7, 12, 3, 1.5) } },
      ],
      parcel: [
        { id: `${source}-parcel`, type: "fill", ...at("parcel"), minzoom: PARCELS_FROM,
          paint: { "fill-color": this.fill(), "fill-antialias": false, "fill-opacity": grow(BUILDINGS_FROM, BUILDINGS_FROM + 1, 0.95, 0.6) } },
        { id: `${source}-parcel-line`, type: "line", ...at("parcel"), minzoom: 14.5,
          paint: { ...this.edge(grow(14.5, 18, 0.3, 1.6)), "line-opacity": grow(14.5, 16, 0.35, 0.9) } },
      ],
      building: [
        { id: `${source}-building`, type: "fill", ...at("building"), minzoom: BUILDINGS_FROM, paint: { "fill-color": this.fill({ empty: "40" }) } },
        { id: `${source}-building-line`, type: "line", ...at("building"), minzoom: 16,
          paint: { "line-color": this.colours().edge, "line-width": 0.6, "line-opacity": 0.8 } },
      ],
      edges: [
        { id: `${source}-section-edge`, type: "line", ...at("section"), minzoom: 10.5,
          paint: { "line-color": this.colours().label, "line-opacity": 0.65, "line-width": grow(10.5, 15, 0.4, 1.6) } },
      ],
    };
  }

  text(id, source, size, { filter, field, minzoom = 0, maxzoom = 24, spacing = 0, opacity = 1, layout = {} }) {
    const { label, halo } = this.colours();
    return {
      id, type: "symbol", source, filter, minzoom, maxzoom,
      layout: {
        "text-field": field, "text-font": FONT, "text-size": size, "text-max-width": 9,
        "text-letter-spacing": spacing, "text-padding": 6, "symbol-sort-key": ["coalesce", ["get", "order"], 0], ...layout,
      },
      paint: { "text-color": label, "text-halo-color": halo, "text-halo-width": 1.6, "text-opacity": opacity },
    };
  }

  /** Put each district's name into the middle of its part on screen, so that one always knows where one is. */
  nameDistricts() {
    const { width, height } = this.map.getCanvas().getBoundingClientRect();
    const left = width > 720 ? 360 : 10, bottom = height - 130, grid = [];
    for (let row = 0; row < 14; row++)
      for (let column = 0; column < 20; column++) {
        const point = [left + ((column + 0.5) * (width - left)) / 20, 30 + ((row + 0.5) * (bottom - 30)) / 14];
        const { lng, lat } = this.map.unproject(point);
        grid.push({ point, at: [lng, lat] });
      }
    const features = [];
    for (const { properties, geometry } of this.districts.features) {
      if (!properties.code || properties.is_label) continue;
      const inside = grid.filter(({ at }) => contains(geometry, at));
      if (inside.length < 3) continue;
      const middle = [0, 1].map((axis) => inside.reduce((sum, { point }) => sum + point[axis], 0) / inside.length);
      const distance = ({ point }) => Math.hypot(point[0] - middle[0], point[1] - middle[1]);
      const { at } = inside.reduce((best, one) => (distance(one) < distance(best) ? one : best));
      features.push({ type: "Feature", properties, geometry: { type: "Point", coordinates: at } });
    }
    this.map.getSource("district-names")?.setData({ type: "FeatureCollection", features });
  }

  /** Points for the names of projects and sections; the biggest project's name goes first. */
  labels() {
    const features = [], byProject = new Map();
    const point = (at, properties) => features.push({ type: "Feature", properties, geometry: { type: "Point", coordinates: at } });
    const hidden = new Set(this.campaign.areas.flatMap((area) => area.places.filter((_, i) => area.shown.section?.[i] === HIDDEN)));
    for (const section of this.campaign.sections.values()) {
      if (!section.at || hidden.has(section)) continue;
      point(section.at, { kind: "section", name: section.name });
      byProject.set(section.project, [...(byProject.get(section.project) ?? []), section]);
    }
    for (const [code, sections] of byProject) {
      const middle = sections[Math.floor((sections.length - 1) / 2)];
      point(middle.at, { kind: "project", name: this.campaign.projects.get(code).name, order: -sections.length });
    }
    return { type: "FeatureCollection", features };
  }

  /**
   * Bring the colours up to date: only what changed since the last call is touched, and of parcels and buildings only
   * those of sections near the window, for every state set costs at each tile that comes.
   */
  paint() {
    const zoom = this.map.getZoom();
    const near = this.nearSections();
    for (const area of this.campaign.areas) {
      const source = `area-${area.key}`;
      if (!area.tiles || !this.map.getSource(source)) continue;
      this.paintLevel(source, "section", area, null);
      if (zoom >= PARCELS_FROM - 0.5) this.paintLevel(source, "parcel", area, near.get(area));
      if (zoom >= BUILDINGS_FROM - 0.5) this.paintLevel(source, "building", area, near.get(area));
    }
  }

  /** By area: which of its sections lie within the window or half a window beside it. */
  nearSections() {
    const bounds = this.map.getBounds();
    const [west, east, south, north] = [bounds.getWest(), bounds.getEast(), bounds.getSouth(), bounds.getNorth()];
    const besides = (east - west) / 2, above = (north - south) / 2;
    const isNear = ({ box }) => Boolean(box) && box[0] < east + besides && box[2] > west - besides && box[1] < north + above && box[3] > south - above;
    return new Map(this.campaign.areas.map((area) => [area, Uint8Array.from([0, ...area.places.map((section) => (isNear(section) ? 1 : 0))])]));
  }

  paintLevel(source, level, area, near) {
    const shown = area.shown[level];
    if (!shown) return;
    const key = `${source} ${level}`, of = area.of[level];
    const applied = this.applied.get(key) ?? new Uint8Array(shown.length);
    this.applied.set(key, applied);
    const target = { source, sourceLayer: level, id: 0 };
    for (let p = 0; p < shown.length; p++) {
      const state = shown[p];
      if (state === applied[p] || (near && !near[of[p]])) continue;
      applied[p] = state;
      target.id = level === "section" ? area.places[p].number : p;
      this.map.setFeatureState(target, { s: featureState(state) });
    }
  }

  /** While the map moves, colour what comes near, a few times a second. */
  paintSoon() {
    this.painting ??= setTimeout(() => { this.painting = null; this.paint(); }, 120);
  }

  /** Name what the filter leaves; the states have been applied before. */
  nameSections() {
    this.map.getSource("labels")?.setData(this.labels());
  }

  /** Draw anew in the other theme; the states stay as they are. */
  restyle() {
    this.applied.clear();
    this.map.setStyle(this.style(), { diff: false });
    this.map.once("styledata", () => this.paint());
  }

  at(point) {
    const layers = this.map.getStyle().layers.filter(({ id }) => /^area-.*-(section|parcel|building)$/.test(id)).map(({ id }) => id);
    const found = this.map.queryRenderedFeatures([[point.x - 2, point.y - 2], [point.x + 2, point.y + 2]], { layers });
    const order = ["building", "parcel", "section"];
    found.sort((a, b) => order.indexOf(a.sourceLayer) - order.indexOf(b.sourceLayer));
    return found[0] ?? null;
  }

  /** A feature of the tiles as a place: {area, level, number, code}. */
  place({ source, sourceLayer: level, id: number }) {
    const area = this.campaign.areas.find(({ key }) => source === `area-${key}`);
    const code = area && this.campaign.codeOf(area, level, number);
    return code ? { area, level, number, code } : null;
  }

  hover({ point, originalEvent }) {
    const feature = this.at(point);
    const place = feature && this.place(feature);
    this.map.getCanvas().style.cursor = place ? "pointer" : "";
    this.onHover(place && { ...place, state: feature.state.s ?? 0, x: originalEvent.clientX, y: originalEvent.clientY });
  }

  choose(point) {
    const feature = this.at(point);
    this.onChoose(feature ? this.place(feature) : null);
  }

  /** Outline a place that lies in the tiles on screen. */
  mark(place) {
    const features = [];
    if (place?.area.tiles) {
      const found = this.map.querySourceFeatures(`area-${place.area.key}`, { sourceLayer: place.level, filter: ["==", ["id"], place.number] });
      for (const { geometry } of found) features.push({ type: "Feature", properties: {}, geometry });
    }
    this.map.getSource("chosen")?.setData({ type: "FeatureCollection", features });
  }

  fly([west, south, east, north], { maxZoom = 17, animate = true } = {}) {
    const isPhone = innerWidth < 720;
    const padding = isPhone ? { top: 70, bottom: 150, left: 24, right: 24 } : { top: 60, bottom: 130, left: 360, right: 60 };
    const duration = animate && !matchMedia("(prefers-reduced-motion: reduce)").matches ? 900 : 0;
    this.map.fitBounds([[west, south], [east, north]], { padding, maxZoom, duration });
  }
}
