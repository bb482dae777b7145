"""Reported against found: how many of a district's reported households are not so, with an interval.

Each stratum is a finite list of which some were inspected. What is not yet inspected is predicted by a
beta-binomial whose mean and spread the strata share: where they look alike a small stratum borrows from the others,
where they differ it does not. Mean and spread are integrated out over a grid with weights from what was seen, and the
sums over strata are exact (convolution of the distributions), so that a census leaves no uncertainty and a sample of
three says how little it knows. Coverage of the nominal 95 per cent: ``benchmarks/inspection_coverage.py``.

Source: Gelman et al., Bayesian Data Analysis (2013), ch. 5.3, for the hierarchical beta-binomial; Brown, Cai and
DasGupta, Interval estimation for a binomial proportion, Statistical Science 16 (2001), for Jeffreys' prior of the mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

Floats = NDArray[np.float64]
_NEGLIGIBLE: Final = 1e-6
_MEANS: Final = np.sin(np.pi / 2 * (np.arange(40) + 0.5) / 40) ** 2
"""Mean rates of false reports, evenly spaced under Jeffreys' prior."""
_SPREADS: Final = (8.0, 32.0, 128.0)
"""How alike strata are: the number of households that knowing the mean is worth.

Calibrated by simulation: with spreads below, a sample without a single false report was taken as telling too much, and
the interval held 88 to 91 per cent where 2 per cent are false.
"""
_PRIORS: Final = np.array([(spread * mean, spread * (1 - mean)) for spread in _SPREADS for mean in _MEANS])


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was seen of one stratum.

    Attributes:
        reported: households of which the state is reported.
        inspected: how many of them were drawn and seen.
        false: how many of those were found not to be so.
    """

    reported: int
    inspected: int
    false: int

    def __post_init__(self) -> None:
        if not 0 <= self.false <= self.inspected <= self.reported:
            raise ValueError("0 ≤ false ≤ inspected ≤ reported")


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """How many reported households are not as reported.

    Attributes:
        low, middle, high: households: ends of the interval and the median.
        reported: all households that the figure counts.
        level: nominal level of the interval.
    """

    low: int
    middle: int
    high: int
    reported: int
    level: float

    @property
    def discounted(self) -> int:
        """The figure as it is shown beside the reported one: less the median of what is not so."""
        return self.reported - self.middle

    def rates(self) -> tuple[float, float, float]:
        """Low, middle and high as shares of what is reported; zeros where nothing is."""
        if not self.reported:
            return (0.0, 0.0, 0.0)
        return (self.low / self.reported, self.middle / self.reported, self.high / self.reported)


def discrepancy(strata: Sequence[Inspected], *, level: float = 0.95) -> Discrepancy | None:
    """The discrepancy of a district over its strata; None where nothing was inspected: then nothing is known."""
    if not sum(one.inspected for one in strata):
        return None
    whole = sum(one.reported for one in strata)
    seen_false = sum(one.false for one in strata)
    logs = sum(_log_chances(one) for one in strata)
    weights = np.exp(logs - np.max(logs))
    weights /= weights.sum()
    counts = weights > _NEGLIGIBLE
    unseen = _sum_of_unseen(strata, weights=weights[counts], priors=_PRIORS[counts])
    reached = np.cumsum(unseen / unseen.sum())
    tail = (1 - level) / 2
    low, middle, high = (int(np.searchsorted(reached, at, side="left")) for at in (tail, 0.5, 1 - tail))
    return Discrepancy(
        low=seen_false + low, middle=seen_false + middle, high=seen_false + min(high, len(unseen) - 1),
        reported=whole, level=level,
    )


def _log_chances(one: Inspected) -> Floats:
    """Logarithm of the chance of what was seen under each prior, but for a factor that every prior shares."""
    false, true = _PRIORS.T
    logs: Floats = betaln(one.false + false, one.inspected - one.false + true) - betaln(false, true)
    return logs


def _sum_of_unseen(strata: Sequence[Inspected], *, weights: Floats, priors: Floats) -> Floats:
    """Chances of 0, 1, … false reports among all households that were not inspected, over all priors.

    Sums of independent counts are products of their transforms, and the transform of a mixture is the mixture of
    transforms: so one is turned back.
    """
    size = sum(one.reported - one.inspected for one in strata) + 1
    length = 1 << (size - 1).bit_length()
    transforms = np.broadcast_to(weights[:, None], (len(weights), length // 2 + 1)).astype(np.complex128)
    for one, times in Counter(strata).items():
        transforms *= np.fft.rfft(_unseen_false(one, priors), n=length, axis=1) ** times
    chances: Floats = np.clip(np.fft.irfft(transforms.sum(axis=0), n=length)[:size], 0.0, None)
    return chances


def _unseen_false(one: Inspected, priors: Floats) -> Floats:
    """Chances of 0, 1, … false reports among the households of a stratum not inspected; one row per prior."""
    left = one.reported - one.inspected
    counts = np.arange(left, dtype=np.float64)
    false, true = one.false + priors[:, :1], one.inspected - one.false + priors[:, 1:]
    # From each count to the next: the beta-binomial's chances stand in a simple ratio.
    steps = np.log((left - counts) / (counts + 1)) + np.log((counts + false) / (left - counts - 1 + true))
    logs = np.concatenate((np.zeros((len(priors), 1)), np.cumsum(steps, axis=1)), axis=1)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    chances: Floats = weights / weights.sum(axis=1, keepdims=True)
    return chances
