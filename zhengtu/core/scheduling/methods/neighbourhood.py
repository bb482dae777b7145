"""Large neighbourhoods: take a part of a schedule apart and ask the solver for one tick less.

Two kinds of part, chosen by what they have brought per second:

* a *window* of time: what runs before it stays, what comes after it moves one tick to the left, and what runs in it
  has to find room in one tick less; such a step is a small problem of its own;
* a *block* of activities, grown at random along links and shared resources: all others keep their order (the partial
  order of the schedule), but may shift.

A part grows where the solver has proved quickly that there is no room, and shrinks where it has run out of time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from ortools.sat.python import cp_model

from zhengtu.core.scheduling.methods.arrays import Arrays
from zhengtu.core.scheduling.working_time import Whole

_SECONDS = 1.0  # for one part
_SMALLEST = 12
_BLOCK_MOST = 400  # activities of a problem: a block's model holds them all, a window's only its own


@dataclass
class _Kind:
    size: float
    gained: float = 1.0
    spent: float = 1.0

    @property
    def worth(self) -> float:
        return self.gained / self.spent


@dataclass
class Neighbourhoods:
    """Adaptive choice of parts; one object per thread.

    Attributes:
        steps: how many parts have been tried.
    """

    arrays: Arrays
    seed: int
    steps: int = 0
    _kinds: list[_Kind] = field(default_factory=lambda: [_Kind(30.0), _Kind(25.0)])

    def __post_init__(self) -> None:
        self._random = np.random.default_rng(self.seed)
        self._before, self._after = self.arrays.predecessors(), self.arrays.successors()

    def shorter(self, starts: Whole, *, seconds: float) -> Whole | None:
        """A schedule that is at least one tick shorter, if one part of this one gives it."""
        self.steps += 1
        weights = np.array([kind.worth for kind in self._kinds])
        number = int(self._random.choice(2, p=0.1 + 0.8 * weights / weights.sum()))
        if self.arrays.count > _BLOCK_MOST:
            number = 0
        kind = self._kinds[number]
        size = int(min(kind.size, self.arrays.count))
        part = self._window(starts, size) if number == 0 else self._block(starts, size)
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.num_workers = 1
        parameters.max_time_in_seconds = max(0.01, min(_SECONDS, seconds))
        parameters.random_seed = int(self._random.integers(1 << 30))
        parameters.linearization_level = 0
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
        parameters.use_disjunctive_constraint_in_cumulative = False
        began = time.monotonic()
        found, status = part.solve(solver) if part is not None else (None, cp_model.INFEASIBLE)
        kind.gained, kind.spent = 0.97 * kind.gained, 0.97 * kind.spent + time.monotonic() - began
        if found is not None:
            kind.gained += 1.0
        elif status == cp_model.INFEASIBLE:
            kind.size = min(kind.size * 1.015 + 0.1, self.arrays.count)
        else:
            kind.size = max(kind.size * 0.96, _SMALLEST)
        return found

    def _window(self, starts: Whole, size: int) -> _Part | None:
        arrays = self.arrays
        finishes = starts + arrays.durations
        length = int(finishes.max())
        work = np.flatnonzero(arrays.durations)
        seed = int(self._random.choice(work))
        middle = (starts[seed] + finishes[seed]) / 2
        apart = np.maximum(0, np.maximum(starts - middle, middle - finishes))[work]
        chosen = work[np.argsort(apart, kind="stable")[:size]]
        begin, end = int(starts[chosen].min()), int(finishes[chosen].max())
        if self._random.random() < 0.5:  # all that runs in the middle of the span, rather than the nearest
            quarter = (end - begin) // 4
            begin, end = begin + quarter, end - quarter
        free = (finishes > begin) & (starts < end) & (arrays.durations > 0)
        moved = np.where(starts >= end, starts - 1, starts)
        return _Part(self, moved, np.flatnonzero(free), length - 1) if free.any() else None

    def _block(self, starts: Whole, size: int) -> _Part | None:
        arrays = self.arrays
        seed = int(self._random.integers(arrays.count))
        finishes = starts + arrays.durations
        reach = max(4, int(size * finishes.max() / arrays.count))
        near = np.flatnonzero((starts < finishes[seed] + reach) & (finishes > starts[seed] - reach))
        chosen = self._random.permutation(near)[:size]
        return _Part(self, starts, np.sort(chosen), int(finishes.max()) - 1, shifting=True)

    def ordered(self, starts: Whole, kept: Whole) -> list[tuple[int, int]]:
        """Pairs of kept activities that share a resource and run one after the other, the near ones."""
        arrays = self.arrays
        finishes = starts + arrays.durations
        shares = (arrays.demands[kept] > 0).astype(np.int64)
        gap = starts[kept][None, :] - finishes[kept][:, None]
        near = (gap >= 0) & (gap <= max(2, int(arrays.durations.max()) // 2)) & (shares @ shares.T > 0)
        return [(int(kept[i]), int(kept[j])) for i, j in np.argwhere(near) if i != j]


class _Part:
    """A small model: the free activities move within what the others leave them."""

    def __init__(self, of: Neighbourhoods, starts: Whole, free: Whole, target: int, *, shifting: bool = False) -> None:
        self._of, self._starts, self._free, self._target, self._shifting = of, starts, free, target, shifting

    def solve(self, solver: cp_model.CpSolver) -> tuple[Whole | None, object]:
        """All starts with the part done anew, or None, and the solver's status."""
        model = cp_model.CpModel()
        arrays = self._of.arrays
        variables = self._shifted(model) if self._shifting else self._within(model)
        if variables is None:
            return None, cp_model.INFEASIBLE
        intervals = {
            j: model.new_fixed_size_interval_var(start, int(arrays.durations[j]), "") for j, start in variables.items()
        }
        if not self._capacities(model, intervals):
            return None, cp_model.INFEASIBLE
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, status
        starts = self._starts.copy()
        for j, start in variables.items():
            starts[j] = solver.value(start)
        return starts, status

    def _within(self, model: cp_model.CpModel) -> dict[int, cp_model.IntVar] | None:
        """Starts of the free activities between neighbours that stay."""
        arrays, free = self._of.arrays, set(self._free.tolist())
        first = int(self._starts[self._free].min())
        variables = {}
        inner = []
        for j in self._free.tolist():
            low, high = max(first, int(arrays.releases[j])), self._target - int(arrays.durations[j])
            for i, distance in self._of._before[j]:
                if i in free:
                    inner.append((i, j, distance))
                else:
                    low = max(low, int(self._starts[i]) + distance)
            for k, distance in self._of._after[j]:
                if k not in free:
                    high = min(high, int(self._starts[k]) - distance)
            if low > high:
                return None
            variables[j] = model.new_int_var(low, high, "")
        for i, j, distance in inner:
            model.add(variables[j] - variables[i] >= distance)
        return variables

    def _shifted(self, model: cp_model.CpModel) -> dict[int, cp_model.IntVar] | None:
        """Starts of all activities; those outside the part keep their order."""
        arrays = self._of.arrays
        heads, tails = arrays.earliest().tolist(), arrays.tails().tolist()
        if any(heads[j] + tails[j] > self._target for j in range(arrays.count)):
            return None
        variables = {j: model.new_int_var(heads[j], self._target - tails[j], "") for j in range(arrays.count)}
        for (i, j), distance in arrays.arcs.items():
            model.add(variables[j] - variables[i] >= distance)
        kept = np.setdiff1d(np.flatnonzero(arrays.durations), self._free)
        for i, j in self._of.ordered(self._starts, kept):
            model.add(variables[j] - variables[i] >= int(arrays.durations[i]))
        return variables

    def _capacities(self, model: cp_model.CpModel, intervals: dict[int, cp_model.IntervalVar]) -> bool:
        """Whether what stays fits at all; if so, the free activities get what it leaves."""
        arrays = self._of.arrays
        used = np.zeros((int(self._starts.max()) + int(arrays.durations.max()) + 1, len(arrays.capacities)), np.int64)
        for j in range(arrays.count):
            if j not in intervals:
                used[self._starts[j] : self._starts[j] + arrays.durations[j]] += arrays.demands[j]
        if (used > arrays.capacities).any():
            return False
        first = min(int(self._starts[j]) for j in intervals)
        for column, capacity in enumerate(arrays.capacities.tolist()):
            users = [j for j in intervals if arrays.demands[j, column]]
            parts = [intervals[j] for j in users]
            amounts = [int(arrays.demands[j, column]) for j in users]
            if len(intervals) < arrays.count:
                for begin, end, amount in _steps(used[:, column], first):
                    parts.append(model.new_fixed_size_interval_var(begin, end - begin, ""))
                    amounts.append(amount)
            if sum(amounts) > capacity:
                model.add_cumulative(parts, amounts, capacity)
        return True


def _steps(used: Whole, first: int) -> list[tuple[int, int, int]]:
    """Begin, end and height of each stretch in which equally much is used."""
    edges = [0, *(np.flatnonzero(np.diff(used)) + 1).tolist(), len(used)]
    return [
        (begin, end, int(used[begin])) for begin, end in pairwise(edges) if used[begin] and end > first
    ]
