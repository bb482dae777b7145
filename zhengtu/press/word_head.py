"""What stands over the title in Word: ranks, mark, number or issue, and the rule under them."""

from __future__ import annotations

from typing import Any, Final

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from zhengtu.press.document import Document, Layout, OfficialHead
from zhengtu.press.document_head import Mark, mark_of
from zhengtu.press.document_setting import Setting, clean, words_of
from zhengtu.press.word_setting import RED, add_red_lines, put_in_frame, rule, set_fonts
from zhengtu.press.word_tables import space

_PT_PER_MM: Final = 72 / 25.4
_MARK_AT_MM: Final = {Layout.BULLETIN: 15.0}
_MARK_AT_ELSE_MM: Final = 35.0
_RULE_UNDER_MM: Final = 4.0
_LINE_OF_MARK: Final = 1.2
_OVER_INK: Final = 0.17


def write_head(word: WordDocument, head: OfficialHead, setting: Setting, source: Document) -> None:
    """The head by the layout: of a document, minutes, a bulletin, or a letter."""
    mark = mark_of(head, layout=source.layout)
    if source.layout is Layout.LETTER:
        _write_letter_head(word, head, mark, setting, source)
        return
    colour = "000000" if source.layout is Layout.BULLETIN else RED
    ranks = _ranks(head)
    for text, font in ranks:
        _add(word, text, font=font)
    start_pt = _MARK_AT_MM.get(source.layout, _MARK_AT_ELSE_MM) * _PT_PER_MM
    before = max(start_pt - len(ranks) * setting.line_pt, 8.0) - _OVER_INK * mark.size_pt
    _write_mark(word, mark, before_pt=before, colour=colour)
    lines = _lines_under(word, head, setting, source)
    under = 2 * setting.line_pt if source.layout is Layout.OFFICIAL else 0.6 * setting.line_pt
    if lines:
        lines[0].paragraph_format.space_before = Pt(under)
        last = lines[-1]
    else:
        last = _add(word, "")
    rule(last, eighths=11, space_pt=_RULE_UNDER_MM * _PT_PER_MM - 4, colour=colour)


def _ranks(head: OfficialHead) -> list[tuple[str, str]]:
    """Copy number, secrecy and urgency, as far as there are any, with their fonts."""
    held = ((head.copy_number, ""), (head.secrecy, "hei"), (head.urgency, "hei"))
    return [(clean(text), font) for text, font in held if text]


def _add(word: WordDocument, text: str, *, font: str = "") -> WordParagraph:
    paragraph = word.add_paragraph()
    run = paragraph.add_run(text)
    if font:
        set_fonts(run._r.get_or_add_rPr(), font, is_standard=True)
    return paragraph


def _write_mark(word: WordDocument, mark: Mark, *, before_pt: float, colour: str) -> None:
    if mark.beside:
        _write_joint_mark(word, mark, before_pt=before_pt, colour=colour)
        return
    for at, line in enumerate(mark.lines):
        paragraph = word.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _set_mark(paragraph, line, mark, colour=colour)
        paragraph.paragraph_format.space_before = Pt(before_pt if at == 0 else 0)


def _set_mark(paragraph: WordParagraph, text: str, mark: Mark, *, colour: str) -> None:
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(mark.size_pt * _LINE_OF_MARK)
    run = paragraph.add_run(text)
    properties = run._r.get_or_add_rPr()
    set_fonts(properties, "song_title", is_standard=True)
    run.font.size, run.font.color.rgb = Pt(round(2 * mark.size_pt) / 2), RGBColor.from_string(colour)
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(round(20 * mark.tracking_pt)))
    properties.find(qn("w:sz")).addprevious(spacing)


def _write_joint_mark(word: WordDocument, mark: Mark, *, before_pt: float, colour: str) -> None:
    """The names one under the other, all equally wide, and the word for document beside them."""
    space(word, points=before_pt)
    table: Any = word.add_table(rows=1, cols=2)
    table.alignment, table.autofit = 1, False
    names, beside = table.rows[0].cells
    widest = max(len(line) for line in mark.lines)
    names.width, beside.width = Pt(mark.size_pt * widest + 14), Pt(mark.size_pt * len(mark.beside) + 24)
    table.columns[0].width, table.columns[1].width = names.width, beside.width
    names.vertical_alignment = beside.vertical_alignment = 1
    for at, line in enumerate(mark.lines):
        paragraph = names.paragraphs[0] if at == 0 else names.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.DISTRIBUTE
        _set_mark(paragraph, line, mark, colour=colour)
    beside.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    _set_mark(beside.paragraphs[0], mark.beside, mark, colour=colour)


def _lines_under(
    word: WordDocument, head: OfficialHead, setting: Setting, source: Document
) -> list[WordParagraph]:
    """Issue, number with who signed, and who issued it when: each a line."""
    words = words_of(source.language)
    made = []
    for text in (head.issue, "" if head.signer else source.number):
        if text:
            made.append(_add(word, clean(text)))
            made[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
    if head.signer:
        paragraph = _two_sided(word, clean(source.number), f"{words['signer']}{words['colon']}", setting)
        set_fonts(paragraph.add_run(clean(head.signer))._r.get_or_add_rPr(), "kai", is_standard=True)
        made.append(paragraph)
    if head.issued_by or head.issued_on:
        made.append(_two_sided(word, clean(head.issued_by), clean(head.issued_on), setting))
    return made


def _two_sided(word: WordDocument, left: str, right: str, setting: Setting) -> WordParagraph:
    """A line with one text at the left and one at the right, each a character in."""
    paragraph = word.add_paragraph()
    form = paragraph.paragraph_format
    form.tab_stops.add_tab_stop(Length(Mm(setting.width_mm) - Pt(setting.body_pt)), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"\u3000{left}\t{right}")
    return paragraph


def _write_letter_head(
    word: WordDocument, head: OfficialHead, mark: Mark, setting: Setting, source: Document
) -> None:
    """The name 30 mm under the paper's edge, a thick line over a thin one, then ranks and the number."""
    height_mm = len(mark.lines) * mark.size_pt * _LINE_OF_MARK / _PT_PER_MM
    for line in mark.lines:
        paragraph = word.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _set_mark(paragraph, line, mark, colour=RED)
        put_in_frame(
            paragraph, x_mm=20, y_mm=30 - _OVER_INK * mark.size_pt / _PT_PER_MM, width_mm=170,
            height_mm=height_mm,
        )
    ranks = _ranks(head)
    ink_mm = height_mm - 2 * _OVER_INK * mark.size_pt / _PT_PER_MM
    rule_mm = 30 + ink_mm + _RULE_UNDER_MM + 1.4 - setting.top_mm
    first = word.add_paragraph()
    add_red_lines(first, y_mm=30 + ink_mm + _RULE_UNDER_MM, is_thick_first=True)
    first.paragraph_format.space_before = Pt(max(0.0, rule_mm * _PT_PER_MM + 8))
    first.paragraph_format.tab_stops.add_tab_stop(Mm(setting.width_mm), WD_TAB_ALIGNMENT.RIGHT)
    if ranks:
        run = first.add_run(ranks[0][0])
        if ranks[0][1]:
            set_fonts(run._r.get_or_add_rPr(), ranks[0][1], is_standard=True)
    first.add_run(f"\t{clean(source.number)}")
    for text, font in ranks[1:]:
        _add(word, text, font=font)
