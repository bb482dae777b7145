"""The working time of one day by a plan's calendar: exceptions, work weeks, week days, base calendars."""

from __future__ import annotations

import calendar as civil_calendar
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from zhengtu.core.plan_files.mspdi_values import (
    CalendarException,
    PlanCalendar,
    Recurrence,
    RecurrenceKind,
    WorkingPeriod,
)

Periods = tuple[WorkingPeriod, ...]

ORDINARY_PERIODS: Final[Periods] = (WorkingPeriod(8 * 3600, 12 * 3600), WorkingPeriod(13 * 3600, 17 * 3600))
ORDINARY_WEEK: Final = tuple((weekday, ORDINARY_PERIODS if 2 <= weekday <= 6 else ()) for weekday in range(1, 8))
_DAY: Final = timedelta(days=1)
_LAST_POSITION: Final = 5


def schema_weekday(on: date) -> int:
    """1 Sunday … 7 Saturday, as the schema counts."""
    return on.isoweekday() % 7 + 1


class CalendarDays:
    """Answers for any day of a window what time is worked.

    Args:
        calendar: the calendar; a base calendar that names no week day works 8–12 and 13–17, Monday to Friday.
        base: the calendar behind it, already resolved; None for a base calendar.
        first_on, last_on: the window for which repeated exceptions are worked out.
    """

    __slots__ = ("_base", "_differing", "_week", "_weeks")

    def __init__(self, calendar: PlanCalendar, base: CalendarDays | None, *, first_on: date, last_on: date) -> None:
        self._base = base
        self._week: Mapping[int, Periods] = dict(calendar.days)
        if base is None and not self._week:
            self._week = dict(ORDINARY_WEEK)
        self._weeks = [(week.first_on, week.last_on, dict(week.days)) for week in calendar.work_weeks]
        self._differing: dict[date, Periods] = {}
        for exception in calendar.exceptions:
            for on in _days_of(exception, last_on):
                if on >= first_on:
                    self._differing.setdefault(on, exception.periods)

    def periods_on(self, on: date) -> Periods:
        """The working periods of a day: an exception, also the base calendar's, goes before any week."""
        found = self._exception_on(on)
        return self._week_on(on) if found is None else found

    def _exception_on(self, on: date) -> Periods | None:
        found = self._differing.get(on)
        if found is None and self._base is not None:
            return self._base._exception_on(on)
        return found

    def _week_on(self, on: date) -> Periods:
        weekday = schema_weekday(on)
        for first_on, last_on, days in self._weeks:
            if first_on <= on <= last_on and weekday in days:
                return days[weekday]
        found = self._week.get(weekday)
        if found is None:
            return self._base._week_on(on) if self._base is not None else ()
        return found


class CommonDays:
    """Time that two calendars both work."""

    __slots__ = ("_first", "_second")

    def __init__(self, first: CalendarDays, second: CalendarDays) -> None:
        self._first = first
        self._second = second

    def periods_on(self, on: date) -> Periods:
        """The common periods of a day."""
        first, second = self._first.periods_on(on), self._second.periods_on(on)
        if first == second:
            return first
        return tuple(
            WorkingPeriod(max(one.start_s, other.start_s), min(one.end_s, other.end_s))
            for one in first
            for other in second
            if max(one.start_s, other.start_s) < min(one.end_s, other.end_s)
        )


def _days_of(exception: CalendarException, last_on: date) -> Iterator[date]:
    """The days on which an exception holds, up to the window's end."""
    recurrence = exception.recurrence
    end_on = min(exception.last_on, last_on)
    left = recurrence.occurrences if recurrence is not None and recurrence.occurrences else -1
    on = exception.first_on
    while on <= end_on and left != 0:
        if recurrence is None or _recurs(recurrence, on, exception.first_on):
            yield on
            left -= 1
        on += _DAY


def _recurs(recurrence: Recurrence, on: date, first_on: date) -> bool:
    kind, every = recurrence.kind, recurrence.every
    if kind is RecurrenceKind.DAILY:
        return (on - first_on).days % every == 0
    if kind is RecurrenceKind.WEEKLY:
        week_start = first_on - timedelta(days=schema_weekday(first_on) - 1)
        is_week = (on - week_start).days // 7 % every == 0
        return is_week and bool(recurrence.weekdays >> (schema_weekday(on) - 1) & 1)
    if kind in (RecurrenceKind.MONTHLY_ON_DAY, RecurrenceKind.MONTHLY_ON_POSITION):
        months = (on.year - first_on.year) * 12 + on.month - first_on.month
        is_month = months % every == 0
    else:
        is_month = on.month == recurrence.month and (on.year - first_on.year) % every == 0
    if kind in (RecurrenceKind.MONTHLY_ON_DAY, RecurrenceKind.YEARLY_ON_DAY):
        return is_month and on.day == recurrence.month_day
    return is_month and on == _positioned(recurrence, on.year, on.month)


def _positioned(recurrence: Recurrence, year: int, month: int) -> date | None:
    """The first … fourth or last day of its sort in a month."""
    days = (date(year, month, day) for day in range(1, civil_calendar.monthrange(year, month)[1] + 1))
    fitting = [on for on in days if _is_of_sort(on, recurrence.position_item)]
    if recurrence.position == _LAST_POSITION:
        return fitting[-1]
    return fitting[recurrence.position - 1] if recurrence.position <= len(fitting) else None


def _is_of_sort(on: date, item: int) -> bool:
    if item <= 2:
        return (True, on.weekday() < 5, on.weekday() >= 5)[item]
    return schema_weekday(on) == item - 2
