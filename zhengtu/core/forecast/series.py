"""Progress known only as totals at irregular dates: how far a share will be on a day, and when it will be whole.

Totals of what is required may grow, dates are irregular, and shares are rounded. The share left falls by a rate that
changes from quarter to quarter around a level of its own; level and spread lean on those of the other series;
docs/algorithms/forecast.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np

from zhengtu.core.forecast.cohort import Floats, Ints
from zhengtu.core.forecast.history import NOT_YET, Goal
from zhengtu.core.forecast.outlook import Forecast
from zhengtu.core.forecast.rules import OutlookRules
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

WHOLE_LEFT: Final = 0.005
"""What is left at most when a share counts as whole: shares are published to whole per cent."""
_STEP_DAYS: Final = 91
_QUARTER_WEEKS: Final = 13.0
_LEAST_RATE: Final = 0.02 / 365.25
"""Per day; a standstill is taken for so slow a rate."""
_PRIOR_RATE: Final = 1.0 / 365.25
"""Per day, before any series is seen: about two thirds of what is left within a year."""
_BETWEEN: Final = 1.0
"""Standard deviation between series of the logarithm of their level."""
_WITHIN: Final = 0.8
"""Standard deviation within a series of the logarithm of a quarter's rate, before any is seen; worth
``_WITHIN_WORTH`` observations."""
_WITHIN_WORTH: Final = 4.0
_KEPT: Final = 0.6
"""Correlation of the logarithms of the rates of consecutive quarters."""
_LEAST_SHARE: Final = 0.01
"""A share that falls is taken for a total that grew; below this one it says nothing of how much."""
_MOST_GROWTH: Final = 1.0
"""Of the total in a year."""
_CALM_QUARTERS: Final = 4
"""Quarters without growth of the total that are taken as seen before any is."""


@dataclass(frozen=True, slots=True)
class ProgressPoint:
    """What was published for a day.

    Attributes:
        share: of the total required that is done, from 0; more than 1 where a plan was overfulfilled.
        total: required, where it is known.
        is_inferred: whether the total was taken from elsewhere than the same publication.
    """

    on: date
    share: float
    total: float | None = None
    is_inferred: bool = False


@dataclass(frozen=True, slots=True)
class ProgressSeries:
    """One undertaking's points, by date, each date once."""

    subject: str
    points: Sequence[ProgressPoint]

    def until(self, on: date) -> ProgressSeries:
        """What was published by the end of a day."""
        return ProgressSeries(self.subject, tuple(point for point in self.points if point.on <= on))

    @property
    def whole_on(self) -> date | None:
        """The first day for which it was published to be whole."""
        return next((point.on for point in self.points if point.share >= 1 - WHOLE_LEFT), None)


@dataclass(frozen=True, slots=True)
class _Pace:
    """Rates of one series between its points, with the weight of each; and yearly growth of its total."""

    logs: Floats
    weights: Floats
    growth: Floats


@dataclass(frozen=True, slots=True)
class Courses:
    """Simulated shares at the ends of coming quarters: ``days`` ordinals, ``shares`` (courses, quarters)."""

    days: Ints
    shares: Floats

    def share_on(self, day: date) -> Floats:
        """The simulated shares on a day, sorted."""
        target = min(max(day.toordinal(), int(self.days[0])), int(self.days[-1]))
        place = max(1, int(np.searchsorted(self.days, target)))
        before, after = self.days[place - 1], self.days[place]
        part = (target - before) / (after - before)
        return np.asarray(np.sort((1 - part) * self.shares[:, place - 1] + part * self.shares[:, place]))

    def whole_days(self) -> Ints:
        """The day of each course on which it is whole; ``NOT_YET`` beyond the last quarter."""
        whole = self.shares >= 1 - WHOLE_LEFT
        place = np.maximum(1, whole.argmax(axis=1))
        rows = np.arange(len(whole))
        before, after = self.shares[rows, place - 1], self.shares[rows, place]
        part = np.clip((1 - WHOLE_LEFT - before) / np.maximum(after - before, 1e-12), 0.0, 1.0)
        days = self.days[place - 1] + np.ceil(part * (self.days[place] - self.days[place - 1])).astype(np.int64)
        return np.where(whole.any(axis=1), days, NOT_YET)


def series_forecast(
    series: ProgressSeries, *, among: Sequence[ProgressSeries], on: date, rules: OutlookRules, seed: int = 0
) -> Forecast:
    """When a series will be whole; it abstains where it has too few points or has hardly moved.

    Args:
        among: all series, of which only points until ``on`` are used.
    """
    known = series.until(on)
    points = known.points
    whole_on = known.whole_on
    horizon_on = date.fromordinal(on.toordinal() + 7 * rules.horizon_weeks)
    weeks = (points[-1].on - points[0].on).days // 7 if points else 0
    if whole_on is not None:
        return Forecast(
            subject=series.subject, goal=Goal.HANDED_OVER, on=on, basis="done", events=len(points), open=0,
            weeks_observed=weeks, horizon_on=horizon_on, completion_days=(whole_on.toordinal(),), samples=1,
        )
    reasons = silence(known, rules=rules)
    days: tuple[int, ...] = ()
    if not reasons:
        courses = simulated(known, among=among, on=on, rules=rules, seed=seed)
        ends = np.sort(courses.whole_days())
        days = tuple(ends[ends <= horizon_on.toordinal()].tolist())
        reasons = [Reason(
            code="forecast.series_behind", message=N_("Behind it: %(points)s dated totals over %(weeks)s weeks."),
            parameters={"points": len(points), "weeks": weeks},
        )]
    is_silent = reasons[0].code != "forecast.series_behind"
    return Forecast(
        subject=series.subject, goal=Goal.HANDED_OVER, on=on, basis="none" if is_silent else "own",
        events=len(points), open=1, weeks_observed=weeks, horizon_on=horizon_on, completion_days=days,
        samples=0 if is_silent else rules.samples, reasons=tuple(reasons),
    )


def silence(series: ProgressSeries, *, rules: OutlookRules) -> list[Reason]:
    """Why nothing is said of a series; empty where something can be."""
    points = series.points
    moved = max((point.share for point in points), default=0.0) - (points[0].share if points else 0.0)
    if len(points) >= rules.series_points and moved >= rules.series_share:
        return []
    return [Reason(
        code="forecast.series_short",
        message=N_(
            "Not enough data: %(points)s dated totals that moved by %(moved)s %%; %(least)s that moved by "
            "%(least_moved)s %% are needed."
        ),
        parameters={
            "points": len(points), "moved": round(100 * max(0.0, moved)), "least": rules.series_points,
            "least_moved": round(100 * rules.series_share),
        },
    )]


def simulated(
    series: ProgressSeries, *, among: Sequence[ProgressSeries], on: date, rules: OutlookRules, seed: int = 0
) -> Courses:
    """Courses of a series' share from its last point on, over the horizon after ``on``."""
    rng = np.random.default_rng(seed)
    points = series.until(on).points
    own = pace_of(points)
    others = [pace_of(one.until(on).points) for one in among if one.subject != series.subject]
    level, spread = _level(own, others, samples=rules.samples, rng=rng)
    start = points[-1].on.toordinal()
    quarters = -(-(on.toordinal() - start + 7 * rules.horizon_weeks) // _STEP_DAYS)
    growths = np.concatenate([np.zeros(_CALM_QUARTERS), own.growth, *(one.growth for one in others)])
    shares = np.empty((rules.samples, quarters + 1))
    shares[:, 0] = min(points[-1].share, 1.0)
    left = 1 - shares[:, 0]
    noise = rng.standard_normal(rules.samples)
    for quarter in range(1, quarters + 1):
        rate = np.exp(np.clip(level + spread * noise, np.log(_LEAST_RATE), 0.0))
        left = np.maximum(0.0, (left + WHOLE_LEFT) * np.exp(-rate * _STEP_DAYS) - WHOLE_LEFT)
        grown = rng.choice(growths, rules.samples) * _STEP_DAYS / 365.25
        left = np.where(left > 0, (left + grown) / (1 + grown), 0.0)
        shares[:, quarter] = 1 - left
        left = np.where(left <= WHOLE_LEFT, 0.0, left)
        noise = _KEPT * noise + np.sqrt(1 - _KEPT**2) * rng.standard_normal(rules.samples)
    days = start + _STEP_DAYS * np.arange(quarters + 1, dtype=np.int64)
    return Courses(days=days, shares=shares)


def pace_of(points: Sequence[ProgressPoint]) -> _Pace:
    """Rates between consecutive points until the series is whole, and what of it was growth of the total."""
    logs, weights, growth = [], [], []
    for before, after in pairwise(points):
        if before.share >= 1 - WHOLE_LEFT:
            break
        weeks = (after.on - before.on).days / 7
        grown = 0.0
        if before.total and after.total and not after.is_inferred:
            grown = max(0.0, after.total / before.total - 1)
        elif after.share < before.share:
            grown = max(0.0, before.share / max(after.share, _LEAST_SHARE) - 1)
        # What would be left had the total not grown.
        left = max(0.0, 1 - after.share * (1 + grown))
        passed = np.log((1 - before.share + WHOLE_LEFT) / (left + WHOLE_LEFT))
        logs.append(np.log(max(passed / (7 * weeks), _LEAST_RATE)))
        weights.append(weeks / (weeks + _QUARTER_WEEKS))
        growth.append(min(grown / (7 * weeks) * 365.25, _MOST_GROWTH))
    return _Pace(np.array(logs), np.array(weights), np.array(growth))


def _level(own: _Pace, others: Sequence[_Pace], *, samples: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Draws of a series' level (log of a rate per day) and of the spread of its quarters, pooled."""
    moving = [one for one in others if len(one.logs)]
    means = [float(np.average(one.logs, weights=one.weights)) for one in moving]
    common = (np.log(_PRIOR_RATE) + sum(means)) / (1 + len(means))
    squares, worth = _WITHIN_WORTH * _WITHIN**2, _WITHIN_WORTH
    for one in [own, *moving]:
        if len(one.logs) > 1:
            squares += float((one.weights * (one.logs - np.average(one.logs, weights=one.weights)) ** 2).sum())
            worth += float(one.weights.sum()) * (len(one.logs) - 1) / len(one.logs)
    variance = squares / rng.chisquare(worth, samples)
    known = float(own.weights.sum())
    precision = 1 / _BETWEEN**2 + known / variance
    centre = common / _BETWEEN**2 + (float((own.weights * own.logs).sum()) if known else 0.0) / variance
    level = centre / precision + rng.standard_normal(samples) / np.sqrt(precision)
    return level, np.sqrt(variance)
