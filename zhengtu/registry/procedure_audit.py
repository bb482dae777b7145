"""Replaying the ledger: which verified steps their own day's facts do not carry.

The gate refuses such steps when they are recorded. They are found here when something became known late, when a rule
was corrected, or when somebody went past the gate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched

from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.procedure.gate import contradictions
from zhengtu.core.procedure.steps import Scope
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household, Participation, Section
from zhengtu.registry.procedure_cases import ProcedureCase, cases_of

_AT_ONCE = 500
_SCOPES = {"participation": Scope.PROJECT, "section": Scope.SECTION, "household": Scope.HOUSEHOLD}


@dataclass(frozen=True, slots=True)
class Uncarried:
    """Something that speaks against a verified step of a subject on the step's own day."""

    subject: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class ProcedureAudit:
    """What was replayed and what was found.

    Attributes:
        subjects: participations, sections and households with a procedure.
        verified: verified facts of steps that were asked about.
        unverified: facts of history that nobody has checked, counted apart.
    """

    subjects: int
    verified: int
    unverified: int
    found: Sequence[Uncarried]


def audit_procedures(
    *, project: str = "", progress: Callable[[int, int], None] = lambda done, of: None
) -> ProcedureAudit:
    """Ask every verified fact of a step whether the facts of its own day carry it.

    Args:
        project: only this project; empty takes all.
        progress: told how many of how many subjects are done.
    """
    subjects = _subjects(project)
    cases = verified = unverified = done = 0
    found: list[Uncarried] = []
    for codes in batched(subjects, _AT_ONCE):
        for case in cases_of(codes).values():
            cases += 1
            own = [fact for fact in case.facts.all_facts() if _is_own(fact.step, case)]
            verified += sum(fact.is_verified for fact in own)
            unverified += sum(not fact.is_verified for fact in own)
            found += _uncarried(case)
        done += len(codes)
        progress(done, len(subjects))
    return ProcedureAudit(cases, verified, unverified, found)


def _subjects(project: str) -> list[str]:
    """Codes of all participations, sections and households, those of one project where it is named."""
    participations, sections, households = Participation.objects.all(), Section.objects.all(), Household.objects.all()
    if project:
        participations, sections = participations.filter(project=project), sections.filter(project=project)
        households = households.filter(section__project=project)
    return [
        *sorted(part.code for part in participations),
        *sections.order_by("pk").values_list("pk", flat=True), *households.order_by("pk").values_list("pk", flat=True),
    ]


def _is_own(step: str, case: ProcedureCase) -> bool:
    """Whether a step is the subject's own; those of what lies above it are asked about there."""
    return case.procedure.steps[step].scope is _SCOPES[kind_of(case.subject)]


def _uncarried(case: ProcedureCase) -> Iterator[Uncarried]:
    others = [fact for fact in case.facts.all_facts() if not _is_own(fact.step, case)]
    for reason in contradictions(
        facts=case.facts, procedure=case.procedure, calendar=current_rulebook().calendar, apart_from=others
    ):
        yield Uncarried(case.subject, reason)
