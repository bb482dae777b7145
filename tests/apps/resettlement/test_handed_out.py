"""A point of a city-wide run handed out: each district drafts for its own project and sees nothing of the others."""

from __future__ import annotations

import pytest

from tests.factories import CHANGYI, NOW, TODAY, Scene, actor_with, record
from tests.options_scene import PART, homes_on_offer, options_settings
from tests.resettlement_scene import SIGNED_ON, TERMS, build_waiting
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Deed
from zhengtu.resettlement.handed_out import drafting_run_for, hand_out, handed_part_for, handed_parts_for
from zhengtu.resettlement.models import OptionsRun, PlanFiling
from zhengtu.resettlement.options_runs import carry_out_options_run, options_runs_for, start_options_run
from zhengtu.resettlement.plan_actions import draft_plan

pytestmark = pytest.mark.django_db
OTHER = "220202-P0001"


@pytest.fixture
def scene() -> Scene:
    """Families of two districts wait, and one of each may come home at once."""
    found = build_waiting()
    homes_on_offer()
    elsewhere = found.households[5].code
    record(elsewhere, "signed", SIGNED_ON, recorded_at=None)
    record(elsewhere, "resettlement_promised", SIGNED_ON, {"promised_on": "2023-04-01"})
    record(elsewhere, "entitlement_agreed", SIGNED_ON, {**TERMS, "site": ""})
    record(found.households[0].code, "way_chosen", TODAY, {"way": "purchase"})
    return found


@pytest.fixture
def run(scene: Scene) -> OptionsRun:
    """The city's run over both districts."""
    asked = start_options_run(
        actor=actor_with("coordinator"), parts=[PART, OTHER], title="全市统筹", settings=options_settings(), now=NOW
    )
    carry_out_options_run(asked.pk, clock=lambda: NOW)
    asked.refresh_from_db()
    return asked


def last(run: OptionsRun) -> int:
    return len(run.result["points"]) - 1


def test_of_a_city_wide_run_a_district_drafts_nothing_before_a_point_is_handed_out(run: OptionsRun) -> None:
    leader = actor_with("district_leader")
    assert not options_runs_for(leader).exists()
    assert handed_parts_for(leader) == []
    assert handed_part_for(leader, run=run.pk, part=PART) is None
    assert drafting_run_for(leader, run.pk, part=PART) is None
    with pytest.raises(Refused) as refused:
        draft_plan(actor=leader, run=run, point=last(run), part=PART, now=NOW)
    assert [one.code for one in refused.value.reasons] == ["resettlement_plan.not_handed_out"]
    assert not PlanFiling.objects.exists()


def test_from_the_point_handed_out_a_district_drafts_the_plan_of_its_own_project(run: OptionsRun) -> None:
    deed = hand_out(actor=actor_with("coordinator"), run=run, point=last(run), now=NOW)
    assert Deed.objects.get(pk=deed).verb == "options.hand_out"
    leader = actor_with("district_leader")
    [told] = handed_parts_for(leader)
    assert (told.run, told.part, told.point, told.title, told.on) == (run.pk, PART, last(run), "全市统筹", TODAY)
    code = draft_plan(actor=leader, run=run, point=told.point, part=PART, now=NOW)
    plan = PlanFiling.objects.get(pk=code)
    assert plan.content["families"] == 3
    assert {row["household"][:12] for row in plan.content["families_by_household"]} == {PART}


def test_what_a_district_sees_of_it_are_its_own_families_alone(run: OptionsRun, scene: Scene) -> None:
    hand_out(actor=actor_with("mayor"), run=run, point=last(run), now=NOW)
    found = handed_part_for(actor_with("district_leader"), run=run.pk, part=PART)
    assert found is not None
    assert {row["household"] for row in found[1]["families_by_household"]} == {
        one.code for one in scene.households[:3]
    }
    assert scene.households[5].code not in str(found[1])
    assert not options_runs_for(actor_with("district_leader")).exists()


def test_a_point_that_was_not_handed_out_stays_closed_and_so_do_other_districts_projects(run: OptionsRun) -> None:
    hand_out(actor=actor_with("coordinator"), run=run, point=0, now=NOW)
    leader, neighbour = actor_with("district_leader"), actor_with("district_leader", CHANGYI)
    with pytest.raises(Refused) as refused:
        draft_plan(actor=leader, run=run, point=last(run), part=PART, now=NOW)
    assert [one.code for one in refused.value.reasons] == ["resettlement_plan.not_handed_out"]
    assert handed_part_for(leader, run=run.pk, part=OTHER) is None
    assert drafting_run_for(leader, run.pk, part=OTHER) is None
    assert [one.part for one in handed_parts_for(neighbour)] == [OTHER]
    with pytest.raises(Refused) as refused:
        draft_plan(actor=neighbour, run=run, point=0, part=PART, now=NOW)
    assert [one.code for one in refused.value.reasons] == ["authority.not_granted"]


@pytest.mark.parametrize("role", ["client", "department", "field_officer", "inspector"])
def test_who_drafts_no_plans_sees_nothing_handed_out(run: OptionsRun, role: str) -> None:
    hand_out(actor=actor_with("coordinator"), run=run, point=0, now=NOW)
    assert handed_parts_for(actor_with(role)) == []
    assert handed_part_for(actor_with(role), run=run.pk, part=PART) is None


def test_only_who_answers_for_the_city_hands_out_and_only_points_that_exist(run: OptionsRun) -> None:
    for role in ("district_leader", "client", "inspector"):
        with pytest.raises(Refused):
            hand_out(actor=actor_with(role), run=run, point=0, now=NOW)
    with pytest.raises(Refused) as refused:
        hand_out(actor=actor_with("coordinator"), run=run, point=99, now=NOW)
    assert [one.code for one in refused.value.reasons] == ["options.no_point"]
    run.refresh_from_db()
    assert run.handed_point is None


def test_the_point_handed_out_last_counts(run: OptionsRun) -> None:
    for point in (0, last(run)):
        hand_out(actor=actor_with("coordinator"), run=run, point=point, now=NOW)
    [told] = handed_parts_for(actor_with("district_leader"))
    assert told.point == last(run)
