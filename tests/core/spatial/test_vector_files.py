"""Survey files of every format, whole and broken, in the right system and the wrong one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengtu.core.spatial.file_kinds import ReadLimits, SurveyFileKind, survey_file_kind
from zhengtu.core.spatial.problems import Severity, SurveyFileRefused, SurveyProblem, SurveyProblemCode
from zhengtu.core.spatial.projections import transform
from zhengtu.core.spatial.vector_files import read_survey_layer, survey_layers

Write = Callable[..., Path]
LOTS = [shapely.box(126.55, 43.84, 126.551, 43.841), shapely.box(126.56, 43.84, 126.561, 43.841)]
JILIN_BOX = (125.6, 42.5, 128.0, 44.7)


def refusal(path: Path, **more: object) -> SurveyProblem:
    with pytest.raises(SurveyFileRefused) as refused:
        read_survey_layer(path=path, **more)  # type: ignore[arg-type]
    return refused.value.problem


def in_plane(epsg: int) -> list[shapely.Geometry]:
    return list(transform(geometries=np.array(LOTS, dtype=object), source=4490, target=epsg))


@pytest.mark.parametrize(("name", "driver"), [("a.gpkg", "GPKG"), ("a.geojson", "GeoJSON")])
@pytest.mark.parametrize("epsg", [4490, 4326, 4530, 4551])
def test_formats_and_systems(write_vector: Write, name: str, driver: str, epsg: int) -> None:
    path = write_vector(name, in_plane(epsg), driver=driver, crs=f"EPSG:{epsg}", layer="宗地")
    layer = read_survey_layer(path=path)
    assert layer.source_crs == f"EPSG:{epsg}"
    assert layer.columns["name"] == ["地块1", "地块2"]
    assert layer.rows.tolist() == [1, 2]
    assert layer.problems == ()
    for shape, lot in zip(layer.geometries, LOTS, strict=True):
        assert shape.hausdorff_distance(lot) < 1e-8


def test_systems_by_their_esri_name(write_vector: Write, tmp_path: Path) -> None:
    import zipfile

    path = write_vector("a.shp", in_plane(4530), driver="ESRI Shapefile", crs="EPSG:4530")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for suffix in (".shp", ".shx", ".dbf", ".prj"):
            archive.write(path.with_suffix(suffix), f"a{suffix}")
    assert "GCS_China_Geodetic_Coordinate_System_2000" in path.with_suffix(".prj").read_text()
    assert read_survey_layer(path=tmp_path / "a.zip").source_crs == "EPSG:4530"


def test_plain_values_in_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(np.array(LOTS, dtype=object)),
        field_data=[
            np.array([1, 2], dtype="int64"),
            np.array([1.5, np.nan]),
            np.array(["2025-03-01", "NaT"], dtype="datetime64[D]"),
            np.array(["2025-03-01T08:00:00", "NaT"], dtype="datetime64[ms]"),
            np.array([True, False]),
            np.array(["甲", None], dtype=object),
        ],
        fields=["number", "ratio", "day", "moment", "flag", "text"],
        field_mask=[np.array([False, True]), None, None, None, None, None],
        driver="GPKG",
        crs="EPSG:4490",
        geometry_type="Polygon",
    )
    assert read_survey_layer(path=path).columns == {
        "number": [1, None],
        "ratio": [1.5, None],
        "day": [date(2025, 3, 1), None],
        "moment": [datetime(2025, 3, 1, 8), None],  # noqa: DTZ001
        "flag": [True, False],
        "text": ["甲", None],
    }


def test_layers_are_listed_and_chosen(shared_data: Path) -> None:
    path = shared_data / "buildings/cn_wuhan_osm_tilezen.gpkg"
    summaries = survey_layers(path=path)
    assert (summaries[0].name, summaries[0].geometry_kind, summaries[0].features) == (
        "buildings_polygon",
        "Polygon",
        241,
    )
    problem = refusal(path)
    assert problem.code is SurveyProblemCode.LAYER_NOT_CHOSEN
    assert "buildings_polygon, buildings_point" in str(problem.params["layers"])
    assert refusal(path, layer="parcels").code is SurveyProblemCode.LAYER_UNKNOWN
    layer = read_survey_layer(path=path, layer="buildings_polygon", expected_box=(113.6, 29.9, 115.1, 31.4))
    assert len(layer) == 241
    assert layer.problems == ()
    assert len(read_survey_layer(path=path, layer="roads_linestring")) == 354


def test_features_that_are_announced_and_not_there(shared_data: Path) -> None:
    """This file's own count says 264; 78 features have been deleted since."""
    path = shared_data / "buildings/es_catastro_parcel.gpkg"
    layer = read_survey_layer(path=path)
    assert len(layer) == 186
    assert layer.source_crs == "EPSG:32628"
    (problem,) = layer.problems
    assert (problem.code, problem.severity) == (SurveyProblemCode.FEATURE_COUNT_DIFFERS, Severity.WARNING)
    assert problem.params == {"announced": 264, "present": 186}
    assert survey_layers(path=path)[0].features == 186


def test_boundary_points_as_a_layer(shared_data: Path) -> None:
    path = shared_data / "cadastral/kcdj_pengbu_R-14_gb18030.txt"
    layer = read_survey_layer(path=path)
    assert layer.layer == "kcdj_pengbu_R-14_gb18030"
    assert layer.source_crs == "EPSG:4528"
    assert layer.columns["地块名称"] == ["彭埠单元B/R-14地块"]
    assert layer.columns["计算面积"] == [Decimal("57089.50")]
    assert layer.rows.tolist() == [13]
    assert survey_layers(path=path)[0].features == 1
    assert refusal(path, layer="其他").code is SurveyProblemCode.LAYER_UNKNOWN


def test_topojson_is_read_like_geojson(shared_data: Path) -> None:
    layer = read_survey_layer(path=shared_data / "boundaries/mca_220200.json")
    assert "船营区" in layer.columns["NAME"]


def test_a_missing_system_is_not_guessed(write_vector: Write) -> None:
    path = write_vector("a.gpkg", in_plane(4530), driver="GPKG", crs=None)
    problem = refusal(path)
    assert (problem.code, problem.file, problem.layer) == (SurveyProblemCode.CRS_MISSING, "a.gpkg", "a")
    assert read_survey_layer(path=path, assumed_epsg=4530).geometries[0].hausdorff_distance(LOTS[0]) < 1e-8
    assert refusal(path, assumed_epsg=4551).code is SurveyProblemCode.CRS_CONTRADICTED
    assert refusal(path, assumed_epsg=4531).code is SurveyProblemCode.CRS_CONTRADICTED
    assert refusal(path, assumed_epsg=999999).code is SurveyProblemCode.CRS_UNREADABLE


def test_geojson_in_metres_that_does_not_say_so(write_vector: Write) -> None:
    path = write_vector("a.geojson", in_plane(4530), driver="GeoJSON", crs=None)
    assert refusal(path).code is SurveyProblemCode.CRS_MISSING
    assert read_survey_layer(path=path, assumed_epsg=4530).source_crs == "EPSG:4530"


def test_the_files_own_system_wins_and_the_contradiction_is_reported(write_vector: Write) -> None:
    layer = read_survey_layer(
        path=write_vector("a.gpkg", in_plane(4530), driver="GPKG", crs="EPSG:4530"), assumed_epsg=4551
    )
    assert layer.source_crs == "EPSG:4530"
    assert [problem.code for problem in layer.problems] == [SurveyProblemCode.ASSUMED_CRS_IGNORED]


@pytest.mark.parametrize(("epsg", "datum"), [(2382, "Xian 1980"), (2435, "Beijing 1954"), (4610, "Xian 1980")])
def test_old_datums_are_refused(write_vector: Write, epsg: int, datum: str) -> None:
    problem = refusal(write_vector("a.gpkg", LOTS, driver="GPKG", crs=f"EPSG:{epsg}"))
    assert (problem.code, problem.params) == (SurveyProblemCode.OLD_DATUM, {"datum": datum})


def test_coordinates_that_contradict_their_system(write_vector: Write) -> None:
    swapped = [shapely.transform(lot, lambda xy: xy[:, ::-1]) for lot in LOTS]
    bare_in_prefixed = write_vector("a.gpkg", in_plane(4551), driver="GPKG", crs="EPSG:4530")
    assert refusal(bare_in_prefixed).code is SurveyProblemCode.CRS_CONTRADICTED
    metres_in_degrees = write_vector("b.gpkg", in_plane(4551), driver="GPKG", crs="EPSG:4490")
    assert refusal(metres_in_degrees).code is SurveyProblemCode.CRS_CONTRADICTED
    assert refusal(write_vector("c.gpkg", swapped, driver="GPKG")).code is SurveyProblemCode.CRS_CONTRADICTED


def test_a_layer_or_a_feature_elsewhere(write_vector: Write) -> None:
    hangzhou = shapely.box(120.2, 30.3, 120.21, 30.31)
    stray = read_survey_layer(path=write_vector("a.gpkg", [*LOTS, hangzhou], driver="GPKG"), expected_box=JILIN_BOX)
    (problem,) = stray.problems
    assert (problem.code, problem.row) == (SurveyProblemCode.FEATURE_ELSEWHERE, 3)
    assert (problem.params["lon"], problem.params["lat"]) == ("120.2050", "30.3050")
    elsewhere = read_survey_layer(path=write_vector("b.gpkg", [hangzhou] * 3, driver="GPKG"), expected_box=JILIN_BOX)
    assert [(p.code, p.row) for p in elsewhere.problems] == [(SurveyProblemCode.LAYER_ELSEWHERE, None)]


def test_features_without_geometry_keep_their_row(write_vector: Write) -> None:
    layer = read_survey_layer(path=write_vector("a.gpkg", [LOTS[0], None, LOTS[1]], driver="GPKG"))
    assert [shape is None for shape in layer.geometries] == [False, True, False]
    assert len(layer.columns["name"]) == 3


def test_kinds_are_told_by_content(write_vector: Write, tmp_path: Path) -> None:
    package = write_vector("a.gpkg", LOTS, driver="GPKG")
    disguised = package.rename(tmp_path / "宗地.json")
    assert survey_file_kind(path=disguised) is SurveyFileKind.GEOPACKAGE
    assert len(read_survey_layer(path=disguised)) == 2


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.gpkg", b"", SurveyProblemCode.FILE_EMPTY),
        ("a.gpkg", b"\xff\xd8\xff\xe0\x00\x10JFIF" * 20, SurveyProblemCode.FILE_KIND_UNKNOWN),
        ("a.gpkg", b"SQLite format 3\x00" + bytes(4080), SurveyProblemCode.FILE_KIND_UNKNOWN),
        ("a.txt", "[地块坐标]\n".encode("gbk") + b"\xff\xff", SurveyProblemCode.TEXT_UNDECODABLE),
        ("a.txt", "姓名,面积\n张三,80\n".encode("gbk"), SurveyProblemCode.FILE_KIND_UNKNOWN),
        ("a.geojson", b"<?xml version='1.0'?><kml/>", SurveyProblemCode.FILE_KIND_UNKNOWN),
        ("a.geojson", b'{"type": "Pizza"}', SurveyProblemCode.FILE_KIND_UNKNOWN),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', SurveyProblemCode.FILE_DAMAGED),
        ("a.geojson", b"<OGRVRTDataSource/>", SurveyProblemCode.FILE_KIND_UNKNOWN),
        ("a.zip", b"PK\x03\x04" + bytes(40), SurveyProblemCode.FILE_DAMAGED),
        ("a.dxf", b"AC1027" + bytes(100), SurveyProblemCode.DRAWING_NOT_TEXT),
        ("a.dxf", b"AutoCAD Binary DXF\r\n\x1a\x00", SurveyProblemCode.DRAWING_NOT_TEXT),
    ],
)
def test_what_is_not_what_it_seems(tmp_path: Path, name: str, content: bytes, code: SurveyProblemCode) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    problem = refusal(path)
    assert (problem.code, problem.file) == (code, name)


def test_absent_and_oversized_files(tmp_path: Path, write_vector: Write) -> None:
    assert refusal(tmp_path / "none.gpkg").code is SurveyProblemCode.FILE_MISSING
    assert refusal(tmp_path).code is SurveyProblemCode.FILE_MISSING
    path = write_vector("a.gpkg", LOTS, driver="GPKG")
    problem = refusal(path, limits=ReadLimits(file_bytes=10_000))
    assert problem.code is SurveyProblemCode.FILE_TOO_LARGE
    assert refusal(path, limits=ReadLimits(features=1)).params == {"features": 2, "limit": 1}


def test_a_package_without_layers(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.raw.write(
        path, geometry=None, field_data=[np.array(["甲"], dtype=object)], fields=["name"], driver="GPKG", layer="表",
        crs=None, geometry_type=None,
    )  # fmt: skip
    assert refusal(path).code is SurveyProblemCode.LAYERS_MISSING


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.995])
def test_a_package_cut_short(write_vector: Write, share: float) -> None:
    """The reader alone would return the features before the cut, or all with a warning, without a word."""
    many = [shapely.box(126 + n / 1000, 43.8, 126.0005 + n / 1000, 43.801) for n in range(900)]
    path = write_vector("a.gpkg", many, driver="GPKG")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert refusal(path).code is SurveyProblemCode.FILE_DAMAGED


def test_reading_leaves_nothing_beside_the_file(write_vector: Write) -> None:
    path = write_vector("a.gpkg", LOTS, driver="GPKG")
    before, content = sorted(path.parent.iterdir()), path.read_bytes()
    read_survey_layer(path=path)
    assert sorted(path.parent.iterdir()) == before
    assert path.read_bytes() == content


def test_geojson_in_another_encoding(tmp_path: Path) -> None:
    feature = {"type": "Feature", "properties": {"name": "地块"}, "geometry": shapely.geometry.mapping(LOTS[0])}
    path = tmp_path / "a.geojson"
    text = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_survey_layer(path=path).columns["name"] == ["地块"]
    path.write_bytes(text.encode("gbk"))
    assert refusal(path).code in (SurveyProblemCode.TEXT_UNDECODABLE, SurveyProblemCode.FILE_DAMAGED)


@pytest.mark.parametrize(("name", "driver"), [("a.gpkg", "GPKG"), ("a.geojson", "GeoJSON")])
def test_damaged_bytes_cause_nothing_but_refusals(write_vector: Write, name: str, driver: str) -> None:
    path = write_vector(name, LOTS * 5, driver=driver)
    content = path.read_bytes()

    @given(data=st.data())
    @settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
    def damage(data: st.DataObject) -> None:
        damaged = bytearray(content)
        for _ in range(data.draw(st.integers(1, 5))):
            damaged[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(damaged)
        try:
            layer = read_survey_layer(path=path)
        except SurveyFileRefused:
            return
        assert len(layer) == len(layer.rows) == len(next(iter(layer.columns.values()), layer.rows))

    damage()
