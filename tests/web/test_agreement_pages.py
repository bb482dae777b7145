"""Pages of statements and agreements: what they show, what they refuse, and whose names their papers bear."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tests.compensation_scene import agreement_row, build_compensation_scene
from tests.factories import NOW, TODAY, Scene, person_with, personal_data, record, signed_in_client
from zhengtu.casework.models import Agreement
from zhengtu.ledger.models import Deed, Fact

pytestmark = pytest.mark.django_db

FORM = {"way": "cash", "sign_on": "2025-02-14", "pay_by": "2025-02-20", "move_out_by": "2025-02-25"}


@pytest.fixture
def scene() -> Scene:
    return build_compensation_scene()


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def reader(role: str, **options: str) -> Client:
    return signed_in_client(person_with(role, **options), headers={"accept-language": "en"})


def words_of(content: bytes) -> str:
    document = docx.Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_statement_shows_each_line_with_parameter_source_reason_and_evidence(scene: Scene) -> None:
    code = scene.households[0].code
    text = reader("field_officer").get(f"/households/{code}/statement/").content.decode()
    for part in ("412,000.00", "86.50 m² × ", "Household valuation report", "not in the file", "art. 19",
                 "is a demonstration value", "Statement digest", "Not agreed yet"):
        assert part in text, part
    assert personal_data(1)["name"] not in text


def test_what_is_missing_is_said_and_a_house_can_be_tried_out(scene: Scene) -> None:
    officer, code = reader("field_officer"), scene.households[0].code
    text = officer.get(f"/households/{code}/statement/?way=exchange").content.decode()
    assert "No statement can be made yet" in text
    assert "Enter the replacement houses" in text
    tried = officer.get(
        f"/households/{code}/statement/?way=exchange&area=92&price=3000&transition=fee&months=18"
    ).content.decode()
    assert "−276,000.00" in tried
    assert "18 months" in tried
    without = officer.get(f"/households/{scene.households[1].code}/statement/").content.decode()
    assert "has not been valued" in without


def test_the_dossier_has_both_ways_in_short_and_its_links(scene: Scene) -> None:
    text = reader("field_officer").get(f"/households/{scene.households[0].code}/").content.decode()
    assert f"/households/{scene.households[0].code}/statement/" in text
    assert f"/agreements/of/{scene.households[0].code}/" in text


def test_from_the_form_over_check_and_scan_to_the_recorded_signing(scene: Scene) -> None:
    officer, leader, code = reader("field_officer"), reader("district_leader"), scene.households[0].code
    drafted = officer.post(f"/agreements/of/{code}/", FORM)
    assert drafted.status_code == 302
    page = drafted["Location"]
    assert "You drafted it" not in leader.get(page).content.decode()
    assert leader.post(f"{page}check", {}).status_code == 302
    text = officer.get(page).content.decode()
    assert "Record the signing" in text
    scan = SimpleUploadedFile("scan.pdf", b"%PDF-1.7\n%%EOF\n", content_type="application/pdf")
    signed = officer.post(f"{page}sign", {"happened_on": TODAY.isoformat(), "evidence-agreement": scan})
    assert signed.status_code == 302
    assert Fact.objects.get(kind="signed").attributes["agreement_number"] == f"{code}-A01"
    assert "Draft a supplement" in officer.get(page).content.decode()
    assert officer.get(f"{page}supplement/").status_code == 200
    listed = officer.get("/agreements/?standing=signed").content.decode()
    assert f"{code}-A01" in listed
    assert f"{code}-A01" not in officer.get("/agreements/?standing=draft").content.decode()


def test_a_refused_draft_keeps_what_was_typed_and_names_what_is_missing(scene: Scene) -> None:
    code = scene.households[0].code
    response = reader("field_officer").post(
        f"/agreements/of/{code}/", {**FORM, "way": "exchange", "house-0": "江畔1号", "area-0": "x", "price-0": "5000"}
    )
    assert response.status_code == 409
    text = response.content.decode()
    assert "“x” is no value for “Floor area”" in text
    assert "江畔1号" in text
    again = reader("field_officer").post(f"/agreements/of/{code}/", {**FORM, "pay_by": ""})
    assert "The day by which the compensation is paid is missing." in again.content.decode()
    assert not Agreement.objects.exists()


def test_a_check_by_the_drafters_role_is_closed_and_a_changed_fact_is_named(scene: Scene) -> None:
    agreement = agreement_row(scene.households[0])
    assert reader("field_officer").post(f"/agreements/{agreement.number}/check", {}).status_code == 403
    record(scene.households[0].code, "item_inventoried", TODAY, {"item": "well", "quantity": "1"}, recorded_at=NOW)
    response = reader("district_leader").post(f"/agreements/{agreement.number}/check", {})
    assert response.status_code == 409
    assert "3000.00" in response.content.decode()


def test_papers_are_masked_and_full_names_are_noted_with_a_purpose(scene: Scene) -> None:
    agreement, personal = agreement_row(scene.households[0]), personal_data(1)
    officer = reader("field_officer")
    masked = words_of(officer.get(f"/agreements/{agreement.number}/agreement.docx").content)
    for part in ("Way of compensation", "Does not apply.", "412,000.00", agreement.statement_digest):
        assert part in masked, part
    assert personal["name"] not in masked
    assert personal["account"] not in masked
    full = officer.post(f"/agreements/{agreement.number}/full.docx", {})
    assert "no-store" in full["Cache-Control"]
    assert personal["name"] in words_of(full.content)
    assert personal["account"] in words_of(full.content)
    deed = Deed.objects.get(verb="household.unmask")
    assert agreement.number in deed.reasons[0]["parameters"]["purpose"]
    assert personal["name"] not in full["Content-Disposition"]


def test_statement_and_agreement_are_set_as_pdf_too_and_the_workbook_adds_up(scene: Scene) -> None:
    agreement = agreement_row(scene.households[0])
    officer, code = reader("field_officer"), scene.households[0].code
    assert officer.get(f"/agreements/{agreement.number}/agreement.pdf").content.startswith(b"%PDF")
    assert officer.get(f"/households/{code}/statement/cash.pdf").content.startswith(b"%PDF")
    assert "412,000.00" in words_of(officer.get(f"/households/{code}/statement/cash.docx").content)
    book = load_workbook(BytesIO(officer.get(f"/households/{code}/statement/cash.xlsx").content))
    *lines, total = [row[4] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert round(sum(lines), 2) == total
    assert officer.get(f"/households/{code}/statement/exchange.pdf").status_code == 404


def test_the_chinese_paper_says_every_term_in_chinese(scene: Scene) -> None:
    agreement = agreement_row(scene.households[0])
    officer = signed_in_client(person_with("field_officer"))
    text = words_of(officer.get(f"/agreements/{agreement.number}/agreement.docx").content)
    for part in ("国有土地上房屋征收补偿协议", "一、补偿方式", "货币补偿。", "大写：", "不适用。", "甲方（盖章）"):
        assert part in text, part


def test_a_family_reads_its_own_statement_and_agreement_and_moves_nothing(scene: Scene) -> None:
    agreement = agreement_row(scene.households[0])
    family = reader("family", subject=scene.households[0].code)
    assert family.get(f"/households/{scene.households[0].code}/statement/").status_code == 200
    text = family.get(f"/agreements/{agreement.number}/").content.decode()
    assert "Terms" in text
    assert "Cancel this agreement" not in text
    assert family.post(f"/agreements/{agreement.number}/cancel", {"reason": "x"}).status_code == 403


def test_a_run_is_started_followed_and_found_again(scene: Scene) -> None:
    officer = reader("field_officer")
    started = officer.post("/agreements/runs/", {"project": scene.project.code, "section": "", **FORM})
    assert started.status_code == 302
    text = officer.get(started["Location"]).content.decode()
    assert "You may leave this page" in text
    assert officer.get(f"{started['Location']}progress").json()["isMoving"] is True
    assert started["Location"] in officer.get("/agreements/runs/").content.decode()
    refused = officer.post("/agreements/runs/", {"project": scene.project.code, **FORM, "sign_on": "soon"})
    assert refused.status_code == 409
