"""Where a case stands in its procedure: every step done, running, open or blocked, why, and from when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.procedure.applicability import Applies, applies
from zhengtu.core.procedure.case_facts import CaseFacts, StepFact, standing_facts
from zhengtu.core.procedure.earliest import EarliestDates
from zhengtu.core.procedure.gate import case_obstacles
from zhengtu.core.procedure.periods import PeriodRun, PeriodState, finish_of, period_runs
from zhengtu.core.procedure.question import Question
from zhengtu.core.procedure.steps import Bound, Procedure, Scope, Step


class StepStatus(StrEnum):
    """Where a step stands."""

    DONE = "done"
    RUNNING = "running"
    OPEN = "open"
    BLOCKED = "blocked"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class StepStanding:
    """One step of one case on one day.

    Attributes:
        facts: what is recorded of it and still has effect.
        reasons: why it is blocked, each with its article.
        earliest_on: the earliest lawful date of a step not yet recorded; a lower bound where something other
            than time is missing. For a running step the day from which others may build on it.
        uncertain_years: years without a published arrangement that this date rests on.
        periods: its periods that are set going, with their last days.
        to_complete: what its imported history lacks.
    """

    step: Step
    status: StepStatus
    facts: tuple[StepFact, ...] = ()
    reasons: tuple[Reason, ...] = ()
    earliest_on: date | None = None
    uncertain_years: tuple[int, ...] = ()
    periods: tuple[PeriodRun, ...] = ()
    to_complete: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseStanding:
    """All steps of one case on one day, in the order of the procedure."""

    on: date
    version: str
    steps: Mapping[str, StepStanding] = field(default_factory=dict)

    def having(self, *statuses: StepStatus) -> list[StepStanding]:
        """The steps of these statuses, in order."""
        return [one for one in self.steps.values() if one.status in statuses]

    @property
    def to_complete(self) -> list[Reason]:
        """Everything that imported history lacks."""
        return [reason for one in self.steps.values() for reason in one.to_complete]


def case_standing(
    *, facts: CaseFacts, procedure: Procedure, calendar: WorkCalendar, today: date
) -> CaseStanding:
    """Where the project stands, and the household too when the facts name one. Facts dated later are not seen."""
    earliest = EarliestDates(facts=facts, procedure=procedure, calendar=calendar, today=today)
    scopes = {Scope.PROJECT}
    scopes |= {Scope.SECTION} if facts.section_code or facts.household_code else set()
    scopes |= {Scope.HOUSEHOLD} if facts.household_code else set()
    return CaseStanding(
        on=today,
        version=procedure.version,
        steps={
            step.id: _standing(Question(step, today, facts, procedure, calendar), earliest)
            for step in procedure.steps.values()
            if step.scope in scopes and step.is_in_force(today)
        },
    )


def _standing(question: Question, earliest: EarliestDates) -> StepStanding:
    step, today = question.step, question.on
    facts, procedure, calendar = question.facts, question.procedure, question.calendar
    runs = tuple(period_runs(step, facts=facts, procedure=procedure, calendar=calendar, today=today))
    recorded = standing_facts(step.id, facts=facts, procedure=procedure, on=today)
    if recorded:
        finish = finish_of(recorded[-1], step=step, facts=facts, procedure=procedure, calendar=calendar)
        is_running = (finish.day is None or finish.day > today) or any(
            run.state is PeriodState.RUNNING and run.period.bound in (Bound.CAP, Bound.REMEDY) for run in runs
        )
        return StepStanding(
            step, StepStatus.RUNNING if is_running else StepStatus.DONE, tuple(recorded),
            reasons=(_cut_short(question),) if finish.day is None else (),
            earliest_on=finish.day if finish.day is not None and finish.day > today else None,
            uncertain_years=finish.uncertain_years,
            periods=runs,
            to_complete=tuple(reason for fact in recorded for reason in completion_reasons(step, fact)),
        )
    if applies(step, facts=facts, procedure=procedure, on=today) is Applies.NO:
        return StepStanding(step, StepStatus.NOT_APPLICABLE, reasons=(_not_applicable(question),))
    obstacles = case_obstacles(question)
    first = earliest.of(step.id)
    return StepStanding(
        step, StepStatus.BLOCKED if obstacles else StepStatus.OPEN,
        reasons=tuple(one.reason for one in obstacles), earliest_on=first.on,
        uncertain_years=first.uncertain_years, periods=runs,
    )


def completion_reasons(step: Step, fact: StepFact) -> list[Reason]:
    """What an unverified fact still lacks; one that only awaits its check is listed too. Empty for a verified one."""
    if fact.is_verified:
        return []
    lacking = [f"evidence:{kind}" for kind in step.evidence if kind not in fact.evidence]
    lacking += [f"attribute:{step.recorded_by}.{name}" for name in step.requires if fact.date_of(name) is None]
    lacking += [
        f"attribute:{step.recorded_by}.{one.name}"
        for one in step.attributes.values()
        if one.is_required and fact.attributes.get(one.name) in (None, "")
    ]
    if not lacking:
        return [
            Reason(
                code="procedure.to_verify",
                message=N_("“%(step)s” of %(on)s is imported and not verified."),
                parameters={"step": f"step:{step.id}", "on": fact.happened_on.isoformat()},
                source=step.source, remedy=N_("Compare it with the paper file and have it verified."),
            )
        ]
    return [
        Reason(
            code="procedure.to_complete",
            message=N_("“%(step)s” of %(on)s is imported and not verified; it lacks %(lacking)s."),
            parameters={"step": f"step:{step.id}", "on": fact.happened_on.isoformat(), "lacking": one},
            source=step.source, remedy=N_("Complete it from the paper file and have it verified."),
        )
        for one in lacking
    ]


def _cut_short(question: Question) -> Reason:
    return Reason(
        code="procedure.own_period_cut_short",
        message=N_("“%(step)s” did not last its full period, or its first day is not recorded."),
        parameters={"step": f"step:{question.step.id}"}, source=question.step.source,
        remedy=N_("Publish or serve it again for the full period."),
    )


def _not_applicable(question: Question) -> Reason:
    return Reason(
        code="procedure.not_applicable",
        message=N_("“%(step)s” does not apply to this case as it stood on %(on)s."),
        parameters={"step": f"step:{question.step.id}", "on": question.on.isoformat()}, source=question.step.source,
    )
