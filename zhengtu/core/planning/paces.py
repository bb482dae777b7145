"""From households to working days at the pace of a stage's teams: exact until it is rounded, once, at the end."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import Final

from zhengtu.core.planning.day_calendars import MOST_WORKING_DAYS
from zhengtu.core.planning.plan_case import StageRate

_FINEST: Final = 1_000_000_000
"""Paces are registered in hundredths; a mean of several teams', or a part's share of them, is cut off after 28 digits.
The nearest fraction with no larger denominator is what was cut off, so that three teams together do no hair less than
they do: twelve households at 4 a day take three days, not four."""


@lru_cache(maxsize=1024)
def pace_of(rate: StageRate) -> Fraction:
    """Households that all teams together do in a working day, exactly."""
    return Fraction(rate.households_per_day).limit_denominator(_FINEST) * max(1, rate.teams)


def days_of(households: int, rate: StageRate) -> int:
    """Working days that so many households take, no fewer than one household takes."""
    return min(MOST_WORKING_DAYS, max(rate.least_days, ceil(households / pace_of(rate)), 1))
