"""Columns as wide as their dates, numbers and short names need, in the largest size that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.paper import pages_of, through_libreoffice
from zhengtu.press.document import Document, Layout, OfficialHead, Table, TableColumn
from zhengtu.press.pdf import to_pdf
from zhengtu.press.table_fitting import TableSetting, table_setting
from zhengtu.press.word import to_docx

WIDTH_PT, SIDES_PT = 442.0, 8.0


def fitted(columns: Sequence[TableColumn], rows: Sequence[Sequence[str]]) -> TableSetting:
    return table_setting(Table(columns, rows), width_pt=WIDTH_PT, size_pt=12, sides_pt=SIDES_PT)


def test_columns_that_have_room_keep_their_shares() -> None:
    found = fitted([TableColumn("项目", width=3), TableColumn("户数", width=1)], [("江堤", "12")])
    assert found == TableSetting(12, [WIDTH_PT * 3 / 4, WIDTH_PT / 4])


def test_a_date_takes_what_it_needs_from_the_others() -> None:
    found = fitted([TableColumn("原因", width=9), TableColumn("时限", width=0.5)], [("字" * 200, "2026-12-16")])
    assert found.size_pt == 12
    assert found.widths_pt[1] == pytest.approx(10 * 0.5 * 1.27 * 12 + SIDES_PT)
    assert sum(found.widths_pt) == pytest.approx(WIDTH_PT)


def test_a_table_of_many_columns_is_set_smaller_before_anything_is_broken() -> None:
    columns = [TableColumn(f"第{at}列") for at in range(8)]
    assert fitted(columns, [["2026-12-16"] * 4 + ["否"] * 4]).size_pt == 12
    assert fitted(columns, [["2026-12-16"] * 5 + ["否"] * 3]).size_pt == 10.5
    assert fitted(columns, [["2026-12-16"] * 8]).size_pt == 9


CELLS = st.text("征收0123456789-年月日（）", max_size=30)


@given(st.lists(st.tuples(st.floats(0.2, 9), CELLS), min_size=1, max_size=14))
def test_any_table_fills_the_width_and_leaves_no_column_without_any(columns: list[tuple[float, str]]) -> None:
    found = fitted([TableColumn("列", width=share) for share, _ in columns], [[text for _, text in columns]])
    assert sum(found.widths_pt) == pytest.approx(WIDTH_PT)
    assert min(found.widths_pt) > 10


def test_dates_and_names_stay_whole_in_word_through_libreoffice_and_in_the_pdf(tmp_path: Path) -> None:
    columns = [
        TableColumn("编号", width=1), TableColumn("事项", width=6), TableColumn("责任单位", width=0.5),
        TableColumn("时限", width=0.5), TableColumn("超期（工作日）", is_number=True, width=0.5),
    ]
    matter = "核对台账与现场是否一致并报送结果" * 2
    rows = [(f"督办〔2026〕{at}号", matter, "东川区", f"2026-11-{at}", "12") for at in (14, 26)]
    document = Document(
        "督办事项", [Table(columns, rows)], Layout.BULLETIN, head=OfficialHead("督查专报"), is_sealed=False
    )
    for pdf in (to_pdf(document), through_libreoffice(to_docx(document), tmp_path)):
        words = {word.text for page in pages_of(pdf, tmp_path) for word in page}
        assert {"2026-11-14", "2026-11-26", "东川区"} <= words
        said = "".join(sorted(words))
        assert "督办〔2026〕" in said
