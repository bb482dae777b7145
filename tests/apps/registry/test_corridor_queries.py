"""Corridors from register and ledger: states by both clocks, parcels, scope, and metres for the plans."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from shapely import to_wkb
from shapely.geometry.base import BaseGeometry

from tests.factories import (
    CHANGYI,
    CHUANYING,
    PROJECT,
    TODAY,
    Scene,
    actor_with,
    build_campaign,
    build_household,
    build_section,
    record,
    rectangle,
    register,
)
from zhengtu.registry.corridor_queries import corridor_for, corridor_openings, corridors_for, networks_among
from zhengtu.registry.models import Parcel, Project, ProjectKind, Section

METRE_EAST = 1 / 80_300


def lay(section: Section, shape: BaseGeometry) -> None:
    """Give a section another shape."""
    west, south, east, north = shape.bounds
    Section.objects.filter(pk=section.pk).update(shape=to_wkb(shape), west=west, south=south, east=east, north=north)


@pytest.fixture
def strip(db: None) -> Scene:
    """Three sections of 500 m by 60 m in a row: 船营 S01, 昌邑 S01, 船营 S03 with one household on its own parcel."""
    scene = build_campaign()
    third = build_section(scene.project, CHUANYING, number=3)
    for number, section in enumerate((scene.chuanying, scene.changyi, third)):
        lay(section, rectangle(126.55 + number * 500 * METRE_EAST, 43.84, 500, 60))
        Section.objects.filter(pk=section.pk).update(order=number + 1)
    household = build_household(third, number=9)
    register([household], on=date(2025, 1, 7))
    west = 126.55 + 1200 * METRE_EAST
    shape = rectangle(west, 43.84, 30, 60)
    Parcel.objects.filter(pk=household.parcel_id).update(
        shape=to_wkb(shape), west=west, south=43.84, east=shape.bounds[2], north=shape.bounds[3]
    )
    return scene


def hand_over(section: Section, on: date) -> None:
    record(section.code, "handed_over", on)


def test_a_handed_over_section_is_free_from_its_day_on(strip: Scene) -> None:
    hand_over(strip.chuanying, date(2025, 2, 10))
    mayor = actor_with("mayor")
    (before,) = corridors_for(mayor, on=date(2025, 2, 9))
    (after,) = corridors_for(mayor, on=TODAY)
    assert (before.corridor.free_m, round(after.corridor.free_m, -1)) == (0, 500)
    (unknown,) = corridors_for(mayor, on=TODAY, known=date(2025, 2, 9))
    assert unknown.corridor.free_m == 0
    assert after.is_whole
    assert [code[-9:] for code in after.sections] == ["P0001-S01", "P0001-S01", "P0001-S03"]


def test_households_that_vacated_are_not_left(strip: Scene) -> None:
    record(strip.households[0].code, "vacated", date(2025, 2, 5))
    (found,) = corridors_for(actor_with("mayor"), on=TODAY)
    assert [stretch.households_left for stretch in found.corridor.stretches] == [2, 3, 1]
    (before,) = corridors_for(actor_with("mayor"), on=date(2025, 2, 4))
    assert [stretch.households_left for stretch in before.corridor.stretches] == [3, 3, 1]


def test_the_middle_section_opens_what_it_joins(strip: Scene) -> None:
    hand_over(strip.chuanying, date(2025, 2, 10))
    opens = corridor_openings([PROJECT], on=TODAY)
    assert set(opens) == {strip.changyi.code, "220204-P0001-S03"}
    assert opens[strip.changyi.code] == pytest.approx(Decimal(500), abs=3)
    Section.objects.filter(code="220204-P0001-S03").get()
    hand_over(Section.objects.get(code="220204-P0001-S03"), date(2025, 2, 11))
    assert corridor_openings([PROJECT], on=TODAY)[strip.changyi.code] == pytest.approx(Decimal(1000), abs=5)


def test_projects_that_are_no_corridor_have_no_openings(strip: Scene) -> None:
    Project.objects.filter(pk=PROJECT).update(kind=ProjectKind.PARK)
    assert corridor_openings([PROJECT], on=TODAY) == {}
    assert corridors_for(actor_with("mayor"), on=TODAY) == []
    assert corridor_for(actor_with("mayor"), PROJECT, on=TODAY) is None


def test_parcels_with_somebody_left_cut_an_outstanding_section(strip: Scene) -> None:
    hand_over(strip.chuanying, date(2025, 2, 10))
    hand_over(strip.changyi, date(2025, 2, 10))
    detail = corridor_for(actor_with("mayor"), PROJECT, on=TODAY)
    assert detail is not None
    (gap,) = detail.by_parcels.gaps
    assert (round(gap.from_m, -1), round(gap.to_m, -1), gap.households_left) == (1200, 1230, 1)
    assert detail.parcel_names == {"220204-P0001-S03-L00009": "9号地块"}
    record("220204-P0001-S03-H00009", "vacated", date(2025, 2, 12))
    cleared = corridor_for(actor_with("mayor"), PROJECT, on=TODAY)
    assert cleared is not None
    assert cleared.by_parcels.gaps == []
    assert len(cleared.whole.corridor.gaps) == 1  # nobody is left, but the land is not handed over


def test_a_district_sees_the_corridor_as_far_as_it_reaches(strip: Scene) -> None:
    hand_over(strip.chuanying, TODAY - timedelta(days=3))
    (found,) = corridors_for(actor_with("district_leader", CHANGYI), on=TODAY)
    assert list(found.sections) == [strip.changyi.code]
    assert not found.is_whole
    assert corridors_for(actor_with("appraiser"), on=TODAY) == []


def test_one_corridor_alone_is_no_network(strip: Scene) -> None:
    assert networks_among(corridors_for(actor_with("mayor"), on=TODAY)) == []
