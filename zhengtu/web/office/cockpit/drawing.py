"""Small drawings made on the server: sparklines and the map of districts, as SVG coordinates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import shapely

from zhengtu.registry.outlines_reading import district_shapes

SPARK_WIDTH: Final = 120
SPARK_HEIGHT: Final = 28
MAP_WIDTH: Final = 320
MAP_HEIGHT: Final = 220
SHADES: Final = (0.2, 0.4, 0.6, 0.8)
"""Shares from which on a district takes the next darker shade."""
_TOLERANCE_DEGREES: Final = 0.004


@dataclass(frozen=True, slots=True)
class DrawnDistrict:
    """A district in the coordinates of its map; ``path`` is empty for one without an outline, drawn as a dot."""

    code: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """Districts with the size of their map."""

    width: float
    height: float
    districts: Sequence[DrawnDistrict]


def sparkline(values: Sequence[int]) -> str:
    """Points of a polyline within ``SPARK_WIDTH`` by ``SPARK_HEIGHT``; a course that never changes lies low.

    The height stands for at least a twentieth of the highest value, so that a change of a few looks like one.
    """
    if len(values) < 2:
        return ""
    lowest, highest = min(values), max(values)
    spread = max(highest - lowest, highest / 20)
    height = SPARK_HEIGHT - 4
    return " ".join(
        f"{SPARK_WIDTH * place / (len(values) - 1):.1f},"
        f"{2 + height * (1 - ((value - lowest) / spread if spread else 0)):.1f}"
        for place, value in enumerate(values)
    )


def shade(share: float | None) -> int:
    """0 without a share, else 1 to 5 from pale to dark."""
    return 0 if share is None else 1 + sum(share >= edge for edge in SHADES)


def district_map(*, city: str, codes: Sequence[str], points: Mapping[str, tuple[float, float]]) -> DrawnMap | None:
    """The districts of these codes, drawn as large as the map allows.

    Args:
        points: (longitude, latitude) of the middle of what is known of a district, for those without an outline.

    Returns:
        None where neither an outline nor a point is known.
    """
    outlines = district_shapes(city=city, tolerance_degrees=_TOLERANCE_DEGREES)
    shapes = {code: outlines[code] for code in codes if code in outlines}
    dots = {code: points[code] for code in codes if code not in shapes and code in points}
    corners = [shape.bounds for shape in shapes.values()] + [(x, y, x, y) for x, y in dots.values()]
    if not corners:
        return None
    west, south = min(c[0] for c in corners), min(c[1] for c in corners)
    east, north = max(c[2] for c in corners), max(c[3] for c in corners)
    # A degree of longitude is shorter than one of latitude by the cosine of the latitude.
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * squeeze, 1e-6), max(north - south, 1e-6)
    scale = min((MAP_WIDTH - 8) / wide, (MAP_HEIGHT - 8) / high)
    left, top = (MAP_WIDTH - wide * scale) / 2, (MAP_HEIGHT - high * scale) / 2

    def place(x: float, y: float) -> tuple[float, float]:
        return left + (x - west) * squeeze * scale, top + (north - y) * scale

    drawn = [
        DrawnDistrict(code, _path(outline, place), *place(*_label_point(outline))) for code, outline in shapes.items()
    ] + [DrawnDistrict(code, "", *place(*point)) for code, point in dots.items()]
    return DrawnMap(width=MAP_WIDTH, height=MAP_HEIGHT, districts=drawn)


@lru_cache(maxsize=64)
def _label_point(outline: Any) -> tuple[float, float]:
    largest = max(getattr(outline, "geoms", [outline]), key=lambda part: part.area)
    point = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=0.002), 0)
    return point.x, point.y


def _path(outline: Any, place: Any) -> str:
    rings = [part.exterior for part in getattr(outline, "geoms", [outline])]
    return " ".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (place(*corner[:2]) for corner in ring.coords)) + "Z"
        for ring in rings
    )
