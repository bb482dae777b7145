"""The heading row of a ledger: where it stands, and which column means which field."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from zhengtu.core.survey_sheets.field_types import FieldType, SheetField
from zhengtu.core.survey_sheets.fields import FIELD_OF, FIELDS
from zhengtu.core.survey_sheets.problems import SheetProblem, refuse_file
from zhengtu.core.survey_sheets.reading import Cell, Sheet

SEARCHED_ROWS: Final = 30
_BRACKETS: Final = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]")
_NOISE: Final = re.compile(r"[\s*:：_\-—、/\\.。,]+")
_UNITS: Final = re.compile(r"万元|公顷|亩|平方米|m2|元", re.IGNORECASE)
_TRAILING_UNIT: Final = re.compile(r"(平方米|m2|元)\s*$", re.IGNORECASE)
_LONGEST_HEADING: Final = 40
_LIKELY: Final = 0.72
_NEVER: Final = frozenset({"序号", "编号", "备注", "说明", "组别", "签字", "评估公司"})


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """Headings found in a sheet.

    Attributes:
        first_row: index of the first row under the headings.
        rows: indexes of the heading rows (two where group headings stand above).
        headings: text of each column's heading, made unique by a number where repeated.
    """

    first_row: int
    rows: tuple[int, ...]
    headings: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the headings, by which a confirmed mapping is found again."""
        return hashlib.sha256("\x1f".join(self.headings).encode()).hexdigest()


def plain(heading: str) -> str:
    """A heading without brackets, units, blanks and punctuation, full width made half."""
    text = _TRAILING_UNIT.sub("", unicodedata.normalize("NFKC", heading))
    return _NOISE.sub("", _BRACKETS.sub("", text)).strip()


def unit_of(heading: str) -> str:
    """The unit that a heading names (万元, 元, 亩, 公顷, m2), or empty."""
    found = _UNITS.search(unicodedata.normalize("NFKC", heading))
    return found.group().lower() if found else ""


@lru_cache(maxsize=4096)
def likeness(heading: str, field_id: str) -> float:
    """How surely a heading means a field, from 0 to 1."""
    field = FIELD_OF[field_id]
    text = plain(heading)
    if not text or text in _NEVER:
        return 0.0
    if heading in (field_id, field.heading, field.full_heading):
        return 1.0
    best = 0.0
    for name in map(plain, (field.heading, *field.synonyms)):
        if text == name:
            return 0.99
        if len(name) >= 2 and (name in text or text in name) and len(text) >= 2:
            best = max(best, 0.55 + 0.4 * min(len(name), len(text)) / max(len(name), len(text)))
        best = max(best, 0.9 * SequenceMatcher(None, text, name).ratio())
    return best


def proposed_mapping(headings: Sequence[str]) -> dict[str, str]:
    """Field id -> heading, each used once, by likeness; doubtful pairs are left out."""
    pairs = sorted(
        (
            (likeness(heading, field.id), -position, -order, field.id, heading)
            for order, field in enumerate(FIELDS)
            for position, heading in enumerate(headings)
            if heading
        ),
        reverse=True,
    )
    mapping: dict[str, str] = {}
    for score, _, _, field_id, heading in pairs:
        if score < _LIKELY:
            break
        if field_id not in mapping and heading not in mapping.values() and not unit_problem(field_id, heading):
            mapping[field_id] = heading
    # An amount says nothing without the date of its step.
    dated = {field.fact for field in FIELDS if field.type is FieldType.DATE and field.id in mapping}
    return {
        field.id: mapping[field.id]
        for field in FIELDS
        if field.id in mapping and (not field.fact or field.fact in dated)
    }


def unit_problem(field_id: str, heading: str) -> SheetProblem | None:
    """The finding that a heading's unit is not the field's: 万元 for yuan, 亩 for m²."""
    field, unit = FIELD_OF[field_id], unit_of(heading)
    wrong = {
        FieldType.AREA: ("亩", "公顷", "元", "万元"),
        FieldType.MONEY: ("万元", "亩", "公顷", "m2", "平方米"),
    }.get(field.type, ())
    if unit not in wrong:
        return None
    return SheetProblem("unit_unsupported", 0, field_id, {"heading": heading, "unit": unit, "needed": field.unit})


def found_headings(sheet: Sheet) -> HeadingRow:
    """The heading row: the one among the first rows that names most known fields.

    Where none names two, the first row of nothing but texts that is as wide as the table, for its user to map.

    Raises:
        Refused: when there is no such row either.
    """
    best: tuple[int, HeadingRow] | None = None
    for index in range(min(SEARCHED_ROWS, len(sheet.rows))):
        for depth in (1, 2):
            if depth == 2 and not _is_grouped(sheet, index):
                continue
            headings = _heading_texts(sheet, index, depth)
            known = _known_fields(headings)
            # Of equals the first: headings are repeated on every printed page.
            if known >= 2 and (best is None or known > best[0]):
                best = (known, HeadingRow(index + depth, tuple(range(index, index + depth)), headings))
    return best[1] if best is not None else _unknown_headings(sheet)


def _unknown_headings(sheet: Sheet) -> HeadingRow:
    """The first row that can be headings by its shape alone."""
    rows = sheet.rows[:SEARCHED_ROWS]
    filled = [sum(1 for cell in row if cell != "") for row in rows]
    for index, row in enumerate(rows):
        texts = [cell for cell in row if isinstance(cell, str) and cell.strip()]
        named = [text for text in texts if not any(character.isdigit() for character in text)]
        if len(named) >= 2 and len(named) == filled[index] and filled[index] >= 0.6 * max(filled):
            return HeadingRow(index + 1, (index,), _heading_texts(sheet, index, 1))
    refuse_file("header_not_found", rows=SEARCHED_ROWS)


def headings_at(sheet: Sheet, *, mapping: Mapping[str, str]) -> HeadingRow:
    """The heading row that has all headings of a mapping, else the one found by names.

    Raises:
        Refused: when none is found.
    """
    wanted = set(mapping.values())
    for index in range(min(SEARCHED_ROWS, len(sheet.rows))):
        for depth in (1, 2):
            if depth == 2 and not _is_grouped(sheet, index):
                continue
            headings = _heading_texts(sheet, index, depth)
            if wanted and wanted <= set(headings):
                return HeadingRow(index + depth, tuple(range(index, index + depth)), headings)
    return found_headings(sheet)


def _is_grouped(sheet: Sheet, index: int) -> bool:
    """Whether cells of the row are merged sideways over a row of further headings."""
    if index + 1 >= len(sheet.rows):
        return False
    return any(top == bottom == index and right > left for (top, left), (bottom, right) in sheet.merged)


def _heading_texts(sheet: Sheet, index: int, depth: int) -> tuple[str, ...]:
    upper = [_text(cell) for cell in sheet.rows[index]]
    texts = upper
    if depth == 2:
        lower = [_text(cell) for cell in sheet.rows[index + 1]]
        over = _spread(sheet, index, upper)
        texts = [
            below
            if not above or above == below
            else above
            if not below
            else below
            if _is_known(below)
            else f"{above} {below}"
            for above, below in zip(over, lower, strict=True)
        ]
    seen: dict[str, int] = {}
    unique = []
    for text in texts:
        seen[text] = seen.get(text, 0) + 1
        unique.append(text if not text or seen[text] == 1 else f"{text} #{seen[text]}")
    return tuple(unique)


def _spread(sheet: Sheet, index: int, texts: list[str]) -> list[str]:
    spread = list(texts)
    for (top, left), (_, right) in sheet.merged:
        if top == index:
            spread[left : right + 1] = [texts[left]] * (min(right + 1, len(texts)) - left)
    return spread


def _text(cell: Cell) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


_KNOWN: Final = {
    plain(name): field.id for field in FIELDS for name in (field.id, field.heading, field.full_heading, *field.synonyms)
}


def _is_known(heading: str) -> bool:
    return len(heading) <= _LONGEST_HEADING and plain(heading) in _KNOWN


def _known_fields(headings: Sequence[str]) -> int:
    return sum(1 for heading in set(headings) if heading and _is_known(heading))


def mapping_problems(*, mapping: Mapping[str, str], headings: Sequence[str]) -> list[SheetProblem]:
    """What is wrong with a confirmed mapping: a column that is not there, a wrong unit, no names."""
    problems: list[SheetProblem] = []
    for field_id, heading in mapping.items():
        if heading not in headings:
            problems.append(SheetProblem("column_missing", 0, field_id, {"heading": heading}))
        elif unit := unit_problem(field_id, heading):
            problems.append(unit)
    if "name" not in mapping:
        name: SheetField = FIELD_OF["name"]
        problems.append(SheetProblem("field_needed", 0, "name", {"label": f"label:{name.label}"}))
    return problems


def most_known_headings(rows: Sequence[Sequence[Cell]]) -> int:
    """How many known fields the best of the rows names."""
    return max((_known_fields([_text(cell) for cell in row]) for row in rows), default=0)
