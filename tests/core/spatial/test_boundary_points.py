"""Boundary-point files as the authorities' tools and everybody else's write them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengtu.core.spatial.boundary_points import BoundaryPointFile, parse_boundary_points, read_boundary_points
from zhengtu.core.spatial.problems import Severity, SurveyFileRefused, SurveyProblem, SurveyProblemCode
from zhengtu.core.spatial.projections import transform

Compose = Callable[..., str]
Ring = tuple[tuple[float, float], ...]
LINE = "5,0.5000,1,船营区1号地块,面,,,,@"


def parse(text: str, encoding: str = "gb18030", **more: object) -> BoundaryPointFile:
    return parse_boundary_points(data=text.encode(encoding), file="界址点.txt", **more)  # type: ignore[arg-type]


def codes(problems: tuple[SurveyProblem, ...]) -> list[SurveyProblemCode]:
    return [problem.code for problem in problems]


def refusal(text: str | bytes, **more: object) -> SurveyProblem:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(SurveyFileRefused) as refused:
        parse_boundary_points(data=data, file="界址点.txt", **more)  # type: ignore[arg-type]
    return refused.value.problem


def moved(ring: Ring, north: float, east: float) -> Ring:
    return tuple((round(x + north, 3), round(y + east, 3)) for x, y in ring)


def inner(ring: Ring) -> Ring:
    """A courtyard of 60 m by 30 m within the lot."""
    (x, y), *_ = ring
    return ((x + 10, y + 20), (x + 10, y + 80), (x + 40, y + 80), (x + 40, y + 20))


def test_one_parcel(boundary_text: Compose, lot: Ring) -> None:
    read = parse(boundary_text((LINE, [lot])))
    (parcel,) = read.parcels
    assert read.problems == ()
    assert read.encoding == "gb18030"
    assert (read.header.zone, read.header.produced_by) == (42, "吉林市勘测院")
    assert (parcel.code, parcel.name, parcel.row) == ("1", "船营区1号地块", 13)
    assert parcel.area_m2 == parcel.declared_area_m2 == Decimal("5000.00")
    assert (parcel.epsg, parcel.point_count) == (4530, 4)
    assert parcel.geometry.exterior.coords[0] == pytest.approx((126.55, 43.84), abs=1e-8)


def test_the_real_file_in_both_encodings(shared_data: Path) -> None:
    folder = shared_data / "cadastral"
    gbk = read_boundary_points(path=folder / "kcdj_pengbu_R-14_gb18030.txt")
    utf8 = read_boundary_points(path=folder / "kcdj_pengbu_R-14_utf8.txt")
    assert (gbk.encoding, utf8.encoding) == ("gb18030", "utf-8")
    assert gbk.parcels == utf8.parcels
    assert gbk.problems == utf8.problems == ()
    (parcel,) = gbk.parcels
    assert parcel.name == "彭埠单元B/R-14地块"
    assert (parcel.epsg, gbk.header.zone, parcel.point_count) == (4528, 40, 65)
    assert parcel.declared_area_m2 == Decimal("57089.00")
    assert round(parcel.area_m2 / 10_000, 4) == Decimal("5.7090")
    assert parcel.geometry.is_valid


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_encodings_and_line_ends(boundary_text: Compose, lot: Ring, encoding: str, line_end: str) -> None:
    text = boundary_text((LINE, [lot]))
    read = parse(text.replace("\r\n", line_end), encoding)
    assert read.parcels == parse(text).parcels
    assert read.problems == ()


def test_full_width_brackets_and_blank_lines(boundary_text: Compose, lot: Ring) -> None:
    text = boundary_text((LINE, [lot])).replace("[", "【").replace("]", "】").replace("\r\n", " \r\n\r\n")
    read = parse(text)
    assert read.problems == ()
    assert read.parcels[0].area_m2 == Decimal("5000.00")
    assert read.parcels[0].row == 25


def test_full_width_commas_are_read_and_reported_once(boundary_text: Compose, lot: Ring) -> None:
    head, _, body = boundary_text((LINE, [lot])).partition("[地块坐标]")
    read = parse(f"{head}[地块坐标]{body.replace(',', '，')}")
    assert codes(read.problems) == [SurveyProblemCode.FULL_WIDTH_PUNCTUATION]
    assert read.problems[0].row == 13
    assert len(read.parcels) == 1


def test_names_keep_their_full_width_characters(boundary_text: Compose, lot: Ring) -> None:
    read = parse(boundary_text(("5,0.5,1,【西】一，二＠,面,,,,@", [lot])))
    assert read.parcels[0].name == "【西】一，二＠"


def test_extended_parcel_lines_keep_their_optional_fields(boundary_text: Compose, lot: Ring) -> None:
    line = "5,0.5,1,甲,面,K51G,住宅,0701,图形,地类,改造前,改造后,备注,@"
    (parcel,) = parse(boundary_text((line, [lot]))).parcels
    assert (parcel.map_sheet, parcel.land_use) == ("K51G", "住宅")
    assert parcel.extra == ("0701", "图形", "地类", "改造前", "改造后", "备注")


def test_further_columns_of_points_are_passed_over(boundary_text: Compose, lot: Ring) -> None:
    lines = boundary_text((LINE, [lot])).splitlines()
    widened = [f"{line},50.00,围墙" if line.startswith("J") else line for line in lines]
    assert parse("\n".join(widened)).parcels == parse("\n".join(lines)).parcels


@given(north=st.integers(-50_000, 50_000), east=st.integers(-50_000, 50_000), prefixed=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
def test_swapped_axes_give_the_same_parcel_and_a_warning(
    boundary_text: Compose, lot: Ring, north: int, east: int, prefixed: bool
) -> None:
    ring = moved(lot, north, east - (0 if prefixed else 42_000_000))
    right = parse(boundary_text((LINE, [ring])))
    swapped = parse(boundary_text((LINE, [tuple((y, x) for x, y in ring)])))
    assert right.parcels[0].geometry.equals_exact(swapped.parcels[0].geometry, 0)
    assert right.problems == ()
    (warning,) = swapped.problems
    assert (warning.code, warning.severity) == (SurveyProblemCode.AXES_SWAPPED, Severity.WARNING)
    assert warning.params == {"parcels": 1}


def test_without_zone_prefix_the_header_names_the_zone(boundary_text: Compose, lot: Ring) -> None:
    bare = boundary_text((LINE, [moved(lot, 0, -42_000_000)]))
    prefixed = parse(boundary_text((LINE, [lot])))
    (parcel,) = parse(bare).parcels
    assert parcel.epsg == 4551
    assert parcel.geometry.equals_exact(prefixed.parcels[0].geometry, 1e-10)
    silent = bare.replace("带号=42", "带号=")
    problem = refusal(silent)
    assert (problem.code, problem.field) == (SurveyProblemCode.ZONE_UNKNOWN, "带号")
    assert parse(silent, assumed_epsg=4551).parcels == (parcel,)


def test_geographic_degrees(boundary_text: Compose, lot: Ring) -> None:
    planar = parse(boundary_text((LINE, [lot]))).parcels[0]
    degrees = [(round(lat, 10), round(lon, 10)) for lon, lat in planar.geometry.exterior.coords[:-1]]
    (parcel,) = parse(boundary_text((LINE, [degrees]))).parcels
    assert parcel.epsg == 4490
    assert parcel.geometry.equals_exact(planar.geometry, 1e-9)
    assert parcel.area_m2 == pytest.approx(Decimal(5000), abs=Decimal("0.02"))


@pytest.mark.parametrize("count", [4, 5])
@pytest.mark.parametrize("closed", [True, False])
def test_closed_or_not_and_counted_either_way(boundary_text: Compose, lot: Ring, closed: bool, count: int) -> None:
    read = parse(boundary_text((LINE.replace("5,", f"{count},", 1), [lot]), closed=closed))
    assert read.problems == ()
    assert read.parcels[0].geometry == parse(boundary_text((LINE, [lot]))).parcels[0].geometry


@pytest.mark.parametrize("closed", [True, False])
def test_a_courtyard_is_a_hole(boundary_text: Compose, lot: Ring, closed: bool) -> None:
    line = "10,0.3200,1,甲,面,,,,@"
    (parcel,) = parse(boundary_text((line, [lot, inner(lot)]), closed=closed)).parcels
    assert parcel.area_m2 == Decimal("3200.00")
    assert len(parcel.geometry.interiors) == 1


def test_ring_number_two_may_be_a_second_part(boundary_text: Compose, lot: Ring) -> None:
    line = "10,1.0000,1,甲,面,,,,@"
    (parcel,) = parse(boundary_text((line, [lot, moved(lot, 500, 0)]))).parcels
    assert parcel.geometry.geom_type == "MultiPolygon"
    assert parcel.area_m2 == Decimal("10000.00")


def test_one_ring_number_for_all_and_closing_points(boundary_text: Compose, lot: Ring) -> None:
    text = boundary_text(("15,0.8200,1,甲,面,,,,@", [lot, inner(lot), moved(lot, 500, 0)]), ring_numbers=[1, 1, 1])
    (parcel,) = parse(text).parcels
    assert parcel.area_m2 == Decimal("8200.00")
    assert [len(part.interiors) for part in parcel.geometry.geoms] == [1, 0]


def test_numbering_that_starts_anew_starts_a_ring(boundary_text: Compose, lot: Ring) -> None:
    points = [f"J{n},1,{x},{y}" for ring in (lot, inner(lot)) for n, (x, y) in enumerate(ring, start=1)]
    text = boundary_text((LINE.replace("5,", "8,", 1).replace("0.5000", "0.32"), [])) + "\r\n".join(points)
    (parcel,) = parse(text).parcels
    assert parcel.area_m2 == Decimal("3200.00")


def test_several_parcels(boundary_text: Compose, lot: Ring) -> None:
    other = moved(lot, 0, 200)
    read = parse(boundary_text((LINE, [lot]), ("5,0.5,2,乙,面,,,,@", [other]), ("5,0.5,3,丙,线,,,,@", [other])))
    assert [(parcel.code, parcel.row) for parcel in read.parcels] == [("1", 13), ("2", 19)]
    assert codes(read.problems) == [SurveyProblemCode.SHAPE_NOT_AREA]


@pytest.mark.parametrize(
    ("declared", "expected", "in_m2"),
    [
        ("0.5000", [], "5000.00"),
        ("", [], None),
        ("5000.00", [SurveyProblemCode.DECLARED_AREA_UNIT], "5000.00"),
        ("0.6000", [SurveyProblemCode.DECLARED_AREA_DIFFERS], "6000.00"),
        ("半公顷", [SurveyProblemCode.DECLARED_AREA_UNREADABLE], None),
    ],
)
def test_declared_against_computed_area(
    boundary_text: Compose, lot: Ring, declared: str, expected: list[SurveyProblemCode], in_m2: str | None
) -> None:
    read = parse(boundary_text((f"5,{declared},1,甲,面,,,,@", [lot])))
    assert codes(read.problems) == expected
    assert all(problem.severity is Severity.WARNING for problem in read.problems)
    assert read.parcels[0].declared_area_m2 == (None if in_m2 is None else Decimal(in_m2))


@pytest.mark.parametrize(
    "datum", ["1980西安坐标系", "西安80", "80国家大地坐标系", "1954北京坐标系", "北京54", "54坐标系", "Xi'an 1980"]
)
def test_old_datums_are_refused(boundary_text: Compose, lot: Ring, datum: str) -> None:
    problem = refusal(boundary_text((LINE, [lot])).replace("2000国家大地坐标系", datum))
    assert (problem.code, problem.params) == (SurveyProblemCode.OLD_DATUM, {"datum": datum})


@pytest.mark.parametrize("datum", ["2000国家大地坐标系", "CGCS2000", "国家2000大地坐标系", "CGCS_2000"])
def test_names_of_the_datum_in_force(boundary_text: Compose, lot: Ring, datum: str) -> None:
    assert parse(boundary_text((LINE, [lot])).replace("2000国家大地坐标系", datum)).problems == ()


@pytest.mark.parametrize(
    ("written", "instead", "code"),
    [
        ("坐标系=2000国家大地坐标系", "坐标系=", SurveyProblemCode.CRS_MISSING),
        ("坐标系=2000国家大地坐标系", "坐标系=吉林市地方坐标系", SurveyProblemCode.DATUM_UNSUPPORTED),
        ("计量单位=米", "计量单位=英尺", SurveyProblemCode.LENGTH_UNIT_UNSUPPORTED),
        ("几度分带=3", "几度分带=6", SurveyProblemCode.ZONE_WIDTH_UNSUPPORTED),
        ("投影类型=高斯克吕格", "投影类型=墨卡托", SurveyProblemCode.PROJECTION_UNSUPPORTED),
        ("[地块坐标]", "[坐标]", SurveyProblemCode.NO_BOUNDARY_POINTS),
    ],
)
def test_headers_that_exclude_a_right_reading(
    boundary_text: Compose, lot: Ring, written: str, instead: str, code: SurveyProblemCode
) -> None:
    assert refusal(boundary_text((LINE, [lot])).replace(written, instead)).code is code


def test_files_without_parcels_or_characters() -> None:
    assert refusal("[属性描述]\n坐标系=CGCS2000\n[地块坐标]\n").code is SurveyProblemCode.NO_BOUNDARY_POINTS
    assert refusal(b"\xff\xd8\xff\xe0\x00\x10JFIF").code is SurveyProblemCode.TEXT_UNDECODABLE


def test_a_header_that_is_silent_needs_the_person(boundary_text: Compose, lot: Ring) -> None:
    text = boundary_text((LINE, [lot]), header="[地块坐标]")
    assert refusal(text).code is SurveyProblemCode.CRS_MISSING
    assert refusal(text, assumed_epsg=2379).code is SurveyProblemCode.DATUM_UNSUPPORTED
    assert parse(text, assumed_epsg=4530).parcels[0].area_m2 == Decimal("5000.00")


def test_odd_headers_are_reported(boundary_text: Compose, lot: Ring) -> None:
    header = boundary_text((LINE, [lot])).replace("带号=42", "带号=22").replace(",,,,,,", "1,0,0,0,0,0,0")
    read = parse(header.replace("精度=0.001", "精度 0.001"))
    assert codes(read.problems) == [
        SurveyProblemCode.HEADER_LINE_UNREADABLE,
        SurveyProblemCode.HEADER_ZONE_UNREADABLE,
        SurveyProblemCode.TRANSFORMATION_DECLARED,
    ]
    assert len(read.parcels) == 1


def test_the_zone_of_header_and_coordinates_must_agree(boundary_text: Compose, lot: Ring) -> None:
    read = parse(boundary_text((LINE, [lot])).replace("带号=42", "带号=43"))
    (problem,) = read.problems
    assert problem.code is SurveyProblemCode.ZONE_CONTRADICTS_HEADER
    assert problem.params == {"header_zone": 43, "zones": "42"}
    assert read.parcels == ()


def test_a_parcel_far_from_its_meridian_is_reported(boundary_text: Compose, lot: Ring) -> None:
    in_zone_43 = transform(
        geometries=np.array([shapely.Polygon([(y, x) for x, y in lot])], dtype=object), source=4530, target=4531
    )[0]
    ring = [(round(y, 3), round(x, 3)) for x, y in in_zone_43.exterior.coords[:-1]]
    read = parse(boundary_text((LINE, [ring])).replace("带号=42", "带号=43"))
    (problem,) = read.problems
    assert (problem.code, problem.severity) == (SurveyProblemCode.ZONE_FAR_FROM_MERIDIAN, Severity.WARNING)
    assert problem.params == {"zone": 43, "degrees": "2.5"}


def test_a_mistyped_coordinate_is_named_by_its_line(boundary_text: Compose, lot: Ring) -> None:
    text = boundary_text((LINE, [lot]), (LINE, [moved(lot, 0, 200)]))
    read = parse(text.replace("J3,1,4856241.71,42544331.809", "J3,1,42544331.809,4856241.71"))
    (problem,) = read.problems
    assert (problem.code, problem.row) == (SurveyProblemCode.AXES_MIXED, 16)
    assert [parcel.row for parcel in read.parcels] == [19]


def test_coordinates_of_nowhere(boundary_text: Compose) -> None:
    read = parse(boundary_text((LINE, [((9000, 9000), (9000, 9100), (9050, 9100), (9050, 9000))])))
    assert codes(read.problems) == [SurveyProblemCode.AXES_UNRECOGNISED]
    assert read.parcels == ()


@pytest.mark.parametrize(
    "line", ["J2,1,4856191.71", "J2,1,4856191.71,nan", "J2,1,4856191.71,4_2544331.809", "J2,内,1,2"]
)
def test_an_unreadable_point_costs_its_parcel(boundary_text: Compose, lot: Ring, line: str) -> None:
    read = parse(boundary_text((LINE, [lot])).replace("J2,1,4856191.71,42544331.809", line))
    assert SurveyProblemCode.POINT_LINE_UNREADABLE in codes(read.problems)
    assert read.problems[0].row == 15
    assert read.parcels == ()


def test_an_unreadable_parcel_line_costs_its_parcel_only(boundary_text: Compose, lot: Ring) -> None:
    read = parse(boundary_text(("5,0.5,@", [lot]), ("5,0.5,2,乙,面,,,", [lot]), (LINE, [lot])))
    assert codes(read.problems) == [SurveyProblemCode.PARCEL_LINE_UNREADABLE] * 2
    assert [parcel.row for parcel in read.parcels] == [25]


def test_points_before_any_parcel(boundary_text: Compose, lot: Ring) -> None:
    text = boundary_text((LINE, [lot])).replace("[地块坐标]\r\n", "[地块坐标]\r\nJ1,1,4856191.71,42544231.809\r\n")
    read = parse(text)
    assert codes(read.problems) == [SurveyProblemCode.POINT_BEFORE_PARCEL]
    assert len(read.parcels) == 1


def test_a_closing_point_elsewhere(boundary_text: Compose, lot: Ring) -> None:
    text = boundary_text((LINE, [lot]), closed=False) + "J1,1,4856191.71,42544231.819\r\n"
    (problem,) = parse(text).problems
    assert (problem.code, problem.params["distance"]) == (SurveyProblemCode.CLOSING_POINT_DIFFERS, "0.010")


def test_repeated_points_are_reported(boundary_text: Compose, lot: Ring) -> None:
    twice = boundary_text(("6,0.5,1,甲,面,,,,@", [(lot[0], lot[1], lot[1], lot[2], lot[3])]))
    closing_twice = boundary_text(("6,0.5,1,甲,面,,,,@", [lot])) + "J1,1,4856191.71,42544231.809\r\n"
    for text in (twice, closing_twice):
        read = parse(text)
        assert codes(read.problems) == [SurveyProblemCode.DUPLICATE_POINT]
        assert read.parcels[0].area_m2 == Decimal("5000.00")


def test_rings_of_less_than_three_corners(boundary_text: Compose, lot: Ring) -> None:
    read = parse(boundary_text(("2,0,1,甲,面,,,,@", [lot[:2]]), ("0,0,2,乙,面,,,,@", []), closed=False))
    assert codes(read.problems) == [SurveyProblemCode.RING_TOO_SHORT] * 2
    assert read.parcels == ()


def test_a_figure_that_crosses_itself_is_kept_for_validation(boundary_text: Compose, lot: Ring) -> None:
    bow = (lot[0], lot[2], lot[1], lot[3])
    (parcel,) = parse(boundary_text(("5,,1,甲,面,,,,@", [bow]))).parcels
    assert not parcel.geometry.is_valid


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
def test_a_file_cut_short_is_never_taken_for_whole(boundary_text: Compose, lot: Ring, data: st.DataObject) -> None:
    whole = boundary_text((LINE, [lot, inner(lot)]), ("5,0.5,2,乙,面,,,,@", [moved(lot, 0, 200)])).replace(
        "5,0.5000", "10,0.3200", 1
    )
    content = whole.rstrip().encode("gb18030")
    cut = data.draw(st.integers(0, len(content) - 1))
    try:
        read = parse_boundary_points(data=content[:cut], file="界址点.txt")
    except SurveyFileRefused:
        return
    complete = parse(whole).parcels
    cut_between_parcels = read.problems == () and read.parcels == complete[:1]
    assert cut_between_parcels or any(problem.severity is Severity.ERROR for problem in read.problems)


@given(content=st.binary(max_size=300))
@settings(deadline=None)
def test_no_bytes_cause_anything_but_a_refusal(content: bytes) -> None:
    with pytest.raises(SurveyFileRefused):
        parse_boundary_points(data=content, file="界址点.txt")


@given(lines=st.lists(st.text(alphabet="J1,42.@面 =-０x\t，", max_size=30), max_size=12))
@settings(deadline=None)
def test_no_lines_cause_anything_but_problems(lines: list[str]) -> None:
    text = "[属性描述]\n坐标系=CGCS2000\n[地块坐标]\n5,1,1,甲,面,,,,@\n" + "\n".join(lines)
    read = parse(text)
    assert read.parcels or any(problem.severity is Severity.ERROR for problem in read.problems)
