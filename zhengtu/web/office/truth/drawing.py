"""The chart of a district's truth over time: each inspection a point with its interval, drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Final

from zhengtu.inspection.truth_history import DistrictInspection

WIDTH: Final = 560
HEIGHT: Final = 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 16, 12, 28
_STEPS: Final = 4


@dataclass(frozen=True, slots=True)
class Point:
    """One inspection: its place, the ends of its interval, and what it is, in pixels from the top left corner."""

    x: float
    y: float
    y_low: float
    y_high: float
    entry: DistrictInspection


@dataclass(frozen=True, slots=True)
class Chart:
    """The points with the axes: (y, share) of the horizontal lines, (x, day) below them."""

    width: int
    height: int
    left: int
    right: int
    points: Sequence[Point]
    shares: Sequence[tuple[float, float]]
    days: Sequence[tuple[float, date]]


def chart(entries: Sequence[DistrictInspection]) -> Chart:
    """Share of what was reported that is not so, by the day of the figure; the axis begins at nothing."""
    first, last = entries[0].as_of_on, entries[-1].as_of_on
    span = max((last - first).days, 1)
    highest = max(entry.found.rates()[2] for entry in entries)
    top = max(0.04, ceil(highest * 25) / 25)

    def x(day: date) -> float:
        if first == last:
            return (_LEFT + WIDTH - _RIGHT) / 2
        return _LEFT + 12 + (day - first).days / span * (WIDTH - _LEFT - _RIGHT - 24)

    def y(share: float) -> float:
        return round(_TOP + (1 - share / top) * (HEIGHT - _TOP - _BOTTOM), 1)

    points = []
    for entry in entries:
        low, middle, high = entry.found.rates()
        points.append(Point(round(x(entry.as_of_on), 1), y(middle), y(low), y(high), entry))
    days = {first: points[0].x, last: points[-1].x}
    return Chart(
        width=WIDTH, height=HEIGHT, left=_LEFT, right=WIDTH - _RIGHT, points=points,
        shares=[(y(top * step / _STEPS), top * step / _STEPS) for step in range(_STEPS + 1)],
        days=[(at, day) for day, at in days.items()],
    )
