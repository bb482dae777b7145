"""A population of schedules that is bred to and fro: children are left-justified, theirs right-justified.

Each generation orders its activities by the times of two parents, takes a stretch of time from one and the rest from
the other, and is scheduled in the other direction of time, which is double justification at the price of one schedule
(Debels and Vanhoucke 2007, *A decomposition-based genetic algorithm for the RCPSP*, section 3).
"""

from __future__ import annotations

import numpy as np

from zhengtu.core.scheduling.methods.arrays import Arrays
from zhengtu.core.scheduling.methods.batch import Batch
from zhengtu.core.scheduling.methods.serial import Keys, turned
from zhengtu.core.scheduling.working_time import Whole


class Population:
    """Schedules in both directions of time; ``best`` is the shortest that respects the releases.

    Args:
        arrays: the problem.
        size: schedules per direction.
        seed: of the random numbers.
        horizon: no schedule is ever longer.
        until: instant of `time.monotonic` after which it breaks off with OutOfTime; 0 for never.
    """

    def __init__(self, arrays: Arrays, *, size: int, seed: int, horizon: int, until: float = 0.0) -> None:
        self.arrays = arrays
        self._random = np.random.default_rng(seed)
        self._size = size
        self._to = Batch(arrays, horizon, until)
        self._fro = Batch(arrays.mirrored(), horizon, until)
        self.best: Whole = self._to.schedule(arrays.earliest()[None, :].astype(np.float64))[0]
        self.best_length = arrays.makespan(self.best)
        self.schedules = 1
        self.stale = 0

    def found(self, keys: Keys) -> None:
        """Begin anew from these orders (shape (k, n)), the rest of the population at random."""
        count = self.arrays.count
        rest = self._random.random((max(0, self._size - len(keys)), count))
        self._left = self._to.schedule(np.concatenate([keys[: self._size], rest]))
        self._left_length = self._lengths(self._left)
        self._keep_best()
        self._right = self._fro.schedule(turned(self._left, self.arrays.durations))
        self._right_length = (self._right + self._fro.arrays.durations).max(axis=1)
        self.schedules += 2 * self._size
        self.stale = 0

    def admit(self, starts: Whole) -> None:
        """Let a schedule found elsewhere replace the longest one."""
        worst = int(self._left_length.argmax())
        self._left[worst] = starts
        self._left_length[worst] = self.arrays.makespan(starts)
        self._keep_best()

    def shortest(self, length: int, *, most: int) -> list[Whole]:
        """Different schedules of this length or less, at random."""
        (rows,) = np.nonzero(self._left_length <= length)
        rows = self._random.permutation(rows)[: 4 * most]
        return list(np.unique(self._left[rows], axis=0)[:most])

    def step(self) -> None:
        """One generation there and one back."""
        before = self.best_length
        children = self._fro.schedule(self._bred(turned(self._left, self.arrays.durations), self._left_length))
        lengths = (children + self._fro.arrays.durations).max(axis=1)
        self._replace(self._right, self._right_length, children, lengths)
        children = self._to.schedule(
            self._bred(turned(self._right, self._fro.arrays.durations), self._right_length)
        )
        self._replace(self._left, self._left_length, children, self._lengths(children))
        self._keep_best()
        self.schedules += 2 * self._size
        self.stale = 0 if self.best_length < before else self.stale + 1

    def _lengths(self, starts: Whole) -> Whole:
        lengths: Whole = (starts + self.arrays.durations).max(axis=1)
        return lengths

    def _keep_best(self) -> None:
        shortest = int(self._left_length.argmin())
        if self._left_length[shortest] < self.best_length:
            self.best = self._left[shortest].copy()
            self.best_length = int(self._left_length[shortest])

    def _replace(self, parents: Whole, parent_lengths: Whole, children: Whole, lengths: Whole) -> None:
        better = lengths <= parent_lengths
        parents[better] = children[better]
        parent_lengths[better] = lengths[better]

    def _bred(self, times: Keys, lengths: Whole) -> Keys:
        """Keys of one child of each schedule: a stretch of its time in the order of a mate."""
        size = len(times)
        rivals = self._random.integers(size, size=(2, size))
        mates = np.where(lengths[rivals[0]] <= lengths[rivals[1]], rivals[0], rivals[1])
        first = times.min(axis=1)
        span = (times.max(axis=1) - first)[:, None] + 1.0
        at = (times - first[:, None]) / span
        other = times[mates]
        other_at = (other - other.min(axis=1)[:, None]) / span
        width = self._random.uniform(0.2, 0.7, size=(size, 1))
        begin = self._random.uniform(-0.1, 1.1 - width)
        keys: Keys = np.where(at < begin, at - 2.0, np.where(at > begin + width, at + 3.0, other_at))
        same = (np.abs(at - other_at) < 1e-9).mean(axis=1) > 0.97
        shaken = self._random.random(size) < np.where(same, 1.0, 0.2)
        noise = self._random.normal(0.0, 0.06, size=keys.shape) * (self._random.random(keys.shape) < 0.15)
        keys[shaken] = (keys + noise)[shaken]
        return keys
