"""Tables and ruled forms in Word, and the rows at the foot of the last page."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from zhengtu.press.document import Document, FieldGrid, FormField, Layout, Table
from zhengtu.press.document_setting import Setting, cells_of, clean, imprint_lines, words_of
from zhengtu.press.table_fitting import table_setting
from zhengtu.press.word_setting import RED, add_picture, put_at_foot, rules_picture, set_fonts

_TWIPS_PER_PT: Final = 20
_SIDE_TWIPS: Final = 80
_LABEL_PT: Final = 66
_FIELD_PT: Final = 12.0
_FIELD_LINE_PT: Final = 19.0
_IMPRINT_PT: Final = 14.0
_IMPRINT_LINE_PT: Final = 22.0
_FIRST_RULE_MM: Final = 0.35
_INNER_RULE_MM: Final = 0.25


def write_table(word: WordDocument, block: Table, setting: Setting, source: Document) -> None:
    """A table with its caption over it; the heading repeats on every page and no row is split.

    Raises:
        ValueError: for a table without columns, or a row with too many or too few cells.
    """
    is_standard, words = source.layout is not Layout.FORM, words_of(source.language)
    if block.caption:
        caption = word.add_paragraph()
        caption.alignment, caption.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
        run = caption.add_run(clean(block.caption))
        set_fonts(run._r.get_or_add_rPr(), "hei", is_standard=is_standard)
        run.font.size = Pt(setting.table_pt + (2 if is_standard else 1))
    if block.unit:
        unit = word.add_paragraph()
        unit.alignment, unit.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.RIGHT, True
        unit.paragraph_format.line_spacing = Pt(setting.table_pt * 1.6)
        unit.add_run(clean(words["unit"].format(unit=block.unit))).font.size = Pt(setting.table_pt)
    rows = cells_of(block)
    table: Any = word.add_table(rows=0, cols=len(block.columns), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _set_side_margins(table)
    fitted = table_setting(
        block, width_pt=setting.width_pt, size_pt=setting.table_pt, sides_pt=2 * _SIDE_TWIPS / _TWIPS_PER_PT
    )
    setting, widths = replace(setting, table_pt=fitted.size_pt), [Pt(width) for width in fitted.widths_pt]
    texts = (tuple(clean(column.heading) for column in block.columns), *rows)
    for at, cells in enumerate(texts):
        row = table.add_row()
        _keep_row_whole(row, is_heading=at == 0)
        is_strong = bool(block.total) and at == len(texts) - 1
        for cell, text, column, width in zip(row.cells, cells, block.columns, widths, strict=True):
            cell.width = width
            alignment = WD_ALIGN_PARAGRAPH.RIGHT if column.is_number else None
            _write_cell(
                cell, text, setting, alignment=WD_ALIGN_PARAGRAPH.CENTER if at == 0 else alignment,
                font="hei" if at == 0 else "", is_standard=is_standard, is_strong=is_strong,
            )
    if not rows:
        cells = table.add_row().cells
        whole = cells[0].merge(cells[-1])
        _write_cell(
            whole, words["nothing"], setting, alignment=WD_ALIGN_PARAGRAPH.CENTER, font="", is_standard=is_standard,
            is_strong=False,
        )
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    space(word, points=6)


def _write_cell(
    cell: Any, text: str, setting: Setting, *, alignment: WD_ALIGN_PARAGRAPH | None, font: str, is_standard: bool,
    is_strong: bool,
) -> None:
    cell.vertical_alignment = 1
    paragraph = cell.paragraphs[0]
    _stand_free(paragraph)
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(setting.table_pt * 1.4)
    form.space_before = form.space_after = Pt(2)
    if alignment is not None:
        paragraph.alignment = alignment
    run = paragraph.add_run(text)
    run.font.size = Pt(setting.table_pt)
    if font:
        set_fonts(run._r.get_or_add_rPr(), font, is_standard=is_standard)
    run.bold = is_strong or None


def _stand_free(paragraph: WordParagraph) -> None:
    """The lines of a cell do not keep to the grid of the page."""
    element = OxmlElement("w:snapToGrid")
    element.set(qn("w:val"), "0")
    paragraph._p.get_or_add_pPr().insert_element_before(
        element, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr"
    )


def write_field_grid(word: WordDocument, block: FieldGrid, setting: Setting, source: Document) -> None:
    """A ruled form: each row of fields over the whole width, labels in bold face."""
    rows = [list(row) for row in block.rows if row]
    if not rows:
        return
    colour = RED if source.layout is Layout.RED_SLIP else "000000"
    edges = [_edges(len(row), width_pt=setting.width_pt) for row in rows]
    places = sorted({place for row in edges for place in row})
    table: Any = word.add_table(rows=0, cols=len(places) - 1, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _set_side_margins(table)
    _colour_rules(table, colour)
    for column, (left, right) in zip(table.columns, pairwise(places), strict=True):
        column.width = Pt(right - left)
    for fields, own in zip(rows, edges, strict=True):
        row = table.add_row()
        if max(len(field.text) for field in fields) < 1500:
            _keep_row_whole(row, is_heading=False)
        cells = row.cells
        for at in range(2 * len(fields)):
            first, last = places.index(own[at]), places.index(own[at + 1]) - 1
            cell = cells[first].merge(cells[last]) if last > first else cells[first]
            cell.width = Pt(own[at + 1] - own[at])
            _write_field(cell, fields[at // 2], is_label=at % 2 == 0, is_red=colour == RED)


def _edges(fields: int, *, width_pt: float) -> list[int]:
    """Where the cells of a row begin and end, in whole points."""
    share = width_pt / fields
    edges = [0]
    for at in range(fields):
        edges += [round(at * share + _LABEL_PT), round((at + 1) * share)]
    return edges


def _write_field(cell: Any, field: FormField, *, is_label: bool, is_red: bool) -> None:
    cell.vertical_alignment = 1 if is_label or field.lines <= 2 else 0
    lines = [field.label] if is_label else clean(field.text).split("\n")
    missing = 0 if is_label else max(0, field.lines - len(lines))
    for at, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        _stand_free(paragraph)
        form = paragraph.paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(_FIELD_LINE_PT)
        form.space_before = Pt(3 if at == 0 else 0)
        form.space_after = Pt(3 if at == len(lines) - 1 else 0)
        run = paragraph.add_run(clean(line))
        run.font.size = Pt(_FIELD_PT)
        if is_label:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            set_fonts(run._r.get_or_add_rPr(), "hei", is_standard=True)
            if is_red:
                run.font.color.rgb = RGBColor.from_string(RED)
        elif len(lines) > 1:
            form.first_line_indent = Pt(2 * _FIELD_PT)
    if missing:
        height = parse_xml(
            f'<w:trHeight {nsdecls("w")} w:hRule="atLeast" '
            f'w:val="{round((field.lines * _FIELD_LINE_PT + 6) * _TWIPS_PER_PT)}"/>'
        )
        properties = cell._tc.getparent().get_or_add_trPr()
        if properties.find(qn("w:trHeight")) is None:
            properties.append(height)


def _set_side_margins(table: Any) -> None:
    """Cells keep their letters 4 points from their rules, as in print."""
    sides = "".join(f'<w:{side} w:w="{_SIDE_TWIPS}" w:type="dxa"/>' for side in ("left", "right"))
    margins = parse_xml(f'<w:tblCellMar {nsdecls("w")}>{sides}</w:tblCellMar>')
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def _colour_rules(table: Any, colour: str) -> None:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="{colour}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    borders = parse_xml(f'<w:tblBorders {nsdecls("w")}>{sides}</w:tblBorders>')
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def write_imprint(word: WordDocument, setting: Setting, source: Document) -> None:
    """The rows at the foot of the last page: framed lines, the last rule on the lower edge of the type area."""
    rows = imprint_lines(source)
    has_rules = source.layout is not Layout.LETTER
    made: list[WordParagraph] = []
    for at, (before, after) in enumerate(rows):
        if has_rules:
            made.append(_thin_rule(word, setting, thick_mm=_FIRST_RULE_MM if at == 0 else _INNER_RULE_MM))
        paragraph = word.add_paragraph()
        form = paragraph.paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(_IMPRINT_LINE_PT)
        form.left_indent = form.right_indent = Pt(_IMPRINT_PT)
        if after:
            form.tab_stops.add_tab_stop(Length(Mm(setting.width_mm) - Pt(_IMPRINT_PT)), WD_TAB_ALIGNMENT.RIGHT)
        else:
            form.left_indent, form.first_line_indent = Pt(4 * _IMPRINT_PT), Pt(-3 * _IMPRINT_PT)
        paragraph.add_run(f"{before}\t{after}" if after else before).font.size = Pt(_IMPRINT_PT)
        made.append(paragraph)
    if rows and has_rules:
        made.append(_thin_rule(word, setting, thick_mm=_FIRST_RULE_MM))
    for paragraph in made:
        put_at_foot(paragraph, width_mm=setting.width_mm)
    if made:
        space(word, points=1)


def _thin_rule(word: WordDocument, setting: Setting, *, thick_mm: float) -> WordParagraph:
    """A rule over the whole width; a picture, since a bordered line does not stay at the foot in every program."""
    paragraph = space(word, points=2)
    width_mm = setting.width_mm
    line = rules_picture([(0.0, thick_mm)], width_mm=width_mm, height_mm=thick_mm, colour="000000")
    add_picture(paragraph, line, width_mm=width_mm)
    return paragraph


def _keep_row_whole(row: Any, *, is_heading: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_heading:
        properties.append(OxmlElement("w:tblHeader"))


def space(word: WordDocument, *, points: float) -> WordParagraph:
    """An empty line so many points high."""
    paragraph = word.add_paragraph()
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(points)
    return paragraph
