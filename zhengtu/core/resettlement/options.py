"""The case of bringing families home: who waits, what is there to give, and what may be spent.

Families that are alike for the choice (same payer, type of home, ways open to them, and what settling in money costs up
to ``CASH_STEP``) form one group; inside it the vulnerable and those who wait longest come first, whatever the plan.
Between groups that order holds wherever an exchange costs nobody anything (``fairness``), and without that condition
for those who come before all others (``OptionsCase.first_after_months``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Final

CASH_STEP: Final = Decimal(50_000)
"""Sums of settling in money are planned rounded up to this many yuan, so that a budget always suffices."""


class Way(StrEnum):
    """How a family comes home."""

    BUILDING = "building"
    PURCHASE = "purchase"
    CASH = "cash"


@dataclass(frozen=True, slots=True)
class WaitingFamily:
    """A household whose resettlement is due.

    Attributes:
        payer: unit that pays for it.
        home: type of home it is owed, as supplies name theirs.
        waited_months: whole months past the agreed period; below zero where it is not over.
        is_vulnerable: whether a recorded hardship puts it first.
        ways: ways that law and agreement leave open to it.
        choice: the way it chose on record, or None; nobody is led another way.
        monthly_yuan: subsidy of the month that runs now.
        later_yuan: months from now -> the subsidy per month that is paid from then on, in order.
        cash_yuan: what settling in money costs; None where it has no right to that.
        building: the resettlement building or site that its agreement names, or empty.
    """

    code: str
    payer: str
    home: str
    waited_months: int
    monthly_yuan: Decimal
    ways: frozenset[Way]
    is_vulnerable: bool = False
    choice: Way | None = None
    cash_yuan: Decimal | None = None
    building: str = ""
    later_yuan: Sequence[tuple[float, Decimal]] = ()

    @property
    def planned_cash_yuan(self) -> Decimal | None:
        """What settling in money costs, rounded up to the step; None where it has no right to that."""
        if self.cash_yuan is None:
            return None
        return (self.cash_yuan / CASH_STEP).to_integral_value(ROUND_CEILING) * CASH_STEP

    @property
    def open_ways(self) -> frozenset[Way]:
        """The ways that remain: the recorded choice alone, where there is one."""
        ways = self.ways if self.choice is None else self.ways & {self.choice}
        return ways - {Way.CASH} if self.cash_yuan is None else ways


@dataclass(frozen=True, slots=True)
class BuildingSupply:
    """Homes of one type in a resettlement building.

    Attributes:
        building: the building, or its site where agreements name only that.
        name: how sentences call it; the key where empty.
        completion_chances: months from now -> chance that it is completed in that month; they add up to one.
        is_bought: existing homes that were bought before: for whoever may take one, whatever site its agreement names.
    """

    key: str
    building: str
    home: str
    count: int
    completion_chances: Mapping[int, float]
    name: str = ""
    is_bought: bool = False

    @property
    def way(self) -> Way:
        """How a family that gets one of them comes home."""
        return Way.PURCHASE if self.is_bought else Way.BUILDING

    def suits(self, family: WaitingFamily) -> bool:
        """Whether a family may be given one of them."""
        is_named = self.is_bought or family.building in ("", self.building)
        return self.way in family.open_ways and self.home == family.home and is_named

    def expected_months(self, *, horizon: int) -> float:
        """Mean months of waiting for it; whoever still waits at the horizon is counted as waiting until then."""
        return sum(min(months, horizon) * chance for months, chance in self.completion_chances.items())

    def months_at(self, level: float) -> int:
        """Months within which it is completed with at least that chance."""
        reached = 0.0
        for months, chance in sorted(self.completion_chances.items()):
            reached += chance
            if reached >= level - 1e-9:
                return months
        return max(self.completion_chances)


@dataclass(frozen=True, slots=True)
class MarketSupply:
    """Existing homes of one type that can be bought.

    Attributes:
        name: how sentences call it; the key where empty.
        price_yuan: of one home, fitted out.
        from_month: months from now from which they can be handed over.
    """

    key: str
    home: str
    count: int
    price_yuan: Decimal
    from_month: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a payer may spend in a year on homes and money.

    Attributes:
        from_month: months from now at which the year begins; 0 for the running one.
        carries_over: whether what is left at its end may be spent in the payer's next year too. An enterprise's own
            money stays its own; public money lapses with its year, unless it is carried over to the same purpose
            (Budget Law, art. 42).
    """

    payer: str
    from_month: int
    yuan: Decimal
    carries_over: bool = False


@dataclass(frozen=True, slots=True)
class Purse:
    """What a payer may have spent at the end of a budget year, out of it and of the years that carry over into it.

    Attributes:
        months: months at which these years begin, its own the last.
    """

    payer: str
    months: Sequence[int]
    yuan: Decimal


@dataclass(frozen=True, slots=True)
class OptionsCase:
    """Everything that the choice depends on.

    Attributes:
        horizon_months: a family that no plan brings home waits until then.
        cash_months: months from the decision until settling in money is carried out.
        first_after_months: the vulnerable, and families that waited longer than so many months, come before all
            others: the plan brings them home as soon as can be, and the others with what is left. None: no family
            comes before all others, and the sum of waiting alone decides.
    """

    families: Sequence[WaitingFamily]
    buildings: Sequence[BuildingSupply] = ()
    market: Sequence[MarketSupply] = ()
    budgets: Sequence[Budget] = ()
    horizon_months: int = 60
    cash_months: int = 2
    first_after_months: int | None = None

    def comes_first(self, family: WaitingFamily) -> bool:
        """Whether a family comes before all others."""
        if self.first_after_months is None:
            return False
        return family.is_vulnerable or family.waited_months > self.first_after_months


@dataclass(frozen=True, slots=True)
class Slot:
    """One way home that a plan holds ready for a family of a group.

    Attributes:
        supply: key of the supply, or empty for money.
        months: months until home (a building's mean, as far as the horizon).
        spend_month: month of payment, None where nothing is paid.
    """

    way: Way
    supply: str
    months: float
    yuan: Decimal
    spend_month: int | None = None


@dataclass(frozen=True, slots=True)
class FamilyGroup:
    """Families that are alike for the choice, those first who come first.

    Attributes:
        comes_first: whether they come before all others.
    """

    key: tuple[str, ...]
    families: Sequence[WaitingFamily] = field(default_factory=tuple)
    comes_first: bool = False


def precedence(family: WaitingFamily) -> tuple[bool, int]:
    """What decides who comes first, the least first: a recorded hardship, then the months waited."""
    return (not family.is_vulnerable, -family.waited_months)


def groups_of(case: OptionsCase) -> list[FamilyGroup]:
    """The families by what they may be given, each group in order: vulnerable, then longest waiting, then code."""
    found: dict[tuple[str, ...], list[WaitingFamily]] = {}
    for one in case.families:
        cash = str(one.planned_cash_yuan) if Way.CASH in one.open_ways else ""
        rank = "first" if case.comes_first(one) else "others"
        key = (one.payer, one.home, one.building, cash, rank, *sorted(one.open_ways))
        found.setdefault(key, []).append(one)
    return [
        FamilyGroup(
            key, tuple(sorted(rows, key=lambda one: (precedence(one), one.code))), comes_first=case.comes_first(rows[0])
        )
        for key, rows in sorted(found.items())
    ]


def purses(case: OptionsCase) -> list[Purse]:
    """The limits that budgets set, one for each year of each payer."""
    found = []
    held: dict[str, tuple[list[int], Decimal]] = {}
    for one in sorted(case.budgets, key=lambda one: (one.payer, one.from_month)):
        months, yuan = held.get(one.payer, ([], Decimal(0)))
        months, yuan = [*months, one.from_month], yuan + one.yuan
        found.append(Purse(one.payer, tuple(months), yuan))
        held[one.payer] = (months, yuan) if one.carries_over else ([], Decimal(0))
    return found


def mean_months(case: OptionsCase) -> dict[str, float]:
    """Building supply -> mean months of waiting for it."""
    return {one.key: one.expected_months(horizon=case.horizon_months) for one in case.buildings}


def slots_for(group: FamilyGroup, case: OptionsCase, *, means: Mapping[str, float]) -> list[Slot]:
    """Every kind of slot that a family of the group could be given, in every year in which it could be paid.

    Within a budget year the earliest month is the best for everybody, so it alone is offered.

    Args:
        means: ``mean_months`` of the case.
    """
    first = group.families[0]
    slots = [
        Slot(one.way, one.key, means[one.key], Decimal(0)) for one in case.buildings if one.suits(first)
    ]
    for start in sorted({one.from_month for one in case.budgets if one.payer == first.payer}):
        if Way.PURCHASE in first.open_ways:
            slots += [
                Slot(Way.PURCHASE, one.key, max(start, one.from_month), one.price_yuan, start)
                for one in case.market
                if one.home == first.home and one.from_month < _end_of_year(start, first.payer, case)
            ]
        if Way.CASH in first.open_ways and first.planned_cash_yuan is not None:
            slots.append(Slot(Way.CASH, "", start + case.cash_months, first.planned_cash_yuan, start))
    return [slot for slot in slots if slot.months < case.horizon_months]


def _end_of_year(start: int, payer: str, case: OptionsCase) -> int:
    later = [one.from_month for one in case.budgets if one.payer == payer and one.from_month > start]
    return min(later, default=case.horizon_months)
