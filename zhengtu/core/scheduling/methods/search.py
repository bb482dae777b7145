"""Search for the shortest schedule: breeding on one core, the solver on the others, each using what the other finds.

The solver first tries to prove, with all its power on the whole problem; where that does not end soon, it takes parts
of the best schedules apart (`neighbourhood`). Everything stops at the proven optimum.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from zhengtu.core.scheduling.methods.arrays import Arrays, arrays_of
from zhengtu.core.scheduling.methods.batch import OutOfTime
from zhengtu.core.scheduling.methods.bounds import lower_bound
from zhengtu.core.scheduling.methods.evolution import Population
from zhengtu.core.scheduling.methods.serial import noisy, parallel, rules
from zhengtu.core.scheduling.plan import plan_of
from zhengtu.core.scheduling.problem import Problem
from zhengtu.core.scheduling.solve import Result, Status
from zhengtu.core.scheduling.working_time import Whole

if TYPE_CHECKING:  # loading the solver takes a second or more, which easy problems need not wait for
    from zhengtu.core.scheduling.methods.cpsat import WholeModel
    from zhengtu.core.scheduling.methods.neighbourhood import Neighbourhoods

_SMALL = 100  # schedules of the first population
_LARGE = 2000  # of the largest
_GENERATIONS = 170  # until a population has settled, by experience
_WHOLE_MOST = 400  # activities: the whole problem is given to the solver up to so many
_SHARE_FOR_PROOF = 0.3  # of the time, before parts are tried


def search(problem: Problem, *, seconds: float, workers: int = 2, seed: int = 1) -> Result:
    """The shortest plan found in the time, and what is known about it.

    Args:
        seconds: wall time, everything included.
        workers: processor cores; with one, breeding and solver take turns.
        seed: of all random numbers.

    Raises:
        Refused: the problem cannot be computed, or has what this search does not know (`arrays_of`).
    """
    until = time.monotonic() + seconds
    arrays = arrays_of(problem)
    state = _Shared(arrays, until, seed)
    state.run(workers)
    number = {name: place for place, name in enumerate(arrays.ids)}
    starts = np.array([state.best[number[activity.id]] for activity in problem.activities], dtype=np.int64)
    lengths = np.array([activity.duration for activity in problem.activities], dtype=np.int64)
    plan = plan_of(problem)
    plan = replace(plan, starts=problem.start + starts, finishes=problem.start + starts + lengths)
    status = Status.OPTIMAL if state.length == state.bound else Status.FEASIBLE
    return Result(plan, status, problem.start + state.bound)


class _Shared:
    """What the threads know together."""

    def __init__(self, arrays: Arrays, until: float, seed: int) -> None:
        self.arrays, self.until, self.seed = arrays, until, seed
        self._lock = threading.Lock()
        self._pool: list[Whole] = []
        self._given: list[Whole] = []
        self._whole: WholeModel | None = None
        self._began = time.monotonic()
        self.bound = lower_bound(arrays)
        self.best = parallel(arrays, rules(arrays)[0].tolist())
        self.length = arrays.makespan(self.best)

    @property
    def left(self) -> float:
        """Seconds left."""
        return self.until - time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether the time is up or the optimum is proven."""
        return self.left <= 0 or self.length <= self.bound

    def offer(self, starts: Whole) -> None:
        """Keep a schedule if it is the shortest so far."""
        length = self.arrays.makespan(starts)
        with self._lock:
            if length < self.length:
                self.best, self.length = starts.copy(), length
                if length <= self.bound:
                    self.stop_solver()

    def raise_bound(self, bound: int) -> None:
        """Keep a bound if it is the best so far; none is above a schedule that exists."""
        with self._lock:
            self.bound = max(self.bound, min(bound, self.length))

    def stop_solver(self) -> None:
        """End a proof that has lost its object."""
        if self._whole is not None:
            self._whole.solver.stop_search()

    def run(self, workers: int) -> None:
        """Search until it is over."""
        if self.is_over or not self.arrays.count:
            return
        if workers < 2:
            with suppress(OutOfTime):
                self._take_turns()
            return
        thread = threading.Thread(target=self._solve, args=(workers - 1,), daemon=True)
        thread.start()
        with suppress(OutOfTime):
            for _ in self._breeding():
                if self.is_over:
                    break
        self.stop_solver()
        thread.join(timeout=0.3)  # it may still be loading

    def _take_turns(self) -> None:
        from zhengtu.core.scheduling.methods.neighbourhood import Neighbourhoods

        breeding = self._breeding()
        parts = Neighbourhoods(self.arrays, self.seed)
        turn = max(0.2, 0.05 * self.left)
        proofs = 0
        while not self.is_over:
            until = time.monotonic() + turn
            while time.monotonic() < until and not self.is_over:
                next(breeding)
            until = time.monotonic() + turn
            if proofs < 3 and self.arrays.count <= _WHOLE_MOST and not self.is_over:
                proofs += 1
                self._prove(turn * 2, workers=1)
            while time.monotonic() < until and not self.is_over:
                self._part(parts)

    def _solve(self, workers: int) -> None:
        """The solver's thread: proof first, then parts."""
        self._wait_for_breeding()
        if self.is_over:
            return
        from zhengtu.core.scheduling.methods.neighbourhood import Neighbourhoods

        parts = Neighbourhoods(self.arrays, self.seed)
        if self.arrays.count <= _WHOLE_MOST:
            self._prove(_SHARE_FOR_PROOF * self.left, workers)
        others = [
            threading.Thread(target=self._parts, args=(Neighbourhoods(self.arrays, self.seed + number),), daemon=True)
            for number in range(1, workers)
        ]
        for thread in others:
            thread.start()
        self._parts(parts)
        for thread in others:
            thread.join()

    def _wait_for_breeding(self) -> None:
        until = time.monotonic() + min(0.02 * self.left, 0.8)
        while not self.is_over and time.monotonic() < until:
            time.sleep(0.01)

    def _prove(self, seconds: float, workers: int) -> None:
        from zhengtu.core.scheduling.methods.cpsat import WholeModel

        until = time.monotonic() + seconds
        while not self.is_over and time.monotonic() < until:
            best, below = self.best, self.length
            whole = WholeModel(self.arrays, bound=self.bound, below=below, hint=best)
            self._whole = whole
            time_left = min(self.left, until - time.monotonic()) - 0.02
            answer = whole.solve(seconds=time_left, workers=workers, seed=self.seed, on_bound=self.raise_bound)
            self._whole = None
            if answer.starts is not None:
                self.offer(answer.starts)
            self.raise_bound(answer.bound)
            if answer.proven and self.length <= below:
                self.raise_bound(min(self.length, below if answer.starts is None else answer.bound))

    def _parts(self, parts: Neighbourhoods) -> None:
        while not self.is_over:
            self._part(parts)

    def _part(self, parts: Neighbourhoods) -> None:
        with self._lock:
            pool = [self.best, *self._pool]
        found = parts.shorter(pool[parts.steps % len(pool)], seconds=self.left - 0.02)
        if found is not None:
            self.offer(found)
            with self._lock:
                self._given.append(found)

    def _breeding(self) -> Iterator[None]:
        """Generations without end: a small population first, then as large a one as the time lets settle."""
        first = rules(self.arrays)
        random = np.random.default_rng(self.seed)
        keys = [first, np.stack([parallel(self.arrays, row.tolist()) for row in first]).astype(np.float64)]
        horizon = int(self.arrays.durations.sum() + self.arrays.releases.max(initial=0)) + sum(
            max(0, distance - int(self.arrays.durations[i])) for (i, _), distance in self.arrays.arcs.items()
        )
        size = _SMALL if self.arrays.count <= _WHOLE_MOST else 24
        generation = 0
        while True:
            population = Population(
                self.arrays, size=size, seed=self.seed + generation, horizon=horizon, until=self.until
            )
            keys[2:] = [noisy(row, times=max(1, size // 12), random=random) for row in first[:3]]
            began = time.monotonic()
            population.found(np.concatenate(keys))
            self._exchange(population)
            yield
            while not self._is_settled(population, small=generation == 0):
                population.step()
                self._exchange(population)
                yield
            rate = population.schedules / (time.monotonic() - began)
            size = int(np.clip(rate * self.left / (2 * _GENERATIONS), size, _LARGE))
            generation += 1

    def _is_settled(self, population: Population, *, small: bool) -> bool:
        if small:
            return population.stale > 8 and time.monotonic() - self._began > 0.03 * (self.until - self._began)
        return population.stale > 40

    def _exchange(self, population: Population) -> None:
        self.offer(population.best)
        with self._lock:
            given, self._given = self._given, []
            self._pool = population.shortest(self.length, most=8)
        for starts in given:
            population.admit(starts)
