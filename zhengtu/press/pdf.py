"""A document as PDF: set by typst from values alone, so that no text is ever read as markup, nor touches a disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from zhengtu.press.chart import BarChart, LineChart, RankingChart, SpanChart
from zhengtu.press.chart_drawing import chart_plan
from zhengtu.press.document import (
    Block,
    Document,
    FieldGrid,
    Heading,
    LabelledText,
    Layout,
    OfficialHead,
    Paragraph,
    Signatures,
    Table,
)
from zhengtu.press.document_head import mark_of
from zhengtu.press.document_setting import (
    addressed,
    attachment_lines,
    attachment_name,
    cells_of,
    clean,
    imprint_lines,
    set_width,
    setting_of,
    words_of,
)
from zhengtu.press.letters import shown
from zhengtu.press.table_fitting import table_setting
from zhengtu.press.title_lines import title_lines
from zhengtu.press.typesetting import fonts_of_roles, is_title_set_bold, typeset

_TEXT_SIZE: Final = 0.5
_CELL_INSETS_PT: Final = 8.0
_LABEL_PT: Final = 78.0
_LABEL_HOLDS: Final = 8
_HALF_FIELD_PT: Final = 6
_LINES: Final = 20


def to_pdf(document: Document) -> bytes:
    """Set a document; the same value gives the same bytes.

    Raises:
        ValueError: for a table whose rows do not fit its columns.
        typst.TypstError: when no font of the machine has Chinese letters.
    """
    return typeset("document.typ", _values(document), name="document")


def _values(document: Document) -> dict[str, Any]:
    setting = setting_of(document.layout)
    words = words_of(document.language)
    return {
        "layout": document.layout,
        "title": clean(document.title).replace("\n", ""),
        "title_lines": [shown(line) for line in title_lines(document.title, width=setting.title_width)],
        "subtitle": shown(document.subtitle),
        "number": shown(document.number),
        "addressee": shown(addressed(document.addressee, language=document.language)) if document.addressee else "",
        "issuer": shown(document.issuer),
        "dated": shown(document.dated),
        "mark": shown(document.mark),
        "watermark": shown(document.watermark),
        "note": shown(words["note"].format(note=document.note)) if document.note else "",
        "head": _head(document.head, layout=document.layout),
        "is_sealed": document.is_sealed,
        "is_standard": document.layout is not Layout.FORM,
        "is_english": document.language.startswith("en"),
        "is_title_bold": is_title_set_bold(),
        "words": dict(words),
        "setting": asdict(setting),
        "fonts": dict(fonts_of_roles()),
        "blocks": _blocks(document.blocks, document=document),
        "attachment_lines": [(before, shown(title)) for before, title in attachment_lines(document)],
        "attachments": [
            {
                "name": attachment_name(document, at),
                "title_lines": [shown(line) for line in title_lines(one.title, width=setting.title_width)],
                "blocks": _blocks(one.blocks, document=document),
            }
            for at, one in enumerate(document.attachments) if one.blocks
        ],
        "imprint": [(shown(before), shown(after)) for before, after in imprint_lines(document)],
    }


def _head(head: OfficialHead | None, *, layout: Layout) -> dict[str, Any] | None:
    if head is None:
        return None
    mark = mark_of(head, layout=layout)
    texts = {
        name: shown(getattr(head, name))
        for name in ("issue", "issued_by", "issued_on", "signer", "copy_number", "secrecy", "urgency")
    }
    return texts | {
        "marks": [shown(line) for line in mark.lines], "beside": shown(mark.beside), "mark_pt": mark.size_pt,
        "mark_tracking": mark.tracking_pt,
    }


def _blocks(blocks: Sequence[Block], *, document: Document) -> list[dict[str, Any]]:
    return [_block(block, document=document) for block in blocks]


def _block(block: Block, *, document: Document) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": shown(block.text), "level": block.level}
        case Paragraph():
            return {
                "kind": "paragraph", "lines": shown(block.text).split("\n"),
                "is_indented": block.is_indented, "is_strong": block.is_strong,
            }
        case LabelledText():
            return {"kind": "labelled", "label": shown(block.label), "text": shown(block.text)}
        case Table():
            return _table(block, document=document)
        case FieldGrid():
            return _field_grid(block, document=document)
        case BarChart() | LineChart() | RankingChart() | SpanChart():
            return chart_plan(block)
        case Signatures():
            return {"kind": "signatures", "parties": [shown(party) for party in block.parties]}


def _table(block: Table, *, document: Document) -> dict[str, Any]:
    setting, words = setting_of(document.layout), words_of(document.language)
    cells = cells_of(block)
    fitted = table_setting(block, width_pt=setting.width_pt, size_pt=setting.table_pt, sides_pt=_CELL_INSETS_PT)
    limits = [max(2, int((width - _CELL_INSETS_PT) / (_TEXT_SIZE * fitted.size_pt))) for width in fitted.widths_pt]
    return {
        "kind": "table", "size_pt": fitted.size_pt, "caption": shown(block.caption), "has_total": bool(block.total),
        "unit": shown(words["unit"].format(unit=block.unit)) if block.unit else "",
        "columns": [
            {"heading": shown(column.heading, longest=limit), "is_number": column.is_number, "width": width}
            for column, limit, width in zip(block.columns, limits, fitted.widths_pt, strict=True)
        ],
        "rows": [
            {
                "cells": [shown(cell, longest=limit) for cell, limit in zip(row, limits, strict=True)],
                # Half letters of a line stand as many as the limit says; a row of too many lines has to be split.
                "is_long": any(2 * set_width(cell) > _LINES * limit for cell, limit in zip(row, limits, strict=True)),
            }
            for row in cells
        ],
    }


def _field_grid(block: FieldGrid, *, document: Document) -> dict[str, Any]:
    width_pt = setting_of(document.layout).width_pt
    rows = []
    for row in block.rows:
        if not row:
            continue
        limit = max(2, int((width_pt / len(row) - _LABEL_PT) / _HALF_FIELD_PT))
        rows.append({
            "is_long": any(
                2 * set_width(field.text) > _LINES * limit or 2 * set_width(field.label) > _LINES * _LABEL_HOLDS
                for field in row
            ),
            "fields": [
                {
                    "label": shown(field.label, longest=_LABEL_HOLDS), "lines": field.lines,
                    "paragraphs": shown(field.text, longest=limit).split("\n"),
                }
                for field in row
            ],
        })
    return {"kind": "grid", "rows": rows}
