"""The ledger template, empty or filled with what is registered: what goes out in it can come back in."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext

from zhengtu.core.survey_sheets.field_types import FieldType, SheetField
from zhengtu.core.survey_sheets.fields import FIELDS
from zhengtu.registry.survey_import.marking import write_cell

SHEET, NOTES_SHEET = "台账", "填写说明"
_ROWS_WITH_RULES = 20_000
_WIDTHS = {
    FieldType.TEXT: 14,
    FieldType.CODE: 26,
    FieldType.NAME: 14,
    FieldType.IDENTITY: 22,
    FieldType.PHONE: 15,
    FieldType.CHOICE: 10,
    FieldType.COUNT: 9,
    FieldType.AREA: 14,
    FieldType.MONEY: 16,
    FieldType.DATE: 13,
}
_FORMATS = {
    FieldType.COUNT: "0",
    FieldType.AREA: "0.00",
    FieldType.MONEY: "#,##0.00",
    FieldType.DATE: "yyyy-mm-dd",
}
Row = Mapping[str, Any]
"""Field id -> value."""


def ledger_workbook(rows: Iterable[Row] = (), *, fields: Sequence[SheetField] = FIELDS) -> bytes:
    """The template as an Excel workbook, with these rows; every text stays a text."""
    buffer = io.BytesIO()
    options = {"in_memory": False, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        page = book.add_worksheet(SHEET)
        _write_headings(book, page, fields)
        formats = {about.id: book.add_format({"num_format": _FORMATS.get(about.type, "@")}) for about in fields}
        for column, about in enumerate(fields):
            page.set_column(column, column, _WIDTHS[about.type], formats[about.id])
        _add_rules(page, fields)
        for index, row in enumerate(rows, start=1):
            for column, about in enumerate(fields):
                value = row.get(about.id)
                if value not in (None, ""):
                    write_cell(page, index, column, _cell(value), formats[about.id])
        _write_notes(book, fields)
    return buffer.getvalue()


def _cell(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _write_headings(book: Any, page: Any, fields: Sequence[SheetField]) -> None:
    """One heading row; what is needed is darker, what a step of history needs is lighter."""
    base = {"bold": True, "border": 1, "border_color": "#B9C1CB", "text_wrap": True, "valign": "vcenter"}
    needed = book.add_format(base | {"bg_color": "#123F7C", "font_color": "#FFFFFF"})
    household = book.add_format(base | {"bg_color": "#D5E1F2"})
    history = book.add_format(base | {"bg_color": "#EEF0F3"})
    page.set_row(0, 32)
    page.freeze_panes(1, 0)
    for column, about in enumerate(fields):
        style = needed if about.id == "name" else history if about.fact else household
        page.write_string(0, column, about.full_heading, style)
        if about.note:
            page.write_comment(0, column, gettext(about.note), {"x_scale": 2})


def _add_rules(page: Any, fields: Sequence[SheetField]) -> None:
    """What Excel itself checks while somebody types."""
    for column, about in enumerate(fields):
        cells = (1, column, _ROWS_WITH_RULES, column)
        if about.type is FieldType.CHOICE:
            page.data_validation(*cells, {"validate": "list", "source": _words(about)})
        elif about.type is FieldType.DATE:
            rule = {
                "validate": "date",
                "criteria": "between",
                "minimum": date(1949, 10, 1),
                "maximum": date(2100, 1, 1),
            }
            page.data_validation(*cells, rule)
        elif about.type in (FieldType.AREA, FieldType.MONEY):
            page.data_validation(*cells, {"validate": "decimal", "criteria": ">=", "value": 0})
        elif about.type is FieldType.COUNT:
            rule = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 999}
            page.data_validation(*cells, rule)
        elif about.type is FieldType.IDENTITY:
            # Masked numbers of an export are shorter to type nowhere: both have 18 characters.
            page.data_validation(*cells, {"validate": "length", "criteria": "==", "value": 18, "error_type": "warning"})


def _words(about: SheetField) -> list[str]:
    """The template's word for each choice."""
    words: dict[str, str] = {}
    for word, stored in about.choices:
        words.setdefault(stored, word)
    return list(words.values())


def _write_notes(book: Any, fields: Sequence[SheetField]) -> None:
    """The second sheet: what goes into each column."""
    page = book.add_worksheet(NOTES_SHEET)
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 24)
    page.set_column(2, 2, 70)
    for column, text in enumerate((gettext("Column"), gettext("Meaning"), gettext("How to fill it"))):
        page.write_string(0, column, text, bold)
    for index, about in enumerate(fields, start=1):
        page.write_string(index, 0, about.full_heading)
        page.write_string(index, 1, gettext(about.label))
        page.write_string(index, 2, gettext(about.note) if about.note else _type_note(about), wrapped)
    last = gettext(
        "Dated steps are for history from before the campaign; later steps are recorded in the dossier with evidence."
    )
    page.write_string(len(fields) + 2, 0, last)


def _type_note(about: SheetField) -> str:
    notes = {
        FieldType.DATE: gettext("A date such as 2025-02-03."),
        FieldType.AREA: gettext("Square metres, two decimals."),
        FieldType.MONEY: gettext("Yuan, two decimals."),
        FieldType.COUNT: gettext("A whole number."),
    }
    return notes.get(about.type, "")
