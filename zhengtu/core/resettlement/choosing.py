"""The plan that brings the most families home soonest within the budget, by a solver for integer programs.

One whole number per group and slot: how many families of the group come home that way. Families count once, homes and
budgets are not exceeded, and the sum of family-months of waiting is least; among equals the cheapest. Which family of a
group takes which slot is no question for the solver: the first in order takes the soonest (``assignment``), so that
fairness needs no rule of its own.

Solver: HiGHS through SciPy (Huangfu and Hall, Parallelizing the dual revised simplex method, 2018).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from zhengtu.core.resettlement.options import FamilyGroup, OptionsCase, Slot, groups_of, slots_for

Floats = NDArray[np.float64]
_TEN_THOUSAND: Final = 10_000.0
_COST_WEIGHT: Final = 1e-6
"""Family-months that ten thousand yuan weigh: only plans that are equal otherwise are told apart by their cost."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """So many families of a group by one slot."""

    group: tuple[str, ...]
    slot: Slot
    count: int


@dataclass(frozen=True, slots=True)
class OptionsPlan:
    """A plan with its proof.

    Attributes:
        waiting: families for whom nothing is left within the horizon.
        family_months: sum of months waited from now, those who stay waiting until the horizon included.
        gap: relative distance between the plan and the proven bound, 0 where it is proven to be the best.
        spent_yuan: homes and money; subsidy_yuan: what is paid to those who wait.
    """

    chosen: Sequence[Chosen]
    waiting: Mapping[tuple[str, ...], int]
    family_months: float
    spent_yuan: Decimal
    subsidy_yuan: Decimal
    gap: float

    @property
    def total_yuan(self) -> Decimal:
        """What the plan costs in all."""
        return self.spent_yuan + self.subsidy_yuan


@dataclass(frozen=True, slots=True)
class _Column:
    group: int
    slot: Slot


def best_plan(
    case: OptionsCase, *, seconds: float = 30.0, most_yuan: Decimal | None = None
) -> OptionsPlan:
    """The plan that brings families home soonest.

    Args:
        most_yuan: a cap on homes and money over all payers and years, beside the budgets.

    Raises:
        RuntimeError: when the solver finds no plan in the time; bringing nobody home always is one.
    """
    groups = groups_of(case)
    columns = [_Column(number, slot) for number, group in enumerate(groups) for slot in slots_for(group, case)]
    if not columns:
        return _plan(case, groups, [], [], gap=0.0)
    gains = np.array([_cost_of(column, groups, case) for column in columns])
    constraints, limits = _rows(case, groups, columns, most_yuan)
    result = milp(
        c=gains, integrality=np.ones(len(columns)), bounds=Bounds(0, np.inf),
        constraints=LinearConstraint(constraints, ub=limits),
        options={"time_limit": seconds, "mip_rel_gap": 1e-6},
    )
    if result.x is None:
        raise RuntimeError(f"no plan within {seconds} s: {result.message}")
    whole = case.horizon_months * len(case.families)
    bound = result.mip_dual_bound if result.mip_dual_bound is not None else result.fun
    gap = max(0.0, float((result.fun - bound) / max(1.0, whole + bound)))
    counts = _within_budgets(case, groups, columns, [round(count) for count in result.x], most_yuan=most_yuan)
    return _plan(case, groups, columns, counts, gap=gap)


def _cost_of(column: _Column, groups: Sequence[FamilyGroup], case: OptionsCase) -> float:
    """What bringing one family home this way changes: months won (below zero), and a trace of its cost."""
    won = case.horizon_months - column.slot.months
    saved = won * float(_mean_monthly(groups[column.group]))
    return -won + _COST_WEIGHT * (float(column.slot.yuan) - saved) / _TEN_THOUSAND


def _rows(
    case: OptionsCase, groups: Sequence[FamilyGroup], columns: Sequence[_Column], most_yuan: Decimal | None
) -> tuple[csr_array, Floats]:
    """Matrix and upper limits: families of a group, homes of a supply, yuan of a budget year, yuan in all."""
    names: dict[tuple[str, ...], int] = {}
    limits: list[float] = []

    def row(name: tuple[str, ...], limit: float) -> int:
        if name not in names:
            names[name] = len(limits)
            limits.append(limit)
        return names[name]

    supplies = {one.key: one.count for one in case.buildings} | {one.key: one.count for one in case.market}
    budgets = {(one.payer, one.from_month): float(one.yuan) / _TEN_THOUSAND for one in case.budgets}
    cells: list[tuple[int, int, float]] = []
    for number, column in enumerate(columns):
        slot, payer = column.slot, groups[column.group].families[0].payer
        cells.append((row(("group", str(column.group)), len(groups[column.group].families)), number, 1.0))
        if slot.supply:
            cells.append((row(("supply", slot.supply), supplies[slot.supply]), number, 1.0))
        if slot.spend_month is not None:
            price = float(slot.yuan) / _TEN_THOUSAND
            cells.append((row(("year", payer, str(slot.spend_month)), budgets[payer, slot.spend_month]), number, price))
            if most_yuan is not None:
                cells.append((row(("all",), float(most_yuan) / _TEN_THOUSAND), number, price))
    places = np.array([(place, number) for place, number, _ in cells])
    values = np.array([value for _, _, value in cells])
    return csr_array((values, (places[:, 0], places[:, 1])), shape=(len(limits), len(columns))), np.array(limits)


def _within_budgets(
    case: OptionsCase, groups: Sequence[FamilyGroup], columns: Sequence[_Column], counts: list[int], *,
    most_yuan: Decimal | None,
) -> list[int]:
    """The counts with every sum of money exact: a solver computes in floating point and may overstep by a fen."""
    rows: list[tuple[Decimal, list[int]]] = [
        (
            budget.yuan,
            [
                number for number, column in enumerate(columns)
                if (groups[column.group].families[0].payer, column.slot.spend_month)
                == (budget.payer, budget.from_month)
            ],
        )
        for budget in case.budgets
    ]
    if most_yuan is not None:
        rows.append((most_yuan, list(range(len(columns)))))
    for most, numbers in rows:
        while sum((columns[number].slot.yuan * counts[number] for number in numbers), Decimal(0)) > most:
            given = [number for number in numbers if counts[number] and columns[number].slot.yuan]
            counts[max(given, key=lambda number: columns[number].slot.months)] -= 1
    return counts


def _plan(
    case: OptionsCase, groups: Sequence[FamilyGroup], columns: Sequence[_Column], counts: Sequence[int], *, gap: float
) -> OptionsPlan:
    chosen = [
        Chosen(groups[column.group].key, column.slot, count)
        for column, count in zip(columns, counts, strict=True) if count
    ]
    taken: dict[tuple[str, ...], list[Chosen]] = {}
    for one in chosen:
        taken.setdefault(one.group, []).append(one)
    waiting, months, subsidy = {}, 0.0, Decimal(0)
    for group in groups:
        rows = sorted(taken.get(group.key, []), key=lambda one: one.slot.months)
        spans = [one.slot.months for one in rows for _ in range(one.count)]
        left = len(group.families) - len(spans)
        if left:
            waiting[group.key] = left
        spans += [float(case.horizon_months)] * left
        months += sum(spans)
        for family, span in zip(group.families, spans, strict=True):
            subsidy += (family.monthly_yuan * Decimal(str(round(span, 2)))).quantize(Decimal("0.01"))
    return OptionsPlan(
        chosen=tuple(chosen), waiting=waiting, family_months=months,
        spent_yuan=sum((one.slot.yuan * one.count for one in chosen), Decimal(0)), subsidy_yuan=subsidy, gap=gap,
    )


def _mean_monthly(group: FamilyGroup) -> Decimal:
    return sum((one.monthly_yuan for one in group.families), Decimal(0)) / len(group.families)
