"""Why a case cannot be solved as it was given, and why some families cannot come home under any plan of it.

A case with faults is refused before it reaches the solver. Obstacles refuse nothing: the plan is made, and they say
which families it leaves waiting, how many, and what would bring them home.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.resettlement.options import (
    BuildingSupply,
    MarketSupply,
    OptionsCase,
    Slot,
    WaitingFamily,
    Way,
    groups_of,
    mean_months,
    purses,
    slots_for,
)

_TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Families that no plan of the case brings home, with what stands in their way.

    Attributes:
        families: their codes, in order.
    """

    because: Reason
    families: Sequence[str]


def case_faults(case: OptionsCase) -> list[Reason]:
    """What contradicts itself in a case: sums or counts below zero, chances that are none, things named twice."""
    return [*_supply_faults(case), *_budget_faults(case), *_family_faults(case)]


def obstacles(case: OptionsCase) -> list[Obstacle]:
    """Why families cannot come home within the horizon, each family under the first thing that stands in its way."""
    found: dict[tuple[str, str], tuple[Reason, list[str]]] = {}
    means = mean_months(case)
    for group in groups_of(case):
        slots = slots_for(group, case, means=means)
        if slots and group.families[0].open_ways and _is_affordable(slots, group.families[0].payer, case):
            continue
        for family in group.families:
            reason = _obstacle(family, case, slots)
            found.setdefault((reason.code, str(sorted(reason.parameters.items()))), (reason, []))[1].append(family.code)
    return [Obstacle(reason, tuple(sorted(codes))) for reason, codes in found.values()]


def shortages(case: OptionsCase) -> list[Reason]:
    """Types of homes of which fewer are to be had in the whole horizon than families wait for that can take nothing
    else: such families stay waiting however much money there is."""
    homes = Counter({one.home: 0 for one in case.buildings} | {one.home: 0 for one in case.market})
    for building in case.buildings:
        homes[building.home] += building.count
    for offer in case.market:
        homes[offer.home] += offer.count
    bound = Counter(one.home for one in case.families if one.open_ways and Way.CASH not in one.open_ways)
    return [
        Reason(
            code="resettlement.homes_short",
            message=N_("Type %(home)s: %(families)s families take nothing but a home, and there are %(homes)s."),
            parameters={"home": f"home_type:{home}", "families": str(families), "homes": str(homes[home])},
            remedy=N_("Find more homes of this type, or ask the families whether another way suits them."),
        )
        for home, families in sorted(bound.items()) if families > homes[home]
    ]


def _is_affordable(slots: Sequence[Slot], payer: str, case: OptionsCase) -> bool:
    """Whether any of these ways costs nothing, or no more than the payer has in its year."""
    money = {one.months[-1]: one.yuan for one in purses(case) if one.payer == payer}
    return any(slot.spend_month is None or slot.yuan <= money[slot.spend_month] for slot in slots)


def _obstacle(family: WaitingFamily, case: OptionsCase, slots: Sequence[Slot]) -> Reason:
    """The first thing that stands in a family's way."""
    if not family.open_ways:
        if family.choice is Way.CASH and family.cash_yuan is None:
            return Reason(
                code="resettlement.cash_unknown",
                message=N_("The family chose money, and no sum is agreed."),
                remedy=N_("Agree on the sum and record it."),
            )
        return Reason(
            code="resettlement.choice_not_open",
            message=N_("The recorded choice (%(way)s) is none of the ways that are open to the family."),
            parameters={"way": f"choice:way_chosen.way.{family.choice}"},
            remedy=N_("Speak with the family, and record what it chooses."),
        )
    if not any(one.payer == family.payer for one in case.budgets) and family.open_ways != {Way.BUILDING}:
        return Reason(
            code="resettlement.no_budget",
            message=N_("%(payer)s has no budget in the case, so nothing can be bought or paid for its families."),
            parameters={"payer": family.payer},
            remedy=N_("Enter what the payer may spend, or let another advance it."),
        )
    if family.open_ways == {Way.BUILDING}:
        return Reason(
            code="resettlement.no_building",
            message=N_("No building of the case holds homes of type %(home)s for the family within the horizon."),
            parameters={"home": family.home, "building": family.building},
            remedy=N_("Add the building, or ask the family whether another way suits it."),
        )
    if slots:
        return Reason(
            code="resettlement.budget_too_small",
            message=N_("In no year has %(payer)s as much as one home or settlement costs: at least %(least)s yuan."),
            parameters={"payer": family.payer, "least": f"{min(slot.yuan for slot in slots):,.0f}"},
            remedy=N_("Put the budgets of several years together, or let another payer advance it."),
        )
    return Reason(
        code="resettlement.nothing_offered",
        message=N_("No home of type %(home)s is on offer, and money is not open to the family."),
        parameters={"home": family.home}, remedy=N_("Find homes of this type."),
    )


def _supply_faults(case: OptionsCase) -> Iterator[Reason]:
    supplies: list[BuildingSupply | MarketSupply] = [*case.buildings, *case.market]
    keys = Counter(one.key for one in supplies)
    for key, count in keys.items():
        if count > 1:
            yield _fault("supply_twice", N_("%(what)s stands twice among the homes."), key)
    for building in case.buildings:
        total = sum(building.completion_chances.values())
        below = any(chance < 0 or months < 0 for months, chance in building.completion_chances.items())
        if below or abs(total - 1) > _TOLERANCE:
            yield _fault("chances", N_("The chances of completion of %(what)s do not add up to one."), building.key)
    for one in supplies:
        if one.count < 0:
            yield _fault("count", N_("%(what)s has fewer than no homes."), one.key)
    for offer in case.market:
        if offer.price_yuan <= 0 or offer.from_month < 0:
            yield _fault("price", N_("%(what)s needs a price above zero and a month that is not past."), offer.key)


def _budget_faults(case: OptionsCase) -> Iterator[Reason]:
    years = Counter((one.payer, one.from_month) for one in case.budgets)
    for (payer, month), count in years.items():
        if count > 1:
            yield _fault("budget_twice", N_("The budget of %(what)s stands twice for one year."), f"{payer}/{month}")
    for one in case.budgets:
        if one.yuan < 0 or one.from_month < 0:
            yield _fault("budget", N_("The budget of %(what)s lies below zero."), f"{one.payer}/{one.from_month}")
    if case.horizon_months <= 0 or case.cash_months < 0:
        yield _fault("horizon", N_("The horizon of %(what)s months leaves no time."), str(case.horizon_months))


def _family_faults(case: OptionsCase) -> Iterator[Reason]:
    for code, count in Counter(one.code for one in case.families).items():
        if count > 1:
            yield _fault("family_twice", N_("Family %(what)s stands twice in the case."), code)
    for one in case.families:
        if one.monthly_yuan < 0 or (one.cash_yuan is not None and one.cash_yuan < 0):
            yield _fault("family_sum", N_("Family %(what)s has a sum below zero."), one.code)


def _fault(code: str, message: str, what: str) -> Reason:
    return Reason(
        code=f"resettlement.{code}", message=message, parameters={"what": what}, remedy=N_("Correct it and try again."),
    )
