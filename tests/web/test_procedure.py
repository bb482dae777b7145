"""The statutory procedure on screen: what is done, runs, is open or waits and why; history to complete."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from tests.factories import (
    CHANGYI,
    CHUANYING,
    Scene,
    advance,
    announce,
    at,
    build_campaign,
    person_with,
    record,
    serve_valuation,
    signed_in_client,
)
from zhengtu.ledger.models import Fact

pytestmark = pytest.mark.django_db

PART, OTHER = f"{CHUANYING}-P0001", f"{CHANGYI}-P0001"


@pytest.fixture
def scene() -> Scene:
    scene = build_campaign()
    announce(CHUANYING)
    return scene


@pytest.fixture
def leader(scene: Scene) -> Client:
    return signed_in_client(person_with("district_leader"), headers={"accept-language": "en"})


def shown(client: Client, code: str, query: str = "") -> dict[str, str]:
    """Step id -> status as the page draws it."""
    response = client.get(f"/procedures/{code}/{query}")
    assert response.status_code == 200
    return {
        step["id"]: step["status"]
        for phase in response.context["phases"]
        for step in (*phase["steps"], *phase["others"])
    }


def test_a_part_of_a_project_shows_its_steps_with_papers_and_earliest_dates(leader: Client) -> None:
    steps = shown(leader, PART, "?on=2025-02-14")
    assert steps["expropriation_announced"] == "done"
    assert steps["freeze_notified"] == "running"
    assert steps["audit_published"] == "open"
    assert steps["hearing_held"] == "not_applicable"
    assert "household_valued" not in steps
    text = leader.get(f"/procedures/{PART}/?on=2025-02-14").content.decode()
    assert "Suspension of at most one year" in text
    assert "expropriation_decision.txt" in text
    assert "source recalled, to be verified" in text


def test_a_part_without_anything_says_what_waits_for_what_and_why() -> None:
    build_campaign()
    client = signed_in_client(person_with("mayor"), headers={"accept-language": "en"})
    steps = shown(client, OTHER)
    assert steps["public_interest_established"] == "open"
    assert steps["expropriation_decided"] == "blocked"
    text = client.get(f"/procedures/{OTHER}/").content.decode()
    assert "needs the compensation funds in the dedicated account first" in text
    assert "art. 12(2)" in text
    assert shown(client, OTHER, "?show=next") == {"public_interest_established": "open"}


def test_a_household_sees_both_ways_side_by_side(scene: Scene, leader: Client) -> None:
    household = scene.households[0].code
    advance(household, to="valued")
    serve_valuation(household)
    first, second = leader.get(f"/procedures/{household}/?on=2025-02-14").context["tracks"]
    assert [one.step.id for one in first] == ["agreement_signed", "compensation_paid", "household_vacated"]
    days = {one.step.id: one.earliest.on for one in second}
    assert days["compensation_decided"] == date(2025, 2, 14)
    assert (days["court_ruling_granted"] - days["decision_served"]).days >= 225
    record(household, "signed", date(2025, 1, 20))
    _, second = leader.get(f"/procedures/{household}/?on=2025-02-14").context["tracks"]
    assert not any(one.earliest for one in second)


def test_the_line_stands_as_of_and_as_known_on_another_day(scene: Scene, leader: Client) -> None:
    assert shown(leader, PART, "?on=2024-11-25")["expropriation_decided"] == "blocked"
    assert shown(leader, PART, "?on=2024-12-19")["expropriation_decided"] == "done"
    # Everything was recorded on 2025-01-20.
    assert shown(leader, PART, "?known=2025-01-19")["expropriation_decided"] == "blocked"


def test_the_way_in_the_dossier_offers_no_decision_while_the_signing_period_runs(scene: Scene) -> None:
    officer = signed_in_client(person_with("field_officer"), headers={"accept-language": "en"})
    household = scene.households[0].code
    advance(household, to="valued")
    serve_valuation(household)
    steps = officer.get(f"/households/{household}/?on=2025-01-31").context["file"].steps
    assert {step.kind: step.status for step in steps}["decided"] == "blocked"
    assert {step.kind: step.status for step in steps}["signed"] == "next"
    steps = officer.get(f"/households/{household}/?on=2025-02-01").context["file"].steps
    assert {step.kind: step.status for step in steps}["decided"] == "next"


def test_a_step_is_recorded_on_the_page_of_the_part(scene: Scene, leader: Client) -> None:
    officer = signed_in_client(person_with("field_officer"), headers={"accept-language": "en"})
    assert officer.get(f"/record/{PART}/").status_code == 200
    form = {
        "kind": "audit_published", "happened_on": "2025-02-13",
        "evidence-audit_report": SimpleUploadedFile("audit.pdf", b"%PDF-1.7\n1 0 obj\n%%EOF\n"),
    }
    assert officer.post(f"/record/{PART}/", form).status_code == 302
    assert shown(leader, PART)["audit_published"] == "done"
    refused = officer.post(f"/record/{PART}/", {"kind": "expropriation_decided", "happened_on": "2025-02-13"})
    assert refused.status_code == 409
    assert officer.get(f"/record/{OTHER}/").status_code == 404


def test_history_from_before_the_platform_is_listed_with_what_it_lacks_until_it_is_verified(scene: Scene) -> None:
    record(PART, "audit_published", date(2024, 12, 25), recorded_at=at(date(2025, 1, 7)), is_verified=False)
    officer = signed_in_client(person_with("field_officer"), headers={"accept-language": "en"})
    table = officer.get(f"/procedures/{PART}/completion/").context["table"]
    assert table["count"] == officer.get(f"/procedures/{PART}/").context["line"].unverified == 1
    page = officer.get(f"/procedures/{PART}/completion/").content.decode()
    assert PART in page
    fact = Fact.objects.get(kind="audit_published")
    form = {
        "deed": "correct", "happened_on": "2024-12-26", "reason": "compared with the paper file",
        "evidence-audit_report": SimpleUploadedFile("report.pdf", b"%PDF-1.7\n1 0 obj\n%%EOF\n"),
    }
    assert officer.post(f"/facts/{fact.deed_id}/{fact.ordinal}/correct/", form).status_code == 302
    assert officer.get(f"/procedures/{PART}/completion/").context["table"]["count"] == 1
    completed = Fact.objects.get(kind="audit_published", supersedes=fact.reference)
    address = f"/facts/{completed.deed_id}/{completed.ordinal}/correct/"
    own = officer.post(address, {"deed": "verify"})
    assert own.status_code == 409
    assert "Nobody verifies what they entered themselves." in own.content.decode()
    colleague = signed_in_client(person_with("coordinator"), headers={"accept-language": "en"})
    assert "It is so on paper: verify" in colleague.get(address).content.decode()
    assert "Record the correction" not in colleague.get(address).content.decode()
    assert colleague.post(address, {"deed": "verify"}).status_code == 302
    assert colleague.get(f"/procedures/{PART}/").context["line"].unverified == 0
    assert officer.get(f"/procedures/{PART}/completion/").context["table"]["count"] == 0
    assert officer.get(f"/procedures/{OTHER}/completion/").status_code == 404


@pytest.mark.parametrize("place", ["household", "section"])
def test_an_inspector_records_a_violation_where_it_was_found_and_nobody_else_does(scene: Scene, place: str) -> None:
    code = scene.households[0].code if place == "household" else scene.chuanying.code
    address = f"/households/{code}/" if place == "household" else f"/record/{code}/"
    inspector = signed_in_client(person_with("inspector"), headers={"accept-language": "en"})
    assert inspector.get(f"{address}?record=violation_found").context["panel"].chosen.id == "violation_found"
    form = {
        "kind": "violation_found", "happened_on": "2025-02-13", "attribute-violation": "utilities_cut",
        "attribute-found": "water cut off for two days",
    }

    def photo() -> SimpleUploadedFile:
        return SimpleUploadedFile("tap.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 8 + b"IEND\xaeB`\x82")

    officer = signed_in_client(person_with("field_officer"), headers={"accept-language": "en"})
    assert officer.post(address, {**form, "evidence-photo": photo()}).status_code == 409
    assert inspector.post(address, {**form}).status_code == 409
    assert inspector.post(address, {**form, "evidence-photo": photo()}).status_code == 302
    assert Fact.objects.get(kind="violation_found").subject == code


def test_no_code_no_procedure(leader: Client, scene: Scene) -> None:
    for code in ("nothing", "220200-P0001", "220204-P0009", scene.changyi.code):
        assert leader.get(f"/procedures/{code}/").status_code == 404
        assert leader.get(f"/procedures/{code}/completion/").status_code == 404


def test_a_page_asks_the_database_a_bounded_number_of_times(
    scene: Scene, leader: Client, django_assert_max_num_queries: object
) -> None:
    advance(scene.households[0], to="demolished")
    with django_assert_max_num_queries(45):  # type: ignore[operator]
        leader.get(f"/procedures/{scene.households[0].code}/")


def test_the_ledger_is_read_against_the_law_once_more(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    household = scene.households[0].code
    advance(household, to="valued")
    serve_valuation(household)
    call_command("verify_procedures")
    assert "carried by the facts of its day" in capsys.readouterr().out
    record(household, "vacated", date(2025, 1, 20))  # past the gate, as somebody with the database in hand could
    with pytest.raises(CommandError, match="contradict"):
        call_command("verify_procedures", project="220200-P0001")
    out = capsys.readouterr().out
    assert household in out
    assert "compensation in place first" in out
