"""The rhythm of reviews: what repeats, who chairs and attends, and on which working day the next one falls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from dateutil.rrule import rrulestr

from zhengtu.core.kernel.work_calendar import WorkCalendar

SPECIAL: Final = "special"
"""Of a review outside the rhythm."""
_DAY: Final = timedelta(days=1)
_MOST_AHEAD: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One rhythm of ``rulebook/reviews/rhythm.yaml``.

    Attributes:
        label: (Chinese, English).
        rrule: recurrence by RFC 5545 without its start; empty for a special review.
        chair: id of the role that chairs, held in a unit of the city.
        attends: kinds of units that are called in.
        deadlines_within_days: how far ahead its agenda looks for deadlines.
        looks_back_days: of a special one without a review before it: with how many days ago it is compared.
    """

    id: str
    label: tuple[str, str]
    rrule: str
    chair: str
    attends: Sequence[str]
    deadlines_within_days: int
    begins_at: time
    place: tuple[str, str]
    looks_back_days: int = 7


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """Everything that the rulebook says about reviews.

    Attributes:
        rhythms: id -> rhythm, in the order of the file; ``special`` last.
        priorities: kind of agenda item -> its place in the order; the lowest is dealt with first.
        kind_labels: kind of agenda item -> (Chinese, English).
        source: (Chinese, English) where the rhythm comes from.
        phrases: name -> what the minutes say, with its blanks in braces.
    """

    rhythms: Mapping[str, Rhythm]
    priorities: Mapping[str, int]
    kind_labels: Mapping[str, tuple[str, str]]
    source: tuple[str, str]
    phrases: Mapping[str, str]


def days_between(rhythm: Rhythm, *, start: date, end: date, calendar: WorkCalendar) -> list[date]:
    """The days of a rhythm from ``start`` to ``end``, both included, each moved to a working day.

    A day on which nobody works gives way to the next working day; two that fall together count once. A special
    review has no days of its own.
    """
    if not rhythm.rrule or end < start:
        return []
    # What was due before the start may have been moved into it.
    early = datetime.combine(start - timedelta(days=31), time())
    days = set()
    for instant in rrulestr(rhythm.rrule, dtstart=early).between(early, datetime.combine(end, time()), inc=True):
        day = calendar.next_working_day(instant.date()).on
        if start <= day <= end:
            days.add(day)
    return sorted(days)


def next_day(rhythm: Rhythm, *, after: date, calendar: WorkCalendar) -> date | None:
    """The next day of a rhythm after a day; None for a special review."""
    days = days_between(rhythm, start=after + _DAY, end=after + _MOST_AHEAD, calendar=calendar)
    return days[0] if days else None


def previous_day(rhythm: Rhythm, *, before: date, calendar: WorkCalendar) -> date:
    """The last day of a rhythm before a day; of a special review ``looks_back_days`` before it."""
    days = days_between(rhythm, start=before - _MOST_AHEAD, end=before - _DAY, calendar=calendar)
    return days[-1] if days else before - timedelta(days=rhythm.looks_back_days)
