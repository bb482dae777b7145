"""Sections, parcels and buildings from survey files."""

from __future__ import annotations

import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import factories
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Deed, Evidence
from zhengtu.registry.actions import Outcome, import_survey
from zhengtu.registry.models import Building, Parcel, Section
from zhengtu.registry.survey_import.examination import Examination, examine
from zhengtu.registry.survey_import.intake import local_file
from zhengtu.registry.survey_import.options import ImportOptions

pytestmark = pytest.mark.django_db


def lot(number: int, *, row: float = 0.0012, width: float = 20) -> Any:
    """A lot of 25 m depth inside the section of 船营区, clear of the registered ones."""
    return factories.rectangle(126.55 + number * 30 / 80_300, 43.84 + row, width, 25)


def geojson(path: Path, features: list[tuple[Any, dict[str, Any]]]) -> Path:
    collection = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}
            for shape, properties in features
        ],
    }
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    return path


def run(path: Path, actor: Actor, scene: factories.Scene, **options: Any) -> Outcome:
    return import_survey(
        source=local_file(path), project=scene.project, actor=actor, options=ImportOptions(**options), now=factories.NOW
    )


def check(path: Path, actor: Actor, scene: factories.Scene, **options: Any) -> Examination:
    return examine(
        source=local_file(path),
        project=scene.project,
        actor=actor,
        options=ImportOptions(**options),
        today=factories.TODAY,
    )


def findings(found: Examination) -> dict[str, bool]:
    return {total["code"].rsplit(".", 1)[1]: total["is_refusal"] for total in found.report["totals"]}


def test_parcels_take_section_code_and_map_number(scene: Any, officer: Actor, tmp_path: Path) -> None:
    path = geojson(tmp_path / "宗地.geojson", [(lot(1), {"名称": "甲"}), (lot(2), {"名称": "乙", "地块面积": 500.0})])
    outcome = run(path, officer, scene)
    assert outcome.report["counts"] | {"warnings": 0} == {
        "rows": 2,
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "refused": 0,
        "warnings": 0,
    }
    parcel = Parcel.objects.get(code="220204-P0001-S01-L00005")
    assert (parcel.name, parcel.map_number, parcel.declared_area_m2) == ("乙", 5, Decimal("500.00"))
    assert abs(parcel.area_m2 - 500) < 5
    assert parcel.west == pytest.approx(126.55 + 60 / 80_300)
    deed = Deed.objects.get(id=outcome.deed)
    assert (deed.subject, deed.facts_count) == ("220204-P0001-S01", 0)
    assert Evidence.objects.get(deed=deed).kind == "survey_file"
    job = ProcrastinateJob.objects.get(task_name="build_tiles")
    assert job.args == {"jurisdiction": "220204"}


def test_the_same_layer_twice_changes_nothing_and_a_new_shape_changes_one(
    scene: Any, officer: Actor, tmp_path: Path
) -> None:
    features = [(lot(1), {"名称": "甲"}), (lot(2), {"名称": "乙"})]
    run(geojson(tmp_path / "宗地.geojson", features), officer, scene)
    assert run(tmp_path / "宗地.geojson", officer, scene).deed == ""
    features[1] = (lot(2, width=22), {"名称": "乙"})
    outcome = run(geojson(tmp_path / "宗地.geojson", features), officer, scene)
    assert (outcome.report["counts"]["changed"], outcome.report["counts"]["unchanged"]) == (1, 1)
    assert Parcel.objects.get(code="220204-P0001-S01-L00005").map_number == 5


@pytest.mark.parametrize(
    ("shapes", "code", "refuses"),
    [
        (
            [shapely.Polygon([(126.551, 43.841), (126.552, 43.842), (126.552, 43.841), (126.551, 43.842)])],
            "geometry_invalid",
            True,
        ),
        ([lot(1), lot(1, width=30)], "parcels_overlap", True),
        ([lot(1), lot(1)], "geometry_duplicate", True),
        ([factories.rectangle(126.55 + 10 / 80_300, 43.8404, 60, 25)], "overlaps_registered", True),
        ([factories.rectangle(126.5545, 43.8415, 200, 25)], "outside_section", True),
        ([factories.rectangle(126.5500, 43.8425, 20, 25)], "outside_section", False),
        ([shapely.Point(126.551, 43.841)], "geometry_not_area", True),
    ],
)
def test_doubtful_shapes_are_reported_and_never_mended(
    shapes: list[Any], code: str, refuses: bool, scene: Any, officer: Actor, tmp_path: Path
) -> None:
    path = geojson(tmp_path / "宗地.geojson", [(shape, {}) for shape in shapes])
    options = {"section": scene.chuanying.code} if code.startswith("outside") else {}
    found = check(path, officer, scene, **options)
    assert findings(found).get(code) is refuses
    if refuses:
        with pytest.raises(Refused):
            run(path, officer, scene, **options)
        assert Parcel.objects.count() == 6
        assert not Deed.objects.filter(recorded_on=factories.TODAY).exists()


def test_a_declared_area_that_differs_is_a_warning(scene: Any, officer: Actor, tmp_path: Path) -> None:
    path = geojson(tmp_path / "宗地.geojson", [(lot(1), {"地块面积": 620})])
    assert findings(check(path, officer, scene)) == {"declared_area_differs": False}


def test_a_layer_elsewhere_is_refused(scene: Any, officer: Actor, tmp_path: Path) -> None:
    path = geojson(tmp_path / "宗地.geojson", [(factories.rectangle(116.40, 39.90, 20, 25), {"节点": "船营段"})])
    assert findings(check(path, officer, scene))["layer_elsewhere"] is True


def test_a_shape_in_no_section_has_no_place(scene: Any, coordinator: Actor, tmp_path: Path) -> None:
    path = geojson(tmp_path / "宗地.geojson", [(factories.rectangle(126.545, 43.835, 20, 25), {}), (lot(1), {})])
    assert findings(check(path, coordinator, scene)) == {"section_not_located": True}


def test_another_districts_section_cannot_be_named(scene: Any, officer: Actor, tmp_path: Path) -> None:
    path = geojson(tmp_path / "宗地.geojson", [(lot(1), {"节点": "昌邑段"})])
    assert findings(check(path, officer, scene)) == {"section_unknown": True}


def test_buildings_from_a_zipped_shapefile_with_gbk_texts(scene: Any, officer: Actor, tmp_path: Path) -> None:
    shapes = np.array([lot(1, width=8), lot(2, width=8)], dtype=object)
    columns = [np.array(["住宅", "商业"], dtype=object), np.array([2, 3]), np.array([120.5, 80.0])]
    pyogrio.raw.write(
        tmp_path / "fw.shp",
        shapely.to_wkb(shapes),
        columns,
        ["用途", "层数", "建筑面积"],
        geometry_type="Polygon",
        crs="EPSG:4490",
        driver="ESRI Shapefile",
        encoding="GBK",
    )
    archive = tmp_path / "房屋.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for part in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
            packed.write(tmp_path / f"fw{part}", f"房屋{part}")
    run(archive, officer, scene)
    building = Building.objects.get(code="220204-P0001-S01-B00005")
    assert (building.use, building.floors, building.floor_area_m2) == ("shop", 3, Decimal("80.00"))
    assert building.map_number == 5


def test_a_geopackage_brings_the_outline_of_a_new_section(scene: Any, coordinator: Actor, tmp_path: Path) -> None:
    shape = factories.rectangle(126.551, 43.836, 200, 200)
    path = tmp_path / "sections.gpkg"
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array([shape], dtype=object)),
        [np.array(["船营二段"], dtype=object), np.array(["220204"], dtype=object)],
        ["名称", "属地"],
        geometry_type="Polygon",
        crs="EPSG:4490",
        driver="GPKG",
        layer="节点",
    )
    run(path, coordinator, scene)
    section = Section.objects.get(code="220204-P0001-S02")
    assert (section.name, section.jurisdiction_id) == ("船营二段", "220204")


BOUNDARY_TEXT = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=42
精度=0.001
转换参数=,,,,,,
[地块坐标]
5,{area},JZ-7,七号地,面,,住宅,,@
"""


def boundary_text(area: str) -> str:
    from zhengtu.core.spatial.projections import transform

    (plane,) = transform(geometries=np.array([lot(5)], dtype=object), source=4490, target=4530)
    points = [f"J{i + 1 if i < 4 else 1},1,{y:.3f},{x:.3f}" for i, (x, y) in enumerate(plane.exterior.coords)]
    return BOUNDARY_TEXT.format(area=area) + "\n".join(points) + "\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_boundary_point_file_becomes_a_parcel(encoding: str, scene: Any, officer: Actor, tmp_path: Path) -> None:
    path = tmp_path / "界址点.txt"
    path.write_bytes(boundary_text("0.0500").encode(encoding))
    outcome = run(path, officer, scene)
    parcel = Parcel.objects.get(code="220204-P0001-S01-L00004")
    assert parcel.name == "七号地"
    assert abs(parcel.area_m2 - 500) < 5
    assert outcome.report["source_crs"] == "EPSG:4530"
    path.write_bytes(boundary_text("0.0800").encode(encoding))
    assert findings(check(path, officer, scene))["declared_area_differs"] is False


def test_a_real_boundary_file_is_refused_outside_its_city(shared_data: Path, scene: Any, officer: Actor) -> None:
    found = check(shared_data / "cadastral" / "kcdj_pengbu_R-14_utf8.txt", officer, scene, section=scene.chuanying.code)
    assert findings(found)["layer_elsewhere"] is True
