"""Repairs: the cheapest allowed way out, against trying every subset; nothing is promised that is not recomputed."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.scheduling.networks import CALENDARS, plain_problems
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.scheduling.plan import plan_of
from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Problem
from zhengtu.core.scheduling.repairs import Repair, WayOut, cheapest_repairs, repaired
from zhengtu.core.scheduling.solve import misses

WORK = Problem(
    activities=[
        Activity("survey", 10, "week"),
        Activity("appraise", 10, "week"),
        Activity("publish", 5),
        Activity("sign", 15, "week", deadline=50),
    ],
    links=[Link("survey", "appraise"), Link("appraise", "publish"), Link("publish", "sign")],
    calendars=CALENDARS,
)
MORE_TEAMS = Repair("more survey teams", 8, durations={"survey": 5})
MANY_TEAMS = Repair("many survey teams", 20, durations={"survey": 3})
SIDE_BY_SIDE = Repair(
    "appraise while surveying",
    3,
    drop=[Link("survey", "appraise")],
    add=[Link("survey", "appraise", LinkKind.START_START, 5, "week")],
)
LATER = Repair("move the deadline", 100, deadlines={"sign": 60})
SIGN_FASTER = Repair("sign faster", 6, durations={"sign": 13})


def chosen(way_out: WayOut) -> list[str]:
    return [repair.id for repair in way_out.repairs]


def test_the_cheapest_way_out() -> None:
    """The plan ends at 52 and ought to at 50."""
    assert plan_of(WORK).project_finish == 52
    way_out = cheapest_repairs(problem=WORK, repairs=[MORE_TEAMS, MANY_TEAMS, SIDE_BY_SIDE, LATER, SIGN_FASTER])
    assert (chosen(way_out), way_out.cost, way_out.cheapest) == (["appraise while surveying"], 3, True)
    assert way_out.plan is not None
    assert way_out.plan.of("sign").finish == 45


def test_repairs_that_change_the_same_exclude_each_other() -> None:
    tighter = replace(WORK, activities=[*WORK.activities[:3], replace(WORK.activities[3], deadline=40)])
    way_out = cheapest_repairs(problem=tighter, repairs=[MORE_TEAMS, MANY_TEAMS, SIDE_BY_SIDE, LATER, SIGN_FASTER])
    assert chosen(way_out) == ["many survey teams", "sign faster"]
    assert not (MORE_TEAMS.changes() & SIDE_BY_SIDE.changes())
    assert MORE_TEAMS.changes() & MANY_TEAMS.changes()


def test_where_nothing_helps_the_chain_that_no_repair_touches_is_handed_back() -> None:
    hopeless = replace(WORK, activities=[*WORK.activities[:3], replace(WORK.activities[3], deadline=10)])
    way_out = cheapest_repairs(problem=hopeless, repairs=[MORE_TEAMS])
    assert way_out.plan is None
    assert way_out.repairs == ()
    assert way_out.unbroken is not None
    assert [line.activity for line in way_out.unbroken.lines] == ["sign", "sign"]


def test_a_plan_that_keeps_everything_needs_no_repair() -> None:
    fine = replace(WORK, activities=[*WORK.activities[:3], Activity("sign", 15, "week", deadline=90)])
    way_out = cheapest_repairs(problem=fine, repairs=[MORE_TEAMS])
    assert (way_out.repairs, way_out.cost, way_out.cheapest) == ((), 0, True)
    assert way_out.plan is not None


def test_out_of_rounds_the_way_out_is_not_called_the_cheapest() -> None:
    way_out = cheapest_repairs(problem=WORK, repairs=[MORE_TEAMS, MANY_TEAMS, LATER], most_rounds=1)
    assert not way_out.cheapest
    assert way_out.plan is not None
    assert chosen(way_out) == ["more survey teams"]


@pytest.mark.parametrize(
    ("repair", "words"),
    [
        (Repair("r", 1, durations={"nobody": 1}), "names nobody"),
        (Repair("r", 1, drop=[Link("survey", "sign")]), "names survey → sign"),
        (Repair("r", 1, durations={"survey": 10}), "eases nothing"),
        (Repair("r", 1, deadlines={"sign": 49}), "eases nothing"),
        (Repair("r", 1, limits={"sign": 60}), "eases nothing"),
        (Repair("r", -1, durations={"survey": 4}), "eases nothing"),
    ],
)
def test_a_repair_that_eases_nothing_is_refused(repair: Repair, words: str) -> None:
    with pytest.raises(Refused, match=words):
        cheapest_repairs(problem=WORK, repairs=[repair])


@st.composite
def repairs_of(draw: st.DrawFn, problem: Problem) -> list[Repair]:
    repairs = []
    for number in range(draw(st.integers(0, 6))):
        cost = draw(st.integers(0, 9))
        activity = draw(st.sampled_from(problem.activities))
        what = draw(st.integers(0, 2))
        if what == 0 and activity.duration:
            shorter = draw(st.integers(0, activity.duration - 1))
            repairs.append(Repair(f"r{number}", cost, durations={activity.id: shorter}))
        elif what == 1 and activity.deadline is not None:
            repairs.append(Repair(f"r{number}", cost, deadlines={activity.id: activity.deadline + 9}))
        elif what == 2 and problem.links:
            link = draw(st.sampled_from(problem.links))
            instead = draw(st.sampled_from([(), (replace(link, kind=LinkKind.START_START, lag=1),)]))
            repairs.append(Repair(f"r{number}", cost, drop=[link], add=instead))
    return repairs


@given(problem=plain_problems(most=6), data=st.data())
@settings(max_examples=80, deadline=None)
def test_no_subset_is_cheaper(problem: Problem, data: st.DataObject) -> None:
    plan = plan_of(problem)
    late = data.draw(st.sampled_from(problem.activities))
    deadline = plan.of(late.id).early_finish - data.draw(st.integers(0, 8))
    activities = [replace(each, deadline=deadline) if each is late else each for each in problem.activities]
    problem = replace(problem, activities=activities)
    repairs = data.draw(repairs_of(problem))
    way_out = cheapest_repairs(problem=problem, repairs=repairs)
    costs = [
        sum(repair.cost for repair in subset)
        for size in range(len(repairs) + 1)
        for subset in combinations(repairs, size)
        if not any(one.changes() & other.changes() for one, other in combinations(subset, 2))
        and not misses(plan_of(repaired(problem, subset)))
    ]
    assert way_out.cheapest
    assert (way_out.plan is None) == (not costs)
    if costs:
        assert way_out.cost == min(costs)
