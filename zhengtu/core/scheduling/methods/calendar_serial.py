"""Serial schedule generation with calendars, all link kinds, actual dates and resources that pause.

One activity after the other takes the first worked tick from which its resources have enough of what it needs until it
is done. It is not split: pauses of its calendar (nights, holidays, frozen ground) interrupt it, nothing else does, and
it holds its resources through them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.scheduling.network import FINISHED, FIXED, PLAIN, SS, Network, shifted
from zhengtu.core.scheduling.working_time import NEVER


class Profile:
    """What is in use of one resource over time, as a staircase."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._ticks: list[int] = [-NEVER]
        self._used: list[int] = [0]

    def take(self, start: int, finish: int, amount: int) -> None:
        """Use so much more from ``start`` up to but without ``finish``."""
        for step in range(self._edge(start), self._edge(finish)):
            self._used[step] += amount

    def blocked_until(self, start: int, finish: int, amount: int) -> int | None:
        """The end of the last step within the stretch that leaves too little; None where all leave enough."""
        last = bisect_left(self._ticks, finish) - 1
        for step in range(last, bisect_right(self._ticks, start) - 2, -1):
            if self._used[step] + amount > self.capacity:
                return self._ticks[step + 1] if step + 1 < len(self._ticks) else NEVER
        return None

    def steps(self) -> list[tuple[int, int, int]]:
        """Begin, end and height of every stretch in which something is used."""
        ends = [*self._ticks[1:], NEVER]
        return [(begin, end, used) for begin, end, used in zip(self._ticks, ends, self._used, strict=True) if used]

    def _edge(self, tick: int) -> int:
        at = bisect_right(self._ticks, tick) - 1
        if self._ticks[at] != tick:
            self._ticks.insert(at + 1, tick)
            self._used.insert(at + 1, self._used[at])
            at += 1
        return at


Dates = tuple[list[int], list[int]]
"""Starts and finishes, in the problem's order."""


def feasible_order(network: Network, keys: Sequence[float | tuple[float, ...]]) -> list[int]:
    """Activities by rising key, none before what it waits for."""
    place = {number: at for at, number in enumerate(network.order)}
    side = network.incoming
    lifted: list[tuple[float, ...]] = [(0.0,)] * network.count
    for j in network.order:
        key = keys[j]
        own = key if isinstance(key, tuple) else (key,)
        waits = side.other[side.first[j] : side.first[j + 1]]
        lifted[j] = max([own, *(lifted[i] for i in waits)])
    return sorted(range(network.count), key=lambda j: (lifted[j], place[j]))


def profiles_of(network: Network, dates: Dates, numbers: Sequence[int]) -> dict[str, Profile]:
    """What these activities use of each resource."""
    problem = network.problem
    profiles = {resource.id: Profile(resource.capacity) for resource in problem.resources}
    for j in numbers:
        take(profiles, network, j, dates[0][j], dates[1][j])
    return profiles


def take(profiles: Mapping[str, Profile], network: Network, number: int, start: int, finish: int) -> None:
    """Enter one activity into the profiles of what it needs; what is over needs nothing any more."""
    start = max(start, network.problem.start)
    if network.states[number] != FINISHED and finish > start:
        for name, amount in network.problem.activities[number].demands.items():
            profiles[name].take(start, finish, amount)


def serial_schedule(network: Network, keys: Sequence[float | tuple[float, ...]]) -> Dates:
    """Starts and finishes of the serial scheme for these keys; what has happened or is fixed has its place first.

    Raises:
        Refused: a calendar ends before the work does, or a resource is never free for it.
    """
    starts, finishes = list(network.limits), list(network.ends)
    held = [j for j in range(network.count) if network.states[j] != PLAIN]
    for j in held:
        if network.states[j] == FIXED:
            finishes[j] = network.calendars[network.calendar_of[j]].advance_one(starts[j], network.durations[j])
    profiles = profiles_of(network, (starts, finishes), held)
    for j in feasible_order(network, keys):
        start, need = ready(network, (starts, finishes), j)
        if network.states[j] == PLAIN:
            starts[j], finishes[j] = _first_fit(network, profiles, j, start, need)
            take(profiles, network, j, starts[j], finishes[j])
        elif network.states[j] not in (FIXED, FINISHED) and need > finishes[j]:  # under way and held up at its end
            take(profiles, network, j, finishes[j], need)
            finishes[j] = need
    return starts, finishes


def ready(network: Network, dates: Dates, number: int) -> tuple[int, int]:
    """Ticks before which an activity neither starts nor finishes, by its own limits and by what it waits for."""
    side = network.incoming
    start, need = network.limits[number], -NEVER
    for e in range(side.first[number], side.first[number + 1]):
        kind = side.kind[e]
        tick = dates[0 if kind & 1 else 1][side.other[e]]
        if side.lag[e]:
            tick = shifted(network.calendars[side.calendar[e]], tick, side.lag[e])
        if kind <= SS:
            start = max(start, tick)
        else:
            need = max(need, tick)
    return start, need


def _first_fit(
    network: Network, profiles: Mapping[str, Profile], number: int, start: int, need: int
) -> tuple[int, int]:
    activity, duration = network.problem.activities[number], network.durations[number]
    calendar = network.calendars[network.calendar_of[number]]
    if need > -NEVER:
        start = max(start, calendar.retreat_one(need - 1, duration) + 1)
    while True:
        if duration:
            start = calendar.next_working_one(start)
        finish = calendar.advance_one(start, duration) if start < NEVER else NEVER
        if finish >= NEVER:
            raise Refused(
                Reason(
                    "scheduling.levelling.no_room",
                    N_("%(activity)s finds no time in which its calendar works and its resources are free."),
                    {"activity": activity.id},
                    remedy=N_("Continue the calendars, or give the resources more."),
                )
            )
        blocked = [
            until
            for name, amount in activity.demands.items()
            if finish > start and (until := profiles[name].blocked_until(start, finish, amount)) is not None
        ]
        if not blocked:
            return start, finish
        start = max(blocked)
