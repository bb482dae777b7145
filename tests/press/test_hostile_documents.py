"""Documents out of values that nobody set up well: nothing is lost, leaves the page or breaks the file."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.paper import BOTTOM_MM, LEFT_MM, RIGHT_MM, pages_of
from zhengtu.press.document import (
    Attachment,
    Distribution,
    Document,
    FieldGrid,
    FormField,
    Heading,
    Layout,
    OfficialHead,
    Paragraph,
    Table,
    TableColumn,
)
from zhengtu.press.document_head import mark_of
from zhengtu.press.letters import printable_letters, shown
from zhengtu.press.pdf import to_pdf
from zhengtu.press.title_lines import title_lines
from zhengtu.press.word import to_docx

PLAIN = Document(
    "关于做好征收工作的通知", [Paragraph("正文。")], Layout.OFFICIAL, head=OfficialHead("江城市人民政府文件")
)
COLUMNS = (
    TableColumn("序号", width=0.5), TableColumn("区（开发区）", width=2), TableColumn("户数（户）", is_number=True),
)


def said(pdf: bytes, folder: Path) -> str:
    return "".join(word.text for page in pages_of(pdf, folder) for word in page).replace("\u200b", "")


@pytest.mark.parametrize("layout", list(Layout))
def test_nothing_of_any_layout_leaves_the_type_area(layout: Layout, tmp_path: Path) -> None:
    has_head = layout in {Layout.OFFICIAL, Layout.LETTER, Layout.MINUTES, Layout.BULLETIN}
    long_word = "https://zhengtu.example/" + "0123456789abcdef" * 20
    document = Document(
        "关于" + "进一步做好超期未回迁安置攻坚工作" * 20 + "的通知",
        [
            Heading("一、" + "很长的标题" * 20), Paragraph(long_word), Paragraph("混排ABC123" * 60),
            Table(COLUMNS, [(long_word, "区" * 80, "1" * 60)]),
            FieldGrid([[FormField(long_word, long_word), FormField("标" * 30, "文" * 400, lines=9)]]),
        ],
        layout, number=long_word, addressee="各区" * 40, issuer="江城市" * 12, dated="2025年2月24日",
        head=OfficialHead("江城市超期未回迁安置攻坚行动工作专班办公室" * 2 + "文件") if has_head else None,
        attachments=[Attachment("附件题" * 30, [Paragraph(long_word)])],
        distribution=Distribution("各单位，" * 60, "江城市" * 8, "2025年2月24日"),
    )
    for page in pages_of(to_pdf(document), tmp_path):
        for word in page:
            if word.top > 20:
                assert word.left > (LEFT_MM if layout is not Layout.FORM else 24) - 9, word
                assert word.right < (RIGHT_MM if layout is not Layout.FORM else 188) + 7, word
                assert word.bottom < 290
    assert docx.Document(BytesIO(to_docx(document))).paragraphs


def test_a_table_of_200_rows_keeps_its_heading_on_every_page_and_splits_no_row(tmp_path: Path) -> None:
    rows = [(str(at), f"第{at}号地块\n二期", f"{at * 7:,}") for at in range(1, 201)]
    document = replace(PLAIN, blocks=[Table(COLUMNS, rows, ("", "合计", "140,700"))])
    pages = pages_of(to_pdf(document), tmp_path)
    with_rows = [page for page in pages if any("号地块" in word.text for word in page)]
    assert len(with_rows) > 5
    for page in with_rows:
        assert sum("区（开发区）" in word.text for word in page) == 1
        assert sum("号地块" in word.text for word in page) == sum(word.text == "二期" for word in page)
        assert all(word.bottom < BOTTOM_MM + 1 for word in page if "二期" in word.text)
    whole = said(to_pdf(document), tmp_path)
    assert all(f"第{at}号地块" in whole for at in range(1, 201))
    table = docx.Document(BytesIO(to_docx(document))).tables[0]
    assert len(table.rows) == 202


def test_an_empty_table_says_that_there_is_nothing(tmp_path: Path) -> None:
    document = replace(PLAIN, blocks=[Table(COLUMNS, [])])
    assert "无" in said(to_pdf(document), tmp_path)
    assert [cell.text for cell in docx.Document(BytesIO(to_docx(document))).tables[0].rows[1].cells] == ["无"] * 3


def test_letters_that_no_font_has_become_the_printers_sign_and_no_box(tmp_path: Path) -> None:
    rare = "\ue123\U000e0001\u0378"
    assert shown(f"前{rare}后") == "前〓〓〓后"
    assert "前〓〓〓后" in said(to_pdf(replace(PLAIN, blocks=[Paragraph(f"前{rare}后")])), tmp_path)
    common = "征收补偿安置〔2025〕—…“”‘’《》①②③℃㎡％＋×÷≤≥→★№"
    assert shown(common) == common
    assert ord("镕") in printable_letters()


MARKUP = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",)) | st.sampled_from("<>&'\"#$*_`\\[]{}=@~/\x00\x0b\ufffe"),
    min_size=1, max_size=60,
)


@settings(max_examples=25, deadline=None)
@given(title=MARKUP.filter(str.strip), text=MARKUP, cell=MARKUP)
def test_any_text_makes_both_files(title: str, text: str, cell: str) -> None:
    document = replace(
        PLAIN, title=f"{title}的通知", number=text, addressee=text, issuer=cell, mark=text, watermark=cell, note=text,
        blocks=[Paragraph(text), Heading(cell), Table((TableColumn(text), TableColumn(cell, True)), [(cell, text)])],
        attachments=[Attachment(text, [Paragraph(cell)])], distribution=Distribution(text, cell, text),
    )
    assert to_pdf(document).startswith(b"%PDF")
    assert docx.Document(BytesIO(to_docx(document))).tables


def test_titles_are_balanced_and_words_stay_whole() -> None:
    assert title_lines("江城市人民政府关于2025年第一季度超期未回迁安置攻坚情况的报告", width=20) == (
        "江城市人民政府关于2025年第一季度", "超期未回迁安置攻坚情况的报告",
    )
    long = "江城市人民政府办公室关于转发市住房和城乡建设局等部门征收与补偿实施细则（试行）的通知"
    assert title_lines(long, width=20) == (
        "江城市人民政府办公室关于", "转发市住房和城乡建设局等部门", "征收与补偿实施细则（试行）的通知",
    )
    assert title_lines("由作者\n分行的标题", width=20) == ("由作者", "分行的标题")


@given(st.text("关于做好江城市征收补偿安置工作的通知（试行）《》2025年第8周ABCdef 、", min_size=1, max_size=120))
@settings(deadline=None)
def test_lines_of_a_title_say_the_title_and_fit(title: str) -> None:
    lines = title_lines(title, width=20)
    assert "".join("".join(lines).split()) == "".join(title.split())
    assert all(0 < sum(0.5 if ord(letter) < 0x2E80 else 1 for letter in line) <= 20 for line in lines)


def test_a_line_of_a_title_neither_begins_with_a_closing_mark_nor_ends_with_an_opening_one() -> None:
    for repeat in range(1, 9):
        lines = title_lines("关于印发《" + "超期未回迁安置" * repeat + "行动方案（试行）》的通知", width=20)
        assert not [line for line in lines if line[0] in "》）、，的" or line[-1] in "《（"], lines


@pytest.mark.parametrize("name", [
    "江", "江城市人民政府文件", "江城市超期未回迁安置攻坚行动工作专班办公室文件", "长" * 80,
])
def test_the_mark_is_as_large_as_the_width_holds(name: str) -> None:
    mark = mark_of(OfficialHead(name), layout=Layout.OFFICIAL)
    assert "".join(mark.lines) == name
    assert mark.size_pt <= 46
    assert all(len(line) * mark.size_pt + (len(line) - 1) * mark.tracking_pt < 442 for line in mark.lines)


def test_names_of_joint_authorities_stand_beside_the_word_for_document(tmp_path: Path) -> None:
    head = OfficialHead("江城市住房和城乡建设局\n江城市财政局\n文件")
    page = pages_of(to_pdf(replace(PLAIN, head=head)), tmp_path)[0]
    beside = next(word for word in page if word.text == "文件")
    named = [word for word in page if abs(word.top - beside.top) < 25 and word is not beside and word.top > 50]
    assert mark_of(head, layout=Layout.OFFICIAL).beside == "文件"
    assert set("江城市财政局住房和城乡建设局") <= set("".join(word.text for word in named))
    assert beside.left > max(word.right for word in named)
    middles = {round((word.top + word.bottom) / 2) for word in named}
    assert min(middles) < (beside.top + beside.bottom) / 2 < max(middles)
