"""A decision as it is recorded in the room: who, what, by when; a draft until the review is closed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

MATTER_LIMIT: Final = 1_000
"""Characters of a decision; what needs more is two decisions."""
GOALS: Final = ("launched", "signed", "vacated", "handed_over", "started", "resettled")
"""What the ledger can tell of a decision, as deadlines name goals."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    Attributes:
        id: number within its review, from 1; never given twice.
        lead: code of the unit that answers for it. joint: units that share the duty. assisting: those that help.
        due_on: its last day.
        goal: what the ledger knows of it (one of ``GOALS``) for ``projects``; empty: it is reported by hand.
        code: of the directive once it is set; empty until then.
    """

    id: int
    lead: str
    matter: str
    due_on: date
    joint: Sequence[str] = ()
    assisting: Sequence[str] = ()
    projects: Sequence[str] = ()
    goal: str = ""
    code: str = ""


def decision_reasons(decision: Decision, *, units: Collection[str], today: date) -> list[Reason]:
    """Why a decision cannot stand as it is, each with what to do; empty where it can.

    Args:
        units: codes of the units of the city that may be charged.
    """
    reasons = []
    named = [decision.lead, *decision.joint, *decision.assisting]
    if not decision.lead:
        reasons.append(_reason("lead", N_("A decision needs the unit that answers for it."), N_("Choose the unit.")))
    elif unknown := [unit for unit in named if unit not in units]:
        reasons.append(
            _reason("unit", N_("%(unit)s is no unit of this city that can be charged."), N_("Choose another."),
                    unit=unknown[0])
        )
    if len(set(named)) < len(named):
        reasons.append(_reason("twice", N_("A unit is named twice in one decision."), N_("Name each unit once.")))
    if not decision.matter.strip():
        reasons.append(_reason("matter", N_("A decision needs what is to be done."), N_("Write it in one sentence.")))
    elif len(decision.matter) > MATTER_LIMIT:
        reasons.append(
            _reason("long", N_("A decision has at most %(limit)s characters."), N_("Make two of it."),
                    limit=MATTER_LIMIT)
        )
    if decision.due_on < today:
        reasons.append(
            _reason("due", N_("The last day %(due_on)s has passed already."), N_("Choose today or a later day."),
                    due_on=decision.due_on.isoformat())
        )
    if decision.goal and (decision.goal not in GOALS or not decision.projects):
        reasons.append(
            _reason("goal", N_("The ledger knows nothing of this goal here."),
                    N_("Choose a goal of a project's matter, or none."))
        )
    return reasons


def _reason(code: str, message: str, remedy: str, **parameters: object) -> Reason:
    return Reason(code=f"reviews.decision_{code}", message=message, parameters=parameters, remedy=remedy)
