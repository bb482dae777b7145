"""Cumulative curves of what was reached, day by day, and their sums over parts of projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from zhengtu.campaign.plan_values import FanPoint, Trajectory
from zhengtu.core.planning.plan import TrajectoryPoint

FIGURES: Final = ("signed_count", "vacated_count", "handed_over_count")
"""What is planned and forecast: households settled by agreement or decision, vacated, and sections handed over."""


def cumulative(days: Iterable[date], *, on: date) -> list[TrajectoryPoint]:
    """The count by the end of each day on which one was added; ends on the given day."""
    found: list[TrajectoryPoint] = []
    total = 0
    for day, count in sorted(Counter(day for day in days if day <= on).items()):
        total += count
        found.append(TrajectoryPoint(day, Decimal(total)))
    if not found or found[-1].on < on:
        found.append(TrajectoryPoint(on, Decimal(total)))
    return found


def from_day(
    planned: Sequence[TrajectoryPoint], actual: Sequence[TrajectoryPoint], *, day: date
) -> list[TrajectoryPoint]:
    """The curve of a plan made on a day: before that day what happened, from it on what was planned.

    What the plan wanted earlier is due on its day at once.
    """
    if not planned:
        return []
    before = [point for point in planned if point.on <= day]
    at_once = [TrajectoryPoint(day, before[-1].count)] if before else []
    later = [point for point in planned if point.on > day]
    return [*(point for point in actual if point.on < day), *at_once, *later]


def summed(curves: Sequence[Sequence[TrajectoryPoint]]) -> list[TrajectoryPoint]:
    """The sum of step curves; each holds its last value after its last day, and is nothing before its first."""
    steps: Counter[date] = Counter()
    for curve in curves:
        before = Decimal(0)
        for point in curve:
            steps[point.on] += point.count - before  # type: ignore[assignment]
            before = point.count
    total = Decimal(0)
    found = []
    for day in sorted(steps):
        total += steps[day]
        found.append(TrajectoryPoint(day, total))
    return found


def joined(
    trajectories: Iterable[Mapping[str, Trajectory]], *, fans: Mapping[str, Sequence[FanPoint]]
) -> dict[str, Trajectory]:
    """The trajectories of several parts together.

    Args:
        fans: figure -> the fan of all of them, which is no sum of their fans.
    """
    held = list(trajectories)
    found = {}
    for figure in FIGURES:
        own = [one[figure] for one in held if figure in one]
        if own:
            found[figure] = Trajectory(
                figure=figure, of=sum(one.of for one in own), planned=summed([one.planned for one in own]),
                actual=summed([one.actual for one in own]), fan=fans.get(figure, ()),
                baselines=[day for one in own for day in one.baselines], parts=sum(one.parts for one in own),
            )
    return found
