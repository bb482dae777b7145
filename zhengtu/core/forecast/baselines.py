"""What a spreadsheet would say: the peers that the forecast is measured against."""

from __future__ import annotations

import numpy as np

from zhengtu.core.forecast.cohort import Ints
from zhengtu.core.forecast.history import NOT_YET

WINDOW_WEEKS = 8
_WEEK_DAYS = 7


def weekly_counts(days: Ints, *, on: int, weeks: int = WINDOW_WEEKS) -> Ints:
    """How many of the days (ordinals) fell in each of the last weeks, the latest week last; a week ends on ``on``."""
    ends = on - _WEEK_DAYS * np.arange(weeks, -1, -1)
    return np.asarray(np.diff(np.searchsorted(np.sort(days), ends, side="right")))


def straight_line(days: Ints, *, needed: int, on: int, weeks: int = WINDOW_WEEKS) -> int | None:
    """The day on which so many more are reached when the pace of the last weeks goes on.

    Args:
        days: ordinals on which households reached the goal, until ``on``.
        needed: how many more are asked for, at least 1.

    Returns:
        An ordinal, or None where the last weeks show no pace.
    """
    pace = weekly_counts(days, on=on, weeks=weeks).sum() / (weeks * _WEEK_DAYS)
    return None if pace == 0 else on + int(np.ceil(needed / pace))


def throughput_bootstrap(
    days: Ints, *, needed: int, on: int, rng: np.random.Generator, samples: int, horizon_weeks: int,
    weeks: int = WINDOW_WEEKS,
) -> Ints | None:
    """Days on which so many more are reached when coming weeks are drawn from the last ones, with replacement.

    Returns:
        Ordinals of shape (samples,), sorted; ``NOT_YET`` beyond the horizon. None where the last weeks show no pace.
    """
    counts = weekly_counts(days, on=on, weeks=weeks)
    if counts.sum() == 0:
        return None
    total = np.cumsum(rng.choice(counts, size=(samples, horizon_weeks)), axis=1)
    week = (total < needed).sum(axis=1)
    return np.sort(np.where(week < horizon_weeks, on + _WEEK_DAYS * (week + 1), NOT_YET))
