"""What the reading of due dates goes by: patterns, words and festivals as ``rulebook/language`` has them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhengtu.core.kernel.work_calendar import WorkCalendar


class Meaning(StrEnum):
    """What the groups of a pattern say.

    A day of the calendar (year, month, day), the third of a month, a month, quarter, half-year, year or five-year
    plan (their last days), a day of a week, days from today, a period from today, a festival, the campaign's end,
    a recurrence, or no day at all.
    """

    DAY = "day"
    THIRD = "third"
    MONTH = "month"
    QUARTER = "quarter"
    THIS_QUARTER = "this_quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    PLAN = "plan"
    WEEK = "week"
    OFFSET = "offset"
    WITHIN = "within"
    FESTIVAL = "festival"
    CAMPAIGN_END = "campaign_end"
    RECURRING = "recurring"
    VAGUE = "vague"


CONTEXTS = (
    "before", "by", "until", "guard_before", "guard_after", "comma", "done_by", "already", "amount_after",
    "event_before", "event_begins", "from_now_before",
)
"""Names of the expressions that are looked for around a match."""
WORD_GROUPS = ("rel_year", "rel_month", "rel_week", "weekday", "third", "half", "offset")
"""Groups of patterns whose words stand for a number."""


@dataclass(frozen=True, slots=True)
class DuePattern:
    """One way of saying a time.

    Attributes:
        is_inherent: whether the words alone are a deadline.
        verb_suffices: whether a word of doing soon after makes it one.
        rolls: whether a past one without a year means the next year's.
        rrule: recurrence with ``{group}`` for numbers; only where the meaning is RECURRING.
    """

    id: str
    meaning: Meaning
    regex: re.Pattern[str]
    is_inherent: bool = False
    verb_suffices: bool = True
    rolls: bool = True
    rrule: str = ""


@dataclass(frozen=True, slots=True)
class Festival:
    """A festival with its own day in each year that is known."""

    id: str
    names: Sequence[str]
    days: Mapping[int, date]


@dataclass(frozen=True, slots=True)
class Numerals:
    """Chinese numerals: digits, and the characters for ten and hundred."""

    digits: Mapping[str, int]
    ten: str
    hundred: str

    def number(self, text: str) -> int:
        """The number that is written, in Arabic or Chinese figures.

        Raises:
            ValueError: where the characters are no number.
        """
        if text.isascii() and text.isdigit():
            return int(text)
        if not text or set(text) - {*self.digits, self.ten, self.hundred}:
            raise ValueError(f"{text!r} is no number")
        if self.ten not in text and self.hundred not in text:
            return int("".join(str(self.digits[character]) for character in text))
        total = part = 0
        for character in text:
            if character in self.digits:
                part = self.digits[character]
            else:
                total += (part or 1) * (10 if character == self.ten else 100)
                part = 0
        return total + part


@dataclass(frozen=True, slots=True)
class DueRules:
    """Everything that the reading of due dates goes by.

    Attributes:
        contexts: name in ``CONTEXTS`` -> expression.
        words: name in ``WORD_GROUPS`` -> word -> number.
        units: unit of a period -> (working_days, days, months or hours; factor).
        festivals: name as texts have it -> festival.
        longest_clause: characters that are read; what is longer is no clause.
    """

    patterns: Sequence[DuePattern]
    contexts: Mapping[str, re.Pattern[str]]
    words: Mapping[str, Mapping[str, int]]
    units: Mapping[str, tuple[str, int]]
    numerals: Numerals
    festivals: Mapping[str, Festival]
    calendar: WorkCalendar
    longest_clause: int

    def next_festival(self, id: str, *, after: date) -> date | None:
        """The day of the next festival of that id after a day; None where no later one is known."""
        days = (day for one in self.festivals.values() if one.id == id for day in one.days.values())
        return min((day for day in days if day > after), default=None)
