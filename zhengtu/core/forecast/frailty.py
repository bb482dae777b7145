"""How much faster or slower than the common hazard a unit goes, week by week; docs/algorithms/forecast.md.

A unit's multiplier is a stationary process with gamma distribution of mean 1 (shape and rate ``shape``) that remembers
``memory`` of itself from one week to the next: the beta-gamma autoregression of Lewis, McKenzie and Hugus (1989). Given
counts it is filtered by the gamma-Poisson recursion of Harvey and Fernandes (1989) drawn back towards 1, whose
one-week-ahead prediction is negative binomial. Shape and memory are weighed by how well they predicted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from zhengtu.core.forecast.cohort import Floats, Ints

SHAPES: Final = (0.4, 0.7, 1.2, 2.0, 4.0, 8.0, 20.0, 100.0)
MEMORIES: Final = (0.5, 0.8, 0.9, 0.95, 0.98, 0.995)
_GRID: Final = np.array([(shape, memory) for shape in SHAPES for memory in MEMORIES])
_FACTOR_OF_SHAPE: Final = np.e
"""How far the shape may lie from the one expected before any data: so many times more or less, give or take."""
_LEAST_EXPECTED: Final = 0.02
"""What happened was expected at least so much, for each event."""


@dataclass(frozen=True, slots=True)
class Frailty:
    """The filtered multipliers of all units of one level.

    Attributes:
        weights: of the pairs of shape and memory, summing to 1.
        shape, memory: of each pair.
        alpha, beta: shape (pairs, units): the gamma distribution of each multiplier after the last week.
        means: shape (units, weeks): its mean after each week, over the pairs.
    """

    weights: Floats
    shape: Floats
    memory: Floats
    alpha: Floats
    beta: Floats
    means: Floats

    @property
    def variance(self) -> float:
        """Variance of the multipliers in the long run."""
        return float((self.weights / self.shape).sum())


@dataclass(slots=True)
class Multipliers:
    """Draws of the multipliers of one level, to be moved into the future.

    Attributes:
        values: shape (draws, units).
        shape, memory: by draw.
    """

    values: Floats
    shape: Floats
    memory: Floats

    def move(self, rng: np.random.Generator, *, weeks: int, active: NDArray[np.bool_] | None = None) -> None:
        """Let so many weeks pass; where ``active`` is given only the marked draws and units need to be right."""
        kept = self.memory ** weeks
        draws = np.broadcast_to(np.arange(len(kept))[:, None], self.values.shape)
        chosen = draws.ravel() if active is None else draws[active]
        shape, share = self.shape[chosen], kept[chosen]
        old = self.values.ravel() if active is None else self.values[active]
        stay = rng.standard_gamma(shape * share)
        go = rng.standard_gamma(shape * (1 - share))
        fresh = rng.standard_gamma(shape * (1 - share))
        with np.errstate(invalid="ignore"):
            fraction = np.nan_to_num(stay / (stay + go), nan=0.5)
        new = old * fraction + fresh / shape
        if active is None:
            self.values = new.reshape(self.values.shape)
        else:
            self.values[active] = new


def filtered(events: Floats, expected: Floats, *, usual_shape: float) -> Frailty:
    """The multipliers from weekly counts and what was expected, both of shape (units, weeks).

    Args:
        usual_shape: the shape that is expected before any data: 2 for a standard deviation of 0.7, 12 for one of 0.3.
    """
    units, weeks = events.shape
    shape, memory = _GRID[:, :1], _GRID[:, 1:]
    alpha, beta = np.repeat(shape, units, axis=1), np.repeat(shape, units, axis=1)
    score = -0.5 * (np.log(_GRID[:, 0] / usual_shape) / np.log(_FACTOR_OF_SHAPE)) ** 2
    means = np.empty((len(_GRID), units, weeks), dtype=np.float32)
    expected = np.maximum(expected, _LEAST_EXPECTED * events)
    for week in range(weeks):
        alpha, beta = memory * alpha + (1 - memory) * shape, memory * beta + (1 - memory) * shape
        happened, awaited = events[:, week], expected[:, week]
        at_risk = awaited > 0
        if at_risk.any():
            score += _log_chance(alpha[:, at_risk], beta[:, at_risk], happened[at_risk], awaited[at_risk])
            alpha, beta = alpha + happened, beta + awaited
        means[:, :, week] = alpha / beta
    weights = np.exp(score - score.max())
    weights /= weights.sum()
    return Frailty(
        weights=weights, shape=_GRID[:, 0], memory=_GRID[:, 1], alpha=alpha, beta=beta,
        means=np.tensordot(weights, means.astype(np.float64), axes=1),
    )


def _log_chance(alpha: Floats, beta: Floats, happened: Floats, awaited: Floats) -> Floats:
    """Log of the negative binomial chance of the counts, summed over units, for every pair."""
    odds = np.log(beta) - np.log(beta + awaited)
    terms = gammaln(alpha + happened) - gammaln(alpha) + alpha * odds - happened * np.log(beta + awaited)
    return np.asarray(terms.sum(axis=1))


def drawn(frailty: Frailty, *, draws: int, rng: np.random.Generator) -> Multipliers:
    """Draws of every unit's multiplier as it stands after the last week."""
    pairs: Ints = rng.choice(len(frailty.weights), size=draws, p=frailty.weights)
    values = rng.standard_gamma(frailty.alpha[pairs]) / frailty.beta[pairs]
    return Multipliers(values=values, shape=frailty.shape[pairs], memory=frailty.memory[pairs])
