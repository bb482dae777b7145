"""Float: by how many worked ticks of its own calendar an activity may slip, and the dates of what waits on purpose."""

from __future__ import annotations

import numpy as np

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


def total_floats(network: Network, early: tuple[Whole, Whole], late: tuple[Whole, Whole]) -> Whole:
    """Worked ticks between early and late start (finish, once under way); NEVER without a late date, 0 once over.

    Args:
        early, late: starts and finishes.
    """
    under_way = network.columns[2] >= STARTED
    first = np.where(under_way, early[1], early[0])
    return _between(network, first, np.where(under_way, late[1], late[0]))


def free_floats(network: Network, early: tuple[Whole, Whole]) -> Whole:
    """Worked ticks by which an activity may slip without moving any other, or the project's finish; 0 once over."""
    starts, finishes = early
    durations, _, states = network.columns
    last_start, last_finish = _held_by_followers(network, starts, finishes)
    for calendar, here in network.by_calendar():
        last_start[here] = np.minimum(last_start[here], calendar.retreat_all(last_finish[here], durations[here]))
        worked = here[durations[here] > 0]
        last_start[worked] = calendar.previous_working_all(last_start[worked] + 1) - 1
    last = np.where(states == STARTED, last_finish, np.where(states == FINISHED, finishes, last_start))
    floats = _between(network, np.where(states >= STARTED, finishes, starts), last)
    return np.where(states == FIXED, np.minimum(floats, 0), floats)


def _held_by_followers(network: Network, starts: Whole, finishes: Whole) -> tuple[Whole, Whole]:
    """Latest start and finish of each activity that let everything after it keep its dates."""
    kinds, before, after = network.kinds, network.before, network.after
    ticks = np.where(kinds <= SS, starts[after], finishes[after])
    lagged = np.flatnonzero(network.lags)
    for number in set(network.lag_calendars[lagged].tolist()):
        here = lagged[network.lag_calendars[lagged] == number]
        ticks[here] = shifted_back_all(network.calendars[number], ticks[here], network.lags[here])
    of_start = (kinds & 1) == 1
    last_start = np.full(network.count, NEVER, dtype=np.int64)
    last_finish = np.full(network.count, finishes.max(initial=0), dtype=np.int64)
    np.minimum.at(last_start, before[of_start], ticks[of_start])
    np.minimum.at(last_finish, before[~of_start], ticks[~of_start])
    return last_start, last_finish


def planned_dates(network: Network, early: EarlyDates) -> tuple[list[int], list[int]]:
    """Starts and finishes to plan by: early, except of what is to be as late as possible without delaying others."""
    activities = network.problem.activities
    waiting = [number for number in network.order if activities[number].as_late_as_possible]
    if not waiting:
        return early.starts, early.finishes
    starts, finishes = list(early.starts), list(early.finishes)
    project_finish = max(finishes)
    for number in reversed(waiting):
        if network.states[number] < FIXED:
            _put_off(network, number, starts, finishes, project_finish)
    return starts, finishes


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
    floats = np.empty(network.count, dtype=np.int64)
    for calendar, here in network.by_calendar():
        floats[here] = calendar.between_all(first[here], last[here])
    return np.where(last >= NEVER, NEVER, floats)
