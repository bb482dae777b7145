"""Levelling: who goes first, what resources allow, and that searching never makes a plan worse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.scheduling.checker import faults
from zhengtu.core.scheduling.levelling import Group, first_schedule, level, made_ready
from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Problem, Resource
from zhengtu.core.scheduling.solve import Result, Status, solve
from zhengtu.core.scheduling.step_table import StepTable
from zhengtu.core.scheduling.working_time import WorkingTime

WEEK = WorkingTime.of_mask([tick % 7 < 5 for tick in range(2000)])
THAWED = WorkingTime.of_mask([tick % 60 >= 30 for tick in range(2000)])
CALENDARS = {"week": WEEK, "thawed": THAWED}
TEAM = [Resource("team", 1)]


def dates(result: Result) -> dict[str, tuple[int, int]]:
    """Start and finish of each activity."""
    return {row.id: (row.start, row.finish) for row in result.plan.rows()}


def test_the_more_important_deadline_is_kept_and_the_other_missed() -> None:
    problem = Problem(
        activities=[
            Activity("later", 5, deadline=5, priority=2, demands={"team": 1}),
            Activity("first", 5, deadline=5, priority=1, demands={"team": 1}),
        ],
        resources=TEAM,
    )
    assert dates(level(problem, seconds=0)) == {"first": (0, 5), "later": (5, 10)}


def test_two_late_deadlines_of_a_lower_class_do_not_outweigh_one_of_a_higher() -> None:
    problem = Problem(
        activities=[
            Activity("city", 6, deadline=6, priority=1, demands={"team": 1}),
            *(Activity(name, 1, deadline=1, priority=2, demands={"team": 1}) for name in ("one", "two", "three")),
        ],
        resources=TEAM,
    )
    result = level(problem, seconds=5)
    assert dates(result)["city"] == (0, 6)
    assert (result.status, list(result.reasons)) == (Status.FEASIBLE, [])


def test_a_heavier_corridor_is_completed_first() -> None:
    problem = Problem(
        activities=[Activity(name, 4, demands={"team": 1}) for name in ("a1", "a2", "b1", "b2")], resources=TEAM
    )
    groups = [Group("a", frozenset({"a1", "a2"})), Group("b", frozenset({"b1", "b2"}), weight=3)]
    found = dates(level(problem, groups=groups, seconds=5))
    assert max(found["b1"][1], found["b2"][1]) == 8
    assert max(found["a1"][1], found["a2"][1]) == 16


def test_a_team_works_on_its_own_days_and_holds_its_work_through_the_pause() -> None:
    problem = Problem(
        activities=[Activity("A", 7, demands={"team": 1}), Activity("B", 2, demands={"team": 1}, priority=2)],
        links=[Link("A", "B", LinkKind.START_START)],
        calendars=CALENDARS,
        resources=[Resource("team", 1, "week")],
    )
    result = level(problem, seconds=0)
    assert dates(result) == {"A": (0, 9), "B": (9, 11)}
    assert {activity.calendar for activity in result.plan.problem.activities} == {"week"}


def test_frozen_ground_and_working_week_meet() -> None:
    problem = Problem(
        activities=[Activity("dig", 3, "week", demands={"digger": 1})],
        calendars=CALENDARS,
        resources=[Resource("digger", 1, "thawed")],
    )
    assert dates(level(problem, seconds=0)) == {"dig": (30, 33)}


def test_what_is_under_way_keeps_its_team_until_it_is_done() -> None:
    problem = Problem(
        activities=[
            Activity("begun", 9, started=-5, remaining=4, demands={"team": 1}),
            Activity("over", 9, started=-9, finished=-5, demands={"team": 1}),
            Activity("fixed", 3, fixed_start=6, demands={"team": 1}),
            Activity("next", 2, demands={"team": 1}),
            Activity("long", 3, demands={"team": 1}),
        ],
        resources=TEAM,
    )
    found = dates(level(problem, seconds=5))
    assert (found["begun"], found["fixed"], found["next"], found["long"]) == ((-5, 4), (6, 9), (4, 6), (9, 12))


def test_an_end_that_a_finish_link_holds_up_is_held_up_with_its_team() -> None:
    problem = Problem(
        activities=[
            Activity("begun", 4, started=0, demands={"team": 1}),
            Activity("paper", 8),
            Activity("next", 2, demands={"team": 1}),
        ],
        links=[Link("paper", "begun", LinkKind.FINISH_FINISH), Link("begun", "next")],
        resources=TEAM,
    )
    assert dates(level(problem, seconds=0)) == {"begun": (0, 8), "paper": (0, 8), "next": (8, 10)}


def test_a_limit_that_cannot_hold_is_said_with_the_plan() -> None:
    problem = Problem(
        activities=[Activity(name, 4, not_later=5, demands={"team": 1}) for name in ("A", "B")], resources=TEAM
    )
    result = level(problem, seconds=2)
    assert result.status is Status.INFEASIBLE
    assert [reason.code for reason in result.reasons] == ["scheduling.check.too_late"]


def test_where_nothing_waits_for_a_team_the_plan_is_the_earliest_and_proven() -> None:
    problem = Problem(
        activities=[Activity("A", 2, demands={"team": 1}), Activity("B", 2, demands={"team": 1})],
        links=[Link("A", "B")],
        resources=TEAM,
    )
    assert solve(problem=problem, method="levelling", seconds=5).status is Status.OPTIMAL


def test_parts_find_what_no_rule_does() -> None:
    """Three machines and their jobs in different orders: rules leave ticks that the solver gets back."""
    random = np.random.default_rng(7)
    activities, links = [], []
    for job in range(8):
        machines = random.permutation(3)
        activities += [
            Activity(f"{job}.{place}", int(random.integers(2, 9)), "week", demands={f"m{machine}": 1}, deadline=40)
            for place, machine in enumerate(machines)
        ]
        links += [Link(f"{job}.{place}", f"{job}.{place + 1}", lag=1, lag_calendar="week") for place in range(2)]
    problem = Problem(
        activities=activities, links=links, calendars=CALENDARS,
        resources=[Resource(f"m{machine}", 1, "week") for machine in range(3)],
    )
    levelled = made_ready(problem)
    serial = levelled.aims(first_schedule(levelled))
    result = level(problem, seconds=12)
    assert levelled.aims((result.plan.starts.tolist(), result.plan.finishes.tolist())) < serial
    assert not result.reasons


@pytest.mark.parametrize(
    "group", [Group("g", frozenset({"nobody"})), Group("g", frozenset()), Group("g", frozenset({"A"}), weight=0)]
)
def test_a_group_that_means_nothing_is_refused(group: Group) -> None:
    with pytest.raises(Refused, match="Group g"):
        level(Problem(activities=[Activity("A", 1)]), groups=[group])


def test_steps_and_pauses_do_not_meet() -> None:
    notice = StepTable(np.arange(30, 430))
    problem = Problem(
        activities=[Activity("A", 1, "notice", demands={"team": 1})],
        calendars=CALENDARS | {"notice": notice},
        resources=[Resource("team", 1, "week")],
    )
    with pytest.raises(Refused, match="counts steps"):
        level(problem)


def test_a_calendar_that_ends_is_refused_by_activity() -> None:
    short = WorkingTime.of_mask([True] * 10)
    problem = Problem(
        activities=[Activity(name, 6, "short", demands={"team": 1}) for name in ("A", "B")],
        calendars={"short": short}, resources=TEAM,
    )
    with pytest.raises(Refused, match="finds no time"):
        level(problem)


@st.composite
def campaigns(draw: st.DrawFn) -> tuple[Problem, list[Group]]:
    """Some sections with a chain of steps each, teams with calendars, deadlines with priorities."""
    count = draw(st.integers(2, 5))
    activities, links = [], []
    for section in range(count):
        priority = draw(st.integers(1, 3))
        for step, team in enumerate(("survey", "talk", "dig")):
            activities.append(
                Activity(
                    f"{section}.{step}", draw(st.integers(0, 5)), draw(st.sampled_from(["", "week"])),
                    not_earlier=draw(st.none() | st.integers(0, 10)), priority=priority,
                    deadline=draw(st.none() | st.integers(0, 30)) if step == 2 else None,
                    demands={team: draw(st.integers(0, 2))},
                )
            )
        kind = draw(st.sampled_from(LinkKind))
        lag, lag_calendar = draw(st.integers(-2, 3)), draw(st.sampled_from(["", "week"]))
        links.append(Link(f"{section}.0", f"{section}.1", kind, lag, lag_calendar))
        links.append(Link(f"{section}.1", f"{section}.2"))
    resources = [Resource("survey", 2, "week"), Resource("talk", 2), Resource("dig", 2, "thawed")]
    groups = [Group("corridor", frozenset(f"{section}.2" for section in range(0, count, 2)), 2)]
    return Problem(activities=activities, links=links, calendars=CALENDARS, resources=resources), groups


@settings(max_examples=40, deadline=None)
@given(campaign=campaigns())
def test_serial_plans_keep_everything(campaign: tuple[Problem, list[Group]]) -> None:
    problem, groups = campaign
    result = level(problem, groups=groups, seconds=0)
    assert not result.reasons
    _assert_sound(problem, result)


@settings(max_examples=8, deadline=None)
@given(campaign=campaigns())
def test_improved_plans_keep_everything_and_are_never_worse(campaign: tuple[Problem, list[Group]]) -> None:
    problem, groups = campaign
    levelled = made_ready(problem, groups=groups)
    result = level(problem, groups=groups, seconds=0.7)
    _assert_sound(problem, result)
    assert levelled.aims((result.plan.starts.tolist(), result.plan.finishes.tolist())) <= levelled.aims(
        first_schedule(levelled)
    )


def _assert_sound(problem: Problem, result: Result) -> None:
    """Links, capacities and limits; and every tick worked is one of the activity's and of its teams' calendars."""
    found = dates(result)
    starts = {name: pair[0] for name, pair in found.items()}
    finishes = {name: pair[1] for name, pair in found.items()}
    assert not faults(problem=result.plan.problem, starts=starts, finishes=finishes)
    resources = {resource.id: resource for resource in problem.resources}
    for activity in problem.activities:
        names = {activity.calendar} | {resources[name].calendar for name, amount in activity.demands.items() if amount}
        calendars = [CALENDARS[name] for name in names if name]
        worked = [
            tick
            for tick in range(*found[activity.id])
            if all(calendar.between_one(tick, tick + 1) for calendar in calendars)
        ]
        assert len(worked) == activity.duration
    assert replace(result.plan.problem, activities=(), calendars={}) == replace(problem, activities=(), calendars={})
