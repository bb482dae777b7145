"""Parts of a levelled schedule done anew by CP-SAT, aim after aim, while all else stays where it is.

Every start that an activity of the part could take is written out with the finish that its calendar gives, so that
the solver needs to know no calendar.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from ortools.sat.python import cp_model

from zhengtu.core.scheduling.levelling import Levelled
from zhengtu.core.scheduling.methods.calendar_serial import Dates, Profile, profiles_of, ready
from zhengtu.core.scheduling.network import PLAIN, SS, Network, shifted_back
from zhengtu.core.scheduling.working_time import NEVER, Whole

_AROUND = 60  # starts tried before and after the present one, in ticks
_FIRST_SIZE, _SMALLEST, _LARGEST = 30.0, 8, 120
_PASS_SECONDS = 1.0
_MOST_WEIGHT = 1 << 40  # aims are merged into one pass while their weights stay below


def improved(levelled: Levelled, dates: Dates, *, until: float, workers: int, seed: int) -> Dates:
    """The best dates found by ``until`` (`time.monotonic`), never worse than the given ones."""
    random = np.random.default_rng(seed)
    aims, size = levelled.aims(dates), _FIRST_SIZE
    movable = [j for j in range(levelled.network.count) if levelled.network.states[j] == PLAIN]
    while time.monotonic() < until:
        free = _chosen(levelled, dates, movable, int(size), random)
        part = _Part(levelled, dates, free)
        found, settled = part.solve(until=until, workers=workers, seed=int(random.integers(1 << 30)))
        if found is not None and (reached := levelled.aims(found)) <= aims:
            dates, is_better, aims = found, reached < aims, reached
        else:
            is_better = False
        if settled and not is_better and len(free) == len(movable):
            break  # nothing else is left to try
        size = min(size * 1.03 + 0.2, _LARGEST) if settled else max(size * 0.93, _SMALLEST)
    return dates


def _chosen(
    levelled: Levelled, dates: Dates, movable: Sequence[int], size: int, random: np.random.Generator
) -> list[int]:
    """Activities around one that is late, that holds a group back, or any: the nearest in time that compete with it."""
    if size >= len(movable):
        return list(movable)
    network = levelled.network
    starts, finishes = np.array(dates[0]), np.array(dates[1])
    seed = int(random.choice(_seeds(levelled, dates, movable, random)))
    family = {seed, *_before_it(network, seed, size // 3, random)}
    needs = {name for j in family for name in network.problem.activities[j].demands}
    numbers = np.array(movable)
    middle = (starts[seed] + finishes[seed]) / 2
    apart = np.abs((starts[numbers] + finishes[numbers]) / 2 - middle)
    rivals = np.array([not needs.isdisjoint(network.problem.activities[j].demands) for j in movable])
    rank = apart * np.where(rivals, 1.0, 3.0) * random.uniform(0.7, 1.3, len(numbers))
    rank[np.isin(numbers, list(family))] = -1.0
    return sorted(numbers[np.argsort(rank, kind="stable")[:size]].tolist())


def _seeds(levelled: Levelled, dates: Dates, movable: Sequence[int], random: np.random.Generator) -> Sequence[int]:
    activities, finishes = levelled.network.problem.activities, dates[1]
    kind = random.random()
    if kind < 0.5:
        late = [
            j
            for j in movable
            for limit in (activities[j].not_later, activities[j].deadline)
            if limit is not None and finishes[j] > limit
        ]
        if late:
            return late
    if kind < 0.75 and levelled.groups:
        members, _ = levelled.groups[int(random.integers(len(levelled.groups)))]
        last = [j for j in members if j in set(movable) and finishes[j] == max(finishes[i] for i in members)]
        if last:
            return last
    return movable


def _before_it(network: Network, seed: int, most: int, random: np.random.Generator) -> list[int]:
    found: list[int] = []
    side, at = network.incoming, seed
    while len(found) < most:
        waits = [j for j in side.other[side.first[at] : side.first[at + 1]] if network.states[j] == PLAIN]
        if not waits:
            break
        at = int(random.choice(waits))
        found.append(at)
    return found


class _Part:
    """The model of one part."""

    def __init__(self, levelled: Levelled, dates: Dates, free: Sequence[int]) -> None:
        self._levelled, self._network, self._dates = levelled, levelled.network, dates
        self._free = list(free)
        self._model = cp_model.CpModel()
        self._choices: dict[int, tuple[Whole, Whole]] = {}
        self._starts: dict[int, cp_model.IntVar] = {}
        self._finishes: dict[int, cp_model.IntVar] = {}
        self._lengths: dict[int, cp_model.LinearExpr | int] = {}

    def solve(self, *, until: float, workers: int, seed: int) -> tuple[Dates | None, bool]:
        """New dates of everything, if they are as good or better, and whether each pass ran to its end."""
        is_free = set(self._free)
        for j in self._free:
            self._choices[j] = self._choices_of(j, is_free)
        self._place(is_free)
        self._share_resources(is_free)
        best: Dates | None = None
        for expression in self._passes():
            solver = cp_model.CpSolver()
            parameters = solver.parameters
            parameters.num_workers, parameters.random_seed = workers, seed
            parameters.linearization_level = 0 if workers == 1 else 1
            parameters.cp_model_probing_level = 0
            parameters.symmetry_level = 0
            parameters.max_time_in_seconds = min(_PASS_SECONDS, until - time.monotonic())
            if parameters.max_time_in_seconds <= 0.01:
                return best, False
            self._model.clear_hints()  # type: ignore[no-untyped-call]
            for variables, column in ((self._starts, 0), (self._finishes, 1)):
                for j, variable in variables.items():
                    self._model.add_hint(variable, (best or self._dates)[column][j])
            self._model.minimize(expression)
            status = solver.solve(self._model)
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                return best, status == cp_model.INFEASIBLE
            best = self._read(solver)
            if status == cp_model.FEASIBLE:
                return best, False
            self._model.add(expression <= round(solver.objective_value))
        return best, True

    def _read(self, solver: cp_model.CpSolver) -> Dates:
        starts, finishes = list(self._dates[0]), list(self._dates[1])
        for j in self._free:
            starts[j], finishes[j] = solver.value(self._starts[j]), solver.value(self._finishes[j])
        return starts, finishes

    def _choices_of(self, j: int, is_free: set[int]) -> tuple[Whole, Whole]:
        """Starts that are possible between what stays, and their finishes."""
        network, present = self._network, self._dates[0][j]
        least, need = self._least(j, is_free)
        last_start, last_finish = self._last(j, is_free)
        calendar, duration = network.calendars[network.calendar_of[j]], network.durations[j]
        ticks = np.arange(max(least, present - _AROUND), min(last_start, present + _AROUND) + 1, dtype=np.int64)
        if duration:
            ticks = ticks[calendar.next_working_all(ticks) == ticks]
        finishes = calendar.advance_all(ticks, np.full(len(ticks), duration, dtype=np.int64))
        fits = (finishes >= need) & (finishes <= last_finish) & (finishes < NEVER)
        return ticks[fits], finishes[fits]

    def _least(self, j: int, is_free: set[int]) -> tuple[int, int]:
        """`ready` by what stays alone."""
        starts, finishes = list(self._dates[0]), list(self._dates[1])
        side = self._network.incoming
        for other in side.other[side.first[j] : side.first[j + 1]]:
            if other in is_free:
                starts[other] = finishes[other] = -(NEVER // 4)
        return ready(self._network, (starts, finishes), j)

    def _last(self, j: int, is_free: set[int]) -> tuple[int, int]:
        network, side = self._network, self._network.outgoing
        last = [NEVER, NEVER]
        for e in range(side.first[j], side.first[j + 1]):
            other, kind = side.other[e], side.kind[e]
            if other not in is_free and network.states[other] == PLAIN:
                tick = self._dates[0 if kind <= SS else 1][other]
                tick = shifted_back(network.calendars[side.calendar[e]], tick, side.lag[e])
                last[0 if kind & 1 else 1] = min(last[0 if kind & 1 else 1], tick)
            elif other not in is_free and kind > SS:  # its end may not be held up further than it is
                tick = shifted_back(network.calendars[side.calendar[e]], self._dates[1][other], side.lag[e])
                last[0 if kind & 1 else 1] = min(last[0 if kind & 1 else 1], tick)
        return last[0], last[1]

    def _place(self, is_free: set[int]) -> None:
        """A start and a finish for each free activity, and the links between them."""
        model, network, side = self._model, self._network, self._network.outgoing
        for j in self._free:
            ticks, finishes = self._choices[j]
            self._starts[j] = _among(model, ticks)
            self._lengths[j] = self._after(j, finishes)
            self._finishes[j] = _among(model, finishes)
            model.add(self._finishes[j] == self._starts[j] + self._lengths[j])
        for j in self._free:
            for e in range(side.first[j], side.first[j + 1]):
                other, kind, lag = side.other[e], side.kind[e], side.lag[e]
                if other not in is_free:
                    continue
                end = self._starts[j] if kind & 1 else self._finishes[j]
                after = self._starts[other] if kind <= SS else self._finishes[other]
                if lag and side.calendar[e]:
                    calendar, values = network.calendars[side.calendar[e]], self._choices[j][0 if kind & 1 else 1]
                    lags = np.full(len(values), abs(lag), dtype=np.int64)
                    shifted = calendar.advance_all(values, lags) if lag > 0 else calendar.retreat_all(values, lags)
                    model.add(after >= self._starts[j] + self._after(j, shifted))
                else:
                    model.add(after >= end + lag)

    def _after(self, j: int, ticks: Whole) -> cp_model.LinearExpr | int:
        """What one of these ticks, each belonging to one choice of the start, lies after the start."""
        starts = self._choices[j][0]
        apart = ticks - starts
        values = np.unique(apart).tolist()
        if len(values) == 1:
            return int(values[0])
        model, variable = self._model, _among(self._model, apart)
        cases = []
        for value in values:
            case = model.new_bool_var("")
            model.add(variable == int(value)).only_enforce_if(case)
            domain = cp_model.Domain.from_values(starts[apart == value].tolist())
            model.add_linear_expression_in_domain(self._starts[j], domain).only_enforce_if(case)
            cases.append(case)
        model.add_exactly_one(cases)
        return variable

    def _share_resources(self, is_free: set[int]) -> None:
        network = self._network
        others = [j for j in range(network.count) if j not in is_free]
        profiles = profiles_of(network, self._dates, others)
        intervals = {
            j: self._model.new_interval_var(self._starts[j], self._lengths[j], self._finishes[j], "")
            for j in self._free
        }
        activities = network.problem.activities
        for name, profile in profiles.items():
            users = [j for j in self._free if activities[j].demands.get(name) and network.durations[j]]
            if users:
                self._capacity(profile, users, [activities[j].demands[name] for j in users], intervals)

    def _capacity(
        self, profile: Profile, users: list[int], amounts: list[int], intervals: dict[int, cp_model.IntervalVar]
    ) -> None:
        first = min(int(self._choices[j][0][0]) for j in users)
        last = max(int(self._choices[j][1][-1]) for j in users)
        parts = [intervals[j] for j in users]
        for begin, end, used in profile.steps():
            if end > first and begin < last:
                low, high = max(begin, first), min(end, last)
                parts.append(self._model.new_fixed_size_interval_var(low, high - low, ""))
                amounts.append(min(used, profile.capacity))
        if sum(amounts) > profile.capacity:
            self._model.add_cumulative(parts, amounts, profile.capacity)

    def _passes(self) -> list[cp_model.LinearExpr]:
        """Aims from the most important on, as many in one expression as its weights allow."""
        passes: list[cp_model.LinearExpr] = []
        scale = 1
        for expression, span in reversed(self._aims()):
            if passes and scale * (span + 1) < _MOST_WEIGHT:
                passes[0] = scale * expression + passes[0]
            else:
                passes.insert(0, expression)
                scale = 1
            scale *= span + 1
        return passes

    def _aims(self) -> list[tuple[cp_model.LinearExpr, int]]:
        """Each aim that this part can change: what is to be small, and how far it can vary."""
        levelled, activities = self._levelled, self._network.problem.activities
        late: list[list[tuple[int, int]]] = [[] for _ in range(len(levelled.classes) + 1)]
        for j in self._free:
            limit, deadline = activities[j].not_later, activities[j].deadline
            if limit is not None:
                late[0].append((j, limit))
            if deadline is not None:
                late[1 + list(levelled.classes).index(activities[j].priority)].append((j, deadline))
        aims = [aim for pairs in late if (aim := self._lateness(pairs)) is not None]
        groups: list[cp_model.LinearExpr] = []
        span = 0
        for members, weight in levelled.groups:
            inside = [j for j in members if j in self._finishes]
            if inside:
                least = max((self._dates[1][j] for j in members if j not in self._finishes), default=-NEVER)
                least = max(least, max(int(self._choices[j][1][0]) for j in inside))
                most = max(least, max(int(self._choices[j][1][-1]) for j in inside))
                end = self._model.new_int_var(least, most, "")
                for j in inside:
                    self._model.add(end >= self._finishes[j])
                groups.append(weight * end)
                span += weight * (most - least)
        if groups and span:
            aims.append((cp_model.LinearExpr.sum(groups), span))
        spread = sum(int(self._choices[j][1][-1] - self._choices[j][1][0]) for j in self._free)
        return [*aims, (cp_model.LinearExpr.sum(list(self._finishes.values())), spread)]

    def _lateness(self, pairs: Sequence[tuple[int, int]]) -> tuple[cp_model.LinearExpr, int] | None:
        terms = []
        span = 0
        for j, limit in pairs:
            most = int(self._choices[j][1][-1]) - limit
            if most > 0:
                late = self._model.new_int_var(0, most, "")
                self._model.add(late >= self._finishes[j] - limit)
                terms.append(late)
                span += most
        return (cp_model.LinearExpr.sum(terms), span) if terms else None


def _among(model: cp_model.CpModel, values: Whole) -> cp_model.IntVar:
    return model.new_int_var_from_domain(cp_model.Domain.from_values(np.unique(values).tolist()), "")


