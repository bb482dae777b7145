"""The assignment that offices make by hand, to compare with: whoever waits longest takes the soonest that is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from zhengtu.core.resettlement.choosing import Chosen, OptionsPlan, subsidy_for
from zhengtu.core.resettlement.options import OptionsCase, Slot, groups_of, mean_months, precedence, purses, slots_for


def first_come_plan(case: OptionsCase) -> OptionsPlan:
    """Families in order of waiting over all groups, each with the soonest way that homes and money still allow."""
    homes = Counter({one.key: one.count for one in case.buildings}) + Counter(
        {one.key: one.count for one in case.market}
    )
    limits = purses(case)
    money = [one.yuan for one in limits]
    drawn: dict[tuple[str, int | None], list[int]] = {}
    for number, one in enumerate(limits):
        for month in one.months:
            drawn.setdefault((one.payer, month), []).append(number)
    groups = groups_of(case)
    means = mean_months(case)
    offers = {
        group.key: sorted(slots_for(group, case, means=means), key=lambda slot: (slot.months, slot.yuan))
        for group in groups
    }
    line = sorted(
        ((family, group) for group in groups for family in group.families),
        key=lambda one: (precedence(one[0]), one[0].code),
    )
    taken: Counter[tuple[tuple[str, ...], Slot]] = Counter()
    waiting: Counter[tuple[str, ...]] = Counter()
    months, subsidy, spent = 0.0, Decimal(0), Decimal(0)
    for family, group in line:
        slot = next(
            (
                one for one in offers[group.key]
                if _is_left(one, homes, [money[number] for number in drawn.get((family.payer, one.spend_month), ())])
            ),
            None,
        )
        span = float(case.horizon_months) if slot is None else slot.months
        months += span
        subsidy += subsidy_for(family, span)
        if slot is None:
            waiting[group.key] += 1
            continue
        taken[group.key, slot] += 1
        spent += slot.yuan
        if slot.supply:
            homes[slot.supply] -= 1
        for number in drawn.get((family.payer, slot.spend_month), ()):
            money[number] -= slot.yuan
    return OptionsPlan(
        chosen=tuple(Chosen(key, slot, count) for (key, slot), count in taken.items()), waiting=dict(waiting),
        family_months=months, spent_yuan=spent, subsidy_yuan=subsidy, gap=0.0,
    )


def _is_left(slot: Slot, homes: Counter[str], money: Sequence[Decimal]) -> bool:
    """Whether homes and every limit that it counts towards still allow a slot."""
    if slot.supply and not homes[slot.supply]:
        return False
    return all(left >= slot.yuan for left in money)
