"""The two tracks of one household side by side: agreement, and decision, remedies and the court, with their days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.procedure.acts import Act
from zhengtu.core.procedure.applicability import Applies, applies
from zhengtu.core.procedure.case_facts import CaseFacts, latest
from zhengtu.core.procedure.earliest import EarliestDate, EarliestDates, decision_path
from zhengtu.core.procedure.steps import Label, Procedure, Scope, Step

_GOALS = (Act.AGREEMENT, Act.PAYMENT, Act.VACATING)


@dataclass(frozen=True, slots=True)
class TrackStep:
    """A step of a track: the recorded day, or the earliest lawful one.

    Attributes:
        uncertain_years: years without a published arrangement that the day rests on.
    """

    step: str
    label: Label
    on: date
    is_recorded: bool
    source: str
    uncertain_years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class HouseholdPlan:
    """Both tracks of one household.

    Attributes:
        agreement: the household's steps up to its moving out, by day.
        decision: its steps on the way to the court's ruling and beyond; empty once an agreement is signed.
        vacated_by_agreement_on, vacated_by_court_on: the earliest day on which it has moved, on each track.
    """

    agreement: Sequence[TrackStep]
    decision: Sequence[TrackStep]
    vacated_by_agreement_on: date | None
    vacated_by_court_on: date | None

    def needs_agreement(self, due_on: date) -> bool:
        """Whether only agreement can have the household moved by that day."""
        if self.vacated_by_agreement_on is None or self.vacated_by_agreement_on > due_on:
            return False
        return self.vacated_by_court_on is None or self.vacated_by_court_on > due_on


def household_plan(*, facts: CaseFacts, procedure: Procedure, calendar: WorkCalendar, today: date) -> HouseholdPlan:
    """The tracks of the household that the facts are about, as of a day.

    A household moves only after it is paid, so its earliest moving out is no sooner than its earliest payment.
    """
    earliest = EarliestDates(facts=facts, procedure=procedure, calendar=calendar, today=today)
    making = _Making(facts, procedure, today)
    goals = [step for act in _GOALS for step in procedure.having(act)]
    agreement = making.steps({step.id: earliest.of(step.id) for step in making.leading_to(goals)})
    vacated = [one.on for one in agreement if procedure.steps[one.step].act in (Act.PAYMENT, Act.VACATING)]
    signed = any(making.is_recorded(step.id) for step in procedure.having(Act.AGREEMENT))
    path = {} if signed else decision_path(facts=facts, procedure=procedure, calendar=calendar, today=today)
    enforced = [path[step.id].on for step in procedure.having(Act.ENFORCEMENT) if step.id in path]
    return HouseholdPlan(
        agreement=agreement, decision=making.steps(path), vacated_by_agreement_on=max(vacated, default=None),
        vacated_by_court_on=max(enforced, default=None),
    )


@dataclass(frozen=True, slots=True)
class _Making:
    facts: CaseFacts
    procedure: Procedure
    today: date

    def is_recorded(self, step: str) -> bool:
        """Whether a standing fact of the step is there."""
        return latest(step, facts=self.facts, procedure=self.procedure, on=self.today) is not None

    def steps(self, days: dict[str, EarliestDate]) -> list[TrackStep]:
        """Household steps by day; those of one day in the order of the procedure."""
        found = []
        for step in self.procedure.steps.values():
            if step.id in days and step.scope is Scope.HOUSEHOLD:
                day = days[step.id]
                found.append(TrackStep(
                    step.id, step.label, day.on, self.is_recorded(step.id), step.source, day.uncertain_years
                ))
        return sorted(found, key=lambda one: one.on)

    def leading_to(self, goals: Iterable[Step]) -> list[Step]:
        """The goals and every household step on the way to them that applies, decisions left out."""
        found: dict[str, Step] = {}
        waiting = [*goals]
        while waiting:
            step = waiting.pop()
            if step.id in found or step.act is Act.COMPENSATION_DECISION or not self._applies(step):
                continue
            found[step.id] = step
            waiting += [
                self.procedure.steps[name] for group in (*step.needs, *step.needs_begun) for name in group
                if self.procedure.steps[name].scope is Scope.HOUSEHOLD
            ]
        return list(found.values())

    def _applies(self, step: Step) -> bool:
        if self.is_recorded(step.id):
            return True
        return applies(step, facts=self.facts, procedure=self.procedure, on=self.today) is not Applies.NO
