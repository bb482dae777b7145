"""The checker: it accepts what keeps everything, and says what a changed schedule breaks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.scheduling.networks import CALENDARS, plain_problems
from zhengtu.core.scheduling.checker import faults
from zhengtu.core.scheduling.plan import plan_of
from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Problem, Resource

PLAN = Problem(
    activities=[
        Activity("A", 3, "week", not_earlier=1),
        Activity("B", 4, not_later=14),
        Activity("C", 2, "week", fixed_start=8),
        Activity("D", 5, started=-3, remaining=2),
        Activity("E", 1, started=-9, finished=-8),
        Activity("F", 1, "notice", deadline=30),
    ],
    links=[Link("A", "B", lag=2, lag_calendar="week"), Link("B", "C", LinkKind.FINISH_FINISH, -2), Link("E", "A")],
    calendars=CALENDARS,
)
STARTS = {"A": 1, "B": 8, "C": 8, "D": -3, "E": -9, "F": 0}
FINISHES = {"A": 4, "B": 12, "C": 10, "D": 2, "E": -8, "F": 21}


def codes(problem: Problem = PLAN, *, deadlines: bool = False, **changes: tuple[int, int]) -> list[str]:
    """What is wrong once some activities have other dates."""
    found = faults(
        problem=problem,
        starts=STARTS | {name: dates[0] for name, dates in changes.items()},
        finishes=FINISHES | {name: dates[1] for name, dates in changes.items()},
        deadlines=deadlines,
    )
    return [reason.code.removeprefix("scheduling.check.") for reason in found]


def test_a_schedule_that_keeps_everything_is_accepted() -> None:
    assert codes(deadlines=True) == []


@pytest.mark.parametrize(
    ("name", "dates", "expected"),
    [
        ("A", (0, 3), ["too_early"]),
        ("A", (1, 5), ["duration", "link"]),
        ("A", (4, 9), ["link"]),
        ("A", (0, 4), ["duration", "too_early"]),
        ("B", (7, 11), ["link"]),
        ("B", (11, 15), ["too_late", "link"]),
        ("B", (9, 13), ["link"]),
        ("C", (9, 11), ["fixed"]),
        ("D", (-2, 2), ["actual"]),
        ("D", (-3, 1), ["actual"]),
        ("E", (-9, -7), ["actual"]),
        ("F", (0, 20), ["duration"]),
    ],
)
def test_each_thing_that_breaks_is_named(name: str, dates: tuple[int, int], expected: list[str]) -> None:
    assert codes(**{name: dates}) == expected


def test_deadlines_are_reported_when_asked_for() -> None:
    late = {"F": (9, 35)}
    assert codes(**late) == []
    assert codes(deadlines=True, **late) == ["too_late"]


def test_an_activity_without_dates_is_reported() -> None:
    found = faults(problem=PLAN, starts={"A": 1}, finishes=FINISHES)
    assert [reason.parameters["activity"] for reason in found] == ["B", "C", "D", "E", "F"]


def test_more_in_use_than_there_is() -> None:
    problem = Problem(
        activities=[Activity(name, 3, demands={"team": 2}) for name in "AB"], resources=[Resource("team", 3)]
    )
    finishes = {"A": 3, "B": 5}
    apart = faults(problem=problem, starts={"A": 0, "B": 3}, finishes={"A": 3, "B": 6})
    together = faults(problem=problem, starts={"A": 0, "B": 2}, finishes=finishes)
    assert apart == []
    assert together[0].parameters == {"resource": "team", "used": 4, "tick": 2, "capacity": 3}
    assert faults(problem=problem, starts={"A": 0, "B": 2}, finishes=finishes, resources=False) == []


@given(problem=plain_problems(), data=st.data())
def test_a_start_or_finish_moved_alone_is_always_found(problem: Problem, data: st.DataObject) -> None:
    plan = plan_of(problem)
    ids = [activity.id for activity in problem.activities]
    starts = dict(zip(ids, plan.starts.tolist(), strict=True))
    finishes = dict(zip(ids, plan.finishes.tolist(), strict=True))
    assert faults(problem=problem, starts=starts, finishes=finishes) == []
    moved = data.draw(st.sampled_from([activity.id for activity in problem.activities]))
    by = data.draw(st.integers(1, 5)) * data.draw(st.sampled_from([-1, 1]))
    end = data.draw(st.sampled_from(["start", "finish"]))
    if end == "start" and next(a for a in problem.activities if a.id == moved).calendar == "notice":
        end = "finish"
    which = starts if end == "start" else finishes
    assert faults(
        problem=problem,
        starts=starts if which is finishes else starts | {moved: starts[moved] + by},
        finishes=finishes if which is starts else finishes | {moved: finishes[moved] + by},
    )


@given(problem=plain_problems(), data=st.data())
def test_a_tightened_link_is_found_or_kept_by_the_dates_themselves(problem: Problem, data: st.DataObject) -> None:
    """The early schedule of a plan passes with one lag lengthened exactly where the passes give the same dates."""
    if not problem.links:
        return
    plan = plan_of(problem)
    number = data.draw(st.integers(0, len(problem.links) - 1))
    lag_calendar = problem.links[number].lag_calendar
    longer = replace(problem.links[number], lag=problem.links[number].lag + (1 if lag_calendar == "notice" else 3))
    tightened = replace(problem, links=[*problem.links[:number], longer, *problem.links[number + 1 :]])
    ids = [activity.id for activity in problem.activities]
    found = faults(
        problem=tightened,
        starts=dict(zip(ids, plan.starts.tolist(), strict=True)),
        finishes=dict(zip(ids, plan.finishes.tolist(), strict=True)),
    )
    assert bool(found) == (plan_of(tightened).starts.tolist() != plan.starts.tolist())
