"""Worlds whose whole course is known, so that forecasts made in their midst can be judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from zhengtu.core.forecast.history import Goal, GroupHistory, Journey
from zhengtu.core.forecast.rules import OutlookRules

TODAY = date(2026, 3, 1)
RULES = OutlookRules(
    horizon_weeks=520, weekly_weeks=26, samples=100, own_events=8, own_weeks=3, pooled_events=60, pooled_weeks=8,
    finished_groups=3, finished_share=0.95, pace_events=12, pace_weeks=4, lag_events=12, handovers=3, series_points=3,
    series_share=0.05,
)


@dataclass(frozen=True)
class World:
    """Groups with their whole course; ``at`` shows what of it a day knows."""

    groups: tuple[GroupHistory, ...]

    def at(self, on: date) -> list[GroupHistory]:
        def known(day: date | None) -> date | None:
            return day if day is not None and day <= on else None

        return [
            replace(
                group, on=on, started_on=known(group.started_on), handed_over_on=known(group.handed_over_on),
                journeys=tuple(Journey(*map(known, journey)) for journey in group.journeys),
            )
            for group in self.groups
        ]

    def completed_on(self, subject: str, goal: Goal) -> date:
        days = []
        for group in self.groups:
            if subject in (group.code, group.project):
                place = list(Goal).index(goal)
                ends = [group.handed_over_on] if goal is Goal.HANDED_OVER else [one[place] for one in group.journeys]
                days += [day for day in ends if day is not None]
        return max(days)


def world(
    seed: int, *, groups: int = 16, projects: int = 4, households: int = 20,
    waits: Callable[[np.random.Generator, int], np.ndarray] | None = None,
) -> World:
    """Groups begun over the last fifteen months; households are heterogeneous, and so are groups.

    Args:
        waits: draws days to settlement; by default exponential waits whose rates are gamma distributed (shape 1.5),
            so that the last households are much slower than the first.
    """
    rng = np.random.default_rng(seed)
    made = []
    for number in range(groups):
        start = TODAY - timedelta(days=int(rng.integers(10, 450)))
        count = int(rng.integers(5, 2 * households))
        pace = rng.gamma(3.0) / 3.0
        drawn = heterogeneous(rng, count) if waits is None else waits(rng, count)
        journeys = []
        for wait in np.minimum(drawn / pace, 6000):
            settled = start + timedelta(days=int(wait) + 1)
            paid = settled + timedelta(days=int(rng.exponential(12)) + 1)
            journeys.append(Journey(settled, paid, paid + timedelta(days=int(rng.exponential(20)) + 1)))
        last = max(journey.vacated_on for journey in journeys if journey.vacated_on is not None)
        made.append(GroupHistory(
            code=f"S{number:02}", project=f"P{number % projects}", households=count, started_on=start, on=date.max,
            journeys=tuple(journeys), handed_over_on=last + timedelta(days=int(rng.integers(3, 15))),
        ))
    return World(tuple(made))


def heterogeneous(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.exponential(30, count) / (rng.gamma(1.5, size=count) / 1.5)
