"""Replays the past: what would have been forecast each week, and what came; docs/algorithms/forecast.md.

What has not come by the last day is censored there. So everything is judged on days clipped at the last day: a forecast
is asked how probable it held each day up to then, which is settled for every case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from zhengtu.core.forecast.assembly import Assembly
from zhengtu.core.forecast.baselines import straight_line, throughput_bootstrap
from zhengtu.core.forecast.cohort import Cohort, Ints, cohort_of
from zhengtu.core.forecast.fitting import fit
from zhengtu.core.forecast.history import NOT_YET, Goal, GroupHistory
from zhengtu.core.forecast.rules import OutlookRules
from zhengtu.core.forecast.simulation import WEEK_DAYS, courses, step_ends

Kind = Literal["section", "project"]
Method = Literal["model", "line", "bootstrap"]
METHODS: Final[tuple[Method, ...]] = ("model", "line", "bootstrap")
SHARES: Final = (0.5, 0.8, 0.9, 0.95, 1.0)
"""Of a section's households settled; of the later goals only the whole is asked."""
_GOALS: Final = tuple(Goal)
_FIRST_EVENTS: Final = 2
"""The replay starts in the week by whose end so many households had settled."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question on one past day, and what each method answered.

    Attributes:
        on: ordinal of the day it was asked.
        share: of the subject's households that has to reach the goal.
        came: ordinal on which it did; ``NOT_YET`` when it has not by the last day.
        answers: by method the sorted simulated days (one for the straight line); None where it abstains.
    """

    on: int
    subject: str
    kind: Kind
    goal: Goal
    share: float
    came: int
    answers: dict[Method, Ints | None]


def replay(
    histories: Sequence[GroupHistory], *, rules: OutlookRules, every_weeks: int = 1, seed: int = 0,
    report: Callable[[int, int], None] | None = None,
) -> Iterator[Case]:
    """Every question of every past week, with the answers of the forecast and of both baselines.

    Args:
        histories: all of the same last day.
        every_weeks: ask only in every n-th week, counted back from the last day.
        report: told after each week how many weeks of how many are done.
    """
    if not histories:
        return
    whole, last = cohort_of(histories), histories[0].on.toordinal()
    settled = np.sort(whole.reached[0][whole.reached[0] < NOT_YET])
    if len(settled) < _FIRST_EVENTS:
        return
    weeks = (last - int(settled[_FIRST_EVENTS - 1])) // WEEK_DAYS
    asked = range(weeks - weeks % every_weeks, 0, -every_weeks)
    for done, week in enumerate(asked, start=1):
        yield from _week(whole, on=last - WEEK_DAYS * week, last=last, rules=rules, seed=seed + week)
        if report is not None:
            report(done, len(asked))


def _week(whole: Cohort, *, on: int, last: int, rules: OutlookRules, seed: int) -> Iterator[Case]:
    rng = np.random.default_rng(seed)
    cohort = whole.until(on)
    fitted = fit(cohort, on=on, rules=rules, rng=rng)
    ends = step_ends(on=on, horizon_weeks=rules.horizon_weeks, weekly_weeks=rules.weekly_weeks)
    assembly = Assembly(cohort, fitted, today=on, ends=ends, rules=rules, not_before={})
    completions: dict[tuple[int, Goal], Ints | None] = {}
    for one in courses(cohort, fitted, on=on, ends=ends, samples=rules.samples, rng=rng):
        for goal in _GOALS:
            completions[one.place, goal] = assembly.part(one, goal).completion
        if cohort.started[one.place] == NOT_YET:
            continue
        yield from _of_group(
            whole, cohort, one.place, one.days[0], completions, on=on, last=last, rules=rules, rng=rng
        )
    for project in range(len(cohort.project_codes)):
        places = np.flatnonzero(cohort.project == project)
        if (cohort.started[places] < NOT_YET).all():
            yield from _of_project(whole, cohort, places, completions, on=on, last=last, rules=rules, rng=rng)


def _of_group(
    whole: Cohort, cohort: Cohort, place: int, settling: Ints | None, completions: dict[tuple[int, Goal], Ints | None],
    *, on: int, last: int, rules: OutlookRules, rng: np.random.Generator,
) -> Iterator[Case]:
    """The questions about one group: when shares of it settle, and when all are through each stage."""
    code = cohort.codes[place]
    truth = np.sort(whole.reached[0, whole.group == place])
    past = np.sort(cohort.reached[0, cohort.group == place])
    settled = int((past < NOT_YET).sum())
    coming = None if settling is None else np.sort(settling, axis=1)
    for share in SHARES[:-1]:
        asked = int(np.ceil(share * len(truth) - 1e-9))
        if settled < asked < len(truth):
            model = None if coming is None else np.sort(coming[:, asked - settled - 1])
            yield _case(
                code, "section", Goal.SETTLED, share, came=int(truth[asked - 1]), model=model, days=past[:settled],
                needed=asked - settled, on=on, last=last, rules=rules, rng=rng,
            )
    for goal in _GOALS:
        yield from _completion(
            whole, cohort, code, "section", np.array([place]), goal, completions, on=on, last=last, rules=rules, rng=rng
        )


def _of_project(
    whole: Cohort, cohort: Cohort, places: Ints, completions: dict[tuple[int, Goal], Ints | None], *, on: int,
    last: int, rules: OutlookRules, rng: np.random.Generator,
) -> Iterator[Case]:
    code = cohort.project_codes[int(cohort.project[places[0]])]
    for goal in _GOALS:
        yield from _completion(
            whole, cohort, code, "project", places, goal, completions, on=on, last=last, rules=rules, rng=rng
        )


def _completion(
    whole: Cohort, cohort: Cohort, code: str, kind: Kind, places: Ints, goal: Goal,
    completions: dict[tuple[int, Goal], Ints | None], *, on: int, last: int, rules: OutlookRules,
    rng: np.random.Generator,
) -> Iterator[Case]:
    """When everybody of some groups is through, if somebody is not yet."""
    if goal is Goal.HANDED_OVER:
        days, truth = cohort.handed_over[places], whole.handed_over[places]
        asked = cohort.sizes[places] > 0
        days, truth = days[asked], truth[asked]
    else:
        members = np.isin(cohort.group, places)
        days, truth = (one.reached[_GOALS.index(goal), members] for one in (cohort, whole))
    needed = int((days == NOT_YET).sum())
    if needed == 0:
        return
    parts = [completions[int(place), goal] for place in places if cohort.sizes[place]]
    model: Ints | None = None
    if parts and all(part is not None for part in parts):
        model = np.sort(np.max(np.stack([part for part in parts if part is not None]), axis=0))
    yield _case(
        code, kind, goal, 1.0, came=int(truth.max()), model=model, days=np.sort(days[days < NOT_YET]), needed=needed,
        on=on, last=last, rules=rules, rng=rng,
    )


def _case(
    code: str, kind: Kind, goal: Goal, share: float, *, came: int, model: Ints | None, days: Ints, needed: int, on: int,
    last: int, rules: OutlookRules, rng: np.random.Generator,
) -> Case:
    line = straight_line(days, needed=needed, on=on)
    return Case(
        on=on, subject=code, kind=kind, goal=goal, share=share, came=came if came <= last else NOT_YET,
        answers={
            "model": model,
            "line": None if line is None else np.array([line], dtype=np.int64),
            "bootstrap": throughput_bootstrap(
                days, needed=needed, on=on, rng=rng, samples=rules.samples, horizon_weeks=rules.horizon_weeks
            ),
        },
    )
