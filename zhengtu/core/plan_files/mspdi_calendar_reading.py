"""Calendars of an MSPDI file: week days, work weeks, exceptions in the ways of 2003 and of 2007."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from datetime import date

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.plan_files.calendar_days import ORDINARY_PERIODS
from zhengtu.core.plan_files.mspdi_values import (
    DAY_SECONDS,
    NO_UID,
    CalendarException,
    PlanCalendar,
    Recurrence,
    RecurrenceKind,
    WorkingPeriod,
    WorkWeek,
)
from zhengtu.core.plan_files.xml_fields import Fields

_EVERY_SO_MANY_DAYS = 7
_EXCEPTION_DAY = 0


def read_calendar(element: ET.Element) -> PlanCalendar:
    """One Calendar element.

    Raises:
        Refused: for a field that cannot be read and for a working time that runs backwards.
    """
    fields = Fields(element, where="Calendar")
    days: dict[int, tuple[WorkingPeriod, ...]] = {}
    of_2003: list[CalendarException] = []
    for child in fields.listed("WeekDays", "WeekDay"):
        day = Fields(child, where=f"{fields.where}, WeekDay", named_by="DayType")
        weekday = day.whole("DayType", -1)
        if weekday == _EXCEPTION_DAY:
            found = _exception(day)
            of_2003 += [found] if found is not None else []
        elif 1 <= weekday <= 7:
            days[weekday] = _periods(day)
        else:
            raise day.unreadable("DayType")
    of_2007 = [
        found
        for child in fields.listed("Exceptions", "Exception")
        if (found := _exception(Fields(child, where=f"{fields.where}, Exception", named_by="Name"))) is not None
    ]
    return PlanCalendar(
        uid=fields.whole("UID", NO_UID),
        name=fields.text("Name"),
        days=tuple(sorted(days.items())),
        is_base=fields.flag("IsBaseCalendar", True),
        base_uid=fields.whole("BaseCalendarUID", NO_UID),
        exceptions=tuple(of_2007 or of_2003),
        work_weeks=tuple(_work_weeks(fields)),
    )


def _periods(fields: Fields) -> tuple[WorkingPeriod, ...]:
    if not fields.flag("DayWorking"):
        return ()
    elements = list(fields.listed("WorkingTimes", "WorkingTime"))
    found: list[WorkingPeriod] = []
    for element in elements:
        times = Fields(element, where=f"{fields.where}, WorkingTime")
        start_s, end_s = times.clock("FromTime"), times.clock("ToTime")
        if start_s is None or end_s is None:
            continue
        end_s = end_s or DAY_SECONDS
        if end_s < start_s:
            raise Refused(
                Reason(
                    code="plan_file.working_times",
                    message=N_("%(where)s: a working time ends before it starts."),
                    parameters={"where": fields.where},
                    remedy=N_("Correct the working times of the calendar; work past midnight belongs to two days."),
                )
            )
        if end_s > start_s:
            found.append(WorkingPeriod(start_s, end_s))
    return tuple(_joined(sorted(found))) or ORDINARY_PERIODS


def _joined(periods: Iterable[WorkingPeriod]) -> Iterable[WorkingPeriod]:
    """Periods that touch or overlap are one."""
    held: WorkingPeriod | None = None
    for period in periods:
        if held is not None and period.start_s <= held.end_s:
            held = WorkingPeriod(held.start_s, max(held.end_s, period.end_s))
            continue
        if held is not None:
            yield held
        held = period
    if held is not None:
        yield held


def _time_period(fields: Fields) -> tuple[date, date] | None:
    for element in fields.children("TimePeriod"):
        period = Fields(element, where=f"{fields.where}, TimePeriod")
        first, last = period.moment("FromDate"), period.moment("ToDate")
        if first is None or last is None:
            return None
        if last < first:
            raise period.unreadable("ToDate")
        return first.date(), last.date()
    return None


def _exception(fields: Fields) -> CalendarException | None:
    dates = _time_period(fields)
    if dates is None:
        return None
    return CalendarException(
        first_on=dates[0],
        last_on=dates[1],
        periods=_periods(fields),
        name=fields.text("Name"),
        recurrence=_recurrence(fields),
    )


def _recurrence(fields: Fields) -> Recurrence | None:
    code = fields.whole("Type", RecurrenceKind.DAILY)
    every = max(1, fields.whole("Period", 1))
    occurrences = fields.whole("Occurrences") if fields.flag("EnteredByOccurrences") else 0
    if code == _EVERY_SO_MANY_DAYS and every > 1:
        return Recurrence(RecurrenceKind.DAILY, every=every, occurrences=occurrences)
    if not RecurrenceKind.YEARLY_ON_DAY <= code <= RecurrenceKind.WEEKLY:
        return None
    recurrence = Recurrence(
        kind=RecurrenceKind(code),
        every=every,
        weekdays=fields.whole("DaysOfWeek"),
        month=fields.whole("Month") + 1,
        month_day=fields.whole("MonthDay", 1) or 1,
        position=fields.whole("MonthPosition") + 1,
        position_item=fields.whole("MonthItem"),
        occurrences=occurrences,
    )
    if not (1 <= recurrence.month <= 12 and 1 <= recurrence.month_day <= 31 and 1 <= recurrence.position <= 5):
        raise fields.unreadable("Type")
    if not 0 <= recurrence.position_item <= 9:
        raise fields.unreadable("MonthItem")
    return recurrence


def _work_weeks(fields: Fields) -> Iterable[WorkWeek]:
    for element in fields.listed("WorkWeeks", "WorkWeek"):
        week = Fields(element, where=f"{fields.where}, WorkWeek", named_by="Name")
        dates = _time_period(week)
        if dates is None:
            continue
        days = {}
        for child in week.listed("WeekDays", "WeekDay"):
            day = Fields(child, where=f"{week.where}, WeekDay", named_by="DayType")
            days[day.whole("DayType", -1)] = _periods(day)
        yield WorkWeek(dates[0], dates[1], tuple(sorted(days.items())), week.text("Name"))
