"""A resource-constrained problem as numbered arrays: what every search method of this package works on.

All links of activities with fixed durations are the same thing, a least distance between two starts. Activities are
numbered so that each comes after everything it waits for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Resource

Whole = NDArray[np.int64]


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


def start_distance(link: Link, before: int, after: int) -> int:
    """Ticks between the starts of two activities of these durations, at the least."""
    match link.kind:
        case LinkKind.FINISH_START:
            return before + link.lag
        case LinkKind.START_START:
            return link.lag
        case LinkKind.FINISH_FINISH:
            return before + link.lag - after
        case _:
            return link.lag - after


def arrays_of(*, activities: Sequence[Activity], links: Sequence[Link], resources: Sequence[Resource]) -> Arrays:
    """Number a problem without calendars.

    Raises:
        Refused: a link or demand names nothing that exists, the links run in a circle, or an activity needs more of
            a resource than there ever is.
    """
    by_id = {activity.id: activity for activity in activities}
    column = {resource.id: number for number, resource in enumerate(resources)}
    _refuse_unknown(activities, links, column)
    waits: dict[str, set[str]] = {activity.id: set() for activity in activities}
    for link in links:
        waits[link.after].add(link.before)
    try:
        order = tuple(TopologicalSorter(waits).static_order())
    except CycleError as error:
        raise Refused(_circle(error.args[1])) from error
    number = {name: place for place, name in enumerate(order)}
    demands = np.zeros((len(order), len(resources)), dtype=np.int64)
    for name, place in number.items():
        for resource, amount in by_id[name].demands.items():
            demands[place, column[resource]] = amount
    capacities = np.array([resource.capacity for resource in resources], dtype=np.int64)
    _refuse_excess(order, demands, capacities, [resource.id for resource in resources])
    arcs: dict[tuple[int, int], int] = {}
    for link in links:
        arc = number[link.before], number[link.after]
        distance = start_distance(link, by_id[link.before].duration, by_id[link.after].duration)
        arcs[arc] = max(distance, arcs.get(arc, distance))
    return Arrays(
        ids=order,
        durations=np.array([by_id[name].duration for name in order], dtype=np.int64),
        releases=np.array([by_id[name].not_earlier or 0 for name in order], dtype=np.int64),
        demands=demands,
        capacities=capacities,
        arcs=arcs,
    )


def _circle(names: Sequence[str]) -> Reason:
    return Reason(
        "scheduling.circle",
        N_("The links run in a circle: %(chain)s."),
        {"chain": " → ".join(names)},
        remedy=N_("Take one of these links out."),
    )


def _refuse_unknown(activities: Sequence[Activity], links: Sequence[Link], column: Mapping[str, int]) -> None:
    known = {activity.id for activity in activities}
    for link in links:
        for name in (link.before, link.after):
            if name not in known:
                raise Refused(
                    Reason(
                        "scheduling.unknown_activity",
                        N_("A link from %(before)s to %(after)s names the activity %(name)s, which does not exist."),
                        {"before": link.before, "after": link.after, "name": name},
                    )
                )
    for activity in activities:
        for resource in activity.demands:
            if resource not in column:
                raise Refused(
                    Reason(
                        "scheduling.unknown_resource",
                        N_("Activity %(activity)s needs %(resource)s, which does not exist."),
                        {"activity": activity.id, "resource": resource},
                    )
                )


def _refuse_excess(order: Sequence[str], demands: Whole, capacities: Whole, resources: Sequence[str]) -> None:
    excess = np.argwhere(demands > capacities) if len(order) and len(capacities) else ()
    for place, column in excess:
        raise Refused(
            Reason(
                "scheduling.demand_above_capacity",
                N_("Activity %(activity)s needs %(demand)s of %(resource)s; there are never more than %(capacity)s."),
                {
                    "activity": order[place],
                    "demand": int(demands[place, column]),
                    "resource": resources[column],
                    "capacity": int(capacities[column]),
                },
                remedy=N_("Need less of it at a time, or have more of it."),
            )
        )
