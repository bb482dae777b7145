"""Lights by table: what each rule gives, whose move it is, and that nobody betters a light by leaving something out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.core.planning.kit import PART, RULES, bar, case, planned, section, target
from tests.core.procedure.kit import announced_project
from zhengtu.core.planning.lights import light_up
from zhengtu.core.planning.plan import Colour, Plan
from zhengtu.core.planning.plan_case import Homecoming, MoneyStanding, OpenMatter, PlanCase, SectionWork, Stage

ON = date(2025, 3, 12)
PLACE = section(1, 10)
EARLIEST = date(2025, 4, 3)
"""The handing over of ten households that are begun with on the 12th of March, see the worked case of the sections."""
RANK = {Colour.GREEN: 0, Colour.RUNNING: 0, Colour.YELLOW: 1, Colour.RED: 2}
"""The neutral state counts as no worse than green: nothing can be done sooner."""


def due(on: date, *, facts: bool = True, place: SectionWork = PLACE, **given: object) -> PlanCase:
    """The worked section with its handing over due on a day."""
    known = announced_project() if facts else None
    return case(ON, facts=known, sections=(place,), targets=(target("handed_over", on, place),), **given)


@pytest.mark.parametrize(
    ("due_on", "probability", "expected"),
    [
        (date(2025, 4, 2), None, ("red", "deadline_impossible")),
        (date(2025, 4, 2), 0.99, ("red", "deadline_impossible")),
        (EARLIEST, None, ("yellow", "tight")),
        (EARLIEST, 0.49, ("red", "improbable")),
        (EARLIEST, 0.5, ("yellow", "tight")),
        (date(2025, 4, 18), None, ("green", "on_course")),
        (date(2025, 4, 17), None, ("yellow", "tight")),
        (date(2025, 12, 31), 0.79, ("yellow", "doubtful")),
        (date(2025, 12, 31), 0.8, ("green", "on_course")),
        (date(2025, 12, 31), 0.2, ("red", "improbable")),
    ],
)
def test_each_rule_gives_its_colour(due_on: date, probability: float | None, expected: tuple[str, str]) -> None:
    """Ten working days from the 3rd of April, the Qingming holiday left out, end on the 18th."""
    one = due(due_on)
    light = planned(one, probabilities={(PART, f"{due_on}.handed_over"): probability}).light
    assert (light.colour, light.rule) == expected
    assert light.probability == probability
    assert light.target == f"{due_on}.handed_over"


def test_without_a_deadline_nothing_is_judged() -> None:
    light = planned(case(ON, facts=announced_project(), sections=(PLACE,))).light
    assert (light.colour, light.rule, light.float_days) == ("idle", "no_deadline", None)


def waiting(on: date, due_on: date) -> Plan:
    """A project whose comment period runs from 2025-01-10 to 2025-02-10."""
    return planned(case(
        on, facts=announced_project(until="scheme_published"), sections=(PLACE,),
        targets=(target("handed_over", due_on, PLACE),),
    ))


def test_a_statutory_period_is_neutral_whatever_is_probable_and_however_long_it_has_run() -> None:
    earliest = waiting(date(2025, 1, 20), date(2025, 12, 31)).targets[0].earliest_on
    assert earliest is not None
    for on in (date(2025, 1, 13), date(2025, 1, 27), date(2025, 2, 10)):
        plan = waiting(on, earliest)
        light = light_up(
            plan, due(earliest), rules=RULES, probabilities={(PART, f"{earliest}.handed_over"): 0.01}
        ).light
        assert (light.colour, light.rule, light.blocker) == ("running", "statutory_period", None)
        assert light.reason.parameters["last"] == "2025-02-10"
        assert light.since == date(2025, 1, 11)


def test_a_period_that_makes_the_deadline_lawfully_impossible_is_red_with_the_proof() -> None:
    plan = waiting(date(2025, 1, 20), date(2025, 2, 10))
    assert (plan.light.colour, plan.light.rule) == ("red", "deadline_impossible")
    assert plan.targets[0].certificate is not None


def test_what_can_be_done_now_is_not_hidden_by_a_period_that_nothing_waits_for() -> None:
    """The period runs, but valuing, which decides the date, does not wait for it."""
    done = {Stage.SURVEY: (10, date(2025, 3, 3)), Stage.VALUATION: (0, ON)}
    light = planned(due(date(2025, 12, 31), place=section(1, 10, done=done))).light
    assert light.colour is Colour.GREEN
    assert light.blocker is not None


def test_every_section_has_its_own_light() -> None:
    near, far = section(1, 10), section(2, 10)
    plan = planned(case(
        ON, facts=announced_project(), sections=(near, far),
        targets=(target("handed_over", date(2025, 3, 20), near), target("handed_over", date(2025, 12, 31), far)),
    ))
    assert {code: light.colour for code, light in plan.section_lights.items()} == {
        near.code: Colour.RED, far.code: Colour.GREEN
    }
    assert plan.light.colour is Colour.RED


def upto(stage: Stage, count: int = 10, of: int = 10) -> SectionWork:
    """A section that is through all stages before this one, and with so many through this one."""
    stages = list(Stage)
    done = {one: (of, date(2025, 3, 3)) for one in stages[: stages.index(stage)]}
    return section(1, of, done={**done, stage: (count, date(2025, 3, 10))})


SHORT = MoneyStanding(is_short=True, late_since=date(2025, 3, 1), expected_on=date(2025, 3, 25), payer="JLCT")


@pytest.mark.parametrize(
    ("place", "given", "kind", "unit"),
    [
        (upto(Stage.VALUATION, 0), {}, "appraiser", "XH"),
        (upto(Stage.NEGOTIATION, 2), {}, "district", "220204"),
        (upto(Stage.PAYMENT, 0), {"money": SHORT}, "client_money", "JLCT"),
        (upto(Stage.PAYMENT, 0), {}, "district", "220204"),
        (upto(Stage.DEMOLITION, 0), {"frozen_months": frozenset({12, 1, 2, 3})}, "weather", "220204"),
        (upto(Stage.DEMOLITION, 0), {"frozen_months": frozenset({12, 1, 2})}, "district", "220204"),
    ],
)
def test_exactly_one_blocker_says_whose_move_it_is(
    place: SectionWork, given: dict[str, object], kind: str, unit: str
) -> None:
    one = due(date(2025, 12, 31), facts=False, place=place, **given)
    blocker = planned(one).light.blocker
    assert blocker is not None
    assert (blocker.kind, blocker.unit) == (kind, unit)
    assert blocker.since <= ON
    assert blocker.until is not None


def test_blockers_bear_their_clocks() -> None:
    money = planned(due(date(2025, 12, 31), facts=False, place=upto(Stage.PAYMENT, 0), money=SHORT)).light.blocker
    assert money is not None
    assert (money.since, money.reason.parameters["expected"]) == (date(2025, 3, 1), "2025-03-25")
    frost = planned(due(
        date(2025, 12, 31), facts=False, place=upto(Stage.DEMOLITION, 0), frozen_months=frozenset({12, 1, 2, 3})
    )).light.blocker
    assert frost is not None
    assert (frost.since, frost.until) == (date(2024, 12, 1), date(2025, 3, 31))
    matter = OpenMatter(PLACE.code, "title in dispute", "220204-XF", date(2025, 2, 3), date(2025, 4, 1), "D-9")
    named = planned(due(date(2025, 12, 31), facts=False, place=upto(Stage.NEGOTIATION, 2), matters=(matter,)))
    assert named.light.blocker is not None
    assert (named.light.blocker.unit, named.light.blocker.since, named.light.blocker.until) == (
        "220204-XF", date(2025, 2, 3), date(2025, 4, 1)
    )


def test_an_approval_of_a_higher_government_is_named() -> None:
    one = case(ON, facts=announced_project(until="expropriation_decided"), sections=())
    plan = planned(one)
    head = replace(bar(plan, ":expropriation_announced"), actor="higher_government", responsible="2202")
    asked = replace(plan, activities=[head], chains={PART: [head.id]})
    blocker = light_up(asked, one, rules=RULES, probabilities={}).light.blocker
    assert blocker is not None
    assert (blocker.kind, blocker.unit) == ("approval", "2202")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["scope_announced", "scheme_published", "opinions_published", "expropriation_announced"]),
    st.integers(0, 120), st.integers(0, 150), st.data(),
)
def test_leaving_a_recorded_step_out_never_betters_a_light(
    until: str, days: int, slack: int, data: st.DataObject
) -> None:
    """Of what the gate let in, any step may be missing: neither the part's light nor its section's is better for it."""
    facts = announced_project(until=until)
    on = max(fact.happened_on for fact in facts.project) + timedelta(days=days)
    one = case(on, facts=facts, sections=(PLACE,))
    earliest = bar(planned(one), "S01:handover").early_end_on
    one = replace(one, targets=(target("handed_over", earliest + timedelta(days=slack - 30), PLACE),))
    left_out = data.draw(st.sampled_from(facts.project))
    assert one.facts is not None
    fewer = replace(one, facts=replace(
        one.facts, project=tuple(fact for fact in one.facts.project if fact.step != left_out.step)
    ))
    with_all, without = planned(one), planned(fewer)
    assert RANK[without.light.colour] >= RANK[with_all.light.colour], left_out.step
    code = PLACE.code
    assert RANK[without.section_lights[code].colour] >= RANK[with_all.section_lights[code].colour]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 12), min_size=6, max_size=6), st.integers(-20, 60), st.sampled_from(list(Stage)))
@example([1, 1, 1, 0, 0, 0], -1, Stage.VALUATION)
def test_fewer_households_done_never_better_a_light(counts: list[int], slack: int, stage: Stage) -> None:
    left = 12
    done = {}
    for one, count in zip(Stage, counts, strict=True):
        left = min(left, count)
        done[one] = (left, ON)
    place = section(1, 12, done=done)
    earliest = bar(planned(case(ON, sections=(place,))), "S01:handover").early_end_on
    due_on = earliest + timedelta(days=slack)
    fewer = section(1, 12, done={**done, stage: (max(0, done[stage][0] - 1), ON)})
    before, after = (
        planned(case(ON, sections=(one,), targets=(target("handed_over", due_on, one),))).light.colour
        for one in (place, fewer)
    )
    assert RANK[after] >= RANK[before]


def homes(waiting: int, overdue: int, since: date | None = None) -> SectionWork:
    return replace(
        upto(Stage.DEMOLITION, 10), handed_over_on=date(2025, 3, 11), homecoming=Homecoming(waiting, overdue, since)
    )


def test_promised_homes_that_are_overdue_are_red_since_the_first_broken_promise() -> None:
    light = planned(case(ON, sections=(homes(8, 3, date(2023, 5, 1)),))).light
    assert (light.colour, light.rule, light.since) == ("red", "homes_overdue", date(2023, 5, 1))
    assert "3 of 8 households" in light.reason.in_english()
    assert light.blocker is not None


def test_homes_to_come_without_a_building_on_file_are_said_to_have_no_basis() -> None:
    place = homes(8, 0)
    light = planned(case(ON, sections=(place,), targets=(target("resettled", date(2025, 12, 31), place),))).light
    assert (light.colour, light.rule) == ("yellow", "homes_unplanned")


def test_a_deadline_for_homes_is_met_when_nobody_waits() -> None:
    place = homes(0, 0)
    plan = planned(case(ON, sections=(place,), targets=(target("resettled", date(2025, 12, 31), place),)))
    assert [one.is_met for one in plan.targets] == [True]
    assert plan.light.rule == "nothing_left"
