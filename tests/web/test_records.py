"""Lists, project, section, deed and evidence pages: right rows for the dates, and only those in scope."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any
from unittest.mock import patch

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.test import Client

from tests.factories import (
    CHANGYI,
    CHANGYI_SECTION,
    CHUANYING_SECTION,
    CITY,
    NOW,
    PROJECT,
    Scene,
    actor_with,
    advance,
    at,
    build_campaign,
    build_project,
    build_section,
    person_with,
    record,
    recording_actor,
    signed_in_client,
)
from zhengtu.accountability.opening import rule_actor
from zhengtu.core.authority.actor import Subject
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import evidence_path, evidence_storage, keep_file
from zhengtu.ledger.models import Deed, Evidence
from zhengtu.registry.models import Household
from zhengtu.registry.queries import subject_of

pytestmark = pytest.mark.django_db

OWN, FOREIGN = f"{CHUANYING_SECTION}-H00001", f"{CHANGYI_SECTION}-H00001"


@pytest.fixture(autouse=True)
def today() -> Any:
    with patch("django.utils.timezone.now", return_value=NOW):
        yield


@pytest.fixture
def scene() -> Scene:
    """船营 H1 vacated 2025-02-07 (signed 02-03); 昌邑 H1 signed 02-10; all others registered."""
    built = build_campaign()
    advance(OWN, to="vacated", start_on=date(2025, 1, 30))
    advance(FOREIGN, to="signed", start_on=date(2025, 2, 6))
    return built


def browser(role: str, unit: str = "", subject: str = "") -> Client:
    return signed_in_client(person_with(role, unit, subject), headers={"accept-language": "en"})


def codes(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [cell["cells"][0].text for cell in answer.context["table"]["rows"]]


def sheet(client: Client, address: str) -> list[tuple[Any, ...]]:
    answer = client.get(address)
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return [row for row in book.worksheets[0].iter_rows(values_only=True) if any(row)]


# Households ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("reached=signed", [FOREIGN, OWN]),
        ("reached=signed&on=2025-02-09", [OWN]),
        ("reached=signed&within=7", [FOREIGN]),
        ("reached=settled&district=220204", [OWN]),
        ("reached=left_home", [OWN]),
        ("state=vacated", [OWN]),
        ("state=settled", [FOREIGN]),
        ("state=vacated&on=2025-02-06", []),
        ("state=settled&on=2025-02-03", [OWN]),
        ("place=H00002&district=220202", [f"{CHANGYI_SECTION}-H00002"]),
        (f"section={CHANGYI_SECTION}&state=registered", [f"{CHANGYI_SECTION}-H00002", f"{CHANGYI_SECTION}-H00003"]),
        ("deadline=2025-03-15.handed_over&district=220204",
         [f"{CHUANYING_SECTION}-H00002", f"{CHUANYING_SECTION}-H00003"]),
        ("overdue=0", []),
    ],
)
def test_the_list_of_households_behind_a_figure(scene: Scene, query: str, expected: list[str]) -> None:
    assert codes(browser("mayor"), f"/households/?{query}") == expected


def test_households_as_known_before_a_late_entry(scene: Scene) -> None:
    late = f"{CHUANYING_SECTION}-H00002"
    record(late, "surveyed", date(2025, 2, 1), recorded_at=at(date(2025, 2, 12)))
    client = browser("mayor")
    assert late in codes(client, "/households/?reached=surveyed")
    assert late not in codes(client, "/households/?reached=surveyed&known=2025-02-11")
    rows = client.get("/households/?known=2025-02-11&place=H00002&district=220204").context["table"]["rows"]
    assert "To be surveyed" in [cell.text for cell in rows[0]["cells"]]


def test_overdue_households_with_their_months(scene: Scene) -> None:
    record(OWN, "resettlement_promised", date(2025, 2, 3), {"promised_on": "2024-01-31"})
    client = browser("mayor")
    assert codes(client, "/households/?overdue=12") == [OWN]
    assert codes(client, "/households/?overdue=12&on=2025-01-31") == []
    assert codes(client, "/households/?overdue=24") == []
    assert "12" in [cell.text for cell in client.get("/households/?overdue=0").context["table"]["rows"][0]["cells"]]


def test_names_are_masked_in_list_and_workbook(scene: Scene) -> None:
    client = browser("mayor")
    html = client.get("/households/").content.decode()
    assert "李**" in html
    assert "李秀兰" not in html
    flat = str(sheet(client, "/households/?format=xlsx"))
    assert "李**" in flat
    assert "李秀兰" not in flat
    assert "22020419700101" not in flat


def test_a_district_lists_and_exports_its_own_households_alone(scene: Scene) -> None:
    client = browser("field_officer", CHANGYI)
    assert all(code.startswith("220202") for code in codes(client, "/households/"))
    assert client.get("/households/").context["table"]["count"] == 3
    assert CHUANYING_SECTION not in str(sheet(client, "/households/?format=xlsx"))
    for query in ("place=H00001", "district=220204", f"section={CHUANYING_SECTION}", "deadline=2025-03-15.handed_over"):
        assert all(code.startswith("220202") for code in codes(client, f"/households/?{query}"))


def test_a_formula_in_a_cell_stays_text(scene: Scene) -> None:
    Household.objects.filter(code=OWN).update(address="=cmd|' /C calc'!A0")
    answer = browser("mayor").get("/households/?format=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    cell = next(cell for row in book.worksheets[0].iter_rows() for cell in row if "cmd|" in str(cell.value))
    assert cell.data_type == "s"


# Projects and sections -------------------------------------------------------------------------------------------


def test_projects_with_their_figures(scene: Scene) -> None:
    row = browser("mayor").get("/projects/").context["table"]["rows"][0]["cells"]
    shown = {cell.label: cell.text for cell in row}
    assert shown["Households"] == "6"
    assert shown["Vacated"] == "16.7%"
    assert shown["Due on"] == "2025-03-15"


def test_a_project_page_names_who_answers(scene: Scene) -> None:
    html = browser("mayor").get(f"/projects/{PROJECT}/").content.decode()
    assert "Railway Investment Company" in html
    assert "Transport Bureau" in html
    assert "Starts on 20 April" in html
    assert "2 of 2 sections left" in html


def test_a_project_page_shows_a_district_its_own_sections_alone(scene: Scene) -> None:
    answer = browser("district_leader", CHANGYI).get(f"/projects/{PROJECT}/")
    assert [section.code for section in answer.context["row"].sections] == [CHANGYI_SECTION]
    assert answer.context["row"].households == 3
    assert CHUANYING_SECTION not in answer.content.decode()


def test_the_sections_of_a_state_and_of_a_deadline(scene: Scene) -> None:
    record(CHUANYING_SECTION, "handed_over", date(2025, 2, 12))
    client = browser("mayor")
    assert client.get("/sections/?state=handed_over").context["table"]["count"] == 1
    assert client.get("/sections/?state=handed_over&on=2025-02-11").context["table"]["count"] == 0
    assert client.get("/sections/?deadline=2025-03-15.handed_over").context["table"]["count"] == 1
    assert client.get("/sections/?changed=1").context["table"]["count"] == 1
    page = client.get(f"/sections/{CHUANYING_SECTION}/")
    assert "Handed over" in page.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        f"/sections/{CHUANYING_SECTION}/", "/projects/220200-P0009/", "/sections/220204-P0009-S01/",
        "/ledger/deeds/220204-D000000001/", "/ledger/deeds/220204-D000000999/", "/ledger/deeds/nonsense/",
    ],
)
def test_what_lies_out_of_reach_does_not_exist(scene: Scene, address: str) -> None:
    assert browser("district_leader", CHANGYI).get(address).status_code == 404


def test_another_clients_project_does_not_exist(scene: Scene) -> None:
    other = build_project(number=2, client="220200-transport-bureau")
    build_section(other, CHANGYI, west=126.57)
    client = browser("client")
    assert client.get(f"/projects/{PROJECT}/").status_code == 200
    assert client.get(f"/projects/{other.code}/").status_code == 404
    assert [cell for cell in codes(client, "/projects/") if "2" in cell] == []


# Deeds and evidence ----------------------------------------------------------------------------------------------


def joint_deed() -> Deed:
    """One import on the project with facts of both districts and a sheet that names them all."""
    both = [
        NewFact("household", f"{section}-H00003", "surveyed", date(2024, 12, 11), is_verified=False)
        for section in (CHUANYING_SECTION, CHANGYI_SECTION)
    ]
    sheet_file = keep_file(
        ContentFile(b"everybody's data"), kind="survey_form", name="all.csv", media_type="text/csv"
    )
    with act(actor_with("coordinator"), "survey.import", on=subject_of(PROJECT), at=at(date(2025, 2, 12))) as deed:
        return Deed.objects.get(pk=deed.record(facts=both, evidence=[sheet_file]))


def test_a_deed_shows_facts_evidence_hash_and_predecessor(scene: Scene) -> None:
    deed = Deed.objects.filter(subject=OWN, verb="fact.record").latest("number")
    html = browser("mayor").get(f"/ledger/deeds/{deed.id}/").content.decode()
    assert deed.hash in html
    assert deed.previous_hash in html
    assert deed.evidence.get().file_id in html
    assert f"220204-D{deed.number - 1:09d}" in html
    assert "Vacated" in html


def test_a_corrected_fact_points_to_its_correction(scene: Scene) -> None:
    first = Deed.objects.get(subject=OWN, facts__kind="surveyed")
    later = record(OWN, "surveyed", date(2025, 1, 29), supersedes=f"{first.id}/1", recorded_at=at(date(2025, 2, 13)))
    client = browser("mayor")
    assert f"/ledger/deeds/{later}/" in client.get(f"/ledger/deeds/{first.id}/").content.decode()
    assert f"/ledger/deeds/{first.id}/" in client.get(f"/ledger/deeds/{later}/").content.decode()


def test_a_deed_by_rule_names_the_rule_as_its_author(scene: Scene) -> None:
    """The platform acts under the rulebook: nobody's name stands there, and no blank either."""
    with act(rule_actor(CITY), "accountability.examine", on=Subject(code=CITY), at=NOW) as deed:
        code = deed.record(facts=[])
    client = signed_in_client(person_with("mayor"))
    page = client.get(f"/ledger/deeds/{code}/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "<dd>平台按规则" in " ".join(page.split())
    listed = client.get("/ledger/?verb=accountability.examine", headers={"accept-language": "zh-hans"})
    assert re.search(r"<td[^>]*>\s*平台按规则\s*</td>", listed.content.decode())


def test_of_a_joint_deed_a_district_sees_its_own_facts_and_no_file(scene: Scene) -> None:
    deed = joint_deed()
    file = deed.evidence.get().file_id
    client = browser("district_leader", CHANGYI)
    html = client.get(f"/ledger/deeds/{deed.id}/").content.decode()
    assert f"{CHANGYI_SECTION}-H00003" in html
    assert CHUANYING_SECTION not in html
    assert "1 fact lies outside your reach." in html
    assert file in html  # the hash proves; the file stays closed
    assert f"/evidence/{file}/" not in html
    assert client.get(f"/evidence/{file}/").status_code == 404
    assert browser("mayor").get(f"/evidence/{file}/").status_code == 200


def test_the_ledger_lists_deeds_in_reach_and_filters_them(scene: Scene) -> None:
    joint = joint_deed()
    mayor, district = browser("mayor"), browser("district_leader", CHANGYI)
    assert mayor.get("/ledger/").context["table"]["count"] == Deed.objects.count()
    listed = codes(district, "/ledger/")
    assert joint.id in listed
    assert all(code.startswith("220202") or code == joint.id or _is_about(code, "220202") for code in listed)
    assert len(codes(mayor, "/ledger/?recorded_on_from=2025-02-12")) == 1
    assert codes(mayor, "/ledger/?known=2025-02-11&subject=P0001&sort=-recorded_at")[0] != joint.id
    assert codes(mayor, f"/ledger/?subject={OWN}&verb=fact.record_payment") == [
        Deed.objects.get(subject=OWN, verb="fact.record_payment").id
    ]


def _is_about(deed: str, prefix: str) -> bool:
    row = Deed.objects.get(pk=deed)
    return row.subject == PROJECT or row.facts.filter(subject__startswith=prefix).exists()


def test_evidence_comes_as_a_harmless_download(scene: Scene) -> None:
    file = Evidence.objects.filter(deed__subject=OWN, kind="agreement").get()
    answer = browser("field_officer").get(f"/evidence/{file.file_id}/?deed={file.deed_id}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="agreement.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Cache-Control"] == "private, no-store"


def test_a_page_sent_in_as_evidence_never_runs(scene: Scene) -> None:
    page = keep_file(ContentFile(b"<script>alert(1)</script>"), kind="photo", name="x.html", media_type="text/html")
    fact = NewFact("household", OWN, "unregistered_recognised", date(2025, 1, 29))
    with act(recording_actor("fact.record", OWN), "fact.record", on=subject_of(OWN), at=NOW) as deed:
        deed.record(facts=[fact], evidence=[page])
    answer = browser("mayor").get(f"/evidence/{page.sha256}/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("role", "unit", "subject", "status"),
    [
        ("mayor", "", "", 200), ("auditor", "", "", 200), ("field_officer", "", "", 200), ("client", "", "", 200),
        ("field_officer", CHANGYI, "", 404), ("district_leader", CHANGYI, "", 404),
        ("family", "", OWN, 200), ("family", "", f"{CHUANYING_SECTION}-H00002", 404), ("department", "", "", 403),
    ],
)
def test_who_may_open_a_households_evidence(scene: Scene, role: str, unit: str, subject: str, status: int) -> None:
    file = Evidence.objects.filter(deed__subject=OWN, kind="agreement").get()
    assert browser(role, unit, subject).get(f"/evidence/{file.file_id}/").status_code == status


def test_the_sheet_of_an_import_is_closed_to_a_family(scene: Scene) -> None:
    file = Evidence.objects.filter(deed__subject=CHUANYING_SECTION, kind="ledger_sheet").get()
    assert browser("family", subject=OWN).get(f"/evidence/{file.file_id}/").status_code == 404


def test_a_file_that_is_gone_is_not_found(scene: Scene) -> None:
    file = Evidence.objects.filter(deed__subject=OWN, kind="agreement").get()
    evidence_storage().delete(evidence_path(file.file_id))
    assert browser("mayor").get(f"/evidence/{file.file_id}/").status_code == 404
    assert browser("mayor").get(f"/evidence/{'0' * 64}/").status_code == 404


def test_refused_attempts_are_listed_within_reach(scene: Scene) -> None:
    stranger = actor_with("field_officer", CHANGYI)
    with pytest.raises(Refused), act(stranger, "fact.record", on=subject_of(OWN), at=NOW):
        pass
    assert browser("inspector").get("/ledger/refusals/").context["table"]["count"] == 1
    assert "Your posts do not include" in browser("inspector").get("/ledger/refusals/").content.decode()
    assert browser("district_leader").get("/ledger/refusals/").context["table"]["count"] == 1
    assert browser("district_leader", CHANGYI).get("/ledger/refusals/").context["table"]["count"] == 0
