"""A list of subsidies paid, read into lines: columns by their headings, every cell checked, the total followed.

What is wrong is told with file, sheet, row and column; a file with anything wrong in it gives no line at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from django.conf import settings

from zhengtu.core.compensation.subsidy_account import PaidPeriod
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import grouped, to_fen, total
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.rules.funds import StatementColumn
from zhengtu.core.survey_sheets.headed_columns import EMPTY, cell_of, headings_of, most_known, number_shown
from zhengtu.core.survey_sheets.reading import Cell, Sheet, read_sheet
from zhengtu.core.survey_sheets.sheet_files import UploadKind, upload_kind
from zhengtu.core.survey_sheets.values import as_code, as_date, as_text
from zhengtu.ledger.rulebook import current_rulebook

PROBLEMS_SHOWN: Final = 50
_MONEY: Final = re.compile(r"(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", re.ASCII)
_LARGEST: Final = Decimal(10) ** 9
_DAY: Final = timedelta(days=1)

_CORRECT: Final = N_("Correct the cell and import the whole file again; nothing was recorded.")
_TOO_MANY: Final = N_(
    "%(file)s, sheet %(sheet)s: "
    "the list has %(lines)s lines; at most %(limit)s are read at once."
)
_NO_LINE: Final = N_(
    "%(file)s, sheet %(sheet)s: "
    "there is no line under the headings."
)
_NO_COLUMN: Final = N_(
    "%(file)s, sheet %(sheet)s: "
    "there is no column “%(field)s”."
)
_NO_CODE: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "there is no household code."
)
_NO_DATE: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "“%(value)s” is no date."
)
_NO_SUM: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "“%(value)s” is no sum in yuan to the fen above zero."
)
_BACKWARDS: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "the period ends before it begins."
)
_TOTAL_DIFFERS: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "the total row says %(value)s yuan, and the lines add up to %(expected)s."
)


@dataclass(frozen=True, slots=True)
class ListedPayment:
    """A line of a list; ``payer`` and ``name`` as written, or empty."""

    row: int
    household: str
    name: str
    period: PaidPeriod
    paid_on: date
    payer: str


@dataclass(frozen=True, slots=True)
class SubsidyList:
    """The lines of a file, with what it and its sheet are called."""

    file: str
    sheet: str
    lines: Sequence[ListedPayment]

    @property
    def total(self) -> Decimal:
        """The sum of the lines (yuan)."""
        return total([line.period.amount for line in self.lines])

    def problem(self, row: int, column: str, message: str, remedy: str = _CORRECT, **values: object) -> Reason:
        """What is wrong in a cell, told with its place."""
        return problem(self.file, self.sheet, row, column, message, remedy, **values)


def problem(
    file: str, sheet: str, row: int, column: str, message: str, remedy: str = _CORRECT, **values: object
) -> Reason:
    """What is wrong in a cell of a list, told with its place."""
    where = {"file": file, "sheet": sheet, "row": row, "field": f"subsidy_column:{column}"}
    return Reason(code="resettlement.list_cell", message=message, parameters={**where, **values}, remedy=remedy)


def read_subsidy_list(*, path: Path, name: str) -> SubsidyList:
    """The lines of a list of subsidies paid.

    Args:
        path: where the file lies.
        name: what its user calls it.

    Raises:
        Refused: naming everything that is wrong.
    """
    kind = upload_kind(path=path, name=name, limit_bytes=settings.UPLOAD_LIMIT_BYTES)
    if kind is UploadKind.GEOMETRY:
        raise Refused(Reason(
            code="resettlement.no_list", message=N_("%(file)s is no table."), parameters={"file": name},
            remedy=N_("Send the list as Excel or CSV."),
        ))
    columns = current_rulebook().waiting.columns
    sheet = read_sheet(path=path, kind=kind, file=name, prefer=lambda rows: most_known(rows, columns))
    return _Reading(sheet, columns).read()


class _Reading:
    """One sheet on its way into lines."""

    def __init__(self, sheet: Sheet, columns: Sequence[StatementColumn]) -> None:
        self.sheet, self.columns, self.problems = sheet, columns, list[Reason]()
        self.name = sheet.name or "CSV"
        self.heading_row, self.places = self._headings()

    def read(self) -> SubsidyList:
        """All lines, or a refusal with everything that is wrong."""
        limit = current_rulebook().waiting.lines_limit
        numbered = list(enumerate(self.sheet.rows[self.heading_row + 1 :], self.heading_row + 2))
        rows = [(number, row) for number, row in numbered if self._is_line(row)]
        if len(rows) > limit:
            self._wrong(0, "household", _TOO_MANY, N_("Divide the list."), lines=len(rows), limit=limit)
        elif not rows:
            self._wrong(0, "household", _NO_LINE, N_("Send the list with its lines."))
        else:
            lines = [line for number, row in rows if (line := self._line(number, row)) is not None]
            if not self.problems:
                self._follow_total(numbered, total([line.period.amount for line in lines]))
        if self.problems:
            raise Refused(*self.problems[:PROBLEMS_SHOWN])
        return SubsidyList(self.sheet.file, self.name, lines)

    def _headings(self) -> tuple[int, Mapping[str, int]]:
        best, found = headings_of(self.sheet.rows, self.columns)
        missing = [column.id for column in self.columns if column.is_required and column.id not in found]
        for id in missing:
            self._wrong(0, id, _NO_COLUMN, N_("Name the column as the page shows it."))
        if missing:
            raise Refused(*self.problems)
        return best, found

    def _cell(self, row: Sequence[Cell], column: str) -> Cell:
        return cell_of(row, column, places=self.places)

    def _text(self, row: Sequence[Cell], column: str) -> str:
        text = unicodedata.normalize("NFKC", as_text(self._cell(row, column))).strip()
        return "" if text in EMPTY else text

    def _is_line(self, row: Sequence[Cell]) -> bool:
        """A row with a period or a code; a title, a blank and the row of the total have neither."""
        return any(as_date(self._cell(row, name)) for name in ("from_on", "last_on")) or bool(
            self._text(row, "amount_yuan") and "-" in self._text(row, "household")
        )

    def _line(self, number: int, row: Sequence[Cell]) -> ListedPayment | None:
        before = len(self.problems)
        household = as_code(self._cell(row, "household"))
        if not household:
            self._wrong(number, "household", _NO_CODE)
        days = {name: self._date(number, row, name) for name in ("from_on", "last_on", "paid_on")}
        amount = self._money(number, row)
        from_on, last_on, paid_on = days["from_on"], days["last_on"], days["paid_on"]
        if from_on is not None and last_on is not None and last_on < from_on:
            self._wrong(number, "last_on", _BACKWARDS)
        if len(self.problems) > before or from_on is None or last_on is None or paid_on is None or amount is None:
            return None
        return ListedPayment(
            row=number, household=household, name=self._text(row, "name"), paid_on=paid_on,
            period=PaidPeriod(from_on, last_on + _DAY, amount), payer=self._text(row, "payer"),
        )

    def _date(self, number: int, row: Sequence[Cell], column: str) -> date | None:
        cell = self._cell(row, column)
        day = as_date(cell)
        if day is None or day.year >= date.max.year:
            self._wrong(number, column, _NO_DATE, value=as_text(cell)[:40])
            return None
        return day

    def _money(self, number: int, row: Sequence[Cell]) -> Decimal | None:
        cell = self._cell(row, "amount_yuan")
        amount = _sum_of(cell)
        if amount is None or not 0 < amount < _LARGEST or amount != to_fen(amount):
            self._wrong(number, "amount_yuan", _NO_SUM, value=as_text(cell)[:40])
            return None
        return to_fen(amount)

    def _follow_total(self, rows: Sequence[tuple[int, Sequence[Cell]]], expected: Decimal) -> None:
        """The row of the total, if there is one, says what the lines add up to."""
        for number, row in rows:
            if self._is_line(row):
                continue
            said = _sum_of(self._cell(row, "amount_yuan"))
            if said is not None and said != expected:
                self._wrong(
                    number, "amount_yuan", _TOTAL_DIFFERS, N_("Find the line that is missing or wrong."),
                    value=grouped(to_fen(said)), expected=grouped(expected),
                )

    def _wrong(self, row: int, column: str, message: str, remedy: str = _CORRECT, **values: object) -> None:
        self.problems.append(problem(self.sheet.file, self.name, row, column, message, remedy, **values))


def _sum_of(cell: Cell) -> Decimal | None:
    """A sum in yuan as written, or None."""
    text = number_shown(cell)
    try:
        amount = Decimal(text.replace(",", "")) if _MONEY.fullmatch(text) else None
    except InvalidOperation:
        return None
    return amount
