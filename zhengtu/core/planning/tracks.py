"""The way over compensation decisions to the court, beside the agreement: which deadlines only agreement can meet.

The shortest lawful way comes from `core.procedure.earliest.decision_path`: nobody appeals, every paper is served at
once, the court takes its whole time. A plan never shows less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from zhengtu.core.planning.certificates import after_work
from zhengtu.core.planning.network import unit_for
from zhengtu.core.planning.paces import days_of
from zhengtu.core.planning.plan import ActivityKind, PlannedActivity
from zhengtu.core.planning.plan_case import PlanCase, SectionWork, Stage, StageRate, Target
from zhengtu.core.procedure.acts import Act
from zhengtu.core.procedure.case_facts import StepFact
from zhengtu.core.procedure.earliest import EarliestDate, decision_path
from zhengtu.core.procedure.steps import Scope


@dataclass
class DecisionTracks:
    """The way over decisions for the households of a case that have not agreed.

    Attributes:
        rates: stage -> its rate, for demolition after the court's ruling is carried out.
    """

    case: PlanCase
    rates: Mapping[Stage, StageRate]

    @cached_property
    def path(self) -> dict[str, EarliestDate]:
        """Earliest lawful date of every step on the way for a household that is not decided about yet."""
        return self._path(None)

    def of_household_decided(self, decided_on: date) -> dict[str, EarliestDate]:
        """The same for a household with a decision of that day."""
        if decided_on not in self._decided:
            self._decided[decided_on] = self._path(decided_on)
        return self._decided[decided_on]

    @cached_property
    def _decided(self) -> dict[date, dict[str, EarliestDate]]:
        return {}

    def day_of(self, target: Target) -> date | None:
        """The earliest day of a target over decisions and the court; None where nothing is unsettled, or no law."""
        days = [
            day for section in self.case.sections
            if section.code in target.sections and (day := self._day_of_section(section, target.goal)) is not None
        ]
        return max(days, default=None)

    def bars(self) -> list[PlannedActivity]:
        """The steps of the way as bars of the part, where any household has not agreed."""
        undecided = any(_undecided(section) for section in self.case.sections)
        decided_on = max((day for section in self.case.sections for day in _moving(section)), default=None)
        if self.case.procedure is None or not (undecided or decided_on):
            return []
        found = []
        path = self.path if undecided or decided_on is None else self.of_household_decided(decided_on)
        for id, day in sorted(path.items(), key=lambda one: one[1].on):
            step = self.case.procedure.steps[id]
            if step.scope is Scope.HOUSEHOLD:
                found.append(PlannedActivity(
                    id=f"{self.case.code}:track.{id}", subject=self.case.code, label=step.label,
                    kind=ActivityKind.TRACK, early_start_on=day.on, early_end_on=day.on, late_start_on=None,
                    late_end_on=None, step=id, source=step.source, actor=str(step.actor),
                    responsible=unit_for(step.actor, self.case),
                ))
        return found

    def _path(self, decided_on: date | None) -> dict[str, EarliestDate]:
        procedure, facts = self.case.procedure, self.case.facts
        if procedure is None or facts is None:
            return {}
        decision = next(iter(procedure.having(Act.COMPENSATION_DECISION)), None)
        if decided_on is not None and decision is not None:
            attributes = {"move_out_by": decided_on.isoformat()}
            facts = facts.with_fact(StepFact(decision.id, decided_on, attributes=attributes), step=decision)
        return decision_path(facts=facts, procedure=procedure, calendar=self.case.calendar, today=self.case.on)

    def _day_of_section(self, section: SectionWork, goal: str) -> date | None:
        undecided, moving = _undecided(section), [] if goal == "signed" else _moving(section)
        if self.case.procedure is None or goal not in ("signed", "vacated", "handed_over", "started"):
            return None
        paths = [self.path] if undecided else []
        paths += [self.of_household_decided(max(moving))] if moving else []
        act = Act.COMPENSATION_DECISION if goal == "signed" else Act.ENFORCEMENT
        steps = [step.id for step in self.case.procedure.having(act)]
        days = [path[id].on for path in paths for id in steps if id in path]
        if not days:
            return None
        last = max(days)
        return last if goal in ("signed", "vacated") else self._handed_over(last, undecided + len(moving))

    def _handed_over(self, vacated_on: date, households: int) -> date:
        """Demolition of what the court had cleared, where the site has to be clear, then the handing over."""
        first, calendar = date.fromordinal(vacated_on.toordinal() + 1), self.case.calendar
        if self.case.handover_after is not Stage.DEMOLITION:
            return after_work(first, 1, calendar=calendar)
        over = after_work(
            first, days_of(households, self.rates[Stage.DEMOLITION]), calendar=calendar,
            frozen=self.case.frozen_months,
        )
        return after_work(date.fromordinal(over.toordinal() + 1), 1, calendar=calendar)


def _undecided(section: SectionWork) -> int:
    """Households of a section that have neither agreed nor been decided about."""
    if section.handed_over_on is not None:
        return 0
    done = section.stages[Stage.NEGOTIATION].done if Stage.NEGOTIATION in section.stages else 0
    return max(0, section.households - done)


def _moving(section: SectionWork) -> Sequence[date]:
    """Days of the decisions about households that are still to move out."""
    return () if section.handed_over_on is not None else section.decided_on
