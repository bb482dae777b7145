"""The forward pass: the earliest start and finish of every activity, and what decides each.

One walk in topological order over plain lists. Levels are not worked on as arrays: statutory procedures are long
chains, whose levels hold a handful of activities each (`benchmarks/cpm_passes.py` measures both shapes).

Source: Kelley and Walker, Critical-Path Planning and Scheduling, 1959; the four link kinds with lags after the
precedence method of Fondahl, 1961. Calendars enter through `Calendar.advance_one` alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.scheduling.network import FINISHED, FIXED, SS, Network, put_back
from zhengtu.core.scheduling.working_time import NEVER

BY_LIMIT = -1
"""Driver of an activity that no link holds: the problem's start, its own limit, its fixed or actual start."""


@dataclass(frozen=True)
class EarlyDates:
    """What the forward pass found, by number of the activity.

    Attributes:
        starts, finishes: earliest ticks.
        drivers: number of the deciding link in the problem, or BY_LIMIT.
        broken: links (by number in the problem) that a fixed start breaks, the worst of each such activity.
    """

    starts: list[int]
    finishes: list[int]
    drivers: list[int]
    broken: list[int]

    def put_back(self, order: list[int]) -> EarlyDates:
        """The same in the numbers of the network of which ``in_order`` was made."""
        starts, finishes, drivers = (put_back(one, order) for one in (self.starts, self.finishes, self.drivers))
        return EarlyDates(starts=starts, finishes=finishes, drivers=drivers, broken=self.broken)


def early_dates(network: Network) -> EarlyDates:
    """Earliest start and finish of every activity, resources left aside.

    Raises:
        Refused: a calendar ends before the work does, named with the activity.
    """
    side, calendars = network.incoming, network.calendars
    first, other, kinds, lags, lag_calendars = side.first, side.other, side.kind, side.lag, side.calendar
    durations, calendar_of, states = network.durations, network.calendar_of, network.states
    starts, finishes = list(network.limits), list(network.ends)
    drivers = [BY_LIMIT] * network.count
    broken: list[int] = []
    for j in network.order:
        start, start_by = starts[j], BY_LIMIT
        need, need_by = -NEVER, BY_LIMIT
        for e in range(first[j], first[j + 1]):
            kind = kinds[e]
            tick = starts[other[e]] if kind & 1 else finishes[other[e]]
            lag = lags[e]
            if lag > 0:
                tick = calendars[lag_calendars[e]].advance_one(tick, lag)
            elif lag:
                tick = calendars[lag_calendars[e]].retreat_one(tick, -lag)
            if kind <= SS:
                if tick > start:
                    start, start_by = tick, e
            elif tick > need:
                need, need_by = tick, e
        state = states[j]
        if state < FIXED:
            duration, calendar = durations[j], calendars[calendar_of[j]]
            if need_by >= 0:
                tick = calendar.retreat_one(need - 1, duration) + 1
                if tick > start:
                    start, start_by = tick, need_by
            if duration and calendar_of[j]:
                start, finishes[j] = calendar.worked_one(start, duration)
            else:
                finishes[j] = start + duration
            starts[j] = start
        else:
            start_by = _held(network, j, (start_by, need_by), need, finishes, broken)
        if finishes[j] >= NEVER:
            raise _calendar_ends(network, j)
        drivers[j] = side.link[start_by] if start_by >= 0 else BY_LIMIT
    return EarlyDates(starts=starts, finishes=finishes, drivers=drivers, broken=broken)


def _held(
    network: Network, j: int, links: tuple[int, int], need: int, finishes: list[int], broken: list[int]
) -> int:
    """Finish of an activity whose start is fixed or past, the links that it breaks, and the link that decides it.

    Args:
        links: that ask for a later start and for a finish of at least ``need``, or BY_LIMIT.
    """
    side, state = network.incoming, network.states[j]
    if state == FIXED:
        finishes[j] = network.calendars[network.calendar_of[j]].advance_one(network.limits[j], network.durations[j])
        if links[0] >= 0:
            broken.append(side.link[links[0]])
        if need > finishes[j]:
            broken.append(side.link[links[1]])
    elif need > finishes[j] and state != FINISHED:
        finishes[j] = need
        return links[1]
    return BY_LIMIT


def _calendar_ends(network: Network, number: int) -> Refused:
    activity = network.problem.activities[number]
    return Refused(
        Reason(
            code="scheduling.calendar.ends",
            message=N_("Calendar “%(calendar)s” ends before %(activity)s is done."),
            parameters={"calendar": activity.calendar, "activity": activity.id},
            remedy=N_("Continue the calendar, or shorten the work."),
        )
    )
