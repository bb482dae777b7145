"""The planned curves of baselines: what was to be reached by when, by the plan that was set to be measured against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from zhengtu.campaign.plan_facts import plan_cases
from zhengtu.campaign.plan_values import BaselineSet
from zhengtu.core.planning.plan import TrajectoryPoint
from zhengtu.core.planning.planning import bars_of
from zhengtu.core.planning.trajectory import planned_curves
from zhengtu.ledger.rulebook import current_rulebook

Curves = Mapping[str, Sequence[TrajectoryPoint]]
"""Figure -> its planned curve."""


@dataclass(frozen=True, slots=True)
class BaselineCurves:
    """The curves of one part's baseline, of the whole part and of each of its sections."""

    on: date
    part: Curves
    sections: Mapping[str, Curves]


def baseline_curves(baselines: Mapping[str, BaselineSet], *, on: date) -> dict[str, BaselineCurves]:
    """Part -> the curves of its baseline, as the ledger was known when it was set.

    Args:
        on: a baseline of this day or later is the plan itself and is left out.
    """
    together: dict[tuple[date, date], list[str]] = defaultdict(list)
    for code, held in sorted(baselines.items()):
        if held.on < on:
            together[held.on, held.recorded_on].append(code)
    rules = current_rulebook().schedule
    found = {}
    for (day, recorded_on), codes in together.items():
        for code, case in plan_cases(codes, on=day, known=recorded_on, for_bars=True).items():
            bars = bars_of(case, rules=rules)
            found[code] = BaselineCurves(day, planned_curves(bars, case), {
                section.code: planned_curves(
                    [one for one in bars if one.subject == section.code], replace(case, sections=[section])
                )
                for section in case.sections
            })
    return found
