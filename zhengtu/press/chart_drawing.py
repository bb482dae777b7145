"""The plan of a chart's drawing: axis, heights as shares of the plot, what is written where. Typst only draws it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from zhengtu.press.chart import BarChart, Chart, LineChart, RankingChart, SpanChart
from zhengtu.press.document_setting import clean, set_width, words_of
from zhengtu.press.letters import shown
from zhengtu.press.typesetting import fonts_of_roles, typeset

_TICKS: Final = 5
_LEAST: Final = 1e-9
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_LABEL_GAP: Final = 0.075
_LABELS_WIDTH: Final = 40.0
_PICTURE_PER_INCH: Final = 300


def chart_plan(chart: Chart) -> dict[str, Any]:
    """The plan; every place is a share of the plot, 0 at the left or the axis and 1 at the right or top."""
    match chart:
        case BarChart():
            plan = _bars(chart)
        case LineChart():
            plan = _lines(chart)
        case RankingChart():
            plan = _ranking(chart)
        case SpanChart():
            plan = _spans(chart)
    return {"kind": "chart", "title": shown(chart.title), "unit": shown(chart.unit), **plan}


def chart_picture(chart: Chart, *, width_mm: float, language: str) -> bytes:
    """The drawing as PNG with 300 dots per inch, as wide as that; without its title."""
    values = chart_plan(chart) | {
        "width_mm": width_mm, "language": "en" if language.startswith("en") else "zh",
        "fonts": fonts_of_roles()["hei"], "now_word": words_of(language)["now"],
    }
    return typeset("chart_picture.typ", values, name="chart", kind="png", per_inch=_PICTURE_PER_INCH)


def described(chart: Chart) -> str:
    """What a chart shows, for readers who cannot see it: its title and every value by name."""
    match chart:
        case BarChart():
            parts = [
                f"{bars.name} {category} {figure(value, decimals=chart.decimals)}"
                for bars in chart.series for category, value in zip(chart.categories, bars.values, strict=True)
                if value is not None
            ]
        case LineChart():
            parts = [
                f"{line.name} {label} {figure(value, decimals=chart.decimals)}"
                for line in chart.lines for label, value in zip(chart.labels, line.values, strict=True)
                if value is not None
            ]
        case RankingChart():
            parts = [
                f"{row.name} {figure(row.value, decimals=chart.decimals)} {row.note}".rstrip() for row in chart.rows
            ]
        case SpanChart():
            parts = [
                f"{row.name} {_label_at(chart, row.start)} – {_label_at(chart, row.end)} {row.note}".rstrip()
                for row in chart.rows
            ]
    return clean(f"{chart.title} ({chart.unit}): " + "; ".join(parts))


def figure(value: float, *, decimals: int) -> str:
    """A number as it stands in a drawing: grouped, with so many digits after the point."""
    return f"{value:,.{decimals}f}"


def axis_ticks(highest: float) -> tuple[float, ...]:
    """Round numbers from 0 to the first that is not below the highest value; 0 and 1 where all is nought."""
    if highest < _LEAST:
        return (0.0, 1.0)
    rough = highest / (_TICKS - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in _STEPS if power * factor >= rough * (1 - 1e-9))
    count = math.ceil(highest / step - 1e-9)
    return tuple(step * at for at in range(count + 1))


def _axis(highest: float, *, decimals: int) -> tuple[float, list[dict[str, Any]]]:
    ticks = axis_ticks(highest)
    step = ticks[1]
    places = next((digits for digits in range(7) if math.isclose(step, round(step, digits), rel_tol=1e-9)), decimals)
    return ticks[-1], [{"at": tick / ticks[-1], "text": figure(tick, decimals=places)} for tick in ticks]


def _bars(chart: BarChart) -> dict[str, Any]:
    top, ticks = _axis(max((v for bars in chart.series for v in bars.values if v is not None), default=0.0),
                       decimals=chart.decimals)
    return {
        "drawing": "bars", "ticks": ticks, "labels": [shown(category) for category in chart.categories],
        "series": [
            {
                "name": shown(bars.name), "tone": bars.tone,
                "bars": [
                    None if value is None else {"at": value / top, "text": figure(value, decimals=chart.decimals)}
                    for value in bars.values
                ],
            }
            for bars in chart.series
        ],
    }


def _lines(chart: LineChart) -> dict[str, Any]:
    fan = chart.fan
    values = [v for line in chart.lines for v in line.values] + ([*fan.low, *fan.high] if fan else [])
    top, ticks = _axis(max((v for v in values if v is not None), default=0.0), decimals=chart.decimals)
    last = max(len(chart.labels) - 1, 1)

    def points(series: Sequence[float | None]) -> list[list[tuple[float, float]]]:
        """The runs of neighbouring values."""
        runs: list[list[tuple[float, float]]] = [[]]
        for at, value in enumerate(series):
            if value is not None:
                runs[-1].append((at / last, value / top))
            elif runs[-1]:
                runs.append([])
        return [run for run in runs if run]

    ends = []
    for line in chart.lines:
        held = [(at, value) for at, value in enumerate(line.values) if value is not None]
        if held:
            at, value = held[-1]
            ends.append({"x": at / last, "y": value / top, "text": figure(value, decimals=chart.decimals)})
    return {
        "drawing": "lines", "ticks": ticks, "labels": _spaced([shown(label) for label in chart.labels]),
        "lines": [{"name": shown(line.name), "look": line.kind, "runs": points(line.values)} for line in chart.lines],
        "fan": {"name": shown(fan.name), "low": points(fan.low), "high": points(fan.high)} if fan else None,
        "now": None if chart.now_at is None else chart.now_at / last,
        "ends": _apart(ends),
    }


def _ranking(chart: RankingChart) -> dict[str, Any]:
    longest = chart.full or max((row.value for row in chart.rows), default=0.0) or 1.0
    return {
        "drawing": "ranking",
        "rows": [
            {
                "name": shown(row.name), "at": min(row.value / longest, 1.0), "tone": row.tone,
                "text": figure(row.value, decimals=chart.decimals), "note": shown(row.note),
            }
            for row in chart.rows
        ],
    }


def _spans(chart: SpanChart) -> dict[str, Any]:
    whole = max(len(chart.labels), 1)
    return {
        "drawing": "spans", "labels": _spaced([shown(label) for label in chart.labels]),
        "rows": [
            {
                "name": shown(row.name), "from": row.start / whole, "to": row.end / whole, "tone": row.tone,
                "note": shown(row.note),
            }
            for row in chart.rows
        ],
    }


def _label_at(chart: SpanChart, place: float) -> str:
    """The step of the axis in which a place lies."""
    return chart.labels[min(int(place), len(chart.labels) - 1)] if chart.labels else ""


def _spaced(labels: Sequence[str]) -> list[str]:
    """The labels of which every so many are left out, so that none touches the next."""
    widest = max(map(set_width, labels), default=0.0) + 1.0
    every = max(1, math.ceil(widest * len(labels) / _LABELS_WIDTH))
    return [label if at % every == 0 else "" for at, label in enumerate(labels)]


def _apart(ends: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The values written at the lines' ends, moved apart where they would lie on one another."""
    places: list[dict[str, Any]] = []
    for end in sorted(ends, key=lambda it: (it["y"], it["x"])):
        near = [it["place"] for it in places if abs(it["x"] - end["x"]) < 0.1]
        places.append({**end, "place": max([end["y"], *(place + _LABEL_GAP for place in near)])})
    return places
