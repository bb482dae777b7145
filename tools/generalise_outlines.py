"""Make the outlines and rivers that the map shows before a city has loaded its official ones.

Reads the county outlines of Jilin City (GCJ-02, DataV GeoAtlas) and the Natural Earth rivers from a data folder, moves
the outlines to WGS 84, mends and generalises them to about 100 m with shared borders kept shared, and writes two small
GeoJSON files into ``zhengtu/registry/outlines``. Run it only when the sources change::

    .venv/bin/python tools/generalise_outlines.py [--data ../shared/data/boundaries]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from zhengtu.core.spatial.gcj02 import gcj02_to_wgs84

ROOT = Path(__file__).resolve().parents[1]
DESTINATION = ROOT / "zhengtu" / "registry" / "outlines"
TOLERANCE_M = 100.0
DECIMALS = 5

NAMES_EN = {
    220202: "Changyi District",
    220203: "Longtan District",
    220204: "Chuanying District",
    220211: "Fengman District",
    220221: "Yongji County",
    220281: "Jiaohe City",
    220282: "Huadian City",
    220283: "Shulan City",
    220284: "Panshi City",
}
OUTLINE_SOURCE = (
    "DataV GeoAtlas 220200_full (copy in anzhou99/GeoJsons, commit ae33047), GCJ-02 converted to WGS 84, mended, "
    "generalised to about 100 m. For orientation only; not an official boundary: load the city's own before use."
)
RIVER_SOURCE = (
    "Natural Earth 1:10m rivers (public domain; martynafford/natural-earth-geojson, commit 0b9a6ce), clipped to the "
    "city. Coarse: up to about 1.5 km from the true bank."
)
TO_METRES = Transformer.from_crs("EPSG:4490", "EPSG:4551", always_xy=True)


def to_metres(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return (n, 2) geographic points as metres in the 3-degree zone around 126°E."""
    return np.column_stack(TO_METRES.transform(points[:, 0], points[:, 1]))


def to_degrees(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return (n, 2) points in metres as longitudes and latitudes rounded to DECIMALS."""
    lon_lat = np.column_stack(TO_METRES.transform(points[:, 0], points[:, 1], direction="INVERSE"))
    return np.round(lon_lat, DECIMALS)


def polygons_only(geometry: BaseGeometry) -> BaseGeometry:
    """Return the valid polygonal part of a geometry, with the lines and points that mending leaves dropped."""
    mended = shapely.make_valid(geometry)
    parts = [part for part in shapely.get_parts(mended) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts)


def generalise(polygons: list[BaseGeometry]) -> list[BaseGeometry]:
    """Return GCJ-02 polygons as a generalised WGS 84 coverage in which neighbours share their borders exactly.

    Raises ValueError when rounding has broken the coverage, which a smaller tolerance cures.
    """
    metric = [
        polygons_only(shapely.transform(polygon, lambda points: to_metres(gcj02_to_wgs84(points))))
        for polygon in polygons
    ]
    clean = shapely.coverage_clean(np.array(metric, dtype=object), snapping_distance=5.0)
    simplified = shapely.coverage_simplify(clean, TOLERANCE_M)
    rounded = [shapely.transform(polygon, to_degrees) for polygon in simplified]
    if not (all(shapely.is_valid(rounded)) and shapely.coverage_is_valid(np.array(rounded, dtype=object))):
        raise ValueError("The generalised outlines do not form a coverage; lower TOLERANCE_M.")
    return rounded


def write_collection(path: Path, *, source: str, features: list[tuple[dict[str, Any], BaseGeometry]]) -> None:
    """Write features as GeoJSON with a `source` member, one feature a line."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": properties, "geometry": mapping(geometry)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for properties, geometry in features
    ]
    head = f'{{"type":"FeatureCollection","source":{json.dumps(source, ensure_ascii=False)},"features":[\n'
    path.write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    sys.stdout.write(f"{path.relative_to(ROOT)}: {len(features)} features, {path.stat().st_size:,} bytes\n")


def read_features(path: Path) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON file, or end the program with what to do where it is absent."""
    if not path.exists():
        sys.exit(f"{path} is missing. Give the folder that holds it with --data; the outlines in git stay as they are.")
    features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return features


def main() -> None:
    """Read the sources and write both files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "boundaries")
    folder = parser.parse_args().data
    counties = read_features(folder / "datav_220200_full.json")
    rivers = read_features(folder / "ne_rivers_jilin.geojson")
    outlines = generalise([shape(county["geometry"]) for county in counties])
    DESTINATION.mkdir(parents=True, exist_ok=True)
    write_collection(
        DESTINATION / "220200.geojson",
        source=OUTLINE_SOURCE,
        features=[
            (
                {
                    "code": str(county["properties"]["adcode"]),
                    "name": county["properties"]["name"],
                    "name_en": NAMES_EN[county["properties"]["adcode"]],
                },
                outline,
            )
            for county, outline in zip(counties, outlines, strict=True)
        ],
    )
    city = shapely.union_all(outlines)
    songhua = shapely.union_all(
        [shape(river["geometry"]) for river in rivers if "Songhua" in river["properties"]["name"]]
    )
    clipped = shapely.set_precision(
        shapely.line_merge(shapely.intersection(songhua, city.buffer(0.02))), 10.0**-DECIMALS
    )
    write_collection(
        DESTINATION / "220200-rivers.geojson",
        source=RIVER_SOURCE,
        features=[({"name": "第二松花江", "name_en": "Second Songhua River"}, clipped)],
    )


if __name__ == "__main__":
    main()
