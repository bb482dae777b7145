"""Tables of tasks: rows of cells under a head that says which column holds the matter, the owners and the time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from zhengtu.core.language.drafts import Draft
from zhengtu.core.language.owners import OwnerReader
from zhengtu.core.language.passages import Passage
from zhengtu.core.language.unit_names import UnitReader
from zhengtu.core.language.words import LayoutWords

_LONGEST_HEADING: Final = 12


@dataclass(frozen=True, slots=True)
class _Cell:
    start: int
    end: int
    text: str


class TableReader:
    """Reads the rows of tables of tasks."""

    def __init__(self, *, owners: OwnerReader, units: UnitReader, words: LayoutWords) -> None:
        self._owners = owners
        self._units = units
        self._words = words
        self._firsts: set[int] = set()

    def read(self, rows: Sequence[Passage]) -> Iterator[Draft]:
        """A draft for each row that names a matter and an owner."""
        columns: dict[int, str] = {}
        above: dict[str, str] = {}
        for row in rows:
            cells = _cells(row.text)
            heads = self._heads(cells)
            if heads is not None:
                columns, above = heads, {}
                leads = {number for number, role in heads.items() if role == "lead"}
                self._firsts = {number for number in leads if cells[number].text in self._words.first_leads}
            elif columns:
                draft = self._draft(row, cells, columns, above)
                if draft is not None:
                    yield draft

    def is_head(self, row: Passage) -> bool:
        """Whether a row is the head of a table of tasks."""
        return self._heads(_cells(row.text)) is not None

    def _heads(self, cells: Sequence[_Cell]) -> dict[int, str] | None:
        """Column -> role; None where the row is no head of a table of tasks."""
        roles = {
            number: self._role(cell.text) for number, cell in enumerate(cells) if len(cell.text) <= _LONGEST_HEADING
        }
        named = {role for role in roles.values() if role}
        is_head = "matter" in named and bool({"lead", "person"} & named)
        return {number: role for number, role in roles.items() if role} if is_head else None

    def _role(self, heading: str) -> str:
        heading = heading.strip("：（）")
        if heading in self._words.labels:
            return self._words.labels[heading]
        ends = [word for word in self._words.labels if heading.endswith(word) or heading.startswith(word)]
        return self._words.labels[max(ends, key=len)] if ends else ""

    def _draft(
        self, row: Passage, cells: Sequence[_Cell], columns: dict[int, str], above: dict[str, str]
    ) -> Draft | None:
        held: dict[str, list[str]] = {}
        firsts = self._firsts
        for number, role in columns.items():
            text = cells[number].text if number < len(cells) else ""
            if role == "lead" and number not in firsts and firsts:
                role = "assist"
            if text and text not in held.setdefault(role, []):
                held[role].append(text)
        merged = {role: "；".join(texts) for role, texts in held.items()}
        for role in ("lead", "assist", "due", "project"):
            if merged.get(role, "") in ("同上", "〃", "″", '"'):
                merged[role] = above.get(role, "")
        above.update(merged)
        lead = self._owners.names(merged.get("lead", "")) or self._owners.names(merged.get("person", ""))
        matter = merged.get("matter", "")
        if not lead or len(matter) < 3:
            return None
        due = merged.get("due", "")
        return Draft(
            row, 0, len(row.text), self._units.mentions(lead), ["table_owner", self._kind(lead)],
            assisting=list(self._units.mentions(self._owners.names(merged.get("assist", "")))),
            pieces=[matter], project_text=merged.get("project", ""), due_text=due, clauses=[matter],
        )

    def _kind(self, names: Sequence[str]) -> str:
        return "known_unit" if any(one.code or one.members for one in self._units.mentions(names)) else "shaped_unit"


def _cells(text: str) -> list[_Cell]:
    cells, start = [], 0
    for part in text.split("\t"):
        cells.append(_Cell(start, start + len(part), part.strip()))
        start += len(part) + 1
    return cells
