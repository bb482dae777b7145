"""Workbooks: typed cells, texts that stay texts, particulars, a frozen header; read back by a foreign reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from zhengtu.press.spreadsheet import CellValue, SheetColumn, write_workbook

NAIVE, MIDNIGHT = datetime.fromisoformat("2025-02-14T09:30"), datetime.fromisoformat("2025-02-14")
COLUMNS = [
    SheetColumn("Name"), SheetColumn("Households", "integer"), SheetColumn("Sum (yuan)", "money"),
    SheetColumn("Signed", "date"), SheetColumn("Seen", "instant"),
]


def written(*rows: Sequence[CellValue], name: str = "Projects") -> BytesIO:
    target = BytesIO()
    write_workbook(
        target, sheet_name=name, columns=COLUMNS, rows=rows, particulars_name="About",
        particulars=[("As of", "2025-02-14"), ("By", "=cmd|' /C calc'!A0")], created=NAIVE,
    )
    target.seek(0)
    return target


def read_back(target: BytesIO) -> Any:
    return openpyxl.load_workbook(target)


def test_values_keep_their_types() -> None:
    row = ["船营区", 1234, Decimal("1234567.89"), date(2025, 2, 14), NAIVE]
    sheet = read_back(written(row))["Projects"]
    assert [cell.value for cell in sheet[2]] == [
        "船营区", 1234, 1234567.89, MIDNIGHT, NAIVE,
    ]
    assert [cell.number_format for cell in sheet[2]] == ["@", "#,##0", "#,##0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    assert sheet.freeze_panes == "A2"


def test_a_table_prints_one_page_wide_with_its_heading_on_each_page() -> None:
    sheet = read_back(written(["A", 1, None, None, None]))["Projects"]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)  # one wide is the default
    assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '  =HYPERLINK("http://x")', "=cmd|' /C calc'!A0"]
)
def test_a_text_like_a_formula_stays_a_text_with_the_quote_prefix(text: str) -> None:
    target = written([text, 1, None, None, None])
    cell = read_back(target)["Projects"]["A2"]
    assert cell.value == text
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert "<f>" not in ZipFile(target).read("xl/worksheets/sheet1.xml").decode()


def test_ordinary_text_has_no_quote_prefix_and_an_address_is_no_link() -> None:
    cell = read_back(written(["http://example.org", 1, None, None, None]))["Projects"]["A2"]
    assert not cell.quotePrefix
    assert cell.hyperlink is None


def test_a_number_longer_than_excel_holds_stays_exact_as_a_text() -> None:
    sheet = read_back(written(["x", 220204199001011234, Decimal("12345678901234567.89"), None, None]))["Projects"]
    assert sheet["B2"].value == "220204199001011234"
    assert sheet["C2"].value == "12345678901234567.89"


def test_nothing_is_an_empty_cell_and_particulars_are_safe() -> None:
    book = read_back(written([None, None, None, None, None], name="a[b]:c*?/\\" + "x" * 40))
    assert book.sheetnames[0].startswith("a b  c")
    assert len(book.sheetnames[0]) == 31
    assert book.worksheets[0]["A2"].value is None
    assert book["About"]["B1"].value == "2025-02-14"
    assert book["About"]["B2"].data_type == "s"
    assert book["About"]["B2"].quotePrefix


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhengtu.press.spreadsheet.ROWS_LIMIT", 2)
    with pytest.raises(ValueError, match="2 rows"):
        written(*([["x", 1, None, None, None]] * 3))
