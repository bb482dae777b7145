"""A list of entitlements, sites, homes or homes on offer, read into lines: every cell is checked before any writing.

What is wrong is told with file, sheet, row and field and what to do; a file with anything wrong in it gives no line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from zhengtu.accounts.models import Unit
from zhengtu.core.kernel.masking import mask_address
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.resettlement.rules import ListColumn
from zhengtu.core.survey_sheets.headed_columns import EMPTY, cell_of, headings_of
from zhengtu.core.survey_sheets.reading import Cell, Sheet, read_sheet
from zhengtu.core.survey_sheets.sheet_files import upload_kind
from zhengtu.core.survey_sheets.values import as_date, as_text
from zhengtu.ledger.rulebook import current_compensation, current_rulebook
from zhengtu.resettlement.models import Site
from zhengtu.resettlement.recording import reason

PROBLEMS_SHOWN: Final = 50
_PLAIN_VALUE: Final = re.compile(r"\d{6}-[A-Z\d-]{3,20}|\d{4}-\d\d-\d\d|—", re.ASCII)
_HEADING_ROWS: Final = 20
_LARGEST: Final = Decimal(10) ** 10
CORRECT: Final = N_("Correct the cell and import the whole file again; nothing was recorded.")
MISSING: Final = N_("%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: there is nothing in the cell.")
UNKNOWN: Final = N_("%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: “%(value)s” is not known here.")
NO_DATE: Final = N_("%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: “%(value)s” is no date.")
NO_NUMBER: Final = N_("%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: “%(value)s” is no number above zero.")
TWICE: Final = N_("%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: “%(value)s” stands in an earlier row too.")
NOT_HELD: Final = N_("%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: “%(value)s” contradicts the row.")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list: column -> value as text (dates as ISO), without the empty cells."""

    row: int
    told: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HousingList:
    """The lines of a file, with what it and its sheet are called."""

    kind: str
    file: str
    sheet: str
    lines: Sequence[Line]

    def problem(self, row: int, column: str, message: str, value: object = "", remedy: str = CORRECT) -> Reason:
        """What is wrong in a cell, told with its place; of a list of addresses nothing but codes and days in full."""
        shown = str(value)[:40] or "—"
        if self.kind == "addresses" and not _PLAIN_VALUE.fullmatch(shown):
            shown = mask_address(shown)
        return reason(
            "list_cell", message, remedy, file=self.file, sheet=self.sheet, row=row,
            field=f"housing_column:{self.kind}.{column}", value=shown,
        )


def read_list(*, kind: str, path: Path, name: str, city: str) -> HousingList:
    """The lines of a list.

    Args:
        kind: entitlements, addresses, sites, homes or stock.
        name: what its user calls the file.
        city: whose units and sites may be named.

    Raises:
        Refused: naming everything that is wrong.
    """
    upload = upload_kind(path=path, name=name, limit_bytes=settings.UPLOAD_LIMIT_BYTES)
    if not upload.is_ledger:
        raise Refused(reason("no_list", N_("%(file)s is no table."), N_("Send the list as Excel or CSV."), file=name))
    sheet = read_sheet(path=path, kind=upload, file=name)
    return _Reading(kind, sheet, city).read()


class _Reading:
    """One sheet on its way into lines."""

    def __init__(self, kind: str, sheet: Sheet, city: str) -> None:
        self.rules = current_rulebook().resettlement
        self.columns: Sequence[ListColumn] = self.rules.lists[kind]
        self.sheet, self.problems = sheet, list[Reason]()
        self.empty = HousingList(kind, sheet.file, sheet.name or "CSV", ())
        self.readers = _readers(city)

    def read(self) -> HousingList:
        """All lines, or a refusal with everything that is wrong."""
        top, places = self._headings()
        numbered = list(enumerate(self.sheet.rows[top + 1:], top + 2))
        rows = [(number, row) for number, row in numbered if any(as_text(cell).strip() for cell in row)]
        limit = self.rules.lines_limit
        if not 0 < len(rows) <= limit:
            raise Refused(reason(
                "list_length", N_("%(file)s has %(lines)s lines; between 1 and %(limit)s are read at once."),
                N_("Divide the list, or send it with its lines."), file=self.sheet.file, lines=len(rows), limit=limit,
            ))
        lines = [Line(number, self._told(number, row, places)) for number, row in rows]
        if self.problems:
            raise Refused(*self.problems[:PROBLEMS_SHOWN])
        return HousingList(self.empty.kind, self.empty.file, self.empty.sheet, lines)

    def _headings(self) -> tuple[int, Mapping[str, int]]:
        best, found = headings_of(self.sheet.rows, self.columns, searched=_HEADING_ROWS)
        missing = [
            self.empty.problem(
                best + 1, column.id, N_("%(file)s, sheet %(sheet)s: there is no column “%(field)s”."),
                remedy=N_("Name the column as the page shows it."),
            )
            for column in self.columns if column.is_required and column.id not in found
        ]
        if missing:
            raise Refused(*missing)
        return best, found

    def _told(self, number: int, row: Sequence[Cell], places: Mapping[str, int]) -> dict[str, str]:
        told: dict[str, str] = {}
        for column in self.columns:
            cell = cell_of(row, column.id, places=places)
            text = unicodedata.normalize("NFKC", as_text(cell)).strip()
            if text in EMPTY:
                if column.is_required:
                    self.problems.append(self.empty.problem(number, column.id, MISSING))
                continue
            value, message = self.readers[column.type](column, cell, text)
            if message:
                self.problems.append(self.empty.problem(number, column.id, message, text))
            else:
                told[column.id] = value
        return told


Read = Callable[[ListColumn, Cell, str], tuple[str, str]]
"""(column, cell, its text) -> (value, empty) or (empty, what is wrong)."""


def _readers(city: str) -> dict[str, Read]:
    rules = current_rulebook()
    units = _named((code, (code, name, short, english)) for code, name, short, english in Unit.objects.filter(
        code__startswith=city[:4]
    ).values_list("code", "name", "short_name", "name_en"))
    sites = _named((code, (code, name)) for code, name in Site.objects.filter(
        code__startswith=city[:4]
    ).values_list("code", "name"))
    types = _named((one.id, (one.id, *one.label)) for one in rules.resettlement.home_types.values())
    steps = _named((one.id, (one.id, *one.label)) for one in current_compensation().transition_rules)
    choices = {
        name: attribute.choices for kind in ("entitlement_agreed", "transition_address_recorded")
        for name, attribute in rules.fact_kinds[kind].attributes.items()
    }

    def choice(column: ListColumn, cell: Cell, text: str) -> tuple[str, str]:
        return _known(_named((id, (id, *pair)) for id, pair in choices[column.id].items()), text)

    return {
        "text": lambda column, cell, text: (as_text(cell).strip(), ""),
        "date": _date, "number": _number, "choice": choice,
        "home_type": lambda column, cell, text: _known(types, text),
        "unit": lambda column, cell, text: _known(units, text),
        "site": lambda column, cell, text: _known(sites, text),
        "rule": lambda column, cell, text: _known(steps, text),
    }


def _named(entries: Any) -> dict[str, str]:
    """What a thing may be called -> its id; a name of two things is none of them."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for id, names in entries:
        for name in {unicodedata.normalize("NFKC", str(name)).strip().lower() for name in names if name}:
            if found.setdefault(name, id) != id:
                twice.add(name)
    return {name: id for name, id in found.items() if name not in twice}


def _known(names: Mapping[str, str], text: str) -> tuple[str, str]:
    id = names.get(text.lower())
    return (id, "") if id is not None else ("", UNKNOWN)


def _date(column: ListColumn, cell: Cell, text: str) -> tuple[str, str]:
    day = as_date(cell)
    return (day.isoformat(), "") if day is not None and date(1949, 10, 1) <= day < date(2200, 1, 1) else ("", NO_DATE)


def _number(column: ListColumn, cell: Cell, text: str) -> tuple[str, str]:
    try:
        number = Decimal(f"{cell:.15g}" if isinstance(cell, float) else text.replace(",", ""))
    except InvalidOperation:
        return "", NO_NUMBER
    if not number.is_finite() or not 0 < number < _LARGEST:
        return "", NO_NUMBER
    return (str(number.normalize()) if number != number.to_integral_value() else str(int(number))), ""
