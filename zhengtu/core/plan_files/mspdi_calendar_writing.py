"""Calendars into MSPDI elements: week days, exceptions, work weeks."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date, datetime, time

from zhengtu.core.plan_files.mspdi_values import (
    CalendarException,
    PlanCalendar,
    Recurrence,
    RecurrenceKind,
    WorkingPeriod,
    WorkWeek,
)
from zhengtu.core.plan_files.xml_fields import clock_text, put

_EVERY_SO_MANY_DAYS = 7


def put_calendar(holder: ET.Element, calendar: PlanCalendar) -> None:
    """Append one Calendar element."""
    element = ET.SubElement(holder, "Calendar")
    put(element, "UID", calendar.uid)
    put(element, "Name", calendar.name)
    put(element, "IsBaseCalendar", calendar.is_base)
    put(element, "BaseCalendarUID", calendar.base_uid)
    _put_days(element, calendar.days)
    if calendar.exceptions:
        exceptions = ET.SubElement(element, "Exceptions")
        for exception in calendar.exceptions:
            _put_exception(exceptions, exception)
    if calendar.work_weeks:
        weeks = ET.SubElement(element, "WorkWeeks")
        for week in calendar.work_weeks:
            _put_work_week(weeks, week)


def _put_days(holder: ET.Element, days: tuple[tuple[int, tuple[WorkingPeriod, ...]], ...]) -> None:
    if not days:
        return
    element = ET.SubElement(holder, "WeekDays")
    for weekday, periods in days:
        day = ET.SubElement(element, "WeekDay")
        put(day, "DayType", weekday)
        _put_periods(day, periods)


def _put_periods(holder: ET.Element, periods: tuple[WorkingPeriod, ...]) -> None:
    put(holder, "DayWorking", bool(periods))
    if not periods:
        return
    times = ET.SubElement(holder, "WorkingTimes")
    for period in periods:
        element = ET.SubElement(times, "WorkingTime")
        put(element, "FromTime", clock_text(period.start_s))
        put(element, "ToTime", clock_text(period.end_s))


def _put_dates(holder: ET.Element, first_on: date, last_on: date) -> None:
    element = ET.SubElement(holder, "TimePeriod")
    put(element, "FromDate", datetime.combine(first_on, time.min))
    put(element, "ToDate", datetime.combine(last_on, time(23, 59)))


def _put_exception(holder: ET.Element, exception: CalendarException) -> None:
    element = ET.SubElement(holder, "Exception")
    recurrence = exception.recurrence
    put(element, "EnteredByOccurrences", recurrence is not None and recurrence.occurrences > 0)
    _put_dates(element, exception.first_on, exception.last_on)
    days = (exception.last_on - exception.first_on).days + 1
    put(element, "Occurrences", days if recurrence is None else recurrence.occurrences)
    put(element, "Name", exception.name)
    if recurrence is None:
        put(element, "Type", int(RecurrenceKind.DAILY))
    else:
        _put_recurrence(element, recurrence)
    _put_periods(element, exception.periods)


def _put_recurrence(element: ET.Element, recurrence: Recurrence) -> None:
    is_daily = recurrence.kind is RecurrenceKind.DAILY
    put(element, "Type", _EVERY_SO_MANY_DAYS if is_daily else int(recurrence.kind))
    put(element, "Period", recurrence.every)
    put(element, "DaysOfWeek", recurrence.weekdays)
    put(element, "MonthItem", recurrence.position_item)
    put(element, "MonthPosition", recurrence.position - 1)
    put(element, "Month", recurrence.month - 1)
    put(element, "MonthDay", recurrence.month_day)


def _put_work_week(holder: ET.Element, week: WorkWeek) -> None:
    element = ET.SubElement(holder, "WorkWeek")
    _put_dates(element, week.first_on, week.last_on)
    put(element, "Name", week.name)
    _put_days(element, week.days)
