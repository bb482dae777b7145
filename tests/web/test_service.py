"""Pages of service, notices, owners, rights and the court: what they show, hide, hand out and refuse."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZipFile

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.apps.casework.test_notices_and_court import APPLICATION, DECISION, enforceable, fill_papers, valued
from tests.factories import (
    CHUANYING,
    CHUANYING_SECTION,
    Scene,
    announce,
    at,
    build_campaign,
    identity_number,
    person_with,
    personal_data,
    record,
    signed_in_client,
)
from zhengtu.ledger.models import Deed, Fact
from zhengtu.registry.models import Household

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> Scene:
    scene = build_campaign()
    announce(CHUANYING)
    return scene


def client_of(role: str, language: str = "en", subject: str = "") -> Client:
    return signed_in_client(person_with(role, subject=subject), headers={"accept-language": language})


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def only_valued(household: Household) -> Household:
    record(household.code, "surveyed", date(2025, 1, 6))
    record(household.code, "valued", date(2025, 1, 8))
    return household


def test_the_map_and_list_say_who_is_left(scene: Scene) -> None:
    valued(scene.households[0])
    left = only_valued(scene.households[1])
    officer = client_of("field_officer")
    text = page(officer, f"/service/{CHUANYING_SECTION}/")
    assert text.count('class="service-unserved" d="M') == 1
    assert text.count('class="service-served" d="M') == 1
    assert text.count('class="service-none" d="M') == 1
    assert left.name_masked in text
    assert personal_data(2)["name"] not in text
    filtered = page(officer, f"/service/{CHUANYING_SECTION}/?state=unserved")
    assert left.code in filtered
    assert f">{scene.households[0].code}<" not in filtered
    workbook = officer.get(f"/service/{CHUANYING_SECTION}/?format=xlsx")
    assert workbook["Content-Type"].startswith("application/vnd.openxmlformats")


def test_an_earlier_day_shows_what_was_served_then(scene: Scene) -> None:
    valued(scene.households[0])
    text = page(client_of("field_officer"), f"/service/{CHUANYING_SECTION}/?on=2025-01-10")
    assert 'class="service-unserved" d="M' in text
    assert 'class="service-served" d="M' not in text


def test_the_form_of_a_service_has_no_field_for_its_day(scene: Scene) -> None:
    household = only_valued(scene.households[0])
    officer = client_of("field_officer")
    address = f"/households/{household.code}/"
    text = page(officer, f"{address}?record=valuation_report_served")
    assert 'name="attribute-method"' in text
    assert 'name="attribute-served_on"' not in text
    form = {
        "kind": "valuation_report_served", "happened_on": "2025-01-20", "attribute-method": "direct",
        "attribute-owner": "1",
    }

    def proof() -> SimpleUploadedFile:
        return SimpleUploadedFile("receipt.txt", b"signed by hand")

    refused = officer.post(address, {**form, "evidence-service_proof": proof()})
    assert refused.status_code == 409
    assert "not signed by whoever took the document" in refused.content.decode()
    done = officer.post(address, {**form, "attribute-is_signed": "yes", "evidence-service_proof": proof()})
    assert done.status_code == 302
    fact = Fact.objects.get(kind="valuation_report_served")
    assert fact.attributes["served_on"] == "2025-01-20"
    corrected = page(officer, f"/facts/{fact.deed_id}/{fact.ordinal}/correct/")
    assert 'name="attribute-served_on"' not in corrected


def test_owners_are_named_on_their_page(scene: Scene) -> None:
    household = scene.households[0]
    officer = client_of("field_officer")
    address = f"/households/{household.code}/owners/"
    text = page(officer, address)
    assert household.name_masked in text
    assert personal_data(1)["identity_number"] not in text
    rows = {
        "name": [household.name_masked, "李秀兰"], "identity_number": [household.identity_masked, identity_number(2)],
        "phone": ["", ""], "share": ["", ""], "happened_on": "2025-01-10",
    }
    refused = officer.post(address, rows)
    assert refused.status_code == 409
    assert "李秀兰" in refused.content.decode(), "what was written stays in the form"
    done = officer.post(address, {**rows, "evidence-title_proof": SimpleUploadedFile("title.txt", b"title")})
    assert done.status_code == 302
    dossier = page(officer, f"/households/{household.code}/")
    assert "李**" in dossier
    assert "李秀兰" not in dossier


def test_the_rights_clock_says_last_day_whom_and_what_is_provisional(scene: Scene) -> None:
    household = valued(scene.households[0])
    record(household.code, "decided", date(2025, 2, 3), {
        "amount_yuan": "425000.00", "option": "cash", "move_out_by": "2025-03-20", "remedies_stated": "yes",
    })
    record(household.code, "decision_served", date(2025, 2, 5), {
        "served_on": "2025-02-05", "method": "direct", "owner": 1, "is_signed": "yes", "remedies_stated": "yes",
    })
    dossier = page(client_of("district_leader", "zh-hans"), f"/households/{household.code}/?on=2025-02-14")
    for part in ("对补偿决定申请行政复议", "2025-04-07", "吉林市人民政府", "2025-08-05", "吉林市中级人民法院"):
        assert part in dossier, part
    family = page(client_of("family", "zh-hans", household.code), f"/households/{household.code}/?on=2025-02-14")
    assert "截止日：<strong>2025-04-07</strong>" in family
    assert "申请复核评估" not in family, "what has run out is not held out to the family"


def test_a_notice_is_handed_out_as_word_and_pdf_with_nobody_in_its_name(scene: Scene) -> None:
    household = valued(scene.households[0])
    leader = client_of("district_leader")
    address = f"/notices/{household.code}/compensation_decision/"
    assert "ask-pay_by" in page(leader, address)
    form = {f"ask-{name}": value for name, value in DECISION.items()}
    early = leader.post(address, {**form, "ask-pay_by": ""})
    assert early.status_code == 409
    assert "lacks" in early.content.decode()
    before = Deed.objects.filter(verb="household.unmask").count()
    word = leader.post(address, {**form, "format": "docx"})
    assert word.status_code == 200
    name = unquote(word["Content-Disposition"])
    assert "房屋征收补偿决定书" in name
    assert personal_data(1)["name"] not in name
    text = "".join(paragraph.text for paragraph in docx.Document(BytesIO(word.content)).paragraphs)
    assert personal_data(1)["name"] in text
    pdf = leader.post(address, {**form, "format": "pdf"})
    assert pdf.content.startswith(b"%PDF")
    assert Deed.objects.filter(verb="household.unmask").count() == before + 2
    assert "no-store" in pdf["Cache-Control"]


def test_a_notice_of_a_project_needs_no_names(scene: Scene) -> None:
    leader = client_of("district_leader")
    address = "/notices/220204-P0001/expropriation_announcement/"
    text = page(leader, address)
    assert 'value="2025-01-31"' in text, "what is recorded is filled in"
    before = Deed.objects.count()
    done = leader.post(address, {
        "ask-document_number": "吉船政征〔2024〕1号", "ask-sign_by": "2025-01-31", "ask-published_from": "2024-12-20",
        "format": "docx",
    })
    assert done.status_code == 200
    text = "".join(paragraph.text for paragraph in docx.Document(BytesIO(done.content)).paragraphs)
    for part in ("船营段", "共3户", "自2024年12月20日起至2025年1月31日止", "60日内", "6个月内"):
        assert part in text, part
    assert Deed.objects.count() == before


def test_the_court_page_files_papers_and_hands_out_the_bundle_when_it_is_whole(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = enforceable(scene)
    leader = client_of("district_leader")
    address = f"/court/{household.code}/"
    done = leader.post(address, {
        "document": "application", "evidence-other": SimpleUploadedFile("application.txt", b"signed application"),
    })
    assert done.status_code == 302
    text = page(leader, address)
    assert "application.txt" in text
    assert text.count("court-file") > 0
    assert 'action="/court' not in text, "no bundle before it is whole"
    assert "court-file" not in page(client_of("mayor"), address)
    fill_papers(household)
    given = {f"ask-{name}": value for name, value in APPLICATION.items()}
    late = leader.post(f"{address}bundle/", given)
    assert late.status_code == 409
    assert "The court had to be applied to by 2025-11-05." in late.content.decode()
    monkeypatch.setattr("zhengtu.web.shared.middleware.timezone.now", lambda: at(date(2025, 9, 16)))
    assert f'action="/court/{household.code}/bundle/"' in page(leader, address)
    done = leader.post(f"{address}bundle/", given)
    assert done.status_code == 200
    assert personal_data(1)["name"] not in done["Content-Disposition"]
    names = ZipFile(BytesIO(done.content)).namelist()
    assert {"manifest.json", "SHA256SUMS"} <= set(names)
