"""What the papers say: areas and parties that differ between register, survey, valuation, agreement and payment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from zhengtu.core.integrity.findings import Finding, FindingRow, Rules, key_of, sorted_findings
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason


@dataclass(frozen=True, slots=True)
class Said:
    """What one paper says of a household: ``paper`` is a kind of fact, ``value`` an area (m²) or a keyed hash."""

    household: str
    paper: str
    value: str
    fact: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Floor area that a household has registered in a building."""

    household: str
    building: str
    area_m2: Decimal


@dataclass(frozen=True, slots=True)
class Inventoried:
    """Attachments of one item on a household's land."""

    household: str
    item: str
    quantity: Decimal
    land_area_m2: Decimal
    fact: str


def areas_differ(papers: Iterable[Said], *, rules: Rules) -> list[Finding]:
    """Households whose papers name different floor areas."""
    rule = rules["areas_differ"]
    found = []
    for household, said in _by_household(papers).items():
        areas = [Decimal(one.value) for one in said]
        spread = max(areas) - min(areas)
        if spread <= rule.number("area_m2"):
            continue
        sentence = Reason(
            code="integrity.areas_differ",
            message=N_("The papers of this household name floor areas from %(least)s to %(most)s m²."),
            parameters={"least": f"{min(areas):.2f}", "most": f"{max(areas):.2f}"},
            source=rule.source,
            remedy=N_("Find out which paper is right and correct the others."),
        )
        rows = tuple(
            FindingRow(
                household, one.fact,
                ((N_("Paper"), f"fact:{one.paper}"), (N_("Floor area (m²)"), f"{Decimal(one.value):.2f}")),
            )
            for one in said
        )
        found.append(Finding(rule.id, key_of(rule.id, household), sentence, rows))
    return sorted_findings(found)


def parties_differ(papers: Iterable[Said], *, rules: Rules) -> list[Finding]:
    """Households whose papers were signed by, or name, different parties."""
    rule = rules["parties_differ"]
    found = []
    for household, said in _by_household(papers).items():
        names = {one.value for one in said}
        if len(names) < 2:
            continue
        letters = {name: chr(ord("A") + number) for number, name in enumerate(dict.fromkeys(one.value for one in said))}
        sentence = Reason(
            code="integrity.parties_differ",
            message=N_("The papers of this household name %(parties)s different parties."),
            parameters={"parties": len(names)},
            source=rule.source,
            remedy=N_("File the succession, sale or power of attorney that joins them."),
        )
        rows = tuple(
            FindingRow(household, one.fact, ((N_("Paper"), f"fact:{one.paper}"), (N_("Party"), letters[one.value])))
            for one in said
        )
        found.append(Finding(rule.id, key_of(rule.id, household), sentence, rows))
    return sorted_findings(found)


def _by_household(papers: Iterable[Said]) -> dict[str, list[Said]]:
    by_household: dict[str, list[Said]] = defaultdict(list)
    for one in papers:
        if one.value:
            by_household[one.household].append(one)
    return by_household


def building_overclaimed(
    claims: Iterable[Claim], *, floor_areas_m2: Mapping[str, Decimal], rules: Rules
) -> list[Finding]:
    """Buildings in which several households together claim more floor area than the survey measured."""
    rule = rules["building_overclaimed"]
    by_building: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for claim in claims:
        by_building[claim.building][claim.household] = claim.area_m2
    found = []
    for building, held in by_building.items():
        floor, claimed = floor_areas_m2.get(building), sum(held.values(), Decimal(0))
        if not floor or len(held) < 2 or claimed <= floor * (1 + rule.number("share")):
            continue
        sentence = Reason(
            code="integrity.building_overclaimed",
            message=N_("%(households)s households claim %(claimed)s m² in a building of %(floor)s m²."),
            parameters={"households": len(held), "claimed": f"{claimed:.2f}", "floor": f"{floor:.2f}"},
            source=rule.source,
            remedy=N_("Measure the building again and show each household's share."),
        )
        rows = tuple(
            FindingRow(household, "", ((N_("Floor area (m²)"), f"{held[household]:.2f}"),))
            for household in sorted(held)
        )
        found.append(Finding(rule.id, key_of(rule.id, building), sentence, rows))
    return sorted_findings(found)


def inflated_attachments(inventory: Iterable[Inventoried], *, rules: Rules) -> list[Finding]:
    """Households with more of an item than their land can hold."""
    rule = rules["inflated_attachments"]
    by_item: dict[tuple[str, str], list[Inventoried]] = defaultdict(list)
    for one in inventory:
        if one.item in rule.thresholds:
            by_item[one.household, one.item].append(one)
    found = []
    for (household, item), held in by_item.items():
        land = max(held[0].land_area_m2, rule.number("least_land_m2"))
        quantity, most = sum((one.quantity for one in held), Decimal(0)), land * rule.number(item)
        if quantity <= most:
            continue
        sentence = Reason(
            code="integrity.inflated_attachments",
            message=N_("%(item)s: %(quantity)s on %(land)s m² of land, where at most %(most)s are plausible."),
            parameters={
                "item": f"choice:item_inventoried.item.{item}", "quantity": f"{quantity.normalize():f}",
                "land": f"{land:.2f}", "most": f"{most:.0f}",
            },
            source=rule.source,
            remedy=N_("Count again together with the household, with photos and the image of the freeze day."),
        )
        rows = tuple(
            FindingRow(
                household, one.fact,
                ((N_("Item"), f"choice:item_inventoried.item.{item}"),
                 (N_("Quantity"), f"{one.quantity.normalize():f}")),
            )
            for one in sorted(held, key=lambda row: row.fact)
        )
        found.append(Finding(rule.id, key_of(rule.id, household, item), sentence, rows))
    return sorted_findings(found)
