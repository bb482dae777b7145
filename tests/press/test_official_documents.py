"""Official documents measured: the grid, the heads, the foot of the page and of the document, in PDF and Word."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
import typst
from docx.oxml.ns import qn

from tests.paper import BOTTOM_MM, LEFT_MM, MM, RIGHT_MM, TOP_MM, Word, lines_of, pages_of, through_libreoffice
from zhengtu.press import typesetting
from zhengtu.press.chart import BarChart, Bars
from zhengtu.press.document import (
    Attachment,
    Block,
    Distribution,
    Document,
    FieldGrid,
    FormField,
    Heading,
    LabelledText,
    Layout,
    OfficialHead,
    Paragraph,
    Table,
    TableColumn,
)
from zhengtu.press.document_setting import FONTS
from zhengtu.press.document_types import STATUTORY_TYPES, UPWARD_TYPES
from zhengtu.press.pdf import to_pdf
from zhengtu.press.word import to_docx

PITCH_MM = 28.95 / MM
EM_MM = 16 / MM
HEAD = OfficialHead("江城市人民政府文件")
SENTENCE = "各区要压实责任，倒排工期，按时完成签约、腾空和交地任务，确保群众早日回迁。"
BODY: tuple[Block, ...] = (
    Paragraph(SENTENCE * 4), Heading("一、总体进展"), Paragraph(SENTENCE * 9), Heading("（一）签约情况", 2),
    Paragraph(SENTENCE * 9), Heading("1．东川区", 3), Paragraph(SENTENCE * 9),
)
DISTRIBUTION = Distribution("市委办公室，市人大常委会办公室，市政协办公室", "江城市人民政府办公室", "2025年2月24日")


def official(**changes: Any) -> Document:
    whole = Document(
        title="江城市人民政府关于印发征收攻坚行动方案的通知", blocks=BODY, layout=Layout.OFFICIAL,
        number="江政发〔2025〕8号", addressee="各区人民政府", issuer="江城市人民政府", dated="2025年2月24日",
        mark="演示数据，不具法律效力", head=HEAD, distribution=DISTRIBUTION,
    )
    return replace(whole, **changes)


def find(words: list[Word], text: str) -> Word:
    return next(word for word in words if text in word.text)


def inked_rows(pdf: bytes, folder: Path, *, colour: tuple[int, int, int], tolerance: int = 60) -> list[float]:
    """Heights in mm of long unbroken horizontal lines of a colour on the first page."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("needs pdftoppm (on Debian: apt-get install poppler-utils)")
    (folder / "ink.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "200", "-l", "1", str(folder / "ink.pdf"), str(folder / "ink")], check=True)
    data = next(folder.glob("ink-*.ppm")).read_bytes()
    header, size, _, pixels = data.split(b"\n", 3)
    assert header == b"P6"
    width, height = map(int, size.split())
    found = []
    for y in range(height):
        row = pixels[3 * width * y : 3 * width * (y + 1)]
        middle = [row[3 * x : 3 * x + 3] for x in range(width // 4, 3 * width // 4, 4)]
        if all(abs(a - b) < tolerance for pixel in middle for a, b in zip(pixel, colour, strict=True)):
            found.append(y * 25.4 / 200)
    return found


@pytest.mark.parametrize(
    "body_font", ["仿宋_GB2312", "FandolFang R", "Noto Serif CJK SC", "Noto Sans CJK SC", "Noto Sans SC"]
)
def test_a_full_page_has_22_lines_of_28_characters_whatever_font_stands_in(
    body_font: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if body_font not in typesetting.fonts().families():
        pytest.skip(f"the font {body_font} is not on this machine")
    roles = {**typesetting.fonts_of_roles(), "fang_song": [body_font]}
    monkeypatch.setattr("zhengtu.press.pdf.fonts_of_roles", lambda: roles)
    text = "征" * 28 * 60
    page = lines_of(pages_of(to_pdf(official(blocks=[Paragraph(text, is_indented=False)])), tmp_path)[1])
    assert len(page) == 22
    assert {line[3] for line in page} == {"征" * 28}
    assert all(abs(left - LEFT_MM) < 0.1 and abs(right - RIGHT_MM) < 0.3 for _, left, right, _ in page)
    tops = [line[0] for line in page]
    assert all(abs(below - above - PITCH_MM) < 0.05 for above, below in pairwise(tops))
    assert tops[-1] + EM_MM <= BOTTOM_MM + 0.5


def test_text_headings_and_titles_all_keep_to_the_lines_of_the_grid(tmp_path: Path) -> None:
    first, second = (lines_of(page) for page in pages_of(to_pdf(official()), tmp_path)[:2])
    origin = second[0][0]
    body = [line for line in second if "征" not in line[3] or len(line[3]) > 2]
    for top, *_ in [*body, *(line for line in first if line[3] in SENTENCE * 4)]:
        offset = (top - origin) / PITCH_MM
        assert abs(offset - round(offset)) < 0.08, top


def test_after_a_table_the_text_is_on_the_grid_again(tmp_path: Path) -> None:
    table = Table((TableColumn("项目"), TableColumn("户数（户）", is_number=True)), [("甲", "1"), ("乙", "22")])
    blocks = (Paragraph(SENTENCE), table, Paragraph(SENTENCE * 3))
    (page,) = pages_of(to_pdf(official(head=None, blocks=blocks, distribution=None, mark="")), tmp_path)
    tops = [top for top, _, _, text in lines_of(page) if len(text) > 12 and "江城" not in text]
    assert len(tops) > 4
    offsets = [(top - tops[0]) / PITCH_MM for top in tops]
    assert all(abs(offset - round(offset)) < 0.05 for offset in offsets)
    assert find(page, "22").right == pytest.approx(find(page, "1").right, abs=0.3)


def test_the_head_stands_where_the_standard_puts_it(tmp_path: Path) -> None:
    pdf = to_pdf(official(head=replace(HEAD, copy_number="000012", secrecy="机密★1年", urgency="特急")))
    page = pages_of(pdf, tmp_path)[0]
    mark, number, title = find(page, "人民政府文件"), find(page, "江政发"), find(page, "关于印发")
    for rank, text in enumerate(("000012", "机密", "特急")):
        assert find(page, text).left == pytest.approx(LEFT_MM, abs=0.3)
        assert find(page, text).top == pytest.approx(TOP_MM + rank * PITCH_MM, abs=1.0)
    assert mark.top == pytest.approx(TOP_MM + 35, abs=2.5)  # the box of a letter is larger than its ink
    for word in (mark, number, title):
        assert (word.left + word.right) / 2 == pytest.approx((LEFT_MM + RIGHT_MM) / 2, abs=0.5)
    rules = inked_rows(pdf, tmp_path, colour=(215, 0, 15))
    assert rules
    assert min(rules) - number.bottom == pytest.approx(4, abs=0.6)
    assert title.top - max(rules) >= 1.8 * PITCH_MM


def test_a_document_to_a_higher_authority_has_its_number_left_and_who_signed_it_right(tmp_path: Path) -> None:
    report = official(title="江城市人民政府关于征收攻坚情况的报告", head=replace(HEAD, signer="陈志远"))
    page = pages_of(to_pdf(report), tmp_path)[0]
    number, signer = find(page, "江政发"), find(page, "陈志远")
    assert number.left == pytest.approx(LEFT_MM + EM_MM, abs=0.3)
    assert signer.right == pytest.approx(RIGHT_MM - EM_MM, abs=0.3)
    assert number.top == pytest.approx(signer.top, abs=0.5)


def test_pages_are_numbered_outside_in_halfwidth_digits_seven_millimetres_under_the_text(tmp_path: Path) -> None:
    pages = pages_of(to_pdf(official()), tmp_path)
    assert len(pages) > 2
    for at, page in enumerate(pages, start=1):
        foot = [word for word in page if word.top > BOTTOM_MM]
        assert "".join(word.text for word in foot) == f"—{at}—"
        middle = (foot[0].top + foot[0].bottom) / 2
        assert middle - BOTTOM_MM == pytest.approx(7, abs=1.0)
        one = 14 / MM
        if at % 2:
            assert foot[-1].right == pytest.approx(RIGHT_MM - one, abs=0.3)
        else:
            assert foot[0].left == pytest.approx(LEFT_MM + one, abs=0.3)


def test_a_letter_has_two_double_lines_and_no_number_on_its_first_page(tmp_path: Path) -> None:
    letter = official(layout=Layout.LETTER, head=OfficialHead("江城市人民政府", urgency="加急"))
    pdf = to_pdf(letter)
    first, second = pages_of(pdf, tmp_path)[:2]
    assert not [word for word in first if word.top > BOTTOM_MM + 3]
    assert [word.text for word in second if word.top > BOTTOM_MM] == ["—", "2", "—"]
    assert find(first, "江城市人民政府").top == pytest.approx(30, abs=2.5)
    assert find(first, "江政发").right == pytest.approx(RIGHT_MM, abs=0.3)
    assert find(first, "加急").left == pytest.approx(LEFT_MM, abs=0.3)
    rules = inked_rows(pdf, tmp_path, colour=(215, 0, 15))
    assert [rule for rule in rules if 40 < rule < 55]
    assert max(rules) == pytest.approx(277, abs=0.5)
    last = pages_of(pdf, tmp_path)[-1]
    assert not [word for word in last if "印发" in word.text]
    assert find(last, "抄送").left == pytest.approx(LEFT_MM + 14 / MM, abs=0.3)


def test_minutes_name_who_attended_with_lines_hung_under_the_first(tmp_path: Path) -> None:
    people = "、".join(f"与会人员{at}（东川区）" for at in range(12))
    minutes = official(
        layout=Layout.MINUTES, head=OfficialHead("江城市人民政府专题会议纪要", issue="第8期"), issuer="", dated="",
        blocks=[Paragraph(SENTENCE), LabelledText("出席", people)], number="", addressee="",
    )
    (page,) = pages_of(to_pdf(minutes), tmp_path)
    named = [line for line in lines_of(page) if "与会人员" in line[3] or "东川区）" in line[3]]
    assert named[0][1] == pytest.approx(LEFT_MM + 2 * EM_MM, abs=0.3)
    assert len(named) > 3
    # A bracket that begins a line is set closer.
    assert all(-3 < line[1] - (LEFT_MM + 5 * EM_MM) < 0.5 for line in named[1:])


@pytest.mark.parametrize("layout", [Layout.BULLETIN, Layout.SLIP])
def test_internal_forms_and_bulletins_bear_nothing_red(layout: Layout, tmp_path: Path) -> None:
    head = OfficialHead("督查专报", issue="2025年第8期") if layout is Layout.BULLETIN else None
    grid = FieldGrid([[FormField("督办事项", SENTENCE, lines=3)], [FormField("责任人"), FormField("时限", "3月15日")]])
    document = official(layout=layout, head=head, blocks=[grid], distribution=None)
    assert not inked_rows(to_pdf(document), tmp_path, colour=(215, 0, 15))
    assert b"D7000F" not in ZipFile(BytesIO(to_docx(document))).read("word/document.xml")


def test_a_red_slip_has_a_red_border(tmp_path: Path) -> None:
    slip = official(layout=Layout.RED_SLIP, head=None, blocks=[FieldGrid([[FormField("事项", SENTENCE)]])])
    assert inked_rows(to_pdf(slip), tmp_path, colour=(215, 0, 15))
    section = docx.Document(BytesIO(to_docx(slip))).sections[0]._sectPr
    assert section.find(qn("w:pgBorders")) is not None


@pytest.mark.parametrize("has_page_break", [False, True])
def test_the_last_rows_stand_at_the_foot_of_the_last_page(has_page_break: bool, tmp_path: Path) -> None:
    attachments = [Attachment("任务分工", [Paragraph(SENTENCE)])] if has_page_break else []
    pages = pages_of(to_pdf(official(attachments=attachments)), tmp_path)
    assert not [word for page in pages[:-1] for word in page if "抄送" in word.text]
    printed = [find(pages[-1], "江城市人民政府办公室"), find(pages[-1], "印发")]
    assert all(BOTTOM_MM - 7 < word.bottom < BOTTOM_MM for word in printed)
    assert printed[0].left == pytest.approx(LEFT_MM + 14 / MM, abs=0.3)
    assert printed[1].right == pytest.approx(RIGHT_MM - 14 / MM, abs=0.3)
    assert find(pages[-1], "抄送：市委").top < printed[0].top


def signature_of(document: Document, folder: Path) -> tuple[Word, Word]:
    page = next(
        page for page in pages_of(to_pdf(document), folder) if any(word.text == document.dated for word in page)
    )
    at = next(at for at, word in enumerate(page) if word.text == document.dated)
    return page[at - 1], page[at]


def test_a_sealed_signature_is_centred_over_a_date_four_characters_in(tmp_path: Path) -> None:
    office, day = signature_of(official(), tmp_path)
    assert day.right == pytest.approx(RIGHT_MM - 4 * EM_MM, abs=0.4)
    assert (office.left + office.right) / 2 == pytest.approx((day.left + day.right) / 2, abs=0.4)
    assert day.top - office.top == pytest.approx(PITCH_MM, abs=0.2)


def test_without_a_seal_the_date_begins_two_characters_right_of_the_office(tmp_path: Path) -> None:
    issuer = "江城市超期未回迁安置攻坚工作专班"
    office, day = signature_of(official(is_sealed=False, issuer=issuer), tmp_path)
    assert office.right == pytest.approx(RIGHT_MM - 2 * EM_MM, abs=0.4)
    assert day.left - office.left == pytest.approx(2 * EM_MM, abs=0.6)


@pytest.mark.parametrize("lines", range(8, 30, 3))
def test_what_is_signed_never_stands_on_a_page_without_text(lines: int, tmp_path: Path) -> None:
    blocks = [Paragraph("征" * 28 * at, is_indented=False) for at in (lines, 4)]
    pages = pages_of(to_pdf(official(blocks=blocks, note="此件公开发布")), tmp_path)
    signed = next(page for page in pages if any(word.text == "2025年2月24日" for word in page))
    assert [word for word in signed if "征征" in word.text]
    assert [word for word in signed if "此件公开发布" in word.text]


def test_attachments_are_listed_and_each_has_a_page_with_its_title(tmp_path: Path) -> None:
    attachments = [
        Attachment("重点任务分工", [Paragraph(SENTENCE)]), Attachment("台账"), Attachment("名单", [Paragraph("甲")]),
    ]
    pages = pages_of(to_pdf(official(attachments=attachments)), tmp_path)
    said = ["".join(word.text for word in page) for page in pages]
    assert "附件：1．重点任务分工" in said[-3]
    assert "2．台账" in said[-3]
    assert "附件1" in said[-2]
    assert "附件3" in said[-1]
    title = find(pages[-2], "重点任务分工")
    assert title.top == pytest.approx(TOP_MM + 2 * PITCH_MM, abs=2.0)
    single = pages_of(to_pdf(official(attachments=attachments[:1])), tmp_path)
    assert "附件：重点任务分工" in "".join(word.text for word in single[-2])


@pytest.mark.parametrize("printed", [to_pdf, to_docx])
@pytest.mark.parametrize("layout", list(Layout))
def test_the_same_value_gives_the_same_bytes(layout: Layout, printed: Any) -> None:
    has_head = layout in {Layout.OFFICIAL, Layout.LETTER, Layout.MINUTES, Layout.BULLETIN}
    document = official(layout=layout, head=HEAD if has_head else None, watermark="征求意见稿")
    assert printed(document) == printed(replace(document))


@pytest.mark.parametrize(("layout", "head"), [
    (Layout.LETTER, None), (Layout.MINUTES, None), (Layout.BULLETIN, None), (Layout.FORM, HEAD), (Layout.SLIP, HEAD),
    (Layout.RED_SLIP, HEAD), (Layout.OFFICIAL, OfficialHead(" ")),
])
def test_a_layout_has_its_head_or_none(layout: Layout, head: OfficialHead | None) -> None:
    with pytest.raises(ValueError, match="head"):
        official(layout=layout, head=head)


@pytest.mark.parametrize(("title", "mark"), [
    ("督办通知单", HEAD.mark), ("关于攻坚情况的督查专报", HEAD.mark), ("攻坚工作简报", HEAD.mark),
    ("关于攻坚情况的调度通报", HEAD.mark), ("关于攻坚情况的调度通报（2025年2月）", HEAD.mark),
    ("关于攻坚情况的通报", "督查专报"), ("攻坚情况", HEAD.mark),
])
def test_no_value_puts_an_internal_form_under_the_red_head(title: str, mark: str) -> None:
    with pytest.raises(ValueError, match="red head"):
        official(title=title, head=OfficialHead(mark))


@pytest.mark.parametrize("kind", STATUTORY_TYPES)
def test_every_statutory_type_may_stand_under_it_and_only_what_goes_up_names_its_signer(kind: str) -> None:
    titled = {"title": f"江城市人民政府关于征收攻坚有关事项的{kind}（试行）"}
    assert official(**titled).head == HEAD
    signed = replace(HEAD, signer="陈志远")
    if kind in UPWARD_TYPES:
        assert official(**titled, head=signed).head == signed
    else:
        with pytest.raises(ValueError, match="higher authority"):
            official(**titled, head=signed)


def test_word_carries_grid_fonts_levels_and_language() -> None:
    data = to_docx(official(blocks=[*BODY, Heading("（1）重点", 4)], watermark="征求意见稿"))
    word = docx.Document(BytesIO(data))
    grid = word.sections[0]._sectPr.find(qn("w:docGrid"))
    assert grid is not None
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch")), grid.get(qn("w:charSpace"))) == (
        "linesAndChars", "579", "-860",
    )
    headings = [(p.style.name, p.text) for p in word.paragraphs if p.style and p.style.name.startswith("Heading")]
    assert headings == [
        ("Heading 1", "一、总体进展"), ("Heading 2", "（一）签约情况"), ("Heading 3", "1．东川区"),
        ("Heading 4", "（1）重点"),
    ]
    fonts = [word.styles[f"Heading {level}"].element.rPr.rFonts.get(qn("w:eastAsia")) for level in range(1, 5)]
    assert fonts == ["黑体", "楷体_GB2312", "仿宋_GB2312", "仿宋_GB2312"]
    languages = {one.get(qn("w:eastAsia")) for one in word.styles.element.iter(qn("w:lang"))}
    assert languages == {"zh-CN"}
    with ZipFile(BytesIO(data)) as archive:
        table = archive.read("word/fontTable.xml").decode()
        headers = [archive.read(name).decode() for name in archive.namelist() if "header" in name]
    assert all(f'w:name="{names[0]}"><w:altName w:val="{",".join(names[1:])}"/>' in table for names in FONTS.values())
    assert headers
    assert all('string="征求意见稿"' in header for header in headers)


def test_word_through_libreoffice_has_the_same_lines_and_foot(tmp_path: Path) -> None:
    text = official(blocks=[Paragraph("征" * 28 * 60, is_indented=False)])
    pages = pages_of(through_libreoffice(to_docx(text), tmp_path), tmp_path)
    second = [line for line in lines_of(pages[1]) if "征" in line[3]]
    assert abs(len(second) - 22) <= 1
    assert {len(line[3]) for line in second} == {28}
    assert all(abs(left - LEFT_MM) < 0.5 and right < RIGHT_MM + 0.5 for _, left, right, _ in second)
    assert find(pages[-1], "印发").bottom == pytest.approx(BOTTOM_MM - 1, abs=4)


def test_word_and_pdf_have_the_same_headings_tables_and_pictures(tmp_path: Path) -> None:
    table = Table((TableColumn("项目"), TableColumn("户数（户）", is_number=True)), [("甲", "1"), ("乙", "22")])
    chart = BarChart("图1　签约", "户", ["东川区"], [Bars("已签约", [8])])
    data = to_docx(official(blocks=[Heading("一、进展"), Paragraph(SENTENCE), table, chart], mark=""))
    word = docx.Document(BytesIO(data))
    assert [[cell.text for cell in row.cells] for row in word.tables[0].rows] == [
        ["项目", "户数（户）"], ["甲", "1"], ["乙", "22"],
    ]
    (picture,) = [one for one in word.inline_shapes if "图1" in one._inline.docPr.get("descr", "")]
    assert round(picture.width.mm) == 156
    through = "".join(w.text for page in pages_of(through_libreoffice(data, tmp_path), tmp_path) for w in page)
    pages = pages_of(to_pdf(official(blocks=[Heading("一、进展")])), tmp_path)
    printed = "".join(w.text for page in pages for w in page)
    for part in ("一、进展", "江城市人民政府", "抄送：市委办公室"):
        assert part in through
        assert part in printed
    assert "图1" in through


@pytest.mark.parametrize("layout", list(Layout))
def test_the_setting_of_every_layout_settles(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []

    def compiled(*given: Any, **named: Any) -> bytes:
        made, told = typst.compile_with_warnings(*given, **named)
        warnings.extend(one.message for one in told)
        return bytes(made)

    monkeypatch.setattr("zhengtu.press.typesetting.typst.compile", compiled)
    has_head = layout in {Layout.OFFICIAL, Layout.LETTER, Layout.MINUTES, Layout.BULLETIN}
    table = Table((TableColumn("项目"),), [("甲",)] * 50, caption="表1", unit="户")
    grid = FieldGrid([[FormField("事项", SENTENCE * 9, lines=9)], [FormField("甲"), FormField("乙")]])
    chart = BarChart("图1", "户", ["东川区"], [Bars("已签约", [8])])
    blocks = [*BODY, table, grid, chart, Paragraph(SENTENCE)]
    to_pdf(official(layout=layout, head=HEAD if has_head else None, blocks=blocks, note="此件公开发布"))
    assert warnings == []
