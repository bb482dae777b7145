"""How a stretch of town is cut into lots and built upon: lanes of courtyard houses, villages, blocks of flats, works.

A *cell* is a rectangle of ground `length` by `depth` metres, its lower edge on a street. Each fabric fills many cells
at once and returns lots and buildings as quadrilaterals in the cell's own metres (a along the length, b into the
depth). Lots in one cell never overlap, and buildings stay within their lots. What is drawn depends only on the random
generator and the sizes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from zhengtu.jobs.demonstration.model import BUILDING_USES, PARCEL_USES

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]
DWELLING, SHOP, OFFICE, PRODUCTION, OUTBUILDING = range(len(BUILDING_USES))
LOT_USE = {use: index for index, use in enumerate(PARCEL_USES)}


@dataclass(frozen=True)
class Plots:
    """Lots and buildings: `ring` is (n, 4, 2) metres, `cell` and `lot` are row indexes, `homes` counts households.

    Without `building_stairs` (zero) a building is a house of its own; with it, that many stairwells of flats.
    """

    lot_cell: Ints
    lot_ring: Floats
    lot_use: Ints
    building_lot: Ints
    building_ring: Floats
    building_use: Ints
    building_floors: Ints
    building_homes: Ints
    building_stairs: Ints


@dataclass(frozen=True)
class RowStyle:
    """Measures of a fabric of rows of houses, in metres; `skew` tilts the fences, `ragged` shortens lots' depth."""

    width: tuple[float, float]
    depth: float
    lane: float
    skew: float
    ragged: float
    house_depth: tuple[float, float]
    house_share: tuple[float, float]
    open_lots: float
    lot_use: int


COURTYARD = RowStyle((8.5, 15.0), 18.5, 3.6, 0.35, 0.10, (6.0, 8.0), (0.92, 1.0), 0.05, LOT_USE["dwelling"])
VILLAGE = RowStyle((15.0, 27.0), 33.0, 5.0, 1.8, 0.24, (7.0, 9.5), (0.55, 0.85), 0.14, LOT_USE["homestead"])


def quads(a0: Floats, a1: Floats, a2: Floats, a3: Floats, b0: Floats, b1: Floats) -> Floats:
    """Return (n, 4, 2) rings with the front from a0 to a1 at b0 and the back from a2 to a3 at b1."""
    rings = np.stack((a0, b0, a1, b0, a3, b1, a2, b1), axis=-1)
    return rings.reshape(*rings.shape[:-1], 4, 2)


def inner(lots: Floats, left: Floats, right: Floats, front: Floats, back: Floats) -> Floats:
    """Return quads within lots, at parts 0..1 of the lot's width (left, right) and depth (front, back)."""

    def at(u: Floats, v: Floats) -> Floats:
        front_edge = lots[:, 0] * (1 - u)[:, None] + lots[:, 1] * u[:, None]
        back_edge = lots[:, 3] * (1 - u)[:, None] + lots[:, 2] * u[:, None]
        return front_edge * (1 - v)[:, None] + back_edge * v[:, None]

    return np.stack((at(left, front), at(right, front), at(right, back), at(left, back)), axis=1)


def rows_of_houses(rng: np.random.Generator, *, length: Floats, depth: Floats, style: RowStyle) -> Plots:
    """Fill cells with rows of lots along lanes, a house at the back of each and outbuildings beside it."""
    lots, cells = _row_lots(rng, length, depth, style)
    kept = rng.random(len(lots)) > style.open_lots
    lots, cells = lots[kept], cells[kept]
    width = np.linalg.norm(lots[:, 1] - lots[:, 0], axis=1)
    deep = lots[:, 2, 1] - lots[:, 0, 1]
    count = len(lots)
    margin = 0.5 / width
    house = np.minimum(rng.uniform(*style.house_depth, count), deep * 0.5) / deep
    share = rng.uniform(*style.house_share, count) * (1 - 2 * margin)
    left = margin + rng.random(count) * (1 - 2 * margin - share)
    back = 1 - 0.45 / deep - rng.random(count) * style.ragged * 0.3
    main = inner(lots, left, left + share, back - house, back)
    eastern = rng.random(count) < 0.5
    wing = np.flatnonzero(rng.random(count) < 0.62)
    wing_width = np.minimum(rng.uniform(2.6, 3.8, count), width * 0.4) / width
    wing_left = np.where(eastern, 1 - margin - wing_width, margin)
    wing_front = np.maximum(back - house - 0.35 / deep - rng.uniform(0.2, 0.45, count), 1.0 / deep)
    wing_back = back - house - 0.35 / deep
    wings = inner(lots[wing], wing_left[wing], (wing_left + wing_width)[wing], wing_front[wing], wing_back[wing])
    shed = np.flatnonzero(rng.random(count) < 0.35)
    shed_width = np.minimum(rng.uniform(2.2, 4.5, count), width * 0.42) / width
    shed_left = np.where(eastern, margin, 1 - margin - shed_width)
    shed_back = np.minimum(rng.uniform(2.4, 4.0, count) / deep + 0.5 / deep, 0.4)
    sheds = inner(lots[shed], shed_left[shed], (shed_left + shed_width)[shed], 0.5 / deep[shed], shed_back[shed])
    return Plots(
        lot_cell=cells,
        lot_ring=lots,
        lot_use=np.full(count, style.lot_use),
        building_lot=np.concatenate((np.arange(count), wing, shed)),
        building_ring=np.concatenate((main, wings, sheds)),
        building_use=np.repeat([DWELLING, OUTBUILDING], [count, len(wing) + len(shed)]),
        building_floors=np.concatenate(
            (1 + (rng.random(count) < 0.12), np.ones(len(wing) + len(shed), dtype=int))
        ).astype(int),
        building_homes=np.concatenate((np.ones(count, dtype=int), np.zeros(len(wing) + len(shed), dtype=int))),
        building_stairs=np.zeros(count + len(wing) + len(shed), dtype=int),
    )


def _row_lots(rng: np.random.Generator, length: Floats, depth: Floats, style: RowStyle) -> tuple[Floats, Ints]:
    rows_in_cell = np.maximum(1, np.round((depth + style.lane) / (style.depth + style.lane))).astype(int)
    row_cell = np.repeat(np.arange(len(length)), rows_in_cell)
    rank = np.arange(len(row_cell)) - np.repeat(np.cumsum(rows_in_cell) - rows_in_cell, rows_in_cell)
    pitch = ((depth + style.lane) / rows_in_cell)[row_cell]
    front, row_depth = rank * pitch, pitch - style.lane
    low, high = style.width
    most = int(np.ceil(length.max() / low)) + 1
    widths = rng.uniform(low, high, (len(row_cell), most))
    ends = np.cumsum(widths, axis=1)
    row_length = length[row_cell]
    fitting = np.maximum(1, (ends <= (row_length + 0.5 * low)[:, None]).sum(axis=1))
    scale = row_length / ends[np.arange(len(ends)), fitting - 1]
    edges = np.concatenate((np.zeros((len(ends), 1)), ends), axis=1) * scale[:, None]
    interior = (np.arange(most + 1)[None, :] > 0) & (np.arange(most + 1)[None, :] < fitting[:, None])
    tilt = np.clip(rng.normal(0, style.skew, edges.shape), -0.2 * low, 0.2 * low) * interior
    passage = 1.1 * (rng.random(edges.shape) < 0.13) * interior
    row, place = np.nonzero(np.arange(most)[None, :] < fitting[:, None])
    near = rng.random(len(row)) * style.ragged * 2.0
    far = row_depth[row] * (1 - style.ragged * rng.random(len(row)) ** 2)

    def fence(index: Ints, into: Floats, side: int) -> Floats:
        """Return where a lot ends so far into the row: on its fence, but for a hand's breadth.

        Leaning fences bend a little when a cell is fitted between bent streets; the hand's breadth is for that.
        """
        lean = tilt[row, index] * (2 * into / row_depth[row] - 1)
        return np.asarray(edges[row, index] + lean + side * (passage[row, index] + 0.02 + 0.07 * style.skew))

    lots = quads(
        fence(place, near, 1),
        fence(place + 1, near, -1),
        fence(place, far, 1),
        fence(place + 1, far, -1),
        front[row] + near,
        front[row] + far,
    )
    return lots, row_cell[row]


def blocks_of_flats(rng: np.random.Generator, *, length: Floats, depth: Floats) -> Plots:
    """Fill cells with walled compounds of parallel slabs 11 to 13 m deep, five to seven floors, two flats a landing."""
    compounds = np.maximum(1, np.round(length / 92)).astype(int)
    cell = np.repeat(np.arange(len(length)), compounds)
    rank = np.arange(len(cell)) - np.repeat(np.cumsum(compounds) - compounds, compounds)
    share = length[cell] / compounds[cell]
    lots = quads(
        rank * share + 0.8, (rank + 1) * share - 0.8, rank * share + 0.8, (rank + 1) * share - 0.8,
        np.zeros(len(cell)), depth[cell],
    )  # fmt: skip
    pitch = rng.uniform(25, 31, len(cell))
    rows = np.maximum(1, np.floor((depth[cell] - 4 + 13) / pitch)).astype(int)
    pair = np.where(share > 84, 2, 1)
    lot = np.repeat(np.arange(len(cell)), rows * pair)
    order = np.arange(len(lot)) - np.repeat(np.cumsum(rows * pair) - rows * pair, rows * pair)
    row, side = order // pair[lot], order % pair[lot]
    thick = np.minimum(rng.uniform(11, 13, len(cell))[lot], depth[cell][lot] - 4)
    room = (share[lot] - 9 - 9 * (pair[lot] - 1)) / pair[lot]
    long = room * rng.uniform(0.86, 1.0, len(lot))
    start = lots[lot, 0, 0] + 3.7 + side * (room + 9) + rng.random(len(lot)) * (room - long)
    step = (depth[cell] - 4)[lot] / rows[lot]
    front = 2 + row * step + (step - thick) / 2
    floors = rng.choice([5, 6, 6, 7], len(cell))[lot]
    stairs = np.maximum(1, np.round(long / 14.5)).astype(int)
    return Plots(
        lot_cell=cell,
        lot_ring=lots,
        lot_use=np.full(len(cell), LOT_USE["dwelling"]),
        building_lot=lot,
        building_ring=quads(start, start + long, start, start + long, front, front + thick),
        building_use=np.full(len(lot), DWELLING),
        building_floors=floors,
        building_homes=stairs * 2 * floors,
        building_stairs=stairs,
    )


def works(rng: np.random.Generator, *, length: Floats, depth: Floats) -> Plots:
    """Fill cells with yards of works and stores: one or two sheds and an office, one enterprise each."""
    yards = np.maximum(1, np.round(length / 75)).astype(int)
    cell = np.repeat(np.arange(len(length)), yards)
    rank = np.arange(len(cell)) - np.repeat(np.cumsum(yards) - yards, yards)
    share = length[cell] / yards[cell]
    left, right = rank * share + 0.5, (rank + 1) * share - 0.5
    lots = quads(left, right, left, right, np.zeros(len(cell)), depth[cell])
    count = len(lots)
    middle = rng.uniform(0.45, 0.6, count)
    shed = inner(lots, np.full(count, 0.07), middle - 0.04, rng.uniform(0.30, 0.42, count), np.full(count, 0.93))
    second = inner(lots, middle + 0.04, np.full(count, 0.93), rng.uniform(0.45, 0.62, count), np.full(count, 0.9))
    office = inner(lots, np.full(count, 0.08), rng.uniform(0.3, 0.5, count), np.full(count, 0.08), np.full(count, 0.2))
    ones = np.ones(count, dtype=int)
    return Plots(
        lot_cell=cell,
        lot_ring=lots,
        lot_use=np.full(count, LOT_USE["production"]),
        building_lot=np.tile(np.arange(count), 3),
        building_ring=np.concatenate((shed, second, office)),
        building_use=np.repeat([PRODUCTION, PRODUCTION, OFFICE], count),
        building_floors=np.concatenate((ones, ones, rng.integers(2, 4, count))),
        building_homes=np.concatenate((ones, 0 * ones, 0 * ones)),
        building_stairs=np.zeros(3 * count, dtype=int),
    )


def fields(rng: np.random.Generator, *, length: Floats, depth: Floats, use: str = "farmland") -> Plots:
    """Fill cells with strips of open ground that no household lives on."""
    strips = np.maximum(1, np.round(length / rng.uniform(32, 58, len(length)))).astype(int)
    cell = np.repeat(np.arange(len(length)), strips)
    rank = np.arange(len(cell)) - np.repeat(np.cumsum(strips) - strips, strips)
    share = length[cell] / strips[cell]
    left, right = rank * share, (rank + 1) * share - 0.4
    none = np.zeros(0, dtype=int)
    return Plots(
        lot_cell=cell,
        lot_ring=quads(left, right, left, right, np.zeros(len(cell)), depth[cell]),
        lot_use=np.full(len(cell), LOT_USE[use]),
        building_lot=none,
        building_ring=np.zeros((0, 4, 2)),
        building_use=none,
        building_floors=none,
        building_homes=none,
        building_stairs=none,
    )


def homes_per_m2(fabric: str) -> float:
    """Return about how many households a fabric holds on one m² of cell, for sizing."""
    return {"courtyard": 0.0038, "village": 0.00115, "slab": 0.0222, "industrial": 0.00016}.get(fabric, 0.0)


FABRICS: dict[str, Callable[..., Plots]] = {
    "courtyard": lambda rng, length, depth: rows_of_houses(rng, length=length, depth=depth, style=COURTYARD),
    "village": lambda rng, length, depth: rows_of_houses(rng, length=length, depth=depth, style=VILLAGE),
    "slab": lambda rng, length, depth: blocks_of_flats(rng, length=length, depth=depth),
    "industrial": lambda rng, length, depth: works(rng, length=length, depth=depth),
    "field": lambda rng, length, depth: fields(rng, length=length, depth=depth),
    "open": lambda rng, length, depth: fields(rng, length=length, depth=depth, use="public"),
    "military": lambda rng, length, depth: fields(rng, length=length, depth=depth, use="military"),
}
