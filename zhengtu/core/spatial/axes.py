"""The axis of a strip of land: the middle line of its polygons, joined in order along a corridor, in metres.

The middle line is the longest way through the polygon's medial axis (Voronoi edges of its densified outline). At both
ends a medial axis forks towards the corners; that much is cut off and the line is carried on straight to the outline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import Voronoi
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from zhengtu.core.spatial.projections import CGCS2000, plane_at, transform

Floats = NDArray[np.float64]
_STEPS: Final = 160
"""Points on a polygon's outline from which its medial axis is drawn, at the least; long strips get more."""


@dataclass(frozen=True, slots=True)
class StripPiece:
    """One connected part of a piece of land, in plane metres.

    Attributes:
        owner: position of the piece of land it belongs to.
        outline: its polygon.
        axis: its middle line, in the direction of the corridor.
        from_m: distance along the corridor at which the axis begins.
    """

    owner: int
    outline: Polygon
    axis: LineString
    from_m: float

    @property
    def to_m(self) -> float:
        """Distance along the corridor at which the axis ends."""
        return self.from_m + float(self.axis.length)


@dataclass(frozen=True, slots=True)
class Strip:
    """Pieces of land one after the other along a corridor; land that lies between them is not counted.

    Attributes:
        pieces: in order.
        plane: the plane in which outlines and axes are, as ``projections.plane_at`` gives it.
    """

    pieces: Sequence[StripPiece]
    plane: int | str

    @property
    def length_m(self) -> float:
        """Metres of axis on the pieces."""
        return self.pieces[-1].to_m if self.pieces else 0.0

    @property
    def is_strip(self) -> bool:
        """Whether it is at least three times as long as it is wide on the mean; else no axis means anything."""
        area = sum(piece.outline.area for piece in self.pieces)
        return bool(self.length_m**2 >= 3 * area > 0)


def strip_of(shapes: Sequence[BaseGeometry | None], *, plane: int | str | None = None) -> Strip:
    """The strip of these pieces of land, given in EPSG:4490 and in their order along the corridor.

    Pieces without a shape are left out.

    Args:
        plane: where to measure; None for the plane of the 3-degree zone in which the strip's middle lies, whose error
            at the zone's edge is below one in two thousand.
    """
    present = [(owner, shape) for owner, shape in enumerate(shapes) if shape is not None and not shape.is_empty]
    if not present:
        return Strip(pieces=(), plane=CGCS2000)
    bounds = shapely.total_bounds(np.array([shape for _, shape in present], dtype=object))
    plane = plane if plane is not None else plane_at(longitude=float(bounds[0] + bounds[2]) / 2)
    moved = transform(geometries=np.array([shape for _, shape in present], dtype=object), source=CGCS2000, target=plane)
    parts = [
        (owner, part)
        for (owner, _), shape in zip(present, moved, strict=True)
        for part in _polygons(shape)
    ]
    lines = [_axis(shapely.to_wkb(part)) for _, part in parts]
    pieces, from_m = [], 0.0
    for place, line in zip(*_in_order([owner for owner, _ in parts], lines), strict=True):
        owner, outline = parts[place]
        pieces.append(StripPiece(owner=owner, outline=outline, axis=line, from_m=from_m))
        from_m += float(line.length)
    return Strip(pieces=tuple(pieces), plane=plane)


def _polygons(shape: BaseGeometry) -> list[Polygon]:
    return [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and part.area > 0]


def _in_order(owners: Sequence[int], lines: Sequence[LineString]) -> tuple[list[int], list[LineString]]:
    """Positions of the lines along the corridor, and the lines turned so that each begins where the one before ends.

    Pieces of land keep their given order; parts of one piece follow each other by nearness.
    """
    order: list[int] = []
    turned: list[LineString] = []
    for owner in dict.fromkeys(owners):
        waiting = [place for place, held in enumerate(owners) if held == owner]
        later = [place for place, held in enumerate(owners) if held > owner]
        while waiting:
            if turned:
                end = Point(turned[-1].coords[-1])
                place = min(waiting, key=lambda one: _end_gap(lines[one], end))
                line = _begun_at(lines[place], end)
            else:
                ahead = shapely.union_all([lines[one] for one in later]) if later else None
                place, line = _first(waiting, lines, ahead)
            waiting.remove(place)
            order.append(place)
            turned.append(line)
    return order, turned


def _first(waiting: Sequence[int], lines: Sequence[LineString], ahead: BaseGeometry | None) -> tuple[int, LineString]:
    """The part to begin with: the one whose one end is farthest from what comes later, beginning at that end."""
    if ahead is None:
        return waiting[0], lines[waiting[0]]
    gaps = [(shapely.distance(Point(lines[one].coords[end]), ahead), -one, end) for one in waiting for end in (0, -1)]
    _, negative, end = max(gaps)
    line = lines[-negative]
    return -negative, line if end == 0 else line.reverse()


def _end_gap(line: LineString, point: Point) -> float:
    return float(min(point.distance(Point(line.coords[0])), point.distance(Point(line.coords[-1]))))


def _begun_at(line: LineString, point: Point) -> LineString:
    is_turned = point.distance(Point(line.coords[-1])) < point.distance(Point(line.coords[0]))
    return line.reverse() if is_turned else line


@lru_cache(maxsize=4096)
def _axis(wkb: bytes) -> LineString:
    """The middle line of a polygon; remembered, for land changes rarely."""
    polygon = shapely.from_wkb(wkb)
    filled = Polygon(polygon.exterior)
    skeleton = _medial_axis(filled)
    if skeleton is None:
        return _long_side(filled)
    line = _carried_to_outline(skeleton, filled)
    return line if line.length >= _long_side(filled).length / 4 else _long_side(filled)


def _medial_axis(polygon: Polygon) -> Floats | None:
    """Points of the longest way along the Voronoi edges inside the polygon; None where there is none."""
    # A step of about a quarter of the mean width keeps the line smooth on narrow strips and cheap on long ones.
    width = 2 * polygon.area / polygon.length
    steps = max(_STEPS, min(2000, int(polygon.length / max(width / 4, 0.5))))
    outline = shapely.get_coordinates(shapely.segmentize(polygon.exterior, polygon.length / steps))[:-1]
    base = outline.mean(axis=0)
    cells = Voronoi(outline - base)
    shapely.prepare(polygon)
    places = cells.vertices + base
    inside = shapely.contains_xy(polygon, places[:, 0], places[:, 1])
    edges = np.array([pair for pair in cells.ridge_vertices if pair[0] >= 0 and inside[pair[0]] and inside[pair[1]]])
    if not len(edges):
        return None
    one, other = edges[:, 0], edges[:, 1]
    length = np.hypot(*(places[one] - places[other]).T)
    graph = coo_array((length + 1e-9, (one, other)), shape=(len(places), len(places))).tocsr()
    part = connected_components(graph, directed=False)[1][one]
    far = _farthest(dijkstra(graph, directed=False, indices=int(one[part == np.bincount(part).argmax()][0])))
    distance, before = dijkstra(graph, directed=False, indices=far, return_predecessors=True)
    way = [_farthest(distance)]
    while way[-1] != far:
        way.append(int(before[way[-1]]))
    return np.asarray(places[way], dtype=np.float64)


def _farthest(distance: Floats) -> int:
    return int(np.argmax(np.where(np.isfinite(distance), distance, -1.0)))


def _carried_to_outline(way: Floats, polygon: Polygon) -> LineString:
    """The way without its forks to the corners, carried on straight to the outline at both ends."""
    clearance = shapely.distance(shapely.points(way), polygon.exterior)
    half_width = float(np.median(clearance))
    wide = np.flatnonzero(clearance >= 0.98 * half_width)
    middle = way[wide[0] : wide[-1] + 1]
    if len(middle) < 2:
        return _long_side(polygon)
    line = LineString(middle).simplify(0.2)
    points = shapely.get_coordinates(line)
    reach = max(4 * half_width, 1.0)
    head = _outline_point(LineString(points[::-1]), polygon, reach=reach, back=2 * half_width)
    tail = _outline_point(line, polygon, reach=reach, back=2 * half_width)
    return LineString([head, *points, tail])


def _outline_point(line: LineString, polygon: Polygon, *, reach: float, back: float) -> tuple[float, float]:
    """Where the line, carried on in the direction of its last metres, leaves the polygon."""
    end = np.array(line.coords[-1])
    ahead = end - np.array(line.interpolate(max(line.length - back, 0.0)).coords[0])
    size = float(np.hypot(*ahead))
    if size == 0:
        return float(end[0]), float(end[1])
    ray = LineString([end, end + ahead / size * reach])
    inside = shapely.intersection(ray, polygon)
    points = shapely.get_coordinates(shapely.get_parts(inside)[0]) if not inside.is_empty else end[None]
    farthest = points[np.argmax(np.hypot(*(points - end).T))]
    return float(farthest[0]), float(farthest[1])


def _long_side(polygon: Polygon) -> LineString:
    """For shapes without a usable medial axis: the middle of the smallest rectangle around them."""
    ring = np.array(polygon.minimum_rotated_rectangle.exterior.coords)
    sides = np.hypot(*np.diff(ring[:3], axis=0).T)
    first = 0 if sides[0] <= sides[1] else 1
    one = (ring[first] + ring[first + 1]) / 2
    other = (ring[(first + 2) % 4] + ring[(first + 3) % 4]) / 2
    return LineString([one, other])
