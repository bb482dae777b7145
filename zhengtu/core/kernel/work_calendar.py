"""Working days and the counting of legal periods in China.

Counting follows the Civil Code, art. 200-204: the day on which a period starts is not counted, a month
ends on the corresponding day, and a last day that is a rest day gives way to the next working day.
Which days are working days is announced by the General Office of the State Council for one year at a
time; a result that touches a year without a held announcement says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

_DAY = timedelta(days=1)


class Unit(StrEnum):
    """What a period is counted in."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Period:
    """A legal period.

    Attributes:
        length: how many units, at least 1.
        unit: calendar days, working days, months or years.
        rolls_over: whether a last day on a rest day moves to the next working day (Civil Code, art. 203).
    """

    length: int
    unit: Unit
    rolls_over: bool = True

    def __post_init__(self) -> None:
        if self.length < 1:
            raise ValueError("a period has at least one unit")


@dataclass(frozen=True, slots=True)
class CountingRule:
    """How one statute reads a number of days.

    Attributes:
        working_up_to: figures of days up to this are working days; 0 for none.
        working_figures: exactly these figures of days are working days.
        rolls_over: whether a last day on a rest day moves.
        source: statute and article that says so.
    """

    id: str
    working_up_to: int = 0
    working_figures: frozenset[int] = frozenset()
    rolls_over: bool = True
    source: str = ""

    def days(self, figure: int) -> Period:
        """The period that the statute means by that many days."""
        is_working = figure <= self.working_up_to or figure in self.working_figures
        return Period(figure, Unit.WORKING_DAYS if is_working else Unit.CALENDAR_DAYS, self.rolls_over)

    def months(self, figure: int) -> Period:
        """The period that the statute means by that many months."""
        return Period(figure, Unit.MONTHS, self.rolls_over)


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year's days that differ from the plain week.

    Attributes:
        is_published: whether the official arrangement for the year is held.
        rest_days: day -> (Chinese, English) name of the holiday, weekends among them or not.
        make_up_days: rest days of the plain week on which people work.
        source: the notice, with its address; empty where none is published.
    """

    year: int
    is_published: bool
    rest_days: Mapping[date, tuple[str, str]]
    make_up_days: frozenset[date] = frozenset()
    source: str = ""


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A day that was found by counting, and the years that make it uncertain."""

    on: date
    uncertain_years: tuple[int, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether every year it touches has a published arrangement."""
        return not self.uncertain_years


@dataclass(frozen=True, slots=True)
class CountedDays:
    """A number of days, and the years that make it uncertain."""

    count: int
    uncertain_years: tuple[int, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether every year it touches has a published arrangement."""
        return not self.uncertain_years


@dataclass(frozen=True, slots=True)
class FixedHoliday:
    """A statutory holiday on the same civil day each year, known before any announcement."""

    month: int
    day: int
    name: tuple[str, str]
    from_year: int = 0


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """All years held, the holidays known for any other year, and the statutes' ways of counting.

    Attributes:
        years: year -> what is held of it.
        fixed_holidays: stand in for years of which nothing is held.
        counting_rules: statute id -> how it counts.
    """

    years: Mapping[int, CalendarYear]
    fixed_holidays: tuple[FixedHoliday, ...] = ()
    counting_rules: Mapping[str, CountingRule] = field(default_factory=dict)

    def is_published(self, year: int) -> bool:
        """Whether the official arrangement for that year is held."""
        held = self.years.get(year)
        return held is not None and held.is_published

    def holiday_name(self, on: date) -> tuple[str, str] | None:
        """(Chinese, English) name of the holiday that the day belongs to, or None."""
        held = self.years.get(on.year)
        if held is not None:
            return held.rest_days.get(on)
        return next(
            (
                holiday.name
                for holiday in self.fixed_holidays
                if (holiday.month, holiday.day) == (on.month, on.day) and on.year >= holiday.from_year
            ),
            None,
        )

    def is_working_day(self, on: date) -> bool:
        """Whether people work on that day; see ``is_published`` for how certain that is."""
        if self.holiday_name(on) is not None:
            return False
        held = self.years.get(on.year)
        return on.weekday() < 5 or (held is not None and on in held.make_up_days)

    def day(self, on: date) -> CountedDay:
        """The day itself, with the warning where its year is not published."""
        return CountedDay(on, self._uncertain(on, on))

    def next_working_day(self, on: date) -> CountedDay:
        """The day itself when it is a working day, otherwise the first one after it."""
        found = on
        while not self.is_working_day(found):
            found += _DAY
        return CountedDay(found, self._uncertain(on, found))

    def add_calendar_days(self, start_on: date, days: int) -> CountedDay:
        """The day that many calendar days after the start, which is not counted; no roll-over."""
        return self.day(start_on + timedelta(days=days))

    def add_working_days(self, start_on: date, days: int) -> CountedDay:
        """The day that many working days after the start, which is not counted.

        Raises:
            ValueError: for less than one day.
        """
        if days < 1:
            raise ValueError("working days are counted forward from one")
        found, left = start_on, days
        while left:
            found += _DAY
            left -= self.is_working_day(found)
        return CountedDay(found, self._uncertain(start_on + _DAY, found))

    def add_months(self, start_on: date, months: int) -> CountedDay:
        """The corresponding day that many months later, or that month's last day; no roll-over."""
        return self.day(add_months(start_on, months))

    def last_day(self, period: Period, *, start_on: date) -> CountedDay:
        """The last day of a period that something on ``start_on`` (a service, a publication) sets going.

        The start day is not counted (Civil Code, art. 201); months end on the corresponding day (art. 202);
        a last day on a rest day moves to the next working day where the period rolls over (art. 203).
        """
        if period.unit is Unit.WORKING_DAYS:
            return self.add_working_days(start_on, period.length)
        if period.unit is Unit.CALENDAR_DAYS:
            nominal = self.add_calendar_days(start_on, period.length)
        else:
            months = period.length * (12 if period.unit is Unit.YEARS else 1)
            nominal = self.add_months(start_on, months)
        return self.next_working_day(nominal.on) if period.rolls_over else nominal

    def working_days_between(self, start_on: date, end_on: date) -> CountedDays:
        """Working days after ``start_on`` up to and including ``end_on``; 0 when it is not later."""
        if end_on <= start_on:
            return CountedDays(0)
        span = (end_on - start_on).days
        count = sum(self.is_working_day(start_on + timedelta(days=offset)) for offset in range(1, span + 1))
        return CountedDays(count, self._uncertain(start_on + _DAY, end_on))

    def _uncertain(self, first: date, last: date) -> tuple[int, ...]:
        return tuple(year for year in range(first.year, last.year + 1) if not self.is_published(year))


def uncertainty_reasons(counted: CountedDay | CountedDays) -> list[Reason]:
    """The warning, one per year, that a result rests on an arrangement that is not held."""
    return [
        Reason(
            code="calendar.not_published",
            message=N_(
                "For %(year)s the official arrangement of holidays and make-up working days is not yet published "
                "or not entered; the day was counted with weekends and the statutory holidays alone."
            ),
            parameters={"year": year},
            remedy=N_("The day is counted again when the arrangement is entered; until then treat it as provisional."),
        )
        for year in counted.uncertain_years
    ]
