"""Replays progress series: from each published point, what share would have been foreseen for each later one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np

from zhengtu.core.forecast.backtest import METHODS, Method
from zhengtu.core.forecast.cohort import Floats
from zhengtu.core.forecast.rules import OutlookRules
from zhengtu.core.forecast.scoring import crps
from zhengtu.core.forecast.series import ProgressPoint, ProgressSeries, silence, simulated

_AHEAD_LIMIT_WEEKS: Final = 208


@dataclass(frozen=True, slots=True)
class SeriesCase:
    """A later published share, and what each method foresaw for its day.

    Attributes:
        on: day of the forecast; ``target_on``: day of the share that came.
        came: that share, at most 1.
        answers: by method the sorted simulated shares (one for the straight line); None where it abstains.
    """

    subject: str
    on: date
    target_on: date
    came: float
    answers: dict[Method, Floats | None]


@dataclass(frozen=True, slots=True)
class SeriesScore:
    """One method over the cases that all methods answered.

    Attributes:
        held_80, held_95: share of cases in which at least as much was done as was foreseen with such certainty.
        inside_80: share of cases within the middle 80 of 100 courses.
        median_error: median distance of the median from what came, in percentage points.
        crps: mean, in percentage points.
    """

    held_80: float
    held_95: float
    inside_80: float
    median_error: float
    crps: float


def replay_series(among: Sequence[ProgressSeries], *, rules: OutlookRules, seed: int = 0) -> Iterator[SeriesCase]:
    """Every pair of a point of a series that is not whole yet and a later point within four years."""
    for series in among:
        for place, point in enumerate(series.points):
            known = series.until(point.on)
            later = [one for one in series.points[place + 1 :] if (one.on - point.on).days <= 7 * _AHEAD_LIMIT_WEEKS]
            if known.whole_on is not None or not later:
                continue
            courses = None
            if not silence(known, rules=rules):
                courses = simulated(known, among=among, on=point.on, rules=rules, seed=seed + place)
            rng = np.random.default_rng(seed + place)
            for target in later:
                yield SeriesCase(
                    subject=series.subject, on=point.on, target_on=target.on, came=min(1.0, target.share),
                    answers={
                        "model": None if courses is None else courses.share_on(target.on),
                        "line": straight_share(known.points, on=target.on),
                        "bootstrap": resampled_share(known.points, on=target.on, samples=rules.samples, rng=rng),
                    },
                )


def straight_share(points: Sequence[ProgressPoint], *, on: date) -> Floats | None:
    """The share when the pace from the first to the last point goes on; None with fewer than two points."""
    if len(points) < 2:
        return None
    pace = (points[-1].share - points[0].share) / (points[-1].on - points[0].on).days
    return np.array([min(1.0, max(0.0, points[-1].share + pace * (on - points[-1].on).days))])


def resampled_share(
    points: Sequence[ProgressPoint], *, on: date, samples: int, rng: np.random.Generator
) -> Floats | None:
    """Shares when each coming quarter has the pace of one of the intervals seen; None with fewer than two points."""
    if len(points) < 2:
        return None
    paces = np.array([
        max(0.0, after.share - before.share) / (after.on - before.on).days
        for before, after in pairwise(points)
    ])
    days = (on - points[-1].on).days
    quarters = max(1, -(-days // 91))
    gained = rng.choice(paces, (samples, quarters)).mean(axis=1) * days
    return np.asarray(np.sort(np.minimum(1.0, points[-1].share + gained)))


def score_series(cases: Sequence[SeriesCase]) -> tuple[int, dict[Method, SeriesScore]]:
    """How many cases all methods answered, and each method's score over them (empty when there is none)."""
    common = [case for case in cases if all(case.answers[method] is not None for method in METHODS)]
    return len(common), {method: _score(common, method) for method in METHODS} if common else {}


def _score(cases: Sequence[SeriesCase], method: Method) -> SeriesScore:
    rows = []
    for case in cases:
        shares = case.answers[method]
        if shares is None:
            continue
        low, tenth, middle, top, least = (float(np.quantile(shares, q)) for q in (0.2, 0.1, 0.5, 0.9, 0.05))
        rows.append((
            case.came >= low, case.came >= least, tenth <= case.came <= top, 100 * abs(middle - case.came),
            100 * crps(shares, case.came),
        ))
    columns = np.array(rows, dtype=np.float64)
    return SeriesScore(
        held_80=float(columns[:, 0].mean()), held_95=float(columns[:, 1].mean()),
        inside_80=float(columns[:, 2].mean()), median_error=float(np.median(columns[:, 3])),
        crps=float(columns[:, 4].mean()),
    )
