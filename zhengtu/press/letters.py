"""Texts as they can be printed: every letter in some font, and no word longer than its line."""

from __future__ import annotations

import re
import struct
from functools import cache
from pathlib import Path
from typing import Final
from unicodedata import category

from zhengtu.press.document_setting import clean, words_of
from zhengtu.press.typesetting import fonts

_LINE_HOLDS: Final = 40
_MAY_BREAK: Final = "\u200b"
_RUN: Final = re.compile(r"[^\s\u2e80-\uffff]{2,}")
_ALWAYS: Final = frozenset(map(ord, "\n\t\u200b\u200d\u3000\u00a0 "))
_CJK: Final = range(0x4E00, 0x9FA6)


def shown(text: str, *, longest: int = _LINE_HOLDS) -> str:
    """A text that the typesetter can set: letters that no font has are replaced by the printers' sign for them.

    Args:
        longest: letters of a Latin word or number after which it may be broken.
    """
    missing = words_of("zh-Hans")["missing_letter"]
    known = printable_letters()
    whole = "".join(
        letter if letter.isascii() or _is_printable(letter, known) else missing
        for letter in clean(text).replace("\t", " ")
    )
    return _RUN.sub(lambda run: _broken(run.group(), longest), whole)


def _is_printable(letter: str, known: frozenset[int]) -> bool:
    """Whether a font has the letter; letters of private use mean something else in every font."""
    return ord(letter) in _ALWAYS or (ord(letter) in known and category(letter) != "Co")


def _broken(run: str, longest: int) -> str:
    if len(run) <= longest:
        return run
    return _MAY_BREAK.join(run[at : at + longest] for at in range(0, len(run), longest))


@cache
def printable_letters() -> frozenset[int]:
    """Code points that some font of the typesetter has; the common Chinese letters where no table can be read."""
    letters: set[int] = set()
    for font in fonts().fonts():
        if font.path is not None:
            letters |= _letters_of(Path(font.path), font.index)
    return frozenset(letters or _CJK)


@cache
def _letters_of(path: Path, index: int) -> frozenset[int]:
    """The code points of the character table of one font in a file (OpenType ``cmap``, formats 4 and 12)."""
    try:
        data = path.read_bytes()
        start = struct.unpack_from(">I", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
        tables = struct.unpack_from(">H", data, start + 4)[0]
        for at in range(tables):
            tag, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * at)
            if tag == b"cmap":
                return _letters_of_table(data, offset)
    except (OSError, struct.error):
        return frozenset()
    return frozenset()


def _letters_of_table(data: bytes, start: int) -> frozenset[int]:
    letters: set[int] = set()
    for at in range(struct.unpack_from(">H", data, start + 2)[0]):
        offset = start + struct.unpack_from(">I", data, start + 4 + 8 * at + 4)[0]
        kind = struct.unpack_from(">H", data, offset)[0]
        if kind == 12:
            for group in range(struct.unpack_from(">I", data, offset + 12)[0]):
                first, last, _ = struct.unpack_from(">III", data, offset + 16 + 12 * group)
                letters.update(range(first, min(last, 0x10FFFF) + 1))
        elif kind == 4:
            letters |= _letters_of_segments(data, offset)
    return frozenset(letters)


def _letters_of_segments(data: bytes, offset: int) -> set[int]:
    doubled = struct.unpack_from(">H", data, offset + 6)[0]
    letters: set[int] = set()
    for at in range(0, doubled, 2):
        last = struct.unpack_from(">H", data, offset + 14 + at)[0]
        first = struct.unpack_from(">H", data, offset + 16 + doubled + at)[0]
        letters.update(range(first, last + 1))
    letters.discard(0xFFFF)
    return letters
