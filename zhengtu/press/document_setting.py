"""What Word and PDF share in setting a document: measures of GB/T 9704-2012, fonts with substitutes, clean texts."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from zhengtu.press.document import Document, Layout, Table

_FILE: Final = Path(__file__).with_name("document_words.json")
_DATA: Final[Mapping[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
_MM_PER_POINT: Final = 25.4 / 72
_NOT_FOR_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

FONTS: Final[Mapping[str, tuple[str, ...]]] = {role: tuple(names) for role, names in _DATA["fonts"].items()}
"""Fonts of each role: the standard's first, then what may stand for it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Measures of a layout: margins in mm, sizes and line pitch in points, fonts by role."""

    top_mm: float
    bottom_mm: float
    left_mm: float
    right_mm: float
    title_pt: float
    body_pt: float
    table_pt: float
    line_pt: float
    tracking_pt: float
    body: str
    title: str
    headings: tuple[str, ...]

    @property
    def width_mm(self) -> float:
        """Width of the type area."""
        return 210.0 - self.left_mm - self.right_mm

    @property
    def width_pt(self) -> float:
        """Width of the type area in points."""
        return self.width_mm / _MM_PER_POINT

    @property
    def title_width(self) -> float:
        """How many characters a line of the title holds."""
        return math.floor(self.width_pt / self.title_pt)


# Type area 156 × 225 mm: 22 lines of 28 characters of 16 points. The pitch leaves the last line its 0.04 pt.
_STANDARD: Final = Setting(
    top_mm=37, bottom_mm=35, left_mm=28, right_mm=26, title_pt=22, body_pt=16, table_pt=12,
    line_pt=28.95, tracking_pt=-0.21, body="fang_song", title="song_title",
    headings=("hei", "kai", "fang_song", "fang_song"),
)
_PLAIN: Final = Setting(
    top_mm=24, bottom_mm=22, left_mm=24, right_mm=22, title_pt=18, body_pt=12, table_pt=10.5,
    line_pt=21, tracking_pt=0, body="plain", title="plain", headings=("plain", "plain", "plain", "plain"),
)


def setting_of(layout: Layout) -> Setting:
    """The measures of a layout: those of the standard for all but the plain form."""
    return _PLAIN if layout is Layout.FORM else _STANDARD


def document_words() -> Mapping[str, Any]:
    """Fonts, words and rules of breaking that go with the setting, as ``document_words.json`` has them."""
    return _DATA


def words_of(language: str) -> Mapping[str, str]:
    """The few words that the setting itself adds, in the document's language."""
    words: Mapping[str, Mapping[str, str]] = _DATA["words"]
    return words["en" if language.startswith("en") else "zh-Hans"]


def clean(text: str) -> str:
    """The text without characters that neither Word nor PDF can hold; line ends as ``\\n``."""
    return _NOT_FOR_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def addressed(addressee: str, *, language: str) -> str:
    """The addressee with the colon that follows it."""
    colon = words_of(language)["colon"]
    return f"{addressee.rstrip(':' + colon)}{colon}"


def cells_of(table: Table) -> tuple[tuple[str, ...], ...]:
    """The rows with as many cells as there are columns, the total last.

    Raises:
        ValueError: for a table without columns, or a row with too many or too few cells.
    """
    if not table.columns:
        raise ValueError("a table needs columns")
    rows: list[Sequence[str]] = [*table.rows, *([table.total] if table.total else [])]
    for row in rows:
        if len(row) != len(table.columns):
            raise ValueError(f"a row of {len(row)} cells in a table of {len(table.columns)} columns")
    return tuple(tuple(clean(cell) for cell in row) for row in rows)


def set_width(text: str) -> float:
    """How wide a text is, in Chinese characters: others count half."""
    return sum(1.0 if ord(letter) > 0x2E7F or letter in "\u2014\u2026\u201c\u201d\u3000" else 0.5 for letter in text)


def attachment_lines(document: Document) -> tuple[tuple[str, str], ...]:
    """The list of attachments after the text: what begins each line, and the title; one alone bears no number."""
    words = words_of(document.language)
    head = f"{words['attachment']}{words['colon']}"
    lines = []
    for at, attachment in enumerate(document.attachments, start=1):
        number = words["attachment_number"].format(number=at) if len(document.attachments) > 1 else ""
        lines.append(((head if at == 1 else "\u3000" * round(set_width(head))) + number, clean(attachment.title)))
    return tuple(lines)


def attachment_name(document: Document, at: int) -> str:
    """What stands over the attachment with that index on its own page."""
    word = words_of(document.language)["attachment"]
    return f"{word}{at + 1}" if len(document.attachments) > 1 else word


def imprint_lines(document: Document) -> tuple[tuple[str, str], ...]:
    """The rows at the foot of the last page, left and right: addressees, copies, and who printed it when."""
    held, words = document.distribution, words_of(document.language)
    if held is None:
        return ()
    rows = [
        (f"{words[word]}{words['colon']}{clean(text).rstrip(words['full_stop'])}{words['full_stop']}", "")
        for word, text in (("sent_to", held.sent_to), ("copies_to", held.copies_to)) if text
    ]
    # A letter names neither who printed it nor when.
    if document.layout is not Layout.LETTER and (held.printed_by or held.printed_on):
        printed_on = words["printed_on"].format(date=clean(held.printed_on)) if held.printed_on else ""
        rows.append((clean(held.printed_by), printed_on))
    return tuple(rows)
