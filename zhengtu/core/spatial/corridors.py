"""Corridors: what outstanding land cuts them, how long they run free, and what each piece would open if handed over.

A corridor is measured along the axis of its land, in metres; ground between its sections on which the project needs no
land is not counted and cuts nothing. A metre is free when no outstanding piece of land lies on it. See
docs/algorithms/corridors.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from zhengtu.core.spatial.axes import Strip, strip_of
from zhengtu.core.spatial.projections import CGCS2000, transform

Span = tuple[float, float]
"""From and to, in metres along the corridor."""
_TOUCH_M = 0.5
"""Shorter overlaps are the surveys' inexactness and cut nothing."""


@dataclass(frozen=True, slots=True)
class LandPiece:
    """A section or parcel on a corridor.

    Attributes:
        shape: in EPSG:4490; None where none is registered.
        is_free: whether its land is handed over (of a parcel: whether nobody is left on it).
        households_left: households on it that are still to be dealt with.
    """

    code: str
    shape: BaseGeometry | None
    is_free: bool
    households_left: int = 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """One section along the corridor."""

    code: str
    from_m: float
    to_m: float
    is_free: bool
    households_left: int

    @property
    def length_m(self) -> float:
        """Its metres."""
        return self.to_m - self.from_m


@dataclass(frozen=True, slots=True)
class Opening:
    """What handing over this land alone would bring.

    Attributes:
        codes: the land: one piece, or all pieces of a gap.
        from_m, to_m: where it lies.
        own_m: metres that become free.
        joins_m: length of the longest continuous free stretch that then runs through it; 0 where it frees nothing.
        opens_m: ``joins_m`` less the longest free stretch that it joins: what the continuous stretch gains.
        longest_m: the corridor's longest continuous free stretch then.
        households_left: households left on the land.
    """

    codes: tuple[str, ...]
    from_m: float
    to_m: float
    own_m: float
    joins_m: float
    opens_m: float
    longest_m: float
    households_left: int

    @property
    def opens_m_per_household(self) -> float:
        """Metres opened for each household left; land with nobody left counts as one, for it has only to be taken."""
        return self.opens_m / max(1, self.households_left)


@dataclass(frozen=True, slots=True)
class Corridor:
    """A corridor on a day.

    Attributes:
        stretches: its sections in order along it.
        free: continuous free stretches.
        gaps: what keeps each two of them (or an end) apart, with what it would open, in order along it.
        openings: each outstanding piece of land alone, the most metres opened per household first.
        without_shape: codes of sections of which no shape is registered; they are not on the corridor.
    """

    length_m: float
    stretches: Sequence[Stretch]
    free: Sequence[Span]
    gaps: Sequence[Opening]
    openings: Sequence[Opening]
    without_shape: Sequence[str] = ()
    is_strip: bool = True

    @property
    def free_m(self) -> float:
        """Metres free in all."""
        return sum((to - begin for begin, to in self.free), 0.0)

    @property
    def longest_m(self) -> float:
        """The longest continuous free stretch."""
        return max((to - begin for begin, to in self.free), default=0.0)


@dataclass(frozen=True, slots=True)
class Cover:
    """An outstanding piece of land with the spans of the corridor that it cuts."""

    code: str
    spans: Sequence[Span]
    households_left: int = 0


def corridor_of(sections: Sequence[LandPiece], *, parcels: Mapping[str, Sequence[LandPiece]] | None = None) -> Corridor:
    """A corridor from its sections in their order along it.

    Args:
        parcels: section code -> its parcels. Where given, an outstanding section cuts the corridor only where its
            outstanding parcels lie, and the openings are those of the parcels.
    """
    strip = strip_of([section.shape for section in sections])
    covers = covers_of(strip, sections, parcels=parcels)
    free = free_spans(covers, length_m=strip.length_m)
    alone = _owners_alone(covers)
    stretches = [
        Stretch(
            code=sections[piece.owner].code, from_m=piece.from_m, to_m=piece.to_m,
            is_free=sections[piece.owner].is_free, households_left=sections[piece.owner].households_left,
        )
        for piece in strip.pieces
    ]
    openings = [
        _opening([cover], covers, strip.length_m) if place in alone else _nothing(cover, free)
        for place, cover in enumerate(covers)
    ]
    return Corridor(
        length_m=strip.length_m, stretches=stretches, free=free,
        gaps=gaps_of(covers, length_m=strip.length_m), openings=ranked(openings),
        without_shape=[section.code for section in sections if section.shape is None or section.shape.is_empty],
        is_strip=strip.is_strip,
    )


def ranked(openings: Iterable[Opening]) -> list[Opening]:
    """The most metres opened per household left first (to a decimetre); of equals what joins most, then the fewest
    households."""
    return sorted(
        openings,
        key=lambda one: (-round(one.opens_m_per_household, 1), -round(one.joins_m), one.households_left, one.codes),
    )


def free_spans(covers: Iterable[Cover], *, length_m: float) -> list[Span]:
    """The continuous free stretches of a corridor that these outstanding pieces cut."""
    return _complement(_united([span for cover in covers for span in cover.spans]), length_m)


def gaps_of(covers: Sequence[Cover], *, length_m: float) -> list[Opening]:
    """What lies between the free stretches, in order, with what handing over all of each gap would bring."""
    return [
        _opening([cover for cover in covers if _meets(cover.spans, gap)], covers, length_m, within=gap)
        for gap in _united([span for cover in covers for span in cover.spans])
    ]


def _opening(
    opened: Sequence[Cover], covers: Sequence[Cover], length_m: float, *, within: Span | None = None
) -> Opening:
    """What opening these pieces together would bring; ``within`` gives the place of a gap."""
    before = free_spans(covers, length_m=length_m)
    gone = {id(cover) for cover in opened}
    after = free_spans([cover for cover in covers if id(cover) not in gone], length_m=length_m)
    spans = [within] if within else [span for cover in opened for span in cover.spans]
    own = sum((to - begin for begin, to in after), 0.0) - sum((to - begin for begin, to in before), 0.0)
    best = joins = 0.0
    for run in after:
        inside = [held for held in before if run[0] - _TOUCH_M <= held[0] and held[1] <= run[1] + _TOUCH_M]
        gained = run[1] - run[0] - max((held[1] - held[0] for held in inside), default=0.0)
        if gained > _TOUCH_M and _meets(spans, run) and gained > best:
            best, joins = gained, run[1] - run[0]
    return Opening(
        codes=tuple(cover.code for cover in opened), from_m=min((s[0] for s in spans), default=0.0),
        to_m=max((s[1] for s in spans), default=0.0), own_m=own, joins_m=joins, opens_m=best,
        longest_m=max((to - begin for begin, to in after), default=0.0),
        households_left=sum(cover.households_left for cover in opened),
    )


def covers_of(
    strip: Strip, sections: Sequence[LandPiece], *, parcels: Mapping[str, Sequence[LandPiece]] | None = None
) -> list[Cover]:
    """The outstanding pieces of land with what they cut of the strip of these sections; see ``corridor_of``."""
    covers = []
    for owner, section in enumerate(sections):
        pieces = [piece for piece in strip.pieces if piece.owner == owner]
        if section.is_free or not pieces:
            continue
        if parcels is None:
            spans = [(piece.from_m, piece.to_m) for piece in pieces]
            covers.append(Cover(section.code, spans, section.households_left))
            continue
        left = [one for one in parcels.get(section.code, ()) if one.shape is not None and not one.is_free]
        shapes = np.array([one.shape for one in left], dtype=object)
        for parcel, shape in zip(left, transform(geometries=shapes, source=CGCS2000, target=strip.plane), strict=True):
            nearest = min(pieces, key=lambda piece: piece.outline.distance(shape))
            covers.append(Cover(parcel.code, [_span_on(nearest.axis, shape, nearest.from_m)], parcel.households_left))
    return covers


def _owners_alone(covers: Sequence[Cover]) -> set[int]:
    """Positions of the pieces that alone cut some metres: where nothing else lies beside them."""
    edges: list[tuple[float, int, int]] = []
    for place, cover in enumerate(covers):
        for begin, to in cover.spans:
            edges += [(begin, 1, place), (to, -1, place)]
    found: set[int] = set()
    open_now: dict[int, int] = {}
    before = 0.0
    for at, change, place in sorted(edges):
        if len(open_now) == 1 and at - before > _TOUCH_M:
            found |= open_now.keys()
        open_now[place] = open_now.get(place, 0) + change
        if not open_now[place]:
            del open_now[place]
        before = at
    return found


def _nothing(cover: Cover, free: Sequence[Span]) -> Opening:
    """The opening of a piece beside which others lie everywhere: alone it frees nothing."""
    return Opening(
        codes=(cover.code,), from_m=min(span[0] for span in cover.spans), to_m=max(span[1] for span in cover.spans),
        own_m=0.0, joins_m=0.0, opens_m=0.0, longest_m=max((to - begin for begin, to in free), default=0.0),
        households_left=cover.households_left,
    )


def _span_on(axis: LineString, shape: BaseGeometry, from_m: float) -> Span:
    """The span of an axis beside which a shape lies: between its outermost points as seen along the axis."""
    along = shapely.line_locate_point(axis, shapely.points(shapely.get_coordinates(shape)))
    return from_m + float(along.min()), from_m + float(along.max())


def _united(spans: Iterable[Span]) -> list[Span]:
    """Overlapping and touching spans joined, in order."""
    joined: list[Span] = []
    for begin, to in sorted(spans):
        if joined and begin <= joined[-1][1] + _TOUCH_M:
            joined[-1] = (joined[-1][0], max(joined[-1][1], to))
        else:
            joined.append((begin, to))
    return joined


def _complement(blocked: Sequence[Span], length_m: float) -> list[Span]:
    edges = [0.0, *(edge for span in blocked for edge in span), length_m]
    return [(begin, to) for begin, to in list(pairwise(edges))[::2] if to - begin > _TOUCH_M]


def _meets(spans: Iterable[Span], other: Span) -> bool:
    return any(min(to, other[1]) - max(begin, other[0]) > 0 for begin, to in spans)
