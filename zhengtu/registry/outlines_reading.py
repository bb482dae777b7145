"""Outlines of districts and rivers: those that come with the platform for orientation, and those the city loaded."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import shapely
from django.db.models import Max

from zhengtu.registry.models import Outline

FOLDER: Final = Path(__file__).parent / "outlines"
NAMES: Final = {"districts": "{city}.geojson", "rivers": "{city}-rivers.geojson"}


def outlines(*, city: str, name: str) -> dict[str, Any]:
    """A GeoJSON feature collection; district outlines get a point each for their label, and one feature of all borders.

    A loaded outline takes the place of the one that comes along.

    Args:
        city: division code of the prefecture-level city.
        name: ``districts`` or ``rivers``.

    Returns:
        An empty collection where there are no outlines of the city.
    """
    return _collection(city, name, _latest_loading(city) if name == "districts" else None)


def district_shapes(*, city: str, tolerance_degrees: float) -> dict[str, shapely.Geometry]:
    """District -> its outline, simplified by so many degrees, for small drawings; none where there is no outline."""
    return _shapes(city, tolerance_degrees, _latest_loading(city))


def packaged_features(*, city: str, name: str) -> list[dict[str, Any]]:
    """The features that come with the platform; none for a city it does not know."""
    path = FOLDER / NAMES[name].format(city=city)
    features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"] if path.exists() else []
    return features


def _latest_loading(city: str) -> datetime | None:
    latest: datetime | None = Outline.objects.filter(jurisdiction__code__startswith=city[:4]).aggregate(
        latest=Max("loaded_at")
    )["latest"]
    return latest


@lru_cache(maxsize=16)
def _collection(city: str, name: str, loaded_at: datetime | None) -> dict[str, Any]:
    """The collection as of one loading; read again only after the next."""
    features = packaged_features(city=city, name=name)
    if name != "districts":
        return {"type": "FeatureCollection", "features": features}
    loaded = [] if loaded_at is None else _loaded_features(city)
    codes = {feature["properties"]["code"] for feature in loaded}
    districts = [feature for feature in features if feature["properties"]["code"] not in codes] + loaded
    extra = [*map(_label, districts), _borders(districts)] if districts else []
    return {"type": "FeatureCollection", "features": [*districts, *extra]}


@lru_cache(maxsize=16)
def _shapes(city: str, tolerance_degrees: float, loaded_at: datetime | None) -> dict[str, shapely.Geometry]:
    return {
        feature["properties"]["code"]:
            shapely.from_geojson(json.dumps(feature["geometry"])).simplify(tolerance_degrees)
        for feature in _collection(city, "districts", loaded_at)["features"]
        if feature["properties"].get("code") and feature["geometry"]["type"] in ("Polygon", "MultiPolygon")
    }


def _loaded_features(city: str) -> list[dict[str, Any]]:
    rows = Outline.objects.filter(jurisdiction__code__startswith=city[:4]).select_related("jurisdiction")
    return [
        {
            "type": "Feature",
            "properties": {
                "code": row.jurisdiction_id, "name": row.jurisdiction.name, "name_en": row.jurisdiction.name_en,
                "source": row.source,
            },
            "geometry": json.loads(shapely.to_geojson(shapely.from_wkb(bytes(row.shape)))),
        }
        for row in rows.order_by("jurisdiction")
        if row.shape is not None
    ]


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
