"""What was inventoried of a household, as the values that its statement of compensation is computed from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from zhengtu.core.compensation.facts import (
    Attachment,
    Business,
    Homestead,
    Land,
    Member,
    Quote,
    ReplacementHouse,
)
from zhengtu.ledger.rulebook import current_compensation

_LOCAL: Final = "local."


class Held(NamedTuple):
    """One standing fact."""

    reference: str
    happened_on: date
    attributes: Mapping[str, Any]


Facts = Mapping[str, Sequence[Held]]
"""kind -> facts, in the order in which they happened."""


def last(facts: Facts, kind: str) -> Held | None:
    """The latest fact of a kind."""
    held = facts.get(kind)
    return held[-1] if held else None


def is_yes(fact: Held | None, name: str) -> bool:
    """Whether the fact says yes to that."""
    return fact is not None and fact.attributes.get(name) == "yes"


def day(text: Any) -> date | None:
    """A stored day."""
    return date.fromisoformat(text) if text else None


def number(attributes: Mapping[str, Any], name: str) -> Decimal | None:
    """A stored number, or None where there is none."""
    text = attributes.get(name)
    return None if text in (None, "") else Decimal(str(text))


def quotes(own: Facts) -> Iterator[Quote]:
    """Fittings and the moving of equipment; the fact itself is the evidence named."""
    for fact in own.get("item_quoted", ()):
        yield Quote(fact.attributes["item"], Decimal(fact.attributes["amount_yuan"]), fact.reference)


def members(registered: int, own: Facts) -> tuple[Member, ...]:
    """Persons by number, without names: so many as registered, or as a hardship's number or the farmers show."""
    hardships: dict[int, set[str]] = defaultdict(set)
    for fact in own.get("hardship_recognised", ()):
        hardships[int(fact.attributes["member"])].add(fact.attributes["hardship"])
    recognised = last(own, "farmers_recognised")
    farmers = int(recognised.attributes["members"]) if recognised else 0
    count = max(registered, farmers, *hardships, 0)
    return tuple(
        Member(
            name="", reference=str(place), hardships=frozenset(hardships.get(place, ())),
            loses_farmland=place <= farmers,
        )
        for place in range(1, count + 1)
    )


def attachments(own: Facts) -> Iterator[Attachment]:
    """Things counted, or appraised as a whole; the fact itself is the evidence named."""
    for fact in own.get("item_inventoried", ()):
        if _piece(fact.attributes["item"]) is None:
            yield Attachment(
                kind=fact.attributes["item"], quantity=Decimal(fact.attributes["quantity"]),
                appraised=number(fact.attributes, "amount_yuan"), evidence=fact.reference,
            )


def pieces(own: Facts) -> dict[str, Decimal]:
    """Local items counted by piece, by parameter."""
    counted: dict[str, Decimal] = {}
    for fact in own.get("item_inventoried", ()):
        parameter = _piece(fact.attributes["item"])
        if parameter is not None:
            counted[parameter] = counted.get(parameter, Decimal(0)) + Decimal(fact.attributes["quantity"])
    return counted


def _piece(item: str) -> str | None:
    """The local item that is counted by piece under that name, or None: then it is an attachment."""
    parameter = f"{_LOCAL}{item}"
    return parameter if parameter in current_compensation().rules.parameters.by_id else None


def business(attributes: Mapping[str, Any]) -> Business:
    """What is known of a business."""
    return Business(
        monthly_profit=number(attributes, "monthly_profit_yuan"),
        assessed_loss=number(attributes, "assessed_loss_yuan"),
        stoppage_months=number(attributes, "stoppage_months"),
        has_licence=attributes.get("has_licence") == "yes",
        pays_tax=attributes.get("pays_tax") == "yes",
    )


def lands(own: Facts) -> Iterator[Land]:
    """Collective land with its crops, numbered as inventoried."""
    for place, fact in enumerate(own.get("land_inventoried", ()), start=1):
        given = fact.attributes
        yield Land(
            code=str(place), zone=given["zone"], land_class=given["land_class"], area_m2=Decimal(given["area_m2"]),
            crop=given.get("crop", ""), crop_area_m2=number(given, "crop_area_m2") or Decimal(0),
        )


def homestead(own: Facts) -> Homestead | None:
    """The homestead as last inventoried."""
    fact = last(own, "homestead_inventoried")
    if fact is None:
        return None
    return Homestead(
        legal_area_m2=Decimal(fact.attributes["legal_area_m2"]),
        control_area_m2=Decimal(fact.attributes["control_area_m2"]),
        built_area_m2=Decimal(fact.attributes["built_area_m2"]),
        household_splits=int(fact.attributes.get("household_splits") or 0),
    )


def replacement_houses(own: Facts) -> tuple[ReplacementHouse, ...]:
    """The houses that the household chose in exchange."""
    return tuple(
        ReplacementHouse(
            code=fact.attributes["house"], floor_area_m2=Decimal(fact.attributes["floor_area_m2"]),
            price_per_m2=Decimal(fact.attributes["price_yuan_per_m2"]),
        )
        for fact in own.get("replacement_chosen", ())
    )
