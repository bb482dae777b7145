"""Unit prices by class: who lies far from the median, and the named facts that explain it or do not.

A price is compared within one class only (use, structure, place, rule set, day). The middle is the median and the
spread the median absolute deviation, so that the odd ones cannot hide by moving the mean. What an odd price exceeds
its class by is taken apart by item; an item is explained when a named fact on which it depends differs from what is
usual in the class. What is left after taking the explained items off decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from zhengtu.core.integrity.findings import Finding, FindingRow, Rules, key_of, sorted_findings
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import EXACT, to_fen
from zhengtu.core.kernel.reasons import Reason

MAD_TO_SIGMA: Final = Decimal("1.4826")
PriceClassKey = tuple[tuple[str, str], ...]
"""(name of the fact, value), e.g. (("use", "dwelling"), ("structure", "brick"))."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A household's sums by item with its class and named facts.

    Attributes:
        area_m2: compensable area.
        items: item -> yuan.
        facts: named fact -> text.
        depends: item -> names of the facts that it depends on beside the area.
    """

    household: str
    group: PriceClassKey
    area_m2: Decimal
    items: Mapping[str, Decimal]
    facts: Mapping[str, str]
    depends: Mapping[str, Sequence[str]]

    @property
    def unit_price(self) -> Decimal:
        """Yuan per m²."""
        return to_fen(EXACT.divide(sum(self.items.values(), Decimal(0)), self.area_m2))

    def per_m2(self, item: str) -> Decimal:
        """What one item brings per m²."""
        return EXACT.divide(self.items.get(item, Decimal(0)), self.area_m2)


@dataclass(frozen=True, slots=True)
class ItemExcess:
    """What an item brings per m² beyond what is usual in the class, and the facts (name, mine, usual) behind it."""

    item: str
    per_m2: Decimal
    facts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PriceOutlier:
    """An odd price; ``unexplained`` is what of its distance to the median no named fact explains."""

    household: str
    unit_price: Decimal
    score: Decimal
    excesses: tuple[ItemExcess, ...]
    unexplained: Decimal
    is_explained: bool


@dataclass(frozen=True, slots=True)
class PriceClass:
    """Households that are comparable, with their prices in order."""

    group: PriceClassKey
    prices: tuple[tuple[str, Decimal], ...]
    median: Decimal
    lower: Decimal
    upper: Decimal
    spread: Decimal
    outliers: tuple[PriceOutlier, ...]
    is_too_small: bool


def median(values: Sequence[Decimal]) -> Decimal:
    """The middle value, or the mean of the two in the middle.

    Raises:
        IndexError: of none.
    """
    return quantile(values, Decimal("0.5"))


def quantile(values: Sequence[Decimal], share: Decimal) -> Decimal:
    """The value below which that share lies, interpolated between neighbours."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    if below + 1 >= len(ordered):
        return ordered[below]
    return ordered[below] + (ordered[below + 1] - ordered[below]) * (place - below)


def price_classes(households: Iterable[Priced], *, rules: Rules) -> list[PriceClass]:
    """All classes with their outliers, the largest class first."""
    groups: dict[PriceClassKey, list[Priced]] = {}
    for household in households:
        if household.area_m2 > 0:
            groups.setdefault(household.group, []).append(household)
    classes = [_price_class(group, members, rules=rules) for group, members in groups.items()]
    return sorted(classes, key=lambda one: (-len(one.prices), one.group))


def _price_class(group: PriceClassKey, members: Sequence[Priced], *, rules: Rules) -> PriceClass:
    rule = rules["unit_price_outlier"]
    prices = [member.unit_price for member in members]
    middle = median(prices)
    deviation = median([abs(price - middle) for price in prices]) * MAD_TO_SIGMA
    spread = max(deviation, abs(middle) * rule.number("least_spread_share"))
    is_too_small = len(members) < rule.number("least_households")
    limit = rule.number("deviations") * spread
    odd = [] if is_too_small else [one for one in members if abs(one.unit_price - middle) > limit]
    usual = _usual(members) if odd else {}
    outliers = [_outlier(one, members, middle=middle, spread=spread, limit=limit, usual=usual) for one in odd]
    return PriceClass(
        group=group,
        prices=tuple(sorted(((one.household, one.unit_price) for one in members), key=lambda pair: (pair[1], pair[0]))),
        median=to_fen(middle), lower=to_fen(quantile(prices, Decimal("0.25"))),
        upper=to_fen(quantile(prices, Decimal("0.75"))), spread=to_fen(spread),
        outliers=tuple(sorted(outliers, key=lambda one: (one.is_explained, -abs(one.score), one.household))),
        is_too_small=is_too_small,
    )


def _usual(members: Sequence[Priced]) -> dict[str, str]:
    """The most frequent value of each named fact; of equals the first in order."""
    names = sorted({name for member in members for name in member.facts})
    return {
        name: min(
            Counter(member.facts.get(name, "") for member in members).items(), key=lambda pair: (-pair[1], pair[0])
        )[0]
        for name in names
    }


def _outlier(
    one: Priced, members: Sequence[Priced], *, middle: Decimal, spread: Decimal, limit: Decimal,
    usual: Mapping[str, str],
) -> PriceOutlier:
    items = sorted({item for member in members for item in member.items})
    excesses = []
    for item in items:
        beyond = to_fen(one.per_m2(item) - median([member.per_m2(item) for member in members]))
        if not beyond:
            continue
        facts = tuple(
            (name, one.facts.get(name, ""), usual.get(name, ""))
            for name in one.depends.get(item, ())
            if one.facts.get(name, "") != usual.get(name, "")
        )
        excesses.append(ItemExcess(item, beyond, facts))
    explained = sum((excess.per_m2 for excess in excesses if excess.facts), Decimal(0))
    rest = one.unit_price - middle - explained
    return PriceOutlier(
        household=one.household, unit_price=one.unit_price, score=to_fen((one.unit_price - middle) / spread),
        excesses=tuple(sorted(excesses, key=lambda excess: -abs(excess.per_m2))),
        unexplained=to_fen(rest), is_explained=abs(rest) <= limit,
    )


def unit_price_outliers(classes: Iterable[PriceClass], *, rules: Rules) -> list[Finding]:
    """Odd prices that no named fact explains."""
    rule = rules["unit_price_outlier"]
    found = []
    for one in classes:
        for odd in one.outliers:
            if odd.is_explained:
                continue
            sentence = Reason(
                code="integrity.unit_price_outlier",
                message=N_("%(price)s yuan per m² where the median of %(size)s households of the class is %(median)s; "
                           "%(unexplained)s yuan per m² are explained by no fact on file."),
                parameters={
                    "price": f"{odd.unit_price:,.2f}", "median": f"{one.median:,.2f}", "size": len(one.prices),
                    "unexplained": f"{odd.unexplained:+,.2f}",
                },
                source=rule.source,
                remedy=N_("Compare with its nearest twins and record what explains it."),
            )
            figures = ((N_("Unit price (yuan per m²)"), f"{odd.unit_price:.2f}"), *(
                (f"item:{excess.item}", f"{excess.per_m2:+.2f}") for excess in odd.excesses if not excess.facts
            ))
            row = FindingRow(odd.household, "", figures)
            found.append(Finding(rule.id, key_of(rule.id, odd.household), sentence, (row,)))
    return sorted_findings(found)
