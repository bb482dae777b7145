"""Town quarters: city blocks between bent streets, grouped into sections that tile the project's ground."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zhengtu.jobs.demonstration.fabric import FABRICS, Floats, Ints, Plots, homes_per_m2

Cell = tuple[int, int]


@dataclass(frozen=True)
class Quarter:
    """A quarter drawn around (0, 0): `cells` with their corners (n, 4, 2), street margins, fabric and section."""

    cells: list[Cell]
    corners: Floats
    margins: Floats
    fabrics: list[str]
    section: Ints
    sections: int

    def outline(self) -> BaseGeometry:
        """Return the ground of the whole quarter in metres."""
        return shapely.union_all(shapely.polygons(self.corners))

    def section_outlines(self) -> list[BaseGeometry]:
        """Return each section's ground; sections meet in the middle of the streets."""
        polygons = shapely.polygons(self.corners)
        return [shapely.union_all(polygons[self.section == index]) for index in range(self.sections)]


def draw_quarter(
    rng: np.random.Generator, *, homes: int, fabric: dict[str, float], turned: float, section_homes: int
) -> Quarter:
    """Draw a quarter with room for `homes` households, its streets turned by `turned` degrees."""
    small = 0.72 if homes < 70 else 1.0
    length, depth = rng.uniform(115, 185) * small, rng.uniform(80, 122) * small
    counts = _cells_by_fabric(homes, fabric, (length - 14) * (depth - 14))
    total = sum(counts.values())
    columns = max(1, round(np.sqrt(total * 1.5 * depth / length)) + 1)
    rows = max(1, int(np.ceil(total * 1.45 / columns)))
    cells = _connected_cells(rng, columns, rows, total)
    nodes = _street_nodes(rng, columns, rows, length, depth, turned)
    column, row = np.array(cells).T
    corners = np.stack(
        (nodes[column, row], nodes[column + 1, row], nodes[column + 1, row + 1], nodes[column, row + 1]), axis=1
    )
    corners = corners - corners.mean(axis=(0, 1))
    wide_x = np.where(np.arange(columns + 1) % 3 == 1, 10.0, rng.uniform(4.5, 7.0, columns + 1))
    wide_y = np.where(np.arange(rows + 1) % 3 == 1, 9.0, rng.uniform(4.0, 6.5, rows + 1))
    margins = np.column_stack((wide_x[column], wide_x[column + 1], wide_y[row], wide_y[row + 1]))
    fabrics = _fabrics_in_bands(rng, corners.mean(axis=1), counts)
    area = (length - 14) * (depth - 14)
    weights = np.array([homes_per_m2(name) * area for name in fabrics])
    section = _sections(cells, weights, max(1, round(homes / section_homes)))
    return Quarter(cells, corners, margins, fabrics, section, int(section.max()) + 1)


def _cells_by_fabric(homes: int, fabric: dict[str, float], area: float) -> dict[str, int]:
    counts = {name: round(homes * share / (homes_per_m2(name) * area)) for name, share in fabric.items()}
    main = max(fabric, key=lambda name: fabric[name])
    if "industrial" in counts:
        counts["industrial"] = min(counts["industrial"], max(1, sum(counts.values()) // 8))
    room = sum(homes_per_m2(name) * area * count for name, count in counts.items())
    while room < homes * 1.04:
        counts[main] += 1
        room += homes_per_m2(main) * area
    return {name: count for name, count in counts.items() if count}


def _connected_cells(rng: np.random.Generator, columns: int, rows: int, total: int) -> list[Cell]:
    """Return `total` cells of a grid grown from its middle, so that the quarter's edge is not a rectangle."""
    noise = rng.uniform(0.55, 1.45, (columns, rows))
    middle = (columns // 2, rows // 2)
    seen, heap = {middle}, [(0.0, middle)]
    chosen: list[Cell] = []
    while heap and len(chosen) < total:
        _, (x, y) = heapq.heappop(heap)
        chosen.append((x, y))
        for cell in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if 0 <= cell[0] < columns and 0 <= cell[1] < rows and cell not in seen:
                seen.add(cell)
                away = np.hypot((cell[0] - middle[0]) / columns, (cell[1] - middle[1]) / rows)
                heapq.heappush(heap, (float(away * noise[cell]), cell))
    return sorted(chosen)


def _street_nodes(
    rng: np.random.Generator, columns: int, rows: int, length: float, depth: float, turned: float
) -> Floats:
    """Return (columns + 1, rows + 1, 2) street crossings: uneven spacing, gently bent streets, small irregularities."""
    x = np.concatenate(([0.0], np.cumsum(rng.uniform(0.78, 1.22, columns)))) * length
    y = np.concatenate(([0.0], np.cumsum(rng.uniform(0.85, 1.15, rows)))) * depth
    grid = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    wave, phase = rng.uniform(700, 1300, 2), rng.uniform(0, 2 * np.pi, 2)
    bent = grid.copy()
    bent[..., 0] += 0.022 * wave[0] * np.sin(2 * np.pi * grid[..., 1] / wave[0] + phase[0])
    bent[..., 1] += 0.022 * wave[1] * np.sin(2 * np.pi * grid[..., 0] / wave[1] + phase[1])
    bent += rng.normal(0, 2.2, bent.shape).clip(-5, 5)
    cosine, sine = np.cos(np.radians(turned)), np.sin(np.radians(turned))
    return np.asarray(bent @ np.array([[cosine, sine], [-sine, cosine]]))


def _fabrics_in_bands(rng: np.random.Generator, centres: Floats, counts: dict[str, int]) -> list[str]:
    """Give each cell a fabric so that like stands by like."""
    heading = rng.uniform(0, 2 * np.pi)
    along = centres @ np.array([np.cos(heading), np.sin(heading)]) + rng.normal(0, 90, len(centres))
    names = np.repeat(list(counts), list(counts.values()))[: len(centres)]
    given = np.empty(len(centres), dtype=object)
    given[np.argsort(along, kind="stable")] = names
    return list(given)


def _sections(cells: list[Cell], weights: Floats, wanted: int) -> Ints:
    """Group neighbouring cells into about `wanted` sections of like weight, each of one piece."""
    target = weights.sum() / min(wanted, len(cells))
    index_of = {cell: index for index, cell in enumerate(cells)}
    section = np.full(len(cells), -1)
    count = 0
    for start in range(len(cells)):
        if section[start] >= 0:
            continue
        weight, frontier = 0.0, [(0, start)]
        group: list[int] = []
        queued = {start}
        while frontier and (not group or weight + 0.5 * weights[frontier[0][1]] < target):
            index = heapq.heappop(frontier)[1]
            group.append(index)
            weight += weights[index]
            for near in _neighbours(cells[index], index_of):
                if section[near] < 0 and near not in queued:
                    queued.add(near)
                    apart = (cells[near][0] - cells[start][0]) ** 2 + (cells[near][1] - cells[start][1]) ** 2
                    heapq.heappush(frontier, (apart, near))
        beside = [
            section[near] for index in group for near in _neighbours(cells[index], index_of) if section[near] >= 0
        ]
        if weight < 0.35 * target and beside:
            section[group] = beside[0]
        else:
            section[group] = count
            count += 1
    return section


def _neighbours(cell: Cell, index_of: dict[Cell, int]) -> list[int]:
    x, y = cell
    around = ((x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1))
    return [index_of[near] for near in around if near in index_of]


def fill_quarter(
    rng: np.random.Generator, quarter: Quarter, *, shift: Floats
) -> list[tuple[Plots, Floats, Floats, Ints]]:
    """Return for each fabric its plots, its lots and buildings in metres on the ground, and the section of each lot."""
    filled = []
    fabrics = np.array(quarter.fabrics)
    for name in sorted(set(quarter.fabrics)):
        rows = np.flatnonzero(fabrics == name)
        corners, margins = quarter.corners[rows] + shift, quarter.margins[rows]
        sides = np.linalg.norm(np.roll(corners, -1, axis=1) - corners, axis=2)
        full = np.column_stack(((sides[:, 0] + sides[:, 2]) / 2, (sides[:, 1] + sides[:, 3]) / 2))
        plots = FABRICS[name](
            rng, length=full[:, 0] - margins[:, 0] - margins[:, 1], depth=full[:, 1] - margins[:, 2] - margins[:, 3]
        )
        origin = margins[:, [0, 2]]
        lots = _on_ground(plots.lot_ring, plots.lot_cell, corners, origin, full)
        buildings = _on_ground(plots.building_ring, plots.lot_cell[plots.building_lot], corners, origin, full)
        filled.append((plots, lots, buildings, quarter.section[rows][plots.lot_cell]))
    return filled


def _on_ground(rings: Floats, cell: Ints, corners: Floats, origin: Floats, full: Floats) -> Floats:
    """Map rings from cell metres to the ground; straight lines along and across a cell stay straight."""
    part = (rings + origin[cell][:, None]) / full[cell][:, None]
    u, v = part[..., :1], part[..., 1:]
    first, second, third, fourth = (corners[cell][:, None, index] for index in range(4))
    return np.asarray(first * (1 - u) * (1 - v) + second * u * (1 - v) + third * u * v + fourth * (1 - u) * v)
