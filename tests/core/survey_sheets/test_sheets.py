"""Headings, merged cells, totals and encodings of real-looking ledgers."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.survey_sheets.fields import FIELDS
from zhengtu.core.survey_sheets.headings import found_headings, most_known_headings, proposed_mapping, unit_problem
from zhengtu.core.survey_sheets.reading import Sheet, delimiter_of, filled_merges, read_sheet
from zhengtu.core.survey_sheets.rows import ledger_rows
from zhengtu.core.survey_sheets.sheet_files import UploadKind, upload_kind

APPRAISAL = [
    "序号",
    "组别",
    "编号",
    "姓名",
    "身份证号",
    "合法宅基地面积(㎡)",
    "控制标准面积(㎡)",
    "超控制标准面积(㎡)",
    "合法宅基地范围内正式房屋建筑面积(㎡)",
    "合法宅基地外的房屋建筑面积(㎡)",
    "评估公司",
    "控制标准内区位补偿款(元)",
    "控制标准外区位补偿款(元)",
    "房屋及附属物重置成新价补偿款(元)",
    "是否包含未经审批房屋重置成新价",
    "装修补助费(元)",
    "分户补偿款(元)",
    "合法宅基地内空地奖(元)",
    "评估价款合计(元)",
]


def test_a_districts_appraisal_ledger_is_understood() -> None:
    assert proposed_mapping(APPRAISAL) == {
        "name": "姓名",
        "identity_number": "身份证号",
        "registered_area_m2": "合法宅基地范围内正式房屋建筑面积(㎡)",
        "unregistered_area_m2": "合法宅基地外的房屋建筑面积(㎡)",
        "land_area_m2": "合法宅基地面积(㎡)",
    }
    assert proposed_mapping([*APPRAISAL, "评估日期"])["value_yuan"] == "评估价款合计(元)"


def test_the_templates_own_headings_are_all_known() -> None:
    headings = [field.full_heading for field in FIELDS]
    assert proposed_mapping(headings) == {field.id: field.full_heading for field in FIELDS}


def test_a_unit_that_is_not_the_fields_is_told() -> None:
    assert unit_problem("value_yuan", "评估价款合计（万元）") is not None
    assert unit_problem("land_area_m2", "宅基地面积（亩）") is not None
    assert unit_problem("land_area_m2", "宅基地面积（㎡）") is None


def workbook(path: Path, rows: list[list[object]], merges: dict[str, str]) -> Sheet:
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("说明")
        page.write(0, 0, "填表须知")
        page = book.add_worksheet("明细")
        for index, row in enumerate(rows):
            page.write_row(index, 0, row)
        for cells, value in merges.items():
            page.merge_range(cells, value)
    return read_sheet(path=path, kind=UploadKind.EXCEL, file=path.name, prefer=most_known_headings)


def test_titles_groups_merges_totals_and_signatures(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["", "", "", "", ""],
        ["户主", "身份证号", "", "", "坐落"],
        ["", "", "有证面积（㎡）", "无证面积（㎡）", ""],
        ["王芳", "11010519491231002X", 50, 3, "松江路1号"],
        ["户主", "身份证号", "有证面积（㎡）", "无证面积（㎡）", "坐落"],
        ["李强", "", "60", "", ""],
        ["", "", "", "", ""],
        ["小  计", "", 110, 3, ""],
        ["", "", "合计", 113, ""],
        ["制表人：赵六   审核人：钱七", "", "", "", ""],
    ]
    merges = {
        "A1:E1": "某项目分户明细表",
        "A2:A3": "户主",
        "B2:B3": "身份证号",
        "C2:D2": "房屋",
        "E2:E3": "坐落",
        "E4:E6": "松江路1号",
    }
    sheet = workbook(tmp_path / "明细.xlsx", rows, merges)
    assert sheet.name == "明细"
    heading = found_headings(sheet)
    assert heading.rows == (1, 2)
    mapping = proposed_mapping(heading.headings)
    assert set(mapping) == {"name", "identity_number", "registered_area_m2", "unregistered_area_m2", "address"}
    filled_merges(sheet)
    ledger = ledger_rows(sheet=sheet, heading=heading, mapping=mapping)
    assert ledger.rows == [4, 6]
    assert ledger.columns["name"] == ["王芳", "李强"]
    assert ledger.columns["address"] == ["松江路1号", "松江路1号"]
    assert [(problem.row, problem.code) for problem in ledger.problems] == [
        (5, "row_repeats_heading"),
        (8, "row_is_total"),
        (9, "row_is_total"),
        (10, "row_is_total"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_ledgers_in_every_encoding(encoding: str, delimiter: str, tmp_path: Path) -> None:
    lines = [
        delimiter.join(cells) for cells in (["姓名", "身份证号", "坐落"], ["王芳", "11010519491231002X", "松江路1号"])
    ]
    path = tmp_path / "台账.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    assert upload_kind(path=path, name=path.name, limit_bytes=10_000) is UploadKind.CSV
    sheet = read_sheet(path=path, kind=UploadKind.CSV, file=path.name)
    assert sheet.rows[1] == ["王芳", "11010519491231002X", "松江路1号"]


def test_a_delimiter_inside_quotes_divides_nothing() -> None:
    assert delimiter_of('姓名;坐落\n王芳;"一,二,三"\n李强;"四,五,六"\n') == ";"


def test_a_sheet_that_is_not_there_is_named(tmp_path: Path) -> None:
    workbook(tmp_path / "明细.xlsx", [["姓名", "身份证号"]], {})
    with pytest.raises(Refused, match="明细"):
        read_sheet(path=tmp_path / "明细.xlsx", kind=UploadKind.EXCEL, file="明细.xlsx", sheet="没有")
