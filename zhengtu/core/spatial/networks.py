"""Closing a network (路网闭合): corridors that meet, how much of them hangs together free, and which gap keeps it open.

Two corridors meet where their axes cross, or where one ends near the other. What runs free on both sides of such a
place hangs together. A gap whose two sides hang together already by another way closes a ring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Generic, TypeVar

import numpy as np
import shapely
from shapely import LineString, Point

from zhengtu.core.spatial.axes import Strip, strip_of
from zhengtu.core.spatial.corridors import Cover, LandPiece, Opening, Span, covers_of, free_spans, gaps_of
from zhengtu.core.spatial.projections import plane_at

MEETS_WITHIN_M: Final = 120.0
"""A corridor that ends as near as this to another's axis meets it: half the widths of both, and the kerb."""
_EDGE_M: Final = 1.0
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Junction:
    """Where two corridors meet: the distance along each."""

    one: str
    one_m: float
    other: str
    other_m: float


@dataclass(frozen=True, slots=True)
class NetworkGap:
    """A gap of one corridor and what closing it brings to the network.

    Attributes:
        joins_m: metres that hang together through it when it is handed over.
        opens_m: that, less the largest part that hangs together there already.
        closes_ring: whether its two sides hang together already by another way.
    """

    corridor: str
    gap: Opening
    joins_m: float
    opens_m: float
    closes_ring: bool

    @property
    def opens_m_per_household(self) -> float:
        """Metres opened for each household left; see ``Opening``."""
        return self.opens_m / max(1, self.gap.households_left)


@dataclass(frozen=True, slots=True)
class Network:
    """Corridors that meet.

    Attributes:
        length_m: metres of all.
        free_m: metres free.
        parts_m: lengths of the parts that hang together free, the longest first.
        rings: closed rings that are free.
        gaps: those that close a ring first, then by metres opened per household left.
    """

    corridors: Sequence[str]
    junctions: Sequence[Junction]
    length_m: float
    free_m: float
    parts_m: Sequence[float]
    rings: int
    gaps: Sequence[NetworkGap]

    @property
    def is_closed(self) -> bool:
        """Whether nothing cuts it any more."""
        return not self.gaps


@dataclass(frozen=True, slots=True)
class _Route:
    key: str
    strip: Strip
    covers: Sequence[Cover]

    def free(self, without: Sequence[str] = ()) -> list[Span]:
        covers = [cover for cover in self.covers if cover.code not in without]
        return free_spans(covers, length_m=self.strip.length_m)


def networks_of(corridors: Mapping[str, Sequence[LandPiece]]) -> list[Network]:
    """The networks among corridors (key -> sections in order), the longest first; one that meets none is no network."""
    shapes = [piece.shape for pieces in corridors.values() for piece in pieces if piece.shape is not None]
    if not shapes:
        return []
    bounds = shapely.total_bounds(np.array(shapes, dtype=object))
    plane = plane_at(longitude=float(bounds[0] + bounds[2]) / 2)
    routes = {}
    for key, pieces in corridors.items():
        strip = strip_of([piece.shape for piece in pieces], plane=plane)
        if strip.is_strip:
            routes[key] = _Route(key, strip, covers_of(strip, pieces))
    junctions = [one for pair in combinations(routes.values(), 2) for one in _junctions(*pair)]
    held = _Groups(list(routes))
    for junction in junctions:
        held.join(junction.one, junction.other)
    found = [
        _network([routes[key] for key in keys], [one for one in junctions if one.one in keys])
        for keys in held.groups() if len(keys) > 1
    ]
    return sorted(found, key=lambda network: -network.length_m)


def _network(routes: Sequence[_Route], junctions: Sequence[Junction]) -> Network:
    parts, rings = _hanging_together(routes, junctions, without=())
    gaps = []
    for route in routes:
        for gap in gaps_of(route.covers, length_m=route.strip.length_m):
            after, rings_after = _hanging_together(routes, junctions, without=gap.codes)
            joins, inside = _part_through(after, parts, route.key, (gap.from_m, gap.to_m))
            gaps.append(
                NetworkGap(
                    corridor=route.key, gap=gap, joins_m=joins, opens_m=max(0.0, joins - inside),
                    closes_ring=rings_after > rings,
                )
            )
    gaps.sort(key=lambda one: (not one.closes_ring, -one.opens_m_per_household, one.gap.households_left, one.corridor))
    return Network(
        corridors=[route.key for route in routes], junctions=junctions,
        length_m=sum(route.strip.length_m for route in routes), free_m=sum(_length(part) for part in parts),
        parts_m=sorted((_length(part) for part in parts), reverse=True), rings=rings, gaps=gaps,
    )


_Run = tuple[str, Span]
_Part = frozenset[_Run]


def _hanging_together(
    routes: Sequence[_Route], junctions: Sequence[Junction], *, without: Sequence[str]
) -> tuple[list[_Part], int]:
    """The parts of the free network, and how many rings are in it, when these pieces of land are handed over."""
    runs: list[_Run] = [(route.key, span) for route in routes for span in route.free(without)]
    held = _Groups(runs)
    rings = 0
    for junction in junctions:
        ones = [run for run in runs if run[0] == junction.one and _reaches(run[1], junction.one_m)]
        others = [run for run in runs if run[0] == junction.other and _reaches(run[1], junction.other_m)]
        for one in ones:
            for other in others:
                rings += not held.join(one, other)
    return [frozenset(group) for group in held.groups()], rings


def _part_through(after: Sequence[_Part], before: Sequence[_Part], key: str, gap: Span) -> tuple[float, float]:
    """Metres of the part that then runs through the gap, and of the largest part of before that lies in it."""
    through = max(
        (part for part in after if any(run[0] == key and _overlaps(run[1], gap) for run in part)),
        key=_length, default=frozenset(),
    )
    inside = [
        part for part in before
        if any(run[0] == held[0] and _overlaps(run[1], held[1]) for run in part for held in through)
    ]
    return _length(through), max((_length(part) for part in inside), default=0.0)


def _junctions(one: _Route, other: _Route) -> list[Junction]:
    """Where two corridors meet, each place once."""
    line, line_of_other = _whole_line(one.strip), _whole_line(other.strip)
    points = [
        point for point in shapely.get_parts(shapely.intersection(line, line_of_other)) if isinstance(point, Point)
    ]
    for ends, target in ((line, line_of_other), (line_of_other, line)):
        for end in (Point(ends.coords[0]), Point(ends.coords[-1])):
            is_new = all(end.distance(held) > 2 * MEETS_WITHIN_M for held in points)
            if is_new and end.distance(target) <= MEETS_WITHIN_M:
                points.append(end)
    return [
        Junction(one.key, _along(one.strip, point), other.key, _along(other.strip, point)) for point in points
    ]


def _whole_line(strip: Strip) -> LineString:
    """The corridor's line on the ground, across land that it does not need too."""
    return LineString(np.concatenate([shapely.get_coordinates(piece.axis) for piece in strip.pieces]))


def _along(strip: Strip, point: Point) -> float:
    """Metres along the corridor at which a point lies beside it."""
    nearest = min(strip.pieces, key=lambda piece: piece.axis.distance(point))
    return nearest.from_m + float(nearest.axis.project(point))


def _reaches(span: Span, at: float) -> bool:
    return span[0] - _EDGE_M <= at <= span[1] + _EDGE_M


def _overlaps(span: Span, other: Span) -> bool:
    return min(span[1], other[1]) - max(span[0], other[0]) > 0


def _length(part: _Part) -> float:
    return sum(span[1] - span[0] for _, span in part)


class _Groups(Generic[Thing]):
    """Things that hang together, joined two by two."""

    def __init__(self, things: Sequence[Thing]) -> None:
        self._head: dict[Thing, Thing] = {thing: thing for thing in things}

    def _top(self, thing: Thing) -> Thing:
        while self._head[thing] != thing:
            thing = self._head[thing]
        return thing

    def join(self, one: Thing, other: Thing) -> bool:
        """Join two things; false when they hung together already."""
        first, second = self._top(one), self._top(other)
        self._head[second] = first
        return first != second

    def groups(self) -> list[list[Thing]]:
        """All things, those that hang together in one list."""
        held: dict[Thing, list[Thing]] = {}
        for thing in self._head:
            held.setdefault(self._top(thing), []).append(thing)
        return list(held.values())
