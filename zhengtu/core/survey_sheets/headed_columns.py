"""Where the columns of a list stand: the row that names most of them, and the cell of a column in a row."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from zhengtu.core.survey_sheets.reading import Cell
from zhengtu.core.survey_sheets.values import as_text

EMPTY: Final = ("", "-", "—", "–", "/")
"""What a cell holds that says nothing."""


class HeadedColumn(Protocol):
    """A column that a list may have."""

    @property
    def id(self) -> str:
        """Its name in the program."""
        ...

    def is_headed(self, heading: str) -> bool:
        """Whether a heading, its letters of usual width, means this column."""
        ...


def headings_of(
    rows: Sequence[Sequence[Cell]], columns: Sequence[HeadedColumn], *, searched: int = 30
) -> tuple[int, Mapping[str, int]]:
    """Index of the row that names most columns, the first of several, and the place of each column there."""
    best, found = 0, dict[str, int]()
    for index, row in enumerate(rows[:searched]):
        places = _places(row, columns)
        if len(places) > len(found):
            best, found = index, places
    return best, found


def most_known(rows: Sequence[Sequence[Cell]], columns: Sequence[HeadedColumn]) -> int:
    """How many columns the row names that names most of them; of several sheets the one with most is meant."""
    return len(headings_of(rows, columns, searched=len(rows))[1])


def cell_of(row: Sequence[Cell], column: str, *, places: Mapping[str, int]) -> Cell:
    """The cell of a column, empty where the row or the sheet has none."""
    place = places.get(column)
    return "" if place is None or place >= len(row) else row[place]


def number_shown(cell: Cell) -> str:
    """A number as it is shown: of a figure what Excel shows (the rest is the noise of binary fractions), else the text.

    Letters are of usual width; a sign of the yuan before it is left out.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"{cell:.15g}"
    return unicodedata.normalize("NFKC", as_text(cell)).removeprefix("¥").strip()


def _places(row: Sequence[Cell], columns: Sequence[HeadedColumn]) -> dict[str, int]:
    """Column -> place in a heading row; the first of several wins."""
    places: dict[str, int] = {}
    for place, cell in enumerate(row):
        heading = unicodedata.normalize("NFKC", as_text(cell))
        for column in columns:
            if column.is_headed(heading):
                places.setdefault(column.id, place)
    return places
