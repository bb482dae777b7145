"""``zhengtu import_survey`` in the terminal."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests import factories
from tests.apps.registry.conftest import family, write_workbook
from zhengtu.ledger.models import Deed
from zhengtu.registry.models import Household

pytestmark = pytest.mark.django_db


def run(path: Path, *arguments: str) -> str:
    out = io.StringIO()
    call_command("import_survey", str(path), "--project", factories.PROJECT, *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_a_dry_run_reports_and_writes_nothing(scene: Any, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "台账.xlsx", [family(1), family(2)])
    assert "2" in run(path, "--dry-run")
    assert Household.objects.count() == 6


def test_an_import_names_its_deed_and_the_second_one_has_none(scene: Any, officer: Any, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "台账.xlsx", [family(1)])
    username = factories.person_with("field_officer", factories.CHUANYING).username
    assert Deed.objects.count() == 2
    assert "220204-D" in run(path, "--actor", username)
    assert "220204-D" not in run(path, "--actor", username)
    assert Household.objects.count() == 7


def test_a_refused_row_ends_with_its_cell_and_a_marked_copy(scene: Any, officer: Any, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "台账.xlsx", [family(1, 身份证号="123")])
    username = factories.person_with("field_officer", factories.CHUANYING).username
    marked = tmp_path / "marked.xlsx"
    with pytest.raises(CommandError):
        run(path, "--actor", username, "--marked", str(marked))
    assert marked.read_bytes().startswith(b"PK")
    assert Household.objects.count() == 6


def test_somebody_has_to_be_named_where_several_may_import(scene: Any, coordinator: Any, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "台账.xlsx", [family(1)])
    assert "D0000" in run(path)  # the city's one coordinator
    factories.person_with("coordinator", "220200", factories.PROJECT)
    run(path)  # a post for one project alone does not make a second
    with pytest.raises(CommandError):
        run(path, "--actor", "nobody")


def test_the_districts_own_sheet_needs_a_mapping(scene: Any, coordinator: Any, tmp_path: Path) -> None:
    headings = ["节点", "户名", "证件", "面积"]
    rows = [["船营段", "孙一", factories.identity_number(901), 50]]
    path = write_workbook(tmp_path / "台账.xlsx", rows, headings=headings)
    with pytest.raises(CommandError):
        run(path)
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"section": "节点", "name": "户名", "identity_number": "证件"}), encoding="utf-8")
    run(path, "--mapping", str(mapping))
    assert Household.objects.count() == 7
