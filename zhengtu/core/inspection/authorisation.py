"""What a government inspection needs, and what it may not do (State Council decree 733).

It is another power than management review: an instruction of the government or its head (art. 11), a plan with a scope
that is not widened afterwards, and no second look at the same matter in the same place (art. 15); its conclusion is fed
back, and whoever was inspected may object within thirty days to somebody who took no part (art. 16 and 17).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

REGULATION: Final = "government-inspection-regulation-2020"
OBJECTION_DAYS: Final = 30
DECISION_DAYS: Final = 30
AUTHORISING_ROLES: Final = frozenset({"mayor", "vice_mayor"})


@dataclass(frozen=True, slots=True)
class InspectionScope:
    """What a plan covers.

    Attributes:
        matter: id of the kind of matter that is looked at (``moved_out``, ``paid_first`` …).
        places: jurisdictions, sections or households.
    """

    matter: str
    places: frozenset[str]


@dataclass(frozen=True, slots=True)
class PastInspection:
    """An inspection that was planned or carried out; ``released_on`` is None until its conclusion was fed back."""

    code: str
    scope: InspectionScope
    from_on: date
    until_on: date


def plan_reasons(
    scope: InspectionScope, *, authorised_by_role: str, instruction_on: date | None, from_on: date, until_on: date,
    past: Iterable[PastInspection], quiet_days: int,
) -> list[Reason]:
    """Why an inspection may not be planned so.

    Args:
        authorised_by_role: role of whoever gave the instruction.
        quiet_days: calendar days within which the same place is not inspected again for the same matter.
    """
    reasons = []
    if authorised_by_role not in AUTHORISING_ROLES or instruction_on is None or instruction_on > from_on:
        reasons.append(Reason(
            code="inspection.not_authorised",
            message=N_("An inspection needs the instruction of the government or its head before it begins."),
            source=f"{REGULATION}#11", remedy=N_("Attach the instruction, or ask for one."),
        ))
    if until_on < from_on:
        reasons.append(Reason(
            code="inspection.ends_before_it_begins", message=N_("The last day lies before the first."),
            remedy=N_("Correct the two days."),
        ))
    if not scope.places:
        reasons.append(Reason(
            code="inspection.without_place", message=N_("The plan names no place."), source=f"{REGULATION}#15",
            remedy=N_("Say which districts, sections or households it covers."),
        ))
    for other in past:
        same = scope.places & other.scope.places
        since = other.until_on + timedelta(days=quiet_days)
        if other.scope.matter == scope.matter and same and from_on <= since and until_on >= other.from_on:
            reasons.append(Reason(
                code="inspection.repeated",
                message=N_("%(place)s was inspected for the same matter by %(other)s until %(until)s."),
                parameters={
                    "place": min(same), "other": other.code, "until": other.until_on.isoformat(),
                },
                source=f"{REGULATION}#15", remedy=N_("Leave the place out, or use what was found there."),
            ))
    return reasons


def widening_reasons(planned: InspectionScope, *, place: str, matter: str) -> list[Reason]:
    """Why something may not be looked at under a plan: it lies outside of its scope."""
    is_inside = any(place == top or place.startswith(f"{top}-") for top in planned.places)
    if is_inside and matter == planned.matter:
        return []
    return [Reason(
        code="inspection.wider_than_planned",
        message=N_("%(place)s is not in the plan for this matter; an inspection is not widened on the way."),
        parameters={"place": place}, source=f"{REGULATION}#15",
        remedy=N_("Report it as a clue; a plan of its own may follow."),
    )]


def last_day_to_object(*, served_on: date) -> date:
    """The last day on which the inspected may object: thirty days after the conclusion was served (art. 16)."""
    return served_on + timedelta(days=OBJECTION_DAYS)


def reviewer_reasons(*, reviewer: str, inspectors: Iterable[str]) -> list[Reason]:
    """Why somebody may not decide an objection: they took part in the inspection (art. 17)."""
    if reviewer not in set(inspectors):
        return []
    return [Reason(
        code="inspection.own_review", message=N_("Whoever inspected does not decide the objection to it."),
        source=f"{REGULATION}#17", remedy=N_("Let somebody decide who took no part."),
    )]
