"""Reads the whole ledger against the law once more: every verified step that its own day's facts do not carry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.procedure.case_facts import StepFact
from zhengtu.core.procedure.gate import contradictions
from zhengtu.core.procedure.steps import Scope
from zhengtu.ledger.models import Fact
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Participation
from zhengtu.registry.procedure_cases import ProcedureCase, cases_of

_BATCH = 500
_SCOPES = {"participation": Scope.PROJECT, "section": Scope.SECTION, "household": Scope.HOUSEHOLD}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A recorded step that the facts of its day do not carry."""

    subject: str
    reason: Reason


def contradictions_of(*, project: str = "") -> Iterator[Contradiction]:
    """Every contradiction, participation by participation.

    Such are left where something outside the administration became known late (an action brought before the court
    application), or where somebody changed rows behind the ledger.

    Args:
        project: code of the one project to read, or empty for all.
    """
    parts = Participation.objects.order_by("project_id", "jurisdiction_id")
    for part in parts.filter(project=project) if project else parts:
        for subjects in _batches(part.code):
            for subject, case in cases_of(subjects).items():
                # What is wrong with the steps of the project or section is said once, of the project or section.
                above = [fact for fact in case.facts.all_facts() if not _is_own(fact, case)]
                for reason in contradictions(
                    facts=case.facts, procedure=case.procedure, calendar=current_rulebook().calendar, apart_from=above
                ):
                    yield Contradiction(subject, reason)


def _is_own(fact: StepFact, case: ProcedureCase) -> bool:
    return case.procedure.steps[fact.step].scope is _SCOPES[kind_of(case.subject)]


def _batches(part: str) -> Iterator[list[str]]:
    subjects = {part}
    subjects |= set(
        Fact.objects.filter(subject__startswith=f"{part}-").values_list("subject", flat=True).distinct()
    )
    ordered = sorted(subjects)
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]
