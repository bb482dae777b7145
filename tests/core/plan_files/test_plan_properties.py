"""What holds of every plan: late after early, no float on the way to the finish, a further link never shortens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtu.core.plan_files.calendar_days import ORDINARY_WEEK
from zhengtu.core.plan_files.mspdi_values import (
    MspdiPlan,
    PlanCalendar,
    PlanLink,
    PlanLinkKind,
    PlanTask,
    WorkingPeriod,
)
from zhengtu.core.plan_files.plan_times import schedule_plan

HOURS = 3600
NEVER = datetime.fromisoformat("2500-01-01")
EVERY_DAY = tuple((day, (WorkingPeriod(0, 24 * HOURS),)) for day in range(1, 8))
CALENDARS = (PlanCalendar(1, "Office", ORDINARY_WEEK), PlanCalendar(2, "24 Hours", EVERY_DAY))
kinds = st.sampled_from(PlanLinkKind)
lags = st.sampled_from([0, 0, 4, 8, 16, -4]).map(lambda hours: hours * HOURS)


@st.composite
def plans(draw: st.DrawFn, *, with_lags: bool = True) -> MspdiPlan:
    """Up to nine tasks with links to tasks before them."""
    tasks = []
    for uid in range(1, draw(st.integers(3, 10))):
        before = draw(st.sets(st.integers(1, uid - 1), max_size=3)) if uid > 1 else set()
        tasks.append(
            PlanTask(
                uid,
                uid,
                duration_s=draw(st.sampled_from([0, 1, 4, 8, 12, 40])) * HOURS,
                duration_format=draw(st.sampled_from([7, 7, 7, 8])),
                calendar_uid=draw(st.sampled_from([-1, -1, 2])),
                links=tuple(PlanLink(each, draw(kinds), draw(lags) if with_lags else 0) for each in sorted(before)),
            )
        )
    return MspdiPlan(
        starts_at=datetime.fromisoformat("2025-01-06T08:00"), calendar_uid=1, calendars=CALENDARS, tasks=tuple(tasks)
    )


@settings(max_examples=120, deadline=None)
@given(plans())
def test_no_task_is_late_before_it_is_early(plan: MspdiPlan) -> None:
    for row in schedule_plan(plan).rows:
        assert row.total_float_days is not None
        assert row.total_float_days >= 0
        assert (row.late_starts_at or NEVER) >= (row.early_starts_at or NEVER)
        assert (row.late_finishes_at or NEVER) >= (row.early_finishes_at or NEVER)
        assert row.is_critical == (row.total_float_days == 0)


@settings(max_examples=120, deadline=None)
@given(plans())
def test_what_ends_last_has_no_float(plan: MspdiPlan) -> None:
    found = schedule_plan(plan)
    last = [row for row in found.rows if row.early_finishes_at == found.finishes_at]
    assert any(row.is_critical for row in last)


@settings(max_examples=120, deadline=None)
@given(plans(), st.data())
def test_a_further_link_never_shortens(plan: MspdiPlan, data: st.DataObject) -> None:
    last = plan.tasks[-1]
    link = PlanLink(data.draw(st.integers(1, len(plan.tasks) - 1)), data.draw(kinds))
    longer = replace(plan, tasks=(*plan.tasks[:-1], replace(last, links=(*last.links, link))))
    before, after = schedule_plan(plan), schedule_plan(longer)
    assert before.finishes_at is not None
    assert after.finishes_at is not None
    assert after.finishes_at >= before.finishes_at


@settings(max_examples=60, deadline=None)
@given(plans())
def test_counted_back_from_its_own_finish_nothing_changes(plan: MspdiPlan) -> None:
    found = schedule_plan(plan)
    again = schedule_plan(plan, finish_by=found.finishes_at)
    assert again.rows == found.rows
    assert again.unmet == ()


@settings(max_examples=60, deadline=None)
@given(plans(with_lags=False), st.integers(1, 60))
def test_counted_back_from_a_later_date_all_late_dates_move_out(plan: MspdiPlan, days: int) -> None:
    found = schedule_plan(plan)
    assert found.finishes_at is not None
    later = found.finishes_at.fromordinal(found.finishes_at.toordinal() + days)
    for before, after in zip(found.rows, schedule_plan(plan, finish_by=later).rows, strict=True):
        assert before.late_finishes_at is not None
        assert after.late_finishes_at is not None
        assert after.late_finishes_at >= before.late_finishes_at
        assert after.early_starts_at == before.early_starts_at
