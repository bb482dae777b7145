"""The gate that every deed passes: no fact of a step is recorded that the case does not carry on its day.

The ledger asks it (settings.DEED_GATE) inside the deed's transaction, whoever records: a screen, an import, a task
or an administrator. It has no override. Facts that record no step of the governing procedure pass.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from zhengtu.core.kernel.codes import kind_of, project_of, section_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.procedure.case_facts import CaseFacts, Neighbours, StepFact
from zhengtu.core.procedure.gate import contradictions, gate, pulled_steps
from zhengtu.core.procedure.service import service_reasons
from zhengtu.core.procedure.steps import Act, Procedure
from zhengtu.ledger.act import NewFact
from zhengtu.ledger.models import Fact
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.procedure_cases import (
    RECOGNITION,
    HeldFact,
    Holdings,
    case_facts,
    cases_of,
    holdings_of,
    participation_of,
    procedures_of,
    progress_of,
    section_neighbours,
)

REASONS_SHOWN = 20
_SETTLING = frozenset({Act.AGREEMENT, Act.COMPENSATION_DECISION})


def deed_refusals(facts: Sequence[NewFact], *, evidence: Collection[str], today: date) -> list[Reason]:
    """Why these facts may not be recorded together in one deed; empty when they may.

    Args:
        evidence: kinds of the files attached to the deed.
        today: the day of recording; no fact lies after it.
    """
    found: dict[Reason, None] = {}
    for _, reasons in refusals_of_each(facts, evidence=evidence, today=today):
        for reason in reasons:
            found.setdefault(_hashable(reason))
        if len(found) >= REASONS_SHOWN:
            break
    return list(found)


def refusals_of_each(
    facts: Sequence[NewFact], *, evidence: Collection[str], today: date
) -> Iterator[tuple[NewFact, list[Reason]]]:
    """Each fact that may record a step, in order, with why it may not stand beside those before it."""
    concerned = [fact for fact in facts if _may_be_step(fact)]
    if not concerned:
        return
    book = _Book.opened(concerned, evidence=frozenset(evidence), today=today)
    for fact in facts:
        if fact.kind == "registered":
            book.registered[section_of(fact.subject)].add(fact.subject)
    for fact in concerned:
        reasons = book.refusals(fact)
        if not reasons:
            book.add(fact)
        yield fact, reasons


def _hashable(reason: Reason) -> Reason:
    return reason if isinstance(reason.parameters, _Frozen) else replace(reason, parameters=_Frozen(reason.parameters))


class _Frozen(dict[str, object]):
    """Parameters that can be compared and hashed, so that one reason is said once."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(sorted((name, str(value)) for name, value in self.items())))


def _may_be_step(fact: NewFact) -> bool:
    return bool(fact.supersedes) or fact.kind in _step_kinds() or fact.kind == RECOGNITION


@cache
def _step_kinds() -> frozenset[str]:
    versions = current_rulebook().procedures.versions
    return frozenset(step.recorded_by for version in versions for step in version.steps.values())


@cache
def _foreign_kinds() -> frozenset[str]:
    """Kinds that are recorded only where their procedure governs; a milestone's may be recorded anywhere."""
    kinds = current_rulebook().fact_kinds
    return frozenset(kind for kind in _step_kinds() if kinds[kind].milestone is None)


@dataclass
class _Book:
    """What is recorded of the subjects of one deed, growing with the deed's own facts."""

    procedures: Mapping[str, tuple[Procedure, date]]
    holdings: Holdings
    evidence: frozenset[str]
    today: date
    registered: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    settled: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    vacated: dict[str, dict[str, date]] = field(default_factory=lambda: defaultdict(dict))
    recognised: Counter[str] = field(default_factory=Counter)

    @classmethod
    def opened(cls, facts: Sequence[NewFact], *, evidence: frozenset[str], today: date) -> _Book:
        """Read everything that the facts' cases rest on."""
        subjects = list(dict.fromkeys(fact.subject for fact in facts if kind_of(fact.subject) != "project"))
        procedures = procedures_of({project_of(subject) for subject in subjects})
        governed = [subject for subject in subjects if project_of(subject) in procedures]
        return cls(procedures, holdings_of(governed), evidence, today)

    def refusals(self, fact: NewFact) -> list[Reason]:
        """Why the fact may not stand beside what is recorded and what the deed recorded before it."""
        if kind_of(fact.subject) == "project" or project_of(fact.subject) not in self.procedures:
            return []
        procedure, since = self.procedures[project_of(fact.subject)]
        case = self._case(fact.subject, procedure, since)
        old = self._superseded(fact, case)
        proposed = None if fact.kind == "withdrawn" else self._proposed(fact, procedure)
        if proposed is None and fact.kind in _foreign_kinds():
            return [
                Reason(
                    "procedure.foreign_step", N_("“%(kind)s” is no step of the procedure that governs this project."),
                    {"kind": f"fact:{fact.kind}"}, remedy=N_("Record the step of the governing procedure."),
                )
            ]
        if proposed is None and old is None:
            return []
        calendar = current_rulebook().calendar
        without = case if old is None else case.without(old)
        reasons: list[Reason] = []
        after = without
        if proposed is not None:
            reasons += gate(proposed=proposed, facts=without, procedure=procedure, calendar=calendar, today=self.today)
            reasons += service_reasons(proposed, step=procedure.steps[proposed.step], calendar=calendar)
            after = without.with_fact(proposed, step=procedure.steps[proposed.step])
        if old is not None:
            reasons += pulled_steps(before=case, after=after, procedure=procedure, calendar=calendar)
        if kind_of(fact.subject) != "household" and (old is not None or _comes_again(proposed, procedure, without)):
            reasons += self._pulled_households(fact, procedure=procedure, old=old, new=proposed)
        return reasons

    def add(self, fact: NewFact) -> None:
        """Let the deed's later facts see this one."""
        held = self.holdings.by_subject[fact.subject]
        old = next((one for one in held if one.reference == fact.supersedes), None) if fact.supersedes else None
        if old is not None:
            held.remove(old)
        if fact.kind == "withdrawn":
            if old is not None and old.kind == RECOGNITION:
                self._recognise(fact.subject, left=1)
            return
        evidence = self.evidence | (old.evidence if old is not None else frozenset())
        if fact.kind == RECOGNITION:
            self._recognise(fact.subject, left=0)
        held.append(
            HeldFact("", fact.subject, fact.kind, fact.happened_on, fact.attributes, evidence, fact.is_verified)
        )
        procedure = self.procedures.get(project_of(fact.subject))
        step = procedure[0].recorded_by(fact.kind) if procedure else None
        if step is not None and step.act in _SETTLING:
            self.settled[section_of(fact.subject)].add(fact.subject)
        if step is not None and step.act is Act.VACATING:
            self.vacated[section_of(fact.subject)][fact.subject] = fact.happened_on

    def _recognise(self, household: str, *, left: int) -> None:
        """Count the household's unregistered buildings as recognised, or as open again."""
        neighbours = self.holdings.neighbours.get(household, Neighbours())
        self.recognised[participation_of(household)] += neighbours.unrecognised_buildings - left
        self.holdings.neighbours[household] = replace(neighbours, unrecognised_buildings=left)

    def _case(self, subject: str, procedure: Procedure, since: date) -> CaseFacts:
        case = case_facts(subject, holdings=self.holdings, procedure=procedure, platform_since=since)
        if kind_of(subject) == "participation":
            left = case.neighbours.unrecognised_buildings - self.recognised[subject]
            return replace(case, neighbours=replace(case.neighbours, unrecognised_buildings=left))
        section = section_of(subject)
        if not (self.vacated[section] or self.settled[section] or self.registered[section]):
            return case
        return replace(case, neighbours=self._with_own_deed(subject, section, case.neighbours))

    def _with_own_deed(self, subject: str, section: str, neighbours: Neighbours) -> Neighbours:
        """The neighbours as they stand with what the deed itself records of them."""
        if kind_of(subject) == "household":
            inhabited = (self.holdings.inhabited | self.registered[section]) - self.vacated[section].keys()
            there = self.holdings.sharing.get(subject, frozenset()) & inhabited
            return replace(neighbours, sharing_unvacated=len(there))
        progress = progress_of(section)
        for code in (*self.registered[section], *self.settled[section], *self.vacated[section]):
            is_settled, vacated_on = progress.get(code, (False, None))
            progress[code] = (
                is_settled or code in self.settled[section], self.vacated[section].get(code, vacated_on)
            )
        return section_neighbours(progress)

    def _proposed(self, fact: NewFact, procedure: Procedure) -> StepFact | None:
        old = next(
            (one for one in self.holdings.by_subject.get(fact.subject, ()) if one.reference == fact.supersedes), None
        ) if fact.supersedes else None
        evidence = self.evidence | (old.evidence if old is not None else frozenset())
        held = HeldFact("", fact.subject, fact.kind, fact.happened_on, fact.attributes, evidence, fact.is_verified)
        return held.as_step_fact(procedure)

    @staticmethod
    def _superseded(fact: NewFact, case: CaseFacts) -> StepFact | None:
        if not fact.supersedes:
            return None
        return next((one for one in case.all_facts() if one.reference == fact.supersedes), None)

    def _pulled_households(
        self, fact: NewFact, *, procedure: Procedure, old: StepFact | None, new: StepFact | None
    ) -> list[Reason]:
        """Which steps of households a change of the project's own steps would leave without what they need."""
        calendar = current_rulebook().calendar
        since = min(one.happened_on for one in (old, new) if one is not None)
        reasons: list[Reason] = []
        for case in cases_of(_households_with_steps(fact.subject, since=since)).values():
            before = case.facts
            after = before if old is None else replace(
                before, project=tuple(one for one in before.project if one.reference != old.reference)
            )
            if new is not None:
                after = replace(after, project=(*after.project, new))
            known = contradictions(facts=before, procedure=procedure, calendar=calendar, since=since)
            reasons += [
                Reason(
                    code="procedure.pulled_step",
                    message=reason.message, parameters={**reason.parameters, "household": case.subject},
                    source=reason.source, remedy=reason.remedy,
                )
                for reason in contradictions(facts=after, procedure=procedure, calendar=calendar, since=since)
                if reason not in known and f"step:{fact.kind}" != reason.parameters.get("step")
            ]
            if reasons:
                break
        return reasons


def _comes_again(proposed: StepFact | None, procedure: Procedure, facts: CaseFacts) -> bool:
    """Whether a repeated step is recorded again: what it says may undo what rests on the earlier one."""
    return proposed is not None and procedure.steps[proposed.step].repeats and bool(facts.by_step.get(proposed.step))


def _households_with_steps(place: str, *, since: date) -> list[str]:
    """Households of a participation or section of which something happened on or after that day."""
    subjects: Iterable[str] = (
        Fact.objects.filter(subject__startswith=f"{place}-", subject_kind="household", happened_on__gte=since)
        .values_list("subject", flat=True).distinct()
    )
    return list(subjects)

