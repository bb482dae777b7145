"""A problem as numbered arrays: what the passes, the certificate and the searches walk through.

Plain lists where single elements are read in a loop (a Python list answers five times faster than an array), numpy
arrays where all are handled at once. Links to what has already happened hold nothing any more and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from zhengtu.core.scheduling.problem import Activity, LinkKind, Problem
from zhengtu.core.scheduling.working_time import EVERY_TICK, NEVER, Calendar, Whole

FS, SS, FF, SF = range(4)
KIND_NUMBER = {
    LinkKind.FINISH_START: FS,
    LinkKind.START_START: SS,
    LinkKind.FINISH_FINISH: FF,
    LinkKind.START_FINISH: SF,
}

PLAIN, PASSED, FIXED, STARTED, FINISHED = range(5)
"""State of an activity: free; free because its fixed start has passed; held by its fixed start; under way; over."""


@dataclass(frozen=True)
class Side:
    """Links grouped by the activity at one end: those of activity j are ``first[j]`` up to ``first[j + 1]``.

    Attributes:
        other: the activity at the other end.
        kind: FS, SS, FF or SF.
        lag, calendar: the lag and the number of its calendar.
        link: number of the link in the problem.
    """

    first: list[int]
    other: list[int]
    kind: list[int]
    lag: list[int]
    calendar: list[int]
    link: list[int]


@dataclass(frozen=True)
class Network:
    """A problem, numbered; build it with `network_of`.

    Attributes:
        index: id -> number of the activity in the problem's order.
        order: all activities, each after everything it waits for; empty where links run in a circle.
        in_circle: activities that are in a circle of links or wait for one.
        calendars: by number; 0 is every tick.
        durations, calendar_of, states: of each activity.
        limits: tick before which an activity does not start; its actual or fixed start where it has one.
        ends: actual finish of what is over, planned finish of what is under way, -NEVER otherwise.
        latest: least of deadline and not_later, NEVER where there is neither.
        before, after, kinds, lags, lag_calendars: of each link that still holds.
        links: the number of each such link in the problem.
    """

    problem: Problem
    index: dict[str, int]
    order: list[int]
    in_circle: list[int]
    calendars: list[Calendar]
    durations: list[int]
    calendar_of: list[int]
    states: list[int]
    limits: list[int]
    ends: list[int]
    latest: list[int]
    before: Whole
    after: Whole
    kinds: Whole
    lags: Whole
    lag_calendars: Whole
    links: Whole

    @property
    def count(self) -> int:
        """How many activities there are."""
        return len(self.durations)

    @cached_property
    def columns(self) -> tuple[Whole, Whole, Whole]:
        """Durations, calendars and states as arrays."""
        duration, calendar, state = (
            np.array(column, dtype=np.int64) for column in (self.durations, self.calendar_of, self.states)
        )
        return duration, calendar, state

    def by_calendar(self) -> Iterator[tuple[Calendar, Whole]]:
        """Each calendar that is in use, with the activities that use it."""
        _, calendar_of, _ = self.columns
        for number in set(self.calendar_of):
            yield self.calendars[number], np.flatnonzero(calendar_of == number)

    @cached_property
    def incoming(self) -> Side:
        """Links grouped by the activity that waits."""
        return self._side(self.after, self.before)

    @cached_property
    def outgoing(self) -> Side:
        """Links grouped by the activity that is waited for."""
        return self._side(self.before, self.after)

    def in_order(self) -> Network:
        """The same with activities numbered in ``order``: the passes then read memory from front to back."""
        forward = list(range(self.count))
        if self.order == forward:
            return self
        order = np.array(self.order, dtype=np.int64)
        place = np.empty_like(order)
        place[order] = forward
        activities, placed = self.problem.activities, place.tolist()

        def moved(column: list[int]) -> list[int]:
            return np.array(column, dtype=np.int64)[order].tolist()  # type: ignore[no-any-return]

        return replace(
            self,
            problem=replace(self.problem, activities=[activities[number] for number in self.order]),
            index={name: placed[number] for name, number in self.index.items()},
            order=forward,
            durations=moved(self.durations),
            calendar_of=moved(self.calendar_of),
            states=moved(self.states),
            limits=moved(self.limits),
            ends=moved(self.ends),
            latest=moved(self.latest),
            before=place[self.before],
            after=place[self.after],
        )

    def _side(self, here: Whole, there: Whole) -> Side:
        by_here = np.argsort(here, kind="stable")
        return Side(
            first=_firsts(here, self.count).tolist(),
            other=there[by_here].tolist(),
            kind=self.kinds[by_here].tolist(),
            lag=self.lags[by_here].tolist(),
            calendar=self.lag_calendars[by_here].tolist(),
            link=self.links[by_here].tolist(),
        )


def network_of(problem: Problem) -> Network:
    """Number a problem; names that are missing raise KeyError (`problem_check.check` says so in words)."""
    activities, links = problem.activities, problem.links
    index = {activity.id: number for number, activity in enumerate(activities)}
    calendars: list[Calendar] = [EVERY_TICK, *problem.calendars.values()]
    calendar_number = {"": 0} | {name: number for number, name in enumerate(problem.calendars, start=1)}
    calendar_of = [calendar_number[activity.calendar] for activity in activities]
    states = [
        PLAIN
        if activity.fixed_start is None and activity.started is None and activity.finished is None
        else _state(activity, problem.start)
        for activity in activities
    ]
    limits = [
        problem.start if state == PLAIN and activity.not_earlier is None else _limit(activity, problem.start)
        for activity, state in zip(activities, states, strict=True)
    ]
    before = np.array([index[link.before] for link in links], dtype=np.int64)
    after = np.array([index[link.after] for link in links], dtype=np.int64)
    plain = LinkKind.FINISH_START
    kinds = np.array([FS if link.kind is plain else KIND_NUMBER[link.kind] for link in links], dtype=np.int64)
    order, left = _order(before, after, len(activities))
    state = np.array(states, dtype=np.int64)[after]
    holds = np.flatnonzero((state < STARTED) | ((state == STARTED) & (kinds >= FF)))
    return Network(
        problem=problem,
        index=index,
        order=order,
        in_circle=left,
        calendars=calendars,
        durations=[activity.duration for activity in activities],
        calendar_of=calendar_of,
        states=states,
        limits=limits,
        ends=[
            _end(activity, calendars[number], problem.start) if state >= STARTED else -NEVER
            for activity, number, state in zip(activities, calendar_of, states, strict=True)
        ],
        latest=[
            NEVER if activity.deadline is None and activity.not_later is None else _latest(activity)
            for activity in activities
        ],
        before=before[holds],
        after=after[holds],
        kinds=kinds[holds],
        lags=np.array([link.lag for link in links], dtype=np.int64)[holds],
        lag_calendars=np.array([calendar_number[link.lag_calendar] for link in links], dtype=np.int64)[holds],
        links=holds,
    )


def shifted(calendar: Calendar, tick: int, lag: int) -> int:
    """A tick and then so much lag; a negative lag counts worked ticks backwards."""
    return calendar.advance_one(tick, lag) if lag >= 0 else calendar.retreat_one(tick, -lag)


def shifted_back(calendar: Calendar, tick: int, lag: int) -> int:
    """The latest tick that, with the lag, is no later than ``tick``."""
    return calendar.retreat_one(tick, lag) if lag >= 0 else calendar.advance_one(tick + 1, -lag) - 1


def shifted_back_all(calendar: Calendar, ticks: Whole, lags: Whole) -> Whole:
    """`shifted_back` of each pair."""
    ahead = calendar.retreat_all(ticks, np.maximum(lags, 0))
    behind = calendar.advance_all(ticks + 1, np.maximum(-lags, 0)) - 1
    return np.where(lags >= 0, ahead, behind)


def put_back(column: list[int], order: list[int]) -> list[int]:
    """A column of ``in_order`` in the numbers of the network that it was made of."""
    found = np.empty(len(column), dtype=np.int64)
    found[order] = column
    return found.tolist()


def circle_in(network: Network) -> list[str]:
    """One circle of links, each activity before the one it holds up; empty where there is none."""
    left = set(network.in_circle)
    if not left:
        return []
    waits_for: dict[int, int] = {}
    for link in network.problem.links:
        before, after = network.index[link.before], network.index[link.after]
        if before in left and after in left:
            waits_for.setdefault(after, before)
    seen: dict[int, int] = {}
    at = min(left)
    while at not in seen:
        seen[at] = len(seen)
        at = waits_for[at]
    circle = [number for number, place in seen.items() if place >= seen[at]][::-1]
    first = circle.index(min(circle))
    return [network.problem.activities[number].id for number in circle[first:] + circle[:first]]


def _state(activity: Activity, start: int) -> int:
    if activity.finished is not None:
        return FINISHED
    if activity.started is not None:
        return STARTED
    if activity.fixed_start is not None:
        return FIXED if activity.fixed_start >= start else PASSED
    return PLAIN


def _limit(activity: Activity, start: int) -> int:
    if activity.started is not None:
        return activity.started
    if activity.finished is not None:
        return activity.finished
    if activity.fixed_start is not None and activity.fixed_start >= start:
        return activity.fixed_start
    return start if activity.not_earlier is None or activity.not_earlier < start else activity.not_earlier


def _end(activity: Activity, calendar: Calendar, start: int) -> int:
    if activity.finished is not None:
        return activity.finished
    started = activity.started
    if started is None:
        return -NEVER
    if activity.remaining is not None:
        return calendar.advance_one(max(started, start), activity.remaining)
    return max(calendar.advance_one(started, activity.duration), start)


def _latest(activity: Activity) -> int:
    deadline = NEVER if activity.deadline is None else activity.deadline
    return deadline if activity.not_later is None or activity.not_later > deadline else activity.not_later


def _firsts(ends: Whole, count: int) -> Whole:
    """Where the group of each number begins in a sorted copy of ``ends``; one more than there are numbers."""
    firsts = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends, minlength=count), out=firsts[1:])
    return firsts


def _order(before: Whole, after: Whole, count: int) -> tuple[list[int], list[int]]:
    """Numbers so that each comes after what it waits for, and what is left where that cannot be (Kahn 1962).

    Strong components come from scipy's compiled search in reverse topological order. That is how it works and not what
    it promises, so the order is verified, and Kahn's own count is taken where it does not hold.
    """
    if not np.any(before >= after):
        return list(range(count)), []
    from scipy.sparse import csr_array  # takes half a second to load, which plans in order need not wait for
    from scipy.sparse.csgraph import connected_components

    links = csr_array((np.ones(before.size, dtype=np.int8), (before, after)), shape=(count, count))
    components, labels = connected_components(links, directed=True, connection="strong")
    if components == count and np.all(labels[before] > labels[after]):
        return np.argsort(-labels, kind="stable").tolist(), []
    firsts = _firsts(before, count).tolist()
    followers = after[np.argsort(before, kind="stable")].tolist()
    waits = np.bincount(after, minlength=count).tolist()
    ready = [number for number in range(count) if not waits[number]]
    for number in ready:
        for follower in followers[firsts[number] : firsts[number + 1]]:
            waits[follower] -= 1
            if not waits[follower]:
                ready.append(follower)
    if len(ready) == count:
        return ready, []
    return [], [number for number in range(count) if waits[number]]
