"""Cells into values, a whole column at a time; each distinct cell is judged once.

Every reader takes a column and returns one value per row (None where the cell is empty or wrong) and
reports what it cannot take. Areas and money stay exact: texts with two decimals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

import numpy as np

from zhengtu.core.survey_sheets.field_types import FieldType, SheetField
from zhengtu.core.survey_sheets.reading import Cell

MASK: Final = "*"
_ERRORS: Final = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"})
_UNCLEAN: Final = re.compile(
    r"[\x01-\x1f\x7f-\x9f\u3000\ufeff\u200b\uff10-\uff19\uff21-\uff3a\uff41-\uff5a#]|  | \x00|\x00 |^ | $"
)
_INVISIBLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u200b]")
_HALF_WIDTH: Final = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_NUMBER: Final = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|[+-]?\.\d+", re.ASCII)
_UNIT_AFTER: Final = re.compile(r"\s*(m2|平方米|平米|元|人|口)\s*$", re.IGNORECASE)
_DATE: Final = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(\s+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?", re.ASCII
)
_COMPACT_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_PHONE: Final = re.compile(r"(\+?86-?)?1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|\d{7,8}", re.ASCII)
_PLAIN_MOBILES: Final = re.compile(r"(?:1[0-9]{10}\n)*1[0-9]{10}")
_EXACT_FIGURE: Final = 10**15
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(10_000, 80_000)
_LEAST_YEAR: Final = 1949
LARGEST_AREA_M2: Final = Decimal(10_000_000)
LARGEST_SUM_YUAN: Final = Decimal(100_000_000_000)
MOST_MEMBERS: Final = 999
_CENT: Final = Decimal("0.01")

Finding = tuple[str, dict[str, object], bool]
"""(code, parameters, whether it refuses the row)."""


@dataclass(slots=True)
class ReadColumn:
    """Values of one column, one per row, and the findings by index."""

    values: list[Any]
    findings: list[tuple[int, Finding]] = field(default_factory=list)


def as_text(cell: Cell) -> str:
    """A cell as clean text: blanks and full-width digits and letters made plain, whole figures without ``.0``."""
    if isinstance(cell, str):
        text = _INVISIBLE.sub("", cell).translate(_HALF_WIDTH)
        return " ".join(text.split())
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e17 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell)


def read_column(cells: Sequence[Cell], about: SheetField) -> ReadColumn:
    """Read a column as its field's type asks."""
    if about.type in (FieldType.TEXT, FieldType.NAME):
        return _texts(cells, about)
    if about.type is FieldType.IDENTITY:
        from zhengtu.core.survey_sheets.identity_numbers import read_identity_numbers

        return read_identity_numbers(cells)
    if about.type in (FieldType.AREA, FieldType.MONEY):
        limit = LARGEST_AREA_M2 if about.type is FieldType.AREA else LARGEST_SUM_YUAN
        return _by_distinct(cells, lambda cell: _amount(cell, limit))
    if about.type is FieldType.PHONE and _are_plain_mobiles(cells):
        return ReadColumn(list(cells))
    readers: dict[FieldType, Callable[[Cell], tuple[Any, Finding | None]]] = {
        FieldType.CODE: lambda cell: (as_code(cell) or None, _text_finding(as_code(cell), about)),
        FieldType.PHONE: _phone,
        FieldType.CHOICE: lambda cell: _choice(cell, about),
        FieldType.COUNT: _count,
        FieldType.DATE: _date,
    }
    return _by_distinct(cells, readers[about.type])


def _are_plain_mobiles(cells: Sequence[Cell]) -> bool:
    """Whether every cell is a mobile number as text, so that none needs a second look."""
    return set(map(type, cells)) == {str} and _PLAIN_MOBILES.fullmatch("\n".join(cells)) is not None


def _by_distinct(cells: Sequence[Cell], read: Callable[[Cell], tuple[Any, Finding | None]]) -> ReadColumn:
    """Read each distinct cell once and spread the answers."""
    known: dict[Cell, Any] = {"": None}
    wrong: dict[Cell, Finding] = {}
    for cell in set(cells):
        if cell == "":
            continue
        value, finding = read(cell)
        known[cell] = value
        if finding is not None:
            wrong[cell] = finding
    column = ReadColumn(list(map(known.__getitem__, cells)))
    if wrong:
        column.findings = [(index, wrong[cell]) for index, cell in enumerate(cells) if cell in wrong]
    return column


def _texts(cells: Sequence[Cell], about: SheetField) -> ReadColumn:
    """Texts; a column that is clean already is taken as it stands."""
    if set(map(type, cells)) == {str}:
        joined = "\x00".join(cells)
        if not _UNCLEAN.search(joined) and max(map(len, cells)) <= about.longest:
            return ReadColumn(list(cells) if "" not in cells else [cell or None for cell in cells])

    def read(cell: Cell) -> tuple[str | None, Finding | None]:
        text = as_text(cell)
        finding = _text_finding(text, about)
        if isinstance(cell, float) and abs(cell) >= _EXACT_FIGURE:
            finding = ("digits_lost", {}, True)
        return (text or None) if finding is None else None, finding

    return _by_distinct(cells, read)


def _text_finding(text: str, about: SheetField) -> Finding | None:
    if text in _ERRORS:
        return "error_value", {"value": text}, True
    if len(text) > about.longest:
        return "text_too_long", {"length": len(text), "limit": about.longest}, True
    return None


def as_code(cell: Cell) -> str:
    """A cell as a code: half width, capitals, no blanks."""
    return "".join(unicodedata.normalize("NFKC", as_text(cell)).split()).upper()


def _plain_figure(cell: Cell) -> str:
    text = unicodedata.normalize("NFKC", as_text(cell)).strip()
    return _UNIT_AFTER.sub("", text).strip().removeprefix("¥").strip()


def _amount(cell: Cell, limit: Decimal) -> tuple[str | None, Finding | None]:
    """An area in m² or a sum in yuan as text with two decimals."""
    if isinstance(cell, (bool, date, time, timedelta)):
        return None, ("number_wrong", {"value": as_text(cell)}, True)
    if isinstance(cell, (int, float)):
        # What Excel shows has at most 15 digits; the rest is the noise of binary fractions.
        shown = f"{cell:.15g}"
    else:
        shown = _plain_figure(cell)
        if shown in ("", "-", "—", "/"):
            return None, None
        if shown in _ERRORS:
            return None, ("error_value", {"value": shown}, True)
        if not _NUMBER.fullmatch(shown):
            return None, ("number_wrong", {"value": shown[:40]}, True)
    try:
        number = Decimal(shown.replace(",", ""))
        cents = number.quantize(_CENT, rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return None, ("number_wrong", {"value": shown[:40]}, True)
    if cents < 0:
        return None, ("number_negative", {"value": shown}, True)
    if cents > limit:
        return None, ("number_too_large", {"value": shown, "limit": f"{limit:,}"}, True)
    rounded: Finding | None = None
    if abs(number - cents) > Decimal("1e-6"):
        rounded = ("number_rounded", {"value": shown, "rounded": str(cents)}, False)
    return str(abs(cents)), rounded


def _count(cell: Cell) -> tuple[int | None, Finding | None]:
    text = _plain_figure(cell)
    if text in ("", "-", "—", "/"):
        return None, None
    if not text.isascii() or not text.isdigit() or int(text) > MOST_MEMBERS:
        return None, ("count_wrong", {"value": text[:40], "limit": MOST_MEMBERS}, True)
    return int(text), None


def _phone(cell: Cell) -> tuple[str | None, Finding | None]:
    text = as_code(cell).replace("—", "-").replace("–", "-").replace("(", "").replace(")", "-")
    if isinstance(cell, float) and abs(cell) >= _EXACT_FIGURE:
        return None, ("digits_lost", {}, True)
    if not text or text in ("-", "/", "无"):
        return None, None
    if MASK in text:
        return text, None
    if not _PHONE.fullmatch(text):
        return None, ("phone_shape", {"value": text[:3] + MASK * 4}, True)
    return text, None


def _choice(cell: Cell, about: SheetField) -> tuple[str | None, Finding | None]:
    text = as_text(cell)
    if not text:
        return None, None
    value = dict(about.choices).get(text.lower() if text.isascii() else text)
    if value is None:
        words = dict.fromkeys(stored for _, stored in about.choices)
        shown = "、".join(next(word for word, stored in about.choices if stored == value) for value in words)
        return None, ("choice_unknown", {"value": text[:40], "choices": shown}, True)
    return value, None


def _date(cell: Cell) -> tuple[date | None, Finding | None]:
    found = as_date(cell)
    text = as_text(cell)
    if found is None:
        empty = text in ("", "-", "—", "/", "无")
        return None, None if empty else ("date_wrong", {"value": text[:40]}, True)
    if found.year < _LEAST_YEAR:
        return None, ("date_unlikely", {"value": found.isoformat()}, True)
    return found, None


def as_date(cell: Cell) -> date | None:
    """A date cell, an Excel serial number, or a text such as ``2025.2.3``, ``2025年2月3日`` or ``20250203``."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, (bool, time, timedelta)):
        return None
    text = unicodedata.normalize("NFKC", as_text(cell))
    match = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if match:
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return None
    try:
        serial = int(float(text))
    except (ValueError, OverflowError):
        return None
    return _EXCEL_EPOCH + timedelta(days=serial) if serial in _SERIALS else None


def dates_as_array(values: Iterable[date | None]) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    """Dates as ``datetime64[D]``, NaT where there is none."""
    return np.array([np.datetime64("NaT") if value is None else value for value in values], dtype="datetime64[D]")
