"""Passes: worked textbook cases with all link kinds, limits and actual dates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.core.scheduling.networks import CALENDARS
from zhengtu.core.scheduling.methods.backward import LateFrom
from zhengtu.core.scheduling.plan import DriverKind, Plan, latest_starts, plan_of
from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Problem, Resource
from zhengtu.core.scheduling.solve import Status, solve

TEXTBOOK = Problem(
    activities=[Activity(name, days) for name, days in zip("ABCDEFG", (3, 4, 2, 5, 1, 2, 4), strict=True)],
    links=[Link(*pair) for pair in ("AB", "AC", "BD", "CE", "DG", "EF", "FG")],
)


def dates(plan: Plan) -> dict[str, tuple[int | None, ...]]:
    """Early start and finish, late start and finish, total and free float."""
    return {
        row.id: (
            row.early_start, row.early_finish, row.late_start, row.late_finish, row.total_float, row.free_float
        )
        for row in plan.rows()
    }  # fmt: skip


def with_limits(**limits: dict[str, int]) -> Problem:
    """The textbook's network with more fields of some activities."""
    activities = [replace(activity, **limits.get(activity.id, {})) for activity in TEXTBOOK.activities]  # type: ignore[arg-type]
    return replace(TEXTBOOK, activities=activities)


def two(first: int, second: int, kind: LinkKind, lag: int = 0, calendar: str = "") -> tuple[int, int]:
    """Early start and finish of the second of two linked activities."""
    problem = Problem(
        activities=[Activity("A", first, calendar), Activity("B", second, calendar)],
        links=[Link("A", "B", kind, lag, calendar)],
        calendars=CALENDARS,
    )
    row = plan_of(problem).of("B")
    return row.early_start, row.early_finish


def test_a_network_by_hand() -> None:
    plan = plan_of(TEXTBOOK)
    assert dates(plan) == {
        "A": (0, 3, 0, 3, 0, 0),
        "B": (3, 7, 3, 7, 0, 0),
        "C": (3, 5, 7, 9, 4, 0),
        "D": (7, 12, 7, 12, 0, 0),
        "E": (5, 6, 9, 10, 4, 0),
        "F": (6, 8, 10, 12, 4, 4),
        "G": (12, 16, 12, 16, 0, 0),
    }
    assert [row.id for row in plan.rows() if row.critical] == ["A", "B", "D", "G"]
    assert plan.driving_chain("G") == ["A", "B", "D", "G"]
    assert plan.driving_chain("F") == ["A", "C", "E", "F"]


@pytest.mark.parametrize(
    ("kind", "lag", "expected"),
    [
        (LinkKind.FINISH_START, 0, (6, 10)),
        (LinkKind.FINISH_START, 2, (8, 12)),
        (LinkKind.FINISH_START, -3, (3, 7)),
        (LinkKind.START_START, 2, (2, 6)),
        (LinkKind.START_START, -2, (0, 4)),
        (LinkKind.FINISH_FINISH, 1, (3, 7)),
        (LinkKind.FINISH_FINISH, -1, (1, 5)),
        (LinkKind.START_FINISH, 7, (3, 7)),
        (LinkKind.START_FINISH, 2, (0, 4)),
    ],
)
def test_each_link_kind_with_lags(kind: LinkKind, lag: int, expected: tuple[int, int]) -> None:
    """A lasts six ticks and B four."""
    assert two(6, 4, kind, lag) == expected


@pytest.mark.parametrize(
    ("kind", "lag", "expected"),
    [
        # A works Monday to Friday, Monday (0 to 8); the lag counts working days.
        (LinkKind.FINISH_START, 0, (8, 10)),
        (LinkKind.FINISH_START, 4, (14, 16)),
        (LinkKind.FINISH_START, -2, (4, 8)),
        (LinkKind.START_START, 5, (7, 9)),
        (LinkKind.FINISH_FINISH, 0, (4, 8)),
        (LinkKind.FINISH_FINISH, 4, (10, 12)),
        (LinkKind.START_FINISH, 6, (4, 8)),
    ],
)
def test_each_link_kind_over_a_week_end(kind: LinkKind, lag: int, expected: tuple[int, int]) -> None:
    """A lasts six working days and B two."""
    assert two(6, 2, kind, lag, "week") == expected


def test_a_lag_has_its_own_calendar() -> None:
    """Concrete sets over the week-end, too: finished on Friday, three calendar days later is Monday."""
    problem = Problem(
        activities=[Activity("pour", 5, "week"), Activity("strip", 1, "week")],
        links=[Link("pour", "strip", lag=3)],
        calendars=CALENDARS,
    )
    assert plan_of(problem).of("strip").early_start == 8


def test_a_period_runs_by_its_table() -> None:
    """Twenty ticks and on to the next multiple of seven; it may start up to six ticks later for the same end."""
    problem = Problem(
        activities=[Activity("serve", 2), Activity("period", 1, "notice"), Activity("rule", 0)],
        links=[Link("serve", "period"), Link("period", "rule")],
        calendars=CALENDARS,
    )
    plan = plan_of(problem)
    assert dates(plan)["period"] == (2, 28, 8, 28, 6, 6)
    assert dates(plan)["serve"] == (0, 2, 6, 8, 6, 0)
    assert plan.of("rule").critical


def test_limits_of_every_sort() -> None:
    problem = with_limits(B={"not_earlier": 5}, E={"fixed_start": 9}, F={"deadline": 10})
    result = solve(problem=problem)
    plan = result.plan
    assert dates(plan)["B"] == (5, 9, 5, 9, 0, 0)
    assert dates(plan)["E"][:4] == (9, 10, 7, 8), "its late dates count back from the deadline of F"
    assert dates(plan)["F"] == (10, 12, 8, 10, -2, 2)
    assert dates(plan)["C"] == (3, 5, 5, 7, 2, 4)
    assert result.status is Status.INFEASIBLE
    assert [reason.code for reason in result.reasons] == ["scheduling.missed"]
    assert plan.driver("B").kind is DriverKind.NOT_EARLIER
    assert plan.driver("E").kind is DriverKind.FIXED_START
    assert plan.late_driver("F").kind is DriverKind.DEADLINE
    assert plan.late_driver("E").link == Link("E", "F")
    assert (plan.driver("D").link, plan.driver("D").tick) == (Link("B", "D"), 9)
    assert plan.driver("A").kind is DriverKind.PROJECT_START
    assert plan.late_driver("G").kind is DriverKind.TARGET


def test_a_fixed_start_that_links_break_is_named() -> None:
    result = solve(problem=with_limits(D={"fixed_start": 4}))
    assert result.plan.of("D").early_start == 4
    assert result.status is Status.INFEASIBLE
    assert "fixed start that breaks its link from B" in result.reasons[0].in_english()
    assert dates(result.plan)["B"][2:5] == (0, 4, -3), "what comes before it is late for it"


def test_a_fixed_start_that_has_passed_is_told() -> None:
    problem = Problem(activities=[Activity("A", 2, fixed_start=3)], start=10)
    result = solve(problem=problem)
    assert (result.plan.of("A").early_start, result.plan.of("A").total_float) == (10, -7)
    assert result.reasons[0].code == "scheduling.fixed_passed"


def test_late_dates_from_deadlines_alone() -> None:
    """What leads to no deadline has no late date; the nearer of two deadlines counts."""
    problem = with_limits(E={"deadline": 20}, F={"deadline": 21})
    plan = plan_of(problem, late_from=LateFrom.DEADLINES)
    assert dates(plan)["G"] == (12, 16, None, None, None, 0)
    assert dates(plan)["E"][2:5] == (18, 19, 13)
    assert dates(plan)["A"][2:5] == (13, 16, 13)
    assert plan.late_driver("G").kind is DriverKind.NOTHING


def test_latest_starts_for_a_target() -> None:
    problem = replace(with_limits(A={"started": -1, "finished": 2}), start=2)
    assert latest_starts(problem, target=18) == {"B": 5, "C": 9, "D": 9, "E": 11, "F": 12, "G": 14}


def test_what_has_happened_is_not_planned_again() -> None:
    """Tick 10: A is over; B started out of turn and has three ticks left; C has not begun; D runs over its time."""
    problem = Problem(
        activities=[
            Activity("A", 5, started=0, finished=7),
            Activity("B", 6, started=4, remaining=3),
            Activity("C", 2),
            Activity("D", 4, started=2),
            Activity("E", 1),
        ],
        links=[
            Link("A", "B"),
            Link("B", "E"),
            Link("C", "E"),
            Link("C", "B"),
            Link("C", "B", LinkKind.FINISH_FINISH, 4),
        ],
        start=10,
    )
    plan = plan_of(problem)
    assert dates(plan)["A"] == (0, 7, 0, 7, 0, 0)
    assert dates(plan)["C"] == (10, 12, 10, 12, 0, 0)
    assert dates(plan)["B"] == (4, 16, 4, 16, 0, 0), "held by C's finish, not by its start"
    assert dates(plan)["D"] == (2, 10, 2, 17, 7, 7)
    assert dates(plan)["E"] == (16, 17, 16, 17, 0, 0)
    assert plan.driver("A").kind is DriverKind.FINISHED
    assert plan.driver("D").kind is DriverKind.STARTED
    assert not plan.of("A").critical


def test_as_late_as_possible_uses_free_float_only() -> None:
    activities = [
        replace(activity, as_late_as_possible=activity.id in "EF") for activity in TEXTBOOK.activities
    ]
    plan = plan_of(replace(TEXTBOOK, activities=activities))
    assert {name: (plan.of(name).start, plan.of(name).early_start) for name in "CEFG"} == {
        "C": (3, 3), "E": (9, 5), "F": (10, 6), "G": (12, 12)
    }  # fmt: skip
    assert plan.project_finish == 16


def test_float_counts_working_days_of_the_activity() -> None:
    """Free from Wednesday to next Wednesday: five working days, seven calendar days."""
    problem = Problem(
        activities=[Activity("A", 2, "week"), Activity("B", 2), Activity("C", 9)], calendars=CALENDARS
    )
    plan = plan_of(problem)
    assert plan.of("A").total_float == 5
    assert plan.of("B").total_float == 7


def test_a_plan_that_asks_too_much_of_a_resource_is_no_answer_yet() -> None:
    activities = [Activity(name, 3, demands={"team": 1}) for name in "AB"]
    result = solve(problem=Problem(activities=activities, resources=[Resource("team", 1)]))
    assert (result.status, result.bound) == (Status.UNKNOWN, 3)
    assert result.reasons[0].parameters["resource"] == "team"
    enough = solve(problem=Problem(activities=activities, resources=[Resource("team", 2)]))
    assert enough.status is Status.OPTIMAL


def test_an_empty_plan_is_a_plan() -> None:
    result = solve(problem=Problem(activities=[], start=3))
    assert (result.plan.project_finish, result.status) == (3, Status.OPTIMAL)


def test_columns_are_in_the_order_of_the_activities() -> None:
    plan = plan_of(TEXTBOOK)
    assert plan.early_starts.dtype == np.int64
    assert plan.early_starts.tolist() == [row.early_start for row in plan.rows()]
