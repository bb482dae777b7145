"""A plan's tasks as a network: which contains which, what waits for what, and an order to work them in.

A link to or from a summary task binds every task below it. The order holds two places for a summary: its gate,
which opens before anything below it, and its close, which comes after everything below it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.plan_files.mspdi_values import PlanLink, PlanTask


class Arc(NamedTuple):
    """A link between two places of the task list."""

    before: int
    after: int
    link: PlanLink


@dataclass(frozen=True, slots=True)
class PlanNetwork:
    """The network; every sequence runs along the plan's task list, places are indexes into it.

    Attributes:
        parents: the summary that contains the task; -1 for none.
        children: what a summary contains directly; empty for a task that is worked on.
        incoming, outgoing: the links of a task or summary.
        order: tasks and summaries so that each comes after what it waits for; a summary stands at its close.
    """

    tasks: Sequence[PlanTask]
    parents: Sequence[int]
    children: Sequence[Sequence[int]]
    incoming: Sequence[Sequence[Arc]]
    outgoing: Sequence[Sequence[Arc]]
    order: Sequence[int]

    def with_ancestors(self, place: int) -> Iterator[int]:
        """The place and every summary above it."""
        while place >= 0:
            yield place
            place = self.parents[place]


def is_scheduled(task: PlanTask) -> bool:
    """Whether a row takes part in the calculation: not blank, not inactive."""
    return task.is_active and not task.is_blank


def plan_network(tasks: Sequence[PlanTask]) -> PlanNetwork:
    """The network of a task list.

    Raises:
        Refused: for a link to a task that is not there and for tasks that wait for one another, named in order.
    """
    parents = _parents(tasks)
    children: list[list[int]] = [[] for _ in tasks]
    for place, parent in enumerate(parents):
        if parent >= 0:
            children[parent].append(place)
    incoming: list[list[Arc]] = [[] for _ in tasks]
    outgoing: list[list[Arc]] = [[] for _ in tasks]
    places = {task.uid: place for place, task in enumerate(tasks)}
    for place, task in enumerate(tasks):
        if not is_scheduled(task):
            continue
        for link in task.links:
            before = places.get(link.predecessor_uid)
            if before is None:
                if link.is_cross_project:
                    continue
                raise _missing(task, link)
            if is_scheduled(tasks[before]):
                arc = Arc(before, place, link)
                incoming[place].append(arc)
                outgoing[before].append(arc)
    order = _order(tasks, parents, children, outgoing)
    return PlanNetwork(tasks, parents, children, incoming, outgoing, order)


def _missing(task: PlanTask, link: PlanLink) -> Refused:
    return Refused(
        Reason(
            code="plan_file.link_to_nothing",
            message=N_(
                "The task “%(task)s” (UID %(uid)s) waits for a task with UID %(missing)s, which does not exist."
            ),
            parameters={"task": task.name, "uid": task.uid, "missing": link.predecessor_uid},
            remedy=N_("Remove the link or restore the task, and save the plan again."),
        )
    )


def _parents(tasks: Sequence[PlanTask]) -> list[int]:
    """By outline levels: a task lies in the nearest task above it that has a lower level."""
    parents: list[int] = []
    open_levels: list[tuple[int, int]] = []
    for place, task in enumerate(tasks):
        if task.is_blank:
            parents.append(-1)
            continue
        while open_levels and open_levels[-1][0] >= task.outline_level:
            open_levels.pop()
        parents.append(open_levels[-1][1] if open_levels else -1)
        open_levels.append((task.outline_level, place))
    return parents


def _order(
    tasks: Sequence[PlanTask],
    parents: Sequence[int],
    children: Sequence[Sequence[int]],
    outgoing: Sequence[Sequence[Arc]],
) -> list[int]:
    """Places in working order, by counting what each still waits for (Kahn)."""
    count = len(tasks)
    followers: list[list[int]] = [[] for _ in range(2 * count)]  # count + place: the gate of a summary

    def gate(place: int) -> int:
        return count + place if children[place] else place

    for place, parent in enumerate(parents):
        if parent >= 0:
            followers[count + parent].append(gate(place))
            followers[place].append(parent)
        if children[place]:
            followers[count + place].append(place)
        followers[place].extend(gate(arc.after) for arc in outgoing[place])
    waits = [0] * (2 * count)
    for after in followers:
        for node in after:
            waits[node] += 1
    ready = deque(node for node in range(2 * count) if waits[node] == 0)
    order: list[int] = []
    done = 0
    while ready:
        node = ready.popleft()
        done += 1
        if node < count:
            order.append(node)
        for follower in followers[node]:
            waits[follower] -= 1
            if waits[follower] == 0:
                ready.append(follower)
    if done < 2 * count:
        raise _circle(tasks, followers, waits)
    return order


def _circle(tasks: Sequence[PlanTask], followers: Sequence[Sequence[int]], waits: Sequence[int]) -> Refused:
    """Names one circle among the places that still wait."""
    before: dict[int, int] = {}
    for node, after in enumerate(followers):
        if waits[node] > 0:
            for follower in after:
                if waits[follower] > 0:
                    before[follower] = node
    node = next(iter(before))
    seen: dict[int, int] = {}
    path: list[int] = []
    while node not in seen:
        seen[node] = len(path)
        path.append(node)
        node = before[node]
    circle = [tasks[each % len(tasks)] for each in reversed(path[seen[node] :])]
    named = [task for place, task in enumerate(circle) if place == 0 or circle[place - 1] is not task]
    if len(named) > 1 and named[0] is named[-1]:
        named.pop()
    chain = " → ".join(f"“{task.name}” ({task.uid})" for task in [*named, named[0]])
    return Refused(
        Reason(
            code="plan_file.circle",
            message=N_("These tasks wait for one another: %(chain)s."),
            parameters={"chain": chain},
            remedy=N_("Remove one of these links; a summary task must not be linked with a task inside it."),
        )
    )
