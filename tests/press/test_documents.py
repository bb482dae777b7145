"""Word and PDF of one value: both say all of it and nothing else, in the measures of GB/T 9704-2012."""

from __future__ import annotations

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from zhengtu.press.document import Block, Document, Heading, Layout, Paragraph, Signatures, Table, TableColumn
from zhengtu.press.pdf import to_pdf
from zhengtu.press.word import to_docx

MARKUP = '#let x = 1 $a_b$ *粗* _斜_ \\n @ref <b>标签</b> `code` //注释 #read("/etc/passwd") = 题 "引" & \' [方] {花}'
TABLE = Table(
    (TableColumn("项目", width=2), TableColumn("金额（元）", is_number=True)),
    [(f"第{at}项", f"{at:,}.00") for at in range(1, 61)], ("合计", "1,830.00"), "补偿明细",
)
BLOCKS: tuple[Block, ...] = (
    Paragraph(MARKUP), Heading("一、补偿金额"), Heading("（一）房屋价值", 2), Heading("1．室内装饰", 3),
    Paragraph("第一行\n第二行"), TABLE,
    Paragraph("如不服本决定，可以申请行政复议。", is_strong=True, is_indented=False),
)


def document(
    layout: Layout = Layout.OFFICIAL, *, blocks: tuple[Block, ...] = BLOCKS, language: str = "zh-Hans"
) -> Document:
    return Document(
        title="房屋征收补偿决定书", blocks=blocks, layout=layout, number="吉市征补〔2026〕12号", addressee="张三",
        issuer="吉林市人民政府", dated="2026年11月25日", mark="演示数据，不具法律效力", language=language,
    )


def text_of_pdf(pdf: bytes, folder: Path, *options: str) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext (on Debian: apt-get install poppler-utils)")
    path = folder / "document.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, text=True, check=True).stdout


def said(text: str) -> str:
    """A text without the white space that setting it in lines puts in."""
    return "".join(text.split())


@pytest.mark.parametrize("layout", [Layout.OFFICIAL, Layout.FORM])
def test_pdf_says_everything_and_reads_nothing_as_markup(layout: Layout, tmp_path: Path) -> None:
    text = said(text_of_pdf(to_pdf(document(layout)), tmp_path))
    for part in (
        MARKUP, "吉市征补〔2026〕12号", "张三：", "一、补偿金额", "（一）房屋价值", "第一行", "第二行", "第60项",
        "60.00", "合计", "1,830.00", "如不服本决定，可以申请行政复议。", "吉林市人民政府", "2026年11月25日",
    ):
        assert said(part) in text, part


@pytest.mark.parametrize("layout", [Layout.OFFICIAL, Layout.FORM])
def test_every_page_of_the_pdf_has_its_mark_number_and_table_heading(layout: Layout, tmp_path: Path) -> None:
    pages = text_of_pdf(to_pdf(document(layout)), tmp_path, "-layout").split("\f")[:-1]
    assert len(pages) > 1
    for at, page in enumerate(pages, start=1):
        assert "演示数据，不具法律效力" in page
        number = f"—{at}—" if layout is Layout.OFFICIAL else f"第{at}页共{len(pages)}页"
        assert number in said(page)
        assert ("项目" in page) == bool(re.search(r"第\d+项", said(page)))


def test_an_official_page_has_22_lines_of_28_characters(tmp_path: Path) -> None:
    long = document(blocks=(Paragraph("征" * 28 * 60, is_indented=False),))
    second = text_of_pdf(to_pdf(long), tmp_path, "-layout").split("\f")[1]
    lines = [line.strip() for line in second.splitlines() if "征" in line]
    assert len(lines) == 22
    assert {len(line) for line in lines} == {28}


def test_pages_are_numbered_outside_odd_right_even_left(tmp_path: Path) -> None:
    pages = text_of_pdf(to_pdf(document()), tmp_path, "-layout").split("\f")
    first, second = ([line for line in page.splitlines() if "—" in line][-1] for page in pages[:2])
    assert first.index("—") > 30 > second.index("—")


@pytest.mark.parametrize("layout", [Layout.OFFICIAL, Layout.FORM])
def test_word_says_everything(layout: Layout) -> None:
    word = docx.Document(BytesIO(to_docx(document(layout))))
    paragraphs = [paragraph.text for paragraph in word.paragraphs]
    for part in (
        "房屋征收补偿决定书", "吉市征补〔2026〕12号", "张三：", MARKUP, "一、补偿金额", "第一行", "第二行", "补偿明细",
        "吉林市人民政府", "2026年11月25日",
    ):
        assert part in paragraphs, part
    table = word.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["项目", "金额（元）"]
    assert [cell.text for cell in table.rows[-1].cells] == ["合计", "1,830.00"]
    assert len(table.rows) == 62


@pytest.mark.parametrize("layout", [Layout.OFFICIAL, Layout.FORM])
def test_word_tables_repeat_their_heading_and_set_numbers_right(layout: Layout) -> None:
    table = docx.Document(BytesIO(to_docx(document(layout)))).tables[0]
    head = table.rows[0]._tr.trPr
    assert head is not None
    assert head.find(qn("w:tblHeader")) is not None
    body = table.rows[1]
    assert body._tr.trPr is not None
    assert body._tr.trPr.find(qn("w:tblHeader")) is None
    assert body.cells[1].paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert body.cells[0].paragraphs[0].alignment is None
    assert table.rows[-1].cells[1].paragraphs[0].runs[0].bold


def test_the_official_word_page_keeps_the_standard() -> None:
    word = docx.Document(BytesIO(to_docx(document())))
    section = word.sections[0]
    measures = (section.page_width, section.page_height, section.top_margin, section.left_margin, section.right_margin)
    assert [round(measure.mm) for measure in measures if measure is not None] == [210, 297, 37, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid is not None
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("linesAndChars", "579")
    normal = word.styles["Normal"]
    fonts = normal.element.rPr.rFonts
    assert (fonts.get(qn("w:eastAsia")), fonts.get(qn("w:ascii"))) == ("仿宋_GB2312", "Times New Roman")
    title = word.styles["Title"].element.rPr.rFonts
    assert title.get(qn("w:eastAsia")) == "方正小标宋简体"
    assert [word.styles[f"Heading {level}"].element.rPr.rFonts.get(qn("w:eastAsia")) for level in (1, 2, 3)] == [
        "黑体", "楷体_GB2312", "仿宋_GB2312",
    ]


def test_word_numbers_every_page_and_marks_it() -> None:
    section = docx.Document(BytesIO(to_docx(document()))).sections[0]
    for footer in (section.footer, section.even_page_footer):
        assert "PAGE" in footer.paragraphs[0]._p.xml
    for header in (section.header, section.even_page_header):
        assert header.paragraphs[0].text == "演示数据，不具法律效力"


def test_word_names_substitutes_of_fonts_a_machine_may_lack() -> None:
    with ZipFile(BytesIO(to_docx(document()))) as archive:
        table = archive.read("word/fontTable.xml").decode()
    assert 'w:name="仿宋_GB2312"><w:altName w:val="仿宋,' in table


@pytest.mark.parametrize(("language", "party", "line"), [
    ("zh-Hans", "乙方", "乙方（签名或盖章）："), ("en", "Owner", "Owner(signatureorseal):"),
])
def test_parties_have_a_line_to_sign_on(language: str, party: str, line: str, tmp_path: Path) -> None:
    form = document(Layout.FORM, blocks=(Signatures((party,)),), language=language)
    assert line in said(text_of_pdf(to_pdf(form), tmp_path))
    assert line in said("".join(p.text for p in docx.Document(BytesIO(to_docx(form))).paragraphs))


def test_characters_that_no_file_can_hold_are_left_out(tmp_path: Path) -> None:
    odd = document(blocks=(Paragraph("前\0\x0b\ufffe后\r\n行"),))
    assert "前后" in said(text_of_pdf(to_pdf(odd), tmp_path))
    assert "前后" in [paragraph.text for paragraph in docx.Document(BytesIO(to_docx(odd))).paragraphs]


@pytest.mark.parametrize("printed", [to_pdf, to_docx])
def test_a_row_that_does_not_fit_is_refused(printed: object) -> None:
    wrong = document(blocks=(Table((TableColumn("项目"),), [("一", "二")]),))
    assert callable(printed)
    with pytest.raises(ValueError, match="a row of 2 cells"):
        printed(wrong)


def test_neither_file_names_who_wrote_it() -> None:
    with ZipFile(BytesIO(to_docx(document()))) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "python-docx" not in core
    assert "<dc:creator></dc:creator>" in core.replace("<dc:creator/>", "<dc:creator></dc:creator>")
