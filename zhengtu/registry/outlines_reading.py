"""Outlines of districts and rivers that come with the platform: for orientation, not official boundaries."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import shapely

FOLDER: Final = Path(__file__).parent / "outlines"
EMPTY: Final[dict[str, Any]] = {"type": "FeatureCollection", "features": []}
NAMES: Final = {"districts": "{city}.geojson", "rivers": "{city}-rivers.geojson"}


@cache
def outlines(*, city: str, name: str) -> dict[str, Any]:
    """A GeoJSON feature collection; district outlines get a point each for their label, and one feature of all borders.

    Args:
        city: division code of the prefecture-level city.
        name: ``districts`` or ``rivers``.

    Returns:
        An empty collection where the city's outlines are not there.
    """
    path = FOLDER / NAMES[name].format(city=city)
    if not path.exists():
        return EMPTY
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if name == "districts":
        districts = list(found["features"])
        found["features"] += [_label(feature) for feature in districts] + [_borders(districts)]
    return found


def _borders(districts: list[dict[str, Any]]) -> dict[str, Any]:
    """Every border once, so that dashes of two neighbours do not fill each other's gaps."""
    rings = [shapely.boundary(shapely.from_geojson(json.dumps(district["geometry"]))) for district in districts]
    lines = shapely.line_merge(shapely.union_all(shapely.set_precision(rings, 1e-5)))
    return {"type": "Feature", "properties": {"is_border": True}, "geometry": json.loads(shapely.to_geojson(lines))}


def _label(feature: dict[str, Any]) -> dict[str, Any]:
    """The middle of the largest circle inside the outline: where a label stands freely."""
    shape = shapely.from_geojson(json.dumps(feature["geometry"]))
    largest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
    point = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=0.002), 0)
    return {
        "type": "Feature",
        "properties": {**feature["properties"], "is_label": True},
        "geometry": {"type": "Point", "coordinates": [round(point.x, 5), round(point.y, 5)]},
    }
