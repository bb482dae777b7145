"""Imports on the web: upload, report, columns, confirmation, scope."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import factories
from zhengtu.registry.models import Household, ImportStage, SurveyImport
from zhengtu.registry.survey_uploads import carry_out_upload, check_upload

pytestmark = pytest.mark.django_db(transaction=True)
HEADINGS = ["节点", "户主姓名", "身份证号", "登记建筑面积"]


@pytest.fixture
def scene() -> factories.Scene:
    return factories.build_campaign()


@pytest.fixture
def officer(scene: factories.Scene) -> Client:
    return factories.signed_in_client(factories.person_with("field_officer"))


@pytest.fixture
def neighbour(scene: factories.Scene) -> Client:
    return factories.signed_in_client(factories.person_with("field_officer", factories.CHANGYI))


def sheet(*rows: list[Any], headings: list[str] = HEADINGS) -> SimpleUploadedFile:
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return SimpleUploadedFile("台账.csv", text.getvalue().encode("utf-8-sig"), content_type="text/csv")


def upload(client: Client, file: SimpleUploadedFile, project: str = factories.PROJECT) -> Any:
    return client.post(reverse("survey.import"), {"project": project, "file": file})


def report_of(client: Client, one: SurveyImport) -> str:
    return client.get(reverse("survey.import.report", args=[one.pk])).content.decode()


GOOD = ["船营段", "孙家宝", factories.identity_number(700), "80.5"]


def test_a_file_is_uploaded_checked_confirmed_and_imported(officer: Client) -> None:
    answer = upload(officer, sheet(GOOD))
    one = SurveyImport.objects.get()
    assert answer.status_code == 302
    assert answer.url == reverse("survey.import.report", args=[one.pk])
    waiting = officer.get(reverse("survey.import.progress", args=[one.pk])).json()
    assert waiting["isMoving"] is True
    check_upload(one.pk, now=factories.NOW)
    page = report_of(officer, one)
    assert reverse("survey.import.confirm", args=[one.pk]) in page
    officer.post(reverse("survey.import.confirm", args=[one.pk]))
    carry_out_upload(one.pk, now=factories.NOW)
    one.refresh_from_db()
    assert one.deed in report_of(officer, one)
    assert one.deed in officer.get(reverse("survey.import")).content.decode()
    assert Household.objects.count() == 7


def test_a_refused_row_is_shown_with_cell_and_remedy_and_marked_in_a_copy(officer: Client) -> None:
    upload(officer, sheet(GOOD, ["船营段", "李四", "123", "x"]))
    one = SurveyImport.objects.get()
    check_upload(one.pk, now=factories.NOW)
    page = report_of(officer, one)
    assert "C3" in page
    assert reverse("survey.import.confirm", args=[one.pk]) not in page
    assert officer.post(reverse("survey.import.confirm", args=[one.pk])).status_code == 409
    copy = officer.get(reverse("survey.import.marked", args=[one.pk]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(copy.streaming_content)))
    assert book.active["C3"].comment is not None
    assert book.active["D3"].comment is not None
    assert book.active["C2"].comment is None


def test_columns_of_an_unknown_sheet_are_confirmed(officer: Client) -> None:
    upload(
        officer,
        sheet(["船营段", "孙家宝", factories.identity_number(700), "80"], headings=["地点", "户名", "证件", "面积"]),
    )
    one = SurveyImport.objects.get()
    check_upload(one.pk, now=factories.NOW)
    assert 'name="column-3"' in report_of(officer, one)
    address = reverse("survey.import.mapping", args=[one.pk])
    officer.post(address, {"column-0": "section", "column-1": "identity_number"})
    one.refresh_from_db()
    assert one.report["needs_mapping"], "without the names nothing is confirmed"
    officer.post(address, {"column-0": "section", "column-1": "name", "column-2": "identity_number"})
    check_upload(one.pk, now=factories.NOW)
    one.refresh_from_db()
    assert one.report["counts"]["new"] == 1


def test_an_upload_over_the_limit_is_answered_before_it_is_read(officer: Client, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 2_000
    answer = upload(officer, SimpleUploadedFile("big.csv", b"x" * 200_000))
    assert answer.status_code == 413
    assert "MB" in answer.content.decode()
    answer = upload(officer, SimpleUploadedFile("big.csv", b"x" * 30_000))  # within the form's allowance
    assert answer.status_code == 413
    assert not SurveyImport.objects.exists()


def test_the_upload_form_is_protected_against_other_sites(scene: Any) -> None:
    client = factories.signed_in_client(factories.person_with("field_officer"), enforce_csrf_checks=True)
    assert upload(client, sheet(GOOD)).status_code == 403
    assert not SurveyImport.objects.exists()


def test_a_wrong_file_type_is_told_on_the_page(officer: Client) -> None:
    answer = upload(officer, SimpleUploadedFile("scan.xlsx", b"%PDF-1.7 something"))
    assert answer.status_code == 400
    assert "PDF" in answer.content.decode()


def test_a_district_reaches_neither_another_districts_uploads_nor_its_sections(
    officer: Client, neighbour: Client
) -> None:
    upload(officer, sheet(GOOD))
    one = SurveyImport.objects.get()
    for name in ("report", "progress", "marked"):
        assert neighbour.get(reverse(f"survey.import.{name}", args=[one.pk])).status_code == 404
    for name in ("confirm", "cancel", "check", "mapping"):
        assert neighbour.post(reverse(f"survey.import.{name}", args=[one.pk])).status_code == 404
    assert one.file_name not in neighbour.get(reverse("survey.import")).content.decode()
    upload(neighbour, sheet(GOOD))  # names a section of 船营区
    theirs = SurveyImport.objects.exclude(pk=one.pk).get()
    assert check_upload(theirs.pk, now=factories.NOW) == ImportStage.REFUSED
    stranger = factories.signed_in_client(factories.person_with("field_officer", factories.LONGTAN))
    assert upload(stranger, sheet(GOOD)).status_code == 404


def test_an_interrupted_import_is_shown_and_checked_again(officer: Client) -> None:
    upload(officer, sheet(GOOD))
    one = SurveyImport.objects.get()
    SurveyImport.objects.filter(pk=one.pk).update(stage=ImportStage.IMPORTING, progress=0.6)
    assert reverse("survey.import.check", args=[one.pk]) in report_of(officer, one)
    officer.post(reverse("survey.import.check", args=[one.pk]), {"section": factories.CHUANYING_SECTION})
    one.refresh_from_db()
    assert (one.stage, one.options["section"]) == (ImportStage.UPLOADED, factories.CHUANYING_SECTION)


def test_the_template_and_the_export_are_workbooks(officer: Client) -> None:
    template = officer.get(reverse("survey.import.template"))
    assert openpyxl.load_workbook(io.BytesIO(template.content)).sheetnames == ["台账", "填写说明"]
    export = officer.post(reverse("survey.export"), {"project": factories.PROJECT})
    page = openpyxl.load_workbook(io.BytesIO(export.content))["台账"]
    assert page["A2"].value == "220204-P0001-S01-H00001"
    assert officer.post(reverse("survey.export"), {"project": factories.PROJECT, "unmasked": "1"}).status_code == 409
    foreign = {"project": factories.PROJECT, "section": factories.CHANGYI_SECTION}
    assert officer.post(reverse("survey.export"), foreign).status_code == 404
