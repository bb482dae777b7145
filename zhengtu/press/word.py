"""A document as Word: by GB/T 9704-2012 unless it is a plain form; the same value gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.text.paragraph import Paragraph as WordParagraph

from zhengtu.press.chart import BarChart, Chart, LineChart, RankingChart, SpanChart
from zhengtu.press.chart_drawing import chart_picture, described
from zhengtu.press.document import (
    Block,
    Document,
    FieldGrid,
    Heading,
    LabelledText,
    Layout,
    Paragraph,
    Signatures,
    Table,
)
from zhengtu.press.document_setting import (
    Setting,
    addressed,
    attachment_lines,
    attachment_name,
    clean,
    set_width,
    setting_of,
    words_of,
)
from zhengtu.press.title_lines import title_lines
from zhengtu.press.word_head import write_head
from zhengtu.press.word_setting import add_picture, bare, declare_substitutes, set_fonts, set_page, set_styles
from zhengtu.press.word_tables import space, write_field_grid, write_imprint, write_table

_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_PROPERTY_LIMIT: Final = 255
_SLIPS: Final = frozenset({Layout.SLIP, Layout.RED_SLIP})


def to_docx(document: Document) -> bytes:
    """Write a document; the same value gives the same bytes.

    Raises:
        ValueError: for a table whose rows do not fit its columns.
    """
    return _Writing(document).written()


class _Writing:
    """One document while it is written."""

    def __init__(self, document: Document) -> None:
        self.source = document
        self.setting: Setting = setting_of(document.layout)
        self.words = words_of(document.language)
        self.is_standard = document.layout is not Layout.FORM
        self.indent_pt = 0.0 if document.language.startswith("en") else 2 * self.setting.body_pt
        self.word: WordDocument = docx.Document()

    def written(self) -> bytes:
        declare_substitutes(self.word)
        set_styles(
            self.word, self.setting, is_standard=self.is_standard, is_red=self.source.layout is Layout.RED_SLIP
        )
        set_page(self.word, self.source, self.setting)
        self._write_top()
        self._write_blocks(self.source.blocks)
        self._write_attachment_list()
        self._write_end()
        self._write_attachments()
        write_imprint(self.word, self.setting, self.source)
        properties = self.word.core_properties
        properties.title = clean(self.source.title).replace("\n", "")[:_PROPERTY_LIMIT]
        properties.author = properties.comments = ""
        target = BytesIO()
        self.word.save(target)
        return _without_times(target.getvalue())

    def _write_top(self) -> None:
        source = self.source
        if source.head is not None:
            write_head(self.word, source.head, self.setting, source)
        title = self._title(source.title)
        if source.head is not None:
            title.paragraph_format.space_before = Pt(2 * self.setting.line_pt)
        if source.layout in _SLIPS:
            title.paragraph_format.space_before = Pt(0.5 * self.setting.line_pt)
        if source.subtitle:
            self._add(clean(source.subtitle), alignment=WD_ALIGN_PARAGRAPH.CENTER, font="kai")
        if source.number and source.head is None:
            is_slip = source.layout in _SLIPS
            self._add(
                clean(source.number), alignment=WD_ALIGN_PARAGRAPH.RIGHT if is_slip else WD_ALIGN_PARAGRAPH.CENTER
            )
        if self.is_standard and source.layout not in _SLIPS:
            self.word.add_paragraph()
        if source.addressee:
            self.word.add_paragraph(addressed(clean(source.addressee), language=source.language))

    def _title(self, title: str) -> WordParagraph:
        lines = title_lines(title, width=self.setting.title_width)
        return self.word.add_paragraph("\n".join(lines), style="Title")

    def _add(self, text: str, *, alignment: WD_ALIGN_PARAGRAPH | None = None, font: str = "") -> WordParagraph:
        paragraph = self.word.add_paragraph()
        if alignment is not None:
            paragraph.alignment = alignment
        run = paragraph.add_run(text)
        if font:
            set_fonts(run._r.get_or_add_rPr(), font, is_standard=self.is_standard)
        return paragraph

    def _write_blocks(self, blocks: Sequence[Block]) -> None:
        before: Block | None = None
        for block in blocks:
            if isinstance(block, LabelledText) and before is not None and not isinstance(before, LabelledText):
                self.word.add_paragraph()
            self._write_block(block)
            before = block

    def _write_block(self, block: Block) -> None:
        match block:
            case Heading():
                heading = self.word.add_paragraph(clean(block.text), style=f"Heading {min(max(block.level, 1), 4)}")
                if self.is_standard:
                    self._indent(heading)
            case Paragraph():
                for line in clean(block.text).split("\n"):
                    paragraph = self.word.add_paragraph()
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
                    paragraph.add_run(line).bold = block.is_strong or None
                    if block.is_indented:
                        self._indent(paragraph)
            case LabelledText():
                self._write_hanging(f"{clean(block.label)}{self.words['colon']}", clean(block.text), font="hei")
            case Table():
                write_table(self.word, block, self.setting, self.source)
            case FieldGrid():
                write_field_grid(self.word, block, self.setting, self.source)
            case BarChart() | LineChart() | RankingChart() | SpanChart():
                self._write_chart(block)
            case Signatures():
                self._write_signatures(block.parties)

    def _indent(self, paragraph: WordParagraph) -> None:
        paragraph.paragraph_format.first_line_indent = Pt(self.indent_pt) if self.indent_pt else None

    def _write_hanging(self, before: str, text: str, *, font: str = "") -> WordParagraph:
        """A text whose further lines begin where its first began, behind what stands before it."""
        paragraph = self._add(before, font=font)
        paragraph.add_run(text)
        inset = set_width(before) * (self.setting.body_pt + self.setting.tracking_pt)
        form = paragraph.paragraph_format
        form.left_indent, form.first_line_indent = Pt(self.indent_pt + inset), Pt(-inset)
        return paragraph

    def _write_chart(self, chart: Chart) -> None:
        width_mm = self.setting.width_mm
        paragraph = self.word.add_paragraph()
        bare(paragraph)
        paragraph.alignment, paragraph.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
        paragraph.paragraph_format.space_before = Pt(6)
        picture = chart_picture(chart, width_mm=width_mm, language=self.source.language)
        add_picture(paragraph, picture, width_mm=width_mm, about=described(chart))
        caption = self._add(clean(chart.title), alignment=WD_ALIGN_PARAGRAPH.CENTER, font="hei")
        caption.runs[0].font.size = Pt(self.setting.table_pt + (2 if self.is_standard else 0))
        space(self.word, points=8)

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

    def _write_attachment_list(self) -> None:
        lines = attachment_lines(self.source)
        if lines:
            self._keep_last_with_next()
            self.word.add_paragraph().paragraph_format.keep_with_next = True
        for before, title in lines:
            self._write_hanging(before, title).paragraph_format.keep_with_next = True

    def _keep_last_with_next(self) -> None:
        """What is signed does not stand on a page without text."""
        paragraphs = self.word.paragraphs
        if paragraphs and self.word.element.body[-2] is paragraphs[-1]._p:
            paragraphs[-1].paragraph_format.keep_with_next = True

    def _write_end(self) -> None:
        source = self.source
        if source.issuer or source.dated:
            self._keep_last_with_next()
            is_sealed = source.is_sealed or not self.is_standard
            for _ in range(2 if self.is_standard and is_sealed and source.layout not in _SLIPS else 1):
                self.word.add_paragraph().paragraph_format.keep_with_next = True
            self._write_signed(is_sealed=is_sealed)
        if source.note:
            self._indent(self._add(clean(self.words["note"].format(note=source.note))))

    def _write_signed(self, *, is_sealed: bool) -> None:
        """Office and date: one over the other's middle where a seal covers both, else the date two characters in."""
        source, em = self.source, self.setting.body_pt
        issuer, dated = clean(source.issuer), clean(source.dated)
        wide, day = set_width(issuer), set_width(dated)
        whole = self.setting.width_pt / em
        least = 4.0 if self.is_standard and is_sealed else 2.0
        if is_sealed:
            middle = max(least + (day or wide) / 2, wide / 2)
            half = min(middle, max(wide, day) / 2 + 2)
            sides = [(whole - middle - half, middle - half)] * 2
        else:
            sides = [(0.0, least + max(0.0, day + 2 - wide)), (0.0, least + max(0.0, wide - 2 - day))]
        for text, (left, right) in zip((issuer, dated), sides, strict=True):
            if text:
                paragraph = self._add(text)
                form = paragraph.paragraph_format
                form.alignment = WD_ALIGN_PARAGRAPH.CENTER if is_sealed else WD_ALIGN_PARAGRAPH.RIGHT
                form.left_indent, form.right_indent = Pt(max(0.0, left) * em), Pt(right * em)
                form.keep_with_next = bool(source.note) or (text == issuer and bool(dated))

    def _write_attachments(self) -> None:
        for at, one in enumerate(self.source.attachments):
            if one.blocks:
                name = self._add(clean(attachment_name(self.source, at)), font="hei")
                name.paragraph_format.page_break_before = name.paragraph_format.keep_with_next = True
                if one.title.strip():
                    self.word.add_paragraph().paragraph_format.keep_with_next = True
                    self._title(one.title)
                    self.word.add_paragraph()
                self._write_blocks(one.blocks)


def _without_times(data: bytes) -> bytes:
    """The same archive without the time of its making."""
    target = BytesIO()
    with ZipFile(BytesIO(data)) as made, ZipFile(target, "w", ZIP_DEFLATED) as plain:
        for name in made.namelist():
            entry = ZipInfo(name, date_time=_NO_TIME)
            entry.compress_type = ZIP_DEFLATED
            plain.writestr(entry, made.read(name))
    return target.getvalue()
