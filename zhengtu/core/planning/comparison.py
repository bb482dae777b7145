"""A scenario beside the plan: dates, float, probability and cost of every deadline, before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhengtu.core.planning.plan import Light, Plan, TargetOutlook
from zhengtu.core.planning.scenario_cost import CostLine, total_of
from zhengtu.core.procedure.steps import Label


@dataclass(frozen=True, slots=True)
class TargetStanding:
    """One deadline of one plan.

    Attributes:
        earliest_on: the earliest honest date by law and teams.
        probability: of the deadline, by the forecast; None where it abstains.
        likely_on: the date that holds in eight of ten cases; None where the forecast abstains or it is out of sight.
    """

    due_on: date
    earliest_on: date | None
    slack_days: int
    is_met: bool
    probability: float | None
    likely_on: date | None


@dataclass(frozen=True, slots=True)
class TargetComparison:
    """One deadline before and after; ``after`` is None where the scenario does away with it."""

    key: str
    name: Label
    goal: str
    before: TargetStanding
    after: TargetStanding | None

    @property
    def days_gained(self) -> int | None:
        """Calendar days by which the earliest honest date comes sooner (negative: later)."""
        if self.after is None or self.before.earliest_on is None or self.after.earliest_on is None:
            return None
        return (self.before.earliest_on - self.after.earliest_on).days

    @property
    def probability_gained(self) -> float | None:
        """Change of the probability of the deadline, -1 to 1."""
        if self.after is None or self.before.probability is None or self.after.probability is None:
            return None
        return self.after.probability - self.before.probability


@dataclass(frozen=True, slots=True)
class PartComparison:
    """One part of a project before and after."""

    code: str
    name: Label
    light_before: Light
    light_after: Light
    targets: Sequence[TargetComparison]
    costs: Sequence[CostLine]

    @property
    def cost_yuan(self) -> Decimal:
        """The sum of the costs that have one, scenario less plan."""
        return total_of(list(self.costs))


@dataclass(frozen=True, slots=True)
class Odds:
    """What the forecast says of a deadline."""

    probability: float | None
    likely_on: date | None


def compared(
    *, name: Label, before: Plan, after: Plan, odds_before: Mapping[str, Odds], odds_after: Mapping[str, Odds],
    costs: Sequence[CostLine],
) -> PartComparison:
    """The two plans of one part side by side, deadline by deadline.

    Args:
        odds_before, odds_after: key of the deadline -> what the forecast says of it.
    """
    kept = {one.target.key: one for one in after.targets}
    return PartComparison(
        code=before.code, name=name, light_before=before.light, light_after=after.light, costs=costs,
        targets=[
            TargetComparison(
                key=one.target.key, name=one.target.name, goal=one.target.goal,
                before=_standing(one, odds_before),
                after=_standing(kept[one.target.key], odds_after) if one.target.key in kept else None,
            )
            for one in before.targets
        ],
    )


def _standing(outlook: TargetOutlook, odds: Mapping[str, Odds]) -> TargetStanding:
    held = odds.get(outlook.target.key, Odds(None, None))
    return TargetStanding(
        due_on=outlook.target.due_on, earliest_on=outlook.earliest_on, slack_days=outlook.slack_days,
        is_met=outlook.is_met, probability=held.probability, likely_on=held.likely_on,
    )
