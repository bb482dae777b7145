"""Milestones: the dates that a household or section has reached, folded from its facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Milestone(StrEnum):
    """What a subject can reach, one date each, in lawful order."""

    REGISTERED = "registered"
    SURVEYED = "surveyed"
    VALUED = "valued"
    SIGNED = "signed"
    DECIDED = "decided"
    PAID = "paid"
    VACATED = "vacated"
    DEMOLISHED = "demolished"
    HANDED_OVER = "handed_over"
    PROMISED = "promised"
    RESETTLED = "resettled"


class State(StrEnum):
    """Where a household stands on the way from registration to demolition; states partition households."""

    REGISTERED = "registered"
    SURVEYED = "surveyed"
    VALUED = "valued"
    SETTLED = "settled"
    PAID = "paid"
    VACATED = "vacated"
    DEMOLISHED = "demolished"


STATE_MILESTONES: Final[Mapping[State, tuple[Milestone, ...]]] = {
    State.REGISTERED: (Milestone.REGISTERED,),
    State.SURVEYED: (Milestone.SURVEYED,),
    State.VALUED: (Milestone.VALUED,),
    State.SETTLED: (Milestone.SIGNED, Milestone.DECIDED),
    State.PAID: (Milestone.PAID,),
    State.VACATED: (Milestone.VACATED,),
    State.DEMOLISHED: (Milestone.DEMOLISHED,),
}

MilestoneDates = Mapping[Milestone, date]
"""Dates reached; a milestone not reached is absent."""


@dataclass(frozen=True, slots=True)
class EffectiveFact:
    """A recorded fact as folding needs it.

    Attributes:
        reference: its key in the ledger.
        milestone: the milestone that its kind sets, or None.
        on: the date that it sets (the date it happened; for a promise, the promised date).
        supersedes: key of the fact it corrects or withdraws, or None.
        withdraws: whether it only takes the superseded fact back.
    """

    reference: str
    milestone: Milestone | None
    on: date
    supersedes: str | None = None
    withdraws: bool = False


def fold(facts: Iterable[EffectiveFact]) -> dict[Milestone, date]:
    """Milestone dates of one subject from all its facts, in any order.

    A superseded fact counts for nothing, nor does a withdrawal. Of several standing facts of one
    milestone the earliest counts, except for a promise, of which the latest does: what is promised
    last replaces what was promised before.
    """
    known = list(facts)
    superseded = {fact.supersedes for fact in known if fact.supersedes}
    dates: dict[Milestone, date] = {}
    for fact in known:
        if fact.milestone is None or fact.withdraws or fact.reference in superseded:
            continue
        held = dates.get(fact.milestone)
        keep_later = fact.milestone is Milestone.PROMISED
        if held is None or (fact.on > held if keep_later else fact.on < held):
            dates[fact.milestone] = fact.on
    return dates


def state_on(dates: MilestoneDates, *, on: date) -> State | None:
    """The furthest state reached by the end of that day, or None before registration."""
    reached = None
    for state, milestones in STATE_MILESTONES.items():
        if any((day := dates.get(milestone)) is not None and day <= on for milestone in milestones):
            reached = state
    return reached
