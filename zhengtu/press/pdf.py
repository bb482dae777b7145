"""A document as PDF: set by typst from values alone, so that no text is ever read as markup, nor touches a disk."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from zhengtu.press.document import Block, Document, Heading, Layout, Paragraph, Signatures, Table
from zhengtu.press.document_setting import FONTS, SETTINGS, addressed, cells_of, clean, words_of

_TEMPLATE: Final = Path(__file__).with_name("document.typ")
_SHIPPED_FONTS: Final = (
    Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
)


def to_pdf(document: Document) -> bytes:
    """Set a document.

    Raises:
        ValueError: for a table whose rows do not fit its columns.
        typst.TypstError: when no font of the machine has Chinese letters.
    """
    pdf = typst.compile(
        _TEMPLATE.read_bytes(), font_paths=_fonts(), sys_inputs={"document": json.dumps(_values(document))}
    )
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _fonts() -> typst.Fonts:
    """The machine's fonts and the one shipped with the browser's libraries."""
    return typst.Fonts(font_paths=[_SHIPPED_FONTS] if _SHIPPED_FONTS.is_dir() else [])


def _values(document: Document) -> dict[str, Any]:
    setting = SETTINGS[Layout.FORM if document.layout is Layout.FORM else Layout.OFFICIAL]
    known = set(_fonts().families())
    fonts = {role: [name for name in names if name in known] for role, names in FONTS.items()}
    return {
        "title": clean(document.title),
        "number": clean(document.number),
        "addressee": addressed(clean(document.addressee), language=document.language) if document.addressee else "",
        "issuer": clean(document.issuer),
        "dated": clean(document.dated),
        "mark": clean(document.mark),
        "is_official": document.layout is not Layout.FORM,
        "is_english": document.language.startswith("en"),
        "words": dict(words_of(document.language)),
        "setting": asdict(setting),
        "fonts": fonts,
        "blocks": [_block(block) for block in document.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": clean(block.text), "level": block.level}
        case Paragraph():
            return {
                "kind": "paragraph", "lines": clean(block.text).split("\n"),
                "is_indented": block.is_indented, "is_strong": block.is_strong,
            }
        case Table():
            return {
                "kind": "table", "caption": clean(block.caption), "has_total": bool(block.total),
                "columns": [
                    {"heading": clean(column.heading), "is_number": column.is_number, "width": column.width}
                    for column in block.columns
                ],
                "rows": cells_of(block),
            }
        case Signatures():
            return {"kind": "signatures", "parties": [clean(party) for party in block.parties]}
        case _:
            raise ValueError(f"{type(block).__name__} is not yet set in PDF")
