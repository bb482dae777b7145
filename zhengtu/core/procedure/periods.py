"""Periods of recorded and of due steps: when each began, its last day, whether it runs or is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhengtu.core.kernel.work_calendar import CountedDay, WorkCalendar
from zhengtu.core.procedure.case_facts import CaseFacts, StepFact, date_at, latest
from zhengtu.core.procedure.steps import Bound, Procedure, Step, StepPeriod


class PeriodState(StrEnum):
    """Where a period stands on a day."""

    RUNNING = "running"
    OVER = "over"
    MET = "met"


@dataclass(frozen=True, slots=True)
class PeriodRun:
    """A period with its dates.

    Attributes:
        counted_from: the day that set it going; not counted.
        last: its last day; for a cap the declared end when one is given.
        is_late: whether the step came, or still has to come, after its last day.
    """

    step: str
    period: StepPeriod
    counted_from: date
    last: CountedDay
    state: PeriodState
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Finish:
    """When a recorded step is finished, so that what needs it may follow.

    Attributes:
        day: dependents may be dated from this day; None where no day makes it so.
        uncertain_years: years without a published arrangement that the day rests on.
        is_cut_short: whether the publication ended before its period did.
    """

    day: date | None
    uncertain_years: tuple[int, ...] = ()
    is_cut_short: bool = False


def finish_of(
    fact: StepFact, *, step: Step, facts: CaseFacts, procedure: Procedure, calendar: WorkCalendar
) -> Finish:
    """First day on which other steps may build on a recorded one.

    A step with a least duration is finished on the day after its last day, and a publication not before the end
    that it announced itself. Imported history without the dates counts as finished the day it happened.
    """
    day, uncertain = fact.happened_on, set[int]()
    for period in step.periods:
        if period.bound is not Bound.AT_LEAST:
            continue
        start = date_at(period.counted_from, own=step.id, facts=facts, procedure=procedure, on=fact.happened_on)
        if start is None:
            if not fact.is_verified:
                continue
            return Finish(None)
        last = calendar.last_day(period.period, start_on=start)
        if fact.published_until is not None and fact.published_until < last.on:
            return Finish(None, is_cut_short=True)
        uncertain.update(last.uncertain_years)
        day = max(day, date.fromordinal(last.on.toordinal() + 1))
    if fact.published_until is not None and has_announced_end(step):
        day = max(day, date.fromordinal(fact.published_until.toordinal() + 1))
    return Finish(day, tuple(sorted(uncertain)))


def has_announced_end(step: Step) -> bool:
    """Whether the end that the step's publication announces binds what follows."""
    return "published_until" in step.requires or any(period.bound is Bound.AT_LEAST for period in step.periods)


def period_runs(
    step: Step, *, facts: CaseFacts, procedure: Procedure, calendar: WorkCalendar, today: date
) -> list[PeriodRun]:
    """The step's periods that something recorded has set going."""
    fact = latest(step.id, facts=facts, procedure=procedure, on=today)
    runs = []
    for period in step.periods:
        start = date_at(period.counted_from, own=step.id, facts=facts, procedure=procedure, on=today)
        if start is None:
            continue
        last = calendar.last_day(period.period, start_on=start)
        if period.bound is Bound.CAP and fact is not None and (declared := fact.date_of(period.declared)):
            last = CountedDay(declared)
        runs.append(_run(step, period, start=start, last=last, fact=fact, today=today))
    return runs


def _run(
    step: Step, period: StepPeriod, *, start: date, last: CountedDay, fact: StepFact | None, today: date
) -> PeriodRun:
    if period.bound in (Bound.AT_LEAST, Bound.CAP, Bound.REMEDY):
        state, is_late = (PeriodState.OVER if today > last.on else PeriodState.RUNNING), False
    elif fact is not None:
        state, is_late = PeriodState.MET, fact.happened_on > last.on
    else:
        is_late = today > last.on
        state = PeriodState.OVER if is_late else PeriodState.RUNNING
    return PeriodRun(step.id, period, start, last, state, is_late)
