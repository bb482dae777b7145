"""Measuring documents as they lie on paper: words of a PDF with their places, and Word files through LibreOffice."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

MM = 72 / 25.4
LEFT_MM, RIGHT_MM, TOP_MM, BOTTOM_MM = 28.0, 184.0, 37.0, 262.0
"""Edges of the type area of GB/T 9704-2012, from the paper's upper left corner."""
_WORD = re.compile(r'<word xMin="([^"]+)" yMin="([^"]+)" xMax="([^"]+)" yMax="([^"]+)">(.*?)</word>')


@dataclass(frozen=True)
class Word:
    """A run of letters and its box in millimetres from the upper left corner of its page."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def pages_of(pdf: bytes, folder: Path) -> list[list[Word]]:
    """The words of every page."""
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext (on Debian: apt-get install poppler-utils)")
    path = folder / "measured.pdf"
    path.write_bytes(pdf)
    said = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True).stdout
    return [
        [
            Word(*(float(number) / MM for number in found[:4]), text=html.unescape(found[4]))
            for found in _WORD.findall(page)
        ]
        for page in said.split("<page ")[1:]
    ]


def lines_of(words: list[Word]) -> list[tuple[float, float, float, str]]:
    """Top, left, right and text of each line within the type area."""
    rows: dict[float, list[Word]] = defaultdict(list)
    for word in words:
        if word.top > TOP_MM - 1 and word.bottom < BOTTOM_MM + 1.5:
            rows[next((top for top in rows if abs(top - word.top) < 1), word.top)].append(word)
    return [
        (top, min(w.left for w in row), max(w.right for w in row), "".join(w.text for w in sorted(row, key=_left)))
        for top, row in sorted(rows.items())
    ]


def _left(word: Word) -> float:
    return word.left


def through_libreoffice(docx: bytes, folder: Path) -> bytes:
    """A Word file as LibreOffice prints it; the test is skipped where there is none."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("needs LibreOffice (on Debian: apt-get install libreoffice-writer)")
    path = folder / "document.docx"
    path.write_bytes(docx)
    subprocess.run(
        [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", str(folder), str(path)],
        capture_output=True, check=True, timeout=180,
    )
    return (folder / "document.pdf").read_bytes()
