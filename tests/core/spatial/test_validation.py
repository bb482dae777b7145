"""Findings about parcel geometries, on examples drawn by hand in metres."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely

from zhengtu.core.spatial.gcj02 import geometries_from_gcj02
from zhengtu.core.spatial.problems import Severity, SurveyProblemCode
from zhengtu.core.spatial.projections import transform
from zhengtu.core.spatial.validation import (
    ParcelArray,
    areas_outside_m2,
    check_duplicates,
    check_geometries,
    check_overlaps,
    check_within,
    displaced_outlines,
    overlapping_pairs,
)
from zhengtu.core.spatial.vector_files import read_survey_layer

EAST, NORTH = 42_544_000, 4_856_000


def on_earth(shapes: Sequence[object]) -> np.ndarray:
    """Shapes in metres beside the middle of 吉林市 as EPSG:4490."""
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    placed = shapely.transform(array, lambda xy: xy + np.array([EAST, NORTH]))
    return transform(geometries=placed, source=4530, target=4490)


def parcels(*shapes: object) -> ParcelArray:
    return ParcelArray(on_earth(shapes), file="宗地.gpkg", layer="宗地")


def lot(x: float, y: float = 0, width: float = 20, depth: float = 15) -> shapely.Polygon:
    return shapely.box(x, y, x + width, y + depth)


def findings(problems: Sequence[object]) -> list[tuple[object, ...]]:
    return [(problem.code.value, problem.row) for problem in problems]  # type: ignore[attr-defined]


def test_each_geometry_by_itself() -> None:
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    hole_outside = shapely.Polygon(lot(0).exterior, [lot(100, 0, 5, 5).exterior])
    found = check_geometries(
        parcels(
            lot(0),
            None,
            shapely.Polygon(),
            shapely.LineString([(0, 0), (1, 1)]),
            bow,
            hole_outside,
            shapely.box(0, 0, 0.05, 0.05),
            shapely.MultiPolygon([lot(0), lot(50)]),
            shapely.MultiPolygon([lot(0), lot(10)]),
            shapely.Polygon([(0, 0), (1e300, 0), (1, 1)]),
        )
    )
    assert findings(found) == [
        ("geometry_missing", 2),
        ("geometry_empty", 3),
        ("geometry_not_area", 4),
        ("geometry_invalid", 5),
        ("geometry_invalid", 6),
        ("geometry_without_area", 7),
        ("geometry_invalid", 9),
        ("geometry_not_finite", 10),
    ]
    assert [problem.params.get("reason") for problem in found if problem.code == "geometry_invalid"] == [
        "label:Self-intersection",
        "label:Hole lies outside shell",
        "label:Self-intersection",
    ]
    crossing = shapely.Point(float(found[3].params["lon"]), float(found[3].params["lat"]))
    assert crossing.distance(on_earth([shapely.Point(5, 5)])[0]) < 1e-6
    assert {(problem.file, problem.layer) for problem in found} == {("宗地.gpkg", "宗地")}


def test_duplicates_whatever_their_starting_corner_and_direction() -> None:
    corners = [(0, 0), (20, 0), (20, 15), (0, 15)]
    turned = shapely.Polygon(corners[2:] + corners[:2])
    backwards = shapely.Polygon(corners[::-1])
    found = check_duplicates(parcels(shapely.Polygon(corners), lot(30), turned, None, backwards))
    assert findings(found) == [("geometry_duplicate", 3), ("geometry_duplicate", 5)]
    assert [problem.params for problem in found] == [{"other_row": 1}, {"other_row": 1}]


def test_neighbours_are_no_overlap() -> None:
    assert check_overlaps(parcels(lot(0), lot(20), lot(0, 15), lot(20, 15))) == ()


def test_overlaps_are_measured() -> None:
    """The second lot reaches 2 m into the first: 2 m by 15 m."""
    found = check_overlaps(parcels(lot(0), lot(18), lot(60)))
    (problem,) = found
    assert (problem.code, problem.row, problem.severity) == (SurveyProblemCode.PARCELS_OVERLAP, 2, Severity.ERROR)
    assert problem.params == {"other_row": 1, "area_m2": "30.00"}


@pytest.mark.parametrize(("reach", "count"), [(0.003, 0), (0.0034, 1)])
def test_overlaps_count_from_five_hundredths_of_a_square_metre(reach: float, count: int) -> None:
    """0.003 m by 15 m are 0.045 m², 0.0034 m by 15 m are 0.051 m²."""
    assert len(check_overlaps(parcels(lot(0), lot(20 - reach)))) == count


def test_a_parcel_inside_another_overlaps_it_unless_it_stands_in_the_hole() -> None:
    courtyard = shapely.Polygon(lot(0, 0, 40, 40).exterior, [lot(10, 10, 20, 20).exterior])
    first, second, shared = overlapping_pairs(
        geometries=on_earth([lot(0, 0, 40, 40), lot(12, 12, 5, 5), courtyard.buffer(0)])
    )
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == [(0, 1), (0, 2)]
    assert shared == pytest.approx([25, 1200], abs=0.01)


def test_invalid_parcels_do_not_stop_the_search_for_overlaps() -> None:
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    assert findings(check_overlaps(parcels(bow, None, lot(0), lot(18)))) == [("parcels_overlap", 4)]


def test_a_parcel_on_the_other_side_of_the_earth_lies_outside() -> None:
    section = on_earth([shapely.box(0, 0, 100, 100)])[0]
    far = ParcelArray(np.array([shapely.box(-60, 10, -59.99, 10.01)], dtype=object))
    found = check_within(
        far,
        containers=np.array([section], dtype=object),
        container_names=["220204-P0001-S01"],
        code=SurveyProblemCode.OUTSIDE_SECTION,
    )
    assert [problem.params["percent"] for problem in found] == ["100.0"]


def test_coordinates_without_end_stop_nothing() -> None:
    endless = ParcelArray(np.array([shapely.Polygon([(0, 0), (np.inf, 0), (1, 1)]), *on_earth([lot(0)])], dtype=object))
    assert findings(check_geometries(endless)) == [("geometry_not_finite", 1)]
    assert check_duplicates(endless) == check_overlaps(endless) == ()


def test_duplicates_are_not_reported_twice() -> None:
    twice = parcels(lot(0), lot(0))
    assert check_overlaps(twice) == ()
    assert len(check_duplicates(twice)) == 1


def test_rows_are_those_of_the_file() -> None:
    array = ParcelArray(on_earth([lot(0), lot(18)]), rows=np.array([13, 19]))
    (problem,) = check_overlaps(array)
    assert (problem.row, problem.params["other_row"]) == (19, 13)


def test_parcels_that_reach_out_of_their_section() -> None:
    section = on_earth([shapely.box(0, 0, 100, 100)])[0]
    shapes = parcels(lot(10), lot(90), lot(200), lot(80.001, 85), lot(300), None)
    found = check_within(
        shapes,
        containers=np.array([section, section, section, section, None, section], dtype=object),
        container_names=["220204-P0001-S01"] * 6,
        code=SurveyProblemCode.OUTSIDE_SECTION,
    )
    assert findings(found) == [("outside_section", 2), ("outside_section", 3)]
    assert found[0].params == {"container": "220204-P0001-S01", "area_m2": "150.00", "percent": "50.0"}
    assert found[1].params["percent"] == "100.0"


def test_each_parcel_is_held_against_its_own_container() -> None:
    left, right = on_earth([shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)])
    outside = areas_outside_m2(
        geometries=on_earth([lot(10), lot(110), lot(110)]), containers=np.array([left, right, left], dtype=object)
    )
    assert outside == pytest.approx([0, 0, 300], abs=0.001)


def test_no_parcels_no_findings() -> None:
    none = ParcelArray(np.empty(0, dtype=object))
    assert check_geometries(none) == check_duplicates(none) == check_overlaps(none) == ()
    assert (
        check_within(none, containers=none.geometries, container_names=[], code=SurveyProblemCode.OUTSIDE_PROJECT) == ()
    )


def test_an_invalid_container_is_reported_once_and_judges_nothing() -> None:
    bow = on_earth([shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])])[0]
    found = check_within(
        parcels(lot(10), lot(500)),
        containers=np.array([bow, bow], dtype=object),
        container_names=["舒兰市", "舒兰市"],
        code=SurveyProblemCode.OUTSIDE_JURISDICTION,
    )
    (problem,) = found
    assert (problem.code, problem.severity) == (SurveyProblemCode.OUTLINE_INVALID, Severity.WARNING)
    assert problem.params["name"] == "舒兰市"


def test_plausible_outlines_in_the_wrong_place(shared_data: Path) -> None:
    """One source of district outlines opens without error and lies some 10 km east and 14 km north."""
    official = read_survey_layer(path=shared_data / "boundaries/datav_220200_full.json")
    doubtful = read_survey_layer(path=shared_data / "boundaries/mca_220200.json")
    outlines = geometries_from_gcj02(official.geometries)
    names = [str(name) for name in official.columns["name"]]
    assert findings(check_geometries(ParcelArray(official.geometries))) == [
        ("geometry_invalid", names.index("舒兰市") + 1)
    ]
    references = dict(zip(names, outlines, strict=True))
    found = displaced_outlines(
        ParcelArray(doubtful.geometries, file=doubtful.file),
        names=[str(name) for name in doubtful.columns["NAME"]],
        references=references,
    )
    displaced = [problem for problem in found if problem.code is SurveyProblemCode.OUTLINE_DISPLACED]
    assert {problem.params["name"] for problem in displaced} == set(names) - {"舒兰市"}
    for problem in displaced:
        assert 6 < float(problem.params["east_km"]) < 16
        assert 10 < float(problem.params["north_km"]) < 20
    assert [p.params["name"] for p in found if p.code is SurveyProblemCode.OUTLINE_INVALID] == ["舒兰市"]
    same = displaced_outlines(ParcelArray(outlines), names=names, references=references)
    assert [problem.code for problem in same] == [SurveyProblemCode.OUTLINE_INVALID]


def test_buildings_of_a_real_city(shared_data: Path) -> None:
    layer = read_survey_layer(path=shared_data / "buildings/boulder_buildings.zip")
    array = ParcelArray(layer.geometries, layer.rows, layer.file, layer.layer)
    invalid = check_geometries(array)
    assert len(layer) == 13_491
    assert len(invalid) == 10
    assert {problem.code for problem in invalid} == {SurveyProblemCode.GEOMETRY_INVALID}
    first, second, shared = overlapping_pairs(geometries=layer.geometries)
    sample = slice(0, None, 30)
    for i, j, area in zip(first[sample], second[sample], shared[sample], strict=True):
        pair = transform(
            geometries=layer.geometries[[i, j]], source=4490, target="+proj=tmerc +lon_0=-105 +ellps=GRS80"
        )
        assert pair[0].intersection(pair[1]).area == pytest.approx(area, rel=1e-6)


def test_twenty_thousand_neighbouring_parcels_take_a_moment() -> None:
    """A turned grid, corners a centimetre off: the worst case, where all boxes overlap."""
    side = 142
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(side), np.arange(side)))
    corners = np.stack(
        [np.stack([(column + a) * 20.0, (row + b) * 15.0], -1) for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))], axis=1
    )
    corners += np.random.default_rng(7).normal(0, 0.001, corners.shape)
    turn = np.array([[np.cos(0.4), -np.sin(0.4)], [np.sin(0.4), np.cos(0.4)]])
    array = ParcelArray(on_earth(shapely.polygons(corners @ turn)))
    began = time.process_time()
    assert check_geometries(array) == ()
    assert check_duplicates(array) == ()
    assert len(check_overlaps(array)) < 1000
    assert time.process_time() - began < 10
