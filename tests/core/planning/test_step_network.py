"""The project's steps in the network: a run counted by hand, and equality with the earliest dates of the procedure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.planning.kit import PART, RULES, bar, case, planned, project_facts, section, target
from tests.core.procedure.kit import RULEBOOK, STARTS, announced_project, calendar, fact, procedure
from zhengtu.core.planning.day_calendars import day_calendars
from zhengtu.core.planning.plan import ActivityKind
from zhengtu.core.planning.planning import network_of
from zhengtu.core.procedure.case_facts import CaseFacts
from zhengtu.core.procedure.earliest import EarliestDates
from zhengtu.core.procedure.steps import Scope

FILES = sorted((RULEBOOK / "cases" / "timelines").glob("*.yaml"))
WORDS = {"step", "day", "refused", "earliest", "because", "dossier"}


def plan_agrees_with_the_procedure(facts: CaseFacts, on: date, regime: str) -> None:
    """Every open step of the project is planned for the very day that the procedure counts."""
    one = case(on, facts=facts, regime=regime)
    earliest = EarliestDates(
        facts=project_facts(facts), procedure=procedure(regime), calendar=calendar(), today=on
    )
    open_bars = [bar for bar in planned(one).activities if bar.kind is ActivityKind.STEP and not bar.is_done]
    assert {bar.step: bar.early_start_on for bar in open_bars} == {
        bar.step: earliest.of(bar.step).on for bar in open_bars
    }


def test_a_small_run_across_spring_festival_counted_by_hand() -> None:
    """The scheme is published on 2025-01-10: its 30 days end on Sunday 2025-02-09, which gives way to Monday the 10th.

    Spring Festival (28 January to 4 February) counts as days of the 30. Opinions are registered on the 11th; all that
    follows needs no time in law, so the announcement may come on the same day. Nobody is asked about households.
    """
    plan = planned(case(date(2025, 1, 20), facts=announced_project(until="scheme_published")))
    period = bar(plan, ":scheme_published.comment_period")
    assert (period.actual_start_on, period.early_end_on) == (date(2025, 1, 11), date(2025, 2, 10))
    assert period.source == "state-council-decree-590#10(2)"
    registered, announced = bar(plan, ":opinions_registered"), bar(plan, ":expropriation_announced")
    assert registered.early_start_on == announced.early_start_on == date(2025, 2, 11)
    assert registered.driver == period.id
    assert registered.driver_reason is not None
    assert registered.driver_reason.source == period.source
    assert bar(plan, ":stability_assessed").early_start_on == date(2025, 1, 20), "it needs the publication begun alone"


def test_a_deadline_gives_every_remaining_step_its_latest_lawful_start() -> None:
    """To announce by 2025-05-09 (a Friday after Labour Day's holidays): ten working days before it, pre-announcing."""
    facts = announced_project(until="scheme_reviewed")
    plan = planned(case(date(2025, 1, 13), facts=facts, targets=(target("launched", date(2025, 5, 9)),)))
    published, period = bar(plan, ":scheme_published"), bar(plan, ":scheme_published.comment_period")
    assert bar(plan, ":expropriation_announced").late_end_on == date(2025, 5, 9)
    assert period.late_end_on == date(2025, 5, 8)
    assert published.late_start_on == date(2025, 4, 8), "30 days from the 8th of April end on the 8th of May"
    assert published.float_days == calendar().working_days_between(date(2025, 1, 13), date(2025, 4, 8)).count


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_on_the_worked_timelines_the_plan_shows_the_earliest_lawful_dates(path: Any) -> None:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    regime = raw["regime"]
    facts = STARTS[raw["start"]]() if "start" in raw else CaseFacts()
    for entry in raw["timeline"]:
        if "step" not in entry or "refused" in entry:
            continue
        values = {name: value for name, value in entry.items() if name not in WORDS}
        made = fact(entry["step"], entry["day"], regime=regime, **values)
        facts = facts.with_fact(made, step=procedure(regime).steps[made.step])
        for days in (0, 5, 40):
            plan_agrees_with_the_procedure(facts, entry["day"] + timedelta(days=days), regime)


@st.composite
def random_facts(draw: st.DrawFn, regime: str) -> CaseFacts:
    """Some steps of the project on any days, lawful or not."""
    steps = [step for step in procedure(regime).steps.values() if step.scope is Scope.PROJECT]
    facts = CaseFacts()
    for step in draw(st.lists(st.sampled_from(steps), max_size=12, unique_by=lambda one: one.id)):
        on = date(2025, 1, 1) + timedelta(days=draw(st.integers(0, 200)))
        facts = facts.with_fact(fact(step, on, regime=regime), step=step)
    return facts


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(["state_land", "collective_land"]), st.integers(0, 250))
def test_on_random_facts_too(data: st.DataObject, regime: str, days: int) -> None:
    facts = data.draw(random_facts(regime))
    plan_agrees_with_the_procedure(facts, date(2025, 1, 1) + timedelta(days=days), regime)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(["state_land", "collective_land"]), st.integers(0, 250), st.integers(0, 40))
def test_households_never_let_a_plan_show_less_than_the_law(
    data: st.DataObject, regime: str, days: int, households: int
) -> None:
    """Households can only hold a step back (few holdouts); each stage begins no sooner than its step may be taken."""
    facts = data.draw(random_facts(regime))
    on = date(2025, 1, 1) + timedelta(days=days)
    plan = planned(case(on, facts=facts, regime=regime, sections=(section(1, households),)))
    earliest = EarliestDates(facts=project_facts(facts), procedure=procedure(regime), calendar=calendar(), today=on)
    kinds = {"survey": "surveyed", "negotiation": "signed", "payment": "paid", "vacating": "vacated"}
    for one in plan.activities:
        if one.is_done:
            continue
        if one.kind is ActivityKind.STEP:
            assert one.early_start_on >= earliest.of(one.step).on
        elif one.kind is ActivityKind.WORK and one.stage in kinds:
            step = procedure(regime).recorded_by(kinds[one.stage])
            assert step is not None
            assert one.early_start_on >= earliest.of(step.id).on


@pytest.mark.parametrize("regime", ["state_land", "collective_land"])
def test_periods_in_the_network_end_where_the_law_counts(regime: str) -> None:
    """Each table of each period of the procedure against the calendar, every eleventh day of three years."""
    tables = day_calendars(calendar(), on=date(2025, 3, 1))
    for step in procedure(regime).steps.values():
        for period in step.periods:
            table = tables.named[tables.period(period.period)]
            allowed = tables.named[tables.period(period.period, is_allowed=True)]
            for day in range(date(2024, 1, 1).toordinal(), date(2027, 1, 1).toordinal(), 11):
                last = calendar().last_day(period.period, start_on=date.fromordinal(day)).on.toordinal()
                assert (table.advance_one(day, 1), allowed.advance_one(day, 1)) == (last + 1, last)


def test_a_step_held_back_by_a_decision_says_so() -> None:
    one = case(
        date(2025, 3, 12), facts=announced_project(), steps_not_before={"appraiser_choice_invited": date(2025, 4, 1)}
    )
    invited, chosen = (bar(planned(one), f":{step}") for step in ("appraiser_choice_invited", "appraiser_chosen"))
    assert invited.early_start_on == chosen.early_start_on == date(2025, 4, 1)
    assert invited.driver_reason is not None
    assert invited.driver_reason.code == "planning.not_before"


def test_steps_that_do_not_apply_are_not_planned() -> None:
    nodes = network_of(case(date(2025, 3, 12), facts=announced_project()), rules=RULES).nodes
    assert f"{PART}:tract_plan_approved" not in nodes
    assert f"{PART}:annual_plan_listed" not in nodes, "the ground is infrastructure"
