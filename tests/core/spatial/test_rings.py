"""Shells, holes and islands."""

from __future__ import annotations

import itertools

import numpy as np
import shapely

from zhengtu.core.spatial.rings import polygon_from_rings


def square(low: float, high: float) -> np.ndarray:
    return np.array([(low, low), (high, low), (high, high), (low, high)], dtype=float)


def test_one_ring_is_a_polygon() -> None:
    assert polygon_from_rings([square(0, 10)]).equals(shapely.box(0, 0, 10, 10))


def test_order_of_rings_does_not_matter() -> None:
    """A lot with a courtyard in which an island stands, and a second lot apart."""
    rings = [square(0, 10), square(2, 8), square(4, 6), square(20, 25)]
    shapes = [polygon_from_rings(list(order)) for order in itertools.permutations(rings)]
    assert {shape.area for shape in shapes} == {100 - 36 + 4 + 25}
    assert all(shape.is_valid and len(shape.geoms) == 3 for shape in shapes)


def test_a_hole_that_touches_its_shell_is_a_hole() -> None:
    hole = np.array([(0, 0), (4, 2), (2, 4)], dtype=float)
    shape = polygon_from_rings([square(0, 10), hole])
    assert shape.is_valid
    assert len(shape.interiors) == 1


def test_parts_that_share_an_edge_stay_parts() -> None:
    beside = square(0, 10) + np.array([10, 0])
    shape = polygon_from_rings([square(0, 10), beside])
    assert shape.geom_type == "MultiPolygon"
    assert shape.area == 200


def test_rings_that_cross_are_drawn_as_they_are_and_invalid() -> None:
    shape = polygon_from_rings([square(0, 10), square(5, 15)])
    assert not shape.is_valid


def test_a_ring_that_crosses_itself_is_kept() -> None:
    bow = np.array([(0, 0), (10, 10), (10, 0), (0, 10)], dtype=float)
    assert not polygon_from_rings([bow]).is_valid
    assert not polygon_from_rings([bow, square(20, 21)]).is_valid
