"""Cases of accountability: opened by rule on the day a trigger is met, closed with the unit's word and a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason


class CaseState(StrEnum):
    """Where a case is; folded from its events."""

    OPEN = "open"
    HEARD = "heard"
    DECIDED = "decided"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class CaseEventKind(StrEnum):
    """What happens to a case."""

    STATEMENT = "statement"
    DECISION = "decision"
    APPEAL = "appeal"
    APPEAL_DECISION = "appeal_decision"
    CLOSING = "closing"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One event of a case, with the deed that recorded it."""

    kind: CaseEventKind
    on: date
    reference: str = ""


def overdue_triggers(promised: Iterable[tuple[str, date]], *, months: int, on: date) -> list[tuple[str, date]]:
    """Households whose resettlement is overdue by more than so many months, with the day on which that became so.

    The case opens on the first day after the months are full: promised for 14 February 2024, one year late is met on
    15 February 2025.

    Args:
        promised: household -> last day of the agreed period, of those who still wait on that day.
    """
    met = [(code, _first_day_beyond(due_on, months)) for code, due_on in promised]
    return sorted(((code, day) for code, day in met if day <= on), key=lambda one: (one[1], one[0]))


def approaching_triggers(
    promised: Iterable[tuple[str, date]], *, months: int, on: date, within_days: int
) -> list[tuple[str, int]]:
    """Households that will meet the trigger within so many days, with the days left, soonest first."""
    left = [(code, (_first_day_beyond(due_on, months) - on).days) for code, due_on in promised]
    return sorted(((code, days) for code, days in left if 0 < days <= within_days), key=lambda one: (one[1], one[0]))


def case_state(events: Sequence[CaseEvent], *, on: date) -> CaseState:
    """The state of a case by the end of a day; an appeal opens what was decided until it is decided in turn."""
    state = CaseState.OPEN
    for event in events:
        if event.on > on:
            continue
        if event.kind is CaseEventKind.CLOSING:
            state = CaseState.CLOSED
        elif event.kind is CaseEventKind.WITHDRAWAL:
            state = CaseState.WITHDRAWN
        elif event.kind in (CaseEventKind.DECISION, CaseEventKind.APPEAL_DECISION):
            state = CaseState.DECIDED
        else:
            state = CaseState.HEARD
    return state


def closing_reasons(events: Sequence[CaseEvent]) -> list[Reason]:
    """Why a case may not be closed: the unit was not heard, nothing was decided, or an appeal waits."""
    kinds = [event.kind for event in events]
    reasons = []
    if CaseEventKind.STATEMENT not in kinds:
        reasons.append(Reason(
            code="accountability.not_heard", message=N_("The unit's statement is missing."),
            remedy=N_("Ask the unit for its statement with evidence first."),
        ))
    if CaseEventKind.DECISION not in kinds:
        reasons.append(Reason(
            code="accountability.not_decided", message=N_("Nothing is decided yet."),
            remedy=N_("Record the decision with its document first."),
        ))
    elif kinds.count(CaseEventKind.APPEAL) > kinds.count(CaseEventKind.APPEAL_DECISION):
        reasons.append(Reason(
            code="accountability.appeal_waits", message=N_("An appeal waits to be decided."),
            remedy=N_("Decide the appeal first."),
        ))
    return reasons


def _first_day_beyond(due_on: date, months: int) -> date:
    return date.fromordinal(add_months(due_on, months).toordinal() + 1)
