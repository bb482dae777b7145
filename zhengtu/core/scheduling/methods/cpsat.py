"""The whole problem as a model of OR-Tools CP-SAT: to prove, and to find where schedules are few.

Redundant parts: heads and tails as domains, so that the solver sees the bound at once; a makespan below what is known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from zhengtu.core.scheduling.methods.arrays import Arrays
from zhengtu.core.scheduling.working_time import Whole


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver says.

    Attributes:
        starts: of the best schedule below the limit, or None.
        bound: no schedule is shorter.
        proven: the schedule is the shortest, or, without one, there is none below the limit.
    """

    starts: Whole | None
    bound: int
    proven: bool


class WholeModel:
    """Finds a schedule shorter than ``below``, as short as possible, or proves that there is none."""

    def __init__(self, arrays: Arrays, *, bound: int, below: int, hint: Whole | None = None) -> None:
        self._arrays = arrays
        self._bound = bound
        self._below = below
        model = cp_model.CpModel()
        heads, tails = arrays.earliest().tolist(), arrays.tails().tolist()
        durations = arrays.durations.tolist()
        self._possible = all(heads[j] <= below - 1 - tails[j] for j in range(arrays.count)) and bound < below
        self.solver = cp_model.CpSolver()
        self._model = model
        if not self._possible:
            return
        self._starts = [model.new_int_var(heads[j], below - 1 - tails[j], "") for j in range(arrays.count)]
        end = model.new_int_var(bound, below - 1, "")
        for (i, j), distance in arrays.arcs.items():
            model.add(self._starts[j] - self._starts[i] >= distance)
        for j in range(arrays.count):
            if tails[j] == durations[j]:
                model.add(end >= self._starts[j] + durations[j])
        intervals = [model.new_fixed_size_interval_var(self._starts[j], durations[j], "") for j in range(arrays.count)]
        add_capacities(model, arrays, intervals)
        if hint is not None:
            for j in range(arrays.count):
                model.add_hint(self._starts[j], int(hint[j]))
        model.minimize(end)

    def solve(
        self, *, seconds: float, workers: int, seed: int, on_bound: Callable[[int], None] | None = None
    ) -> Answer:
        """Run the solver; ``solver.stop_search()`` from another thread ends it early."""
        if not self._possible:
            return Answer(None, max(self._bound, self._below), True)
        parameters = self.solver.parameters
        parameters.max_time_in_seconds = max(0.01, seconds)
        parameters.num_workers = workers
        parameters.random_seed = seed
        if workers == 1:
            parameters.linearization_level = 0
            parameters.use_disjunctive_constraint_in_cumulative = False
            parameters.use_conservative_scale_overload_checker = True
        if on_bound is not None:
            self.solver.best_bound_callback = lambda value: on_bound(round(value))
        status = self.solver.solve(self._model)
        if status == cp_model.INFEASIBLE:
            return Answer(None, self._below, True)
        bound = max(self._bound, round(self.solver.best_objective_bound))
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer(None, min(bound, self._below), False)
        starts = np.array([self.solver.value(start) for start in self._starts], dtype=np.int64)
        return Answer(starts, bound, status == cp_model.OPTIMAL)


def add_capacities(model: cp_model.CpModel, arrays: Arrays, intervals: list[cp_model.IntervalVar]) -> None:
    """One cumulative per resource, where it can bind at all."""
    for column, capacity in enumerate(arrays.capacities.tolist()):
        amounts = arrays.demands[:, column].tolist()
        users = [j for j in range(arrays.count) if amounts[j] and arrays.durations[j]]
        if sum(amounts[j] for j in users) > capacity:
            model.add_cumulative([intervals[j] for j in users], [amounts[j] for j in users], capacity)
