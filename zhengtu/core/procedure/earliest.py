"""The earliest lawful date of each step that is not yet recorded, by carrying periods forward along the order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.procedure.case_facts import CaseFacts, date_at, latest
from zhengtu.core.procedure.gate import applicable_of
from zhengtu.core.procedure.invariants import predicates_of
from zhengtu.core.procedure.periods import finish_of
from zhengtu.core.procedure.question import Question
from zhengtu.core.procedure.steps import Act, Bound, Procedure, Step, StepPeriod

_ROUNDS = 6
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EarliestDate:
    """A day, and the years without a published arrangement that it rests on."""

    on: date
    uncertain_years: tuple[int, ...] = ()

    def later(self, other: EarliestDate) -> EarliestDate:
        """The later of the two days with the uncertainty of both."""
        years = tuple(sorted({*self.uncertain_years, *other.uncertain_years}))
        return EarliestDate(max(self.on, other.on), years)


class EarliestDates:
    """Earliest dates of one case on one day, each computed once.

    A step comes no earlier than today, than the day from which what it needs can carry it, than the end of what
    somebody else is given time for, and than the day on which each dated obstacle is gone. What is missing and has
    no date (money, a paper) does not move the day: it is a lower bound.
    """

    def __init__(
        self, *, facts: CaseFacts, procedure: Procedure, calendar: WorkCalendar, today: date,
        assumed: frozenset[str] = frozenset(),
    ) -> None:
        """Args:
            assumed: steps that do not apply yet and are reckoned with all the same, as on a way not yet entered.
        """
        self._assumed = assumed
        self._facts = facts
        self._procedure = procedure
        self._calendar = calendar
        self._today = today
        self._known: dict[str, EarliestDate] = {}

    def of(self, step_id: str) -> EarliestDate:
        """The earliest lawful date of a step that is not recorded, or the day it was recorded for."""
        if step_id not in self._known:
            self._known[step_id] = self._compute(self._procedure.steps[step_id])
        return self._known[step_id]

    def ready(self, step_id: str) -> EarliestDate:
        """The first day on which other steps may build on the step, recorded or not."""
        step = self._procedure.steps[step_id]
        fact = latest(step_id, facts=self._facts, procedure=self._procedure, on=self._today)
        if fact is not None:
            finish = finish_of(
                fact, step=step, facts=self._facts, procedure=self._procedure, calendar=self._calendar
            )
            return EarliestDate(finish.day or self._today, finish.uncertain_years)
        day = self.of(step_id)
        for period in step.periods:
            if period.bound in (Bound.AT_LEAST, Bound.REMEDY):
                last = self._calendar.last_day(period.period, start_on=day.on)
                day = day.later(EarliestDate(last.on + _DAY, last.uncertain_years))
        return day

    def _compute(self, step: Step) -> EarliestDate:
        fact = latest(step.id, facts=self._facts, procedure=self._procedure, on=self._today)
        if fact is not None:
            return EarliestDate(fact.happened_on)
        question = Question(step, self._today, self._facts, self._procedure, self._calendar)
        day = EarliestDate(self._today)
        for groups, ready in ((step.needs, self.ready), (step.needs_begun, self.of)):
            for group in groups:
                candidates = applicable_of(group, question, assumed=self._assumed)
                if candidates:
                    day = day.later(min((ready(one.id) for one in candidates), key=lambda one: one.on))
        for period in step.periods:
            if period.bound is Bound.ALLOW:
                day = day.later(self._allowed(step, period))
        return self._past_obstacles(question, day)

    def _allowed(self, step: Step, period: StepPeriod) -> EarliestDate:
        """The last day of the time that somebody else is given, from a recorded or from an earliest date."""
        source = period.counted_from.step
        start = date_at(period.counted_from, own=step.id, facts=self._facts, procedure=self._procedure, on=self._today)
        last = self._calendar.last_day(period.period, start_on=start or self.of(source).on)
        return EarliestDate(last.on, last.uncertain_years)

    def _past_obstacles(self, question: Question, day: EarliestDate) -> EarliestDate:
        for _ in range(_ROUNDS):
            found = [
                one.earliest_on
                for predicate in predicates_of(question.step)
                for one in predicate(question.at(day.on))
                if one.earliest_on is not None and one.earliest_on > day.on
            ]
            if not found:
                break
            day = day.later(EarliestDate(max(found), self._calendar.day(max(found)).uncertain_years))
        return day


_OTHER_WAYS: Final = frozenset(
    {
        Act.AGREEMENT, Act.RECONSIDERATION_FILED, Act.RECONSIDERATION_DECIDED, Act.LAWSUIT_FILED, Act.JUDGMENT,
        Act.JUDGMENT_ENFORCEMENT, Act.COURT_REFUSAL,
    }
)


def decision_path(
    *, facts: CaseFacts, procedure: Procedure, calendar: WorkCalendar, today: date
) -> dict[str, EarliestDate]:
    """The earliest lawful date of every step on the way over a compensation decision to the court's ruling and beyond.

    Nobody appeals, every paper is served at once and the court takes its whole time: no plan may show less. Steps
    recorded already bear their own date.
    """
    assumed = _assumed_without_agreement(procedure)
    earliest = EarliestDates(facts=facts, procedure=procedure, calendar=calendar, today=today, assumed=assumed)
    return {id: earliest.of(id) for id in procedure.steps if id in assumed}


def _assumed_without_agreement(procedure: Procedure) -> frozenset[str]:
    """What enforcement rests on when no agreement is made and no proceeding brought."""
    excluded = {step.id for step in procedure.steps.values() if step.act in _OTHER_WAYS}
    while True:
        more = {
            step.id
            for step in procedure.steps.values()
            if step.id not in excluded and any(excluded.issuperset(group) for group in (*step.needs, *step.needs_begun))
        }
        if not more:
            break
        excluded |= more
    found: set[str] = set()
    waiting = [step.id for step in procedure.having(Act.ENFORCEMENT)]
    while waiting:
        id = waiting.pop()
        if id in found or id in excluded:
            continue
        found.add(id)
        step = procedure.steps[id]
        waiting += [name for group in (*step.needs, *step.needs_begun) for name in group]
    return frozenset(found)
