"""Counting in working time: instants are whole seconds from the epoch, spans are working seconds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from zhengtu.core.plan_files.mspdi_values import DAY_SECONDS, WorkingPeriod

EPOCH: Final = datetime.fromisoformat("1970-01-01")
_EPOCH_DAY: Final = EPOCH.date()
_DAY: Final = timedelta(days=1)


def to_second(at: datetime) -> int:
    """Seconds from the epoch of a local time."""
    return int((at - EPOCH).total_seconds())


def to_moment(second: int) -> datetime:
    """The local time of seconds from the epoch."""
    return EPOCH + timedelta(seconds=second)


class OutsideWindow(Exception):
    """The answer lies where no working time is known."""


class Clock(Protocol):
    """What working time can be asked."""

    def work_between(self, start: int, end: int) -> int:
        """Working seconds from one instant to another; negative where the second comes first."""

    def after(self, start: int, work: int) -> int:
        """The first instant by which so much has been worked since ``start``; ``start`` itself for no work."""

    def before(self, end: int, work: int) -> int:
        """The last instant from which so much can be worked until ``end``; ``end`` itself for no work."""

    def next_start(self, at: int) -> int:
        """The first instant, ``at`` or later, at which work goes on."""

    def previous_end(self, at: int) -> int:
        """The last instant, ``at`` or earlier, up to which work went on."""


class EveryHour:
    """The clock on which every second counts."""

    __slots__ = ()

    def work_between(self, start: int, end: int) -> int:
        return end - start

    def after(self, start: int, work: int) -> int:
        return start + work

    def before(self, end: int, work: int) -> int:
        return end - work

    def next_start(self, at: int) -> int:
        return at

    def previous_end(self, at: int) -> int:
        return at


EVERY_HOUR: Final = EveryHour()


class WorkingClock:
    """Working time of a calendar within a window of days.

    Raises (all questions):
        OutsideWindow: where the answer would lie beyond the window.
    """

    __slots__ = ("_ends", "_starts", "_worked_after", "_worked_before")

    def __init__(
        self, periods_on: Callable[[date], tuple[WorkingPeriod, ...]], *, first_on: date, last_on: date
    ) -> None:
        starts: list[int] = []
        ends: list[int] = []
        midnight = (first_on - _EPOCH_DAY).days * DAY_SECONDS
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
        before = [0]
        for start, end in zip(starts, ends, strict=True):
            before.append(before[-1] + end - start)
        self._starts = starts
        self._ends = ends
        self._worked_before = before[:-1]
        self._worked_after = before[1:]

    @property
    def works(self) -> bool:
        """Whether there is any working time."""
        return bool(self._starts)

    def _worked_by(self, at: int) -> int:
        place = bisect_right(self._starts, at) - 1
        if place < 0:
            raise OutsideWindow
        return self._worked_before[place] + min(at, self._ends[place]) - self._starts[place]

    def work_between(self, start: int, end: int) -> int:
        return self._worked_by(end) - self._worked_by(start)

    def after(self, start: int, work: int) -> int:
        if work == 0:
            return start
        target = self._worked_by(start) + work
        place = bisect_left(self._worked_after, target)
        if place == len(self._starts):
            raise OutsideWindow
        return self._starts[place] + target - self._worked_before[place]

    def before(self, end: int, work: int) -> int:
        if work == 0:
            return end
        target = self._worked_by(end) - work
        place = bisect_right(self._worked_before, target) - 1
        if place < 0:
            raise OutsideWindow
        return self._starts[place] + target - self._worked_before[place]

    def next_start(self, at: int) -> int:
        place = bisect_right(self._ends, at)
        if place == len(self._starts):
            raise OutsideWindow
        return max(at, self._starts[place])

    def previous_end(self, at: int) -> int:
        place = bisect_left(self._starts, at) - 1
        if place < 0:
            raise OutsideWindow
        return min(at, self._ends[place])


def shifted(clock: Clock, at: int, work: int) -> int:
    """``at`` moved by working seconds, forwards or (negative) backwards."""
    return clock.after(at, work) if work >= 0 else clock.before(at, -work)
