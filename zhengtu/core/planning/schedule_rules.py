"""The numbers behind plans and their lights, as the rulebook gives them (``rulebook/lights/schedule.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from zhengtu.core.planning.plan import Colour
from zhengtu.core.planning.plan_case import Stage, StageRate
from zhengtu.core.procedure.steps import Label

LIGHT_RULES: Final = (
    "homes_overdue", "nothing_left", "deadline_impossible", "statutory_period", "homes_unplanned", "no_deadline",
    "improbable", "tight", "doubtful", "on_course",
)
"""Ids of the rules in the order in which they are asked; the first that holds gives the light."""


@dataclass(frozen=True, slots=True)
class ScheduleLightRule:
    """One rule of the light.

    Attributes:
        below: it holds where the probability lies below this; None where it does not ask for it.
        days: it holds where fewer working days than these are to spare; 0 where it does not ask for them.
    """

    id: str
    colour: Colour
    label: Label
    below: Decimal | None = None
    days: int = 0


@dataclass(frozen=True, slots=True)
class TeamDayPrice:
    """What a team costs for a working day; illustrative until the city has entered its own price."""

    yuan: Decimal
    is_illustrative: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleRules:
    """Everything that a plan takes from the rulebook beside the law.

    Attributes:
        lights: in the order in which they are asked.
        rates: stage -> its pace where neither teams nor the ledger give one (basis ``rule``).
        most_teams: stage -> how many teams a repair may go up to; 0 where no team does it.
        team_day_prices: stage -> price of a team's day; absent where none is on file.
        frozen_months: months in which nothing is demolished, where no place says otherwise.
        frozen_by_place: administrative code of a province or city -> its own months; the longest code counts.
        horizon_days: the work list of a week reaches so many days ahead, the plan's day counted.
        handover_after: the stage after which a section's land is handed over.
        stage_labels, handover_label, announced_label: names of bars that no step of the procedure names.
    """

    lights: Sequence[ScheduleLightRule]
    rates: Mapping[Stage, StageRate]
    most_teams: Mapping[Stage, int]
    team_day_prices: Mapping[Stage, TeamDayPrice]
    frozen_months: frozenset[int]
    frozen_by_place: Mapping[str, frozenset[int]]
    horizon_days: int
    handover_after: Stage
    stage_labels: Mapping[Stage, Label]
    handover_label: Label
    announced_label: Label

    def team_day_price(self, stage: Stage) -> TeamDayPrice | None:
        """Price of a day of one team of this stage; None where none is on file."""
        return self.team_day_prices.get(stage)

    def frozen_months_in(self, code: str) -> frozenset[int]:
        """Months in which the ground is frozen in a place, by the longest entered code that the place begins with."""
        fitting = [place for place in self.frozen_by_place if code.startswith(place)]
        return self.frozen_by_place[max(fitting, key=len)] if fitting else self.frozen_months
