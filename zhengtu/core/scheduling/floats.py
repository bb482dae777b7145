"""Float: by how many worked ticks of its own calendar an activity may slip, and the dates of what waits on purpose."""

from __future__ import annotations

import numpy as np

from zhengtu.core.scheduling.methods.backward import LateDates
from zhengtu.core.scheduling.methods.forward import EarlyDates
from zhengtu.core.scheduling.network import (
    FINISHED,
    FIXED,
    SF,
    SS,
    STARTED,
    Network,
    shifted_back,
    shifted_back_all,
)
from zhengtu.core.scheduling.working_time import NEVER, Whole


def total_floats(network: Network, early: EarlyDates, late: LateDates) -> Whole:
    """Worked ticks between early and late start (finish, once under way); NEVER without a late date, 0 once over."""
    under_way = np.array(network.states) >= STARTED
    first = np.where(under_way, np.array(early.finishes), np.array(early.starts))
    last = np.where(under_way, np.array(late.finishes), np.array(late.starts))
    return _between(network, first, last)


def free_floats(network: Network, early: EarlyDates) -> Whole:
    """Worked ticks by which an activity may slip without moving any other, or the project's finish; 0 once over."""
    starts, finishes = np.array(early.starts), np.array(early.finishes)
    kinds, before, after = network.kinds, network.before, network.after
    ticks = np.where(kinds <= SS, starts[after], finishes[after])
    for number in np.unique(network.lag_calendars):
        here = (network.lag_calendars == number) & (network.lags != 0)
        ticks[here] = shifted_back_all(network.calendars[number], ticks[here], network.lags[here])
    of_start = (kinds == SS) | (kinds == SF)
    last_start = np.full(network.count, NEVER, dtype=np.int64)
    last_finish = np.full(network.count, max(early.finishes, default=0), dtype=np.int64)
    np.minimum.at(last_start, before[of_start], ticks[of_start])
    np.minimum.at(last_finish, before[~of_start], ticks[~of_start])
    states = np.array(network.states)
    durations, calendar_of = np.array(network.durations), np.array(network.calendar_of)
    last_start = np.minimum(last_start, _retreat(network, last_finish))
    for number in np.unique(calendar_of):
        here = (calendar_of == number) & (durations > 0)
        calendar = network.calendars[number]
        last_start[here] = calendar.previous_working_all(last_start[here] + 1) - 1
    under_way, over = states == STARTED, states == FINISHED
    last = np.where(under_way, last_finish, np.where(over, finishes, last_start))
    floats = _between(network, np.where(under_way | over, finishes, starts), last)
    return np.where(states == FIXED, np.minimum(floats, 0), floats)


def planned_dates(network: Network, early: EarlyDates) -> tuple[Whole, Whole]:
    """Starts and finishes to plan by: early, except of what is to be as late as possible without delaying others."""
    activities = network.problem.activities
    starts, finishes = list(early.starts), list(early.finishes)
    waiting = [number for number in network.order if activities[number].as_late_as_possible]
    if waiting:
        project_finish = max(finishes)
        for number in reversed(waiting):
            if network.states[number] < FIXED:
                _put_off(network, number, starts, finishes, project_finish)
    return np.array(starts, dtype=np.int64), np.array(finishes, dtype=np.int64)


def _put_off(network: Network, number: int, starts: list[int], finishes: list[int], project_finish: int) -> None:
    side = network.outgoing
    last_start, last_finish = NEVER, min(project_finish, network.latest[number])
    for e in range(side.first[number], side.first[number + 1]):
        other, kind = side.other[e], side.kind[e]
        tick = starts[other] if kind <= SS else finishes[other]
        tick = shifted_back(network.calendars[side.calendar[e]], tick, side.lag[e])
        if kind in (SS, SF):
            last_start = min(last_start, tick)
        else:
            last_finish = min(last_finish, tick)
    calendar, duration = network.calendars[network.calendar_of[number]], network.durations[number]
    start = min(last_start, calendar.retreat_one(last_finish, duration))
    if duration:
        start = calendar.last_start(start)
    if start > starts[number]:
        starts[number], finishes[number] = start, calendar.advance_one(start, duration)


def _between(network: Network, first: Whole, last: Whole) -> Whole:
    calendar_of = np.array(network.calendar_of, dtype=np.int64)
    floats = np.empty(network.count, dtype=np.int64)
    for number in np.unique(calendar_of):
        here = calendar_of == number
        floats[here] = network.calendars[number].between_all(first[here], last[here])
    return np.where(last >= NEVER, NEVER, floats)


def _retreat(network: Network, finishes: Whole) -> Whole:
    calendar_of, durations = np.array(network.calendar_of), np.array(network.durations)
    starts = np.empty(network.count, dtype=np.int64)
    for number in np.unique(calendar_of):
        here = calendar_of == number
        starts[here] = network.calendars[number].retreat_all(finishes[here], durations[here])
    return starts
