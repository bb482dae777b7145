"""Calendars: which ticks are worked, and the tick on which so much work is done.

A tick is a day or a minute; all calendars answer for single ints and for numpy int64 arrays alike. ``advance`` and
``retreat`` are a Galois pair: ``advance(start, amount) <= finish`` exactly where ``start <= retreat(finish, amount)``.
That one law is what makes a backward pass the mirror of a forward pass, whatever the calendar.

A calendar has a horizon. Before it every tick counts as worked, so that a late date that lies before all reason still
has a place; a problem that begins before the horizon of a calendar it uses is refused (`problem.check`). Work that
does not fit before the last worked tick ends on ``NEVER``, which the passes refuse by the calendar's name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

Whole = NDArray[np.int64]

NEVER = 2**60
"""The tick of what does not happen; ``-NEVER`` lies before everything."""


class Calendar(ABC):
    """Ticks with and without work. Subclasses answer for one (``…_one``) and for many (``…_all``)."""

    @property
    @abstractmethod
    def begins(self) -> int:
        """First tick of the horizon."""

    @property
    @abstractmethod
    def has_work(self) -> bool:
        """Whether any tick is worked within the horizon."""

    @abstractmethod
    def advance_one(self, start: int, amount: int) -> int:
        """First tick after ``amount`` worked ticks from ``start`` on; ``start`` itself for no amount."""

    @abstractmethod
    def retreat_one(self, finish: int, amount: int) -> int:
        """Latest start from which ``amount`` is done by ``finish``; ``finish`` itself for no amount."""

    @abstractmethod
    def between_one(self, first: int, last: int) -> int:
        """Worked ticks from ``first`` up to but without ``last``; negative where ``last`` comes sooner."""

    @abstractmethod
    def next_working_one(self, tick: int) -> int:
        """First worked tick on or after ``tick``."""

    @abstractmethod
    def previous_working_one(self, tick: int) -> int:
        """Latest tick on or before ``tick`` on which work can end."""

    @abstractmethod
    def advance_all(self, starts: Whole, amounts: Whole) -> Whole:
        """`advance_one` of each pair."""

    @abstractmethod
    def retreat_all(self, finishes: Whole, amounts: Whole) -> Whole:
        """`retreat_one` of each pair."""

    @abstractmethod
    def between_all(self, firsts: Whole, lasts: Whole) -> Whole:
        """`between_one` of each pair."""

    @abstractmethod
    def next_working_all(self, ticks: Whole) -> Whole:
        """`next_working_one` of each."""

    @abstractmethod
    def previous_working_all(self, ticks: Whole) -> Whole:
        """`previous_working_one` of each."""

    @overload
    def advance(self, start: int, amount: int) -> int: ...
    @overload
    def advance(self, start: Whole, amount: Whole | int) -> Whole: ...
    def advance(self, start: int | Whole, amount: int | Whole) -> int | Whole:
        """First tick after the work, of one start or of many."""
        if _are_single(start, amount):
            return self.advance_one(int(start), int(amount))
        return self.advance_all(*_both(start, amount))

    @overload
    def retreat(self, finish: int, amount: int) -> int: ...
    @overload
    def retreat(self, finish: Whole, amount: Whole | int) -> Whole: ...
    def retreat(self, finish: int | Whole, amount: int | Whole) -> int | Whole:
        """Latest start that is done by the finish, of one or of many."""
        if _are_single(finish, amount):
            return self.retreat_one(int(finish), int(amount))
        return self.retreat_all(*_both(finish, amount))

    @overload
    def between(self, first: int, last: int) -> int: ...
    @overload
    def between(self, first: Whole, last: Whole) -> Whole: ...
    def between(self, first: int | Whole, last: int | Whole) -> int | Whole:
        """Worked ticks from the first up to but without the last, signed."""
        if _are_single(first, last):
            return self.between_one(int(first), int(last))
        return self.between_all(*_both(first, last))

    @overload
    def next_working(self, tick: int) -> int: ...
    @overload
    def next_working(self, tick: Whole) -> Whole: ...
    def next_working(self, tick: int | Whole) -> int | Whole:
        """First worked tick on or after each."""
        return self.next_working_one(int(tick)) if np.ndim(tick) == 0 else self.next_working_all(np.asarray(tick))

    @overload
    def previous_working(self, tick: int) -> int: ...
    @overload
    def previous_working(self, tick: Whole) -> Whole: ...
    def previous_working(self, tick: int | Whole) -> int | Whole:
        """Latest tick on or before each on which work can end."""
        if np.ndim(tick) == 0:
            return self.previous_working_one(int(tick))
        return self.previous_working_all(np.asarray(tick))

    def worked_one(self, tick: int, amount: int) -> tuple[int, int]:
        """Start and finish of work of at least one tick that may begin at ``tick``: what a pass asks for each."""
        start = self.next_working_one(tick)
        return start, self.advance_one(start, amount)

    def last_start(self, tick: int) -> int:
        """Last worked tick on or before ``tick``: the latest start that is no later than it."""
        return self.previous_working_one(tick + 1) - 1


def _are_single(one: int | Whole, other: int | Whole) -> bool:
    return np.ndim(one) == 0 and np.ndim(other) == 0


def _both(one: int | Whole, other: int | Whole) -> tuple[Whole, Whole]:
    left, right = np.broadcast_arrays(np.asarray(one, dtype=np.int64), np.asarray(other, dtype=np.int64))
    return left, right


class EveryTick(Calendar):
    """Every tick is worked, without end: calendar days, or plain minutes."""

    begins = -NEVER
    has_work = True

    def advance_one(self, start: int, amount: int) -> int:
        """See `Calendar`."""
        return start + amount

    def retreat_one(self, finish: int, amount: int) -> int:
        """See `Calendar`."""
        return finish - amount

    def between_one(self, first: int, last: int) -> int:
        """See `Calendar`."""
        return last - first

    def next_working_one(self, tick: int) -> int:
        """See `Calendar`."""
        return tick

    def previous_working_one(self, tick: int) -> int:
        """See `Calendar`."""
        return tick

    def advance_all(self, starts: Whole, amounts: Whole) -> Whole:
        """See `Calendar`."""
        return starts + amounts

    def retreat_all(self, finishes: Whole, amounts: Whole) -> Whole:
        """See `Calendar`."""
        return finishes - amounts

    def between_all(self, firsts: Whole, lasts: Whole) -> Whole:
        """See `Calendar`."""
        return lasts - firsts

    def next_working_all(self, ticks: Whole) -> Whole:
        """See `Calendar`."""
        return ticks

    def previous_working_all(self, ticks: Whole) -> Whole:
        """See `Calendar`."""
        return ticks


EVERY_TICK = EveryTick()


class WorkingTime(Calendar):
    """Work happens in disjoint half-open intervals ``[start, end)`` and nowhere else within the horizon.

    Ticks before ``begins`` all count as worked (see the module). After the last interval nothing is worked.

    Args:
        starts, ends: of the intervals, sorted, not touching backwards; any integer sequence.
        begins: first tick of the horizon; no interval starts sooner.
    """

    def __init__(self, *, starts: ArrayLike, ends: ArrayLike, begins: int) -> None:
        first = np.asarray(starts, dtype=np.int64)
        last = np.asarray(ends, dtype=np.int64)
        if first.shape != last.shape or first.ndim != 1:
            raise ValueError("as many ends as starts, in one row")
        if first.size and (first[0] < begins or np.any(last <= first) or np.any(first[1:] < last[:-1])):
            raise ValueError("intervals must be sorted, disjoint, of at least one tick, and inside the horizon")
        self._begins = begins
        # The time before the horizon is one more interval, so that everything below is one rule.
        self._starts = np.concatenate((np.array([-NEVER], dtype=np.int64), first))
        self._ends = np.concatenate((np.array([begins], dtype=np.int64), last))
        done = np.cumsum(last - first)
        self._done_before = np.concatenate((np.array([-NEVER - begins, 0], dtype=np.int64), done))[: first.size + 1]
        self._total = int(done[-1]) if first.size else 0
        self._start_list: list[int] = self._starts.tolist()
        self._end_list: list[int] = self._ends.tolist()
        self._before_list: list[int] = self._done_before.tolist()

    @classmethod
    def of_mask(cls, worked: ArrayLike, *, begins: int = 0) -> WorkingTime:
        """The calendar whose tick ``begins + k`` is worked where ``worked[k]`` is true."""
        padded = np.concatenate(([0], np.asarray(worked, dtype=np.int8), [0]))
        steps = np.diff(padded)
        return cls(
            starts=np.flatnonzero(steps == 1) + begins, ends=np.flatnonzero(steps == -1) + begins, begins=begins
        )

    @property
    def begins(self) -> int:
        """See `Calendar`."""
        return self._begins

    @property
    def has_work(self) -> bool:
        """See `Calendar`."""
        return self._total > 0

    @property
    def intervals(self) -> tuple[Whole, Whole]:
        """Starts and ends of the worked intervals."""
        return self._starts[1:], self._ends[1:]

    def _done_one(self, tick: int) -> int:
        at = bisect_right(self._start_list, tick) - 1
        end = self._end_list[at]
        return self._before_list[at] + (tick if tick < end else end) - self._start_list[at]

    def _tick_one(self, done: int) -> int:
        at = bisect_right(self._before_list, done) - 1
        return self._start_list[at] + done - self._before_list[at]

    def advance_one(self, start: int, amount: int) -> int:
        """See `Calendar`."""
        return start if amount == 0 else self.worked_one(start, amount)[1]

    def worked_one(self, tick: int, amount: int) -> tuple[int, int]:
        """See `Calendar`; most work ends in the interval in which it starts."""
        at = bisect_right(self._start_list, tick) - 1
        end = self._end_list[at]
        if tick >= end:
            at += 1
            if at == len(self._start_list):
                return NEVER, NEVER
            tick, end = self._start_list[at], self._end_list[at]
        finish = tick + amount
        if finish <= end:
            return tick, finish
        done = self._before_list[at] + finish - self._start_list[at]
        return tick, NEVER if done > self._total else self._tick_one(done - 1) + 1

    def retreat_one(self, finish: int, amount: int) -> int:
        """See `Calendar`."""
        return finish if amount == 0 else self._tick_one(self._done_one(finish) - amount)

    def between_one(self, first: int, last: int) -> int:
        """See `Calendar`."""
        return self._done_one(last) - self._done_one(first)

    def next_working_one(self, tick: int) -> int:
        """See `Calendar`."""
        done = self._done_one(tick)
        return NEVER if done >= self._total else self._tick_one(done)

    def previous_working_one(self, tick: int) -> int:
        """See `Calendar`."""
        return self._tick_one(self._done_one(tick) - 1) + 1

    def _done_all(self, ticks: Whole) -> Whole:
        at = np.searchsorted(self._starts, ticks, side="right") - 1
        done: Whole = self._done_before[at] + np.minimum(ticks, self._ends[at]) - self._starts[at]
        return done

    def _tick_all(self, done: Whole) -> Whole:
        at = np.searchsorted(self._done_before, done, side="right") - 1
        ticks: Whole = self._starts[at] + done - self._done_before[at]
        return ticks

    def advance_all(self, starts: Whole, amounts: Whole) -> Whole:
        """See `Calendar`."""
        done = self._done_all(starts) + amounts
        finishes = np.where(done > self._total, NEVER, self._tick_all(done - 1) + 1)
        return np.where(amounts == 0, starts, finishes)

    def retreat_all(self, finishes: Whole, amounts: Whole) -> Whole:
        """See `Calendar`."""
        return np.where(amounts == 0, finishes, self._tick_all(self._done_all(finishes) - amounts))

    def between_all(self, firsts: Whole, lasts: Whole) -> Whole:
        """See `Calendar`."""
        return self._done_all(lasts) - self._done_all(firsts)

    def next_working_all(self, ticks: Whole) -> Whole:
        """See `Calendar`."""
        done = self._done_all(ticks)
        return np.where(done >= self._total, NEVER, self._tick_all(done))

    def previous_working_all(self, ticks: Whole) -> Whole:
        """See `Calendar`."""
        return self._tick_all(self._done_all(ticks) - 1) + 1


def intersection(*calendars: WorkingTime | EveryTick) -> WorkingTime | EveryTick:
    """Ticks that all calendars work: a unit's days and the months in which the ground is not frozen."""
    bounded = [calendar for calendar in calendars if isinstance(calendar, WorkingTime)]
    if not bounded:
        return EVERY_TICK
    begins = max(calendar.begins for calendar in bounded)
    edges: list[tuple[int, int]] = []
    for calendar in bounded:
        starts, ends = calendar.intervals
        edges += [(tick, 1) for tick in starts.tolist()] + [(tick, -1) for tick in ends.tolist()]
    return _covered(sorted(edges), times=len(bounded), begins=begins)


def _covered(edges: Sequence[tuple[int, int]], *, times: int, begins: int) -> WorkingTime:
    starts: list[int] = []
    ends: list[int] = []
    depth, opened = 0, 0
    for tick, step in edges:
        if depth == times and step == -1 and tick > max(opened, begins):
            starts.append(max(opened, begins))
            ends.append(tick)
        depth += step
        if depth == times and step == 1:
            opened = tick
    return WorkingTime(starts=starts, ends=ends, begins=begins)
