"""Small random plans for property tests: every link kind, lags both ways, several calendars, limits and actuals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Problem
from zhengtu.core.scheduling.step_table import StepTable
from zhengtu.core.scheduling.working_time import WorkingTime, intersection

HORIZON = 4000
BEGINS = -50
_TICKS = np.arange(BEGINS, HORIZON)

WEEK = WorkingTime.of_mask(_TICKS % 7 < 5, begins=BEGINS)
THAWED = WorkingTime.of_mask(_TICKS % 30 >= 12, begins=BEGINS)
# Twenty ticks, and then on to the next tick that is divisible by seven.
NOTICE = StepTable(-(-(_TICKS + 20) // 7) * 7, begins=BEGINS)
CALENDARS = {"week": WEEK, "thawed week": intersection(WEEK, THAWED), "notice": NOTICE}


@st.composite
def plain_problems(draw: st.DrawFn, *, calendars: bool = True, most: int = 8) -> Problem:
    """Activities and links without limits; links run from lower to higher numbers, activities stand in any order."""
    count = draw(st.integers(1, most))
    names = list(CALENDARS) if calendars else []
    activities = []
    for number in range(count):
        calendar = draw(st.sampled_from(["", *names]))
        most_work = 2 if calendar == "notice" else 9
        activities.append(Activity(f"A{number}", draw(st.integers(0, most_work)), calendar))
    links = []
    for _ in range(draw(st.integers(0, 2 * count)) if count > 1 else 0):
        after = draw(st.integers(1, count - 1))
        before = draw(st.integers(0, after - 1))
        lag_calendar = draw(st.sampled_from(["", *names]))
        lag = draw(st.integers(0, 1) if lag_calendar == "notice" else st.integers(-4, 6))
        kind = draw(st.sampled_from(LinkKind))
        links.append(Link(f"A{before}", f"A{after}", kind, lag, lag_calendar))
    return Problem(
        activities=draw(st.permutations(activities)), links=links, calendars=CALENDARS, start=draw(st.integers(0, 9))
    )


@st.composite
def limited_problems(draw: st.DrawFn, *, most: int = 7) -> Problem:
    """The same with start limits, deadlines, limits, fixed starts and actual dates here and there."""
    problem = draw(plain_problems(most=most))
    return replace(problem, activities=[_limited(draw, activity, problem) for activity in problem.activities])


def _limited(draw: st.DrawFn, activity: Activity, problem: Problem) -> Activity:
    some = st.integers(0, 60)
    what = draw(st.integers(0, 7))
    if what == 0:
        return replace(activity, not_earlier=draw(some))
    if what == 1:
        return replace(activity, deadline=draw(some))
    if what == 2:
        return replace(activity, not_later=draw(some), deadline=draw(some))
    if what == 3:
        return replace(activity, fixed_start=draw(some))
    if what == 4:
        remaining = draw(st.one_of(st.none(), st.integers(0, 5)))
        if activity.calendar == "notice" and remaining is not None:
            remaining = min(remaining, 1)
        return replace(activity, started=problem.start - draw(st.integers(0, 9)), remaining=remaining)
    if what == 5:
        finished = problem.start - draw(st.integers(0, 9))
        return replace(activity, started=draw(st.sampled_from([None, finished - 3])), finished=finished)
    return activity
