"""An Excel annex: one sheet a table, with totals and shares as formulas that recalculate, and a sheet about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from zhengtu.press.spreadsheet import CellFormats, CellValue, safe_sheet_name, set_page, write_cell, write_particulars

_HEAD_ROW: Final = 2
_FIRST_ROW: Final = 3
_CHARACTERS: Final = {"text": 18, "date": 13, "integer": 12, "decimal": 14, "share": 11, "points": 14}


@dataclass(frozen=True, slots=True)
class AnnexColumn:
    """A column.

    Attributes:
        kind: ``text``, ``integer``, ``decimal``, ``share``, ``points`` or ``date``.
        is_summed: whether the total row sums it.
        of: indexes of the columns that a share divides, numerator first; its cells are then formulas.
        width: in characters; 0 takes that of the kind.
    """

    heading: str
    kind: str = "text"
    is_summed: bool = False
    of: tuple[int, int] | None = None
    width: int = 0


@dataclass(frozen=True, slots=True)
class AnnexSheet:
    """A sheet: its name, a line over the table, columns, rows, and the word of the total row, or empty.

    Shares are given as fractions (0 to 1), points as numbers of percentage points.
    """

    name: str
    caption: str
    columns: Sequence[AnnexColumn]
    rows: Sequence[Sequence[CellValue]]
    total: str = ""


def annex_workbook(
    sheets: Sequence[AnnexSheet], *, particulars_name: str, particulars: Sequence[tuple[str, str]], created: datetime
) -> bytes:
    """The workbook as a file; the same values give the same bytes.

    Args:
        created: naive local time kept in the file's properties.
    """
    target = BytesIO()
    workbook = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    workbook.set_properties({"created": created})
    formats = CellFormats(workbook)
    write_particulars(workbook.add_worksheet(safe_sheet_name(particulars_name)), particulars, formats)
    for sheet in sheets:
        _write_sheet(workbook.add_worksheet(safe_sheet_name(sheet.name)), sheet, formats)
    workbook.close()
    return target.getvalue()


def _write_sheet(page: Any, sheet: AnnexSheet, formats: CellFormats) -> None:
    widths = [column.width or _CHARACTERS[column.kind] for column in sheet.columns]
    set_page(page, width=sum(widths))
    page.repeat_rows(_HEAD_ROW)
    page.write_string(0, 0, sheet.caption, formats.caption)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, widths[index])
        page.write_string(_HEAD_ROW, index, column.heading, formats.heading)
    page.freeze_panes(_FIRST_ROW, 0)
    for number, values in enumerate(sheet.rows):
        row = _FIRST_ROW + number
        for index, (column, value) in enumerate(zip(sheet.columns, values, strict=True)):
            if column.of is not None:
                _write_share(page, row, index, column, values, formats)
            else:
                write_cell(page, row, index, value, formats, column.kind)
    if sheet.total and sheet.rows:
        _write_total(page, sheet, formats)


def _write_share(
    page: Any, row: int, index: int, column: AnnexColumn, values: Sequence[CellValue], formats: CellFormats,
    *, is_total: bool = False,
) -> None:
    if column.of is None:
        return
    part, whole = (xl_rowcol_to_cell(row, at) for at in column.of)
    top, bottom = (_number(values[at]) for at in column.of)
    page.write_formula(
        row, index, f'=IF({whole}=0,"",{part}/{whole})', formats.totals["share"] if is_total else
        formats.of_kind["share"], top / bottom if bottom else "",
    )


def _write_total(page: Any, sheet: AnnexSheet, formats: CellFormats) -> None:
    row, last = _FIRST_ROW + len(sheet.rows), _FIRST_ROW + len(sheet.rows)
    sums: list[CellValue] = []
    for index, column in enumerate(sheet.columns):
        total = sum((Decimal(str(_number(values[index]))) for values in sheet.rows), Decimal(0))
        sums.append(float(total) if column.is_summed else None)
    is_named = False
    for index, column in enumerate(sheet.columns):
        letter = xl_col_to_name(index)
        if column.is_summed:
            page.write_formula(
                row, index, f"=SUM({letter}{_FIRST_ROW + 1}:{letter}{last})", formats.totals[column.kind], sums[index]
            )
        elif column.of is not None:
            _write_share(page, row, index, column, sums, formats, is_total=True)
        elif column.kind == "text" and not is_named:
            page.write_string(row, index, sheet.total, formats.totals["text"])
            is_named = True
        else:
            page.write_blank(row, index, None, formats.totals["text"])


def _number(value: CellValue) -> float:
    if isinstance(value, bool | date) or not isinstance(value, int | float | Decimal):
        return 0.0
    return float(value)
