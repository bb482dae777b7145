"""How a household stands: a light and the one sentence beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from zhengtu.core.kernel.civil_dates import whole_months_between
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.ledger.milestones import Milestone, MilestoneDates, State, standing_dates, state_on

GOAL_MILESTONES: Final[Mapping[str, tuple[Milestone, ...]]] = {
    "signed": (Milestone.SIGNED, Milestone.DECIDED),
    "vacated": (Milestone.VACATED,),
    "handed_over": (Milestone.VACATED,),
    "resettled": (Milestone.RESETTLED,),
}
"""Goal of a deadline -> what a household has to reach for it; other goals ask nothing of a household."""


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline of the household's section or project."""

    goal: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """A light (``green``, ``yellow``, ``red``, ``running``, ``idle``) and why."""

    light: str
    why: Reason


def household_standing(
    dates: MilestoneDates, *, deadlines: Iterable[Due], open_matters: Iterable[str], on: date
) -> Standing:
    """The household's light on that day.

    Red: a deadline or the promised date of resettlement has passed. Yellow: a matter is open.
    Green: all that the deadlines ask is reached. Running: deadlines lie ahead.

    Args:
        dates: milestones of the household; later ones than ``on`` do not count.
        deadlines: those of its section and project.
        open_matters: what is listed as open for it.
    """
    reached = standing_dates(dates, on=on)
    asked = [due for due in deadlines if _is_asked(due, reached)]
    missed = sorted((due for due in asked if not _is_met(due, reached)), key=lambda due: due.due_on)
    overdue = _overdue_home(reached, on=on)
    if overdue is not None:
        return Standing("red", overdue)
    if missed and missed[0].due_on < on:
        return Standing("red", _sentence(N_("“%(goal)s” was due on %(due)s, %(days)s days ago."), missed[0], on=on))
    for matter in open_matters:
        return Standing(
            "yellow", Reason("standing.open_matter", N_("Open matter: %(matter)s"), {"matter": matter})
        )
    if missed:
        is_begun = state_on(reached, on=on) not in (None, State.REGISTERED)
        message = N_("“%(goal)s” is due on %(due)s, in %(days)s days.")
        return Standing("running" if is_begun else "idle", _sentence(message, missed[0], on=on))
    if asked:
        return Standing("green", Reason("standing.on_course", N_("All that the deadlines ask is reached.")))
    return Standing("running", Reason("standing.no_deadline", N_("No deadline is set for this household.")))


def _is_asked(due: Due, reached: MilestoneDates) -> bool:
    if due.goal == "resettled":
        return Milestone.PROMISED in reached or Milestone.RESETTLED in reached
    return due.goal in GOAL_MILESTONES


def _is_met(due: Due, reached: MilestoneDates) -> bool:
    return any(milestone in reached for milestone in GOAL_MILESTONES[due.goal])


def _overdue_home(reached: MilestoneDates, *, on: date) -> Reason | None:
    promised = reached.get(Milestone.PROMISED)
    if promised is None or promised >= on or Milestone.RESETTLED in reached:
        return None
    return Reason(
        "standing.overdue_home",
        N_("Resettlement was promised for %(promised)s and is %(months)s months overdue."),
        {"promised": promised.isoformat(), "months": whole_months_between(start=promised, end=on)},
    )


def _sentence(message: str, due: Due, *, on: date) -> Reason:
    return Reason(
        "standing.deadline",
        message,
        {
            "goal": f"milestone:{GOAL_MILESTONES[due.goal][0]}",
            "due": due.due_on.isoformat(),
            "days": abs((due.due_on - on).days),
        },
    )
