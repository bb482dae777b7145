"""A scoring scheme as data: what is measured, how many points it carries, and how points follow from events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Measure(StrEnum):
    """How points follow from what happened.

    SHARE: points in proportion to what was due and done, each thing alike.
    EVENTS: points for or against each event, up to the criterion's points.
    ESTIMATE: points in proportion to an estimated share with an interval.
    """

    SHARE = "share"
    EVENTS = "events"
    ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is assessed.

    Attributes:
        points: the most that it gives; of EVENTS criteria where they start from. Praise may add up to ``bonus``.
        per_event: points of one event by its kind: below zero for what went wrong, above for what deserves praise.
        bonus: how far praise may lead beyond ``points``; it weighs as much as blame.
        is_adjusted: whether a share is compared with what was to be expected of cases as hard as these.
        source: statute or adopted decision behind it.
    """

    id: str
    label: tuple[str, str]
    measure: Measure
    points: Decimal
    per_event: tuple[tuple[str, Decimal], ...] = ()
    bonus: Decimal = Decimal(0)
    is_adjusted: bool = False
    source: str = ""

    def points_of(self, event_kind: str) -> Decimal:
        """Points of one event of that kind.

        Raises:
            KeyError: for a kind that the criterion does not know.
        """
        return dict(self.per_event)[event_kind]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme as adopted for a time.

    Attributes:
        from_on, until_on: first day and first day after; None is open.
        appeal_days: calendar days within which a unit may appeal after the scores were made known.
    """

    id: str
    label: tuple[str, str]
    criteria: Sequence[Criterion]
    from_on: date
    until_on: date | None = None
    appeal_days: int = 30

    @property
    def full_points(self) -> Decimal:
        """The points of a unit with which nothing is wrong and nothing to be praised."""
        return sum((one.points for one in self.criteria), Decimal(0))
