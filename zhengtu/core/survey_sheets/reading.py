"""Ledger files read into plain rows: Excel, OpenDocument and delimited text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from zhengtu.core.survey_sheets.problems import refuse_file
from zhengtu.core.survey_sheets.sheet_files import (
    DEFAULT_SHEET_LIMITS,
    SheetLimits,
    UploadKind,
    check_workbook_archive,
)

Cell = Any
"""str, int, float, bool, date, datetime, time or timedelta; empty cells are empty texts."""

_DELIMITERS: Final = (",", "\t", ";", "|")
_SNIFFED_LINES: Final = 30
_FIRST_ROWS: Final = 30


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it stands, from its first row and column on; every row is equally long.

    ``siblings`` are the names of all sheets of its file, ``merged`` the ranges of merged cells (first and last corner).
    """

    file: str
    name: str
    rows: list[list[Cell]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    siblings: tuple[str, ...] = ("",)


def read_sheet(
    *,
    path: Path,
    kind: UploadKind,
    file: str,
    sheet: str = "",
    prefer: Callable[[Sequence[Sequence[Cell]]], int] = len,
    limits: SheetLimits = DEFAULT_SHEET_LIMITS,
) -> Sheet:
    """Read one sheet.

    Args:
        path: where the file lies.
        kind: what it is.
        file: what its user calls it.
        sheet: name of the sheet; empty for the one that ``prefer`` gives most, the first of equals.
        prefer: told the first rows of a sheet, how well it suits.
        limits: sizes accepted.

    Raises:
        Refused: when the file is damaged, protected, a bomb, or has no such sheet.
    """
    if kind is UploadKind.CSV:
        return Sheet(file, "", _text_rows(path, limits))
    book = _opened(path, kind, limits)
    names = book.sheet_names
    if sheet and sheet not in names:
        refuse_file("sheet_unknown", asked=sheet, sheets="、".join(names))
    try:
        chosen = [book.get_sheet_by_name(name) for name in ([sheet] if sheet else names)]
    except (CalamineError, ValueError) as error:
        refuse_file("file_damaged", detail=str(error)[:200])
    suited = chosen if len(chosen) == 1 else [one for one in chosen if one.start is not None]
    best = suited[0] if len(suited) == 1 else max(
        suited, key=lambda one: prefer(one.to_python(False, _FIRST_ROWS)), default=None
    )
    if best is None or best.start is None:
        refuse_file("sheet_empty")
    if best.total_height > limits.rows:
        refuse_file("sheet_too_long", last=best.total_height, limit=limits.rows)
    rows = best.to_python(skip_empty_area=False)
    return Sheet(file, best.name, rows, tuple(best.merged_cell_ranges or ()), tuple(names))


def _opened(path: Path, kind: UploadKind, limits: SheetLimits) -> CalamineWorkbook:
    if kind is not UploadKind.OLD_EXCEL:
        check_workbook_archive(path=path, limits=limits)
    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError:
        refuse_file("file_protected")
    except (CalamineError, OSError, ValueError) as error:
        refuse_file("file_damaged", detail=str(error)[:200])


def decoded_text(data: bytes) -> str:
    """The text of a delimited file: UTF-8 with or without mark, UTF-16 with mark, GB18030.

    Raises:
        Refused: when it is none of these.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    refuse_file("text_undecodable")


def _text_rows(path: Path, limits: SheetLimits) -> list[list[Cell]]:
    text = decoded_text(path.read_bytes())
    csv.field_size_limit(1_000_000)
    try:
        rows: list[list[Cell]] = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text)))
    except csv.Error as error:
        refuse_file("file_damaged", detail=str(error))
    width = max(map(len, rows), default=0)
    if width > limits.columns:
        refuse_file("sheet_too_wide", column=width, limit=limits.columns)
    if len(rows) > limits.rows:
        refuse_file("sheet_too_long", last=len(rows), limit=limits.rows)
    if width == 0:
        refuse_file("sheet_empty")
    for row in rows:
        if len(row) < width:
            row.extend([""] * (width - len(row)))
    return rows


def delimiter_of(text: str) -> str:
    """The delimiter that divides the first lines into most and equally many fields."""
    lines = [line for line in text.splitlines()[:_SNIFFED_LINES] if line.strip()]

    def quality(delimiter: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        commonest = max(counts, key=counts.count, default=1)
        return (counts.count(commonest) if commonest > 1 else 0, commonest)

    return max(_DELIMITERS, key=quality)


def filled_merges(sheet: Sheet) -> None:
    """Write the value of each merged range into all its cells, in place."""
    height = len(sheet.rows)
    width = len(sheet.rows[0]) if height else 0
    for (top, left), (bottom, right) in sheet.merged:
        if top >= height or left >= width:
            continue
        value = sheet.rows[top][left]
        if value == "":
            continue
        for row in sheet.rows[top : bottom + 1]:
            for column in range(left, min(right + 1, width)):
                row[column] = value
