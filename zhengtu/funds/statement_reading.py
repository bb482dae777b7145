"""A bank's statement read into lines: columns by their headings, every cell checked, the running balance followed.

What is wrong is told with file, sheet, row and column; a file with anything wrong in it gives no line at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Final

from django.conf import settings

from zhengtu.core.kernel.masking import mask_identifiers_in, mask_name
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import ZERO, grouped, to_fen
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.rules.funds import StatementColumn
from zhengtu.core.survey_sheets.headed_columns import EMPTY, cell_of, headings_of, most_known, number_shown
from zhengtu.core.survey_sheets.reading import Cell, Sheet, read_sheet
from zhengtu.core.survey_sheets.sheet_files import UploadKind, upload_kind
from zhengtu.core.survey_sheets.values import as_date, as_text
from zhengtu.ledger.rulebook import current_rulebook

LINES_LIMIT: Final = 20_000
PROBLEMS_SHOWN: Final = 50
_MONEY: Final = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?", re.ASCII)
_CORRECT: Final = N_("Correct the cell, or export the statement from the bank again, and import the whole file.")

_TOO_MANY: Final = N_(
    "%(file)s, sheet %(sheet)s: "
    "the statement has %(lines)s lines; at most %(limit)s are read at once."
)
_NO_LINE: Final = N_(
    "%(file)s, sheet %(sheet)s: "
    "there is no line under the headings."
)
_NO_COLUMN: Final = N_(
    "%(file)s, sheet %(sheet)s: "
    "there is no column “%(field)s”."
)
_NO_DATE: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "“%(value)s” is no date."
)
_ONE_SIDE: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "a line is either credit or debit, here both or neither stand."
)
_LONG_REFERENCE: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "the reference is longer than 64 characters."
)
_NO_SUM: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "“%(value)s” is no sum in yuan."
)
_NOT_TO_FEN: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "“%(value)s” is not to the fen."
)
_NEGATIVE: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "the sum %(value)s is negative."
)
_DISORDER: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "the days of the lines are not in order."
)
_BALANCE_BREAKS: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "the balance %(value)s does not follow from the line before, which gives %(expected)s."
)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of a statement; money coming in is positive.

    ``occurrence`` counts lines that are alike in everything, for instance when a booking is reversed and made again.
    """

    row: int
    booked_on: date
    amount_yuan: Decimal
    balance_yuan: Decimal
    reference: str
    counterparty_masked: str
    summary: str
    occurrence: int = 1

    @property
    def key(self) -> str:
        """What makes it the same line when the statement is imported again."""
        text = "\x1f".join((
            self.booked_on.isoformat(), str(self.amount_yuan), str(self.balance_yuan), self.reference,
            str(self.occurrence),
        ))
        return sha256(text.encode()).hexdigest()


def read_statement(*, path: Path, name: str) -> list[ReadLine]:
    """The lines of a statement in the order of the bank, the earliest first.

    Args:
        path: where the file lies.
        name: what its user calls it.

    Raises:
        Refused: naming everything that is wrong.
    """
    kind = upload_kind(path=path, name=name, limit_bytes=settings.UPLOAD_LIMIT_BYTES)
    if kind is UploadKind.GEOMETRY:
        raise Refused(Reason(
            code="funds.no_statement", message=N_("%(file)s is no table."), parameters={"file": name},
            remedy=N_("Export the statement from the bank as Excel or CSV."),
        ))
    columns = current_rulebook().funds.columns
    sheet = read_sheet(path=path, kind=kind, file=name, prefer=lambda rows: most_known(rows, columns))
    return _Reading(sheet, columns).lines()


def _counted(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """The lines, those alike in everything numbered."""
    seen: Counter[str] = Counter()
    counted = []
    for line in lines:
        seen[line.key] += 1
        counted.append(replace(line, occurrence=seen[line.key]))
    return counted


class _Reading:
    """One sheet on its way into lines."""

    def __init__(self, sheet: Sheet, columns: Sequence[StatementColumn]) -> None:
        self.sheet, self.columns = sheet, columns
        self.problems: list[Reason] = []
        self.heading_row, self.places = self._headings()

    def lines(self) -> list[ReadLine]:
        """All lines, or a refusal with everything that is wrong."""
        rows = [
            (number, row) for number, row in enumerate(self.sheet.rows[self.heading_row + 1 :], self.heading_row + 2)
            if self._is_line(row)
        ]
        if len(rows) > LINES_LIMIT:
            self._wrong(0, "", _TOO_MANY,
                        N_("Export shorter periods."), lines=len(rows), limit=LINES_LIMIT)
        lines = [line for number, row in rows if (line := self._line(number, row)) is not None]
        if not rows:
            self._wrong(0, "", _NO_LINE, N_("Choose a period with bookings."))
        if not self.problems:
            lines = lines[::-1] if self._is_newest_first(lines) else lines
            self._follow_balance(lines)
        if self.problems:
            raise Refused(*self.problems[:PROBLEMS_SHOWN])
        return _counted(lines)

    def _headings(self) -> tuple[int, Mapping[str, int]]:
        best, found = headings_of(self.sheet.rows, self.columns)
        missing = [column for column in self.columns if column.is_required and column.id not in found]
        if missing:
            raise Refused(*(
                Reason(
                    code="funds.column_missing",
                    message=_NO_COLUMN,
                    parameters={
                        "file": self.sheet.file, "sheet": self.sheet.name or "CSV",
                        "field": f"statement_column:{column.id}",
                    },
                    remedy=N_("Name the column as the bank's statement does; the names are in "
                              "rulebook/funds/bank_statement.yaml."),
                )
                for column in missing
            ))
        return best, found

    def _cell(self, row: Sequence[Cell], column: str) -> Cell:
        return cell_of(row, column, places=self.places)

    def _is_line(self, row: Sequence[Cell]) -> bool:
        """Rows without day and sums are titles or blanks; one with words for the day and neither balance nor
        reference is a total.
        """
        if as_text(self._cell(row, "booked_on")) in EMPTY:
            return False
        is_bare = all(as_text(self._cell(row, column)) in EMPTY for column in ("balance_yuan", "reference"))
        if is_bare and as_date(self._cell(row, "booked_on")) is None:
            return False
        return any(as_text(self._cell(row, column)) not in EMPTY for column in ("credit_yuan", "debit_yuan"))

    def _line(self, number: int, row: Sequence[Cell]) -> ReadLine | None:
        before = len(self.problems)
        cell = self._cell(row, "booked_on")
        booked_on = as_date(cell)
        if booked_on is None:
            self._wrong(number, "booked_on", _NO_DATE, value=as_text(cell)[:40])
        credit = self._money(number, row, "credit_yuan")
        debit = self._money(number, row, "debit_yuan")
        balance = self._money(number, row, "balance_yuan")
        if credit is not None and debit is not None and bool(credit) == bool(debit):
            self._wrong(number, "credit_yuan", _ONE_SIDE)
        reference = as_text(self._cell(row, "reference"))
        if len(reference) > 64:
            self._wrong(number, "reference", _LONG_REFERENCE)
        if len(self.problems) > before or booked_on is None or credit is None or debit is None or balance is None:
            return None
        return ReadLine(
            row=number, booked_on=booked_on, amount_yuan=credit - debit, balance_yuan=balance,
            reference="" if reference in EMPTY else reference,
            counterparty_masked=mask_name(as_text(self._cell(row, "counterparty")))[:128],
            summary=mask_identifiers_in(as_text(self._cell(row, "summary")))[:255],
        )

    def _money(self, number: int, row: Sequence[Cell], column: str) -> Decimal | None:
        """A sum to the fen, zero where the cell is empty; None, and a finding, where it is none."""
        cell = self._cell(row, column)
        text = number_shown(cell)
        if text in EMPTY:
            return ZERO
        try:
            amount = Decimal(text.replace(",", "")) if _MONEY.fullmatch(text) or "e" in text else None
        except InvalidOperation:
            amount = None
        if amount is None or not amount.is_finite() or abs(amount) >= 10**13:
            self._wrong(number, column, _NO_SUM, value=text[:40])
            return None
        if amount != to_fen(amount):
            self._wrong(number, column, _NOT_TO_FEN, value=text[:40])
            return None
        if amount < 0 and column != "balance_yuan":
            self._wrong(number, column, _NEGATIVE, value=text[:40])
            return None
        return to_fen(amount)

    @staticmethod
    def _is_newest_first(lines: Sequence[ReadLine]) -> bool:
        """Whether the file stands upside down: by its days, or, within one day, by its balances."""
        first, last = lines[0], lines[-1]
        if first.booked_on != last.booked_on:
            return first.booked_on > last.booked_on
        return len(lines) > 1 and lines[1].balance_yuan - lines[1].amount_yuan != first.balance_yuan

    def _follow_balance(self, lines: Sequence[ReadLine]) -> None:
        for before, line in pairwise(lines):
            expected = before.balance_yuan + line.amount_yuan
            if line.booked_on < before.booked_on:
                self._wrong(line.row, "booked_on", _DISORDER)
            elif expected != line.balance_yuan:
                self._wrong(
                    line.row, "balance_yuan",
                    _BALANCE_BREAKS,
                    N_("A line is missing or changed; export the statement from the bank again, whole."),
                    value=grouped(line.balance_yuan), expected=grouped(expected),
                )

    def _wrong(self, row: int, column: str, message: str, remedy: str = _CORRECT, **values: object) -> None:
        where = {"file": self.sheet.file, "sheet": self.sheet.name or "CSV", "row": row,
                 "field": f"statement_column:{column}"}
        self.problems.append(
            Reason(code="funds.statement_cell", message=message, parameters={**where, **values}, remedy=remedy)
        )
