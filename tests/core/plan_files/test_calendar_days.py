"""Counting in working time agrees with counting minute by minute; calendars answer for each day what they say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from zhengtu.core.plan_files.calendar_days import ORDINARY_PERIODS, ORDINARY_WEEK, CalendarDays, CommonDays, Periods
from zhengtu.core.plan_files.mspdi_values import (
    CalendarException,
    PlanCalendar,
    Recurrence,
    RecurrenceKind,
    WorkingPeriod,
    WorkWeek,
)
from zhengtu.core.plan_files.plan_instants import to_second, working_seconds
from zhengtu.core.scheduling.working_time import NEVER

MONDAY, SUNDAY = date(2025, 1, 6), date(2025, 1, 19)
MINUTE = 60
START = to_second(datetime.combine(MONDAY, datetime.min.time()))
SPAN_MINUTES = 14 * 24 * 60
OFFICE = PlanCalendar(1, "Office", ORDINARY_WEEK)


def days_of(calendar: PlanCalendar, base: CalendarDays | None = None) -> CalendarDays:
    return CalendarDays(calendar, base, first_on=date(2025, 1, 1), last_on=date(2026, 12, 31))


@st.composite
def patterns(draw: st.DrawFn) -> list[Periods]:
    """Working hours of fourteen days, in half hours."""
    found = []
    for _ in range(14):
        bounds = sorted(draw(st.sets(st.integers(0, 48), max_size=4)))
        found.append(tuple(WorkingPeriod(a * 1800, b * 1800) for a, b in zip(bounds[::2], bounds[1::2], strict=False)))
    return found


@settings(max_examples=40, deadline=None)
@given(patterns(), st.integers(0, SPAN_MINUTES), st.integers(0, 2000))
def test_it_agrees_with_counting_minutes(pattern: list[Periods], at_minute: int, work_minutes: int) -> None:
    clock = working_seconds(lambda on: pattern[(on - MONDAY).days], first_on=MONDAY, last_on=SUNDAY)
    works = [
        any(period.start_s <= minute % 1440 * MINUTE < period.end_s for period in pattern[minute // 1440])
        for minute in range(SPAN_MINUTES)
    ]
    at = START + at_minute * MINUTE
    after, before = clock.advance_one(at, work_minutes * MINUTE), clock.retreat_one(at, work_minutes * MINUTE)
    starts, ends = clock.next_working_one(at), clock.previous_working_one(at)
    assume(NEVER not in (after, starts))
    assume(min(before, ends) > START)
    minutes = [(instant - START) // MINUTE for instant in (after, before, starts, ends)]
    assert sum(works[at_minute : minutes[0]]) == work_minutes
    assert sum(works[minutes[1] : at_minute]) == work_minutes
    if work_minutes:
        assert works[minutes[0] - 1], "it ends with work"
        assert works[minutes[1]], "it begins with work"
    assert works[minutes[2]]
    assert not any(works[at_minute : minutes[2]])
    assert works[minutes[3] - 1]
    assert not any(works[minutes[3] : at_minute])
    assert clock.between_one(at, after) == work_minutes * MINUTE
    assert clock.between_one(at, before) == -work_minutes * MINUTE


@settings(max_examples=60, deadline=None)
@given(patterns(), st.integers(0, SPAN_MINUTES), st.integers(1, 2000))
def test_forwards_and_back_comes_to_the_same_working_instant(
    pattern: list[Periods], at_minute: int, work_minutes: int
) -> None:
    clock = working_seconds(lambda on: pattern[(on - MONDAY).days], first_on=MONDAY, last_on=SUNDAY)
    at = START + at_minute * MINUTE
    after = clock.advance_one(at, work_minutes * MINUTE)
    assume(after != NEVER)
    assert clock.retreat_one(after, work_minutes * MINUTE) == clock.next_working_one(at)


@pytest.mark.parametrize(
    ("recurrence", "expected"),
    [
        (Recurrence(RecurrenceKind.DAILY, every=3, occurrences=3), ["01-06", "01-09", "01-12"]),
        (Recurrence(RecurrenceKind.WEEKLY, weekdays=0b0001000), ["01-08", "01-15", "01-22", "01-29"]),
        (Recurrence(RecurrenceKind.WEEKLY, every=2, weekdays=0b0100010), ["01-06", "01-10", "01-20", "01-24"]),
        (Recurrence(RecurrenceKind.MONTHLY_ON_DAY, month_day=31), ["01-31"]),
        (Recurrence(RecurrenceKind.MONTHLY_ON_POSITION, position=5, position_item=2), ["01-26"]),
        (Recurrence(RecurrenceKind.MONTHLY_ON_POSITION, position=2, position_item=5), ["01-14"]),
        (Recurrence(RecurrenceKind.YEARLY_ON_DAY, month=1, month_day=28), ["01-28"]),
        (Recurrence(RecurrenceKind.YEARLY_ON_POSITION, month=1, position=3, position_item=1), []),
        (None, [f"01-{day:02}" for day in range(6, 32)]),
    ],
    ids=str,
)
def test_exceptions_that_come_again(recurrence: Recurrence | None, expected: list[str]) -> None:
    """Free days from Monday 6 January 2025 on; shown are those of that month."""
    exception = CalendarException(date(2025, 1, 6), date(2025, 12, 31), (), "", recurrence)
    seven = PlanCalendar(1, "", tuple((day, ORDINARY_PERIODS) for day in range(1, 8)), exceptions=(exception,))
    days = days_of(seven)
    january = [date(2025, 1, day) for day in range(1, 32)]
    assert [f"{on:%m-%d}" for on in january if not days.periods_on(on)] == expected


def test_the_fourth_thursday_of_each_november() -> None:
    thanksgiving = Recurrence(RecurrenceKind.YEARLY_ON_POSITION, month=11, position=4, position_item=7)
    exception = CalendarException(date(2025, 1, 1), date(2026, 12, 31), (), "", thanksgiving)
    days = days_of(PlanCalendar(1, "", ORDINARY_WEEK, exceptions=(exception,)))
    assert not days.periods_on(date(2025, 11, 27))
    assert not days.periods_on(date(2026, 11, 26))
    assert days.periods_on(date(2026, 11, 27))


def test_a_persons_calendar_keeps_the_holidays_of_its_base_and_its_own_week() -> None:
    holiday = CalendarException(date(2025, 1, 28), date(2025, 1, 28))
    base = days_of(PlanCalendar(1, "", ORDINARY_WEEK, exceptions=(holiday,)))
    theirs = PlanCalendar(2, "", ((3, ()), (7, ORDINARY_PERIODS)), is_base=False, base_uid=1)
    days = days_of(theirs, base)
    assert not days.periods_on(date(2025, 1, 21)), "Tuesdays are free"
    assert days.periods_on(date(2025, 1, 25)), "Saturdays are worked"
    assert not days.periods_on(date(2025, 1, 28))
    assert days.periods_on(date(2025, 1, 27))


def test_a_work_week_stands_in_for_a_time_and_gives_way_to_exceptions() -> None:
    short = (WorkingPeriod(9 * 3600, 12 * 3600),)
    week = WorkWeek(date(2025, 1, 6), date(2025, 1, 10), ((2, short), (3, short)))
    exception = CalendarException(date(2025, 1, 7), date(2025, 1, 7))
    days = days_of(PlanCalendar(1, "", ORDINARY_WEEK, exceptions=(exception,), work_weeks=(week,)))
    assert days.periods_on(date(2025, 1, 6)) == short
    assert days.periods_on(date(2025, 1, 7)) == ()
    assert days.periods_on(date(2025, 1, 8)) == ORDINARY_PERIODS
    assert days.periods_on(date(2025, 1, 13)) == ORDINARY_PERIODS


def test_what_two_calendars_share() -> None:
    evening = days_of(PlanCalendar(2, "", tuple((day, (WorkingPeriod(11 * 3600, 20 * 3600),)) for day in range(1, 8))))
    shared = CommonDays(days_of(OFFICE), evening)
    assert shared.periods_on(date(2025, 1, 6)) == (
        WorkingPeriod(11 * 3600, 12 * 3600),
        WorkingPeriod(13 * 3600, 17 * 3600),
    )
    assert shared.periods_on(date(2025, 1, 6) + timedelta(days=5)) == ()
