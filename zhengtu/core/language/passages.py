"""A text as passages: paragraphs made plain, each character of which knows its place in the text."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_TERMINAL: Final = "。！？；：…”）】.!?;:)"
_FULL_LINES: Final = 4
"""So many lines of about the same width, all broken off in a sentence, make a text that was wrapped by hand."""
_WRAP_COLUMNS: Final = (30, 130)
_WIDE: Final = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_NARROW_MARKS: Final = {"(": "（", ")": "）", ",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "/": "、"}
_ONE_FOR_ONE: Final = {
    **_WIDE, ord("["): "【", ord("]"): "】", ord("％"): "%", ord("\u3000"): " ", ord("\xa0"): " ", ord("﹑"): "、",
    ord("﹐"): "，", ord("﹔"): "；", ord("﹕"): "：", ord("／"): "、", ord("－"): "-",
}
_BLANKS: Final = re.compile(r"[ \u200b\ufeff\r\f\v\n]+")
_ORDINAL_START: Final = re.compile(
    r"[ \u3000]*(?:[一二三四五六七八九十]{1,3}[、是要]|[（(][一二三四五六七八九十\d]{1,3}[)）]"
    r"|\d{1,3}[．、.]|第[一二三四五六七八九十]|[①-⑳])"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph or one row of a table, with half-width digits, full-width marks and no blanks among Chinese.

    Attributes:
        text: the plain words; a tab between the cells of a row.
        places: for each character of ``text`` its place in the text that was read.
    """

    text: str
    places: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """First and past-the-last character in the text that was read, for a stretch of this passage.

        Raises:
            ValueError: for an empty stretch.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError("a span holds at least one character")
        return self.places[start], self.places[end - 1] + 1


def passages_of(text: str) -> Iterator[Passage]:
    """The paragraphs of the text in order; lines that were wrapped by hand are put together again."""
    for start, end in _paragraphs(text):
        passage = _plain(text, start, end)
        if passage.text:
            yield passage


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in re.finditer(r"\r\n|[\n\r\u2028\u2029\x0b\x0c\x85]", text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    lines = list(_lines(text))
    width = _wrapped_at(text, lines)
    open_at: int | None = None
    for number, (start, end) in enumerate(lines):
        first = start if open_at is None else open_at
        joined = width and number + 1 < len(lines) and _runs_on(text, lines[number], lines[number + 1], width=width)
        if joined:
            open_at = first
            continue
        open_at = None
        yield first, end


def _wrapped_at(text: str, lines: Sequence[tuple[int, int]]) -> int:
    """The width in columns at which the lines were wrapped; 0 where they were not."""
    broken = [
        columns for start, end in lines
        if (columns := _columns(text, start, end)) and text[start:end].rstrip()[-1:] not in _TERMINAL
    ]
    if len(broken) < _FULL_LINES:
        return 0
    width = sorted(broken)[-max(1, len(broken) // 10)]
    full = [columns for columns in broken if width - 6 <= columns <= width + 6]
    longest = max(_columns(text, start, end) for start, end in lines)
    is_wrapped = len(full) >= max(_FULL_LINES, len(broken) // 3) and longest <= width + 8
    return width if is_wrapped and _WRAP_COLUMNS[0] <= width <= _WRAP_COLUMNS[1] else 0


def _columns(text: str, start: int, end: int) -> int:
    """Columns of a line, Chinese counted as two; a very long line is as long as its beginning."""
    shown = text[start : min(end, start + 200)].strip()
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in shown)


def _runs_on(text: str, line: tuple[int, int], after: tuple[int, int], *, width: int) -> bool:
    if _columns(text, *line) < width - 6 or text[line[0] : line[1]].rstrip()[-1:] in _TERMINAL:
        return False
    follows = text[after[0] : min(after[1], after[0] + 12)]
    return bool(follows.strip()) and "\t" not in text[line[0] : after[1]] and not _ORDINAL_START.match(follows)


def _plain(text: str, start: int, end: int) -> Passage:
    raw = _row(text[start:end].translate(_ONE_FOR_ONE))
    kept: list[str] = []
    places = array("q")
    past = 0
    for blank in _BLANKS.finditer(raw):
        _keep(raw, past, blank.start(), kept, places, start)
        before, behind = raw[blank.start() - 1 : blank.start()], raw[blank.end() : blank.end() + 1]
        if before and behind and before < "\u2e80" and behind < "\u2e80" and "\t" not in (before, behind):
            kept.append(" ")
            places.append(start + blank.start())
        past = blank.end()
    _keep(raw, past, len(raw), kept, places, start)
    plain = _marks("".join(kept))
    stripped = plain.strip("\t ")
    stripped = plain.rstrip("\t ") if "\t" in stripped else stripped  # a row may begin with an empty cell
    offset = plain.find(stripped) if stripped else 0
    return Passage(stripped, places[offset : offset + len(stripped)])


def _row(raw: str) -> str:
    """A row of a table drawn with bars, its cells parted by tabs; anything else as it is."""
    shown = raw.strip()
    if len(shown) < 3 or shown[0] != "|" or shown[-1] != "|":
        return raw
    first, last = raw.index("|"), raw.rindex("|")
    return raw[:first] + " " + raw[first + 1 : last].replace("|", "\t") + " " + raw[last + 1 :]


def _keep(raw: str, start: int, end: int, kept: list[str], places: array[int], offset: int) -> None:
    if end > start:
        kept.append(raw[start:end])
        places.extend(range(offset + start, offset + end))


def _marks(text: str) -> str:
    """Half-width marks beside Chinese become full-width, one for one."""
    def wide(found: re.Match[str]) -> str:
        at = found.start()
        around = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
        return _NARROW_MARKS[found[0]] if any(one >= "\u2e80" for one in around) or found[0] in "()" else found[0]

    return re.sub(r"[(),;:?!/]", wide, text)
