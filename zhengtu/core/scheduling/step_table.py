"""A calendar for durations that are no sum of worked ticks: "six months, then on to the next working day".

The caller says for every start of the horizon where one step ends; the table must never run backwards. An activity of
duration 1 in such a calendar takes one step, of duration 2 the second step from where the first ended. Every tick is
a possible start, and float in such a calendar counts plain ticks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from zhengtu.core.scheduling.working_time import NEVER, Calendar, Whole


class StepTable(Calendar):
    """A step from tick ``begins + k`` ends on ``finishes[k]``; before the horizon steps are as long as the first.

    Args:
        finishes: never falling, none before its own start.
    """

    def __init__(self, finishes: ArrayLike, *, begins: int = 0) -> None:
        table = np.asarray(finishes, dtype=np.int64)
        if table.ndim != 1 or np.any(np.diff(table) < 0) or np.any(table < begins + np.arange(table.size)):
            raise ValueError("a step table must not run backwards, and no step ends before it starts")
        self._begins = begins
        self._finishes = table
        self._list: list[int] = table.tolist()

    @property
    def begins(self) -> int:
        """See `Calendar`."""
        return self._begins

    @property
    def has_work(self) -> bool:
        """See `Calendar`."""
        return bool(self._list)

    def advance_one(self, start: int, amount: int) -> int:
        """See `Calendar`; an amount is a number of steps."""
        for _ in range(amount):
            at = start - self._begins
            if at >= len(self._list):
                return NEVER
            start = self._list[at] if at >= 0 else self._list[0] + at
        return start

    def retreat_one(self, finish: int, amount: int) -> int:
        """See `Calendar`; an amount is a number of steps."""
        for _ in range(amount):
            first = self._list[0]
            at = bisect_right(self._list, finish) - 1 if finish >= first else finish - first
            finish = self._begins + at
        return finish

    def between_one(self, first: int, last: int) -> int:
        """Plain ticks."""
        return last - first

    def next_working_one(self, tick: int) -> int:
        """``tick`` itself, within the horizon."""
        return tick if tick < self._begins + len(self._list) else NEVER

    def previous_working_one(self, tick: int) -> int:
        """``tick`` itself, no later than just after the last possible start."""
        return min(tick, self._begins + len(self._list))

    def advance_all(self, starts: Whole, amounts: Whole) -> Whole:
        """See `Calendar`."""
        return self._each(starts, amounts, self._step_all)

    def retreat_all(self, finishes: Whole, amounts: Whole) -> Whole:
        """See `Calendar`."""
        return self._each(finishes, amounts, self._back_all)

    def between_all(self, firsts: Whole, lasts: Whole) -> Whole:
        """Plain ticks."""
        return lasts - firsts

    def next_working_all(self, ticks: Whole) -> Whole:
        """See `next_working_one`."""
        return np.where(ticks < self._begins + len(self._list), ticks, NEVER)

    def previous_working_all(self, ticks: Whole) -> Whole:
        """See `previous_working_one`."""
        return np.minimum(ticks, self._begins + len(self._list))

    def _step_all(self, starts: Whole) -> Whole:
        at = starts - self._begins
        inside = self._finishes[np.clip(at, 0, len(self._list) - 1)] + np.minimum(at, 0)
        return np.where(at < len(self._list), inside, NEVER)

    def _back_all(self, finishes: Whole) -> Whole:
        at = np.searchsorted(self._finishes, finishes, side="right") - 1
        return self._begins + np.where(at >= 0, at, finishes - self._finishes[0])

    @staticmethod
    def _each(ticks: Whole, amounts: Whole, step: Callable[[Whole], Whole]) -> Whole:
        ticks = ticks.copy()
        for done in range(int(amounts.max(initial=0))):
            ticks = np.where(amounts > done, step(ticks), ticks)
        return ticks
