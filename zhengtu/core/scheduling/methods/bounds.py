"""Lower bounds on the makespan that cost nothing: critical path, and what resources can do between heads and tails."""

from __future__ import annotations

import numpy as np

from zhengtu.core.scheduling.methods.arrays import Arrays
from zhengtu.core.scheduling.working_time import Whole


def lower_bound(arrays: Arrays) -> int:
    """No schedule is shorter.

    The critical path; and for every resource and all pairs of a head a and a tail q: the work of the activities that
    can neither start before a nor have less than q after them, divided by the capacity, lies between the two.
    """
    if not arrays.count:
        return 0
    heads, tails = arrays.earliest(), arrays.tails()
    bound = int((heads + tails).max())
    after_it = tails - arrays.durations
    firsts, lasts = _sample(np.unique(heads)), _sample(np.unique(after_it))
    for column, capacity in enumerate(arrays.capacities.tolist()):
        work = arrays.durations * arrays.demands[:, column]
        for first in firsts:
            chosen = (heads >= first) & (work > 0)
            per_tail = np.where(after_it[chosen][None, :] >= lasts[:, None], work[chosen][None, :], 0).sum(axis=1)
            least = np.where(per_tail > 0, first - (-per_tail // max(1, capacity)) + lasts, 0)
            bound = max(bound, int(least.max(initial=0)))
    return bound


def _sample(values: Whole, most: int = 60) -> Whole:
    """At most so many of the sorted values, the lowest among them."""
    return values[:: -(-len(values) // most)]
