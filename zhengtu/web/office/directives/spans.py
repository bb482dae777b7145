"""A text cut into pieces so that every proposed span can be marked, overlapping ones too."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

PART_CHARACTERS: Final = 60_000
"""How much of a long text one page shows."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A span to mark.

    Attributes:
        number: what the mark is called, e.g. the proposal's ordinal.
        css: the class of the mark.
    """

    start: int
    end: int
    number: int
    css: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters under the same spans.

    Attributes:
        start: place of its first character in the whole text.
        mark: the innermost span over it, or None.
        begins: numbers of the spans that begin here.
    """

    text: str
    start: int
    mark: Marked | None = None
    begins: Sequence[int] = ()


def pieces(text: str, spans: Iterable[Marked], *, start: int = 0, end: int | None = None) -> list[Piece]:
    """The characters from ``start`` to ``end`` in runs; joined they are that part of the text, unchanged.

    A span that reaches outside the text or the part is cut to it; where spans overlap, the shorter one shows.
    """
    last = len(text) if end is None else min(end, len(text))
    start = min(start, last)
    cut = [
        (max(span.start, start), min(span.end, last), span)
        for span in spans if max(span.start, start) < min(span.end, last)
    ]
    begins: dict[int, list[Marked]] = {}
    for first, _past, span in cut:
        begins.setdefault(first, []).append(span)
    borders = sorted({start, last, *begins, *(past for _first, past, _span in cut)})
    found, over = [], list[Marked]()
    for one, following in pairwise(borders):
        over = [span for span in over if span.end > one] + begins.get(one, [])
        inner = min(over, key=lambda span: (span.end - span.start, span.number), default=None)
        found.append(Piece(
            text=text[one:following], start=one, mark=inner,
            begins=sorted(span.number for span in begins.get(one, [])),
        ))
    return found


def part_starts(text: str, *, size: int = PART_CHARACTERS) -> list[int]:
    """Where each part of a long text begins: after the last line end within the size, or at the size itself."""
    starts = [0]
    while len(text) - starts[-1] > size:
        line_end = text.rfind("\n", starts[-1] + size // 2, starts[-1] + size)
        starts.append(line_end + 1 if line_end >= 0 else starts[-1] + size)
    return starts


def part_at(starts: Sequence[int], place: int) -> int:
    """The part, from 0, in which a place lies."""
    return max(bisect_right(starts, place) - 1, 0)


def found_span(text: str, words: str, *, near: int = 0) -> tuple[int, int] | None:
    """Where some words stand in a text, blanks and line ends aside; the first place from ``near`` on, else the first.

    None where they are not in it.
    """
    wanted = "".join(words.split())
    if not wanted:
        return None
    places = [place for place, character in enumerate(text) if not character.isspace()]
    solid = "".join(text[place] for place in places)
    at = solid.find(wanted, bisect_right(places, near - 1))
    at = at if at >= 0 else solid.find(wanted)
    return None if at < 0 else (places[at], places[at + len(wanted) - 1] + 1)
