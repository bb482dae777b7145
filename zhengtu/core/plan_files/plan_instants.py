"""Instants of a plan as ticks, seconds from the epoch in local time; calendars as the scheduling core has them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from zhengtu.core.plan_files.mspdi_values import DAY_SECONDS, WorkingPeriod
from zhengtu.core.scheduling.working_time import Calendar, WorkingTime

EPOCH: Final = datetime.fromisoformat("1970-01-01")
_DAY: Final = timedelta(days=1)


def to_second(at: datetime) -> int:
    """Seconds from the epoch of a local time."""
    return int((at - EPOCH).total_seconds())


@lru_cache(maxsize=100_000)  # the working days of a plan begin and end at the same few instants
def to_moment(second: int) -> datetime:
    """The local time of seconds from the epoch."""
    return EPOCH + timedelta(seconds=second)


def working_seconds(
    periods_on: Callable[[date], tuple[WorkingPeriod, ...]], *, first_on: date, last_on: date
) -> WorkingTime:
    """The calendar in seconds of the working periods of a window of days."""
    starts: list[int] = []
    ends: list[int] = []
    begins = midnight = (first_on - EPOCH.date()).days * DAY_SECONDS
    on = first_on
    while on <= last_on:
        for period in periods_on(on):
            if ends and ends[-1] == midnight + period.start_s:
                ends[-1] = midnight + period.end_s
            else:
                starts.append(midnight + period.start_s)
                ends.append(midnight + period.end_s)
        on += _DAY
        midnight += DAY_SECONDS
    return WorkingTime(starts=starts, ends=ends, begins=begins)


def shifted(clock: Calendar, at: int, work: int) -> int:
    """``at`` moved by working seconds, forwards or (negative) backwards."""
    return clock.advance_one(at, work) if work >= 0 else clock.retreat_one(at, -work)
