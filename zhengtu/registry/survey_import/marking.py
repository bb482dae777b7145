"""The user's own sheet again, with every doubtful cell coloured and its reason in a comment."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext, override

from zhengtu.core.survey_sheets.problems import SheetProblem, reason_of
from zhengtu.ledger.reason_text import spoken_reason
from zhengtu.registry.survey_import.intake import upload_storage

if TYPE_CHECKING:
    from zhengtu.registry.survey_import.examination import Examination

REFUSED_COLOUR, WARNED_COLOUR = "#F6C6C0", "#FBE8B0"
_MOST_COMMENTS = 20_000
_WORKBOOK = {"in_memory": False, "strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
Cells = Mapping[tuple[int, int], list[SheetProblem]]


def write_marked_copy(found: Examination, *, sha256: str, language: str) -> None:
    """Keep a marked copy of a ledger among the uploads, its comments in that language."""
    storage = upload_storage()
    if storage.exists(sha256):
        storage.delete(sha256)
    with override(language or settings.LANGUAGE_CODE):
        storage.save(sha256, ContentFile(marked_copy(found)))


def marked_copy(found: Examination) -> bytes:
    """The sheet as an Excel workbook with marked cells; texts stay texts, also those that look like formulas.

    What concerns a whole row is marked in its first mapped cell.
    """
    assert found.sheet is not None
    assert found.heading is not None
    assert found.plan is not None
    cells = _problem_cells(found)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _WORKBOOK) as book:
        formats = {
            (refused, dated): book.add_format(
                {"bg_color": REFUSED_COLOUR if refused else WARNED_COLOUR, "num_format": "yyyy-mm-dd" if dated else ""}
            )
            for refused in (True, False) for dated in (True, False)
        }
        plain = {True: book.add_format({"num_format": "yyyy-mm-dd"}), False: None}
        page = book.add_worksheet(_sheet_title(found.sheet.name))
        page.freeze_panes(found.heading.first_row, 0)
        comments = 0
        for row, values in enumerate(found.sheet.rows):
            for column, value in enumerate(values):
                problems = cells.get((row, column))
                dated = isinstance(value, (date, datetime))
                if problems is None:
                    if value != "":
                        write_cell(page, row, column, value, plain[dated])
                    continue
                style = formats[any(problem.is_refusal for problem in problems), dated]
                write_cell(page, row, column, value, style)
                comments += 1
                if comments <= _MOST_COMMENTS:
                    page.write_comment(row, column, _comment(problems), {"x_scale": 2, "author": gettext("Zhengtu")})
    return buffer.getvalue()


def write_cell(page: Any, row: int, column: int, value: Any, style: Any = None) -> None:
    """Write a value as what it is; a text never becomes a formula, a link or a number."""
    if value is None or value == "":
        page.write_blank(row, column, None, style)
    elif isinstance(value, str):
        page.write_string(row, column, value, style)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, style)
    elif isinstance(value, (datetime, date, time, timedelta)):
        page.write_datetime(row, column, value, style)
    else:
        page.write_number(row, column, value, style)


def _problem_cells(found: Examination) -> Cells:
    assert found.heading is not None
    assert found.plan is not None
    mapping: Mapping[str, str] = found.report["mapping"]
    places = {heading: index for index, heading in enumerate(found.heading.headings)}
    first = min((places[heading] for heading in mapping.values() if heading in places), default=0)
    cells: dict[tuple[int, int], list[SheetProblem]] = defaultdict(list)
    for problem in found.plan.problems:
        column = places.get(mapping.get(problem.field, ""), first)
        cells[max(problem.row - 1, 0), column].append(problem)
    return cells


def _comment(problems: Sequence[SheetProblem]) -> str:
    spoken = [spoken_reason(reason_of(problem)) for problem in problems]
    return "\n".join(f"{reason.message} {reason.remedy}".strip() for reason in spoken)[:30_000]


def _sheet_title(name: str) -> str:
    plain = "".join(character for character in name if character not in "[]:*?/\\'")[:31]
    return plain or gettext("Ledger")
