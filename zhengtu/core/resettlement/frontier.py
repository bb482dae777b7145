"""What more or less money would do: the frontier of cost and waiting, and the worth of another million or ten homes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from zhengtu.core.resettlement.choosing import OptionsPlan, best_plan, least_months
from zhengtu.core.resettlement.options import Budget, MarketSupply, OptionsCase


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """One cap on spending and the best plan under it."""

    cap_yuan: Decimal
    plan: OptionsPlan


@dataclass(frozen=True, slots=True)
class Worth:
    """What one more unit of something wins where it serves best, nobody coming before all others.

    Attributes:
        family_months: months of waiting saved over all families.
        subsidy_yuan: what they cost at the mean monthly subsidy of the families.
    """

    of: str
    family_months: float
    subsidy_yuan: Decimal


def frontier(
    case: OptionsCase, *, points: int = 8, seconds: float = 30.0, report: Callable[[float], None] = lambda share: None
) -> list[FrontierPoint]:
    """The best plans under evenly rising caps, from nothing spent to as much as the budgets let be spent usefully.

    Points that spend no more than the one before are left out.

    Args:
        points: at least two. report: told which share is done; what it raises ends the computation.
    """
    most = best_plan(case, seconds=seconds / points)
    report(1 / points)
    found: list[FrontierPoint] = []
    for step in range(points - 1):
        cap = (most.spent_yuan * step / (points - 1)).quantize(Decimal(1))
        plan = best_plan(case, seconds=seconds / points, most_yuan=cap)
        if not found or plan.spent_yuan > found[-1].plan.spent_yuan:
            found.append(FrontierPoint(cap, plan))
        report((step + 2) / points)
    return [*found, FrontierPoint(most.spent_yuan, most)]


def worth_of_money(
    case: OptionsCase, *, payer: str, from_month: int, more_yuan: Decimal, least: float | None = None
) -> Worth:
    """What more money of a payer in a year wins.

    Args:
        least: ``least_months`` of the case, where it is known already.
    """
    budgets = [
        replace(one, yuan=one.yuan + more_yuan) if (one.payer, one.from_month) == (payer, from_month) else one
        for one in case.budgets
    ]
    if not any((one.payer, one.from_month) == (payer, from_month) for one in budgets):
        budgets.append(Budget(payer, from_month, more_yuan))
    return _worth(f"{payer}/{from_month}", case, replace(case, budgets=budgets), least)


def worth_of_homes(case: OptionsCase, *, supply: str, more: int, least: float | None = None) -> Worth:
    """What more homes of a supply win.

    Raises:
        KeyError: for a supply that the case does not have.
    """
    if supply not in {one.key for one in case.market} | {one.key for one in case.buildings}:
        raise KeyError(supply)
    market: Sequence[MarketSupply] = [
        replace(one, count=one.count + more) if one.key == supply else one for one in case.market
    ]
    buildings = [replace(one, count=one.count + more) if one.key == supply else one for one in case.buildings]
    return _worth(supply, case, replace(case, market=market, buildings=buildings), least)


def _worth(of: str, case: OptionsCase, other: OptionsCase, least: float | None) -> Worth:
    won = max(0.0, (least_months(case) if least is None else least) - least_months(other))
    monthly = sum((one.monthly_yuan for one in case.families), Decimal(0)) / max(1, len(case.families))
    months = round(won, 1)
    return Worth(of=of, family_months=months, subsidy_yuan=(monthly * Decimal(str(months))).quantize(Decimal(1)))
