"""The text layer of PDF files."""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO
from typing import Final

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from zhengtu.core.language.file_refusals import TEXT_CHARACTERS_AT_MOST, refused

_PAGES_AT_MOST: Final = 1000
_PAGE_BYTES_AT_MOST: Final = 8 * 1024 * 1024
_BYTES_AT_MOST: Final = 64 * 1024 * 1024
_LEAST_PER_PAGE: Final = 8
"""Fewer characters on average are page numbers or a stamp on pictures of pages, no text."""
_PAGE_NUMBER: Final = re.compile(r"[-—–－·.]{0,2} ?(?:第 ?)?\d{1,4}(?: ?页)?(?: ?/ ?\d{1,4})? ?[-—–－·.]{0,2}")
_RADICALS: Final = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")


def read_pdf(data: bytes, *, name: str) -> str:
    """The text of a PDF file line by line, page numbers left out.

    Raises:
        Refused: for one that is encrypted, damaged, has no text layer, or unpacks beyond measure.
    """
    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise refused("encrypted", name)
        pages = len(reader.pages)
        if pages > _PAGES_AT_MOST:
            raise refused("too_many_pages", name, count=pages, limit=_PAGES_AT_MOST)
        text = _pages(reader, name=name)
    except (FileNotDecryptedError, DependencyError) as error:
        raise refused("encrypted", name) from error
    except _FAULTS as error:
        raise refused("damaged", name) from error
    if len("".join(text.split())) < _LEAST_PER_PAGE * max(1, pages):
        raise refused("scanned", name)
    return text


_FAULTS: Final = (
    PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, OSError, RecursionError, OverflowError,
    AssertionError, NotImplementedError, ArithmeticError, MemoryError,
)
"""What the reading of a damaged file may run into."""


def _pages(reader: PdfReader, *, name: str) -> str:
    texts: list[str] = []
    bytes_read = characters = 0
    for page in reader.pages:
        contents = page.get_contents()
        size = 0 if contents is None else len(contents.get_data())
        bytes_read += size
        if size > _PAGE_BYTES_AT_MOST or bytes_read > _BYTES_AT_MOST:
            raise refused("bomb", name)
        text = _RADICALS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), page.extract_text())
        characters += len(text)
        if characters > TEXT_CHARACTERS_AT_MOST:
            raise refused("too_long", name, count=characters, limit=TEXT_CHARACTERS_AT_MOST)
        texts += [line for line in text.splitlines() if not _PAGE_NUMBER.fullmatch(line.strip())]
    return "\n".join(texts)
