"""The outlines of the nine counties and districts: neighbours share borders, and the town is where it should be."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import Point, shape

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "zhengtu" / "registry" / "outlines"
ORIGINAL = ROOT.parent / "shared" / "data" / "boundaries" / "datav_220200_full.json"


@pytest.fixture(scope="module")
def outlines():
    collection = json.loads((FOLDER / "220200.geojson").read_text(encoding="utf-8"))
    return {feature["properties"]["code"]: shape(feature["geometry"]) for feature in collection["features"]}


def test_each_file_says_where_it_comes_from():
    for name, source in (("220200.geojson", "DataV"), ("220200-rivers.geojson", "Natural Earth")):
        assert source in json.loads((FOLDER / name).read_text(encoding="utf-8"))["source"]


def test_nine_outlines_form_a_coverage(outlines):
    assert set(outlines) == {"220202", "220203", "220204", "220211", "220221", "220281", "220282", "220283", "220284"}
    shapes = np.array(list(outlines.values()), dtype=object)
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)


def test_places_lie_in_their_districts(outlines):
    known = {"220204": (126.50, 43.845),
             "220202": (126.575, 43.85), "220203": (126.57, 43.91), "220211": (126.56, 43.80),
             "220221": (126.49, 43.67), "220281": (127.34, 43.72), "220282": (126.74, 42.97), "220283": (126.95, 44.41),
             "220284": (126.06, 42.94)}  # fmt: skip
    for code, place in known.items():
        assert outlines[code].contains(Point(place)), code


@pytest.mark.skipif(not ORIGINAL.exists(), reason="the original outlines lie beside the repository, not in it")
def test_outlines_stay_within_about_100_metres_of_the_original_moved_to_wgs_84(outlines):
    from zhengtu.core.spatial.gcj02 import gcj02_to_wgs84
    from zhengtu.jobs.demonstration.ground import to_metres

    for feature in json.loads(ORIGINAL.read_text(encoding="utf-8"))["features"]:
        original = shapely.make_valid(shape(feature["geometry"]))
        moved = shapely.transform(original, lambda points: to_metres(gcj02_to_wgs84(points)))
        kept = shapely.transform(outlines[str(feature["properties"]["adcode"])], to_metres)
        assert shapely.symmetric_difference(moved, kept).area < 0.005 * moved.area
