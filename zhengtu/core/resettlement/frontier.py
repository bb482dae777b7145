"""What more or less money would do: the frontier of cost and waiting, and the worth of another million or ten homes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from zhengtu.core.resettlement.choosing import OptionsPlan, best_plan
from zhengtu.core.resettlement.options import Budget, MarketSupply, OptionsCase


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """One cap on spending and the best plan under it."""

    cap_yuan: Decimal
    plan: OptionsPlan


@dataclass(frozen=True, slots=True)
class Worth:
    """What one more unit of something wins, in family-months of waiting and in yuan of subsidy."""

    of: str
    family_months: float
    subsidy_yuan: Decimal


def frontier(case: OptionsCase, *, points: int = 8, seconds: float = 30.0) -> list[FrontierPoint]:
    """The best plans under evenly rising caps, from nothing spent to as much as the budgets let be spent usefully.

    Points that spend no more than the one before are left out.
    """
    most = best_plan(case, seconds=seconds / points)
    found: list[FrontierPoint] = []
    for step in range(points - 1):
        cap = (most.spent_yuan * step / (points - 1)).quantize(Decimal(1))
        plan = best_plan(case, seconds=seconds / points, most_yuan=cap)
        if not found or plan.spent_yuan > found[-1].plan.spent_yuan:
            found.append(FrontierPoint(cap, plan))
    return [*found, FrontierPoint(most.spent_yuan, most)]


def worth_of_money(
    case: OptionsCase, plan: OptionsPlan, *, payer: str, from_month: int, more_yuan: Decimal, seconds: float = 10.0
) -> Worth:
    """What more money of a payer in a year wins: the case solved once more with it."""
    budgets = [
        replace(one, yuan=one.yuan + more_yuan) if (one.payer, one.from_month) == (payer, from_month) else one
        for one in case.budgets
    ]
    if not any((one.payer, one.from_month) == (payer, from_month) for one in budgets):
        budgets.append(Budget(payer, from_month, more_yuan))
    return _worth(f"{payer}/{from_month}", plan, best_plan(replace(case, budgets=budgets), seconds=seconds))


def worth_of_homes(
    case: OptionsCase, plan: OptionsPlan, *, supply: str, more: int, seconds: float = 10.0
) -> Worth:
    """What more homes of a supply win: the case solved once more with them.

    Raises:
        KeyError: for a supply that the case does not have.
    """
    if supply not in {one.key for one in case.market} | {one.key for one in case.buildings}:
        raise KeyError(supply)
    market: Sequence[MarketSupply] = [
        replace(one, count=one.count + more) if one.key == supply else one for one in case.market
    ]
    buildings = [replace(one, count=one.count + more) if one.key == supply else one for one in case.buildings]
    other = replace(case, market=market, buildings=buildings)
    return _worth(supply, plan, best_plan(other, seconds=seconds))


def _worth(of: str, plan: OptionsPlan, other: OptionsPlan) -> Worth:
    return Worth(
        of=of, family_months=plan.family_months - other.family_months,
        subsidy_yuan=plan.subsidy_yuan - other.subsidy_yuan,
    )
