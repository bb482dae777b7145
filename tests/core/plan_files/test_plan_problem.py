"""The scheduling core's own passes and the count in Microsoft Project's way come to the same dates."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.plan_files.kit import constraint, link, mspdi, task
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.plan_files.calendar_days import ORDINARY_WEEK
from zhengtu.core.plan_files.mspdi_reading import read_mspdi
from zhengtu.core.plan_files.mspdi_values import Constraint, MspdiPlan, PlanCalendar, PlanLink, PlanLinkKind, PlanTask
from zhengtu.core.plan_files.plan_instants import to_moment
from zhengtu.core.plan_files.plan_problem import problem_of
from zhengtu.core.plan_files.plan_times import TaskTimes, schedule_plan
from zhengtu.core.scheduling.plan import plan_of

HOURS = 3600
STARTS = (PlanLinkKind.FINISH_START, PlanLinkKind.START_START)
MONDAY = datetime.fromisoformat("2025-01-06T08:00")


@st.composite
def plans(draw: st.DrawFn) -> MspdiPlan:
    """Working tasks of one calendar, in two summaries, with links, lags of links to starts, and soft constraints."""
    tasks: list[PlanTask] = [PlanTask(100, 0, outline_level=1, is_summary=True)]
    count = draw(st.integers(2, 9))
    second = draw(st.integers(2, count))
    for uid in range(1, count + 1):
        if uid == second:
            waits = (PlanLink(100),) if draw(st.booleans()) else ()
            tasks.append(PlanTask(200, 0, outline_level=1, is_summary=True, links=waits))
        before = draw(st.sets(st.integers(1, uid - 1), max_size=3)) if uid > 1 else set()
        limit = draw(st.sampled_from([None, None, Constraint.START_NO_EARLIER_THAN, Constraint.FINISH_NO_EARLIER_THAN]))
        hours = st.sampled_from([0, 0, 4, 8, 16, -4])
        tasks.append(
            PlanTask(
                uid,
                uid,
                outline_level=2,
                duration_s=draw(st.sampled_from([1, 4, 8, 12, 40])) * HOURS,
                constraint=limit or Constraint.AS_SOON_AS_POSSIBLE,
                constraint_at=MONDAY.replace(day=draw(st.integers(6, 31))) if limit else None,
                links=tuple(
                    PlanLink(each, kind, draw(hours) * HOURS if kind in STARTS else 0)
                    for each in sorted(before)
                    for kind in [draw(st.sampled_from([*STARTS, PlanLinkKind.FINISH_FINISH]))]
                ),
            )
        )
    calendar = PlanCalendar(1, "Office", ORDINARY_WEEK)
    return MspdiPlan(starts_at=MONDAY, calendar_uid=1, calendars=(calendar,), tasks=tuple(tasks))


def _no_sooner(late: datetime, early: datetime | None, row: TaskTimes) -> datetime:
    """A plan file writes a late date that is the same instant of working time as the early one like that one."""
    return early if row.total_float_days == 0 and early is not None and early > late else late


@settings(max_examples=150, deadline=None)
@given(plans())
def test_both_ways_of_counting_agree(plan: MspdiPlan) -> None:
    dates = plan_of(problem_of(plan, years=2))
    for row in schedule_plan(plan).rows:
        if row.uid >= 100:
            continue
        found = dates.of(str(row.uid))
        assert to_moment(found.early_start) == row.early_starts_at
        assert found.late_start is not None
        assert _no_sooner(to_moment(found.late_start), row.early_starts_at, row) == row.late_starts_at
        assert found.late_finish is not None
        assert _no_sooner(to_moment(found.late_finish), row.early_finishes_at, row) == row.late_finishes_at
        assert found.total_float == round((row.total_float_days or 0) * 8 * HOURS)
        assert found.critical == row.is_critical


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (mspdi(task(1, 8, "<ActualStart>2025-01-06T08:00:00</ActualStart>")), "T1"),
        (mspdi(task(1, 8, "<Manual>1</Manual><Start>2025-01-06T08:00:00</Start>")), "T1"),
        (mspdi(task(10, 0, constraint(4, "2025-01-07T08:00")), task(1, level=2)), "T10"),
        (mspdi(task(10, 0), task(1, level=2), task(2, 8, link(10, 3))), "T10"),
    ],
)
def test_what_the_core_cannot_hold_is_refused_by_name(content: bytes, named: str) -> None:
    with pytest.raises(Refused, match=f"“{named}”"):
        problem_of(read_mspdi(content))
