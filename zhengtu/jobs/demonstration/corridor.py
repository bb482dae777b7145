"""Corridors: a strip along a smooth line, cut into sections, with lots and fields on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from zhengtu.jobs.demonstration.fabric import FABRICS, Floats, Ints, Plots, homes_per_m2

MARGIN_M = 2.0
"""Ground between the outermost lots and the corridor's edge."""
CROSS_LANE_M = 7.0


@dataclass(frozen=True)
class Centreline:
    """A smooth line: points every metre (`xy`), and the unit vectors to its left (`normal`)."""

    xy: Floats
    normal: Floats

    @property
    def length(self) -> float:
        """Return the length in metres."""
        return float(len(self.xy) - 1)

    def at(self, station: Floats, offset: Floats) -> Floats:
        """Return (..., 2) ground points at distances along the line and to its left, both in metres."""
        metre = np.arange(len(self.xy))
        axes = (0, 1)
        base = np.stack([np.interp(station, metre, self.xy[:, axis]) for axis in axes], axis=-1)
        left = np.stack([np.interp(station, metre, self.normal[:, axis]) for axis in axes], axis=-1)
        return np.asarray(base + left * offset[..., None])

    def strip(self, start: float, end: float, half_width_m: float) -> Polygon:
        """Return the corridor between two stations as a polygon with a vertex about every eight metres."""
        station = np.linspace(start, end, max(3, int((end - start) / 8)))
        left = self.at(station, np.full(len(station), half_width_m))
        right = self.at(station, np.full(len(station), -half_width_m))
        return Polygon(np.concatenate((left, right[::-1])))


@dataclass(frozen=True)
class Stretch:
    """One section of a corridor, from `start` to `end` along the line."""

    jurisdiction: str
    start: float
    end: float


def smooth_line(points: Floats) -> Centreline:
    """Return a line through the neighbourhood of control points (n, 2) with curves of some hundred metres radius."""
    curve = points
    for _ in range(4):
        quarter = 0.75 * curve[:-1] + 0.25 * curve[1:]
        three = 0.25 * curve[:-1] + 0.75 * curve[1:]
        curve = np.concatenate((curve[:1], np.stack((quarter, three), axis=1).reshape(-1, 2), curve[-1:]))
    curve = _every_metre(curve)
    window = int(min(301, len(curve) // 3 * 2 + 1)) | 1
    padded = np.concatenate(
        (2 * curve[0] - curve[window // 2 : 0 : -1], curve, 2 * curve[-1] - curve[-2 : -window // 2 - 1 : -1])
    )
    kernel = np.ones(window) / window
    curve = np.column_stack([np.convolve(padded[:, axis], kernel, mode="valid") for axis in (0, 1)])
    curve = _every_metre(curve)
    tangent = np.gradient(curve, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1)[:, None]
    return Centreline(curve, np.column_stack((-tangent[:, 1], tangent[:, 0])))


def _every_metre(curve: Floats) -> Floats:
    gone = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))))
    metre = np.linspace(0, gone[-1], int(gone[-1]) + 1)
    return np.column_stack([np.interp(metre, gone, curve[:, axis]) for axis in (0, 1)])


def stretches(
    line: Centreline,
    *,
    half_width_m: float,
    section_m: float,
    grounds: dict[str, BaseGeometry],
    taken: BaseGeometry | None,
) -> list[Stretch]:
    """Cut a corridor into sections where its whole width lies in one of `grounds` and clear of `taken`.

    Sections come in the order of the line; stretches shorter than 250 m are left out.
    """
    station = np.arange(0, line.length, 5.0)
    offsets = np.array([-1, -0.5, 0, 0.5, 1]) * (half_width_m + 5)
    points = line.at(station[:, None] + 0 * offsets, np.broadcast_to(offsets, (len(station), len(offsets))))
    clear = np.ones(len(station), dtype=bool)
    if taken is not None:
        clear = ~shapely.contains_xy(taken, points[..., 0], points[..., 1]).any(axis=1)
    found = []
    for code, ground in grounds.items():
        inside = (shapely.contains_xy(ground, points[..., 0], points[..., 1]).all(axis=1) & clear).astype(int)
        change = np.diff(np.concatenate(([0], inside, [0])))
        for first, last in zip(np.flatnonzero(change == 1), np.flatnonzero(change == -1) - 1, strict=True):
            start, end = float(station[first]), float(station[last])
            if end - start < 250:
                continue
            cuts = np.linspace(start, end, max(1, round((end - start) / section_m)) + 1)
            found += [Stretch(code, float(a), float(b)) for a, b in pairwise(cuts)]
    return sorted(found, key=lambda stretch: stretch.start)


def corridor_length(homes: int, *, fabric: dict[str, float], half_width_m: float, reserve_m: float) -> float:
    """Return the metres of corridor on which about `homes` households live when both sides are built up."""
    depth = 2 * (half_width_m - reserve_m - MARGIN_M) * 0.9
    return (
        homes
        * 1.25
        * sum(share / (homes_per_m2(name) * depth) for name, share in fabric.items() if name != "industrial")
    )


def fill_corridor(
    rng: np.random.Generator,
    line: Centreline,
    sections: list[Stretch],
    *,
    homes: int,
    fabric: dict[str, float],
    half_width_m: float,
    reserve_m: float,
    open_fabric: str,
    military: int | None,
) -> list[tuple[Plots, Floats, Floats, Ints]]:
    """Return for each fabric its plots, their lots and buildings in metres on the ground, and the section of each lot.

    `reserve_m` is kept free on either side of the line; where nobody lives the strip holds `open_fabric`. The section
    with index `military` holds former military land alone.
    """
    depth = half_width_m - reserve_m - MARGIN_M
    start, length, side, section = _runs(rng, sections)
    names = _settle(rng, start, length, side, section, depth, homes, fabric, open_fabric, closed=section == military)
    if military is not None:
        names[section == military] = "military"
    filled = []
    for name in sorted(set(names)):
        rows = np.flatnonzero(names == name)
        plots = FABRICS[name](rng, length=length[rows], depth=np.full(len(rows), depth))

        def on_ground(rings: Floats, run: Ints, rows: Ints = rows) -> Floats:
            offset = side[rows][run][:, None] * (reserve_m + rings[..., 1])
            return line.at(start[rows][run][:, None] + rings[..., 0], offset)

        lots = on_ground(plots.lot_ring, plots.lot_cell)
        buildings = on_ground(plots.building_ring, plots.lot_cell[plots.building_lot])
        filled.append((plots, lots, buildings, section[rows][plots.lot_cell]))
    return filled


def _runs(rng: np.random.Generator, sections: list[Stretch]) -> tuple[Floats, Floats, Ints, Ints]:
    """Cut both sides of each section into runs between cross lanes: start, length, side (1 left, -1 right), section."""
    runs = []
    for index, stretch in enumerate(sections):
        for side in (1, -1):
            room = stretch.end - stretch.start
            count = max(1, round(room / rng.uniform(95, 150)))
            cuts = np.linspace(stretch.start, stretch.end, count + 1)
            cuts[1:-1] += rng.uniform(-0.18, 0.18, count - 1) * room / count
            half = CROSS_LANE_M / 2
            runs += [(a + half, b - a - 2 * half, side, index) for a, b in pairwise(cuts)]
    start, length, sides, section = (np.array(column) for column in zip(*runs, strict=True))
    return start, length, sides, section


def _settle(
    rng: np.random.Generator,
    start: Floats,
    length: Floats,
    side: Ints,
    section: Ints,
    depth: float,
    homes: int,
    fabric: dict[str, float],
    open_fabric: str,
    *,
    closed: np.ndarray,
) -> np.ndarray:
    """Give each run a fabric: settlements in clusters until there is room for the households, open ground elsewhere.

    Each section is given its first settled run before any has its second.
    """
    wave = rng.uniform(900, 2600, 3)
    phase = rng.uniform(0, 2 * np.pi, 3)
    score = (
        np.sin(2 * np.pi * start[:, None] / wave + phase).sum(axis=1) + 0.25 * side + rng.normal(0, 0.45, len(start))
    )
    names = np.full(len(start), open_fabric, dtype=object)
    wanted = {name: homes * 1.1 * share for name, share in fabric.items() if name != "industrial"}
    score[_best_of_each(score, section)] += 10.0
    order = [index for index in np.argsort(-score, kind="stable") if not closed[index]]
    for index in order:
        name = max(wanted, key=lambda option: wanted[option])
        if wanted[name] <= 0:
            break
        if "industrial" in fabric and rng.random() < fabric["industrial"]:
            name = "industrial"
        names[index] = name
        wanted[name] = wanted.get(name, 0.0) - homes_per_m2(name) * length[index] * depth
    if open_fabric == "open":
        works = (names == open_fabric) & ~closed & (rng.random(len(names)) < fabric.get("industrial", 0.0))
        names[works] = "industrial"
    lacking = sum(max(0.0, left) for left in wanted.values())
    for index in order:
        if lacking <= 0:
            break
        if names[index] != "slab":
            lacking -= (homes_per_m2("slab") - homes_per_m2(str(names[index]))) * length[index] * depth
            names[index] = "slab"
    return names


def _best_of_each(score: Floats, section: Ints) -> Ints:
    """Return the row with the highest score in each section."""
    order = np.lexsort((-score, section))
    first = np.r_[True, section[order][1:] != section[order][:-1]]
    return np.asarray(order[first])
