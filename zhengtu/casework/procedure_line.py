"""The statutory steps of a part of a project, a section or a household, as they stood on a day, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zhengtu.casework.facts import history_of, verbs_used_by
from zhengtu.casework.offers import procedure_of
from zhengtu.casework.queries import record_subject_for
from zhengtu.casework.timeline import TimelineEntry, timeline_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.ledger.gates import both_hands_reasons
from zhengtu.core.procedure.earliest import EarliestDate, decision_path
from zhengtu.core.procedure.periods import PeriodRun, PeriodState
from zhengtu.core.procedure.standing import StepStanding, StepStatus, case_standing, completion_reasons
from zhengtu.core.procedure.steps import Act, Phase, Procedure, Scope, Step
from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Reach, unverified_count
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household, Participation, Project, Section
from zhengtu.registry.procedure_cases import ProcedureCase, case_of, lineage_of, standing_facts_of
from zhengtu.registry.queries import households_for, subject_of

AGREEMENT_TRACK = (Act.AGREEMENT, Act.PAYMENT, Act.VACATING)
DECISION_TRACK = (
    Act.COMPENSATION_DECISION, Act.ENFORCEABLE_DECISION, Act.DECISION_SERVICE, Act.DEMAND_NOTICE,
    Act.COURT_APPLICATION, Act.COURT_RULING, Act.ENFORCEMENT,
)
_SCOPES: Mapping[str, Scope] = {
    "participation": Scope.PROJECT, "section": Scope.SECTION, "household": Scope.HOUSEHOLD
}


@dataclass(frozen=True, slots=True)
class LineStep:
    """One step with its papers and whether the actor may record it today.

    Attributes:
        entries: what is recorded of it, with deeds and files, the latest first.
        record_on: code of the subject on whose page it is recorded.
        may_record: whether nothing speaks against this actor recording it now.
    """

    standing: StepStanding
    entries: Sequence[TimelineEntry]
    record_on: str
    may_record: bool

    @property
    def is_unverified(self) -> bool:
        """Whether what is recorded is history that nobody has checked."""
        return any(not fact.is_verified for fact in self.standing.facts)


@dataclass(frozen=True, slots=True)
class TrackStep:
    """A step of one of the two ways: when it was taken, or the earliest lawful date; neither where it is not needed."""

    step: Step
    on: date | None
    earliest: EarliestDate | None


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """The steps of one subject in phases.

    Attributes:
        subject: the participation, section or household.
        tracks: of a household, the agreement's and the decision's way side by side; empty else.
        running: periods that run on that day, the first to end first.
        unverified: facts of history, of the subject and of everything below it, that nobody has verified.
    """

    subject: Participation | Section | Household
    code: str
    project: Project
    procedure: Procedure
    on: date
    phases: Sequence[tuple[Phase, Sequence[LineStep]]]
    tracks: Sequence[Sequence[TrackStep]]
    running: Sequence[tuple[StepStanding, PeriodRun]]
    unverified: int

    def having(self, *statuses: StepStatus) -> list[LineStep]:
        """Steps of these statuses, in order."""
        return [step for _, steps in self.phases for step in steps if step.standing.status in statuses]

    @property
    def done(self) -> int:
        """Steps taken or running."""
        return len(self.having(StepStatus.DONE, StepStatus.RUNNING))

    @property
    def next_steps(self) -> list[LineStep]:
        """Steps that the law lets be taken now."""
        return self.having(StepStatus.OPEN)


def procedure_line(
    actor: Actor, code: str, *, on: date, known: date | None, evidence_reach: Reach, is_today: bool
) -> ProcedureLine | None:
    """The steps of a subject that the actor may see; None where it does not exist for them or no procedure governs it.

    Args:
        on: what happened by the end of this day counts.
        known: what was recorded by the end of this day counts; None takes all.
        evidence_reach: what the actor reaches with ``evidence.view``.
        is_today: whether steps can be recorded from what is shown.
    """
    subject = record_subject_for(actor, code)
    if subject is None or isinstance(subject, Project):
        return None
    case = case_of(code, on=on, known=known)
    if case is None:
        return None
    calendar = current_rulebook().calendar
    standing = case_standing(facts=case.facts, procedure=case.procedure, calendar=calendar, today=on)
    shown = [one for one in standing.steps.values() if one.step.scope is _SCOPES[kind_of(code)]]
    entries = _entries(actor, case, on=on, known=known, evidence_reach=evidence_reach)
    grantable = _grantable(actor, code) if is_today else frozenset()
    steps = [
        LineStep(
            one, [entries[fact.reference] for fact in reversed(one.facts) if fact.reference in entries], code,
            one.step.verb in grantable and not current_rulebook().fact_kinds[one.step.recorded_by].through
            and (one.status is StepStatus.OPEN or (one.step.repeats and one.status is StepStatus.DONE)),
        )
        for one in shown
    ]
    return ProcedureLine(
        subject=subject, code=code, project=_project(subject), procedure=case.procedure, on=on,
        phases=_phased(steps, case.procedure),
        tracks=_tracks(case, standing.steps, on=on) if kind_of(code) == "household" else (),
        running=_running(shown),
        unverified=unverified_count(
            code, kinds=[step.recorded_by for step in case.procedure.steps.values()], known=known
        ),
    )


def _project(subject: Participation | Section | Household) -> Project:
    return subject.section.project if isinstance(subject, Household) else subject.project


def _grantable(actor: Actor, code: str) -> frozenset[str]:
    """Verbs with which the actor may record here: granted, and not shut out by what they did before."""
    authority, place = current_rulebook().authority, subject_of(code)
    verbs = {kind.verb for kind in current_rulebook().fact_kinds.values()}
    granted = {verb for verb in verbs if authority.may(actor=actor, verb=verb, subject=place) is None}
    done = verbs_used_by(actor.person, subject=code) if granted else set()
    return frozenset(
        verb for verb in granted if not both_hands_reasons(verb, done=done, exclusive=authority.exclusive)
    )


def _entries(
    actor: Actor, case: ProcedureCase, *, on: date, known: date | None, evidence_reach: Reach
) -> dict[str, TimelineEntry]:
    """Recorded facts of the subject and of what lies above it, by reference, with deed and files."""
    return {
        entry.fact.reference: entry
        for subject in lineage_of(case.subject)
        for entry in timeline_of(
            actor, subject=subject_of(subject), history=history_of(subject, known=known), on=on,
            evidence_reach=evidence_reach,
        )
    }


def _phased(steps: Sequence[LineStep], procedure: Procedure) -> list[tuple[Phase, list[LineStep]]]:
    order = {id: position for position, id in enumerate(procedure.steps)}
    found: list[tuple[Phase, list[LineStep]]] = [(phase, []) for phase in procedure.phases]
    for step in steps:
        place = max(
            index for index, phase in enumerate(procedure.phases)
            if order[phase.first_step] <= order[step.standing.step.id]
        )
        found[place][1].append(step)
    return [(phase, held) for phase, held in found if held]


def _tracks(case: ProcedureCase, steps: Mapping[str, StepStanding], *, on: date) -> list[list[TrackStep]]:
    """The two ways from the valuation to an empty house; the second only while no agreement is made."""
    path = decision_path(
        facts=case.facts, procedure=case.procedure, calendar=current_rulebook().calendar, today=on
    )
    first = [
        TrackStep(one.step, _taken_on(one), EarliestDate(one.earliest_on, one.uncertain_years)
                  if one.earliest_on and one.status is not StepStatus.NOT_APPLICABLE else None)
        for one in _of_acts(AGREEMENT_TRACK, case.procedure, steps)
    ]
    is_agreed = any(one.on is not None and one.step.act is Act.AGREEMENT for one in first)
    second = [
        TrackStep(one.step, _taken_on(one), None if is_agreed else path.get(one.step.id))
        for one in _of_acts(DECISION_TRACK, case.procedure, steps)
        if one.facts or one.step.id in path
    ]
    return [first, second]


def _taken_on(standing: StepStanding) -> date | None:
    return standing.facts[-1].happened_on if standing.facts else None


def _of_acts(
    acts: Sequence[Act], procedure: Procedure, steps: Mapping[str, StepStanding]
) -> list[StepStanding]:
    return [steps[step.id] for act in acts for step in procedure.having(act) if step.id in steps]


def _running(standings: Sequence[StepStanding]) -> list[tuple[StepStanding, PeriodRun]]:
    runs = [
        (one, run) for one in standings for run in one.periods if run.state is PeriodState.RUNNING
    ]
    return sorted(runs, key=lambda pair: pair[1].last.on)


@dataclass(frozen=True, slots=True)
class ToComplete:
    """One fact of history that nobody has checked, with what it lacks; ``reference`` is ``deed/ordinal``."""

    subject: str
    reference: str
    kind: str
    step: str
    happened_on: date
    reasons: Sequence[Reason]


def to_complete_at(actor: Actor, code: str, *, known: date | None) -> list[ToComplete] | None:
    """Unverified history of a participation or section and of everything below it, with what each fact lacks.

    None where the place does not exist for the actor or no procedure governs it.
    """
    subject = record_subject_for(actor, code)
    procedure = procedure_of(code)
    if subject is None or procedure is None:
        return None
    unverified = Fact.objects.filter(Q(subject=code) | Q(subject__startswith=f"{code}-"), is_verified=False)
    codes = set(unverified.values_list("subject", flat=True))
    households = {one for one in codes if kind_of(one) == "household"}
    # Seeing a project is not yet seeing its households.
    hidden = households.difference(households_for(actor).filter(pk__in=households).values_list("code", flat=True))
    found = []
    for held in standing_facts_of(sorted(codes - hidden), known=known).values():
        for fact in held:
            read = fact.as_step_fact(procedure)
            reasons = completion_reasons(procedure.steps[read.step], read) if read is not None else []
            if read is not None and reasons:
                found.append(
                    ToComplete(fact.subject, fact.reference, fact.kind, read.step, fact.happened_on, reasons)
                )
    return sorted(found, key=lambda one: (one.subject, one.happened_on, one.step))
