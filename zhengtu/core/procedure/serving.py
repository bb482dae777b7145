"""What must be served on whom: each document of a household's procedure, each owner, and how far its service is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.procedure.applicability import Applies, applies
from zhengtu.core.procedure.case_facts import CaseFacts, StepFact, latest, standing_facts
from zhengtu.core.procedure.service import owner_of, service_reasons
from zhengtu.core.procedure.steps import Act, Procedure, Scope, Step

_PROOF_ALONE = frozenset({"service_proof"})
"""The evidence of a step that serves a document of an earlier one."""


class ServiceState(StrEnum):
    """How far the service of one document on one owner is, the least far first."""

    UNSERVED = "unserved"
    """The document has to be served and no lawful service is recorded."""
    UNVERIFIED = "unverified"
    """It is served by imported history, whose proof nobody has verified."""
    ANNOUNCED = "announced"
    """It is announced; the announcement still runs."""
    SERVED = "served"


@dataclass(frozen=True, slots=True)
class ServiceDue:
    """One document to be served on one owner.

    Attributes:
        fact: the service that counts, the last one where there are several; None while there is none.
        served_on: the day of service; ahead while an announcement runs.
        reasons: why a recorded service does not count.
    """

    step: Step
    owner: int
    state: ServiceState
    fact: StepFact | None = None
    served_on: date | None = None
    reasons: tuple[Reason, ...] = ()


def services_due(
    *, facts: CaseFacts, procedure: Procedure, calendar: WorkCalendar, owners: int, today: date
) -> list[ServiceDue]:
    """Every service that the household's procedure asks for by that day, in the order of the procedure."""
    return [
        _due(step, owner, facts=facts, procedure=procedure, calendar=calendar, today=today)
        for step in procedure.steps.values()
        if step.is_service and step.scope is Scope.HOUSEHOLD
        and _is_due(step, facts=facts, procedure=procedure, today=today)
        for owner in range(1, owners + 1)
    ]


def _is_due(step: Step, *, facts: CaseFacts, procedure: Procedure, today: date) -> bool:
    """Whether the document exists: the step was taken already, or applies and what it needs of the household is there.

    A document that is made only for the step (a demand, the notice of a date to move out) is due once it was made;
    an answer to the household's request is due from the request.
    """
    if latest(step.id, facts=facts, procedure=procedure, on=today) is not None:
        return True
    if set(step.evidence) != _PROOF_ALONE and step.act is not Act.REVIEW_ANSWER:
        return False
    if applies(step, facts=facts, procedure=procedure, on=today) is Applies.NO:
        return False
    return all(
        any(latest(id, facts=facts, procedure=procedure, on=today) is not None for id in group)
        for group in _own_needs(step, procedure)
    )


def _own_needs(step: Step, procedure: Procedure) -> Iterator[list[str]]:
    for group in (*step.needs, *step.needs_begun):
        own = [id for id in group if procedure.steps[id].scope is Scope.HOUSEHOLD]
        if own:
            yield own


def _due(
    step: Step, owner: int, *, facts: CaseFacts, procedure: Procedure, calendar: WorkCalendar, today: date
) -> ServiceDue:
    reached = [
        fact for fact in standing_facts(step.id, facts=facts, procedure=procedure, on=today) if owner_of(fact) == owner
    ]
    if not reached:
        return ServiceDue(step, owner, ServiceState.UNSERVED)
    fact = reached[-1]
    reasons = tuple(service_reasons(fact, step=step, calendar=calendar))
    if fact.served_on is None or reasons:
        return ServiceDue(step, owner, ServiceState.UNSERVED, fact, reasons=reasons)
    if not fact.is_verified:
        return ServiceDue(step, owner, ServiceState.UNVERIFIED, fact, fact.served_on)
    state = ServiceState.SERVED if fact.served_on <= today else ServiceState.ANNOUNCED
    return ServiceDue(step, owner, state, fact, fact.served_on)
