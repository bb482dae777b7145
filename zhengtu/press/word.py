"""A document as Word: by GB/T 9704-2012 where it is official, plain and readable where it is a form."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import quoteattr

import docx
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from zhengtu.press.document import Block, Document, Heading, Layout, Paragraph, Signatures, Table
from zhengtu.press.document_setting import FONTS, SETTINGS, Setting, addressed, cells_of, clean, words_of

_PAGE_WIDTH_MM: Final = 210.0
_TWIPS_PER_POINT: Final = 20
_GRID_UNITS_PER_POINT: Final = 4096
_LATIN: Final = "Times New Roman"
_CELL_MARGIN: Final = 70
_FOOTER_PT: Final = {True: 14.0, False: 9.0}


def to_docx(document: Document) -> bytes:
    """Write a document.

    Raises:
        ValueError: for a table whose rows do not fit its columns.
    """
    return _Writing(document).written()


class _Writing:
    """One document while it is written."""

    def __init__(self, document: Document) -> None:
        self.source = document
        self.setting: Setting = SETTINGS[Layout.FORM if document.layout is Layout.FORM else Layout.OFFICIAL]
        self.words = words_of(document.language)
        self.is_official = document.layout is not Layout.FORM
        self.indent_pt = 0.0 if document.language.startswith("en") else 2 * self.setting.body_pt
        self.word: WordDocument = docx.Document()

    def written(self) -> bytes:
        _declare_substitutes(self.word)
        self._set_styles()
        self._set_page()
        self._write_head()
        for block in self.source.blocks:
            self._write_block(block)
        self._write_end()
        properties = self.word.core_properties
        properties.title, properties.author, properties.comments = clean(self.source.title), "", ""
        target = BytesIO()
        self.word.save(target)
        return target.getvalue()

    def _set_styles(self) -> None:
        normal: Any = self.word.styles["Normal"]
        _set_fonts(normal.element.get_or_add_rPr(), self.setting.body, is_latin_plain=self.is_official)
        normal.font.size = Pt(self.setting.body_pt)
        form = normal.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(self.setting.line_pt)
        form.widow_control = True
        for level, role in enumerate(self.setting.headings, start=1):
            style: Any = self.word.styles[f"Heading {level}"]
            _set_fonts(style.element.get_or_add_rPr(), role, is_latin_plain=self.is_official)
            style.font.size = Pt(self.setting.body_pt * (1.0 if self.is_official else (1.17, 1.08, 1.0)[level - 1]))
            style.font.bold = level == 3 if self.is_official else True
            style.font.color.rgb = RGBColor(0, 0, 0)
            style.paragraph_format.space_before = Pt(0 if self.is_official else 6)
            style.paragraph_format.space_after = Pt(0)
            style.paragraph_format.keep_with_next = True
        title: Any = self.word.styles["Title"]
        _set_fonts(title.element.get_or_add_rPr(), self.setting.title, is_latin_plain=self.is_official)
        title.font.size, title.font.bold = Pt(self.setting.title_pt), not self.is_official
        title.font.color.rgb = RGBColor(0, 0, 0)
        title.paragraph_format.line_spacing = Pt(self.setting.title_pt * 1.5)
        title.paragraph_format.space_after = Pt(0)
        border = title.element.get_or_add_pPr().find(qn("w:pBdr"))
        if border is not None:
            border.getparent().remove(border)

    def _set_page(self) -> None:
        section, setting = self.word.sections[0], self.setting
        section.page_width, section.page_height = Mm(_PAGE_WIDTH_MM), Mm(297)
        section.top_margin, section.bottom_margin = Mm(setting.top_mm), Mm(setting.bottom_mm)
        section.left_margin, section.right_margin = Mm(setting.left_mm), Mm(setting.right_mm)
        section.header_distance = Mm(18 if self.is_official else 12)
        section.footer_distance = Mm(setting.bottom_mm - 7 - 5)
        if self.is_official:
            grid = section._sectPr.find(qn("w:docGrid"))
            if grid is None:
                grid = OxmlElement("w:docGrid")
                section._sectPr.append(grid)
            grid.set(qn("w:type"), "linesAndChars")
            grid.set(qn("w:linePitch"), str(round(setting.line_pt * _TWIPS_PER_POINT)))
            grid.set(qn("w:charSpace"), str(round(setting.tracking_pt * _GRID_UNITS_PER_POINT)))
            self.word.settings.odd_and_even_pages_header_footer = True
        sides = [(section.header, section.footer, True)]
        if self.is_official:
            sides.append((section.even_page_header, section.even_page_footer, False))
        for header, footer, is_odd in sides:
            header.is_linked_to_previous = footer.is_linked_to_previous = False
            self._write_mark(header.paragraphs[0])
            self._write_page_number(footer.paragraphs[0], is_odd=is_odd)

    def _write_mark(self, paragraph: WordParagraph) -> None:
        _bare(paragraph)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if self.source.mark:
            run = paragraph.add_run(clean(self.source.mark))
            _set_fonts(run._r.get_or_add_rPr(), "hei", is_latin_plain=self.is_official)
            run.font.size, run.font.color.rgb = Pt(10), RGBColor(0x5A, 0x5A, 0x5A)

    def _write_page_number(self, paragraph: WordParagraph, *, is_odd: bool) -> None:
        _bare(paragraph)
        size, role = _FOOTER_PT[self.is_official], "song" if self.is_official else "plain"
        if self.is_official:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_odd else WD_ALIGN_PARAGRAPH.LEFT
            form = paragraph.paragraph_format
            form.right_indent, form.left_indent = (Pt(size), None) if is_odd else (None, Pt(size))
        else:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        pattern = "— {page} —" if self.is_official else self.words["page"]
        runs: list[Run] = []
        for part in pattern.replace("{page}", "\0PAGE\0").replace("{pages}", "\0NUMPAGES\0").split("\0"):
            runs += _field_runs(paragraph, part) if part in {"PAGE", "NUMPAGES"} else [paragraph.add_run(part)]
        for run in runs:
            _set_fonts(run._r.get_or_add_rPr(), role, is_latin_plain=self.is_official)
            run.font.size = Pt(size)

    def _write_head(self) -> None:
        title = self.word.add_paragraph(clean(self.source.title), style="Title")
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if self.source.number:
            self.word.add_paragraph(clean(self.source.number)).alignment = WD_ALIGN_PARAGRAPH.CENTER
        if self.is_official:
            self.word.add_paragraph()
        if self.source.addressee:
            self.word.add_paragraph(addressed(clean(self.source.addressee), language=self.source.language))

    def _write_block(self, block: Block) -> None:
        match block:
            case Heading():
                heading = self.word.add_paragraph(clean(block.text), style=f"Heading {min(max(block.level, 1), 3)}")
                if self.is_official:
                    self._indent(heading)
            case Paragraph():
                for line in clean(block.text).split("\n"):
                    paragraph = self.word.add_paragraph()
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
                    paragraph.add_run(line).bold = block.is_strong or None
                    if block.is_indented:
                        self._indent(paragraph)
            case Table():
                self._write_table(block)
            case Signatures():
                self._write_signatures(block.parties)
            case _:
                raise ValueError(f"{type(block).__name__} is not yet set in Word")

    def _indent(self, paragraph: WordParagraph) -> None:
        paragraph.paragraph_format.first_line_indent = Pt(self.indent_pt) if self.indent_pt else None

    def _write_table(self, block: Table) -> None:
        if block.caption:
            caption = self.word.add_paragraph()
            caption.alignment, caption.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
            run = caption.add_run(clean(block.caption))
            _set_fonts(run._r.get_or_add_rPr(), "hei", is_latin_plain=self.is_official)
            run.font.size = Pt(self.setting.table_pt + 1)
        rows = cells_of(block)
        table: Any = self.word.add_table(rows=0, cols=len(block.columns), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        widths = self._widths([column.width for column in block.columns])
        texts = (tuple(clean(column.heading) for column in block.columns), *rows)
        for at, cells in enumerate(texts):
            row = table.add_row()
            _keep_row_whole(row, is_heading=at == 0)
            is_strong = bool(block.total) and at == len(texts) - 1
            for cell, text, column, width in zip(row.cells, cells, block.columns, widths, strict=True):
                cell.width = width
                self._write_cell(cell, text, is_heading=at == 0, is_number=column.is_number, is_strong=is_strong)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        _space(self.word, points=6)

    def _widths(self, shares: Sequence[float]) -> list[Length]:
        whole = Mm(_PAGE_WIDTH_MM - self.setting.left_mm - self.setting.right_mm)
        return [Length(round(whole * share / sum(shares))) for share in shares]

    def _write_cell(self, cell: Any, text: str, *, is_heading: bool, is_number: bool, is_strong: bool) -> None:
        cell.vertical_alignment = 1
        paragraph = cell.paragraphs[0]
        form = paragraph.paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(self.setting.table_pt * 1.4)
        form.space_before = form.space_after = Pt(2)
        if is_heading:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif is_number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = paragraph.add_run(text)
        run.font.size = Pt(self.setting.table_pt)
        if is_heading:
            _set_fonts(run._r.get_or_add_rPr(), "hei", is_latin_plain=self.is_official)
        run.bold = is_strong or None

    def _write_signatures(self, parties: Sequence[str]) -> None:
        is_english = self.source.language.startswith("en")
        for party in parties:
            paragraph = self.word.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(self.setting.line_pt * 0.8)
            paragraph.paragraph_format.keep_together = True
            paragraph.add_run(f"{clean(party)}{self.words['signed']}{self.words['colon']}")
            paragraph.add_run("\u00a0" * 24).underline = True
            paragraph.add_run(f"\u00a0\u00a0{self.words['date']}")
            if is_english:
                paragraph.add_run("\u00a0" * 16).underline = True

    def _write_end(self) -> None:
        if not self.source.issuer and not self.source.dated:
            return
        self.word.add_paragraph()
        issuer, dated = clean(self.source.issuer), clean(self.source.dated)
        side = self.setting.body_pt * (4 if self.is_official else 2)
        difference = (_set_width(issuer) - _set_width(dated)) * self.setting.body_pt / 2
        for text, inset in ((issuer, min(0.0, difference)), (dated, -max(0.0, difference))):
            if text:
                paragraph = self.word.add_paragraph(text)
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                paragraph.paragraph_format.right_indent = Pt(side - inset)
                paragraph.paragraph_format.keep_with_next = text == issuer and bool(dated)


def _set_fonts(properties: Any, role: str, *, is_latin_plain: bool) -> None:
    """The font of a role for Chinese; the standard's Latin letters and digits beside it, or the same font."""
    name = FONTS[role][0]
    latin = _LATIN if is_latin_plain else name
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for place, font in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", name)):
        fonts.set(qn(f"w:{place}"), font)


def _declare_substitutes(word: WordDocument) -> None:
    """Tell the reader's program which fonts may stand for one that it lacks."""
    for part in word.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            entries = "".join(
                f"<w:font w:name={quoteattr(names[0])}><w:altName w:val={quoteattr(','.join(names[1:]))}/></w:font>"
                for names in FONTS.values()
            )
            whole: Any = part
            whole._blob = whole.blob.replace(b"</w:fonts>", entries.encode() + b"</w:fonts>")


def _field_runs(paragraph: WordParagraph, instruction: str) -> list[Run]:
    runs = []
    for kind in ("begin", "", "separate", "text", "end"):
        run = paragraph.add_run()
        if kind == "text":
            run.text = "1"
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        else:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {instruction} "
            run._r.append(code)
        runs.append(run)
    return runs


def _keep_row_whole(row: Any, *, is_heading: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_heading:
        properties.append(OxmlElement("w:tblHeader"))


def _bare(paragraph: WordParagraph) -> None:
    """Header and footer lines stand as high as their letters."""
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.SINGLE, None


def _space(word: WordDocument, *, points: float) -> None:
    form = word.add_paragraph().paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(points)


def _set_width(text: str) -> float:
    """How wide a text is, in Chinese characters."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.5 for letter in text)
