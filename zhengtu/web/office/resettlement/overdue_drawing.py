"""The course of late families over the years, drawn on the server: bands stacked, the watched line, its crossings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from zhengtu.core.ledger.lateness import BANDS, Crossing, MonthOfWaiting

_LEFT: Final = 44
_TOP: Final = 18
_BOTTOM: Final = 22
_STEPS: Final = (1, 2, 5)
_LINES_WANTED: Final = 4
_YEAR_LABEL_WIDTH: Final = 34


@dataclass(frozen=True, slots=True)
class TrendChart:
    """The course in the coordinates of its drawing.

    Attributes:
        areas: band number (1: the shortest wait) -> points of its polygon, the longest wait lowest.
        grid: (y, count) of the lines; years: (x, year) of the first months of years.
        line: (y, count) of the watched line, None where it lies far above everything.
        crossings: x, day and whether it rose, of the crossings.
    """

    width: int
    height: int
    left: int
    right: int
    floor: int
    areas: Sequence[tuple[int, str]]
    grid: Sequence[tuple[float, int]]
    years: Sequence[tuple[float, int]]
    line: tuple[float, int] | None
    crossings: Sequence[dict[str, Any]]


def trend_chart(
    months: Sequence[MonthOfWaiting], *, line: int, crossings: Sequence[Crossing], width: int, height: int
) -> TrendChart | None:
    """The drawing; None where there are fewer than two months to draw."""
    if len(months) < 2:
        return None
    highest = max(month.late for month in months)
    shows_line = highest * 3 >= line
    top = max(highest, line) if shows_line else max(highest, 1)
    right, floor = width - 12, height - _BOTTOM
    first, last = months[0].on, months[-1].on

    def x(day: date) -> float:
        return round(_LEFT + (right - _LEFT) * (day - first).days / max(1, (last - first).days), 1)

    def y(count: int) -> float:
        return round(floor - (floor - _TOP) * count / top, 1)

    return TrendChart(
        width=width, height=height, left=_LEFT, right=right, floor=floor, areas=_areas(months, x, y),
        grid=[(y(count), count) for count in _grid(top)], years=_years(first, last, x),
        line=(y(line), line) if shows_line else None,
        crossings=[
            # The first month is drawn by its end: what happened in it stands there.
            {"x": x(max(one.on, first)), "on": one.on, "is_above": one.is_above} for one in crossings
        ],
    )


def _areas(months: Sequence[MonthOfWaiting], x: Any, y: Any) -> list[tuple[int, str]]:
    """Polygons, the shortest wait first; each reaches from the sum of the longer waits to its own top."""
    found = []
    for place in range(len(BANDS)):
        upper = [(x(month.on), y(month.late_over[place])) for month in months]
        beyond = place + 1
        lower = [(x(month.on), y(month.late_over[beyond] if beyond < len(BANDS) else 0)) for month in months]
        found.append((place + 1, " ".join(f"{across},{down}" for across, down in (*upper, *reversed(lower)))))
    return found


def _grid(top: int) -> list[int]:
    """Round counts up to the top, about four of them."""
    size = 1
    while True:
        for step in _STEPS:
            if top // (step * size) <= _LINES_WANTED:
                return list(range(0, top + 1, step * size))
        size *= 10


def _years(first: date, last: date, x: Any) -> list[tuple[float, int]]:
    """The first day of every year within, as far as their labels have room."""
    days = [date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
    found: list[tuple[float, int]] = []
    for day in days:
        if not found or x(day) - found[-1][0] >= _YEAR_LABEL_WIDTH:
            found.append((x(day), day.year))
    return found
