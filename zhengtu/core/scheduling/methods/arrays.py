"""A resource-constrained problem as numbered arrays: what every search method of this package works on.

All links of activities with fixed durations are the same thing, a least distance between two starts. Activities are
numbered so that each comes after everything it waits for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.scheduling.network import FF, FS, SF
from zhengtu.core.scheduling.problem import Problem
from zhengtu.core.scheduling.problem_check import check
from zhengtu.core.scheduling.working_time import Whole


@dataclass(frozen=True)
class Arrays:
    """Activities 0 … n-1 in an order in which nothing comes before what it waits for.

    Attributes:
        ids: name of each activity.
        durations, releases: ticks, shape (n,); nothing starts before its release.
        demands: shape (n, resources).
        capacities: shape (resources,).
        arcs: (before, after) -> ticks between the two starts at the least; may be negative.
    """

    ids: tuple[str, ...]
    durations: Whole
    releases: Whole
    demands: Whole
    capacities: Whole
    arcs: Mapping[tuple[int, int], int]

    @property
    def count(self) -> int:
        """How many activities there are."""
        return len(self.ids)

    def successors(self) -> list[list[tuple[int, int]]]:
        """Of each activity: what waits for it, with the distance of the starts."""
        after: list[list[tuple[int, int]]] = [[] for _ in self.ids]
        for (i, j), distance in self.arcs.items():
            after[i].append((j, distance))
        return after

    def predecessors(self) -> list[list[tuple[int, int]]]:
        """Of each activity: what it waits for, with the distance of the starts."""
        before: list[list[tuple[int, int]]] = [[] for _ in self.ids]
        for (i, j), distance in self.arcs.items():
            before[j].append((i, distance))
        return before

    def earliest(self) -> Whole:
        """Earliest starts by links and releases alone."""
        starts = self.releases.tolist()
        before = self.predecessors()
        for j in range(self.count):
            for i, distance in before[j]:
                starts[j] = max(starts[j], starts[i] + distance)
        return np.array(starts, dtype=np.int64)

    def tails(self) -> Whole:
        """Ticks from each activity's start to the end of everything that hangs on it, by links alone."""
        tails = self.durations.tolist()
        after = self.successors()
        for i in reversed(range(self.count)):
            for j, distance in after[i]:
                tails[i] = max(tails[i], distance + tails[j])
        return np.array(tails, dtype=np.int64)

    def makespan(self, starts: Whole) -> int:
        """When the last activity of a schedule is finished."""
        return int((starts + self.durations).max(initial=0))

    def mirrored(self) -> Arrays:
        """The same problem with time running backwards; activity k becomes n-1-k. Releases are dropped."""
        last = self.count - 1
        p = self.durations.tolist()
        return Arrays(
            ids=self.ids[::-1],
            durations=self.durations[::-1].copy(),
            releases=np.zeros(self.count, dtype=np.int64),
            demands=self.demands[::-1].copy(),
            capacities=self.capacities,
            arcs={(last - j, last - i): distance + p[j] - p[i] for (i, j), distance in self.arcs.items()},
        )


def arrays_of(problem: Problem) -> Arrays:
    """Number a problem without calendars, of which nothing has happened yet; its start becomes tick 0.

    Raises:
        Refused: the problem cannot be computed (`problem_check.check`), or has calendars, actual or fixed dates,
            which the searches do not know (`levelling` does).
    """
    network = check(problem)
    order = network.order
    number = {old: new for new, old in enumerate(order)}
    for old in order:
        if network.calendar_of[old] or network.states[old]:
            raise Refused(_unknown_to_search(problem.activities[old].id))
    if network.lag_calendars.any() or any(resource.calendar for resource in problem.resources):
        raise Refused(_unknown_to_search(problem.activities[order[0]].id))
    durations = np.array([network.durations[old] for old in order], dtype=np.int64)
    column = {resource.id: place for place, resource in enumerate(problem.resources)}
    demands = np.zeros((len(order), len(column)), dtype=np.int64)
    for new, old in enumerate(order):
        for resource, amount in problem.activities[old].demands.items():
            if durations[new] and amount:  # a milestone holds nothing
                demands[new, column[resource]] = amount
    arcs: dict[tuple[int, int], int] = {}
    columns = (network.before, network.after, network.kinds, network.lags)
    for before, after, kind, lag in zip(*(column.tolist() for column in columns), strict=True):
        i, j = number[before], number[after]
        distance = lag + (int(durations[i]) if kind in (FS, FF) else 0) - (int(durations[j]) if kind in (FF, SF) else 0)
        arcs[i, j] = max(distance, arcs.get((i, j), distance))
    return Arrays(
        ids=tuple(problem.activities[old].id for old in order),
        durations=durations,
        releases=np.array([max(0, network.limits[old] - problem.start) for old in order], dtype=np.int64),
        demands=demands,
        capacities=np.array([resource.capacity for resource in problem.resources], dtype=np.int64),
        arcs=arcs,
    )


def _unknown_to_search(activity: str) -> Reason:
    return Reason(
        "scheduling.search_without_calendars",
        N_("%(activity)s has a calendar, an actual or a fixed date, which this search does not know."),
        {"activity": activity},
        remedy=N_("Level the plan instead."),
    )
