"""Texts as they can be printed: every letter in some font, and no word longer than its line."""

from __future__ import annotations

import re
import struct
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final
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
    seen: set[bytes] = set()
    for font in fonts().fonts():
        table = _table_of(Path(font.path), font.index) if font.path is not None else b""
        # Faces of one family mostly have the same letters.
        digest = sha256(table).digest()
        if table and digest not in seen:
            seen.add(digest)
            letters |= _letters_of_table(table)
    return frozenset(letters or _CJK)


def _table_of(path: Path, index: int) -> bytes:
    """The character table (OpenType ``cmap``) of one font in a file; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            start = struct.unpack(">I", _read(file, 12 + 4 * index, 4))[0] if _read(file, 0, 4) == b"ttcf" else 0
            tables = struct.unpack(">H", _read(file, start + 4, 2))[0]
            directory = _read(file, start + 12, 16 * tables)
            for at in range(0, len(directory), 16):
                tag, _, offset, length = struct.unpack_from(">4sIII", directory, at)
                if tag == b"cmap":
                    return _read(file, offset, length)
    except (OSError, struct.error):
        return b""
    return b""


def _read(file: BinaryIO, at: int, length: int) -> bytes:
    file.seek(at)
    return file.read(length)


def _letters_of_table(table: bytes) -> set[int]:
    """The code points of a character table (formats 4 and 12); those that could be read where it is cut off."""
    letters: set[int] = set()
    try:
        records = range(struct.unpack_from(">H", table, 2)[0])
        # Several records mostly stand for one table.
        for offset in {struct.unpack_from(">I", table, 8 * at + 8)[0] for at in records}:
            kind = struct.unpack_from(">H", table, offset)[0]
            if kind == 12:
                for group in range(struct.unpack_from(">I", table, offset + 12)[0]):
                    first, last, _ = struct.unpack_from(">III", table, offset + 16 + 12 * group)
                    letters.update(range(first, min(last, 0x10FFFF) + 1))
            elif kind == 4:
                letters |= _letters_of_segments(table, offset)
    except struct.error:
        return letters
    return letters


def _letters_of_segments(data: bytes, offset: int) -> set[int]:
    doubled = struct.unpack_from(">H", data, offset + 6)[0]
    letters: set[int] = set()
    for at in range(0, doubled, 2):
        last = struct.unpack_from(">H", data, offset + 14 + at)[0]
        first = struct.unpack_from(">H", data, offset + 16 + doubled + at)[0]
        letters.update(range(first, last + 1))
    letters.discard(0xFFFF)
    return letters
