"""A question to the procedure, and what can stand in the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.procedure.case_facts import CaseFacts, StepFact, standing_facts
from zhengtu.core.procedure.steps import Act, Procedure, Step


class ObstacleKind(StrEnum):
    """How an obstacle weighs against history from before the platform."""

    MISSING = "missing"
    """Something is not recorded; imported history may lack it and is listed for completion."""
    CONTRADICTION = "contradiction"
    """Recorded facts exclude it; imported history is refused too."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a step may not be taken.

    Attributes:
        earliest_on: first day on which this obstacle alone would be gone, or None where no date removes it.
    """

    reason: Reason
    kind: ObstacleKind = ObstacleKind.MISSING
    earliest_on: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """May this step be taken on that day?

    Attributes:
        proposed: the fact that would record it; None when only the case is asked about.
    """

    step: Step
    on: date
    facts: CaseFacts
    procedure: Procedure
    calendar: WorkCalendar
    proposed: StepFact | None = None

    def of_act(self, act: Act) -> list[StepFact]:
        """Standing facts, dated by that day, of every step that does this act; the earliest first."""
        found = [
            fact
            for step in self.procedure.having(act)
            for fact in standing_facts(step.id, facts=self.facts, procedure=self.procedure, on=self.on)
        ]
        return sorted(found, key=lambda fact: fact.happened_on)

    def latest_of(self, act: Act) -> StepFact | None:
        """The last of them, or None."""
        found = self.of_act(act)
        return found[-1] if found else None

    def at(self, on: date) -> Question:
        """The same question of another day."""
        return replace(self, on=on)


def obstacle(
    code: str,
    message: str,
    *,
    question: Question,
    source: str,
    remedy: str = "",
    kind: ObstacleKind = ObstacleKind.MISSING,
    earliest_on: date | None = None,
    **parameters: object,
) -> Obstacle:
    """An obstacle whose reason names the step, the day asked about and, where one is known, the earliest day."""
    named: dict[str, object] = {
        "step": f"step:{question.step.id}", "on": question.on.isoformat(), **parameters
    }
    if earliest_on is not None:
        named["earliest"] = earliest_on.isoformat()
    return Obstacle(Reason(f"procedure.{code}", message, named, source, remedy), kind, earliest_on)
