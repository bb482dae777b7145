"""Reads progress series from a table of published figures, with what is odd in it said line by line."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Final

from zhengtu.core.forecast.series import ProgressPoint, ProgressSeries
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused

COLUMNS: Final = ("programme", "unit_area", "date", "metric", "total_required", "done", "pct", "kind")
_ACTUAL: Final = "actual"
_FALL: Final = 0.9
"""What is done falling below this share of what was done before is a new count, not a loss."""
_APART: Final = 0.02
"""How far a published share may lie from the published figures before it is pointed out."""


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    on: date
    total: float | None
    done: float | None
    share: float | None


@dataclass(frozen=True, slots=True)
class SeriesTable:
    """What was read.

    Attributes:
        series: ordered by subject; a count that begins anew is a series of its own, named with its first day.
        notes: lines left out or completed, and why.
    """

    series: tuple[ProgressSeries, ...]
    notes: tuple[Reason, ...]


def read_series(text: str) -> SeriesTable:
    """Read comma-separated text with a heading line.

    Columns: ``programme``, ``unit_area`` and ``metric`` name a series; ``date`` (ISO); ``total_required``, ``done``,
    ``pct`` (per cent) may each be empty; a ``kind`` other than ``actual`` is not a figure of progress; the other
    columns are ignored.

    Raises:
        Refused: naming the missing column, or the line and the field that cannot be read.
    """
    reader = csv.DictReader(StringIO(text))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise Refused(Reason(
            code="forecast.column_missing", message=N_("The table has no column %(column)s."),
            parameters={"column": ", ".join(missing)},
        ))
    rows: dict[str, list[_Row]] = defaultdict(list)
    notes: list[Reason] = []
    for raw in reader:
        line = reader.line_num
        named = [(raw[name] or "").strip() for name in ("programme", "unit_area", "metric")]
        subject = " · ".join(filter(None, named))
        row = _Row(
            line=line, on=_day(raw["date"], line), total=_number(raw, "total_required", line),
            done=_number(raw, "done", line), share=_number(raw, "pct", line),
        )
        if (raw["kind"] or "").strip() != _ACTUAL:
            notes.append(_note("forecast.not_actual", N_("Line %(line)s is no figure of progress: left out."), line))
        elif row.done is None and row.share is None:
            notes.append(_note("forecast.no_figure", N_("Line %(line)s gives no figure: left out."), line))
        else:
            rows[subject].append(row)
    series: list[ProgressSeries] = []
    for subject in sorted(rows):
        series.extend(_series(subject, rows[subject], notes))
    return SeriesTable(series=tuple(series), notes=tuple(notes))


def _series(subject: str, rows: list[_Row], notes: list[Reason]) -> list[ProgressSeries]:
    counts: list[list[ProgressPoint]] = [[]]
    total: float | None = None
    done: float | None = None
    for row in sorted(rows, key=lambda row: (row.on, row.line)):
        point = _point(row, total, notes)
        if point is None:
            continue
        if done is not None and row.done is not None and row.done < _FALL * done:
            counts.append([])
        if counts[-1] and counts[-1][-1].on == row.on:
            notes.append(_note(
                "forecast.same_day", N_("Line %(line)s replaces an earlier one of the same day."), row.line
            ))
            counts[-1].pop()
        counts[-1].append(point)
        total, done = point.total or total, done if row.done is None else row.done
    return [
        ProgressSeries(subject if place == 0 else f"{subject} ({points[0].on.isoformat()}–)", tuple(points))
        for place, points in enumerate(counts) if points
    ]


def _point(row: _Row, total: float | None, notes: list[Reason]) -> ProgressPoint | None:
    """The point of a row; ``total`` is the last one known before."""
    published = None if row.share is None else row.share / 100
    if row.done is not None and row.total:
        share = row.done / row.total
        if published is not None and abs(share - published) > _APART:
            notes.append(_note(
                "forecast.share_differs",
                N_("Line %(line)s: the published share differs from its figures; the figures are taken."), row.line,
            ))
        return ProgressPoint(row.on, share, row.total)
    if published is not None:
        return ProgressPoint(row.on, published, row.total or total, is_inferred=row.total is None)
    if row.done is not None and total:
        notes.append(_note(
            "forecast.total_inferred",
            N_("Line %(line)s gives no total: the last known one is taken, which may have grown since."), row.line,
        ))
        return ProgressPoint(row.on, row.done / total, total, is_inferred=True)
    notes.append(_note("forecast.no_total", N_("Line %(line)s gives no total and no share: left out."), row.line))
    return None


def _note(code: str, message: str, line: int) -> Reason:
    return Reason(code=code, message=message, parameters={"line": line})


def _day(text: str | None, line: int) -> date:
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        raise _unreadable(line, "date", text) from None


def _number(raw: dict[str, str], name: str, line: int) -> float | None:
    text = (raw[name] or "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise _unreadable(line, name, text) from None
    if not 0 <= value < float("inf"):
        raise _unreadable(line, name, text)
    return value


def _unreadable(line: int, column: str, text: str | None) -> Refused:
    return Refused(Reason(
        code="forecast.unreadable",
        message=N_("Line %(line)s: %(column)s cannot be read: %(text)s."),
        parameters={"line": line, "column": column, "text": text or "–"},
        remedy=N_("Dates are written like 2026-03-15; numbers are plain and not negative."),
    ))
