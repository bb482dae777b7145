"""The backward schedule for the wall: vector pages of A0, A1 or A3 with bars, deadlines, legend, date and source.

Bars are drawn as an SVG in hundredths of a millimetre and set by typst together with the text, in an embedded Chinese
font, so that a machine without any fonts prints the same sheet. What does not fit on one page goes on the next.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import typst

PAPERS: Final = {"A0": (1189.0, 841.0), "A1": (841.0, 594.0), "A3": (420.0, 297.0)}
"""Landscape width and height in mm."""
LEAST_ROW_MM: Final = {"A0": 7.0, "A1": 5.4, "A3": 3.6}
"""The lowest row on which text can still be read from where such a sheet hangs or lies."""
_MOST_ROW_UNITS: Final = 6.5
_BASE_WIDTH: Final = 420.0
_MARGIN, _HEAD, _AXIS, _FOOT = 8.0, 25.0, 11.0, 15.0
_COLUMNS: Final = (64.0, 27.0, 17.0, 17.0, 13.0)
"""Widths of name, unit, latest start, latest end and float on an A3 sheet, in mm."""
_DAY: Final = timedelta(days=1)
_TEMPLATE: Final = Path(__file__).with_name("schedule_sheet.typ")
Span = tuple[date, date]

COLOURS: Final = {
    "ink": "#1a2029", "quiet": "#66707f", "line": "#dfe3e8", "strong": "#b9c1cb", "accent": "#123f7c",
    "soft": "#e7eef8", "work": "#b9cdea", "running": "#466b96", "late": "#c0261b", "rest": "#eef0f3",
    "frozen": "#e4eef6", "group": "#f3f5f8", "planned": "#8d97a4",
}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row: a group's heading, or a bar.

    Attributes:
        cells: name, unit, latest start, latest end, float as text; of a group the name alone counts.
        kind: ``group``, ``step``, ``period``, ``work``, ``handover`` or ``track``.
        depth: how far the name is indented.
        early, late, actual, baseline: first and last day of what is drawn; None for nothing.
        is_late: whether its latest days are gone.
        mark: a light's shape before a group's name.
        mark_colour: its colour.
    """

    cells: tuple[str, ...]
    kind: str
    depth: int = 0
    early: Span | None = None
    late: Span | None = None
    actual: Span | None = None
    baseline: Span | None = None
    is_critical: bool = False
    is_late: bool = False
    mark: str = ""
    mark_colour: str = ""


@dataclass(frozen=True, slots=True)
class SheetTarget:
    """A deadline, drawn as a line at the end of its day."""

    on: date
    label: str
    is_missed: bool = False


@dataclass(frozen=True, slots=True)
class ScheduleSheet:
    """Everything on the sheet, in the reader's language; figures are text already.

    Attributes:
        paper: a key of ``PAPERS``.
        lines: lines under the title: whose view, what is shown.
        date_lines: the date in large, then what it means.
        columns: heads of the five columns.
        rows: from top to bottom.
        start_on, end_on: first and last day of the chart.
        rest, frozen: runs of days that are shaded.
        legend: (look, label), the look a kind of ``SheetRow`` or ``actual``, ``critical``, ``late``, ``baseline``,
            ``frozen``, ``today``.
        sources: source notes in small type.
        page_word: “Sheet %(page)s of %(pages)s” in the reader's language.
        month_word: “%(year)s-%(month)s” in the reader's language.
    """

    paper: str
    title: str
    lines: tuple[str, ...]
    date_lines: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Sequence[SheetRow]
    start_on: date
    end_on: date
    today: date
    targets: Sequence[SheetTarget]
    rest: Sequence[Span]
    frozen: Sequence[Span]
    legend: Sequence[tuple[str, str]]
    sources: tuple[str, ...]
    page_word: str
    month_word: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the chart lies: ``unit`` is mm per mm of an A3 sheet, the rest in mm from the page's corner."""

    unit: float
    left: float
    top: float
    width: float
    row: float
    rows_per_page: int
    start_on: date
    days: int

    def x(self, day: date) -> float:
        """The distance of a day's beginning from the chart's left edge, in mm."""
        return (day - self.start_on).days / self.days * self.width


def schedule_sheet_pdf(sheet: ScheduleSheet, *, fonts: Path) -> bytes:
    """Print a sheet on as many pages as its rows need.

    Args:
        fonts: a folder in which typst finds the font “Noto Sans SC” in regular and bold.

    Raises:
        KeyError: for an unknown paper.
        typst.TypstError: when the page cannot be set, for want of the font above all.
    """
    frame = frame_of(sheet)
    with tempfile.TemporaryDirectory(prefix="schedule-sheet-") as name:
        folder = Path(name)
        pages = [sheet.rows[at : at + frame.rows_per_page] for at in range(0, len(sheet.rows), frame.rows_per_page)]
        for number, rows in enumerate(pages or [[]]):
            (folder / f"chart-{number}.svg").write_text(chart_svg(sheet, rows, frame), encoding="utf-8")
        document = _document(sheet, pages or [[]], frame)
        (folder / "sheet.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        (folder / "sheet.typ").write_text(_TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
        pdf = typst.compile(folder / "sheet.typ", font_paths=[fonts], ignore_system_fonts=True)
    assert isinstance(pdf, bytes)
    return pdf


def frame_of(sheet: ScheduleSheet) -> Frame:
    """The chart's frame; rows are as high as fits them all on one page, within what can be read."""
    width, height = PAPERS[sheet.paper]
    unit = width / _BASE_WIDTH
    left = (_MARGIN + sum(_COLUMNS)) * unit
    top = (_MARGIN + _HEAD + _AXIS) * unit
    room = height - top - (_FOOT + _MARGIN) * unit
    row = min(_MOST_ROW_UNITS * unit, max(LEAST_ROW_MM[sheet.paper], room / max(1, len(sheet.rows))))
    return Frame(
        unit=unit, left=left, top=top, width=width - left - _MARGIN * unit, row=row,
        rows_per_page=max(1, int(room / row + 1e-9)), start_on=sheet.start_on,
        days=(sheet.end_on - sheet.start_on).days + 1,
    )


def chart_svg(sheet: ScheduleSheet, rows: Sequence[SheetRow], frame: Frame) -> str:
    """The bars of one page as an SVG whose unit is a hundredth of a millimetre."""
    height = frame.row * len(rows)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {_hundredths(frame.width)} {max(1, _hundredths(height))}">',
        f'<defs><pattern id="h" width="{_hundredths(1.1 * frame.unit)}" height="{_hundredths(1.1 * frame.unit)}" '
        'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="{_hundredths(0.35 * frame.unit)}" height="{_hundredths(1.1 * frame.unit)}" '
        f'fill="{COLOURS["running"]}"/></pattern></defs>',
    ]
    parts += [_box(frame, span, 0, height, COLOURS["frozen"]) for span in sheet.frozen]
    if frame.width / frame.days >= 0.5:
        parts += [_box(frame, span, 0, height, COLOURS["rest"]) for span in sheet.rest]
    for place, row in enumerate(rows):
        top = place * frame.row
        if row.kind == "group":
            parts.append(_rect(0, top, frame.width, frame.row, COLOURS["group"]))
        parts.append(_rect(0, top + frame.row - 0.1, frame.width, 0.1, COLOURS["line"]))
        parts += _row_marks(row, frame, top)
    for target in sheet.targets:
        colour = COLOURS["late" if target.is_missed else "ink"]
        parts.append(_vertical(frame, target.on + _DAY, height, colour, 0.25 * frame.unit, dash=1.6 * frame.unit))
    parts.append(_vertical(frame, sheet.today, height, COLOURS["accent"], 0.5 * frame.unit))
    parts.append("</svg>")
    return "".join(part for part in parts if part)


def _row_marks(row: SheetRow, frame: Frame, top: float) -> Iterator[str]:
    """The bar of a row with its latest days above and its baseline below."""
    bar_top, bar_height = top + 0.3 * frame.row, 0.42 * frame.row
    if row.kind == "group":
        if row.early:
            yield _box(frame, row.early, top + 0.4 * frame.row, 0.18 * frame.row, COLOURS["quiet"])
        return
    if row.late and row.actual != row.early:
        yield _bracket(frame, row.late, top + 0.1 * frame.row, 0.22 * frame.row,
                       COLOURS["late" if row.is_late else "quiet"])
    if row.kind == "handover" and row.early:
        yield _diamond(frame, row.actual[1] if row.actual else row.early[1], top + frame.row / 2,
                       0.34 * frame.row, is_done=row.actual is not None, is_late=row.is_late)
    elif row.early and row.actual != row.early:
        yield _box(frame, row.early, bar_top, bar_height, *_LOOKS[row.kind], is_critical=row.is_critical)
    if row.actual and row.kind != "handover":
        yield _box(frame, row.actual, bar_top, bar_height, COLOURS["running" if row.kind == "period" else "accent"])
    if row.baseline:
        yield _box(frame, row.baseline, top + 0.78 * frame.row, 0.1 * frame.row, COLOURS["planned"])


_LOOKS: Final = {
    "step": (COLOURS["soft"], COLOURS["accent"]), "work": (COLOURS["work"], COLOURS["accent"]),
    "period": ("url(#h)", COLOURS["running"]), "track": ("none", COLOURS["quiet"]),
}


def _hundredths(mm: float) -> int:
    return round(mm * 100)


def _rect(x: float, y: float, width: float, height: float, fill: str, more: str = "") -> str:
    x, y, width, height = (_hundredths(side) for side in (x, y, width, height))
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"{more}/>'


def _box(
    frame: Frame, span: Span, top: float, height: float, fill: str, stroke: str = "", *, is_critical: bool = False
) -> str:
    """A rectangle over days, cut at the chart's edges; nothing where none of it lies within."""
    left, right = max(0.0, frame.x(span[0])), min(frame.width, frame.x(span[1] + _DAY))
    if right <= left:
        return ""
    more = ""
    if stroke:
        width = _hundredths((0.5 if is_critical else 0.2) * frame.unit)
        more = f' stroke="{COLOURS["ink"] if is_critical else stroke}" stroke-width="{width}"'
        if fill == "none":
            more += f' stroke-dasharray="{_hundredths(0.9 * frame.unit)} {_hundredths(0.6 * frame.unit)}"'
    return _rect(left, top, max(right - left, 0.3 * frame.unit), height, fill, more)


def _vertical(frame: Frame, day: date, height: float, colour: str, width: float, *, dash: float = 0) -> str:
    x = frame.x(day)
    if not 0 <= x <= frame.width:
        return ""
    dashes = f' stroke-dasharray="{_hundredths(dash)} {_hundredths(dash * 0.7)}"' if dash else ""
    return (
        f'<path d="M{_hundredths(x)} 0V{_hundredths(height)}" stroke="{colour}" '
        f'stroke-width="{_hundredths(width)}"{dashes}/>'
    )


def _bracket(frame: Frame, span: Span, top: float, drop: float, colour: str) -> str:
    left, right = max(0.0, frame.x(span[0])), min(frame.width, frame.x(span[1] + _DAY))
    if right <= left:
        return ""
    left, right, top, bottom = (_hundredths(side) for side in (left, right, top, top + drop))
    return (
        f'<path d="M{left} {bottom}V{top}H{right}V{bottom}" fill="none" stroke="{colour}" '
        f'stroke-width="{_hundredths(0.3 * frame.unit)}"/>'
    )


def _diamond(frame: Frame, day: date, middle: float, half: float, *, is_done: bool, is_late: bool) -> str:
    x = frame.x(day) + frame.width / frame.days / 2
    if not 0 <= x <= frame.width:
        return ""
    colour = COLOURS["late" if is_late else "accent"]
    points = ((x, middle - half), (x + half, middle), (x, middle + half), (x - half, middle))
    shape = " ".join(f"{_hundredths(across)},{_hundredths(down)}" for across, down in points)
    return (
        f'<polygon points="{shape}" fill="{COLOURS["accent"] if is_done else "#ffffff"}" stroke="{colour}" '
        f'stroke-width="{_hundredths(0.4 * frame.unit)}"/>'
    )


def _months(sheet: ScheduleSheet, frame: Frame) -> list[dict[str, Any]]:
    """Where each month begins and how much room it has, in mm."""
    found = []
    day = sheet.start_on.replace(day=1)
    while day <= sheet.end_on:
        following = (day + 31 * _DAY).replace(day=1)
        left, right = max(0.0, frame.x(day)), min(frame.width, frame.x(following))
        text = sheet.month_word % {"year": day.year, "month": f"{day.month:02d}"}
        found.append({"x": round(left, 2), "width": round(right - left, 2), "text": text})
        day = following
    return found


def _weeks(sheet: ScheduleSheet, frame: Frame) -> list[dict[str, Any]]:
    """Mondays with their day of the month, as many as their figures leave room for."""
    per_week = frame.width / frame.days * 7
    step = max(1, -(-int(5 * frame.unit) // max(1, int(per_week))))
    monday = sheet.start_on - sheet.start_on.weekday() * _DAY + 7 * _DAY
    mondays = []
    while monday <= sheet.end_on:
        mondays.append({"x": round(frame.x(monday), 2), "text": str(monday.day)})
        monday += 7 * _DAY
    return mondays[::step]


def _target_labels(sheet: ScheduleSheet, frame: Frame) -> list[dict[str, Any]]:
    """Names of the deadlines left of their lines, on the first of two levels with room; others are left out."""
    placed = []
    taken = [0.0, 0.0]
    for target in sorted(sheet.targets, key=lambda one: one.on):
        x = frame.x(target.on + _DAY)
        text = f"{target.on.month}-{target.on.day} {target.label}"
        width = sum(1.0 if ord(letter) > 0x2E7F else 0.56 for letter in text) * 2.5 * frame.unit + 3 * frame.unit
        level = next((level for level in (0, 1) if x - width >= taken[level] - 0.01), None)
        if level is None or not 0 <= x <= frame.width:
            continue
        taken[level] = x
        placed.append({"x": round(x, 2), "level": level, "text": text, "missed": target.is_missed})
    return placed


def _document(sheet: ScheduleSheet, pages: Sequence[Sequence[SheetRow]], frame: Frame) -> dict[str, Any]:
    """What the template reads."""
    width, height = PAPERS[sheet.paper]
    return {
        "width": width, "height": height, "unit": frame.unit, "row": frame.row, "left": frame.left, "top": frame.top,
        "chart_width": frame.width, "columns": list(sheet.columns),
        "widths": [side * frame.unit for side in _COLUMNS], "title": sheet.title, "lines": list(sheet.lines),
        "date_lines": list(sheet.date_lines), "sources": list(sheet.sources), "colours": COLOURS,
        "months": _months(sheet, frame), "weeks": _weeks(sheet, frame), "targets": _target_labels(sheet, frame),
        "today": round(frame.x(sheet.today), 2), "legend": [list(pair) for pair in sheet.legend],
        "pages": [
            {
                "chart": f"chart-{number}.svg", "height": round(frame.row * len(rows), 2),
                "word": sheet.page_word % {"page": number + 1, "pages": len(pages)},
                "rows": [
                    {"cells": list(row.cells), "group": row.kind == "group", "depth": row.depth, "late": row.is_late,
                     "mark": row.mark, "mark_colour": row.mark_colour or COLOURS["quiet"]}
                    for row in rows
                ],
            }
            for number, rows in enumerate(pages)
        ],
    }
