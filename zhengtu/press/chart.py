"""Charts as plain values: bars, lines with a fan of the forecast, and a ranking; the same drawing in PDF and Word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """The colour of a bar; also told by its depth in black and white. Lights keep their meaning."""

    PLAIN = "plain"
    MUTED = "muted"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class LineKind(StrEnum):
    """What a line shows: planned is dashed, actual solid and strong, forecast dotted."""

    PLANNED = "planned"
    ACTUAL = "actual"
    FORECAST = "forecast"


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of one series, one a category; None leaves a gap."""

    name: str
    values: Sequence[float | None]
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars side by side in categories.

    Attributes:
        title: under the drawing, numbered by its author where there are several.
        unit: of the values, in words. decimals: digits after the point of the values written on bars.
    """

    title: str
    unit: str
    categories: Sequence[str]
    series: Sequence[Bars]
    decimals: int = 0

    def __post_init__(self) -> None:
        for bars in self.series:
            _check(bars.values, places=len(self.categories))


@dataclass(frozen=True, slots=True)
class Line:
    """A line; None where it has no value. Its last value is written beside it."""

    name: str
    kind: LineKind
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Fan:
    """The range in which the forecast lies, as an area; None where there is none."""

    name: str
    low: Sequence[float | None]
    high: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over equally spaced places, e.g. weeks; the fan lies under them.

    Attributes:
        labels: of the places; every so many are written where they would touch.
        now_at: index of the place that is today, marked by a line; None without.
    """

    title: str
    unit: str
    labels: Sequence[str]
    lines: Sequence[Line]
    fan: Fan | None = None
    now_at: int | None = None
    decimals: int = 0

    def __post_init__(self) -> None:
        fan = () if self.fan is None else (self.fan.low, self.fan.high)
        for values in (*(line.values for line in self.lines), *fan):
            _check(values, places=len(self.labels))
        if self.now_at is not None and not 0 <= self.now_at < len(self.labels):
            raise ValueError("now_at is not a place of the chart")


@dataclass(frozen=True, slots=True)
class RankedBar:
    """A row of a ranking; ``note`` is written after the value, e.g. the change since the last issue."""

    name: str
    value: float
    note: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class RankingChart:
    """Bars that lie, in the order given, numbered from the top.

    Attributes:
        full: the value of a bar over the whole width, e.g. 100 for per cent; None for the longest.
    """

    title: str
    unit: str
    rows: Sequence[RankedBar]
    full: float | None = None
    decimals: int = 0

    def __post_init__(self) -> None:
        _check([row.value for row in self.rows], places=len(self.rows))


@dataclass(frozen=True, slots=True)
class Span:
    """A bar from one place of the time axis to another (both from 0 for its beginning), with a note after it.

    Attributes:
        start, end: in steps of the axis; ``end`` is not before ``start``.
        note: written after the bar, e.g. the day it ends.
    """

    name: str
    start: float
    end: float
    note: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class SpanChart:
    """Bars over a time axis, one a row (Gantt).

    Attributes:
        labels: of the steps of the axis, e.g. months; every so many are written where they would touch.
    """

    title: str
    unit: str
    labels: Sequence[str]
    rows: Sequence[Span]

    def __post_init__(self) -> None:
        for row in self.rows:
            _check([row.start, row.end], places=2)
            if not row.start <= row.end <= len(self.labels):
                raise ValueError(f"{row.name} does not lie within the axis")


Chart = BarChart | LineChart | RankingChart | SpanChart


def _check(values: Sequence[float | None], *, places: int) -> None:
    if len(values) != places:
        raise ValueError(f"{len(values)} values in a chart of {places} places")
    for value in values:
        if value is not None and (not math.isfinite(value) or value < 0):
            raise ValueError(f"a chart cannot show {value}")
