"""Options of bringing families home out of the ledger: the case, the run beside everything, and who may see it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.factories import CHUANYING, NOW, RAILWAY_INVESTMENT, TODAY, Scene, actor_with, record
from tests.options_scene import PART, homes_on_offer, options_settings, tried
from tests.resettlement_scene import SIGNED_ON, build_waiting, entitle
from zhengtu.campaign.models import RunStage
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.resettlement.options import Way
from zhengtu.ledger.models import Deed, Fact
from zhengtu.ledger.reason_text import spoken_reason
from zhengtu.resettlement.options_case import gathered_case
from zhengtu.resettlement.options_record import sentence_of
from zhengtu.resettlement.options_runs import (
    carry_out_options_run,
    options_parts_for,
    options_runs_for,
    start_options_run,
    stop_options_run,
)
from zhengtu.resettlement.options_settings import OptionsSettings, YearBudget, month_of_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    found = build_waiting()
    homes_on_offer()
    return found


def test_the_case_follows_from_the_facts(scene: Scene) -> None:
    first, second, third = (one.code for one in scene.households[:3])
    record(second, "way_chosen", TODAY, {"way": "building"})
    entitle(third, on=date(2021, 3, 2), may_choose_cash="yes", cash_yuan="350000.00")
    gathered = gathered_case([PART], options_settings(), on=TODAY)
    families = {one.code: one for one in gathered.case.families}
    assert set(families) == {first, second, third}
    assert families[first].ways == {Way.BUILDING, Way.PURCHASE}
    assert families[second].choice is Way.BUILDING
    assert families[third].cash_yuan == Decimal("350000.00")
    assert {one.monthly_yuan for one in families.values()} == {Decimal("1080.00")}  # 60 m² in the third step
    assert [(one.building, one.home, one.count) for one in gathered.case.buildings] == [
        ("220204-T0001", "two_bedroom", 6)
    ]
    assert [(one.home, one.count, one.from_month) for one in gathered.case.market] == [("two_bedroom", 1, 1)]
    assert (gathered.late, gathered.with_home, gathered.without_basis, gathered.kept_homes) == (3, 0, 0, 0)


def test_a_familys_subsidy_changes_ahead_as_its_rule_has_it(scene: Scene) -> None:
    third = scene.households[2].code
    entitle(third, on=date(2021, 3, 2), moved_out_on="2023-12-01")
    gathered = gathered_case([PART], options_settings(), on=TODAY)
    families = {one.code: one for one in gathered.case.families}
    waits = families[third]
    assert waits.monthly_yuan == Decimal("600.00")
    assert [(round(months, 1), str(yuan)) for months, yuan in waits.later_yuan] == [(3.5, "840.00"), (9.5, "1080.00")]
    assert families[scene.households[0].code].later_yuan == ()


def test_who_has_a_home_assigned_and_who_has_no_entitlement_is_left_out_and_counted(scene: Scene) -> None:
    first, second = (one.code for one in scene.households[:2])
    record(first, "home_assigned", TODAY, {"home": "220204-T0001-Z01-U0001", "by": "signing"})
    bare = scene.households[3].code
    record(bare, "signed", SIGNED_ON, recorded_at=None)
    record(bare, "resettlement_promised", SIGNED_ON, {"promised_on": "2023-04-01"})
    gathered = gathered_case([PART, "220202-P0001"], options_settings(), on=TODAY)
    assert second in {one.code for one in gathered.case.families}
    assert first not in {one.code for one in gathered.case.families}
    assert (gathered.with_home, gathered.without_terms) == (1, (bare,))
    assert sum(one.count for one in gathered.case.buildings) == 5


def test_homes_that_families_elsewhere_are_to_have_are_kept_for_them(scene: Scene) -> None:
    elsewhere = scene.households[3].code
    record(elsewhere, "signed", SIGNED_ON, recorded_at=None)
    entitle(elsewhere)
    gathered = gathered_case([PART], options_settings(), on=TODAY)
    assert (sum(one.count for one in gathered.case.buildings), gathered.kept_homes) == (5, 1)


def test_a_run_is_computed_beside_everything_and_explains_every_family(scene: Scene) -> None:
    record(scene.households[0].code, "way_chosen", TODAY, {"way": "purchase"})
    facts = Fact.objects.count()
    run = tried()
    assert carry_out_options_run(run.pk, clock=lambda: NOW) == RunStage.DONE
    assert Fact.objects.count() == facts
    assert Deed.objects.get(pk=run.asked_deed).verb == "options.try"
    run.refresh_from_db()
    result = run.result
    best = result["points"][-1]
    assert (result["families"], best["waiting"], best["ways"]) == (3, 0, {"building": 2, "purchase": 1, "cash": 0})
    assert best["spent_yuan"] == "400000.00"
    assert best["family_months"] <= result["first_come"]["family_months"]
    assert best["gap"] <= 1e-6
    [chosen] = [one for one in best["assignments"] if one["household"] == scene.households[0].code]
    assert "江城现房（演示）" in spoken_reason(sentence_of(chosen)).message
    assert {one["kind"] for one in result["worths"]} == {"money", "homes"}


def test_a_budget_that_buys_nothing_is_explained(scene: Scene) -> None:
    record(scene.households[0].code, "way_chosen", TODAY, {"way": "purchase"})
    run = tried(yuan=1_000)
    carry_out_options_run(run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    [obstacle] = run.result["obstacles"]
    assert (obstacle["reason"]["code"], obstacle["households"]) == (
        "resettlement.budget_too_small", [scene.households[0].code]
    )


def test_a_stopped_run_keeps_nothing(scene: Scene) -> None:
    run = tried()
    assert stop_options_run(run, person="王建国", now=NOW)
    assert carry_out_options_run(run.pk, clock=lambda: NOW) == RunStage.FAILED
    run.refresh_from_db()
    assert (run.result, run.reasons[0]["code"]) == ({}, "options.stopped")


def test_a_run_stopped_while_it_is_computed_ends_there(scene: Scene) -> None:
    run = tried()
    clock = iter(range(10_000))

    def stopping() -> object:
        if next(clock) == 2:
            stop_options_run(run, person="王建国", now=NOW)
        return NOW

    assert carry_out_options_run(run.pk, clock=stopping) == RunStage.FAILED  # type: ignore[arg-type]
    run.refresh_from_db()
    assert run.result == {}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"horizon_months": 3}, "options.range"), ({"points": 99}, "options.range"),
        ({"budgets": [YearBudget("220200-nobody", 2025, Decimal(1))]}, "options.budget"),
        ({"budgets": [YearBudget(RAILWAY_INVESTMENT, 2019, Decimal(1))]}, "options.budget"),
        ({"budgets": [YearBudget(RAILWAY_INVESTMENT, 2025, Decimal(-1))]}, "options.budget"),
    ],
)
def test_what_cannot_be_asked_is_refused(scene: Scene, changed: dict[str, object], code: str) -> None:
    values: dict[str, object] = {"budgets": [], **changed}
    with pytest.raises(Refused) as refused:
        start_options_run(
            actor=actor_with("district_leader"), parts=[PART], title="试", now=NOW,
            settings=OptionsSettings(**values),  # type: ignore[arg-type]
        )
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_whoever_does_not_reach_every_part_neither_asks_nor_sees(scene: Scene) -> None:
    run = tried(actor_with("mayor"))
    neighbour = actor_with("district_leader", "220202")
    assert [one.code for one in options_parts_for(actor_with("district_leader"), on=TODAY)] == [PART]
    assert options_runs_for(actor_with("district_leader")).filter(pk=run.pk).exists()
    assert not options_runs_for(neighbour).filter(pk=run.pk).exists()
    with pytest.raises(Refused):
        tried(neighbour)
    with pytest.raises(Refused):
        tried(actor_with("field_officer", CHUANYING))
    with pytest.raises(Refused):
        start_options_run(actor=actor_with("mayor"), parts=[], title="空", settings=options_settings(), now=NOW)


def test_a_budget_year_begins_with_its_january() -> None:
    assert [month_of_year(year, on=TODAY) for year in (2025, 2026, 2027)] == [0, 11, 23]
