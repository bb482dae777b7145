"""From projects on the ground to the registry's tables: codes, areas, addresses and who lives where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from zhengtu.jobs.demonstration import people
from zhengtu.jobs.demonstration.fabric import DWELLING, OFFICE, OUTBUILDING, PRODUCTION, SHOP, Floats, Ints
from zhengtu.jobs.demonstration.ground import to_degrees
from zhengtu.jobs.demonstration.model import (
    HOUSEHOLD_USES,
    BuildingTable,
    Codes,
    HouseholdTable,
    ParcelTable,
    SectionTable,
)
from zhengtu.jobs.demonstration.script import day_of, read_script
from zhengtu.jobs.demonstration.shapes import LaidProject, ring_areas

IN_USE = {use: index for index, use in enumerate(HOUSEHOLD_USES)}


@dataclass(frozen=True)
class Tables:
    """The registry's tables, with the first household of each project and one past the last (`bounds`)."""

    sections: SectionTable
    parcels: ParcelTable
    buildings: BuildingTable
    households: HouseholdTable
    bounds: Ints


def tables(laid: list[LaidProject], *, seed: int, today: date, with_geometry: bool) -> Tables:
    """Return the tables of all projects, numbered within their sections."""
    sections = _sections(laid, seed=seed, today=today, with_geometry=with_geometry)
    parcels = _parcels(laid, sections, with_geometry=with_geometry)
    buildings, homes, stairs = _buildings(laid, sections, parcels, with_geometry=with_geometry)
    households = _households(laid, seed, sections, parcels, buildings, homes, stairs)
    counts = [int(project.building_homes.sum()) for project in laid]
    return Tables(sections, parcels, buildings, households, np.cumsum([0, *counts]))


def _joined(laid: list[LaidProject], name: str, base: str | None = None) -> npt.NDArray[Any]:
    """Join one column of all projects, shifting row indexes by the lengths of the `base` column before them."""
    columns, first = [], 0
    for project in laid:
        columns.append(getattr(project, name) + first if base else getattr(project, name))
        first += len(getattr(project, base)) if base else 0
    return np.concatenate(columns)


def _numbered(prefix: Codes, section: Ints, letter: str) -> Codes:
    """Return codes such as 220204-P0001-S01-L00001, counting within each section; rows come ordered by section."""
    if not len(section):
        return np.zeros(0, dtype="U23")
    starts = np.flatnonzero(np.r_[True, section[1:] != section[:-1]])
    number = np.arange(len(section)) - np.repeat(starts, np.diff(np.r_[starts, len(section)]))
    suffixes = np.array([f"-{letter}{index + 1:05d}" for index in range(int(number.max()) + 1)])
    return np.char.add(prefix[section], suffixes[number])


def _polygons(rings: Floats, wanted: bool) -> npt.NDArray[np.object_] | None:
    return shapely.polygons(to_degrees(rings)) if wanted else None


def _sections(laid: list[LaidProject], *, seed: int, today: date, with_geometry: bool) -> SectionTable:
    codes, owners, orders, deadlines = [], [], [], []
    for index, project in enumerate(laid):
        seen: dict[str, int] = {}
        due = np.datetime64(day_of(project.script.deadline, today=today), "D")
        rng = np.random.default_rng([seed, 5, project.script.number])
        earlier = 7 * rng.integers(0, 4, len(project.names)) if project.script.deadline == "april_start" else 0
        deadlines.append(np.full(len(project.names), due) - np.asarray(earlier, dtype="timedelta64[D]"))
        for order, jurisdiction in enumerate(project.jurisdictions):
            seen[jurisdiction] = seen.get(jurisdiction, 0) + 1
            codes.append(f"{jurisdiction}-P{project.script.number:04d}-S{seen[jurisdiction]:02d}")
            owners.append(index)
            orders.append(order + 1)
    outlines = np.array([outline for project in laid for outline in project.outlines], dtype=object)
    return SectionTable(
        code=np.array(codes),
        project=np.array(owners, dtype=np.int32),
        jurisdiction=np.array([code for project in laid for code in project.jurisdictions]),
        order=np.array(orders, dtype=np.int32),
        name=[name for project in laid for name in project.names],
        note=[note for project in laid for note in project.notes],
        deadline_on=np.concatenate(deadlines),
        geometry=shapely.transform(outlines, to_degrees) if with_geometry else None,
    )


def _parcels(laid: list[LaidProject], sections: SectionTable, *, with_geometry: bool) -> ParcelTable:
    rings = _joined(laid, "lot_ring")
    section = _joined(laid, "lot_section", "names")
    return ParcelTable(
        code=_numbered(sections.code, section, "L"),
        section=section.astype(np.int32),
        use=_joined(laid, "lot_use").astype(np.uint8),
        area_m2=ring_areas(rings),
        geometry=_polygons(rings, with_geometry),
    )


def _buildings(
    laid: list[LaidProject], sections: SectionTable, parcels: ParcelTable, *, with_geometry: bool
) -> tuple[BuildingTable, Ints, Ints]:
    rings = _joined(laid, "building_ring")
    parcel = _joined(laid, "building_lot", "lot_use")
    floors = _joined(laid, "building_floors")
    table = BuildingTable(
        code=_numbered(sections.code, parcels.section[parcel], "B"),
        parcel=parcel.astype(np.int32),
        use=_joined(laid, "building_use").astype(np.uint8),
        floors=floors.astype(np.uint8),
        floor_area_m2=np.round(ring_areas(rings) * floors, 2),
        geometry=_polygons(rings, with_geometry),
    )
    return table, _joined(laid, "building_homes"), _joined(laid, "building_stairs")


def _households(
    laid: list[LaidProject],
    seed: int,
    sections: SectionTable,
    parcels: ParcelTable,
    buildings: BuildingTable,
    homes: Ints,
    stairs: Ints,
) -> HouseholdTable:
    rng = np.random.default_rng([seed, 3])
    building = np.repeat(np.arange(len(homes)), homes)
    count = len(building)
    place = np.arange(count) - np.repeat(np.cumsum(homes) - homes, homes)
    parcel = buildings.parcel[building]
    section = parcels.section[parcel]
    flat = stairs[building] > 0
    storey, door, stairwell = _doors(buildings, stairs, building, place)
    use = _uses(rng, buildings, building, ground_floor=flat & (storey == 1))
    registered, unregistered = _areas(rng, laid, sections, parcels, buildings, stairs, building, section, flat)
    sharing = np.bincount(parcel, minlength=len(parcels))
    return HouseholdTable(
        code=_numbered(sections.code, section, "H"),
        section=section,
        parcel=parcel,
        building=building.astype(np.int32),
        head_name=people.names(rng, count=count),
        identity_number=people.identity_numbers(rng, count=count),
        phone=people.phones(rng, count=count),
        address=_addresses(sections, parcels, buildings, building, flat),
        room=[
            f"{stair}单元{floor}{number:02d}室" if one else ""
            for one, stair, floor, number in zip(
                flat.tolist(), stairwell.tolist(), storey.tolist(), door.tolist(), strict=True
            )
        ],
        members=rng.choice(np.arange(1, 7, dtype=np.uint8), count, p=[0.14, 0.27, 0.33, 0.15, 0.08, 0.03]),
        use=use,
        floor_area_m2=np.round(registered + unregistered, 2),
        registered_area_m2=registered,
        unregistered_area_m2=unregistered,
        land_area_m2=np.round(parcels.area_m2[parcel] / sharing[parcel], 2),
    )


def _doors(buildings: BuildingTable, stairs: Ints, building: Ints, place: Ints) -> tuple[Ints, Ints, Ints]:
    """Return storey, door and stairwell (all from 1) of the nth home of a building, two doors on each landing."""
    floors = buildings.floors[building].astype(np.int64)
    in_stairwell = place % (2 * floors)
    return in_stairwell // 2 + 1, in_stairwell % 2 + 1, place // (2 * floors) + 1


def _uses(
    rng: np.random.Generator, buildings: BuildingTable, building: Ints, *, ground_floor: npt.NDArray[np.bool_]
) -> npt.NDArray[np.uint8]:
    trading = rng.random(len(building)) < np.where(ground_floor, 0.16, 0.015)
    use = np.where(trading, IN_USE["shop"], IN_USE["dwelling"])
    return np.where(buildings.use[building] == PRODUCTION, IN_USE["production"], use).astype(np.uint8)


def _areas(
    rng: np.random.Generator,
    laid: list[LaidProject],
    sections: SectionTable,
    parcels: ParcelTable,
    buildings: BuildingTable,
    stairs: Ints,
    building: Ints,
    section: Ints,
    flat: npt.NDArray[np.bool_],
) -> tuple[Floats, Floats]:
    """Return registered and unregistered floor area in m²; outbuildings are what is mostly not registered."""
    parcel = buildings.parcel[building]
    area = buildings.floor_area_m2

    def on_parcel(uses: tuple[int, ...]) -> Floats:
        counted = np.where(np.isin(buildings.use, uses), area, 0.0)
        return np.bincount(buildings.parcel, weights=counted, minlength=len(parcels)).astype(np.float64)

    proper, outbuildings = on_parcel((DWELLING, SHOP, OFFICE, PRODUCTION)), on_parcel((OUTBUILDING,))
    flats = np.maximum(1, stairs * 2 * buildings.floors.astype(np.int64))[building]
    of_flat = area[building] / flats * rng.uniform(0.86, 1.14, len(building))
    zeal = np.array([project.script.unregistered for project in laid])[sections.project[section]]
    lacking_title = rng.random(len(building)) < np.minimum(0.95, 0.42 * zeal)
    registered = np.where(flat, of_flat, proper[parcel] + np.where(lacking_title, 0.0, outbuildings[parcel]))
    enlarged = (rng.random(len(building)) < 0.04 * zeal) & flat
    unregistered = np.where(
        flat, np.where(enlarged, 0.15 * of_flat, 0.0), np.where(lacking_title, outbuildings[parcel], 0)
    )
    return registered.round(2), unregistered.round(2)


def _addresses(
    sections: SectionTable,
    parcels: ParcelTable,
    buildings: BuildingTable,
    building: Ints,
    flat: npt.NDArray[np.bool_],
) -> list[str]:
    """Return invented addresses: a street and house number, a village, or the block of a housing estate."""
    heads = _section_addresses(sections)
    lot_number = [int(code[-5:]) for code in parcels.code.tolist()]
    kind = np.where(flat, 0, np.where(parcels.use[buildings.parcel[building]] == 1, 1, 2)).tolist()
    block_number = [int(code[-5:]) for code in buildings.code.tolist()]
    lots, section = buildings.parcel.tolist(), parcels.section.tolist()
    forms = ("小区{}号楼", "村{}号", "街{}号")
    return [
        heads[section[lots[block]]] + forms[form].format(block_number[block] if form == 0 else lot_number[lots[block]])
        for block, form in zip(building.tolist(), kind, strict=True)
    ]


def _section_addresses(sections: SectionTable) -> list[str]:
    """Return each section's jurisdiction and an invented place name that no other section of it has."""
    unit_names = {unit["code"]: unit["name"] for unit in read_script()["units"]}
    places = read_script()["fictitious"]["starts"]["places"]
    seen: dict[str, int] = {}
    heads = []
    for jurisdiction in sections.jurisdiction.tolist():
        number = seen.get(jurisdiction, 0)
        seen[jurisdiction] = number + 1
        turn = number // len(places)
        ordinal = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(turn)) if turn else ""
        heads.append(unit_names[jurisdiction] + places[number % len(places)] + ordinal)
    return heads
