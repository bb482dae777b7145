"""A sheet and its mapping into checked rows: columns of values, and what is wrong by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from zhengtu.core.survey_sheets.fields import FIELD_OF, FIELDS
from zhengtu.core.survey_sheets.headings import HeadingRow
from zhengtu.core.survey_sheets.problems import SheetProblem, refuse_file
from zhengtu.core.survey_sheets.reading import Cell, Sheet
from zhengtu.core.survey_sheets.values import as_text, read_column

_TOTAL: Final = re.compile(r"^(合计|小计|总计|共计|累计|本页合计|total|subtotal)|合计[:：]?$", re.IGNORECASE)
_SIGNATURE: Final = re.compile(
    r"^(制表|填表|审核|复核|负责人|经办|调查人|统计|备注|注|说明|签字|盖章|日期)[^：:]{0,8}[：:]"
)


@dataclass(slots=True)
class LedgerRows:
    """Rows of a ledger, checked each by itself.

    Attributes:
        rows: the row of each, as the sheet's user counts.
        columns: field id -> one value per row, None where the cell is empty or wrong.
        problems: refusals and warnings.
    """

    rows: list[int]
    columns: dict[str, list[Any]]
    problems: list[SheetProblem] = field(default_factory=list)

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.rows)


def ledger_rows(*, sheet: Sheet, heading: HeadingRow, mapping: Mapping[str, str]) -> LedgerRows:
    """Read the mapped columns of all rows under the headings.

    Merged cells are expected filled (``reading.filled_merges``). Blank rows are passed over; totals,
    signature lines and repeated headings too, with a note.

    Raises:
        Refused: when no household row is left.
    """
    data = sheet.rows[heading.first_row :]
    position = {name: index for index, name in enumerate(heading.headings)}
    places = {id: position[name] for id, name in mapping.items()}
    kept, problems = _kept_rows(data, heading, places)
    if kept is not None:
        data = [data[index] for index in kept]
    if not data:
        refuse_file("sheet_empty")
    first = heading.first_row + 1
    rows = list(range(first, first + len(data))) if kept is None else [first + index for index in kept]
    found = LedgerRows(rows, {}, problems)
    for about in FIELDS:
        place = places.get(about.id)
        if place is None:
            continue
        column = read_column([row[place] for row in data], about)
        found.columns[about.id] = column.values
        found.problems += [
            SheetProblem(code, rows[index], about.id, parameters, refuses)
            for index, (code, parameters, refuses) in column.findings
        ]
    _require(found, "name")
    found.problems += _repeated_codes(found)
    return found


def _kept_rows(
    data: Sequence[Sequence[Cell]], heading: HeadingRow, places: Mapping[str, int]
) -> tuple[list[int] | None, list[SheetProblem]]:
    """Indexes of household rows (None when all are), and notes on what was passed over."""
    name = places["name"]
    identity = places.get("identity_number", name)
    texts = tuple(heading.headings)
    passed: set[int] = set()
    notes: list[SheetProblem] = []
    for index, row in enumerate(data):
        cell = row[name]
        if isinstance(cell, str) and cell and cell != texts[name] and len(cell) < _SHORT_NAME and cell[-1] != "计":
            continue
        if not any(value if not isinstance(value, str) else value.strip() for value in row):
            passed.add(index)
        elif _text(cell) == texts[name] and _text(row[identity]) == texts[identity]:
            passed.add(index)
            notes.append(SheetProblem("row_repeats_heading", heading.first_row + 1 + index, is_refusal=False))
        elif (identity == name or not _text(row[identity])) and any(
            isinstance(value, str) and _is_foot(value) for value in row
        ):
            passed.add(index)
            notes.append(SheetProblem("row_is_total", heading.first_row + 1 + index, is_refusal=False))
    return ([index for index in range(len(data)) if index not in passed] if passed else None), notes


_SHORT_NAME: Final = 9  # longer texts in the column of names may be signature lines


def _text(cell: Cell) -> str:
    return as_text(cell)


def _is_foot(text: str) -> bool:
    plain = "".join(text.split())
    return bool(_TOTAL.search(plain) or _SIGNATURE.match(plain))


def _require(found: LedgerRows, field_id: str) -> None:
    wrong = {problem.row for problem in found.problems if problem.field == field_id and problem.is_refusal}
    label = f"label:{FIELD_OF[field_id].label}"
    found.problems += [
        SheetProblem("required", row, field_id, {"label": label})
        for row, value in zip(found.rows, found.columns[field_id], strict=True)
        if value is None and row not in wrong
    ]


def _repeated_codes(found: LedgerRows) -> list[SheetProblem]:
    codes = [code for code in found.columns.get("household_code", []) if code]
    if len(set(codes)) == len(codes):
        return []
    problems: list[SheetProblem] = []
    first: dict[str, int] = {}
    for row, code in zip(found.rows, found.columns["household_code"], strict=True):
        if code and first.setdefault(code, row) != row:
            parameters = {"code": code, "other_row": first[code]}
            problems.append(SheetProblem("duplicate_code", row, "household_code", parameters))
    return problems
