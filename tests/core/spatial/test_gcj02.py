"""Coordinates of Chinese web maps back to where things are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from zhengtu.core.spatial.gcj02 import gcj02_to_wgs84, geometries_from_gcj02, wgs84_to_gcj02


@given(lon=st.floats(min_value=74, max_value=135), lat=st.floats(min_value=4, max_value=53))
@settings(deadline=None)
def test_there_and_back_is_less_than_a_tenth_of_a_millimetre(lon: float, lat: float) -> None:
    there = np.array([[lon, lat]])
    assert gcj02_to_wgs84(wgs84_to_gcj02(there)) == pytest.approx(there, abs=1e-9)


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
    ids=["Shanghai", "Shenzhen", "Beijing"],
)
def test_published_pairs(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    """The test vectors of the eviltransform project."""
    assert wgs84_to_gcj02(np.array([wgs84])) == pytest.approx(np.array([gcj02]), abs=1e-11)
    assert gcj02_to_wgs84(np.array([gcj02])) == pytest.approx(np.array([wgs84]), abs=1e-9)


def test_outside_china_nothing_moves() -> None:
    boulder = np.array([[-105.25, 40.0]])
    assert (wgs84_to_gcj02(boulder) == boulder).all()
    assert gcj02_to_wgs84(boulder) == pytest.approx(boulder, abs=0)


def test_no_coordinates() -> None:
    assert gcj02_to_wgs84(np.empty((0, 2))).shape == (0, 2)


def test_district_outlines_move_by_half_a_kilometre(shared_data: Path) -> None:
    features = json.loads((shared_data / "boundaries/datav_220200_full.json").read_text())["features"]
    drawn = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    moved = geometries_from_gcj02(drawn)
    before, after = shapely.get_coordinates(drawn), shapely.get_coordinates(moved)
    _, _, metres = Geod(ellps="GRS80").inv(before[:, 0], before[:, 1], after[:, 0], after[:, 1])
    assert 400 < metres.min() < metres.max() < 800
