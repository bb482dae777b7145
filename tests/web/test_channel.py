"""The mayor's channel on the wire: for everybody else there is no such page, and each reading is kept once."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.test import Client

from tests.factories import CHUANYING, NOW, TODAY, actor_with, person_with, signed_in_client
from tests.inspection_scene import concluded, drawn, vacated_scene, visited
from zhengtu.channel.actions import name_reader
from zhengtu.channel.models import ChannelReader
from zhengtu.directives.models import Directive
from zhengtu.inspection.models import Drawn
from zhengtu.ledger.models import Deed, Refusal

pytestmark = pytest.mark.django_db

ADDRESSES = ("/channel/", "/channel/export/", "/channel/directive/", "/channel/readers/", "/channel/readers/1/end/")
OTHERS = (
    "vice_mayor", "coordinator", "inspector", "auditor", "district_leader", "field_officer", "client", "department",
)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request is made at half past nine of the day."""
    monkeypatch.setattr("zhengtu.web.shared.middleware.timezone.now", lambda: NOW)


@pytest.fixture
def mayor() -> Client:
    return signed_in_client(person_with("mayor"))


@pytest.fixture
def found() -> str:
    """An inspection of which every conclusion is written and nothing is released; returns its code."""
    vacated_scene()
    code = drawn()
    first = Drawn.objects.filter(inspection=code, household__startswith=CHUANYING).order_by("pk").first()
    assert first is not None
    visited(code, {first.household: "never_left"})
    concluded(code)
    return code


def readings() -> int:
    return Deed.objects.filter(verb="channel.view").count()


def text_of(client: Client, path: str) -> str:
    response = client.get(path, HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.mark.parametrize("role", OTHERS)
def test_there_is_no_such_page_for_anybody_else(role: str) -> None:
    client = signed_in_client(person_with(role))
    unknown = client.get("/channel-that-never-was/")
    for address in ADDRESSES:
        for answer in (client.get(address), client.head(address), client.post(address)):
            assert answer.status_code == unknown.status_code == 404
    assert readings() == 0
    assert Refusal.objects.filter(verb__startswith="channel.").count() == len(ADDRESSES)  # the GETs
    assert "/channel/" not in text_of(client, "/account")


def test_each_look_is_kept_once_and_nothing_is_read_ahead(mayor: Client) -> None:
    assert mayor.head("/channel/").content == b""
    for headers in ({"HTTP_SEC_PURPOSE": "prefetch"}, {"HTTP_PURPOSE": "prefetch"}, {"HTTP_X_MOZ": "prefetch"},
                    {"HTTP_SEC_PURPOSE": "prefetch;prerender"}):
        ahead = mayor.get("/channel/", **headers)
        assert (ahead.status_code, ahead.content) == (204, b"")
    assert readings() == 0
    answer = mayor.get("/channel/")
    assert "no-store" in answer["Cache-Control"]
    assert readings() == 1


def test_the_mayor_reads_findings_and_decides_with_one_order(mayor: Client, found: str) -> None:
    text = text_of(mayor, "/channel/")
    assert "待市长决定" in text
    assert f"finding:{found}:{CHUANYING}" in text.replace("%3A", ":")
    about = f"finding:{found}:{CHUANYING}"
    form = text_of(mayor, f"/channel/directive/?about={about}")
    assert "督查" not in form.split("<textarea")[1].split("</textarea>")[0]
    assert 'value="220204" selected' in form
    sent = {"about": about, "lead": CHUANYING, "matter": "逐户自查后报送", "due_on": "2025-02-21"}
    assert mayor.post("/channel/directive/", sent).status_code == 302
    row = Directive.objects.get()
    assert list(row.units.values_list("unit", flat=True)) == [CHUANYING]
    assert row.code in text_of(mayor, "/channel/")


def test_a_district_learns_nothing_from_the_order(mayor: Client, found: str) -> None:
    about = f"finding:{found}:{CHUANYING}"
    sent = {"about": about, "lead": CHUANYING, "matter": "逐户自查后报送", "due_on": "2025-02-21"}
    mayor.post("/channel/directive/", sent)
    code = Directive.objects.get().code
    leader = signed_in_client(person_with("district_leader"))
    for path in (f"/directives/{code}/", "/directives/", "/ledger/", "/inbox/"):
        answer = leader.get(path)
        if answer.status_code == 200:
            assert found not in answer.content.decode(), path
            assert "/channel/" not in answer.content.decode(), path


def test_an_order_without_unit_matter_or_about_something_unknown_is_refused(mayor: Client, found: str) -> None:
    about = f"discrepancy:{CHUANYING}"
    wrong = {"about": about, "lead": "", "matter": "", "due_on": "2025-01-01"}
    assert mayor.post("/channel/directive/", wrong).status_code == 409
    assert mayor.get("/channel/directive/?about=finding:220200-I9999:220204").status_code == 404
    assert mayor.get(f"/channel/directive/?about=release:{found}").status_code == 404
    assert mayor.get("/channel/directive/").status_code == 404
    assert not Directive.objects.exists()


def test_the_export_is_a_reading_of_its_own(mayor: Client, found: str) -> None:
    answer = mayor.get("/channel/export/", HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) >= 3
    kept = Deed.objects.get(verb="channel.view").facts.get()
    assert kept.attributes["part"] == "export"


def test_a_named_reader_reads_the_page_and_nothing_else(mayor: Client, found: str) -> None:
    auditor = person_with("auditor")
    client = signed_in_client(auditor)
    assert client.get("/channel/").status_code == 404
    sent = mayor.post("/channel/readers/", {"reader": auditor.code})
    assert sent.status_code == 302
    text = text_of(client, "/channel/")
    assert "交办" not in text.split("<main")[1]
    assert f"/inspections/{found}" not in text
    assert '/channel/"' in text_of(client, "/account")  # now it stands in the navigation
    for address in ("/channel/export/", "/channel/readers/", f"/channel/directive/?about=discrepancy:{CHUANYING}"):
        assert client.get(address).status_code == 404, address
    row = ChannelReader.objects.get()
    mayor.post(f"/channel/readers/{row.pk}/end/", {"reason": "工作调整"})
    assert client.get("/channel/").status_code == 404
    assert '/channel/"' not in text_of(client, "/account")


def test_readings_and_refused_attempts_are_listed_for_the_mayor(mayor: Client) -> None:
    signed_in_client(person_with("inspector")).get("/channel/")
    mayor.get("/channel/")
    text = text_of(mayor, "/channel/readers/")
    assert "督查员甲" in text
    assert "专报页面" in text
    name_reader(actor=actor_with("mayor"), reader=person_with("auditor").code, now=NOW)
    assert "审计员甲" in text_of(mayor, "/channel/readers/")


def test_the_ledger_shows_readings_and_attempts_to_nobody_else(mayor: Client) -> None:
    mayor.get("/channel/")
    signed_in_client(person_with("inspector")).get("/channel/")
    deed = Deed.objects.get(verb="channel.view").pk
    for role in ("inspector", "auditor", "coordinator", "vice_mayor"):
        client = signed_in_client(person_with(role))
        assert client.get(f"/ledger/deeds/{deed}/").status_code == 404
        for path in ("/ledger/", "/ledger/refusals/"):
            answer = client.get(path, HTTP_ACCEPT_LANGUAGE="zh-hans")
            if answer.status_code == 200:
                assert "市长专报" not in answer.content.decode(), (role, path)
    assert TODAY.isoformat() in text_of(mayor, "/channel/readers/")
