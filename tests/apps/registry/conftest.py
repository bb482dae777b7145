"""A campaign to import into, and ledgers to import."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests import factories
from zhengtu.core.authority.actor import Actor
from zhengtu.registry.survey_import.intake import SourceFile, local_file

REPOSITORY = Path(__file__).resolve().parents[3]
HEADINGS = [
    "户编号",
    "节点",
    "户主姓名",
    "身份证号",
    "联系电话",
    "坐落",
    "房号",
    "用途",
    "人口（人）",
    "登记建筑面积（㎡）",
]
Rows = Sequence[Sequence[Any]]


@pytest.fixture
def scene(db: None) -> factories.Scene:
    """City, project, two sections with three households each."""
    return factories.build_campaign()


@pytest.fixture
def officer(scene: factories.Scene) -> Actor:
    """The field officer of 船营区."""
    return factories.actor_with("field_officer", factories.CHUANYING)


@pytest.fixture
def coordinator(scene: factories.Scene) -> Actor:
    """The city's coordinator."""
    return factories.actor_with("coordinator")


def family(number: int, **changes: Any) -> list[Any]:
    """A row under ``HEADINGS`` of a fictitious family."""
    row: dict[str, Any] = {
        "户编号": "",
        "节点": "船营段",
        "户主姓名": f"孙家{number}",
        "身份证号": factories.identity_number(500 + number),
        "联系电话": f"139043{number:05d}",
        "坐落": f"松江路{number}号",
        "房号": f"{number}01",
        "用途": "住宅",
        "人口（人）": 3,
        "登记建筑面积（㎡）": 60.5 + number,
    }
    row |= changes
    return list(row.values())


def write_workbook(
    path: Path,
    rows: Rows,
    *,
    headings: Sequence[str] = HEADINGS,
    above: Rows = (),
    sheet: str = "台账",
    merges: Mapping[str, Any] | None = None,
) -> Path:
    """An Excel ledger; rows above the headings as titles."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        for index, row in enumerate([*above, headings, *rows]):
            for column, value in enumerate(row):
                page.write(index, column, value)
        for cells, value in (merges or {}).items():
            page.merge_range(cells, value)
    return path


@pytest.fixture
def ledger(tmp_path: Path) -> Callable[..., SourceFile]:
    """Write an Excel ledger and give it as a source."""

    def make(rows: Rows, name: str = "台账.xlsx", **more: Any) -> SourceFile:
        return local_file(write_workbook(tmp_path / name, rows, **more))

    return make
