"""What a family that waits past its agreed term may demand by its rule, from which day, and by when it must be done."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from zhengtu.core.compensation.transition_rules import TransitionRule, WaitingRight
from zhengtu.core.kernel.civil_dates import add_months


@dataclass(frozen=True, slots=True)
class RightStanding:
    """A right on a day.

    Attributes:
        opens_on: from this day the family may demand it.
        is_open: whether it may now.
        asked_on: day of the wish that demands it, not before it opened; None: not demanded.
        until_on: by this day it must be done; None: not demanded, or no term is set.
    """

    right: WaitingRight
    opens_on: date
    is_open: bool
    asked_on: date | None = None
    until_on: date | None = None

    @property
    def is_asked(self) -> bool:
        """Whether the family demanded it."""
        return self.asked_on is not None


def rights_on(
    rule: TransitionRule, *, moved_out_on: date, agreed_months: int, asked: Mapping[str, Collection[date]], on: date
) -> list[RightStanding]:
    """Rights of a family by its rule, in the rule's order.

    Args:
        asked: way -> days on which the family put it on record; the first one after the right opened counts.
    """
    found = []
    for right in rule.rights:
        opens_on = add_months(moved_out_on, agreed_months + right.overdue_months)
        days = [day for day in asked.get(right.way, ()) if opens_on <= day <= on]
        asked_on = min(days, default=None)
        within = right.within_months
        until_on = None if asked_on is None or within is None else add_months(asked_on, within)
        found.append(RightStanding(right, opens_on, opens_on <= on, asked_on, until_on))
    return found
