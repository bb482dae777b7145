"""Excel workbooks from plain rows, written row by row so that their length costs no memory.

A text is always a text: one that Excel could take for a formula carries the quote-prefix flag, so that
editing it again or saving it as CSV by way of Excel does not turn it into one. Dates and numbers are typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Final

import xlsxwriter

CellValue = str | int | float | Decimal | date | datetime | bool | None

ROWS_LIMIT: Final = 1_048_575
"""Rows of an Excel sheet below its header."""
_TEXT_LIMIT: Final = 32_767
_A3: Final = 8
_A4: Final = 9
_WIDEST_ON_A4: Final = 160
"""Excel's numbers of paper sizes, and the widths of columns, in characters, that stay legible across A4."""
_EXACT_DIGITS: Final = 15
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER_FORMATS: Final = {
    "integer": "#,##0",
    "decimal": "#,##0.00",
    "money": "#,##0.00",
    "area": "#,##0.00",
    "share": "0.0%",
    "points": "+0.0;-0.0;0.0",
    "date": "yyyy-mm-dd",
    "instant": "yyyy-mm-dd hh:mm",
    "text": "@",
}


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a sheet.

    Attributes:
        heading: the header cell, with the unit where there is one.
        kind: ``text``, ``integer``, ``decimal``, ``money``, ``area``, ``share``, ``date`` or ``instant``;
            instants are naive local times.
        width: in characters.
    """

    heading: str
    kind: str = "text"
    width: int = 14


def write_workbook(
    target: IO[bytes],
    *,
    sheet_name: str,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[CellValue]],
    particulars_name: str,
    particulars: Sequence[tuple[str, str]],
    created: datetime,
) -> int:
    """Write one sheet of rows and one of particulars (as of when, by whom, from what).

    Args:
        rows: one value per column; values of another type than the column's are written as what they are.
        created: naive local time kept in the file's properties.

    Returns:
        How many rows were written.

    Raises:
        ValueError: when there are more rows than an Excel sheet holds; the target is then of no use.
    """
    workbook = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    workbook.set_properties({"created": created})
    formats = CellFormats(workbook)
    sheet = workbook.add_worksheet(safe_sheet_name(sheet_name))
    set_page(sheet, width=sum(column.width for column in columns))
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, column.heading, formats.heading)
    sheet.freeze_panes(1, 0)
    written = 0
    try:
        for written, values in enumerate(rows, start=1):
            if written > ROWS_LIMIT:
                raise ValueError(f"an Excel sheet holds {ROWS_LIMIT} rows")
            for index, (column, value) in enumerate(zip(columns, values, strict=True)):
                write_cell(sheet, written, index, value, formats, column.kind)
        if columns:
            sheet.autofilter(0, 0, max(written, 1), len(columns) - 1)
        write_particulars(workbook.add_worksheet(safe_sheet_name(particulars_name)), particulars, formats)
    finally:
        workbook.close()
    return written


def set_page(sheet: Any, *, width: float) -> None:
    """Print on whole sheets: one page wide, as many as it needs tall, the heading row on each, numbered."""
    sheet.set_paper(_A3 if width > _WIDEST_ON_A4 else _A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&R&P / &N")


class CellFormats:
    """Cell formats, each made once per workbook."""

    def __init__(self, workbook: Any) -> None:
        self.heading = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.text = workbook.add_format({"num_format": "@"})
        self.quoted = workbook.add_format({"num_format": "@", "quote_prefix": True})
        self.caption = workbook.add_format({"bold": True, "font_size": 13})
        self.of_kind = {
            kind: workbook.add_format({"num_format": code}) for kind, code in _NUMBER_FORMATS.items()
        }
        self.totals = {
            kind: workbook.add_format({"num_format": code, "bold": True, "top": 1})
            for kind, code in _NUMBER_FORMATS.items()
        }


def write_cell(sheet: Any, row: int, column: int, value: CellValue, formats: CellFormats, kind: str) -> None:
    """Write one value as what it is; a text that Excel could take for a formula stays a text."""
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), formats.of_kind["instant"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats.of_kind["date"])
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool) and _is_exact(value):
        format_kind = kind if kind not in ("text", "date", "instant") else _plain_kind(value)
        sheet.write_number(row, column, float(value), formats.of_kind[format_kind])
    else:
        _write_text(sheet, row, column, str(value), formats)


def _write_text(sheet: Any, row: int, column: int, text: str, formats: CellFormats) -> None:
    if len(text) > _TEXT_LIMIT:
        text = f"{text[: _TEXT_LIMIT - 1]}…"
    is_risky = text.lstrip(" ").startswith(_FORMULA_STARTS)
    sheet.write_string(row, column, text, formats.quoted if is_risky else formats.text)


def _is_exact(value: int | float | Decimal) -> bool:
    """Whether Excel's numbers hold the value to its last digit; a longer number is written as a text."""
    number = Decimal(str(value))
    return number.is_finite() and len(number.normalize().as_tuple().digits) <= _EXACT_DIGITS


def _plain_kind(value: int | float | Decimal) -> str:
    return "integer" if value == int(value) else "decimal"


def write_particulars(sheet: Any, particulars: Sequence[tuple[str, str]], formats: CellFormats) -> None:
    """Write names and values side by side: as of when, by whom, from what."""
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 80)
    for row, (name, value) in enumerate(particulars):
        sheet.write_string(row, 0, name, formats.heading)
        _write_text(sheet, row, 1, value, formats)


def safe_sheet_name(name: str) -> str:
    """A name that Excel takes: at most 31 characters, none of ``[]:*?/\\``, no quote at either end."""
    return "".join(" " if character in "[]:*?/\\" else character for character in name).strip("' ")[:31]
