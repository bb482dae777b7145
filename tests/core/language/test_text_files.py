"""Texts out of files: encodings, Word documents, PDF files, and everything that is refused by name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress

import docx
import pytest
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.language.text_files import read_text
from zhengtu.core.language.word_numbering import chinese_number
from zhengtu.press.document import Document, Paragraph
from zhengtu.press.pdf import to_pdf

TEXT = "县住建局要在3月15日前完成征收。\n各乡镇配合。"


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(Refused) as refused:
        read_text(data, name=name)
    reason = refused.value.reasons[0]
    assert reason.remedy
    assert reason.in_english()
    return reason.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_plain_text_in_any_encoding_in_use(encoding: str) -> None:
    assert read_text(TEXT.encode(encoding), name="讲话.txt") == TEXT


def test_line_ends_are_made_one() -> None:
    assert read_text("甲\r\n乙\r丙\n丁".encode(), name="a.txt") == "甲\n乙\n丙\n丁"


def word(fill: Callable[[docx.document.Document], None]) -> bytes:
    document = docx.Document()
    fill(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_word_document_with_a_table_in_its_order() -> None:
    def fill(document: docx.document.Document) -> None:
        document.add_paragraph("任务分工表")
        table = document.add_table(rows=2, cols=2)
        cells = (*table.rows[0].cells, *table.rows[1].cells)
        for cell, text in zip(cells, ("工作任务", "责任单位", "拆除\n违建", "县城管局"), strict=True):
            cell.text = text
        document.add_paragraph("附则")

    assert read_text(word(fill), name="分工.docx") == "任务分工表\n工作任务\t责任单位\n拆除 违建\t县城管局\n附则"


def test_numbers_that_word_adds_are_written_out() -> None:
    def fill(document: docx.document.Document) -> None:
        for text in ("压实责任", "严格督查"):
            document.add_paragraph(text, style="List Number")

    assert read_text(word(fill), name="a.docx") == "1.压实责任\n2.严格督查"
    assert [chinese_number(number) for number in (1, 10, 12, 20, 35, 103, 110)] == [
        "一", "十", "十二", "二十", "三十五", "一百〇三", "一百一十",
    ]


def test_deleted_words_of_a_word_document_are_left_out() -> None:
    def fill(document: docx.document.Document) -> None:
        paragraph = document.add_paragraph("保留")
        deleted = OxmlElement("w:del")
        run = OxmlElement("w:r")
        words = OxmlElement("w:delText")
        words.text = "删去"
        run.append(words)
        deleted.append(run)
        paragraph._p.append(deleted)
        assert paragraph._p.tag == qn("w:p")

    assert read_text(word(fill), name="a.docx") == "保留"


def package(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


DOCUMENT = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
    b"abc</w:t></w:r></w:p></w:body></w:document>"
)
TYPES = b"<Types/>"


def test_what_is_refused_and_under_which_name() -> None:
    whole = {"[Content_Types].xml": TYPES, "word/document.xml": DOCUMENT}
    assert read_text(package(whole), name="a.docx") == "abc"
    assert refusal(b"", "a.txt") == "text_file.empty"
    assert refusal(b" \n\t", "a.txt") == "text_file.empty"
    assert refusal(b"a" * (20 * 1024 * 1024 + 1), "a.txt") == "text_file.too_large"
    assert refusal("字".encode() * 1_500_000, "a.txt") == "text_file.too_long"
    assert refusal(package(whole), "a.docm") == "text_file.macros"
    assert refusal(package(whole | {"word/vbaProject.bin": b"x"}), "a.docx") == "text_file.macros"
    assert refusal(package(whole | {"[Content_Types].xml": b"macroEnabled"}), "a.docx") == "text_file.macros"
    sheet = package({"xl/workbook.xml": b"x", "[Content_Types].xml": TYPES})
    assert refusal(sheet, "a.docx") == "text_file.unknown_kind"
    assert refusal(package(whole)[:-40], "a.docx") == "text_file.damaged"
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.doc") == "text_file.old_word"
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert refusal(locked, "a.docx") == "text_file.encrypted"
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
    assert refusal(picture, "a.png") in ("text_file.unknown_kind", "text_file.encoding")
    assert refusal(b"{\\rtf1 x}", "a.rtf") == "text_file.unknown_kind"


def test_packages_that_unpack_beyond_measure_are_not_unpacked() -> None:
    bomb = package({"[Content_Types].xml": TYPES, "word/document.xml": b"<a>" + b" " * 40_000_000})
    assert len(bomb) < 100_000
    assert refusal(bomb, "a.docx") == "text_file.bomb"
    entities = b'<!DOCTYPE d [<!ENTITY a "aaaa">]>' + DOCUMENT
    assert refusal(package({"[Content_Types].xml": TYPES, "word/document.xml": entities}), "a.docx") == "text_file.bomb"
    deep = DOCUMENT.replace(b"<w:p>", b"<w:p>" * 5000).replace(b"</w:p>", b"</w:p>" * 5000)
    assert refusal(package({"[Content_Types].xml": TYPES, "word/document.xml": deep}), "a.docx") == "text_file.damaged"


def test_a_pdf_with_text_a_scan_and_a_locked_one() -> None:
    pdf = to_pdf(Document(title="工作安排", blocks=[Paragraph("县住建局要在3月15日前完成征收扫尾。")], language="zh"))
    text = read_text(pdf, name="a.pdf")
    assert "县住建局要在3月15日前完成征收扫尾" in "".join(text.split())
    blank = PdfWriter()
    blank.add_blank_page(width=595, height=842)
    stream = io.BytesIO()
    blank.write(stream)
    assert refusal(stream.getvalue(), "scan.pdf") == "text_file.scanned"
    locked = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    locked.encrypt("secret", algorithm="RC4-128")
    stream = io.BytesIO()
    locked.write(stream)
    assert refusal(stream.getvalue(), "locked.pdf") == "text_file.encrypted"
    assert refusal(b"%PDF-1.7\nnothing", "a.pdf") == "text_file.damaged"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf"]))
def test_whatever_the_bytes_there_is_a_text_or_a_refusal(data: bytes, head: bytes) -> None:
    with suppress(Refused):
        text = read_text(head + data, name="x")
        assert text.strip()
        assert "\r" not in text
        assert "\x00" not in text


def test_merged_cells_of_a_word_table_keep_the_columns_in_place() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=4)
    for at, words in enumerate(("项目", "任务", "责任单位", "时限")):
        table.cell(0, at).text = words
    table.cell(1, 0).merge(table.cell(2, 0)).text = "东片区"
    table.cell(1, 1).text, table.cell(1, 2).text, table.cell(1, 3).text = "签约", "东街道", "5月底"
    table.cell(2, 1).merge(table.cell(2, 2)).text = "清表"
    table.cell(2, 3).text = "6月底"
    held = io.BytesIO()
    document.save(held)
    lines = read_text(held.getvalue(), name="表.docx").split("\n")
    assert [line for line in lines if line] == [
        "项目\t任务\t责任单位\t时限", "东片区\t签约\t东街道\t5月底", "东片区\t清表\t\t6月底"
    ]
