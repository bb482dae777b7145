"""Vacated houses that still stand: which are looked at again for people who moved back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from zhengtu.core.kernel.draw import weighted_order

PURPOSE: Final = "patrol"
_MORE_CHANCE_DAYS: Final = 30
"""Days after which a house has one chance more to be drawn."""


def patrol_weight(*, vacated_on: date, last_seen_on: date | None, on: date) -> float:
    """The weight of a house in the draw: 1 on the day it was vacated or last seen empty, one more every thirty days."""
    since = max(vacated_on, last_seen_on) if last_seen_on else vacated_on
    return 1 + max(0, (on - since).days) / _MORE_CHANCE_DAYS


def patrol_list(
    houses: Mapping[str, tuple[date, date | None]], *, on: date, count: int, seed: str
) -> list[str]:
    """The houses to be seen on this patrol, in the order of the draw.

    Args:
        houses: household -> (vacated on, last seen empty on or None); those vacated after ``on`` are left out.
    """
    weights = {
        code: patrol_weight(vacated_on=vacated_on, last_seen_on=seen_on, on=on)
        for code, (vacated_on, seen_on) in houses.items() if vacated_on <= on
    }
    return weighted_order(weights, seed=seed, purpose=PURPOSE)[:count]
