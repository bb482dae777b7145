"""What is exported can be edited and imported again without loss."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests import factories
from tests.apps.registry.conftest import HEADINGS, family, write_workbook
from zhengtu.accounts.sealing import unseal
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Deed, Fact
from zhengtu.registry.actions import Outcome, import_survey
from zhengtu.registry.models import Household
from zhengtu.registry.survey_exports import full_export, masked_export
from zhengtu.registry.survey_import.intake import local_file
from zhengtu.registry.survey_import.options import ImportOptions
from zhengtu.registry.survey_import.workbooks import SHEET, ledger_workbook

pytestmark = pytest.mark.django_db


def run(path: Path, actor: Actor, scene: factories.Scene) -> Outcome:
    return import_survey(
        source=local_file(path), project=scene.project, actor=actor, options=ImportOptions(), now=factories.NOW
    )


def saved(tmp_path: Path, data: bytes, edit: Any = None) -> Path:
    path = tmp_path / "导出.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(data))
    if edit:
        edit(book[SHEET])
    book.save(path)
    return path


def column_of(page: Any, heading: str) -> int:
    return next(cell.column for cell in page[1] if cell.value == heading)


@pytest.mark.parametrize("full", [True, False])
def test_an_unedited_export_changes_nothing(full: bool, scene: Any, officer: Actor, tmp_path: Path) -> None:
    factories.advance(scene.households[0], to="vacated")
    deeds = Deed.objects.count()
    data = (
        full_export(actor=officer, project=scene.project.code, purpose="核对", now=factories.NOW)
        if full else masked_export(actor=officer, project=scene.project.code)
    )
    outcome = run(saved(tmp_path, data), officer, scene)
    assert outcome.deed == ""
    assert outcome.report["counts"] == {
        "rows": 3, "new": 0, "changed": 0, "unchanged": 3, "refused": 0, "warnings": 0,
    }
    assert Deed.objects.count() == deeds + full


def test_edits_of_a_masked_export_come_back(scene: Any, officer: Actor, tmp_path: Path) -> None:
    def edit(page: Any) -> None:
        page.cell(2, column_of(page, "坐落")).value = "解放大路8号"
        page.cell(3, column_of(page, "户主姓名")).value = "张新名"

    outcome = run(saved(tmp_path, masked_export(actor=officer, project=scene.project.code), edit), officer, scene)
    assert outcome.report["counts"]["changed"] == 2
    first, second, _ = scene.households[:3]
    assert Household.objects.get(code=first.code).address == "解放大路8号"
    assert unseal(Household.objects.get(code=first.code).personal_sealed) == factories.personal_data(1)
    renamed = Household.objects.get(code=second.code)
    assert unseal(renamed.personal_sealed) == factories.personal_data(2) | {"name": "张新名"}
    assert renamed.name_masked == "张**"


def test_an_export_is_masked_unless_the_look_is_recorded(scene: Any, officer: Actor, coordinator: Actor) -> None:
    shown = masked_export(actor=officer, project=scene.project.code)
    page = openpyxl.load_workbook(io.BytesIO(shown))[SHEET]
    assert {page.cell(row, column_of(page, "户主姓名")).value for row in (2, 3, 4)} == {"李**", "张**", "刘**"}
    with pytest.raises(Refused):  # a coordinator may export, not unmask
        full_export(actor=coordinator, project=scene.project.code, purpose="核对", now=factories.NOW)
    with pytest.raises(Refused):
        full_export(actor=officer, project=scene.project.code, purpose=" ", now=factories.NOW)
    full_export(actor=officer, project=scene.project.code, purpose="电话通知", now=factories.NOW)
    deed = Deed.objects.latest("recorded_at")
    assert (deed.verb, deed.reasons[0]["parameters"]["purpose"]) == ("household.unmask", "电话通知")


def test_an_export_holds_only_the_officers_own_district(scene: Any, officer: Actor) -> None:
    page = openpyxl.load_workbook(io.BytesIO(masked_export(actor=officer, project=scene.project.code)))[SHEET]
    assert {page.cell(row, 1).value[:6] for row in range(2, page.max_row + 1)} == {"220204"}


def test_formulas_stay_texts_on_the_way_in_and_out(scene: Any, officer: Actor, tmp_path: Path) -> None:
    wicked = "=cmd|'/C calc'!A0"
    run(write_workbook(tmp_path / "a.xlsx", [family(1, 坐落=wicked, 房号="@SUM(1)")]), officer, scene)
    assert Household.objects.get(code="220204-P0001-S01-H00004").address == wicked
    page = openpyxl.load_workbook(io.BytesIO(masked_export(actor=officer, project=scene.project.code)))[SHEET]
    cell = page.cell(5, column_of(page, "坐落"))
    assert (cell.value, cell.data_type) == (wicked, "s")


def test_the_template_is_taken_as_it_is(scene: Any, officer: Actor, tmp_path: Path) -> None:
    row = {"section": "船营段", "name": "孙家宝", "identity_number": factories.identity_number(801), "use": "住宅"}
    (tmp_path / "模板.xlsx").write_bytes(ledger_workbook([row]))
    outcome = run(tmp_path / "模板.xlsx", officer, scene)
    assert outcome.report["counts"]["new"] == 1
    assert Fact.objects.get(subject="220204-P0001-S01-H00004").attributes["use"] == "dwelling"
    assert HEADINGS[2] in outcome.report["headings"]
