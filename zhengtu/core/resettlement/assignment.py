"""From a plan to families: in every group those who come first take the soonest way home, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

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
    names = {one.key: one.name for one in case.buildings if one.name}
    names |= {one.key: one.name for one in case.market if one.name}
    found = []
    for group in groups_of(case):
        held = slots.get(group.key, [])
        for place, family in enumerate(group.families, start=1):
            slot = held[place - 1] if place <= len(held) else None
            found.append(Assignment(
                family=family.code, slot=slot, yuan=_exact_yuan(family, slot), place=place, of=len(group.families),
                because=_because(
                    family, slot, place=place, of=len(group.families), given=len(held), names=names
                ),
            ))
    return sorted(found, key=lambda one: one.family)


def _exact_yuan(family: WaitingFamily, slot: Slot | None) -> Decimal:
    if slot is None:
        return Decimal(0)
    return family.cash_yuan or Decimal(0) if slot.way is Way.CASH else slot.yuan


def reason_for(code: str, *, way: Way | None, parameters: Mapping[str, str]) -> Reason:
    """The sentence of an assignment out of what was kept of it.

    Raises:
        KeyError: for a code of no assignment.
    """
    home, money, remedy = _SENTENCES[code]
    return Reason(
        code=f"resettlement.{code}", message=money if way is Way.CASH else home, parameters=parameters, remedy=remedy,
    )


def _because(
    family: WaitingFamily, slot: Slot | None, *, place: int, of: int, given: int, names: Mapping[str, str]
) -> Reason:
    parameters = {
        "place": str(place), "of": str(of), "given": str(given), "waited": str(max(0, family.waited_months)),
    }
    if slot is None:
        code = "nothing_left" if family.open_ways else "no_way_open"
        return reason_for(code, way=None, parameters=parameters)
    parameters |= {
        "way": f"choice:way_chosen.way.{slot.way}", "months": str(round(slot.months)),
        "supply": names.get(slot.supply, slot.supply),
    }
    return reason_for(_ground(family), way=slot.way, parameters=parameters)


def _ground(family: WaitingFamily) -> str:
    if family.choice is not None:
        return "as_chosen"
    if family.is_vulnerable:
        return "vulnerable_first"
    return "longest_first" if family.waited_months > 0 else "not_late"


_SENTENCES: Final = {
    "no_way_open": (
        N_("The recorded choice is none of the ways that are open to this family."), "",
        N_("Speak with the family, and record what it chooses."),
    ),
    "nothing_left": (
        N_("Place %(place)s of %(of)s alike, and homes and money reach %(given)s of them."), "",
        N_("More money or more homes of this type would reach the next families."),
    ),
    "as_chosen": (
        N_("%(way)s, as the family chose: %(supply)s, home in about %(months)s months; overdue for %(waited)s months, "
           "place %(place)s of %(of)s alike."),
        N_("%(way)s, as the family chose, in about %(months)s months; overdue for %(waited)s months, "
           "place %(place)s of %(of)s alike."), "",
    ),
    "vulnerable_first": (
        N_("%(way)s: %(supply)s, home in about %(months)s months; a recorded hardship puts the family first, "
           "place %(place)s of %(of)s alike."),
        N_("%(way)s in about %(months)s months; a recorded hardship puts the family first, "
           "place %(place)s of %(of)s alike."), "",
    ),
    "longest_first": (
        N_("%(way)s: %(supply)s, home in about %(months)s months; overdue for %(waited)s months, "
           "place %(place)s of %(of)s alike."),
        N_("%(way)s in about %(months)s months; overdue for %(waited)s months, place %(place)s of %(of)s alike."), "",
    ),
    "not_late": (
        N_("%(way)s: %(supply)s, home in about %(months)s months; not overdue yet, place %(place)s of %(of)s alike."),
        N_("%(way)s in about %(months)s months; not overdue yet, place %(place)s of %(of)s alike."), "",
    ),
}
"""Code -> sentence for a home, sentence for money, remedy."""
