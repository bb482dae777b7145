"""Levelling of a district's teams: asked for by deed, computed from the ledger, kept, refused and scoped."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import (
    CHANGYI,
    CHUANYING,
    NOW,
    TODAY,
    Scene,
    actor_with,
    advance,
    announce,
    build_campaign,
)
from zhengtu.campaign.levelling_queries import (
    districts_to_level,
    is_dead,
    is_moving,
    latest_levelling,
    levellings_for,
    result_of,
)
from zhengtu.campaign.levelling_runs import carry_out_levelling, district_teams, list_ranks, start_levelling
from zhengtu.campaign.models import LevellingStage, TeamLevelling
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.team_work import ListRank
from zhengtu.ledger.models import Deed, Fact, Refusal
from zhengtu.registry.models import StartList, StartListKind
from zhengtu.registry.team_actions import TeamTerms, enter_team

SKILLS = ("survey", "valuation", "negotiation", "demolition")


@pytest.fixture
def scene(db: None) -> Scene:
    """The campaign with one household surveyed, another signed, and a team of each skill in 船营区."""
    scene = build_campaign()
    announce()
    advance(scene.households[0], to="surveyed")
    advance(scene.households[1], to="signed")
    for skill in SKILLS:
        enter_team(actor=actor_with("coordinator"), now=NOW, terms=TeamTerms(
            jurisdiction=CHUANYING, unit=CHUANYING, name=skill, skill=skill, members=3, from_on=date(2025, 1, 1),
        ))
    return scene


def started(role: str = "coordinator", jurisdiction: str = CHUANYING, seconds: int = 2) -> TeamLevelling:
    return start_levelling(actor=actor_with(role), jurisdiction=jurisdiction, seconds=seconds, now=NOW)


@pytest.mark.usefixtures("scene")
def test_a_levelling_is_asked_computed_and_kept_and_moves_nothing() -> None:
    facts = Fact.objects.count()
    levelling = started()
    deed = Deed.objects.get(pk=levelling.deed)
    assert (deed.verb, deed.subject, deed.reasons[0]["code"]) == ("team.manage", CHUANYING, "levelling.asked")
    assert is_moving(levelling, now=NOW)
    assert carry_out_levelling(levelling.pk, clock=lambda: NOW) == LevellingStage.DONE
    levelling.refresh_from_db()
    found = result_of(levelling)
    assert found is not None
    assert dict(found.households_left) == {
        Stage.SURVEY: 1, Stage.VALUATION: 2, Stage.NEGOTIATION: 2, Stage.DEMOLITION: 3,
    }
    (dates,) = found.sections
    assert dates.section == "220204-P0001-S01"
    assert dates.lawful_on is not None
    assert dates.levelled_on is not None
    assert dates.levelled_on >= dates.lawful_on >= TODAY
    assert {one.team for one in found.weeks} == {f"220204-T00{number}" for number in (1, 2, 3, 4)}
    assert Fact.objects.count() == facts
    assert (levelling.progress, len(levelling.basis)) == (1, 64)


@pytest.mark.usefixtures("scene")
def test_the_same_ledger_gives_the_same_levelling() -> None:
    results = []
    for _ in range(2):
        levelling = started()
        carry_out_levelling(levelling.pk, clock=lambda: NOW)
        levelling.refresh_from_db()
        results.append((levelling.basis, result_of(levelling).weeks))  # type: ignore[union-attr]
    assert results[0] == results[1]


@pytest.mark.usefixtures("scene")
def test_a_levelling_is_computed_once() -> None:
    levelling = started()
    carry_out_levelling(levelling.pk, clock=lambda: NOW)
    TeamLevelling.objects.filter(pk=levelling.pk).update(result=None)
    assert carry_out_levelling(levelling.pk, clock=lambda: NOW) == LevellingStage.DONE
    assert TeamLevelling.objects.get(pk=levelling.pk).result is None


@pytest.mark.usefixtures("scene")
def test_what_cannot_be_levelled_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        started(jurisdiction=CHANGYI, seconds=0)
    assert [reason.code for reason in refused.value.reasons] == ["levelling.seconds", "levelling.no_team"]
    started()
    with pytest.raises(Refused) as again:
        started()
    assert [reason.code for reason in again.value.reasons] == ["levelling.under_way"]
    assert TeamLevelling.objects.count() == 1


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize("role", ["mayor", "field_officer", "client"])
def test_others_look_and_do_not_level(role: str) -> None:
    with pytest.raises(Refused):
        started(role)
    assert Refusal.objects.filter(verb="team.manage").count() == 1
    assert districts_to_level(actor_with(role)) == []


@pytest.mark.usefixtures("scene")
def test_a_district_sees_its_own_levellings_alone() -> None:
    levelling = started()
    carry_out_levelling(levelling.pk, clock=lambda: NOW)
    assert list(levellings_for(actor_with("district_leader"))) == [levelling]
    assert latest_levelling(actor_with("mayor"), jurisdiction=CHUANYING) == levelling
    assert latest_levelling(actor_with("mayor"), jurisdiction=CHANGYI) is None
    for stranger in (actor_with("district_leader", CHANGYI), actor_with("client"), actor_with("department")):
        assert not levellings_for(stranger).exists()
    assert [unit.code for unit in districts_to_level(actor_with("district_leader", CHANGYI))] == [CHANGYI]


@pytest.mark.usefixtures("scene")
def test_a_worker_that_died_is_noticed() -> None:
    levelling = started()
    TeamLevelling.objects.filter(pk=levelling.pk).update(stage=LevellingStage.RUNNING, moved_at=NOW)
    levelling.refresh_from_db()
    later = NOW.replace(hour=NOW.hour + 1)
    assert not is_dead(levelling, now=NOW)
    assert is_dead(levelling, now=later)
    assert not is_moving(levelling, now=later)


def test_a_project_counts_with_the_first_list_it_stands_on(scene: Scene) -> None:
    cases = list(district_teams(CHUANYING, on=TODAY).cases)
    assert list_ranks(cases) == {scene.project.code: ListRank.START}
    national = StartList.objects.create(
        code="220200-C001-national", campaign=scene.campaign, name="国务院督查项目", name_en="National",
        kind=StartListKind.SUPERVISION_NATIONAL,
    )
    national.projects.add(scene.project)
    assert list_ranks(cases) == {scene.project.code: ListRank.NATIONAL}
