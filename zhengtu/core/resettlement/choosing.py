"""The plan that brings the most families home soonest within the budget, by a solver for integer programs.

One whole number per group and slot: how many families of the group come home that way. Families count once, homes and
budgets are not exceeded, and the sum of family-months of waiting is least; among equals the cheapest. Families that
come before all others (``OptionsCase.first_after_months``) are solved for first, the others with what is left. Which
family of a group takes which slot is no question for the solver: the first in order takes the soonest
(``assignment``); between groups, ways home are exchanged for the sake of those who come first (``fairness``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from zhengtu.core.resettlement.fairness import Held, exchanged, slot_order
from zhengtu.core.resettlement.options import (
    FamilyGroup,
    OptionsCase,
    Purse,
    Slot,
    WaitingFamily,
    groups_of,
    mean_months,
    purses,
    slots_for,
)
from zhengtu.core.resettlement.solving import Floats, relaxed, solved

_TEN_THOUSAND: Final = 10_000.0
_COST_WEIGHT: Final = 1e-6
"""Family-months that ten thousand yuan weigh: only plans that are equal otherwise are told apart by their cost."""
_EXACT: Final = 100
"""Columns up to which what no plan falls below is sought among whole numbers; beyond, the relaxation tells it."""


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
    """The plan that brings families home soonest; those who come before all others as soon as can be.

    Args:
        most_yuan: a cap on homes and money over all payers and years, beside the budgets.
        seconds: time for the solver's integer programs; the plan is the best that it found by then, with its gap.
    """
    groups, columns, gains, matrix, limits = _program(case, most_yuan)
    if not columns:
        return plan_of(case, groups, [Counter({None: len(group.families)}) for group in groups], gap=0.0)
    first = np.array([groups[column.group].comes_first for column in columns])
    counts, floor = np.zeros(len(columns), dtype=np.int64), 0.0
    for part in (first, ~first):
        found = solved(gains[part], matrix[:, part], np.maximum(limits - matrix @ counts, 0.0), seconds=seconds / 2)
        counts[part] = found.counts
        floor += found.bound
    kept = _within_budgets(case, groups, columns, counts.tolist(), most_yuan=most_yuan)
    whole = case.horizon_months * len(case.families)
    gap = max(0.0, float((gains @ np.array(kept) - floor) / max(1.0, whole + floor)))
    return plan_of(case, groups, exchanged(case, groups, _held(groups, columns, kept)), gap=gap)


def least_months(case: OptionsCase, *, seconds: float = 5.0) -> float:
    """Family-months that no plan of the case falls below, nobody before all others; exact for a case of few columns.

    Differences of it tell what more money or homes win without the chance by which two plans of a large case differ.
    """
    _, columns, gains, matrix, limits = _program(replace(case, first_after_months=None), None)
    whole = float(case.horizon_months * len(case.families))
    if not columns:
        return whole
    return whole + (
        solved(gains, matrix, limits, seconds=seconds).bound
        if len(columns) <= _EXACT else relaxed(gains, matrix, limits)[1]
    )


class _Program(NamedTuple):
    """The integer program of a case: what each column changes, and the rows that it keeps within."""

    groups: Sequence[FamilyGroup]
    columns: Sequence[_Column]
    gains: Floats
    matrix: csr_array
    limits: Floats


def _program(case: OptionsCase, most_yuan: Decimal | None) -> _Program:
    groups = groups_of(case)
    means = mean_months(case)
    columns = [
        _Column(number, slot) for number, group in enumerate(groups) for slot in slots_for(group, case, means=means)
    ]
    if not columns:
        return _Program(groups, columns, np.zeros(0), csr_array((0, 0)), np.zeros(0))
    monthly = [_mean_monthly(group) for group in groups]
    gains = np.array([_cost_of(column, monthly[column.group], case) for column in columns])
    return _Program(groups, columns, gains, *_rows(case, groups, columns, most_yuan))


def _cost_of(column: _Column, monthly_yuan: Decimal, case: OptionsCase) -> float:
    """What bringing one family home this way changes: months won (below zero), and a trace of its cost."""
    won = case.horizon_months - column.slot.months
    return -won + _COST_WEIGHT * (float(column.slot.yuan) - won * float(monthly_yuan)) / _TEN_THOUSAND


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
    drawn = _purses_by_year(case)
    cells: list[tuple[int, int, float]] = []
    for number, column in enumerate(columns):
        slot, payer = column.slot, groups[column.group].families[0].payer
        cells.append((row(("group", str(column.group)), len(groups[column.group].families)), number, 1.0))
        if slot.supply:
            cells.append((row(("supply", slot.supply), supplies[slot.supply]), number, 1.0))
        if slot.spend_month is not None:
            price = float(slot.yuan) / _TEN_THOUSAND
            for one in drawn[payer, slot.spend_month]:
                limit = float(one.yuan) / _TEN_THOUSAND
                cells.append((row(("year", payer, str(one.months[-1])), limit), number, price))
            if most_yuan is not None:
                cells.append((row(("all",), float(most_yuan) / _TEN_THOUSAND), number, price))
    places = np.array([(place, number) for place, number, _ in cells])
    values = np.array([value for _, _, value in cells])
    return csr_array((values, (places[:, 0], places[:, 1])), shape=(len(limits), len(columns))), np.array(limits)


def _purses_by_year(case: OptionsCase) -> dict[tuple[str, int], list[Purse]]:
    """(payer, month at which a budget year begins) -> the limits that what is spent in it counts towards."""
    found: dict[tuple[str, int], list[Purse]] = {}
    for one in purses(case):
        for month in one.months:
            found.setdefault((one.payer, month), []).append(one)
    return found


def _within_budgets(
    case: OptionsCase, groups: Sequence[FamilyGroup], columns: Sequence[_Column], counts: list[int], *,
    most_yuan: Decimal | None,
) -> list[int]:
    """The counts with every sum of money exact: a solver computes in floating point and may overstep by a fen."""
    paid: dict[tuple[str, int | None], list[int]] = {}
    for number, column in enumerate(columns):
        paid.setdefault((groups[column.group].families[0].payer, column.slot.spend_month), []).append(number)
    rows = [
        (one.yuan, [number for month in one.months for number in paid.get((one.payer, month), [])])
        for one in purses(case)
    ]
    if most_yuan is not None:
        rows.append((most_yuan, list(range(len(columns)))))
    for most, numbers in rows:
        while sum((columns[number].slot.yuan * counts[number] for number in numbers), Decimal(0)) > most:
            given = [number for number in numbers if counts[number] and columns[number].slot.yuan]
            counts[max(given, key=lambda number: columns[number].slot.months)] -= 1
    return counts


def _held(groups: Sequence[FamilyGroup], columns: Sequence[_Column], counts: Sequence[int]) -> list[Held]:
    """Group by group how many families have which way home, those who have none included."""
    held: list[Held] = [Counter() for _ in groups]
    for column, count in zip(columns, counts, strict=True):
        if count:
            held[column.group][column.slot] += count
    for group, one in zip(groups, held, strict=True):
        if left := len(group.families) - one.total():
            one[None] = left
    return held


def plan_of(case: OptionsCase, groups: Sequence[FamilyGroup], held: Sequence[Held], *, gap: float) -> OptionsPlan:
    """The plan in which groups have these ways home, with what it costs."""
    chosen, waiting, months, subsidy = [], {}, 0.0, Decimal(0)
    for group, one in zip(groups, held, strict=True):
        place = 0
        for slot in sorted(one, key=slot_order):
            count = one[slot]
            span = float(case.horizon_months) if slot is None else slot.months
            months += span * count
            subsidy += sum(
                (subsidy_for(family, span) for family in group.families[place:place + count]), Decimal(0)
            )
            place += count
            if slot is None:
                waiting[group.key] = count
            else:
                chosen.append(Chosen(group.key, slot, count))
    return OptionsPlan(
        chosen=tuple(chosen), waiting=waiting, family_months=months,
        spent_yuan=sum((one.slot.yuan * one.count for one in chosen), Decimal(0)), subsidy_yuan=subsidy, gap=gap,
    )


def subsidy_for(family: WaitingFamily, months: float) -> Decimal:
    """What is paid to a family that waits so many months more, step by step as its rule has it."""
    steps = [(0.0, family.monthly_yuan), *family.later_yuan, (months, Decimal(0))]
    paid = Decimal(0)
    for (start, yuan), (end, _) in pairwise(steps):
        paid += yuan * Decimal(str(round(max(0.0, min(end, months) - start), 2)))
    return paid.quantize(Decimal("0.01"))


def _mean_monthly(group: FamilyGroup) -> Decimal:
    return sum((one.monthly_yuan for one in group.families), Decimal(0)) / len(group.families)
