"""The bank's reply to an order, read into lines: Excel or CSV, columns by their headings in either language."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext, override

from zhengtu.core.funds.reply_matching import ReplyLine
from zhengtu.core.kernel.masking import mask_identity
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import to_fen
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.survey_sheets.reading import Cell, Sheet, read_sheet
from zhengtu.core.survey_sheets.sheet_files import UploadKind, upload_kind
from zhengtu.core.survey_sheets.values import as_date, as_text
from zhengtu.funds.payees import account_index

REPLY_COLUMNS: Final[Mapping[str, str]] = {
    "reference": N_("Payment reference"), "account": N_("Payee account"), "amount": N_("Amount (yuan)"),
    "status": N_("Result"), "booked_on": N_("Paid on"), "bank_reference": N_("Bank serial number"),
    "failure": N_("Reason of failure"),
}
"""Columns of a reply by their headings; the last two may be missing."""
EXECUTED: Final = (N_("Executed"), N_("Success"))
NOT_EXECUTED: Final = (N_("Not executed"), N_("Failed"), N_("Returned by the bank"))
TOTAL: Final = N_("Total")
_OPTIONAL: Final = ("bank_reference", "failure")
_SEARCHED_ROWS: Final = 20
_PROBLEMS_SHOWN: Final = 50


def read_reply(*, path: Path, name: str) -> list[ReplyLine]:
    """The lines of a reply in the order of the file; a row that begins with the word for total is none.

    Raises:
        Refused: naming everything that cannot be read; nothing of the file is then taken.
    """
    kind = upload_kind(path=path, name=name, limit_bytes=settings.EVIDENCE_LIMIT_BYTES)
    if kind is UploadKind.GEOMETRY:
        raise Refused(_file_reason(name))
    sheet = read_sheet(path=path, kind=kind, file=name, prefer=lambda rows: max(
        (len(_places(row)) for row in rows), default=0
    ))
    top, places = _headings(sheet)
    problems: list[Reason] = []
    lines = []
    totals = _either(TOTAL)
    for row, cells in enumerate(sheet.rows[top + 1:], start=top + 2):
        text = {column: _text(cells, place) for column, place in places.items()}
        if not any(text.values()) or _plain(text["reference"]) in totals:
            continue
        line = _line(row, cells, text, places, problems)
        if line is not None:
            lines.append(line)
    if not lines and not problems:
        problems.append(_file_reason(name))
    if problems:
        raise Refused(*problems[:_PROBLEMS_SHOWN])
    return lines


def _line(
    row: int, cells: Sequence[Cell], text: Mapping[str, str], places: Mapping[str, int], problems: list[Reason]
) -> ReplyLine | None:
    amount = _amount(cells[places["amount"]])
    status = _plain(text["status"])
    is_executed = status in {word for one in EXECUTED for word in _either(one)}
    if amount is None:
        problems.append(_cell_reason(row, "amount", text["amount"]))
    if not is_executed and status not in {word for one in NOT_EXECUTED for word in _either(one)}:
        problems.append(_cell_reason(row, "status", text["status"]))
    booked_on = as_date(cells[places["booked_on"]])
    if booked_on is None and text["booked_on"]:
        problems.append(_cell_reason(row, "booked_on", text["booked_on"]))
    if amount is None:
        return None
    return ReplyLine(
        row=row, reference=text["reference"], amount_yuan=amount, account_index=account_index(text["account"]),
        account_masked=mask_identity(text["account"]), is_executed=is_executed, booked_on=booked_on,
        bank_reference=text.get("bank_reference", ""), failure=text.get("failure", ""),
    )


def _headings(sheet: Sheet) -> tuple[int, dict[str, int]]:
    best, found = 0, dict[str, int]()
    for index, row in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        places = _places(row)
        if len(places) > len(found):
            best, found = index, places
    missing = [column for column in REPLY_COLUMNS if column not in found and column not in _OPTIONAL]
    if missing:
        raise Refused(*(
            Reason(
                code="payment_reply.column_missing", message=N_("%(file)s: there is no column “%(column)s”."),
                parameters={"file": sheet.file, "column": f"label:{REPLY_COLUMNS[column]}"},
                remedy=N_("Name the columns as the order's page lists them."),
            )
            for column in missing
        ))
    return best, found


def _places(row: Sequence[Cell]) -> dict[str, int]:
    headings = {word: column for column, heading in REPLY_COLUMNS.items() for word in _either(heading)}
    places: dict[str, int] = {}
    for place, cell in enumerate(row):
        column = headings.get(_plain(as_text(cell)))
        if column is not None:
            places.setdefault(column, place)
    return places


def _either(text: str) -> set[str]:
    """A text of the interface in both languages, plain."""
    words = {_plain(text)}
    for language in ("zh-hans", "en"):
        with override(language):
            words.add(_plain(gettext(text)))
    return words


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _text(cells: Sequence[Cell], place: int) -> str:
    cell = cells[place] if place < len(cells) else ""
    return as_text(cell).strip()


def _amount(cell: Cell) -> Decimal | None:
    """A sum to the fen; None where the cell holds none."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        text = f"{cell:.15g}"  # what Excel shows; the rest is the noise of binary fractions
    else:
        text = unicodedata.normalize("NFKC", as_text(cell)).strip().removeprefix("¥").replace(",", "")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    is_sum = amount.is_finite() and 0 <= amount < 10**13 and amount == to_fen(amount)
    return to_fen(amount) if is_sum else None


def _cell_reason(row: int, column: str, value: str) -> Reason:
    shown = mask_identity(value[:40]) if column == "account" else value[:40]
    return Reason(
        code="payment_reply.cell", message=N_("Row %(row)s, “%(column)s”: “%(value)s” cannot be read."),
        parameters={"row": row, "column": f"label:{REPLY_COLUMNS[column]}", "value": shown},
        remedy=N_("Correct the cell and upload the whole file again."),
    )


def _file_reason(name: str) -> Reason:
    return Reason(
        code="payment_reply.no_lines", message=N_("%(file)s holds no line of a reply."), parameters={"file": name},
        remedy=N_("Upload the bank's reply as Excel or CSV."),
    )
