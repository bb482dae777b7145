"""The day that an expression of time means, counted from the day on which it was said."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.language.due_rules import DuePattern, DueRules, Meaning

_DAY: Final = timedelta(days=1)
_PLANS_FROM: Final = 1955
"""Year from which five-year plans are counted in fives: the fourteenth ends in 2025 (so since the sixth)."""


class Marker(StrEnum):
    """The kind of word that makes a time a deadline: before it, by it, until it; or none."""

    NONE = ""
    BEFORE = "before"
    BY = "by"
    UNTIL = "until"


class _Reader:
    """The groups of one match, read against the day of speaking."""

    def __init__(
        self, pattern: DuePattern, match: re.Match[str], *, marker: Marker, said_on: date | None, rules: DueRules
    ) -> None:
        self.pattern, self.marker = pattern, marker
        self.said_on, self.rules = said_on, rules
        self.groups = {name: text for name, text in match.groupdict().items() if text is not None}

    def number(self, group: str) -> int:
        """A group as a number, by the words of the rulebook or as a numeral."""
        text = self.groups[group]
        words = self.rules.words.get(group, {})
        return words[text] if text in words else self.rules.numerals.number(text)

    def year(self) -> int | None:
        """The year that is named, absolutely or from the day of speaking; None where none is."""
        if "year" in self.groups:
            return self.number("year")
        if "rel_year" in self.groups and self.said_on is not None:
            return self.said_on.year + self.number("rel_year")
        return None

    def rolled(self, day_in: Callable[[int], date]) -> date | None:
        """The day in the named year, else in the first year in which it is not past.

        Without a year and a day of speaking there is none; a past one that must not roll is given as it is.
        """
        year, crosses = self.year(), self.crosses_year()
        if year is not None:
            return day_in(year + crosses)
        if self.said_on is None:
            return None
        this_year = day_in(self.said_on.year)
        rolls = crosses or (self.pattern.rolls and (self.marker or self.pattern.is_inherent))
        return day_in(self.said_on.year + 1) if rolls and this_year < self.said_on else this_year

    def excludes(self) -> bool:
        """Whether "before" stands at a bare month, quarter or year, which is then over before it begins."""
        return self.marker is Marker.BEFORE and not self.pattern.is_inherent

    def month_number(self) -> int:
        """The month that is named last: of a range its end."""
        return self.number("month_last" if "month_last" in self.groups else "month")

    def crosses_year(self) -> bool:
        """Whether a range ends in the year after the one in which it begins."""
        return {"month", "month_last"} <= set(self.groups) and self.number("month_last") < self.number("month")

    def relative_month(self) -> date | None:
        """First day of this month or a following one."""
        if self.said_on is None:
            return None
        return add_months(self.said_on.replace(day=1), self.number("rel_month"))


def day_meant(
    pattern: DuePattern, match: re.Match[str], *, marker: Marker, said_on: date | None, rules: DueRules
) -> date | None:
    """The last day that the expression leaves, or None where text and day of speaking do not fix it.

    Args:
        marker: "before" moves months and longer to the day before they begin, festivals to the day before, and
            leaves a day as it is, which still counts (Civil Code, art. 1259).

    Raises:
        ValueError: where the calendar has no such day.
        OverflowError: where it lies beyond the calendar.
    """
    reader = _Reader(pattern, match, marker=marker, said_on=said_on, rules=rules)
    return _MEANINGS[pattern.meaning](reader)


def _last_of_month(year: int, month: int) -> date:
    return add_months(date(year, month, 1), 1) - _DAY


def _day(reader: _Reader) -> date | None:
    day = reader.number("day_last" if "day_last" in reader.groups else "day")
    if "rel_month" in reader.groups:
        first = reader.relative_month()
        return None if first is None else first.replace(day=day)
    if "month" not in reader.groups:
        if reader.said_on is None:
            return None
        first = reader.said_on.replace(day=1)
        if day < reader.said_on.day:
            first = add_months(first, 1)
        return first.replace(day=day)
    month = reader.month_number()
    return reader.rolled(lambda year: date(year, month, day))


def _third(reader: _Reader) -> date | None:
    day = reader.number("third")
    if "rel_month" in reader.groups:
        first = reader.relative_month()
        return None if first is None else min(first + _DAY * (day - 1), _last_of_month(first.year, first.month))
    month = reader.month_number()
    return reader.rolled(lambda year: date(year, month, min(day, _last_of_month(year, month).day)))


def _month(reader: _Reader) -> date | None:
    def last(first: date) -> date:
        return first - _DAY if reader.excludes() else _last_of_month(first.year, first.month)

    if "rel_month" in reader.groups:
        relative = reader.relative_month()
        return None if relative is None else last(relative)
    month = reader.month_number()
    return reader.rolled(lambda year: last(date(year, month, 1)))


def _quarter(reader: _Reader) -> date | None:
    month = reader.number("quarter") * 3
    back = 3 if reader.excludes() else 0
    return reader.rolled(lambda year: add_months(date(year, month, 1), 1 - back) - _DAY)


def _this_quarter(reader: _Reader) -> date | None:
    if reader.said_on is None:
        return None
    return _last_of_month(reader.said_on.year, (reader.said_on.month + 2) // 3 * 3)


def _half_year(reader: _Reader) -> date | None:
    month = reader.number("half")
    return reader.rolled(lambda year: _last_of_month(year, month))


def _year(reader: _Reader) -> date | None:
    back = 1 if reader.excludes() else 0
    return reader.rolled(lambda year: date(year - back, 12, 31))


def _plan(reader: _Reader) -> date | None:
    return date(_PLANS_FROM + 5 * reader.number("plan"), 12, 31)


def _week(reader: _Reader) -> date | None:
    if reader.said_on is None:
        return None
    monday = reader.said_on - _DAY * reader.said_on.weekday()
    weekday = reader.number("weekday") if "weekday" in reader.groups else 6
    if "rel_week" in reader.groups:
        return monday + timedelta(days=7 * reader.number("rel_week") + weekday)
    on = monday + timedelta(days=weekday)
    return on if on >= reader.said_on else on + timedelta(days=7)


def _offset(reader: _Reader) -> date | None:
    return None if reader.said_on is None else reader.said_on + _DAY * reader.number("offset")


def _within(reader: _Reader) -> date | None:
    """The day that ends the period; the day of speaking is not counted (Civil Code, art. 201), nor does it roll."""
    start = reader.said_on
    if start is None:
        return None
    measure, factor = reader.rules.units[reader.groups["unit"]]
    count = (reader.number("n") if "n" in reader.groups else 1) * factor
    if count < 1:
        return None
    if measure == "working_days":
        return reader.rules.calendar.add_working_days(start, count).on
    if measure == "months":
        return add_months(start, count)
    return start + timedelta(days=-(-count // 24) if measure == "hours" else count)


def _festival(reader: _Reader) -> date | None:
    """The day before the festival, its own day, or the last day of its holidays."""
    festival = reader.rules.festivals[reader.groups["festival"]]
    year = reader.year()
    if year is None and reader.said_on is None:
        return None
    for at in [year] if year is not None else sorted(festival.days):
        own = festival.days.get(at)
        if own is None:
            continue
        on = own - _DAY if reader.marker is Marker.BEFORE else own
        if "during" in reader.groups:
            name = reader.rules.calendar.holiday_name(own)
            while name is not None and reader.rules.calendar.holiday_name(on + _DAY) == name:
                on += _DAY
        if year is not None or reader.said_on is None or on >= reader.said_on:
            return on
    return None


_MEANINGS: Final[dict[Meaning, Callable[[_Reader], date | None]]] = {
    Meaning.DAY: _day,
    Meaning.THIRD: _third,
    Meaning.MONTH: _month,
    Meaning.QUARTER: _quarter,
    Meaning.THIS_QUARTER: _this_quarter,
    Meaning.HALF_YEAR: _half_year,
    Meaning.YEAR: _year,
    Meaning.PLAN: _plan,
    Meaning.WEEK: _week,
    Meaning.OFFSET: _offset,
    Meaning.WITHIN: _within,
    Meaning.FESTIVAL: _festival,
}
