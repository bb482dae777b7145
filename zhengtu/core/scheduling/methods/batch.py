"""Serial schedule generation for many priority orders at once.

One step places one activity in each of B schedules, so the cost of Python is shared by all of them. The free
capacities of all resources at one tick are packed into few 64-bit words: one subtraction and one mask say whether an
activity fits.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zhengtu.core.scheduling.methods.arrays import Arrays
from zhengtu.core.scheduling.working_time import Whole

_LOOK = 64  # ticks looked at from the earliest start on before looking further: the bits of one word


class OutOfTime(Exception):
    """Scheduling has broken off because its time is up."""


class Batch:
    """Places activities as early as links and capacities let it, in the order of given keys.

    Args:
        arrays: the problem.
        horizon: no schedule is ever longer.
        until: instant of `time.monotonic` after which `schedule` breaks off; 0 for never.
    """

    def __init__(self, arrays: Arrays, horizon: int, until: float = 0.0) -> None:
        self.arrays = arrays
        self._until = until
        count = arrays.count
        self._longest = max(1, int(arrays.durations.max(initial=1)))
        self._ticks = horizon + self._longest + _LOOK + 1
        self._lengths = np.maximum(arrays.durations, 1)
        self._words = _pack(arrays)
        self._earliest = arrays.earliest()
        before = arrays.predecessors()
        widest = max(1, max(map(len, before), default=1))
        self._before = np.full((count, widest), count, dtype=np.int64)
        self._distance = np.zeros((count, widest), dtype=np.int64)
        for j, row in enumerate(before):
            for place, (i, distance) in enumerate(row):
                self._before[j, place] = i
                self._distance[j, place] = distance
        self._look = np.arange(_LOOK)
        self._doublings = (self._longest - 1).bit_length()
        self._levels = _levels(before)

    def order(self, keys: NDArray[np.float64]) -> Whole:
        """Activities by rising key, none before what it waits for; shapes (B, n)."""
        lifted = keys.copy()
        for columns, waits in self._levels:
            lifted[:, columns] = np.maximum(lifted[:, columns], lifted[:, waits].max(axis=2))
        ordered: Whole = np.argsort(lifted, axis=1, kind="stable")
        return ordered

    def schedule(self, keys: NDArray[np.float64]) -> Whole:
        """Starts of each activity in each schedule, shape (B, n), for keys of the same shape.

        Raises:
            OutOfTime: the time is up before all is placed.
        """
        size, count = keys.shape
        order = self.order(keys)
        starts = np.full((size, count + 1), -(1 << 40), dtype=np.int64)
        free = [np.full(size * self._ticks, word.full) for word in self._words]
        rows = np.arange(size)
        base = rows * self._ticks
        run = np.arange(self._longest)
        for step in range(count):
            if self._until and step % 16 == 0 and time.monotonic() > self._until:
                raise OutOfTime
            jobs = order[:, step]
            waits = starts[rows[:, None], self._before[jobs]] + self._distance[jobs]
            ready = np.maximum(self._earliest[jobs], waits.max(axis=1))
            lengths = self._lengths[jobs]
            begin = ready + self._first_fit(free, jobs, base + ready, lengths)
            starts[rows, jobs] = begin
            inside = run < lengths[:, None]
            places = ((base + begin)[:, None] + run)[inside]
            for word, packed in zip(free, self._words, strict=True):
                word[places] -= packed.demands[jobs].repeat(lengths)
        return starts[:, :count]

    def _first_fit(
        self, free: Sequence[NDArray[np.unsignedinteger]], jobs: Whole, first: Whole, lengths: Whole
    ) -> Whole:
        """Ticks from ``first`` until the activity fits for its whole length, per schedule."""
        room = np.packbits(~self._blocked(free, jobs, first, self._look), axis=1, bitorder="little")
        fits = room.view(np.uint64)[:, 0]
        done = np.ones_like(lengths)
        for _ in range(self._doublings):  # a run of 2k free ticks is two runs of k
            more = np.minimum(done, lengths - done)
            fits = fits & (fits >> more.astype(np.uint64))
            done += more
        wait: Whole = np.log2((fits & (~fits + np.uint64(1))).astype(np.float64).clip(min=1.0)).astype(np.int64)
        (lost,) = np.nonzero((fits == 0) | (lengths > _LOOK))
        look = self._look
        while len(lost):  # what starts late may look beyond its row's end, into ticks that it never needs
            look = np.arange(4 * len(look))
            blocked = self._blocked(free, jobs[lost], first[lost], look)
            last_blocked = np.maximum.accumulate(np.where(blocked, look, -1), axis=1)
            free_long_enough = look - last_blocked >= lengths[lost][:, None]
            end = free_long_enough.argmax(axis=1)
            wait[lost] = end + 1 - lengths[lost]
            lost = lost[~free_long_enough[np.arange(len(lost)), end]]
        return wait

    def _blocked(
        self, free: Sequence[NDArray[np.unsignedinteger]], jobs: Whole, first: Whole, look: Whole
    ) -> NDArray[np.bool_]:
        """Whether too little is free at each of the ticks from ``first`` on."""
        places = first[:, None] + look
        blocked: NDArray[np.bool_] | None = None
        for word, packed in zip(free, self._words, strict=True):
            room = word.take(places, mode="clip")
            room -= packed.demands[jobs][:, None]
            room &= packed.guards
            taken = room != packed.guards
            blocked = taken if blocked is None else blocked | taken
        assert blocked is not None
        return blocked


class _Word:
    """Some resources packed side by side, each with a guard bit above it that a subtraction below zero clears."""

    def __init__(self, arrays: Arrays, columns: Sequence[int], widths: Sequence[int]) -> None:
        kind = np.uint32 if sum(widths) + len(widths) <= 32 else np.uint64
        full = guards = shift = 0
        demands = np.zeros(arrays.count, dtype=np.uint64)
        for column, width in zip(columns, widths, strict=True):
            guard = 1 << (shift + width)
            full |= guard | (int(arrays.capacities[column]) << shift)
            guards |= guard
            demands |= arrays.demands[:, column].astype(np.uint64) << np.uint64(shift)
            shift += width + 1
        self.full, self.guards = kind(full), kind(guards)
        self.demands: NDArray[np.unsignedinteger] = demands.astype(kind)


def _pack(arrays: Arrays) -> list[_Word]:
    words: list[_Word] = []
    columns: list[int] = []
    widths: list[int] = []
    for column in range(len(arrays.capacities)):
        width = max(1, int(arrays.capacities[column]).bit_length())
        if sum(widths) + len(widths) + width + 1 > 64:
            words.append(_Word(arrays, columns, widths))
            columns, widths = [], []
        columns.append(column)
        widths.append(width)
    words.append(_Word(arrays, columns, widths))
    return words


def _levels(before: Sequence[Sequence[tuple[int, int]]]) -> list[tuple[Whole, Whole]]:
    """Activities by depth, each with what it waits for (its own number where there is less than the widest)."""
    depth = [0] * len(before)
    for j, row in enumerate(before):
        depth[j] = max((depth[i] + 1 for i, _ in row), default=0)
    levels = []
    for level in range(1, max(depth, default=0) + 1):
        columns = [j for j in range(len(before)) if depth[j] == level]
        widest = max(len(before[j]) for j in columns)
        waits = [[i for i, _ in before[j]] + [j] * (widest - len(before[j])) for j in columns]
        levels.append((np.array(columns), np.array(waits)))
    return levels
