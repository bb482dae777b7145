"""DXF drawings as survey software writes them."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from zhengtu.core.spatial.problems import SurveyFileRefused, SurveyProblem, SurveyProblemCode
from zhengtu.core.spatial.projections import areas_m2
from zhengtu.core.spatial.vector_files import read_survey_layer, survey_layers

EAST, NORTH = 42544231.809, 4856191.71


def polyline(
    layer: str, points: list[tuple[float, float]], *, closed: bool = True, east: float = EAST, north: float = NORTH
) -> str:
    pairs = "".join(f"10\n{x + east}\n20\n{y + north}\n" for x, y in points)
    handle = f"{round(points[0][0]) + 16:X}"
    return f"0\nLWPOLYLINE\n5\n{handle}\n8\n{layer}\n90\n{len(points)}\n70\n{int(closed)}\n{pairs}"


def text(layer: str, words: str, x: float, y: float) -> str:
    return f"0\nTEXT\n5\nFF\n8\n{layer}\n10\n{x + EAST}\n20\n{y + NORTH}\n40\n2\n1\n{words}\n"


def drawing(*entities: str) -> str:
    header = "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n9\n$DWGCODEPAGE\n3\nANSI_936\n0\nENDSEC\n"
    return f"{header}0\nSECTION\n2\nENTITIES\n{''.join(entities)}0\nENDSEC\n0\nEOF\n"


LOT = [(0.0, 0.0), (100.0, 0.0), (100.0, 50.0), (0.0, 50.0)]
NEXT_LOT = [(x + 100, y) for x, y in LOT]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "宗地图.dxf"


def write(path: Path, *entities: str) -> Path:
    path.write_bytes(drawing(*entities).encode("gb18030"))
    return path


def refusal(path: Path, **more: object) -> SurveyProblem:
    with pytest.raises(SurveyFileRefused) as refused:
        read_survey_layer(path=path, **more)  # type: ignore[arg-type]
    return refused.value.problem


def test_closed_lines_are_parcels_and_texts_inside_their_labels(path: Path) -> None:
    write(
        path,
        polyline("宗地", LOT),
        polyline("宗地", NEXT_LOT),
        text("注记", "张三", 50, 10),
        text("注记", "船营-001", 50, 40),
        text("注记", "路", 500, 500),
    )
    layer = read_survey_layer(path=path)
    assert (layer.layer, layer.source_crs) == ("宗地", "EPSG:4530")
    assert layer.columns["label"] == ["船营-001 张三", None]
    assert layer.columns["layer"] == ["宗地", "宗地"]
    assert areas_m2(layer.geometries) == pytest.approx([5000, 5000], abs=0.01)
    assert layer.geometries[0].distance(shapely.Point(126.55, 43.84)) < 1e-8
    assert layer.problems == ()


def test_layers_of_the_drawing_are_chosen_by_name(path: Path) -> None:
    write(path, polyline("宗地", LOT), polyline("房屋", NEXT_LOT), polyline("道路", LOT[:2], closed=False))
    assert [(each.name, each.features) for each in survey_layers(path=path)] == [("宗地", 1), ("房屋", 1)]
    assert refusal(path).code is SurveyProblemCode.LAYER_NOT_CHOSEN
    assert refusal(path, layer="道路").code is SurveyProblemCode.LAYER_UNKNOWN
    assert len(read_survey_layer(path=path, layer="房屋")) == 1


def test_lines_that_are_not_closed_are_reported(path: Path) -> None:
    write(path, polyline("宗地", LOT), polyline("宗地", NEXT_LOT, closed=False), polyline("宗地", NEXT_LOT))
    layer = read_survey_layer(path=path)
    assert layer.rows.tolist() == [1, 3]
    (problem,) = layer.problems
    assert (problem.code, problem.row, problem.layer) == (SurveyProblemCode.OPEN_POLYLINE, 2, "宗地")


def test_a_line_drawn_back_to_its_start_is_closed(path: Path) -> None:
    write(path, polyline("宗地", [*LOT, LOT[0]], closed=False))
    assert areas_m2(read_survey_layer(path=path).geometries) == pytest.approx([5000], abs=0.01)


def test_without_zone_number_the_zone_must_be_named(path: Path) -> None:
    write(path, polyline("宗地", LOT, east=EAST - 42_000_000))
    assert refusal(path).code is SurveyProblemCode.ZONE_UNKNOWN
    layer = read_survey_layer(path=path, assumed_epsg=4530)
    assert layer.source_crs == "EPSG:4551"
    assert layer.geometries[0].distance(shapely.Point(126.55, 43.84)) < 1e-8


def test_swapped_axes(path: Path) -> None:
    write(path, polyline("宗地", [(y, x) for x, y in LOT], east=NORTH, north=EAST))
    layer = read_survey_layer(path=path)
    assert layer.geometries[0].distance(shapely.Point(126.55, 43.84)) < 1e-8
    assert [problem.code for problem in layer.problems] == [SurveyProblemCode.AXES_SWAPPED]


def test_local_coordinates(path: Path) -> None:
    write(path, polyline("宗地", LOT, east=1000, north=2000))
    assert refusal(path).code is SurveyProblemCode.CRS_MISSING


def test_a_drawing_without_outlines(path: Path) -> None:
    write(path, polyline("道路", LOT[:2], closed=False))
    assert refusal(path).code is SurveyProblemCode.DRAWING_WITHOUT_OUTLINES


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95, 0.99])
def test_a_drawing_cut_short(path: Path, share: float) -> None:
    content = drawing(polyline("宗地", LOT), polyline("宗地", NEXT_LOT)).encode("gb18030")
    path.write_bytes(content[: int(len(content) * share)])
    assert refusal(path).code is SurveyProblemCode.FILE_DAMAGED


def test_a_zip_of_drawings_is_refused(path: Path, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(write(path, polyline("宗地", LOT)), "a.dxf")
    assert refusal(tmp_path / "a.zip").code is SurveyProblemCode.ARCHIVE_WITHOUT_SHAPEFILE
