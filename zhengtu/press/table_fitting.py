"""How wide the columns of a table are: by their shares, but wide enough for a date or a number to stay on its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from zhengtu.press.document import Table
from zhengtu.press.document_setting import cells_of, clean, document_words, set_width

_MOST: Final = 0.4
"""Share of the whole that a column may ask for; what is longer is broken."""
_SIZES: Final = (1.0, 0.875, 0.75)
"""How a table is set smaller, step by step, until everything that stays whole has its room."""
_SHORT: Final = 4
"""Characters of a name that is not divided."""
_PIECES: Final = re.compile(document_words()["whole_in_cells"])
_LOOSE: Final = 1.04
_LOOSE_LATIN: Final = 1.27
"""Fonts that stand in are wider than the standard's: digits of DejaVu by a quarter."""


@dataclass(frozen=True, slots=True)
class TableSetting:
    """The size of a table's letters and the width of each column, in points."""

    size_pt: float
    widths_pt: Sequence[float]


def table_setting(table: Table, *, width_pt: float, size_pt: float, sides_pt: float) -> TableSetting:
    """The largest size up to ``size_pt`` in which dates, numbers and units stay whole, and columns that fill the width.

    Args:
        sides_pt: what stays free beside the letters of a cell, left and right together.

    Raises:
        ValueError: for a table without columns, or a row with too many or too few cells.
    """
    rows = cells_of(table)
    ems = [
        max(_widest(_PIECES.findall(clean(column.heading))), _widest(_kept_whole(row[at] for row in rows)))
        for at, column in enumerate(table.columns)
    ]
    shares = [column.width for column in table.columns]
    for step in _SIZES:
        size = round(2 * size_pt * step) / 2
        least = [min(em * size + sides_pt, _MOST * width_pt) for em in ems]
        if sum(least) <= width_pt:
            return TableSetting(size, _shared(shares, least, width_pt=width_pt))
    return TableSetting(size, [width_pt * own / sum(least) for own in least])


def _shared(shares: Sequence[float], least: Sequence[float], *, width_pt: float) -> list[float]:
    """The width by shares, where those that would get too little get what they need first."""
    fixed: set[int] = set()
    while True:
        free = [at for at in range(len(shares)) if at not in fixed]
        rest, whole = width_pt - sum(least[at] for at in fixed), sum(shares[at] for at in free)
        narrow = {at for at in free if rest * shares[at] / whole < least[at]}
        if not narrow:
            return [least[at] if at in fixed else rest * shares[at] / whole for at in range(len(shares))]
        fixed |= narrow


def _kept_whole(cells: Iterable[str]) -> Iterator[str]:
    """What of the cells stays on one line: short names as they are, of longer texts dates, numbers and words."""
    for text in cells:
        yield from [text] if len(text) <= _SHORT and "\n" not in text else _PIECES.findall(text)


def _widest(pieces: Iterable[str]) -> float:
    """In Chinese characters, as wide as the widest fonts set them."""
    return max((set_width(piece) * (_LOOSE_LATIN if piece.isascii() else _LOOSE) for piece in pieces), default=0.0)
