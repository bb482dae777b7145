"""The mark over a document: its lines and how large it can be set in the width of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zhengtu.press.document import Layout, OfficialHead
from zhengtu.press.document_setting import clean, set_width
from zhengtu.press.title_lines import title_lines

_LARGEST_PT: Final = {Layout.LETTER: 38.0, Layout.BULLETIN: 44.0}
_LARGEST_ELSE_PT: Final = 46.0
_SMALLEST_PT: Final = 26.0
_WIDE_PT: Final = 430.0
_GAP_BESIDE_PT: Final = 17.0
_SHORT: Final = 7
_BESIDE_AT_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark: lines, what stands right of them, size and the space between letters in points."""

    lines: tuple[str, ...]
    beside: str
    size_pt: float
    tracking_pt: float


def mark_of(head: OfficialHead, *, layout: Layout) -> Mark:
    """The mark of a head: as large as the layout allows and the width holds; one too long goes into two lines.

    Where several authorities issue jointly, a short last line (the word for document) stands beside their names.
    """
    lines = [line.strip() for line in clean(head.mark).split("\n") if line.strip()]
    beside = lines.pop() if len(lines) > 2 and set_width(lines[-1]) <= _BESIDE_AT_MOST else ""
    largest = _LARGEST_PT.get(layout, _LARGEST_ELSE_PT)
    room = _WIDE_PT - (_GAP_BESIDE_PT if beside else 0.0)
    if max(map(set_width, lines)) + set_width(beside) > room / _SMALLEST_PT:
        fitting = room / _SMALLEST_PT - set_width(beside)
        lines = [part for line in lines for part in title_lines(line, width=max(fitting, 4.0))]
    width = max(map(set_width, lines)) + set_width(beside)
    is_short = len(lines) == 1 and not beside and width <= _SHORT
    size = min(largest, room / (width + (0.3 * (width - 1) if is_short else 0.0)))
    return Mark(tuple(lines), beside, round(size, 2), round(0.3 * size, 2) if is_short else 0.0)
