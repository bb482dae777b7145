"""The Excel annex: totals and shares are formulas, say the same as the values beside them, and recalculate."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from zhengtu.press.annex import AnnexColumn, AnnexSheet, annex_workbook

MADE_AT = datetime.combine(date(2025, 2, 24), time())
COLUMNS = [
    AnnexColumn("Place"), AnnexColumn("Households", "integer", is_summed=True),
    AnnexColumn("Settled", "integer", is_summed=True), AnnexColumn("Share", "share", of=(2, 1)),
    AnnexColumn("Change", "points"), AnnexColumn("Missing", "decimal", is_summed=True), AnnexColumn("Due", "date"),
]
ROWS = [
    ["West", 100, 80, Decimal("0.8"), Decimal("2.5"), Decimal("12.34"), date(2025, 3, 15)],
    ["=cmd|' /c calc'!A0", 0, 0, None, None, Decimal("0.66"), None],
]


def workbook() -> bytes:
    sheet = AnnexSheet("Places [1]", "Progress", COLUMNS, ROWS, total="Total")
    return annex_workbook(
        [sheet], particulars_name="About", particulars=[("As of", "2025-02-23")], created=MADE_AT
    )


def cells(data: bytes, *, values: bool) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(BytesIO(data), data_only=values)
    return list(book["Places  1"].iter_rows(min_row=4, values_only=True))


def test_totals_and_shares_are_formulas_with_their_values() -> None:
    data = workbook()
    west, hostile, total = cells(data, values=False)
    assert west[3] == '=IF(B4=0,"",C4/B4)'
    assert total[:6] == ("Total", "=SUM(B4:B5)", "=SUM(C4:C5)", '=IF(B6=0,"",C6/B6)', None, "=SUM(F4:F5)")
    assert hostile[0] == "=cmd|' /c calc'!A0"
    assert openpyxl.load_workbook(BytesIO(data))["Places  1"]["A5"].data_type == "s"
    kept = cells(data, values=True)
    assert kept[2][1:6] == (100, 80, 0.8, None, 13)
    assert kept[0][6].date() == date(2025, 3, 15)  # type: ignore[attr-defined]


def test_the_same_values_give_the_same_bytes() -> None:
    assert workbook() == workbook()


def test_a_changed_figure_changes_total_and_share_when_an_office_recalculates(tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("needs LibreOffice")
    book = openpyxl.load_workbook(BytesIO(workbook()))
    book["Places  1"]["C5"], book["Places  1"]["B5"] = 10, 100
    changed = tmp_path / "changed.xlsx"
    book.save(changed)
    subprocess.run(  # noqa: S603 - a fixed command on the test's own file
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML",
         "--outdir", str(tmp_path / "out"), str(changed)],
        check=True, capture_output=True, timeout=120,
    )
    total = cells((tmp_path / "out" / "changed.xlsx").read_bytes(), values=True)[2]
    assert total[1:4] == (200, 90, 0.45)
