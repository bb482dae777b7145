"""An actor's reach as prefixes gives the same rows as the registry's doors."""

from __future__ import annotations

import pytest

from tests.factories import (
    CHANGYI,
    CHANGYI_SECTION,
    CHUANYING_SECTION,
    LONGTAN,
    PROJECT,
    actor_with,
    build_campaign,
    build_project,
    build_section,
)
from zhengtu.campaign.reach import may_record, reach_of
from zhengtu.core.authority.actor import Actor
from zhengtu.registry.models import Section
from zhengtu.registry.queries import projects_for, sections_for

pytestmark = pytest.mark.django_db

ROLES = [
    ("mayor", "", ""), ("coordinator", "", ""), ("auditor", "", ""), ("district_leader", "", ""),
    ("district_leader", CHANGYI, ""), ("field_officer", LONGTAN, ""), ("client", "", ""),
    ("client", "220200-transport-bureau", ""), ("department", "", ""), ("appraiser", "", PROJECT),
    ("appraiser", "", CHANGYI_SECTION), ("family", "", f"{CHANGYI_SECTION}-H00001"),
    ("district_leader", "220200-transport-bureau", ""),
]


@pytest.fixture(autouse=True)
def scene() -> None:
    build_campaign()
    build_section(build_project(number=2, client="220200-transport-bureau"), CHANGYI, west=126.57)


@pytest.mark.parametrize("verb", ["cockpit.view", "registry.view", "household.view", "ledger.view", "evidence.view"])
@pytest.mark.parametrize(("role", "unit", "subject"), ROLES)
def test_reach_and_doors_agree(role: str, unit: str, subject: str, verb: str) -> None:
    actor = actor_with(role, unit, subject)
    reach = reach_of(actor, verb=verb)
    by_door = set(sections_for(actor, verb=verb).values_list("code", flat=True))
    assert set(Section.objects.filter(reach.condition("code")).values_list("code", flat=True)) == by_door
    assert {code for code in Section.objects.values_list("code", flat=True) if reach.covers(code)} == by_door
    for project in projects_for(actor, verb=verb):
        assert reach.covers(project.code)


def test_nobody_reaches_nothing() -> None:
    reach = reach_of(Actor(person="220200-u-stranger"), verb="ledger.view")
    assert not reach
    assert not reach.covers(CHUANYING_SECTION)


def test_a_family_reaches_its_own_household_and_no_longer_code() -> None:
    own = f"{CHANGYI_SECTION}-H00001"
    reach = reach_of(actor_with("family", subject=own), verb="evidence.view")
    assert reach.covers(own)
    assert not reach.covers(f"{own}0")
    assert not reach.covers(CHANGYI_SECTION)


def test_recording_is_offered_to_those_who_may() -> None:
    assert may_record(actor_with("district_leader", CHANGYI), CHANGYI_SECTION)
    assert not may_record(actor_with("district_leader", CHANGYI), CHUANYING_SECTION)
    assert not may_record(actor_with("mayor"), CHUANYING_SECTION)
