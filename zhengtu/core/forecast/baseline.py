"""The common hazard of a stage by time waited, with what is not known about it; docs/algorithms/forecast.md.

A hazard is a rate per household and day at risk, constant within bins of the time waited. Many replicates of it are
drawn by weighting the groups anew (Rubin's Bayesian bootstrap, 1981), so that groups that resemble each other within
and differ among themselves give a wide answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from zhengtu.core.forecast.cohort import Floats, Ints, Spells

SETTLING_EDGES_DAYS: Final = (0, 7, 14, 21, 28, 35, 42, 56, 70, 84, 112, 140, 182, 273, 365, 547, 730, 1095, 1460)
"""Where the bins of the time since the clock started begin; the last is open."""
LAG_EDGES_DAYS: Final = (0, 1, 3, 5, 7, 10, 14, 21, 28, 42, 56, 84, 126, 182, 365, 730)
PACE_EDGES_DAYS: Final = (0,)
REPLICATES: Final = 40

_CARRIED_EVENTS: Final = 2.0
"""A bin is taken to be like the one before until about so many events speak for themselves."""
_FALL: Final = (0.8, 0.4)
"""Mean and standard deviation, before any data, of the power with which the hazard falls with the time waited: those
who are left are the hard ones. A gamma mixture of constant hazards tends to a power of 1; decisions and courts put an
end to some waits."""
_FALL_WITHIN: Final = (0.0, 1.5)
_TAIL_FROM_DAYS: Final = 28
_CLUSTERING: Final = 3.0
"""How many times more than Poisson counts the events of a bin spread, as far as that power is concerned."""
_LATE_SHARE: Final = 0.25
"""Only bins that begin after this share of the longest wait that ended tell that power."""
_THIN_SPREAD: Final = 0.7
"""Standard deviation of the logarithm of a bin's hazard without any event is this over the root of ``_CARRIED``."""
_SAME_DAY: Final = 0.5
"""What is reached on the day of entry is taken to have waited half a day."""
_APART: Final = 1e5
"""Distance between replicates in one sorted row, beyond any cumulative hazard."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """Hazards of all replicates.

    Attributes:
        edges: ages in days at which the bins begin, from 0.
        hazards: per day, shape (replicates, bins).
        mean: per day, shape (bins,): the hazard without reweighting.
    """

    edges: Floats
    hazards: Floats
    mean: Floats

    def cumulative(self, ages: Floats, hazards: Floats) -> Floats:
        """Cumulative hazard of one replicate at ages in days (0 for negative ages)."""
        knots = np.concatenate([[0.0], np.cumsum(hazards[:-1] * np.diff(self.edges))])
        place = np.clip(np.searchsorted(self.edges, ages, side="right") - 1, 0, len(self.edges) - 1)
        return np.asarray(np.maximum(0.0, knots[place] + (ages - self.edges[place]) * hazards[place]))

    def knots(self) -> Floats:
        """Cumulative hazard at the beginning of each bin: shape (replicates, bins)."""
        passed = np.cumsum(self.hazards[:, :-1] * np.diff(self.edges), axis=1)
        return np.concatenate([np.zeros((len(self.hazards), 1)), passed], axis=1)

    def passed(self, replicate: Ints, ages: Floats, *, knots: Floats) -> Floats:
        """Cumulative hazard at ages in days, each of its own replicate; ``knots`` are those of ``knots()``."""
        place = np.searchsorted(self.edges, ages, side="right") - 1
        return np.asarray(knots[replicate, place] + (ages - self.edges[place]) * self.hazards[replicate, place])

    def waits(self, replicate: Ints, waited: Floats, demand: Floats) -> Floats:
        """How long is waited in all, in days, by those who have waited so long and will be through once so much more
        hazard has passed; ``inf`` where that never comes. All three have one shape.
        """
        knots = self.knots()
        bins = len(self.edges)
        start = self.passed(replicate, waited, knots=knots)
        target = np.minimum(start + demand, _APART / 2)
        flat = (knots + _APART * np.arange(len(knots))[:, None]).ravel()
        place = np.searchsorted(flat, target + _APART * replicate, side="right") - 1 - bins * replicate
        place = np.clip(place, 0, bins - 1)
        hazard = self.hazards[replicate, place]
        with np.errstate(divide="ignore", invalid="ignore"):
            more = np.where(hazard > 0, (target - knots[replicate, place]) / hazard, np.inf)
        return np.asarray(np.maximum(waited, self.edges[place] + more))


def baseline_of(
    spells: Spells, *, units: int, edges: tuple[int, ...], rng: np.random.Generator, replicates: int = REPLICATES
) -> Baseline:
    """The hazards of a stage from spells of many units; needs at least one spell."""
    starts = np.asarray(edges, dtype=np.float64)
    events, exposure = _tables(spells, units=units, edges=starts)
    weights = rng.standard_exponential((replicates, units))
    weights *= units / weights.sum(axis=1, keepdims=True)
    centre, spread = _fall(events.sum(axis=0), exposure.sum(axis=0), starts)
    falls = np.clip(centre + spread * rng.standard_normal(replicates), *_FALL_WITHIN)
    mean = _carried(events.sum(axis=0)[None], exposure.sum(axis=0)[None], starts, np.array([centre]))[0]
    hazards = _carried(weights @ events, weights @ exposure, starts, falls)
    thin = _THIN_SPREAD / np.sqrt(_CARRIED_EVENTS + events.sum(axis=0))
    hazards = hazards * np.exp(thin * rng.standard_normal(hazards.shape))
    return Baseline(edges=starts, hazards=hazards, mean=mean)


def _tables(spells: Spells, *, units: int, edges: Floats) -> tuple[Floats, Floats]:
    """Events and days at risk by unit and bin."""
    length = np.maximum((spells.exit - spells.entry).astype(np.float64), np.where(spells.is_event, _SAME_DAY, 0.0))
    ends = np.append(edges[1:], np.inf)
    exposure = np.stack([
        np.bincount(spells.unit, weights=np.clip(length - low, 0.0, high - low), minlength=units)
        for low, high in zip(edges, ends, strict=True)
    ], axis=1)
    bins = len(edges)
    # Reached at the end of a bin belongs to that bin.
    place = np.clip(np.searchsorted(edges, length[spells.is_event], side="left") - 1, 0, bins - 1)
    flat = np.bincount(spells.unit[spells.is_event] * bins + place, minlength=units * bins)
    return np.asarray(flat.reshape(units, bins), dtype=np.float64), np.asarray(exposure)


def _middles(edges: Floats) -> Floats:
    """An age within each bin; of the open one, an age as far beyond its start as the bin before is long."""
    ends = np.append(edges[1:], 2 * edges[-1] - edges[-2] if len(edges) > 1 else 1.0)
    return np.asarray((edges + ends) / 2)


def _fall(events: Floats, exposure: Floats, edges: Floats) -> tuple[float, float]:
    """Mean and standard deviation of the power with which the hazard falls late, given all units' bins."""
    hazards = events / np.maximum(exposure, 1e-9)
    seen = np.flatnonzero(events > 0)
    longest = edges[seen[-1]] if len(seen) else 0.0
    used = (edges >= max(_TAIL_FROM_DAYS, _LATE_SHARE * longest)) & (events > 0)
    mean, spread = _FALL
    if used.sum() < 2:
        return mean, spread
    ages, logs, weights = np.log(_middles(edges)[used]), np.log(hazards[used]), events[used] / _CLUSTERING
    ages = ages - np.average(ages, weights=weights)
    precision = 1 / spread**2 + float((weights * ages**2).sum())
    centre = (mean / spread**2 - float((weights * ages * logs).sum())) / precision
    return float(np.clip(centre, *_FALL_WITHIN)), float(1 / np.sqrt(precision))


def _carried(events: Floats, exposure: Floats, edges: Floats, falls: Floats) -> Floats:
    """Hazards by bin, each leaning on the one before it and the power by which it falls; shape (rows, bins)."""
    total = np.maximum(events.sum(axis=1), 0.5) / np.maximum(exposure.sum(axis=1), 0.5)
    middles = _middles(edges)
    hazards, before = np.empty_like(events), total
    for place in range(events.shape[1]):
        is_tail = place > 0 and edges[place] >= _TAIL_FROM_DAYS
        expected = before * (middles[place] / middles[place - 1]) ** -falls if is_tail else before
        before = (events[:, place] + _CARRIED_EVENTS) / (exposure[:, place] + _CARRIED_EVENTS / expected)
        hazards[:, place] = before
    return hazards


def weekly_expectation(
    spells: Spells, baseline: Baseline, *, units: int, on: int, weeks: int
) -> tuple[Floats, Floats]:
    """What happened and what the mean hazard expected: events and cumulative hazard, shape (units, weeks).

    The last week ends on ``on``.
    """
    events, expected = np.zeros((units, weeks)), np.zeros((units, weeks))
    week = weeks - 1 - (on - spells.exit) // 7
    counted = spells.is_event & (week >= 0)
    np.add.at(events, (spells.unit[counted], week[counted]), 1.0)
    ends = np.maximum(spells.exit, spells.entry + np.where(spells.is_event, _SAME_DAY, 0.0))
    for place in range(weeks):
        high = on - 7 * (weeks - 1 - place)
        present = np.flatnonzero((spells.entry < high) & (ends > high - 7))
        entry = spells.entry[present].astype(np.float64)
        until = np.minimum(ends[present], high) - entry
        since = np.maximum(high - 7 - entry, 0.0)
        passed = baseline.cumulative(until, baseline.mean) - baseline.cumulative(since, baseline.mean)
        expected[:, place] = np.bincount(spells.unit[present], weights=passed, minlength=units)
    return events, expected
