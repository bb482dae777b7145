"""A title in balanced lines, as GB/T 9704-2012 wants: like a trapezium or a lozenge, and no word broken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Final

from zhengtu.press.document_setting import clean, document_words, set_width

_PIECES: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[A-Za-z][A-Za-z'’-]*|\s+|.", re.S)
_WORST: Final = 1e18
_LONG_TITLE: Final = 240


def title_lines(title: str, *, width: float) -> tuple[str, ...]:
    """The lines of a title.

    Args:
        title: its text; where it has line ends of its own, these are kept and only what is too long is broken.
        width: of a line, in Chinese characters.
    """
    lines: list[str] = []
    for part in clean(title).split("\n"):
        if part.strip():
            lines += _balanced(part.strip(), width=width)
    return tuple(lines)


def _balanced(text: str, *, width: float) -> list[str]:
    whole = set_width(text)
    if whole <= width:
        return [text]
    if len(text) > _LONG_TITLE:
        return _greedy(_tokens(text), width=width)
    tokens = _tokens(text)
    fewest = int(-(-whole // width))
    best: tuple[float, list[str]] = (_WORST, [])
    for count in (fewest, fewest + 1):
        best = min(best, _broken(tokens, count=count, width=width, extra=40.0 * (count - fewest)), key=lambda it: it[0])
    return best[1] or _greedy(tokens, width=width)


def _broken(tokens: Sequence[str], *, count: int, width: float, extra: float) -> tuple[float, list[str]]:
    """The cheapest way into exactly so many lines, by lines from the left; an infinite cost where none fits."""
    aim = sum(map(set_width, tokens)) / count
    table: dict[tuple[int, int], list[tuple[float, tuple[int, ...]]]] = {(0, 0): [(extra, (0,))]}
    for line in range(1, count + 1):
        for end in range(line, len(tokens) + 1):
            if line == count and end != len(tokens):
                continue
            options = []
            for start in range(line - 1, end):
                wide = set_width("".join(tokens[start:end]).strip())
                if wide > width or (start, line - 1) not in table:
                    continue
                cost = (wide - aim) ** 2 + (_price(tokens, end) if end < len(tokens) else 0.0)
                options += [(cost + before, (*ends, end)) for before, ends in table[start, line - 1]]
            if options:
                table[end, line] = sorted(options)[:12]
    ways = []
    for cost, ends in table.get((len(tokens), count), ()):
        lines = ["".join(tokens[start:end]).strip() for start, end in pairwise(ends)]
        ways.append((cost + _shape(lines), lines))
    return min(ways, key=lambda way: way[0], default=(_WORST, []))


def _price(tokens: Sequence[str], at: int) -> float:
    """What it costs to end a line before the token at that place."""
    breaks = document_words()["title_breaks"]
    last, first = tokens[at - 1], tokens[at]
    if first[0] in breaks["not_first"] or last[-1] in breaks["not_last"]:
        return 400.0
    if last[-1] in breaks["after"]:
        return -6.0
    if last[-1].isdigit() or (first[0].isdigit() and not last.isspace()):
        return 120.0
    return 0.0 if len(last) > 1 and len(first) > 1 else 14.0


def _shape(lines: Sequence[str]) -> float:
    """What the outline costs: an hourglass is not wanted, nor lines that are all equally long."""
    widths = [set_width(line) for line in lines]
    triples = zip(widths, widths[1:], widths[2:], strict=False)
    if any(middle < min(before, after) - 1 for before, middle, after in triples):
        return 90.0
    return 4.0 if max(widths) - min(widths) < 0.5 else 0.0


def _greedy(tokens: Sequence[str], *, width: float) -> list[str]:
    """Lines as full as they go; a word longer than a line is broken."""
    lines = [""]
    for token in tokens:
        for piece in [token] if set_width(token) <= width else list(token):
            if set_width((lines[-1] + piece).strip()) > width:
                lines[-1] = lines[-1].strip()
                lines.append("")
            lines[-1] += piece
    return [line for line in (line.strip() for line in lines) if line]


def _tokens(text: str) -> list[str]:
    """Words that stay whole: numbers, Latin words, and the known words of titles, the longest first."""
    tokens: list[str] = []
    at = 0
    known, longest, kept = _known_words()
    while at < len(text):
        found = kept.match(text, at) or _PIECES.match(text, at)
        length = len(found.group()) if found else 1
        for more in range(min(longest, len(text) - at), length, -1):
            if text[at : at + more] in known:
                length = more
                break
        tokens.append(text[at : at + length])
        at += length
    return tokens


@cache
def _known_words() -> tuple[frozenset[str], int, re.Pattern[str]]:
    """The words, how long the longest is, and how numbers with what they count look."""
    breaks: Any = document_words()["title_breaks"]
    words = frozenset(breaks["whole"])
    return words, max(map(len, words)), re.compile(breaks["kept_whole"])
