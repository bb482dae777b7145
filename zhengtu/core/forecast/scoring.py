"""How good forecasts were: calibration, error and proper scores, all settled by the last day.

A quantile is judged only where the forecast placed it by the last day: whether it held is then known, censored or not,
and choosing cases by the forecast alone does not favour it. Scores take both the forecast and what came clipped at the
last day, which keeps them proper (the clipped forecast is that of the clipped day).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from zhengtu.core.forecast.backtest import METHODS, Case, Kind, Method
from zhengtu.core.forecast.cohort import Floats, Ints
from zhengtu.core.forecast.history import NOT_YET, Goal

LEVELS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
DEADLINES_WEEKS: Final = (4, 8, 13, 26)
"""How far ahead the probability of having come is scored."""

Key = tuple[Kind, Goal, float]


@dataclass(frozen=True, slots=True)
class Score:
    """One method on one kind of question.

    Attributes:
        held: level -> share of the quantiles placed by the last day that held; absent where none was placed.
        placed: level -> how many were placed by then.
        median_error_days: median of the distance between P50 and the day it came, where both are known.
        bias_days: median of the day it came less P50, likewise.
        with_error: in how many cases both are known.
        crps_days: mean continuous ranked probability score on clipped days.
        pinball_days: mean pinball loss of P80 on clipped days.
        brier: mean squared error of the probability of having come by each of the ``DEADLINES_WEEKS``.
    """

    held: dict[float, float]
    placed: dict[float, int]
    median_error_days: float | None
    bias_days: float | None
    with_error: int
    crps_days: float
    pinball_days: float
    brier: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """All methods on one kind of question.

    Attributes:
        cases: questions asked; subjects: of how many different ones.
        abstained: method -> share of questions that it left unanswered.
        common: questions that all methods answered; ``scores`` are over these.
        scores: by method; empty where no question was answered by all.
        model_alone: the forecast's score over all questions that it answered.
    """

    kind: Kind
    goal: Goal
    share: float
    cases: int
    subjects: int
    abstained: dict[Method, float]
    common: int
    scores: dict[Method, Score]
    model_alone: Score | None


@dataclass(slots=True)
class _Tally:
    cases: int = 0
    subjects: set[str] = field(default_factory=set)
    answered: dict[Method, int] = field(default_factory=lambda: dict.fromkeys(METHODS, 0))
    common: dict[Method, list[_Mark]] = field(default_factory=lambda: {method: [] for method in METHODS})
    alone: list[_Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Mark:
    """One answer, judged. ``held`` is nan where the quantile was not placed by the last day, ``brier`` likewise."""

    held: Floats
    error: float
    crps: float
    pinball: float
    brier: Floats


def score(cases: Iterable[Case], *, last: int) -> list[Row]:
    """A row for each kind of question that was asked, in lawful order of the goals.

    Args:
        cases: see ``backtest.replay``.
        last: ordinal of the last day.
    """
    tallies: dict[Key, _Tally] = defaultdict(_Tally)
    for case in cases:
        tally = tallies[case.kind, case.goal, case.share]
        tally.cases += 1
        tally.subjects.add(case.subject)
        marks = {
            method: judged(days, came=case.came, on=case.on, last=last)
            for method in METHODS if (days := case.answers[method]) is not None
        }
        for method in marks:
            tally.answered[method] += 1
        if "model" in marks:
            tally.alone.append(marks["model"])
        if len(marks) == len(METHODS):
            for method, mark in marks.items():
                tally.common[method].append(mark)
    goals = list(Goal)
    keys = sorted(tallies, key=lambda key: (key[0] == "project", goals.index(key[1]), key[2]))
    return [_row(key, tallies[key]) for key in keys]


def _row(key: Key, tally: _Tally) -> Row:
    kind, goal, share = key
    return Row(
        kind=kind, goal=goal, share=share, cases=tally.cases, subjects=len(tally.subjects),
        abstained={method: 1 - count / tally.cases for method, count in tally.answered.items()},
        common=len(tally.common["model"]),
        scores={method: _score(marks) for method, marks in tally.common.items() if marks},
        model_alone=_score(tally.alone) if tally.alone else None,
    )


def judged(days: Ints, *, came: int, on: int, last: int) -> _Mark:
    """One answer (sorted ordinals, ``NOT_YET`` beyond the horizon) against the day it came (``NOT_YET``: censored)."""
    samples = len(days)
    places = np.ceil(np.array(LEVELS) * samples - 1e-9).astype(int) - 1
    quantiles = days[places]
    held = np.where(quantiles <= last, (came <= quantiles).astype(np.float64), np.nan)
    clipped, truth = np.minimum(days, last).astype(np.float64), float(min(came, last))
    eighth = LEVELS.index(0.8)
    miss = truth - clipped[places[eighth]]
    median = int(days[places[LEVELS.index(0.5)]])
    deadlines = on + 7 * np.array(DEADLINES_WEEKS)
    chance = np.searchsorted(days, deadlines, side="right") / samples
    brier = np.where(deadlines <= last, (chance - (came <= deadlines)) ** 2, np.nan)
    return _Mark(
        held=held, error=float(came - median) if came < NOT_YET and median < NOT_YET else np.nan,
        crps=crps(clipped, truth), pinball=float(max(0.8 * miss, -0.2 * miss)), brier=brier,
    )


def crps(samples: Floats, truth: float) -> float:
    """Continuous ranked probability score of sorted samples: mean distance to the truth less half their mean distance.

    Source: Gneiting and Raftery (2007), equation 21.
    """
    count = len(samples)
    # The sum of |x - y| over all pairs, from the sorted order.
    apart = 2 * float(((2 * np.arange(count) - count + 1) * samples).sum()) / count**2
    return float(np.abs(samples - truth).mean()) - apart / 2


def _score(marks: Sequence[_Mark]) -> Score:
    held = np.stack([mark.held for mark in marks])
    placed = (~np.isnan(held)).sum(axis=0)
    errors = np.array([mark.error for mark in marks])
    errors = errors[~np.isnan(errors)]
    brier = np.concatenate([mark.brier for mark in marks])
    brier = brier[~np.isnan(brier)]
    return Score(
        held={
            level: float(np.nansum(held[:, place]) / count)
            for place, (level, count) in enumerate(zip(LEVELS, placed.tolist(), strict=True)) if count
        },
        placed=dict(zip(LEVELS, placed.tolist(), strict=True)),
        median_error_days=float(np.median(np.abs(errors))) if len(errors) else None,
        bias_days=float(np.median(errors)) if len(errors) else None, with_error=len(errors),
        crps_days=float(np.mean([mark.crps for mark in marks])),
        pinball_days=float(np.mean([mark.pinball for mark in marks])),
        brier=float(brier.mean()) if len(brier) else None,
    )
