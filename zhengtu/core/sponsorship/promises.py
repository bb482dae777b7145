"""Promises of sponsors: kept with evidence, or broken by rule the day after they were due; nobody sets either."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PromiseState(StrEnum):
    """How a promise stands on a day."""

    BROKEN = "broken"
    OPEN = "open"
    LATE = "late"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Promise:
    """What a sponsor promised for a project, section or household.

    Attributes:
        reference: ``deed/ordinal`` of the fact.
        sponsor: code of whoever promised; whoever succeeds before it is due answers for it.
        kept_on: day on which the evidence was recorded; None while there is none.
    """

    reference: str
    subject: str
    sponsor: str
    text: str
    made_on: date
    due_on: date
    kept_on: date | None = None
    result: str = ""
    kept_deed: str = ""

    def state(self, *, on: date) -> PromiseState:
        """How it stands by the end of a day: evidence recorded after the due day makes good what stays late.

        It is broken from the day after the due day on, whoever looks and whenever: no deed breaks it.
        """
        if self.kept_on is not None and self.kept_on <= on:
            return PromiseState.KEPT if self.kept_on <= self.due_on else PromiseState.LATE
        return PromiseState.BROKEN if on > self.due_on else PromiseState.OPEN

    def days_left(self, *, on: date) -> int:
        """Days until it is due; negative once that day has passed."""
        return (self.due_on - on).days

    @property
    def deed(self) -> str:
        """Key of the deed by which it was made."""
        return self.reference.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Term:
    """One sponsor's time for a subject; half-open, ``until_on`` None while it lasts."""

    sponsor: str
    from_on: date
    until_on: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


def answers_for(promise: Promise, levels: Iterable[Sequence[Term]], *, on: date) -> str:
    """Who answers for a promise on a day: the sponsor in force on the day it was due, or today while it is not.

    Where nobody is in force that day, the last before; a promise that was broken stays with whom it broke.

    Args:
        levels: terms of its subject, then of the section and project that it lies in; the nearest in force answers.
    """
    day = min(on, promise.due_on)
    begun = [[term for term in terms if term.from_on <= day] for terms in levels]
    in_force = next((term for terms in begun for term in terms if term.holds(day)), None)
    if in_force is not None:
        return in_force.sponsor
    ended = [term for term in (term for terms in begun for term in terms) if term.from_on >= promise.made_on]
    return max(ended, key=lambda term: term.from_on).sponsor if ended else promise.sponsor


def in_order(promises: Iterable[Promise], *, on: date) -> list[Promise]:
    """Broken ones first, then what is open by its due day, then what is over."""
    order: Sequence[PromiseState] = tuple(PromiseState)
    return sorted(promises, key=lambda one: (order.index(one.state(on=on)), one.due_on, one.reference))
