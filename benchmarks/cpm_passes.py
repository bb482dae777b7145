"""100,000 activities with 300,000 links, from dataclasses to floats, against a pass over plain dictionaries.

    .venv/bin/python benchmarks/cpm_passes.py [--activities N] [--links N]
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import time
from collections.abc import Callable

import numpy as np

from zhengtu.core.scheduling.methods.backward import late_dates
from zhengtu.core.scheduling.methods.forward import early_dates
from zhengtu.core.scheduling.plan import plan_of
from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Problem
from zhengtu.core.scheduling.problem_check import check
from zhengtu.core.scheduling.working_time import WorkingTime

WEEK = WorkingTime.of_mask(np.arange(700_000) % 7 < 5)
SHAPES = {"wide": 1000, "long chain": 3}
"""How far back a link reaches at most: the smaller, the longer the longest chain."""

VARIANTS = (("", False, False), ("", False, True), ("week", False, False), ("week", True, False), ("week", True, True))
"""Calendar, whether link kinds are mixed, whether activities and links are in any order."""


def problem_of(count: int, links: int, reach: int, *, calendar: str, mixed: bool, shuffled: bool) -> Problem:
    """A random network: ``mixed`` takes FS, SS and FF links with lags of up to three working days."""
    chance = random.Random(4)
    activities = [Activity(f"A{number}", chance.randrange(1, 10), calendar) for number in range(count)]
    kinds = [LinkKind.FINISH_START, LinkKind.START_START, LinkKind.FINISH_FINISH]
    made = []
    for after in range(1, count):
        for _ in range(links // count):
            before = max(0, after - 1 - chance.randrange(reach))
            kind, lag = (chance.choice(kinds), chance.randrange(4)) if mixed else (LinkKind.FINISH_START, 0)
            made.append(Link(f"A{before}", f"A{after}", kind, lag, calendar))
    if shuffled:
        chance.shuffle(activities)
        chance.shuffle(made)
    return Problem(activities=activities, links=made, calendars={"week": WEEK})


def dictionary_pass(problem: Problem) -> tuple[dict[str, int], dict[str, int]]:
    """What one writes first: dictionaries of predecessors, finish-to-start only, every tick worked. Early and late."""
    durations = {activity.id: activity.duration for activity in problem.activities}
    before: dict[str, list[str]] = {name: [] for name in durations}
    after: dict[str, list[str]] = {name: [] for name in durations}
    for link in problem.links:
        before[link.after].append(link.before)
        after[link.before].append(link.after)
    waits = {name: len(names) for name, names in before.items()}
    order = [name for name, number in waits.items() if not number]
    for name in order:
        for follower in after[name]:
            waits[follower] -= 1
            if not waits[follower]:
                order.append(follower)
    early: dict[str, int] = {}
    for name in order:
        early[name] = max((early[other] + durations[other] for other in before[name]), default=0)
    finish = max(early[name] + durations[name] for name in order)
    late: dict[str, int] = {}
    for name in reversed(order):
        late[name] = min((late[other] for other in after[name]), default=finish) - durations[name]
    return early, late


def timed(work: Callable[[], object], times: int = 3) -> float:
    """Least processor seconds of some runs."""
    seconds = []
    for _ in range(times):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return min(seconds)


def measure(name: str, problem: Problem, *, peer: bool) -> None:
    """One line of the table; where the peer can do the plan its dates must be the same."""
    network = check(problem)
    steps = {
        "arrays": timed(lambda: check(problem)),
        "early": timed(lambda: early_dates(network)),
        "late": timed(lambda: late_dates(network, early_dates(network))),
    }
    steps["late"] -= steps["early"]
    whole = timed(lambda: plan_of(problem))
    line = f"{name:<50} {whole:5.2f} s  " + "  ".join(f"{step} {seconds:.2f}" for step, seconds in steps.items())
    if peer:
        early, late = dictionary_pass(problem)
        plan = plan_of(problem)
        assert [early[a.id] for a in problem.activities] == plan.early_starts.tolist()
        assert [late[a.id] for a in problem.activities] == plan.late_starts.tolist()
        theirs = timed(lambda: dictionary_pass(problem))
        line += f"  dictionaries {theirs:.2f} s ({whole / theirs:.1f} of it)"
    print(line)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activities", type=int, default=100_000)
    parser.add_argument("--links", type=int, default=300_000)
    options = parser.parse_args()
    print(f"{options.activities} activities, {options.links} links; processor seconds, least of three")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for shape, reach in SHAPES.items():
        for calendar, mixed, shuffled in VARIANTS:
            problem = problem_of(
                options.activities, options.links, reach, calendar=calendar, mixed=mixed, shuffled=shuffled
            )
            words = [shape, calendar or "every day", "FS, SS, FF with lags" if mixed else "FS"]
            measure(", ".join([*words, *(["shuffled"] if shuffled else [])]), problem, peer=not calendar)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
