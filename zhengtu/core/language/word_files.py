"""The text of Word documents (.docx): paragraphs and tables in order, with the numbers that Word adds to them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import Element, ParseError, iterparse
from zipfile import BadZipFile, ZipFile

from zhengtu.core.language.file_refusals import TEXT_CHARACTERS_AT_MOST, refused
from zhengtu.core.language.word_numbering import Numbering, read_numbering

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TYPES: Final = "[Content_Types].xml"
_DOCUMENT: Final = "word/document.xml"
_XML_BYTES_AT_MOST: Final = 32 * 1024 * 1024
_UNPACKED_BYTES_AT_MOST: Final = 512 * 1024 * 1024
_ENTRIES_AT_MOST: Final = 5000
_DEEPEST: Final = 200
_COLUMNS_AT_MOST: Final = 63
_MACRO_PARTS: Final = ("vbaproject.bin", "vbadata.xml")
_FAULTS: Final = (BadZipFile, ParseError, KeyError, ValueError, zlib.error, EOFError, OSError, NotImplementedError)


def is_word_package(data: bytes, *, name: str) -> bool:
    """Whether a ZIP file is a Word document.

    Raises:
        Refused: for one with macros, one that unpacks beyond measure, and a damaged one.
    """
    try:
        with ZipFile(BytesIO(data)) as package:
            entries = package.infolist()
            if len(entries) > _ENTRIES_AT_MOST or sum(entry.file_size for entry in entries) > _UNPACKED_BYTES_AT_MOST:
                raise refused("bomb", name)
            names = {entry.filename for entry in entries}
            if _TYPES not in names or _DOCUMENT not in names:
                return False
            types = _part(package, _TYPES, name=name)
            if b"macroEnabled" in types or any(one.lower().endswith(_MACRO_PARTS) for one in names):
                raise refused("macros", name)
            if any(entry.flag_bits & 1 for entry in entries):
                raise refused("encrypted", name)
            return True
    except _FAULTS as error:
        raise refused("damaged", name) from error


def read_word(data: bytes, *, name: str) -> str:
    """The text of a Word document, one line for each paragraph and each row of a table.

    Raises:
        Refused: for one that unpacks beyond measure or is damaged.
    """
    lines: list[str] = []
    characters = 0
    try:
        with ZipFile(BytesIO(data)) as package:
            numbering = read_numbering({
                part: _part(package, f"word/{part}.xml", name=name)
                for part in ("numbering", "styles") if f"word/{part}.xml" in package.namelist()
            })
            for line in _lines(_part(package, _DOCUMENT, name=name), numbering):
                lines.append(line)
                characters += len(line) + 1
                if characters > TEXT_CHARACTERS_AT_MOST:
                    raise refused("too_long", name, count=characters, limit=TEXT_CHARACTERS_AT_MOST)
    except _FAULTS as error:
        raise refused("damaged", name) from error
    return "\n".join(lines)


def _part(package: ZipFile, part: str, *, name: str) -> bytes:
    with package.open(part) as stream:
        content = stream.read(_XML_BYTES_AT_MOST + 1)
    if len(content) > _XML_BYTES_AT_MOST or b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content[:65536]:
        raise refused("bomb", name)
    return content


def _lines(content: bytes, numbering: Numbering) -> Iterator[str]:
    """Lines of the body, each of its blocks dropped once it is read."""
    depth = 0
    for event, element in iterparse(BytesIO(content), events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise ValueError("elements are nested too deeply")
        if event == "end" and depth == 2:
            yield from _block(element, numbering)
            element.clear()


def _block(element: Element, numbering: Numbering) -> Iterator[str]:
    if element.tag == f"{W}p":
        yield from _paragraph(element, numbering).split("\n")
    elif element.tag == f"{W}tbl":
        above: dict[int, str] = {}
        for row in _rows(element):
            yield "\t".join(_cells(row, numbering, above))
    elif element.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
        for child in element:
            yield from _block(child, numbering)


def _rows(table: Element) -> Iterator[list[Element]]:
    for row in table.iter(f"{W}tr"):
        yield list(row.iter(f"{W}tc"))


def _cells(row: list[Element], numbering: Numbering, above: dict[int, str]) -> list[str]:
    """The texts of a row, one for each column; a cell that goes on from the row above has the text of that one."""
    texts: list[str] = []
    for cell in row:
        text, column = _cell(cell, numbering), len(texts)
        merged = cell.find(f"{W}tcPr/{W}vMerge")
        if merged is not None and merged.get(f"{W}val", "continue") == "continue" and not text:
            text = above.get(column, "")
        above[column] = text
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        width = span.get(f"{W}val", "1") if span is not None else "1"
        wide = int(width) if width.isascii() and width.isdigit() and len(width) < 4 else 1
        texts += [text, *[""] * (min(wide, _COLUMNS_AT_MOST) - 1)]
    return texts


def _cell(cell: Element, numbering: Numbering) -> str:
    parts = [_paragraph(paragraph, numbering) for paragraph in cell.iter(f"{W}p")]
    return " ".join(part for part in parts if part.strip()).replace("\n", " ").replace("\t", " ")


def _paragraph(paragraph: Element, numbering: Numbering) -> str:
    return numbering.number(paragraph) + "".join(_words(paragraph)).strip(" \t")


def _words(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag == f"{W}tab":
            yield " "
        elif child.tag in (f"{W}br", f"{W}cr"):
            yield "\n"
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"
        elif child.tag not in (f"{W}pPr", f"{W}rPr", f"{W}del", f"{W}moveFrom", _FALLBACK):
            yield from _words(child)
