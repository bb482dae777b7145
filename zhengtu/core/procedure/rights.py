"""The rights clock: every right of a household, with its first and last day and why.

A clock starts from service or publication, never from the date of issue, and the day it starts is not counted.
A paper that did not tell of the right makes the clock longer (Administrative Reconsideration Law, art. 20;
Interpretation of the Administrative Litigation Law, art. 64).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import CountedDay, WorkCalendar, uncertainty_reasons
from zhengtu.core.procedure.applicability import Applies, clauses_hold
from zhengtu.core.procedure.case_facts import CaseFacts, StepFact, date_at, latest, standing_facts
from zhengtu.core.procedure.steps import DateField, Procedure, Right


class RightState(StrEnum):
    """Where a right stands."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    OVER = "over"
    EXERCISED = "exercised"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class RightPeriod:
    """A right of one household on one day.

    Attributes:
        counted_from: the day of service or publication; None while the clock has not started.
        first_on: first day on which the period runs, the day after it.
        last: last day, or None.
        exercised_on: the day the right was used, or None.
        is_untold: whether the paper did not tell of the right, so that the longer period counts.
        reasons: what it rests on, and warnings; the basis first.
    """

    right: Right
    state: RightState
    counted_from: date | None = None
    first_on: date | None = None
    last: CountedDay | None = None
    exercised_on: date | None = None
    is_untold: bool = False
    reasons: tuple[Reason, ...] = ()

    @property
    def is_calendar_certain(self) -> bool:
        """Whether the last day rests on published arrangements alone."""
        return self.last is None or self.last.is_certain


def rights(
    *, facts: CaseFacts, procedure: Procedure, calendar: WorkCalendar, today: date
) -> list[RightPeriod]:
    """Every right of the household, in the order of the file; those that do not apply are left out."""
    return [
        right_period(right, facts=facts, procedure=procedure, calendar=calendar, today=today)
        for right in procedure.rights.values()
        if clauses_hold(right.applies_when, facts=facts, procedure=procedure, on=today) is not Applies.NO
    ]


def right_period(
    right: Right, *, facts: CaseFacts, procedure: Procedure, calendar: WorkCalendar, today: date
) -> RightPeriod:
    """One right as it stands on that day; facts dated later are not seen."""
    basis = _basis(right, facts=facts, procedure=procedure, on=today)
    start = None if basis is None else date_at(
        right.counted_from, own="", facts=facts, procedure=procedure, on=today
    )
    if basis is None or start is None:
        return RightPeriod(right, RightState.NOT_STARTED, reasons=(_not_started(right),))
    last, is_untold = _last_day(right, basis, start=start, facts=facts, procedure=procedure, calendar=calendar)
    if last is None:
        return RightPeriod(right, RightState.NOT_STARTED, counted_from=start, reasons=(_no_end(right),))
    exercised_on = _exercised_on(right, start=start, facts=facts, procedure=procedure, on=today)
    found = RightPeriod(
        right,
        RightState.RUNNING,
        counted_from=start,
        first_on=start + timedelta(days=1),
        last=last,
        exercised_on=exercised_on,
        is_untold=is_untold,
        reasons=(_basis_reason(right, start, last, is_untold), *uncertainty_reasons(last)),
    )
    return replace(found, state=_state(found, facts=facts, procedure=procedure, today=today))


def _state(found: RightPeriod, *, facts: CaseFacts, procedure: Procedure, today: date) -> RightState:
    if _is_replaced(found.right, facts=facts, procedure=procedure, on=today):
        return RightState.REPLACED
    if found.exercised_on is not None:
        return RightState.EXERCISED
    assert found.last is not None
    assert found.counted_from is not None
    if today > found.last.on:
        return RightState.OVER
    return RightState.NOT_STARTED if today < found.counted_from else RightState.RUNNING


def _basis(right: Right, *, facts: CaseFacts, procedure: Procedure, on: date) -> StepFact | None:
    """The fact that the clock starts from: of several services the one of the last day."""
    found = standing_facts(right.counted_from.step, facts=facts, procedure=procedure, on=on)
    if right.against:
        found = [fact for fact in found if fact.attributes.get("against", right.against) == right.against]
    if not found:
        return None
    return max(found, key=lambda fact: fact.date_of(right.counted_from.field) or date.min)


def _last_day(
    right: Right, basis: StepFact, *, start: date, facts: CaseFacts, procedure: Procedure, calendar: WorkCalendar
) -> tuple[CountedDay | None, bool]:
    is_untold = right.untold_limit is not None and basis.attributes.get("remedies_stated") != "yes"
    if is_untold:
        return _untold_last_day(right, basis, start=start, calendar=calendar), True
    counted = None if right.period is None else calendar.last_day(right.period, start_on=start)
    announced = None if right.until is None else _announced(right.until, facts, procedure, basis)
    if announced is not None and (counted is None or announced > counted.on):
        return calendar.day(announced), False
    return counted, False


def _announced(until: DateField, facts: CaseFacts, procedure: Procedure, basis: StepFact) -> date | None:
    return date_at(until, own="", facts=facts, procedure=procedure, on=basis.happened_on)


def _untold_last_day(
    right: Right, basis: StepFact, *, start: date, calendar: WorkCalendar
) -> CountedDay:
    assert right.untold_limit is not None
    assert right.untold_period is not None
    limit = calendar.last_day(right.untold_limit, start_on=start)
    told_on = basis.date_of("remedies_told_on")
    if told_on is None:
        return limit
    told = calendar.last_day(right.untold_period, start_on=max(told_on, start))
    return min(told, limit, key=lambda counted: counted.on)


def _exercised_on(
    right: Right, *, start: date, facts: CaseFacts, procedure: Procedure, on: date
) -> date | None:
    days = [
        fact.happened_on
        for step in right.exercised_by
        for fact in standing_facts(step, facts=facts, procedure=procedure, on=on)
        if fact.happened_on >= start and (not right.against or fact.attributes.get("against") == right.against)
    ]
    return min(days, default=None)


def _is_replaced(right: Right, *, facts: CaseFacts, procedure: Procedure, on: date) -> bool:
    """Whether another proceeding took the right's place; one that was withdrawn did not."""
    if not right.replaced_by:
        return False
    filed = latest(right.replaced_by, facts=facts, procedure=procedure, on=on)
    if filed is None or (right.against and filed.attributes.get("against") != right.against):
        return False
    return not any(
        fact.attributes.get("result") == "withdrawn" and fact.happened_on >= filed.happened_on
        for step in procedure.steps.values()
        if any(right.replaced_by in group for group in step.needs_begun)
        for fact in standing_facts(step.id, facts=facts, procedure=procedure, on=on)
    )


def _basis_reason(right: Right, start: date, last: CountedDay, is_untold: bool) -> Reason:
    message = (
        N_("“%(step)s” did not tell of the right; counted from %(from)s, the last day is %(last)s.")
        if is_untold
        else N_("Counted from “%(step)s” on %(from)s, that day not included; the last day is %(last)s.")
    )
    return Reason(
        code="right.untold" if is_untold else "right.counted",
        message=message,
        parameters={
            "right": f"right:{right.id}", "step": f"step:{right.counted_from.step}",
            "from": start.isoformat(), "last": last.on.isoformat(),
        },
        source=right.source,
    )


def _not_started(right: Right) -> Reason:
    return Reason(
        code="right.not_started",
        message=N_("The period has not started: “%(step)s” is not recorded with its date of service or publication."),
        parameters={"right": f"right:{right.id}", "step": f"step:{right.counted_from.step}"},
        source=right.source,
    )


def _no_end(right: Right) -> Reason:
    return Reason(
        code="right.no_end",
        message=N_("“%(step)s” is recorded without the last day that it announced."),
        parameters={"right": f"right:{right.id}", "step": f"step:{right.counted_from.step}"},
        source=right.source,
        remedy=N_("Complete the record."),
    )
