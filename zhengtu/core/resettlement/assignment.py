"""From a plan to families: in every group those who come first take the soonest way home, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.resettlement.choosing import OptionsPlan
from zhengtu.core.resettlement.options import OptionsCase, Slot, WaitingFamily, Way, groups_of


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a plan holds for one family.

    Attributes:
        slot: the way home, or None where nothing is left for it within the horizon.
        yuan: what its way costs exactly; zero for a building.
        place, of: its place among the families of its group, 1 first.
    """

    family: str
    slot: Slot | None
    yuan: Decimal
    place: int
    of: int
    because: Reason


def assignments(plan: OptionsPlan, case: OptionsCase) -> list[Assignment]:
    """Every family with its way home, by code."""
    slots: dict[tuple[str, ...], list[Slot]] = {}
    for one in sorted(plan.chosen, key=lambda one: (one.slot.months, one.slot.way, one.slot.supply)):
        slots.setdefault(one.group, []).extend([one.slot] * one.count)
    found = []
    for group in groups_of(case):
        held = slots.get(group.key, [])
        for place, family in enumerate(group.families, start=1):
            slot = held[place - 1] if place <= len(held) else None
            found.append(Assignment(
                family=family.code, slot=slot, yuan=_exact_yuan(family, slot), place=place, of=len(group.families),
                because=_because(family, slot, place=place, of=len(group.families), given=len(held)),
            ))
    return sorted(found, key=lambda one: one.family)


def _exact_yuan(family: WaitingFamily, slot: Slot | None) -> Decimal:
    if slot is None:
        return Decimal(0)
    return family.cash_yuan or Decimal(0) if slot.way is Way.CASH else slot.yuan


def _because(family: WaitingFamily, slot: Slot | None, *, place: int, of: int, given: int) -> Reason:
    parameters = {
        "place": str(place), "of": str(of), "given": str(given), "waited": str(family.waited_months),
        "way": f"resettlement_way:{slot.way}" if slot else "", "supply": slot.supply if slot else "",
    }
    if not family.open_ways:
        return Reason(
            code="resettlement.no_way_open",
            message=N_("The recorded choice is none of the ways that are open to this family."), parameters=parameters,
            remedy=N_("Speak with the family, and record what it chooses."),
        )
    if slot is None:
        return Reason(
            code="resettlement.nothing_left",
            message=N_("Place %(place)s of %(of)s alike, and homes and money reach %(given)s of them."),
            parameters=parameters, remedy=N_("More money or more homes of this type would reach the next families."),
        )
    if family.choice is not None:
        return Reason(
            code="resettlement.as_chosen",
            message=N_("%(way)s, as the family chose: place %(place)s of %(of)s alike, %(waited)s months overdue."),
            parameters=parameters,
        )
    if family.is_vulnerable:
        return Reason(
            code="resettlement.vulnerable_first",
            message=N_("%(way)s: a recorded hardship puts it first, place %(place)s of %(of)s alike."),
            parameters=parameters,
        )
    return Reason(
        code="resettlement.longest_first",
        message=N_("%(way)s: %(waited)s months overdue, place %(place)s of %(of)s alike."), parameters=parameters,
    )
