"""The ground of the demonstration: real districts and river in metres, and what is already taken."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import Polygon, shape
from shapely.geometry.base import BaseGeometry

from zhengtu.jobs.demonstration.fabric import Floats
from zhengtu.jobs.demonstration.script import read_script

OUTLINES = Path(__file__).resolve().parents[2] / "registry" / "outlines"
BORDER_M = 220.0
"""Distance kept from district borders, which follow the river through the town."""
ZONE_BORDER_M = 12.0
RIVER_M = 170.0
STREET_M = 16.0
"""Distance kept between projects."""
_TO_METRES = Transformer.from_crs("EPSG:4490", "EPSG:4551", always_xy=True)


def to_metres(lon_lat: Floats) -> Floats:
    """Return (..., 2) longitudes and latitudes as eastings and northings in the 3-degree zone around 126°E."""
    x, y = _TO_METRES.transform(lon_lat[..., 0].ravel(), lon_lat[..., 1].ravel())
    return np.stack((x, y), axis=-1).reshape(lon_lat.shape)


def to_degrees(metres: Floats) -> Floats:
    """Return (..., 2) eastings and northings as longitudes and latitudes to eight decimals (about 1 mm)."""
    lon, lat = _TO_METRES.transform(metres[..., 0].ravel(), metres[..., 1].ravel(), direction="INVERSE")
    return np.round(np.stack((lon, lat), axis=-1).reshape(metres.shape), 8)


def zone_outline(code: str) -> Polygon | None:
    """Return the invented outline of a development zone in degrees, or None for any other unit."""
    return next((Polygon(zone["outline"]) for zone in read_script()["zones"] if zone["code"] == code), None)


@cache
def jurisdictions() -> dict[str, BaseGeometry]:
    """Return each district and zone as a polygon in metres; districts without the zones that lie in them."""
    urban = read_script()["jurisdictions"]
    zones = {zone["code"]: shapely.transform(Polygon(zone["outline"]), to_metres) for zone in read_script()["zones"]}
    all_zones = shapely.union_all(list(zones.values()))
    districts = {code: outline.difference(all_zones) for code, outline in _districts().items() if code in urban}
    return districts | zones


@cache
def _districts() -> dict[str, BaseGeometry]:
    features = json.loads((OUTLINES / "220200.geojson").read_text(encoding="utf-8"))["features"]
    return {
        feature["properties"]["code"]: shapely.transform(shape(feature["geometry"]), to_metres) for feature in features
    }


@cache
def _river() -> BaseGeometry:
    features = json.loads((OUTLINES / "220200-rivers.geojson").read_text(encoding="utf-8"))["features"]
    return shapely.union_all([shapely.transform(shape(feature["geometry"]), to_metres) for feature in features])


@cache
def buildable(code: str) -> BaseGeometry:
    """Return where projects may lie in a jurisdiction, in metres: clear of its borders and of the river."""
    borders = shapely.union_all([district.boundary for district in _districts().values()]).buffer(BORDER_M)
    ground = jurisdictions()[code].buffer(-ZONE_BORDER_M).difference(borders).difference(_river().buffer(RIVER_M))
    shapely.prepare(ground)
    return ground


class TakenGround:
    """Ground that projects already occupy, so that no two overlap."""

    def __init__(self) -> None:
        """Start with nothing taken."""
        self._outlines: list[BaseGeometry] = []
        self._tree: shapely.STRtree | None = None

    def take(self, outline: BaseGeometry) -> None:
        """Occupy an outline in metres, with a street's width around it."""
        self._outlines.append(outline.buffer(STREET_M))
        self._tree = shapely.STRtree(self._outlines)

    def ground(self) -> BaseGeometry | None:
        """Return all that is taken, or None where nothing is."""
        if not self._outlines:
            return None
        union = shapely.union_all(self._outlines)
        shapely.prepare(union)
        return union

    def free(self, shapes: np.ndarray) -> np.ndarray:
        """Return for each of an array of geometries whether it touches nothing taken."""
        answer = np.ones(len(shapes), dtype=bool)
        if self._tree is not None:
            answer[self._tree.query(shapes, predicate="intersects")[0]] = False
        return answer


def find_site(
    outline: Polygon, *, near: Floats, within: BaseGeometry, taken: TakenGround, rng: np.random.Generator
) -> Floats | None:
    """Return the (x, y) shift in metres that puts an outline drawn around (0, 0) on free ground nearest to a point.

    Looks along a spiral out to about 25 km; returns None where nothing is free.
    """
    ring = shapely.get_coordinates(outline.exterior.simplify(2.0))
    phase = rng.uniform(0, 2 * np.pi)
    for first in range(0, 40_000, 400):
        step = np.arange(first, first + 400)
        radius, angle = 125 * np.sqrt(step), phase + step * 2.399963
        shifts = near + np.column_stack((radius * np.cos(angle), radius * np.sin(angle)))
        inside = shapely.contains_xy(within, shifts[:, 0], shifts[:, 1])
        shifts = shifts[inside]
        if not len(shifts):
            continue
        candidates = shapely.polygons(ring[None] + shifts[:, None])
        good = shapely.contains_properly(within, candidates)
        good[good] = taken.free(candidates[good])
        if good.any():
            return np.asarray(shifts[np.argmax(good)])
    return None
