"""What Word and PDF share in setting a document: measures of GB/T 9704-2012, fonts with substitutes, clean texts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from zhengtu.press.document import Layout, Table

_FILE: Final = Path(__file__).with_name("document_words.json")
_DATA: Final[Mapping[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
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


SETTINGS: Final[Mapping[Layout, Setting]] = {
    # Type area 156 × 225 mm: 22 lines of 28 characters of 16 points.
    Layout.OFFICIAL: Setting(
        top_mm=37, bottom_mm=35, left_mm=28, right_mm=26, title_pt=22, body_pt=16, table_pt=12,
        line_pt=28.95, tracking_pt=-0.21, body="fang_song", title="song_title", headings=("hei", "kai", "fang_song"),
    ),
    Layout.FORM: Setting(
        top_mm=24, bottom_mm=22, left_mm=24, right_mm=22, title_pt=18, body_pt=12, table_pt=10.5,
        line_pt=21, tracking_pt=0, body="plain", title="plain", headings=("plain", "plain", "plain"),
    ),
}


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
