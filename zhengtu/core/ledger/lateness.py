"""How many families are late by how many months, on any day and over the years, out of their two dates.

The counting is that of ``core.ledger.figures``: a family is late from the day after its promised day until the day on
which it comes home, and late by more than so many months from the day after these are full.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.ledger.figures import OVERDUE_AFTER_MONTHS

_DAY: Final = timedelta(days=1)


Changes = dict[date, Counter[int]]
"""Day -> place in ``OVERDUE_AFTER_MONTHS`` -> change of the number of families late by more than so many months."""


@dataclass(frozen=True, slots=True)
class Band:
    """Families late by more than ``over`` months and not by more than ``up_to`` (None: without end)."""

    over: int
    up_to: int | None

    @property
    def id(self) -> str:
        """``1-6``, ``over-40``: months begun."""
        return f"over-{self.over}" if self.up_to is None else f"{self.over + 1}-{self.up_to}"


BANDS: Final = tuple(
    Band(over, up_to) for over, up_to in zip(OVERDUE_AFTER_MONTHS, (*OVERDUE_AFTER_MONTHS[1:], None), strict=True)
)


@dataclass(frozen=True, slots=True)
class Wait:
    """A family's promised day and the day on which it came home, if it did."""

    promised_on: date
    home_on: date | None = None


@dataclass(frozen=True, slots=True)
class MonthOfWaiting:
    """Counts by the end of a month, or of the last day asked for: late by more than each of the months in order."""

    on: date
    late_over: Sequence[int]

    @property
    def late(self) -> int:
        """All who are late."""
        return self.late_over[0]

    @property
    def by_band(self) -> list[int]:
        """Families in each of ``BANDS``."""
        return [here - beyond for here, beyond in zip(self.late_over, (*self.late_over[1:], 0), strict=True)]


@dataclass(frozen=True, slots=True)
class Crossing:
    """A day on which the number of late families rose beyond a line, or fell to it or below."""

    on: date
    is_above: bool
    count: int


def is_late(wait: Wait, *, on: date) -> bool:
    """Whether the family is late by the end of the day."""
    return wait.promised_on < on and (wait.home_on is None or wait.home_on > on)


@lru_cache(maxsize=65_536)
def band_of(promised_on: date, *, on: date) -> Band | None:
    """The band of a family that still waits; None where its day has not passed."""
    found = None
    for band in BANDS:
        if add_months(promised_on, band.over) < on:
            found = band
    return found


@lru_cache(maxsize=65_536)
def months_late(promised_on: date, *, on: date) -> int:
    """Months begun since the promised day, as the bands count them; 0 where it has not passed."""
    if on <= promised_on:
        return 0
    months = (on.year - promised_on.year) * 12 + on.month - promised_on.month
    return months + 1 if add_months(promised_on, months) < on else months


def waiting_changes(waits: Iterable[Wait]) -> Changes:
    """What the families add to the counts and take from them, day by day."""
    by_promise: dict[date, dict[date | None, int]] = defaultdict(dict)
    for wait in waits:
        homes = by_promise[wait.promised_on]
        homes[wait.home_on] = homes.get(wait.home_on, 0) + 1
    changes: dict[date, Counter[int]] = defaultdict(Counter)
    for promised_on, homes in by_promise.items():
        for place, months in enumerate(OVERDUE_AFTER_MONTHS):
            day = add_months(promised_on, months) + _DAY
            late = [(home_on, families) for home_on, families in homes.items() if home_on is None or home_on > day]
            if late:
                changes[day][place] += sum(families for _, families in late)
            for home_on, families in late:
                if home_on is not None:
                    changes[home_on][place] -= families
    return dict(changes)


def trend(changes: Changes, *, until: date) -> list[MonthOfWaiting]:
    """The counts at the end of every month from the first that any family was late, and on the last day."""
    days = sorted(day for day in changes if day <= until)
    if not days:
        return []
    counts = [0] * len(OVERDUE_AFTER_MONTHS)
    found: list[MonthOfWaiting] = []
    at = 0
    end = _month_end(days[0])
    while True:
        stop = min(end, until)
        while at < len(days) and days[at] <= stop:
            for place, change in changes[days[at]].items():
                counts[place] += change
            at += 1
        found.append(MonthOfWaiting(stop, tuple(counts)))
        if stop == until:
            return found
        end = _month_end(end + _DAY)


def crossings(changes: Changes, *, line: int, until: date) -> list[Crossing]:
    """The days on which more families than ``line`` were late for the first time since, or no longer."""
    count, is_above, found = 0, False, []
    for day in sorted(changes):
        if day > until:
            break
        count += changes[day][0]
        if (count > line) is not is_above:
            is_above = not is_above
            found.append(Crossing(day, is_above, count))
    return found


def _month_end(day: date) -> date:
    return add_months(day.replace(day=1), 1) - _DAY
