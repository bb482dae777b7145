"""The queue of sections that the teams of a stage work through, as links between beginnings.

A section's share begins once the teams have worked on all households before it in the queue: for every two sections
that stand one before the other, so many whole working days lie between their beginnings as the households of the first
and of those between take. Of these links only those are made that do not follow from two others: since every stretch is
rounded down for itself, a stretch is more than its parts where its fraction of a day is less than that of every shorter
stretch with the same end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from zhengtu.core.planning.day_calendars import MOST_WORKING_DAYS
from zhengtu.core.scheduling.problem import Link


@dataclass(frozen=True, slots=True)
class Queued:
    """One section in a queue.

    Attributes:
        begin: the activity that begins its share.
        households: how many its teams have left there.
        arrivals: activities by which further households come, each with how many the teams then still have left at the
            least, see `section_network`.
        calendar: name of the calendar by which the teams work there.
    """

    begin: str
    households: int
    arrivals: Sequence[tuple[str, int]]
    calendar: str


def queue_links(queue: Sequence[Queued], pace: Fraction) -> list[Link]:
    """The links of a queue at a pace in households per working day."""
    found = []
    for place, after in enumerate(queue):
        between, least = 0, pace.numerator
        for before in reversed(queue[:place]):
            for id, left in (*before.arrivals, (before.begin, before.households)):
                days, rest = divmod((between + left) * pace.denominator, pace.numerator)
                if rest < least:
                    lag = min(days, MOST_WORKING_DAYS)
                    found.append(Link(id, after.begin, lag=lag, lag_calendar=after.calendar if lag else ""))
            between += before.households
            least = min(least, between * pace.denominator % pace.numerator)
            if not least:
                break
    return found
