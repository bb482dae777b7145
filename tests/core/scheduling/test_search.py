"""The search: schedules that a checker accepts, optima that are known, the same answer for the same seed."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.plan_files.multiproject import read_multiproject
from zhengtu.core.plan_files.psplib import read_psplib
from zhengtu.core.scheduling.checker import faults
from zhengtu.core.scheduling.methods.arrays import Arrays, arrays_of
from zhengtu.core.scheduling.methods.batch import Batch
from zhengtu.core.scheduling.methods.bounds import lower_bound
from zhengtu.core.scheduling.methods.cpsat import WholeModel
from zhengtu.core.scheduling.methods.evolution import Population
from zhengtu.core.scheduling.methods.neighbourhood import Neighbourhoods
from zhengtu.core.scheduling.methods.serial import justified, noisy, parallel, rules
from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Problem, Resource
from zhengtu.core.scheduling.solve import Status, solve
from zhengtu.core.scheduling.working_time import EVERY_TICK, Whole

SHARED = Path(__file__).parents[4] / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the benchmark instances are not on this machine")

# Two crews of two: X and Y need both, A to D one each. Work of 4·2 + 2·2·3 = 20 crew-ticks takes ten at the least.
CREWS = Problem(
    activities=[
        *(Activity(name, 2, demands={"crew": 1}) for name in "ABCD"),
        Activity("X", 3, demands={"crew": 2}),
        Activity("Y", 3, demands={"crew": 2}),
    ],
    links=[Link("A", "X"), Link("X", "D")],
    resources=[Resource("crew", 2)],
)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Small projects with one to five resources, all link kinds, lags and releases."""
    count = draw(st.integers(1, 14))
    kinds = draw(st.integers(1, 5))
    amount = st.integers(0, 4)
    activities = [
        Activity(
            f"a{number}",
            draw(st.integers(0, 70 if number == 1 else 6)),
            not_earlier=draw(st.none() | st.integers(0, 9)),
            demands={f"r{kind}": draw(amount) for kind in range(kinds)},
        )
        for number in range(count)
    ]
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    links = [
        Link(f"a{before}", f"a{after}", draw(st.sampled_from(LinkKind)), draw(st.integers(-2, 4)))
        for before, after in draw(st.lists(pairs, max_size=16))
        if before < after
    ]
    return Problem(activities=activities, links=links, resources=[Resource(f"r{kind}", 4) for kind in range(kinds)])


def wrong(problem: Problem, arrays: Arrays, starts: Whole) -> list[str]:
    """What the checker says of starts by number."""
    by_id = dict(zip(arrays.ids, starts.tolist(), strict=True))
    finishes = {activity.id: by_id[activity.id] + activity.duration for activity in problem.activities}
    return [reason.in_english() for reason in faults(problem=problem, starts=by_id, finishes=finishes)]


def batch_of(arrays: Arrays) -> Batch:
    """The serial scheme with room for any order."""
    return Batch(arrays, int(arrays.durations.sum() + arrays.releases.max(initial=0)) + 5 * len(arrays.arcs))


def test_a_small_project_is_proven() -> None:
    result = solve(problem=CREWS, method="search", seconds=10, workers=1)
    assert (result.status, result.bound, result.plan.project_finish) == (Status.OPTIMAL, 10, 10)


def test_the_problems_start_is_the_first_tick() -> None:
    moved = Problem(activities=CREWS.activities, links=CREWS.links, resources=CREWS.resources, start=100)
    result = solve(problem=moved, method="search", seconds=10, workers=1)
    assert (result.bound, result.plan.project_finish, int(result.plan.starts.min())) == (110, 110, 100)


def test_nothing_to_do_is_done_at_once() -> None:
    result = solve(problem=Problem(activities=[]), method="search", seconds=5, workers=2)
    assert (result.status, result.bound) == (Status.OPTIMAL, 0)


@settings(max_examples=60, deadline=None)
@given(problem=problems(), seed=st.integers(0, 99))
def test_every_scheme_keeps_links_and_capacities(problem: Problem, seed: int) -> None:
    arrays = arrays_of(problem)
    random = np.random.default_rng(seed)
    batch = batch_of(arrays)
    for starts in batch.schedule(noisy(rules(arrays)[0], times=4, random=random)):
        assert not wrong(problem, arrays, starts)
        assert arrays.makespan(starts) >= lower_bound(arrays)
    for key in rules(arrays):
        assert not wrong(problem, arrays, parallel(arrays, key.tolist()))


@settings(max_examples=30, deadline=None)
@given(problem=problems(), seed=st.integers(0, 99))
def test_justification_lengthens_nothing_where_nothing_is_released_late(problem: Problem, seed: int) -> None:
    plain = Problem(
        activities=[Activity(a.id, a.duration, demands=a.demands) for a in problem.activities],
        links=[Link(link.before, link.after) for link in problem.links],
        resources=problem.resources,
    )
    arrays = arrays_of(plain)
    to = batch_of(arrays)
    starts = to.schedule(np.random.default_rng(seed).random((5, arrays.count)))
    again = justified(starts, to=to, fro=batch_of(arrays.mirrored()))
    for before, after in zip(starts, again, strict=True):
        assert arrays.makespan(after) <= arrays.makespan(before)
        assert not wrong(plain, arrays, after)


@settings(max_examples=15, deadline=None)
@given(problem=problems())
def test_the_solver_and_its_proof_agree_with_breeding(problem: Problem) -> None:
    arrays = arrays_of(problem)
    first = parallel(arrays, rules(arrays)[0].tolist())
    answer = WholeModel(arrays, bound=lower_bound(arrays), below=arrays.makespan(first) + 1).solve(
        seconds=20, workers=1, seed=1
    )
    assert answer.proven
    assert answer.starts is not None
    assert not wrong(problem, arrays, answer.starts)
    population = Population(arrays, size=8, seed=1, horizon=500)
    population.found(rules(arrays))
    population.step()
    assert population.best_length >= answer.bound == arrays.makespan(answer.starts)
    assert not wrong(problem, arrays, population.best)


@settings(max_examples=20, deadline=None)
@given(problem=problems(), seed=st.integers(0, 9))
def test_a_part_done_anew_is_shorter_and_sound(problem: Problem, seed: int) -> None:
    arrays = arrays_of(problem)
    worst = np.cumsum(arrays.durations + 9) - arrays.durations + int(arrays.releases.max(initial=0))
    if wrong(problem, arrays, worst) or not arrays.durations.any():
        return
    parts = Neighbourhoods(arrays, seed)
    for _ in range(4):
        found = parts.shorter(worst, seconds=5)
        if found is not None:
            assert arrays.makespan(found) < arrays.makespan(worst)
            assert not wrong(problem, arrays, found)


def test_many_wide_resources_take_several_words() -> None:
    resources = [Resource(f"r{kind}", 1_000_000) for kind in range(9)]
    activities = [Activity(f"a{n}", 2, demands={f"r{n % 9}": 600_000, "r0": 400_000}) for n in range(18)]
    problem = Problem(activities=activities, resources=resources)
    arrays = arrays_of(problem)
    (starts,) = batch_of(arrays).schedule(rules(arrays)[:1])
    assert not wrong(problem, arrays, starts)


def test_one_core_gives_the_same_answer_for_the_same_seed() -> None:
    arrays = arrays_of(CREWS)

    def bred() -> Whole:
        population = Population(arrays, size=10, seed=4, horizon=60)
        population.found(rules(arrays))
        for _ in range(5):
            population.step()
        return population.best

    assert bred().tolist() == bred().tolist()


def test_calendars_are_for_levelling() -> None:
    problem = Problem(activities=[Activity("A", 1, "all")], calendars={"all": EVERY_TICK})
    with pytest.raises(Refused, match="A has a calendar"):
        solve(problem=problem, method="search", seconds=1)


@needs_shared
@pytest.mark.parametrize("name", ["j301_1.sm", "j3021_1.sm", "j602_1.sm"])
def test_real_instances_reach_the_known_optimum(name: str) -> None:
    with (SHARED / "psplib" / "best_known.csv").open() as file:
        best = {row["file"]: int(row["upper_bound"]) for row in csv.DictReader(file)}
    problem = read_psplib((SHARED / "psplib" / name).read_text())
    result = solve(problem=problem, method="search", seconds=60, workers=2)
    assert (result.status, result.plan.project_finish) == (Status.OPTIMAL, best[name])


@needs_shared
def test_a_real_multi_project_instance_gives_a_sound_schedule() -> None:
    problem = read_multiproject((SHARED / "multiproject" / "MPLIB1_Set3_514.txt").read_text())
    result = solve(problem=problem, method="search", seconds=6, workers=2)
    ids = [activity.id for activity in problem.activities]
    starts = dict(zip(ids, result.plan.starts.tolist(), strict=True))
    finishes = dict(zip(ids, result.plan.finishes.tolist(), strict=True))
    assert not faults(problem=problem, starts=starts, finishes=finishes)
    assert result.bound <= result.plan.project_finish
