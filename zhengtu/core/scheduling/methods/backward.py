"""The backward pass: the latest start and finish of every activity for given targets, and what decides each.

The mirror of the forward pass: `Calendar.retreat_one` is to `advance_one` what late is to early, so that dates that
can be met at all have late no sooner than early (`working_time`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zhengtu.core.scheduling.methods.forward import EarlyDates
from zhengtu.core.scheduling.network import FINISHED, FIXED, PASSED, SS, STARTED, Network, put_back, shifted_back
from zhengtu.core.scheduling.working_time import NEVER

BY_TARGET = -1
"""Late driver of an activity that no link holds back: target or project finish, own deadline or limit, or nothing."""


class LateFrom(StrEnum):
    """What late dates count back from."""

    PROJECT_FINISH = "project finish"
    DEADLINES = "deadlines"


@dataclass(frozen=True)
class LateDates:
    """What the backward pass found, by number of the activity; NEVER where nothing asks for it.

    Attributes:
        starts, finishes: latest ticks.
        drivers: number of the deciding link in the problem, or BY_TARGET.
    """

    starts: list[int]
    finishes: list[int]
    drivers: list[int]

    def put_back(self, order: list[int]) -> LateDates:
        """The same in the numbers of the network of which ``in_order`` was made."""
        starts, finishes, drivers = (put_back(one, order) for one in (self.starts, self.finishes, self.drivers))
        return LateDates(starts=starts, finishes=finishes, drivers=drivers)


def late_dates(
    network: Network,
    early: EarlyDates,
    *,
    late_from: LateFrom = LateFrom.PROJECT_FINISH,
    target: int | None = None,
) -> LateDates:
    """Latest start and finish of every activity.

    Deadlines and limits always bind. Everything else counts back from ``target`` if it is given, else from the
    project's finish, or, with ``LateFrom.DEADLINES``, from nothing at all: what leads to no deadline has no late date.
    """
    if target is None:
        target = NEVER if late_from is LateFrom.DEADLINES else max(early.finishes, default=NEVER)
    return pulled_back(network, early, [min(latest, target) for latest in network.latest])


def pulled_back(network: Network, early: EarlyDates, bounds: list[int]) -> LateDates:
    """Latest dates for which each activity j finishes by ``bounds[j]``."""
    side, calendars = network.outgoing, network.calendars
    first, other, kinds, lags, lag_calendars = side.first, side.other, side.kind, side.lag, side.calendar
    durations, calendar_of, states = network.durations, network.calendar_of, network.states
    starts, finishes = list(early.starts), list(early.finishes)
    drivers = [BY_TARGET] * network.count
    for i in reversed(network.order):
        state = states[i]
        if state == FINISHED:
            continue
        finish, finish_by = bounds[i], BY_TARGET
        start, start_by = NEVER, BY_TARGET
        for e in range(first[i], first[i + 1]):
            kind = kinds[e]
            tick = starts[other[e]] if kind <= SS else finishes[other[e]]
            if tick >= NEVER:
                continue
            lag = lags[e]
            if lag:
                tick = shifted_back(calendars[lag_calendars[e]], tick, lag)
            if kind & 1:
                if tick < start:
                    start, start_by = tick, e
            elif tick < finish:
                finish, finish_by = tick, e
        if state == STARTED:
            finishes[i], start_by = finish, finish_by
        else:
            duration, calendar = durations[i], calendars[calendar_of[i]]
            by_finish = finish if finish >= NEVER else calendar.retreat_one(finish, duration)
            if by_finish <= start:
                start, start_by = by_finish, finish_by
            fixed = network.problem.activities[i].fixed_start if PASSED <= state <= FIXED else None
            if fixed is not None and fixed <= start:
                start, start_by = fixed, BY_TARGET
            elif duration and calendar_of[i] and start < by_finish:
                start = calendar.last_start(start)
            starts[i] = start
            if start >= NEVER or not calendar_of[i]:
                finishes[i] = min(start + duration, NEVER)
            else:
                finishes[i] = calendar.advance_one(start, duration)
        drivers[i] = side.link[start_by] if start_by >= 0 else BY_TARGET
    return LateDates(starts=starts, finishes=finishes, drivers=drivers)
