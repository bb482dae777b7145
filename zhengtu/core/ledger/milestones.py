"""Milestones: the dates that a household or section has reached, folded from its facts.

All milestones are reached once and stay, but one: a vacating ends when somebody is found living there again.
"""

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
    REOCCUPIED = "reoccupied"
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
"""Dates reached; a milestone not reached is absent. A vacating beside a reoccupation ended on the day of the latter."""

ENDED_BY: Final[Mapping[Milestone, Milestone]] = {Milestone.VACATED: Milestone.REOCCUPIED}
"""Milestone -> the one from whose day on it no longer stands."""


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
    last replaces what was promised before. Of vacatings see ``_vacating``.
    """
    known = list(facts)
    superseded = {fact.supersedes for fact in known if fact.supersedes}
    dates: dict[Milestone, date] = {}
    vacated: list[date] = []
    reoccupied: list[date] = []
    for fact in known:
        if fact.milestone is None or fact.withdraws or fact.reference in superseded:
            continue
        if fact.milestone is Milestone.REOCCUPIED:
            reoccupied.append(fact.on)
            continue
        if fact.milestone is Milestone.VACATED:
            vacated.append(fact.on)
        held = dates.get(fact.milestone)
        keep_later = fact.milestone is Milestone.PROMISED
        if held is None or (fact.on > held if keep_later else fact.on < held):
            dates[fact.milestone] = fact.on
    if vacated and reoccupied:
        dates |= _vacating(vacated, reoccupied)
    return dates


def _vacating(vacated: Iterable[date], reoccupied: Iterable[date]) -> dict[Milestone, date]:
    """The one vacating that counts, and the day that ended it.

    Who was found living there again on the day of a vacating or later ended it; the first vacating after that begins
    a new one. The last of these alone counts, on every day: who moved back and left again had not left before.
    """
    last = max(vacated)
    ended_before = max((day for day in reoccupied if day < last), default=date.min)
    dates = {Milestone.VACATED: min(day for day in vacated if day > ended_before)}
    ended_on = min((day for day in reoccupied if day >= last), default=None)
    if ended_on is not None:
        dates[Milestone.REOCCUPIED] = ended_on
    return dates


def has_reached(dates: MilestoneDates, milestone: Milestone, *, on: date) -> bool:
    """Whether a milestone is reached and stands by the end of that day."""
    day, end = dates.get(milestone), ENDED_BY.get(milestone)
    if day is None or day > on:
        return False
    ended_on = dates.get(end) if end is not None else None
    return ended_on is None or ended_on > on


def standing_dates(dates: MilestoneDates, *, on: date) -> dict[Milestone, date]:
    """What is reached and stands by the end of that day; a promised day is kept though it lies ahead."""
    return {
        milestone: day for milestone, day in dates.items()
        if milestone is Milestone.PROMISED or has_reached(dates, milestone, on=on)
    }


def lasting_dates(dates: MilestoneDates) -> dict[Milestone, date]:
    """What is reached and was not ended since."""
    return standing_dates(dates, on=date.max)


def state_on(dates: MilestoneDates, *, on: date) -> State | None:
    """The furthest state that stands by the end of that day, or None before registration."""
    reached = None
    for state, milestones in STATE_MILESTONES.items():
        if any(has_reached(dates, milestone, on=on) for milestone in milestones):
            reached = state
    return reached
