"""A policy tried before it is adopted: what the same households would get by two sets of rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from zhengtu.core.compensation.assess import CompensationRules, assess
from zhengtu.core.compensation.facts import HouseholdFacts, Option
from zhengtu.core.compensation.parameters import Label
from zhengtu.core.compensation.statement import Statement
from zhengtu.core.kernel.money import ZERO, total
from zhengtu.core.kernel.reasons import Reason, Refused


@dataclass(frozen=True, slots=True)
class Trial:
    """One household with the option and the day for which both rules are asked."""

    facts: HouseholdFacts
    option: Option
    on: date


@dataclass(frozen=True, slots=True)
class ItemComparison:
    """One item over all households under both rules (yuan)."""

    item: str
    label: Label
    amount_a: Decimal
    amount_b: Decimal

    @property
    def change(self) -> Decimal:
        """B less A (yuan)."""
        return self.amount_b - self.amount_a


@dataclass(frozen=True, slots=True)
class HouseholdChange:
    """What one household gets under both rules (yuan)."""

    household: str
    total_a: Decimal
    total_b: Decimal

    @property
    def change(self) -> Decimal:
        """B less A (yuan)."""
        return self.total_b - self.total_a


@dataclass(frozen=True, slots=True)
class Refusal:
    """A household for which one of the rules gives no statement; it is in no sum."""

    household: str
    under: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class PolicyComparison:
    """Cost, items, winners and losers of rules B against rules A.

    Attributes:
        changes: every household assessed under both, losers first, by change and code.
        refusals: households without a statement under A or B, left out of all sums.
    """

    items: tuple[ItemComparison, ...]
    changes: tuple[HouseholdChange, ...]
    refusals: tuple[Refusal, ...]

    @property
    def total_a(self) -> Decimal:
        """Cost under A (yuan)."""
        return total([change.total_a for change in self.changes])

    @property
    def total_b(self) -> Decimal:
        """Cost under B (yuan)."""
        return total([change.total_b for change in self.changes])

    @property
    def winners(self) -> tuple[HouseholdChange, ...]:
        """Households that get more, the largest gain first."""
        return tuple(reversed([change for change in self.changes if change.change > 0]))

    @property
    def losers(self) -> tuple[HouseholdChange, ...]:
        """Households that get less, the largest loss first."""
        return tuple(change for change in self.changes if change.change < 0)

    @property
    def unchanged(self) -> int:
        """Number of households that get the same to the fen."""
        return sum(change.change == 0 for change in self.changes)

    def quantile(self, share: Decimal) -> Decimal:
        """The change (yuan) that this share of the households does not exceed, nearest rank; zero of none.

        Raises:
            ValueError: unless 0 ≤ share ≤ 1.
        """
        if not 0 <= share <= 1:
            raise ValueError(f"a share lies between 0 and 1, not {share}")
        if not self.changes:
            return ZERO
        rank = max(1, int((share * len(self.changes)).to_integral_value(rounding="ROUND_CEILING")))
        return self.changes[rank - 1].change

    def distribution(self, edges: Sequence[Decimal]) -> list[int]:
        """Households by change: below the first edge, from each edge up to the next, from the last on.

        Raises:
            ValueError: unless the edges (yuan) rise.
        """
        if list(edges) != sorted(set(edges)):
            raise ValueError("edges must rise")
        counts = [0] * (len(edges) + 1)
        for change in self.changes:
            counts[sum(edge <= change.change for edge in edges)] += 1
        return counts


def compare(
    *, rules_a: CompensationRules, rules_b: CompensationRules, households: Iterable[Trial], set_b: str = ""
) -> PolicyComparison:
    """Assess every household under both rules.

    A household that either rule refuses is listed and left out of both sums, so that like is compared with like.

    Args:
        set_b: the parameter set that B elects, e.g. a pilot; empty: each household's own.
    """
    amounts: dict[str, list[Decimal]] = {}
    labels: dict[str, Label] = {}
    changes: list[HouseholdChange] = []
    refusals: list[Refusal] = []
    for trial in households:
        found: list[Statement] = []
        facts_b = replace(trial.facts, parameter_set=set_b) if set_b else trial.facts
        for under, rules, facts in (("a", rules_a, trial.facts), ("b", rules_b, facts_b)):
            try:
                found.append(assess(facts=facts, rules=rules, option=trial.option, on=trial.on))
            except Refused as refusal:
                refusals.append(Refusal(trial.facts.code, under, tuple(refusal.reasons)))
        if len(found) < 2:
            continue
        changes.append(HouseholdChange(trial.facts.code, found[0].total, found[1].total))
        for side, statement in enumerate(found):
            for line in statement.lines:
                amounts.setdefault(line.item, [ZERO, ZERO])[side] += line.amount
                labels.setdefault(line.item, line.label)
    return PolicyComparison(
        items=tuple(ItemComparison(item, labels[item], *sides) for item, sides in amounts.items()),
        changes=tuple(sorted(changes, key=lambda change: (change.change, change.household))),
        refusals=tuple(refusals),
    )
