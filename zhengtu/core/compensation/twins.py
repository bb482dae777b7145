"""One ruler for all: a household's nearest twins with the named facts that explain the difference, to the fen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from zhengtu.core.compensation.facts import COMPENSABLE, HouseholdFacts, Option, Use
from zhengtu.core.compensation.statement import Group, Statement
from zhengtu.core.kernel.money import ZERO, product, to_fen, total

SCALE: Final = frozenset({"dwelling_area", "other_area"})
"""How large a house is: it explains how much of a price is due, never the price per m² itself."""
BY_AREA: Final = frozenset({"house_value", "rural_house"})
"""Items that are an area times a valued price."""


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

    Attributes:
        unexplained: yuan of the difference that nothing on file explains: all of it where no fact differs, and of a
            value by area what another price per m² makes where only the area differs.
    """

    item: str
    mine: Decimal
    theirs: Decimal
    facts: tuple[FactDifference, ...]
    unexplained: Decimal = ZERO


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
        """Items of whose difference nothing on file explains some or all."""
        return tuple(item for item in self.items if item.unexplained)


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
        rest = _unexplained(item, one, other, differing, areas=(mine.area_m2, theirs.area_m2))
        found.append(ItemDifference(item=item, mine=one, theirs=other, facts=differing, unexplained=rest))
    return tuple(found)


def _unexplained(
    item: str, mine: Decimal, theirs: Decimal, facts: Sequence[FactDifference], *, areas: tuple[Decimal, Decimal]
) -> Decimal:
    """What is left of a difference: my area at the twin's price per m² is explained, another price is not."""
    if not facts:
        return mine - theirs
    if item not in BY_AREA or not {fact.fact for fact in facts} <= SCALE or not areas[1]:
        return ZERO
    return mine - product(theirs, areas[0], per=areas[1])
