"""Planned cumulative curves: how many have to be signed, vacated and handed over by the end of each week.

The curve of the backward plan: each section's work spread over its latest days; where no deadline asks for it, over its
earliest. What is done counts from the day that the ledger says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import numpy as np

from zhengtu.core.planning.plan import ActivityKind, PlannedActivity, TrajectoryPoint
from zhengtu.core.planning.plan_case import PlanCase, Stage

_FIGURES: Final = {"signed_count": Stage.NEGOTIATION, "vacated_count": Stage.VACATING}
_STEP: Final = timedelta(days=7)
_PLACES: Final = Decimal("0.1")


def planned_curves(bars: Sequence[PlannedActivity], case: PlanCase, *, is_early: bool = False) -> dict[
    str, list[TrajectoryPoint]
]:
    """Figure -> its planned curve, a point a week from the plan's day on and one on the last day.

    Args:
        is_early: the curve of the earliest days instead of the latest.
    """
    curves = {
        figure: _curve([_work(bar, case, is_early) for bar in bars if bar.stage is stage], case.on)
        for figure, stage in _FIGURES.items()
    }
    handovers = [
        (Decimal(bar.is_done), Decimal(1), *_days(bar, is_early)) for bar in bars if bar.kind is ActivityKind.HANDOVER
    ]
    return {**curves, "handed_over_count": _curve(handovers, case.on)}


Work = tuple[Decimal, Decimal, date, date]
"""(done on the plan's day, of how many, first and last day of the rest)."""


def _work(bar: PlannedActivity, case: PlanCase, is_early: bool) -> Work:
    return Decimal(bar.households - bar.households_left), Decimal(bar.households), *_days(bar, is_early)


def _days(bar: PlannedActivity, is_early: bool) -> tuple[date, date]:
    if is_early or bar.late_start_on is None or bar.late_end_on is None:
        return bar.early_start_on, bar.early_end_on
    return bar.late_start_on, bar.late_end_on


def _curve(works: Sequence[Work], on: date) -> list[TrajectoryPoint]:
    if not works:
        return []
    left = [(done, whole, first, last) for done, whole, first, last in works if done < whole]
    begin = min([on, *(first for _, _, first, _ in left)])
    end = max([on, *(last for _, _, _, last in left)])
    days = [begin + place * _STEP for place in range((end - begin).days // _STEP.days + 1)]
    ends = sorted({*days, on, end, *(last for _, whole, _, last in left if whole == 1)})
    ordinals = np.array([day.toordinal() for day in ends], dtype=np.float64)
    totals = np.zeros(len(ends))
    for done, whole, first, last in works:
        if done == whole:
            totals += float(done)
            continue
        span = (last - first).days + 1
        share = np.clip(ordinals - first.toordinal() + 1, 0, span) / span
        totals += float(done) + float(whole - done) * (share if whole > 1 else np.floor(share))
    return [
        TrajectoryPoint(day, Decimal(str(count)).quantize(_PLACES))
        for day, count in zip(ends, totals.tolist(), strict=True)
    ]
