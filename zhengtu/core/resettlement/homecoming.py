"""How many families are home by when: what a plan promises, and what the chances of its buildings make of it."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate

from zhengtu.core.resettlement.choosing import OptionsPlan
from zhengtu.core.resettlement.options import OptionsCase


def expected_home(plan: OptionsPlan, case: OptionsCase) -> list[float]:
    """Families expected to be home by the end of each month, from month 0 to the horizon.

    A home that is bought and settling in money are certain on their day; a family of a building is home in each month
    with the chance that the building is completed by then.
    """
    arriving: Counter[int] = Counter()
    chances = {one.key: one.completion_chances for one in case.buildings}
    expected = [0.0] * (case.horizon_months + 1)
    for one in plan.chosen:
        if one.slot.supply not in chances:
            arriving[round(one.slot.months)] += one.count
            continue
        for months, chance in chances[one.slot.supply].items():
            if months <= case.horizon_months:
                expected[months] += one.count * chance
    for months, count in arriving.items():
        expected[months] += count
    return list(accumulate(expected))
