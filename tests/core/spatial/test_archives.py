"""Archives that are damaged, hostile or merely wrong."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from zhengtu.core.spatial.file_kinds import DEFAULT_LIMITS, ReadLimits
from zhengtu.core.spatial.problems import SurveyFileRefused, SurveyProblem, SurveyProblemCode
from zhengtu.core.spatial.vector_files import read_survey_layer, survey_layers

LOTS = [shapely.box(126.55, 43.84, 126.551, 43.841), shapely.box(126.56, 43.84, 126.561, 43.841)]
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@pytest.fixture
def parts(write_vector: Callable[..., Path]) -> dict[str, bytes]:
    path = write_vector("parcels.shp", LOTS, driver="ESRI Shapefile", encoding="UTF-8")
    return {suffix: path.with_suffix(suffix).read_bytes() for suffix in PARTS}


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def refusal(path: Path, limits: ReadLimits = DEFAULT_LIMITS) -> SurveyProblem:
    with pytest.raises(SurveyFileRefused) as refused:
        read_survey_layer(path=path, limits=limits)
    return refused.value.problem


def test_a_shapefile(parts: dict[str, bytes], tmp_path: Path) -> None:
    path = zipped(tmp_path / "红线.zip", {f"成果/红线{suffix}": content for suffix, content in parts.items()})
    layer = read_survey_layer(path=path)
    assert (layer.file, layer.layer, layer.source_crs) == ("红线.zip", "红线", "EPSG:4490")
    assert layer.columns["name"] == ["地块1", "地块2"]
    assert [shape.equals(lot) for shape, lot in zip(layer.geometries, LOTS, strict=True)] == [True, True]
    assert layer.rows.tolist() == [1, 2]
    assert layer.problems == ()


def test_names_in_gbk_as_chinese_windows_packs_them(parts: dict[str, bytes], tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"AAAA{suffix}": content for suffix, content in parts.items()})
    path.write_bytes(path.read_bytes().replace(b"AAAA", "红线".encode("gbk")))
    assert [summary.name for summary in survey_layers(path=path)] == ["红线"]


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_tables_that_do_not_name_their_encoding(
    write_vector: Callable[..., Path], tmp_path: Path, encoding: str
) -> None:
    shapefile = write_vector("parcels.shp", LOTS, driver="ESRI Shapefile", encoding=encoding)
    table = bytearray(shapefile.with_suffix(".dbf").read_bytes())
    table[29] = 0  # the language byte
    members = {f"p{suffix}": shapefile.with_suffix(suffix).read_bytes() for suffix in (".shp", ".shx", ".prj")}
    path = zipped(tmp_path / "p.zip", members | {"p.dbf": bytes(table)})
    assert read_survey_layer(path=path).columns["name"] == ["地块1", "地块2"]


def test_several_shapefiles_are_several_layers(parts: dict[str, bytes], tmp_path: Path) -> None:
    members = {f"{name}{suffix}": content for name in ("宗地", "房屋") for suffix, content in parts.items()}
    path = zipped(tmp_path / "a.zip", members)
    assert [(each.name, each.features) for each in survey_layers(path=path)] == [("宗地", 2), ("房屋", 2)]
    problem = refusal(path)
    assert (problem.code, problem.params) == (SurveyProblemCode.LAYER_NOT_CHOSEN, {"layers": "宗地, 房屋"})
    assert read_survey_layer(path=path, layer="房屋").layer == "房屋"


def test_same_names_in_two_folders(parts: dict[str, bytes], tmp_path: Path) -> None:
    members = {f"{folder}/宗地{suffix}": content for folder in "甲乙" for suffix, content in parts.items()}
    path = zipped(tmp_path / "a.zip", members)
    assert [each.name for each in survey_layers(path=path)] == ["甲/宗地", "乙/宗地"]


def test_a_real_archive_with_mac_litter(shared_data: Path) -> None:
    (summary,) = survey_layers(path=shared_data / "buildings/boulder_buildings.zip")
    assert (summary.name, summary.features, summary.source_crs) == ("boulder_buildings", 13_491, "EPSG:4326")


def test_a_zip_bomb_by_ratio(parts: dict[str, bytes], tmp_path: Path) -> None:
    members = {f"p{suffix}": content for suffix, content in parts.items()} | {"p.dbf": bytes(30_000_000)}
    problem = refusal(zipped(tmp_path / "bomb.zip", members))
    assert problem.code is SurveyProblemCode.ARCHIVE_RATIO
    assert int(problem.params["ratio"]) > 200


def test_a_zip_bomb_by_size(parts: dict[str, bytes], tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", {f"p{suffix}": content for suffix, content in parts.items()})
    assert refusal(path, ReadLimits(uncompressed_bytes=500)).code is SurveyProblemCode.ARCHIVE_TOO_LARGE


def test_a_zip_bomb_that_lies_about_its_size(parts: dict[str, bytes], tmp_path: Path) -> None:
    """The directory says 100 bytes; reading stops where the archive stops telling the truth."""
    path = zipped(tmp_path / "bomb.zip", {f"p{s}": c for s, c in parts.items()} | {"p.dbf": bytes(5_000_000)})
    with zipfile.ZipFile(path) as archive:
        true_size = struct.pack("<I", archive.getinfo("p.dbf").file_size)
    path.write_bytes(path.read_bytes().replace(true_size, struct.pack("<I", 100)))
    assert refusal(path).code is SurveyProblemCode.FILE_DAMAGED


@pytest.mark.parametrize("name", ["../p.shp", "/etc/p.shp", "..\\..\\p.shp", "C:\\p.shp", "a/../../p.txt"])
def test_paths_out_of_the_archive(parts: dict[str, bytes], tmp_path: Path, name: str) -> None:
    members = {f"p{suffix}": content for suffix, content in parts.items()} | {name: b"x"}
    problem = refusal(zipped(tmp_path / "a.zip", members))
    assert problem.code is SurveyProblemCode.ARCHIVE_PATH_UNSAFE


def test_links(parts: dict[str, bytes], tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"p{suffix}": content for suffix, content in parts.items()})
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("q.shp")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    problem = refusal(path)
    assert (problem.code, problem.params) == (SurveyProblemCode.ARCHIVE_LINK, {"member": "q.shp"})


@pytest.mark.parametrize("name", ["inner.zip", "inner.7z", "p.dbf"])
def test_archives_in_archives(parts: dict[str, bytes], tmp_path: Path, name: str) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a", b"a")
    members = {f"p{suffix}": content for suffix, content in parts.items()} | {name: inner.getvalue()}
    assert refusal(zipped(tmp_path / "a.zip", members)).code is SurveyProblemCode.ARCHIVE_NESTED


def test_passwords(parts: dict[str, bytes], tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"p{suffix}": content for suffix, content in parts.items()})
    content = bytearray(path.read_bytes())
    position = content.find(b"PK\x01\x02")
    content[position + 8] |= 1
    path.write_bytes(content)
    assert refusal(path).code is SurveyProblemCode.ARCHIVE_ENCRYPTED


def test_too_many_members(parts: dict[str, bytes], tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"p{suffix}": content for suffix, content in parts.items()})
    problem = refusal(path, ReadLimits(members=4))
    assert problem.params == {"members": 5, "limit": 4}


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_missing_parts(parts: dict[str, bytes], tmp_path: Path, part: str) -> None:
    members = {f"宗地{suffix}": content for suffix, content in parts.items() if suffix != part}
    problem = refusal(zipped(tmp_path / "a.zip", members))
    assert (problem.code, problem.layer) == (SurveyProblemCode.SHAPEFILE_PART_MISSING, "宗地")
    assert problem.params == {"part": part}


def test_without_a_reference_system(parts: dict[str, bytes], tmp_path: Path) -> None:
    members = {f"宗地{suffix}": content for suffix, content in parts.items() if suffix != ".prj"}
    path = zipped(tmp_path / "a.zip", members)
    assert refusal(path).code is SurveyProblemCode.CRS_MISSING
    assert read_survey_layer(path=path, assumed_epsg=4490).source_crs == "EPSG:4490"


def test_other_archives(tmp_path: Path) -> None:
    path = zipped(tmp_path / "台账.xlsx", {"[Content_Types].xml": b"<Types/>"})
    assert refusal(path).code is SurveyProblemCode.ARCHIVE_WITHOUT_SHAPEFILE


@pytest.mark.parametrize("part", [".shp", ".shx", ".dbf"])
def test_a_part_cut_before_packing(parts: dict[str, bytes], tmp_path: Path, part: str) -> None:
    members = {f"p{suffix}": content[:-30] if suffix == part else content for suffix, content in parts.items()}
    assert refusal(zipped(tmp_path / "a.zip", members)).code is SurveyProblemCode.FILE_DAMAGED


def test_a_reference_system_that_is_gibberish(parts: dict[str, bytes], tmp_path: Path) -> None:
    members = {f"p{suffix}": content for suffix, content in parts.items()} | {"p.prj": b'GEOGCS["\xff\xfe",DATUM['}
    problem = refusal(zipped(tmp_path / "a.zip", members))
    assert problem.code in (
        SurveyProblemCode.CRS_MISSING,
        SurveyProblemCode.CRS_UNREADABLE,
        SurveyProblemCode.FILE_DAMAGED,
        SurveyProblemCode.TEXT_UNDECODABLE,
    )


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_an_archive_cut_short(parts: dict[str, bytes], tmp_path: Path, share: float) -> None:
    path = zipped(tmp_path / "a.zip", {f"p{suffix}": content for suffix, content in parts.items()})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert refusal(path).code is SurveyProblemCode.FILE_DAMAGED


def test_nothing_stays_behind(parts: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    path = zipped(tmp_path / "a.zip", {f"p{suffix}": content for suffix, content in parts.items()})
    read_survey_layer(path=path)
    path.write_bytes(path.read_bytes().replace(parts[".dbf"][:10], bytes(10)))
    zipped(path, {f"p{suffix}": content[:-30] for suffix, content in parts.items()})
    refusal(path)
    assert list(folder.iterdir()) == []
