"""Lay all projects out on the ground: sections, parcels and buildings, and where each household lives.

Named corridors come first, then the quarters that the speech names, then the invented projects on what is still free,
so that no two projects overlap. Everything is in metres here; degrees come last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zhengtu.jobs.demonstration.blocks import draw_quarter, fill_quarter
from zhengtu.jobs.demonstration.corridor import (
    Centreline,
    Stretch,
    corridor_length,
    fill_corridor,
    smooth_line,
    stretches,
)
from zhengtu.jobs.demonstration.fabric import LOT_USE, Floats, Ints, Plots
from zhengtu.jobs.demonstration.ground import TakenGround, buildable, find_site, to_metres
from zhengtu.jobs.demonstration.script import ProjectScript, leader_of, read_script

RESERVES_M = {"railway": 9.0, "expressway": 11.0}
ROAD_RESERVE_M = 12.0
MOST_SECTIONS = 90
MIN_RADIUS_M = 1300.0
"""Smallest radius of invented streets, for lots have straight sides."""


@dataclass(frozen=True)
class LaidProject:
    """One project on the ground. `building_homes` counts the households that live in each building."""

    script: ProjectScript
    jurisdictions: list[str]
    names: list[str]
    notes: list[str]
    outlines: list[BaseGeometry]
    lot_section: Ints
    lot_ring: Floats
    lot_use: Ints
    building_lot: Ints
    building_ring: Floats
    building_use: Ints
    building_floors: Ints
    building_homes: Ints
    building_stairs: Ints


Filling = list[tuple[Plots, Floats, Floats, Ints]]


def lay_out(projects: tuple[ProjectScript, ...], *, households: int, seed: int, placed: bool) -> list[LaidProject]:
    """Return all projects laid out, in their own order.

    With `placed` false no free ground is sought: quarters stay around (0, 0), which is quicker and keeps all counts.
    Raises RuntimeError where the city has no free ground left for a project.
    """
    taken = TakenGround()
    laid: dict[int, LaidProject] = {}
    for project in sorted(projects, key=lambda one: (not one.line, one.site is None, one.number)):
        rng = np.random.default_rng([seed, 2, project.number])
        lay = _lay_named_corridor if project.line else _lay_road if project.half_width_m else _lay_quarter
        done = lay(rng, project, taken=taken, spread=max(1.0, households / 20_000) ** 0.35, placed=placed)
        laid[project.number] = done
        if placed:
            taken.take(shapely.union_all(done.outlines))
    return [laid[project.number] for project in projects]


def _lay_named_corridor(
    rng: np.random.Generator, project: ProjectScript, *, taken: TakenGround, spread: float, placed: bool
) -> LaidProject:
    line = smooth_line(to_metres(np.array(project.line)))
    grounds = {code: buildable(code) for code in project.jurisdictions}
    sections = stretches(
        line,
        half_width_m=project.half_width_m,
        section_m=project.section_m,
        grounds=grounds,
        taken=taken.ground() if placed else None,
    )
    return _fill_corridor(rng, project, line, sections)


def _lay_road(
    rng: np.random.Generator, project: ProjectScript, *, taken: TakenGround, spread: float, placed: bool
) -> LaidProject:
    """Lay an invented street: a gentle arc long enough for its households."""
    length = corridor_length(
        project.households, fabric=project.fabric, half_width_m=project.half_width_m, reserve_m=ROAD_RESERVE_M
    )
    length = float(np.clip(length, 420, 9000))
    turn = rng.uniform(-0.5, 0.5) * min(1.0, length / MIN_RADIUS_M)
    heading = np.radians(project.turned) + np.linspace(-turn, turn, 40)
    steps = np.column_stack((np.cos(heading), np.sin(heading))) * length / 40
    points = np.cumsum(steps, axis=0)
    line = smooth_line(points - points.mean(axis=0))
    outline = line.strip(0, line.length, project.half_width_m)
    project, shift = _site(rng, project, outline, taken=taken, spread=spread, placed=placed)
    line = Centreline(line.xy + shift, line.normal)
    count = int(np.clip(round(line.length / project.section_m), 1, MOST_SECTIONS))
    cuts = np.linspace(0, line.length, count + 1)
    sections = [Stretch(project.jurisdictions[0], cuts[index], cuts[index + 1]) for index in range(count)]
    return _fill_corridor(rng, project, line, sections)


def _lay_quarter(
    rng: np.random.Generator, project: ProjectScript, *, taken: TakenGround, spread: float, placed: bool
) -> LaidProject:
    section_homes = int(max(85, project.households / 40))
    for attempt in range(6):
        quarter = draw_quarter(
            rng,
            homes=round(project.households * (1 + 0.15 * attempt)),
            fabric=project.fabric,
            turned=project.turned,
            section_homes=section_homes,
        )
        sited, shift = _site(rng, project, quarter.outline(), taken=taken, spread=spread, placed=placed)
        filling = fill_quarter(rng, quarter, shift=shift)
        if _room(filling) >= project.households:
            break
    outlines = [shapely.transform(outline, lambda xy: xy + shift) for outline in quarter.section_outlines()]
    names = [f"{index + 1}号地块" for index in range(len(outlines))]
    return _collect(
        rng, sited, [sited.jurisdictions[0]] * len(outlines), names, [""] * len(outlines), outlines, filling
    )


def _fill_corridor(
    rng: np.random.Generator, project: ProjectScript, line: Centreline, sections: list[Stretch]
) -> LaidProject:
    notes = [""] * len(sections)
    military = None
    if project.military_section:
        military = round(project.military_section["position"] * (len(sections) - 1))
        notes[military] = project.military_section["note"]
    for attempt in range(8):
        filling = fill_corridor(
            rng,
            line,
            sections,
            homes=round(project.households * (1 + 0.2 * attempt)),
            fabric=project.fabric,
            half_width_m=project.half_width_m,
            reserve_m=RESERVES_M.get(project.kind, ROAD_RESERVE_M),
            open_fabric="open" if project.kind == "urban_road" else "field",
            military=military,
        )
        if _room(filling) >= project.households:
            break
    outlines: list[BaseGeometry] = [line.strip(one.start, one.end, project.half_width_m) for one in sections]
    names = [f"{_kilometre(one.start)}至{_kilometre(one.end)}" for one in sections]
    return _collect(rng, project, [one.jurisdiction for one in sections], names, notes, outlines, filling)


def _kilometre(station: float) -> str:
    return f"K{int(station) // 1000}+{int(station) % 1000:03d}"


def _room(filling: Filling) -> int:
    return int(sum(plots.building_homes.sum() for plots, *_ in filling))


def _site(
    rng: np.random.Generator,
    project: ProjectScript,
    outline: BaseGeometry,
    *,
    taken: TakenGround,
    spread: float,
    placed: bool,
) -> tuple[ProjectScript, Floats]:
    """Return the project and the shift to free ground; where its own jurisdiction is full, it moves to another."""
    if not placed:
        return project, np.zeros(2)
    urban = read_script()["jurisdictions"]
    own = project.jurisdictions[0]
    for code in (own, *(other for other in urban if other != own)):
        anchor = to_metres(np.array(project.site if project.site and code == own else urban[code]["centre"]))
        if not project.site:
            away, angle = rng.exponential(1500.0 * spread), rng.uniform(0, 2 * np.pi)
            anchor = anchor + away * np.array([np.cos(angle), np.sin(angle)])
        shift = find_site(outline, near=anchor, within=buildable(code), taken=taken, rng=rng)
        if shift is not None:
            return project if code == own else _moved(project, own, code), shift
    raise RuntimeError(f"No free ground is left for {project.code}; ask for fewer households.")


def _moved(project: ProjectScript, own: str, code: str) -> ProjectScript:
    announced = {code: project.announced[own]} if own in project.announced else {}
    return replace(project, jurisdictions=(code,), lead_unit=code, sponsor=leader_of(code), announced=announced)


def _collect(
    rng: np.random.Generator,
    project: ProjectScript,
    jurisdictions: list[str],
    names: list[str],
    notes: list[str],
    outlines: list[BaseGeometry],
    filling: Filling,
) -> LaidProject:
    """Join the fabrics of a project, settle exactly its households, and order lots by section."""
    before = np.cumsum([0] + [len(plots.lot_cell) for plots, *_ in filling])
    lot_use = np.concatenate([plots.lot_use for plots, *_ in filling])
    building_lot = np.concatenate(
        [plots.building_lot + first for first, (plots, *_) in zip(before[:-1], filling, strict=True)]
    )
    use, floors, homes, stairs = (
        np.concatenate([getattr(plots, name) for plots, *_ in filling])
        for name in ("building_use", "building_floors", "building_homes", "building_stairs")
    )
    homes = _settle(rng, homes, project.households)
    lived_in = np.bincount(building_lot, weights=homes, minlength=before[-1]) > 0
    kept = lived_in[building_lot] & ((homes > 0) | (stairs == 0)) if len(building_lot) else np.zeros(0, dtype=bool)
    built = np.isin(lot_use, [LOT_USE["dwelling"], LOT_USE["production"]]) & ~lived_in
    lot_use = np.where(built, LOT_USE["public"], lot_use)
    lot_use = np.where((lot_use == LOT_USE["homestead"]) & ~lived_in, LOT_USE["farmland"], lot_use)
    lot_section = np.concatenate([section for *_, section in filling])
    order = np.argsort(lot_section, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    by_lot = np.flatnonzero(kept)[np.argsort(place[building_lot[kept]], kind="stable")]
    return LaidProject(
        script=project,
        jurisdictions=jurisdictions,
        names=names,
        notes=notes,
        outlines=outlines,
        lot_section=lot_section[order],
        lot_ring=np.concatenate([lots for _, lots, _, _ in filling])[order],
        lot_use=lot_use[order],
        building_lot=place[building_lot[by_lot]],
        building_ring=np.concatenate([rings for _, _, rings, _ in filling])[by_lot],
        building_use=use[by_lot],
        building_floors=floors[by_lot],
        building_homes=homes[by_lot],
        building_stairs=stairs[by_lot],
    )


def _settle(rng: np.random.Generator, room: Ints, homes: int) -> Ints:
    """Return how many households live in each building, `homes` in all: buildings fill up in random order.

    Raises RuntimeError where there is too little room.
    """
    if room.sum() < homes:
        raise RuntimeError(f"Only {room.sum()} homes were drawn for {homes} households.")
    order = rng.permutation(len(room))
    before = np.cumsum(room[order]) - room[order]
    settled = np.zeros_like(room)
    settled[order] = np.clip(homes - before, 0, room[order])
    return settled


def ring_areas(rings: Floats) -> Floats:
    """Return the areas in m² of (n, 4, 2) rings in metres, to two decimals."""
    x, y = rings[..., 0] - rings[:, :1, 0], rings[..., 1] - rings[:, :1, 1]
    twice = (x * np.roll(y, -1, axis=1) - np.roll(x, -1, axis=1) * y).sum(axis=1)
    return np.asarray(np.round(np.abs(twice) / 2, 2))
