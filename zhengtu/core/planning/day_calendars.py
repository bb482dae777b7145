"""Calendars of plans in day ticks (date ordinals): working days, frozen months, and legal periods as the law counts.

A period's table says for every day on which something sets it going where it ends, exactly as
``WorkCalendar.last_day`` counts: the first day not counted, months to the corresponding day, on to the next working
day where the last one is a rest day. Tables are computed once for a calendar and a first year.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Final

import numpy as np

from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.kernel.work_calendar import Period, Unit, WorkCalendar
from zhengtu.core.scheduling.step_table import StepTable
from zhengtu.core.scheduling.working_time import Calendar, Whole, WorkingTime

YEARS_BEFORE: Final = 2
YEARS_AFTER: Final = 20
MOST_WORKING_DAYS: Final = 2500
"""Work that would take longer is planned as so long, so that every plan ends within the calendar."""
WORK: Final = "work"
_KEPT: Final = 4


class DayCalendars:
    """All calendars that plans of about one year use.

    Attributes:
        named: name -> calendar, as a `scheduling.Problem` takes them; grows as periods are asked for.
    """

    def __init__(self, calendar: WorkCalendar, *, year: int) -> None:
        self.calendar = calendar
        self.year = year
        self._begins = date(year - YEARS_BEFORE, 1, 1).toordinal()
        self._ends = date(year + YEARS_AFTER, 1, 1).toordinal()
        self.named: dict[str, Calendar] = {}
        self.work = WorkingTime.of_mask(self._mask, begins=self._begins)
        self.named[WORK] = self.work

    @cached_property
    def _mask(self) -> np.ndarray:
        days = range(self._begins, self._ends)
        return np.fromiter((self.calendar.is_working_day(date.fromordinal(day)) for day in days), bool, len(days))

    @cached_property
    def _working(self) -> Whole:
        return np.flatnonzero(self._mask) + self._begins

    def thawed(self, frozen: frozenset[int]) -> str:
        """Name of the calendar of working days outside the frozen months."""
        if not frozen:
            return WORK
        name = "thawed:" + ",".join(map(str, sorted(frozen)))
        if name not in self.named:
            months = np.fromiter(
                (date.fromordinal(day).month for day in range(self._begins, self._ends)), int, self._ends - self._begins
            )
            open_days = self._mask & ~np.isin(months, sorted(frozen))
            self.named[name] = WorkingTime.of_mask(open_days, begins=self._begins)
        return name

    def period(self, period: Period, *, is_allowed: bool = False) -> str:
        """Name of the table of a period.

        Args:
            is_allowed: what follows may come on the last day already; otherwise on the day after.
        """
        name = f"{period.length} {period.unit} {period.rolls_over} {is_allowed}"
        if name not in self.named:
            lasts = self._last_days(period)
            self.named[name] = StepTable(lasts if is_allowed else lasts + 1, begins=self._begins)
        return name

    def _last_days(self, period: Period) -> Whole:
        starts = np.arange(self._begins, self._ends, dtype=np.int64)
        if period.unit is Unit.WORKING_DAYS:
            at = np.searchsorted(self._working, starts, side="right") + period.length - 1
            return self._working[at[at < self._working.size]]
        if period.unit is Unit.CALENDAR_DAYS:
            nominal = starts + period.length
        else:
            months = period.length * (12 if period.unit is Unit.YEARS else 1)
            nominal = np.fromiter(
                (add_months(date.fromordinal(day), months).toordinal() for day in range(self._begins, self._ends)),
                np.int64, starts.size,
            )
        if not period.rolls_over:
            return nominal
        at = np.searchsorted(self._working, nominal, side="left")
        return self._working[at[at < self._working.size]]

    def working_days(self, first: date, last: date) -> int:
        """Working days from one day's end to the other's; negative where the second comes sooner."""
        return self.work.between_one(first.toordinal() + 1, last.toordinal() + 1)


_KNOWN: list[DayCalendars] = []


def day_calendars(calendar: WorkCalendar, *, on: date) -> DayCalendars:
    """The calendars of plans of that day; the last few are kept, by the calendar itself and the year."""
    for held in _KNOWN:
        if held.calendar is calendar and held.year == on.year:
            return held
    made = DayCalendars(calendar, year=on.year)
    _KNOWN.append(made)
    del _KNOWN[:-_KEPT]
    return made
