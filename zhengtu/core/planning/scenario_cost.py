"""What a scenario costs beside the plan: teams paid for, and land that is valued later than it could have been.

A house is valued as of the day on which the expropriation is announced (State Council decree 590, art. 19; 77 of 2011,
art. 10), so what is announced already does not grow dearer, and what is not yet announced does. How fast prices grow,
and what the opening of a road network adds, are assumptions of whoever tries the scenario, and are shown as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import EXACT, ZERO, to_fen
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.schedule_rules import TeamDayPrice

_DAYS_A_YEAR: Final = Decimal(365)


class CostHead(StrEnum):
    """What money goes for."""

    TEAMS = "teams"
    LAND_VALUE = "land_value"


@dataclass(frozen=True, slots=True)
class Growth:
    """How prices of land and houses are taken to grow.

    Attributes:
        yearly_share: growth a year, e.g. 0.03; compounded by the day.
        opens_on: the day on which the network opens, or None.
        opening_share: what its opening adds at once to prices near it, e.g. 0.25.
    """

    yearly_share: Decimal
    opens_on: date | None = None
    opening_share: Decimal = Decimal(0)

    def factor(self, *, from_on: date, to_on: date) -> Decimal:
        """By how much prices of the first day have to be multiplied for those of the second."""
        years = EXACT.divide(Decimal((to_on - from_on).days), _DAYS_A_YEAR)
        grown = EXACT.power(1 + self.yearly_share, years)
        if self.opens_on is not None and from_on < self.opens_on <= to_on:
            grown = EXACT.multiply(grown, 1 + self.opening_share)
        return grown


@dataclass(frozen=True, slots=True)
class Unvalued:
    """What is still to be valued in one part of a project, at the prices of a day.

    Attributes:
        households: registered households without a valuation.
        mean_yuan: mean valuation of a household, of those that the ledger holds of like ones.
        valued: how many valuations the mean is taken from.
        on: the day of these prices.
    """

    households: int
    mean_yuan: Decimal
    valued: int
    on: date

    @property
    def yuan(self) -> Decimal:
        """The estimate at the prices of its day."""
        return to_fen(self.households * self.mean_yuan)


@dataclass(frozen=True, slots=True)
class CostLine:
    """One difference of cost, scenario less plan; ``yuan`` is None where no price is on file."""

    head: CostHead
    place: str
    yuan: Decimal | None
    reason: Reason


def land_value_line(
    place: str, *, unvalued: Unvalued, growth: Growth, plan_on: date, scenario_on: date
) -> CostLine:
    """What valuing on another day costs more (negative: less).

    Args:
        plan_on, scenario_on: the value date by the plan and by the scenario.
    """
    before = to_fen(unvalued.yuan * growth.factor(from_on=unvalued.on, to_on=plan_on))
    after = to_fen(unvalued.yuan * growth.factor(from_on=unvalued.on, to_on=scenario_on))
    return CostLine(
        CostHead.LAND_VALUE, place, after - before,
        Reason(
            code="scenario.land_value",
            message=N_(
                "%(households)s households not yet valued, at %(mean)s yuan each (mean of %(valued)s valuations): with "
                "the prices of %(plan_on)s %(before)s yuan, with those of %(scenario_on)s %(after)s yuan."
            ),
            parameters={
                "households": unvalued.households, "mean": f"{to_fen(unvalued.mean_yuan):,}", "valued": unvalued.valued,
                "plan_on": plan_on.isoformat(), "before": f"{before:,}", "scenario_on": scenario_on.isoformat(),
                "after": f"{after:,}",
            },
            source="state-council-decree-590#19",
        ),
    )


def no_basis_line(place: str, *, households: int) -> CostLine:
    """Said instead of a number where nothing like these households has been valued yet."""
    return CostLine(
        CostHead.LAND_VALUE, place, None,
        Reason(
            code="scenario.land_value_no_basis",
            message=N_("%(households)s households are not yet valued, and no like ones are: no sum can be given."),
            parameters={"households": households},
        ),
    )


def team_line(place: str, *, stage: str, teams: int, team_days: int, price: TeamDayPrice | None) -> CostLine:
    """What teams more (or fewer) cost over the working days that the stage lasts in the scenario."""
    parameters: dict[str, object] = {"teams": teams, "days": team_days, "stage": f"stage:{stage}"}
    if price is None:
        message = N_("%(stage)s: %(teams)s teams over %(days)s working days; no price of a team and day is on file.")
        return CostLine(CostHead.TEAMS, place, None, Reason("scenario.teams_unpriced", message, parameters))
    message = N_(
        "%(stage)s: %(teams)s teams over %(days)s working days, at %(price)s yuan a team and day (illustrative price)."
    ) if price.is_illustrative else N_(
        "%(stage)s: %(teams)s teams over %(days)s working days, at %(price)s yuan a team and day."
    )
    parameters["price"] = f"{price.yuan:,}"
    return CostLine(
        CostHead.TEAMS, place, to_fen(teams * team_days * price.yuan),
        Reason("scenario.teams", message, parameters, source=price.source),
    )


def total_of(lines: list[CostLine]) -> Decimal:
    """The sum of the lines that have one."""
    return sum((line.yuan for line in lines if line.yuan is not None), ZERO)
