"""The time over which something is assessed, and what of it was known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zhengtu.core.kernel.civil_dates import add_months

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are assessed.

    Attributes:
        from_on, on: first and last day, both included.
        known: what was recorded by the end of this day counts; None for all that is recorded now.
    """

    city: str
    from_on: date
    on: date
    known: date | None = None

    def holds(self, day: date | None) -> bool:
        """Whether a day lies within."""
        return day is not None and self.from_on <= day <= self.on

    @property
    def before(self) -> date:
        """The last day before it begins."""
        return self.from_on - _DAY

    def capped(self, *, today: date) -> Window:
        """The same up to today, of a period that is still running."""
        return Window(self.city, self.from_on, min(self.on, today), self.known)


def period_before(from_on: date, until_on: date) -> tuple[date, date]:
    """The period of the same length just before: whole months where it is whole months, else as many days."""
    if from_on.day == 1 and until_on.day == 1:
        months = (until_on.year - from_on.year) * 12 + until_on.month - from_on.month
        return add_months(from_on, -months), from_on
    return from_on - (until_on - from_on), from_on
