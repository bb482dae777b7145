"""Files that are not what they say, too large, cut short, or dangerous: refused before anything is read into rows."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from tests import factories
from tests.apps.registry.conftest import family, write_workbook
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Refused
from zhengtu.registry.models import Household, SurveyImport
from zhengtu.registry.survey_import.examination import examine
from zhengtu.registry.survey_import.intake import local_file
from zhengtu.registry.survey_import.options import ImportOptions
from zhengtu.registry.survey_uploads import take_in_upload

pytestmark = pytest.mark.django_db


def bomb() -> bytes:
    """A workbook whose sheet unpacks to 60 MB out of 60 kB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<row>" + b" " * 60_000_000)
    return buffer.getvalue()


def lying_bomb() -> bytes:
    """The same, saying of itself that it unpacks to 100 bytes."""
    data = bytearray(bomb())
    place = data.rfind(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 100)
    return bytes(data)


def wide_workbook() -> bytes:
    """A workbook with a cell in the last column and row: readers would reserve everything between."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    return buffer.getvalue()


def sound(tmp_path: Path) -> bytes:
    return write_workbook(tmp_path / "sound.xlsx", [family(1)]).read_bytes()


CASES: list[tuple[str, Callable[[Path], bytes], set[str]]] = [
    ("ledger.xlsx", lambda folder: sound(folder)[:-400], {"file_damaged"}),
    ("ledger.xlsx", lambda folder: sound(folder)[: len(sound(folder)) // 2], {"file_damaged"}),
    ("ledger.xlsx", lambda folder: b"", {"file_empty"}),
    ("ledger.xlsx", lambda folder: b"%PDF-1.7 ...", {"file_kind_unknown"}),
    ("ledger.xlsx", lambda folder: "姓名,身份证号\n甲,1\n".encode(), {"file_kind_differs"}),
    ("ledger.csv", sound, {"file_kind_differs"}),
    ("ledger.docx", sound, {"file_kind_differs"}),
    ("ledger.csv", lambda folder: bytes(range(256)) * 8, {"file_kind_unknown"}),
    ("parcels.gpkg", lambda folder: b"SQLite format 3\x00" + b"\x00" * 200, {"spatial.file_kind_unknown"}),
    ("parcels.zip", lambda folder: b"PK\x03\x04" + b"\x00" * 100, {"file_damaged"}),
    ("ledger.xlsx", lambda folder: bomb(), {"archive_ratio"}),
    ("ledger.xlsx", lambda folder: lying_bomb(), {"archive_ratio"}),
    ("ledger.xlsx", lambda folder: wide_workbook(), {"sheet_too_wide"}),
    ("ledger.csv", lambda folder: b"1,2\n3,4\n", {"header_not_found"}),
    ("ledger.csv", lambda folder: "户主姓名,身份证号\n".encode(), {"sheet_empty"}),
]


@pytest.mark.parametrize(
    ("name", "content", "codes"), CASES, ids=lambda value: value if isinstance(value, str) else None
)
def test_what_cannot_be_taken_is_refused_with_its_reason(
    name: str, content: Callable[[Path], bytes], codes: set[str], scene: Any, officer: Actor, tmp_path: Path
) -> None:
    path = tmp_path / f"upload-{name}"
    path.write_bytes(content(tmp_path))
    with pytest.raises(Refused) as refused:
        examine(
            source=local_file(path),
            project=scene.project,
            actor=officer,
            options=ImportOptions(),
            today=factories.TODAY,
        )
    assert {reason.code.removeprefix("sheet.") for reason in refused.value.reasons} == codes
    assert all(reason.remedy for reason in refused.value.reasons)


def test_an_upload_over_the_limit_is_refused(scene: Any, officer: Actor, tmp_path: Path, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1_000
    path = write_workbook(tmp_path / "ledger.xlsx", [family(1)])
    with pytest.raises(Refused) as refused:
        examine(
            source=local_file(path),
            project=scene.project,
            actor=officer,
            options=ImportOptions(),
            today=factories.TODAY,
        )
    assert refused.value.reasons[0].code == "sheet.file_too_large"


def test_an_upload_into_a_project_out_of_scope_is_refused_and_noted(scene: Any, tmp_path: Path) -> None:
    stranger = factories.actor_with("field_officer", factories.LONGTAN)
    with pytest.raises(Refused):
        take_in_upload(
            file=ContentFile(sound(tmp_path)),
            name="ledger.xlsx",
            project=scene.project.code,
            actor=stranger,
            options=ImportOptions(),
            now=factories.NOW,
        )
    assert not SurveyImport.objects.exists()
    assert Household.objects.count() == 6
