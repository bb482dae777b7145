"""One ruler for all: a household's nearest twins with the facts that explain the difference, and odd unit prices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from zhengtu.core.compensation.facts import COMPENSABLE, HouseholdFacts, Option, Use
from zhengtu.core.compensation.statement import Group, Statement
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import ZERO, to_fen, total
from zhengtu.core.kernel.reasons import Reason

TINY_SPREAD: Final = Decimal("0.01")
"""Spreads below this share of the median count as this: prices that all agree make no outlier of one fen."""
MAD_TO_SIGMA: Final = Decimal("1.4826")
"""Makes the median deviation comparable with a standard deviation of normal figures."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """A household with its option and statement: what is compared."""

    facts: HouseholdFacts
    option: Option
    statement: Statement

    @property
    def area_m2(self) -> Decimal:
        """Compensable floor area (m²), or the land area where there is no house."""
        floor = total([b.floor_area_m2 for b in self.facts.buildings if b.standing in COMPENSABLE])
        return floor or total([land.area_m2 for land in self.facts.lands])

    @property
    def unit_price(self) -> Decimal:
        """What the household is due for each m² (yuan), replacement houses not deducted; zero without area."""
        due = self.statement.total - self.statement.of_group(Group.REPLACEMENT)
        return to_fen(due / self.area_m2) if self.area_m2 else ZERO

    @property
    def group(self) -> tuple[str, ...]:
        """Class within which unit prices are comparable: regime, chief use, project, rule set and value day."""
        return (
            self.facts.regime.value,
            _chief_use(self.facts),
            self.facts.project or self.facts.place,
            self.facts.parameter_set,
            self.statement.valued_on.isoformat(),
        )


@dataclass(frozen=True, slots=True)
class FactDifference:
    """A named fact in which two households differ, as text."""

    fact: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class ItemDifference:
    """An item in which two statements differ (yuan), and the differing facts it depends on.

    ``facts`` empty means that nothing on file explains the difference: a finding.
    """

    item: str
    mine: Decimal
    theirs: Decimal
    facts: tuple[FactDifference, ...]


@dataclass(frozen=True, slots=True)
class Twin:
    """A household like another: distance 0 (the same in all compared facts) to 1, and what sets them apart."""

    household: str
    distance: Decimal
    unit_price: Decimal
    total_difference: Decimal
    items: tuple[ItemDifference, ...]

    @property
    def unexplained(self) -> tuple[ItemDifference, ...]:
        """Items that differ although every fact on file that they depend on is the same."""
        return tuple(item for item in self.items if not item.facts)


@dataclass(frozen=True, slots=True)
class Outlier:
    """A unit price far from its class: ``score`` in robust standard deviations from the class's median."""

    household: str
    group: tuple[str, ...]
    unit_price: Decimal
    median: Decimal
    score: Decimal
    reason: Reason


def _chief_use(facts: HouseholdFacts) -> str:
    areas: dict[str, Decimal] = {}
    for building in facts.buildings:
        if building.standing in COMPENSABLE:
            areas[building.use.value] = areas.get(building.use.value, Decimal(0)) + building.floor_area_m2
    return max(sorted(areas), key=lambda use: areas[use], default="land" if facts.lands else "none")


def _joined(values: Iterable[object]) -> str:
    return ", ".join(sorted({str(value) for value in values if value not in (None, "")}))


def _area(facts: HouseholdFacts, *uses: Use) -> str:
    return str(total([b.floor_area_m2 for b in facts.buildings if b.standing in COMPENSABLE and b.use in uses]))


_NON_DWELLINGS: Final = (Use.SHOP, Use.STORAGE, Use.NON_DWELLING)

FACTS: Final[Mapping[str, Callable[[Assessed], str]]] = {
    "place": lambda a: a.facts.place,
    "valued_on": lambda a: a.statement.valued_on.isoformat(),
    "parameter_set": lambda a: a.facts.parameter_set,
    "dwelling_area": lambda a: _area(a.facts, Use.DWELLING),
    "other_area": lambda a: _area(a.facts, *_NON_DWELLINGS),
    "use": lambda a: _joined(b.use.value for b in a.facts.buildings),
    "standing": lambda a: _joined(b.standing.value for b in a.facts.buildings),
    "structure": lambda a: _joined(b.structure for b in a.facts.buildings),
    "built_year": lambda a: _joined(b.built_year for b in a.facts.buildings),
    "floor": lambda a: _joined(b.floor for b in a.facts.buildings),
    "mode": lambda a: a.option.mode.value,
    "transition": lambda a: f"{a.option.transition.value} {a.option.transition_months}",
    "signed_on": lambda a: str(a.option.signed_on or ""),
    "vacated_on": lambda a: str(a.option.vacated_on or ""),
    "stairwell_signed_on": lambda a: str(a.facts.stairwell_signed_on or ""),
    "takes_voucher": lambda a: str(a.option.takes_voucher),
    "sole_home": lambda a: str(a.facts.is_sole_home),
    "persons": lambda a: str(len(a.facts.members)),
    "hardship": lambda a: ", ".join(sorted(kind for m in a.facts.members for kind in m.hardships)),
    "farmers": lambda a: str(sum(m.loses_farmland for m in a.facts.members)),
    "attachments": lambda a: ", ".join(sorted(f"{t.kind} {t.quantity} {t.appraised}" for t in a.facts.attachments)),
    "quotes": lambda a: ", ".join(sorted(f"{q.item} {q.amount}" for q in a.facts.quotes)),
    "pieces": lambda a: ", ".join(f"{id} {n}" for id, n in sorted(a.facts.pieces.items())),
    "business": lambda a: str(a.facts.business or ""),
    "land": lambda a: ", ".join(sorted(f"{p.zone} {p.land_class} {p.area_m2} {p.crop}" for p in a.facts.lands)),
    "homestead": lambda a: str(a.facts.homestead or ""),
    "replacements": lambda a: ", ".join(sorted(f"{r.floor_area_m2} × {r.price_per_m2}" for r in a.option.replacements)),
}
"""Named facts by which households are compared, as text."""

_EVERYWHERE: Final = ("place", "valued_on", "parameter_set")
_HOUSE: Final = ("dwelling_area", "other_area", "use", "standing", "structure", "built_year", "floor")
ITEM_FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "house_value": _HOUSE,
    "guaranteed_minimum": (*_HOUSE, "sole_home", "hardship"),
    "uncompensated_building": _HOUSE,
    "temporary_building": _HOUSE,
    "fittings": ("quotes",),
    "equipment_moving": ("quotes",),
    "attachments": ("attachments",),
    "relocation_fee": ("dwelling_area", "other_area", "use", "standing", "mode", "transition"),
    "temporary_accommodation": ("dwelling_area", "standing", "mode", "transition"),
    "business_loss": ("other_area", "business", "mode", "standing"),
    "hardship_subsidy": ("hardship",),
    "signing_reward": ("signed_on", "vacated_on", *_HOUSE, "sole_home"),
    "moving_reward": ("signed_on", "vacated_on", *_HOUSE, "sole_home"),
    "cash_reward": ("mode", "signed_on", "vacated_on", *_HOUSE, "sole_home"),
    "voucher_reward": ("takes_voucher", "mode", "signed_on", "vacated_on", *_HOUSE, "sole_home"),
    "stairwell_reward": ("stairwell_signed_on", "signed_on", "dwelling_area"),
    "replacement_house": ("replacements", "mode"),
    "land_compensation": ("land",),
    "resettlement_subsidy": ("land",),
    "farmland_supplement": ("land",),
    "young_crops": ("land",),
    "rural_house": _HOUSE,
    "location_within": ("homestead", "mode"),
    "location_beyond": ("homestead", "mode"),
    "fitting_subsidy": ("homestead", *_HOUSE),
    "household_split": ("homestead",),
    "unbuilt_reward": ("homestead",),
    "social_security": ("farmers",),
}
"""Facts that each item depends on, besides place, day and rule set; valuations are results, not facts."""
LOCAL_ITEM_FACTS: Final = (*_HOUSE, "mode", "transition", "persons", "pieces")


def nearest_twins(household: Assessed, others: Iterable[Assessed], *, count: int = 3) -> tuple[Twin, ...]:
    """The ``count`` others of the same class most like ``household``, nearest first, ties by code."""
    alike = [other for other in others if other.facts.code != household.facts.code and other.group == household.group]
    mine = _named(household)
    ranked = sorted(
        ((_distance(household, other, mine), other.facts.code, other) for other in alike), key=lambda entry: entry[:2]
    )
    return tuple(
        Twin(
            household=code,
            distance=distance,
            unit_price=other.unit_price,
            total_difference=household.statement.total - other.statement.total,
            items=_item_differences(household, other, mine),
        )
        for distance, code, other in ranked[:count]
    )


def unit_price_outliers(households: Iterable[Assessed], *, threshold: Decimal = Decimal("3.5")) -> tuple[Outlier, ...]:
    """Households whose unit price lies more than ``threshold`` robust deviations from the median of their class.

    Classes of fewer than five households are too small to have outliers. The largest score comes first.
    """
    classes: dict[tuple[str, ...], list[Assessed]] = {}
    for household in households:
        classes.setdefault(household.group, []).append(household)
    found: list[Outlier] = []
    for group, members in classes.items():
        if len(members) < 5:
            continue
        middle = _median([member.unit_price for member in members])
        deviation = _median([abs(member.unit_price - middle) for member in members]) * MAD_TO_SIGMA
        spread = max(deviation, middle * TINY_SPREAD)
        if not spread:
            continue
        for member in members:
            score = (member.unit_price - middle) / spread
            if abs(score) > threshold:
                found.append(_outlier(member, group, middle, to_fen(score), len(members)))
    return tuple(sorted(found, key=lambda outlier: (-abs(outlier.score), outlier.household)))


def _outlier(member: Assessed, group: tuple[str, ...], middle: Decimal, score: Decimal, size: int) -> Outlier:
    price = member.unit_price
    reason = Reason(
        code="compensation.unit_price_outlier",
        message=N_("%(price)s yuan per m² against a median of %(median)s among %(size)s households of the class."),
        parameters={"price": str(price), "median": str(to_fen(middle)), "size": size},
        remedy=N_("Compare with its nearest twins and record what explains it."),
    )
    return Outlier(member.facts.code, group, price, to_fen(middle), score, reason)


def _median(values: Sequence[Decimal]) -> Decimal:
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _named(household: Assessed) -> dict[str, str]:
    return {name: fact(household) for name, fact in FACTS.items()}


def _distance(mine: Assessed, theirs: Assessed, named: Mapping[str, str]) -> Decimal:
    """Mean over the facts: areas by their relative difference, all others 0 when equal and 1 when not."""
    larger = max(mine.area_m2, theirs.area_m2)
    area = abs(mine.area_m2 - theirs.area_m2) / larger if larger else Decimal(0)
    categorical = [name for name in FACTS if name not in ("dwelling_area", "other_area")]
    unlike = sum(FACTS[name](theirs) != named[name] for name in categorical)
    return ((area * 2 + unlike) / (len(categorical) + 2)).quantize(Decimal("0.0001"))


def _item_differences(mine: Assessed, theirs: Assessed, named: Mapping[str, str]) -> tuple[ItemDifference, ...]:
    items = dict.fromkeys(line.item for line in (*mine.statement.lines, *theirs.statement.lines))
    found = []
    for item in items:
        one, other = mine.statement.of_item(item), theirs.statement.of_item(item)
        if one == other:
            continue
        names = (*_EVERYWHERE, *ITEM_FACTS.get(item, LOCAL_ITEM_FACTS))
        facts = ((name, named[name], FACTS[name](theirs)) for name in names)
        differing = tuple(FactDifference(name, a, b) for name, a, b in facts if a != b)
        found.append(ItemDifference(item=item, mine=one, theirs=other, facts=differing))
    return tuple(found)
