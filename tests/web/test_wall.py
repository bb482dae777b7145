"""The wall's answers: page, index, states, days, search, cards and sheets, each within the actor's scope."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.test import Client

from tests.factories import (
    CHANGYI,
    CHANGYI_SECTION,
    CHUANYING,
    CHUANYING_SECTION,
    NOW,
    PROJECT,
    RAILWAY_INVESTMENT,
    Scene,
    actor_with,
    advance,
    at,
    build_campaign,
    build_household,
    build_project,
    build_section,
    person_with,
    record,
    register,
    signed_in_client,
)
from zhengtu.accounts.models import Unit, UnitKind
from zhengtu.core.directives.draft import DirectiveDraft, DraftDue
from zhengtu.directives.actions import cancel_directive, set_directives
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.registry.ledger_days import NEVER, day_number
from zhengtu.registry.map_areas import map_areas
from zhengtu.registry.models import Campaign, Deadline, DeadlineGoal
from zhengtu.registry.tiles import build_jurisdiction
from zhengtu.web.wall.packing import packed, unpacked

pytestmark = pytest.mark.django_db

ON = "on=2025-01-14"


@pytest.fixture
def scene() -> Scene:
    """船营区: one household signed on 14 January 2025, one surveyed, one registered; 昌邑区: three registered."""
    made = build_campaign()
    advance(made.households[0], to="signed")
    record(made.households[1].code, "surveyed", date(2025, 1, 11))
    return made


@pytest.fixture
def mayor(scene: Scene) -> Client:
    return signed_in_client(person_with("mayor"))


@pytest.fixture
def officer(scene: Scene) -> Client:
    return signed_in_client(person_with("field_officer"))


def arrays(client: Client, path: str) -> dict[str, dict[str, Any]]:
    answer = client.get(path)
    assert answer.status_code == 200
    return unpacked(answer.content)[1]


def test_states_are_one_byte_per_place_by_map_number(mayor: Client) -> None:
    found = arrays(mayor, f"/wall/states?{ON}&level=section,parcel,building,household")
    chuanying, changyi = found["220204"], found["220202"]
    assert chuanying["parcel"].tolist() == [0, 4, 2, 1]
    assert chuanying["building"].tolist() == [0, 4, 2, 1]
    assert chuanying["household"].tolist() == [4, 2, 1]
    assert chuanying["section"].tolist() == [1]
    assert chuanying["parcel_section"].tolist() == [0, 1, 1, 1]
    assert chuanying["parcel_ordinal"].tolist() == [0, 1, 2, 3]
    assert changyi["parcel"].tolist() == [0, 1, 1, 1]


def test_states_follow_both_dates(mayor: Client, scene: Scene) -> None:
    record(scene.households[2].code, "surveyed", date(2025, 1, 12), recorded_at=at(date(2025, 2, 1)))
    assert arrays(mayor, f"/wall/states?{ON}")["220204"]["parcel"].tolist() == [0, 4, 2, 2]
    assert arrays(mayor, f"/wall/states?{ON}&known=2025-01-31")["220204"]["parcel"].tolist() == [0, 4, 2, 1]
    assert arrays(mayor, "/wall/states?on=2025-01-11")["220204"]["parcel"].tolist() == [0, 2, 2, 1]


def test_states_are_not_sent_again_until_a_deed_changes_them(mayor: Client, scene: Scene) -> None:
    first = mayor.get(f"/wall/states?{ON}")
    again = mayor.get(f"/wall/states?{ON}", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    record(scene.households[2].code, "surveyed", date(2025, 1, 12))
    assert mayor.get(f"/wall/states?{ON}", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_days_let_the_browser_work_out_every_date(mayor: Client) -> None:
    found = arrays(mayor, "/wall/days")["220204"]
    reached = np.add.accumulate(found["reached"].reshape(7, 3), axis=0, dtype=np.uint16)
    registered, surveyed, valued, signed = (day_number(date(2025, 1, day)) for day in (6, 10, 12, 14))
    assert reached[:, 0].tolist() == [registered, surveyed, valued, signed, NEVER, NEVER, NEVER]
    assert reached[:, 2].tolist() == [registered, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER]
    assert found["parcel"].tolist() == [1, 2, 3]
    assert found["handed_over"].tolist() == [NEVER]


def test_a_district_sees_no_other_district_in_any_answer(officer: Client, scene: Scene) -> None:
    build_jurisdiction(CHUANYING, at=NOW)
    for path in ("/wall/states", "/wall/days", "/wall/states?level=household"):
        assert list(arrays(officer, path)) == ["220204"]
    index = officer.get("/wall/index").content.decode()
    assert CHUANYING_SECTION in index
    assert "220202" not in index
    assert officer.get(f"/wall/card/{CHANGYI_SECTION}").status_code == 404
    assert officer.get(f"/wall/card/{CHANGYI_SECTION}-L00001").status_code == 404
    for words in ("220202-P0001-S01-H00001", "220202-P0001-S01-L00001", "昌邑段"):
        assert officer.get("/wall/search", {"q": words}).json() == {"finds": []}


def test_a_client_sees_only_its_projects_in_a_district(scene: Scene) -> None:
    other = build_project(number=2, client="220200-transport-bureau")
    register([build_household(build_section(other, CHUANYING, west=126.57), number=1)], on=date(2025, 1, 9))
    client = signed_in_client(person_with("client", RAILWAY_INVESTMENT))
    key = next(area.key for area in map_areas(actor_with("client")) if area.jurisdiction == CHUANYING)
    found = arrays(client, f"/wall/states?{ON}&level=parcel,household")[key]
    # Parcel 4 belongs to the other client's project: its number is not even there.
    assert found["parcel"].tolist() == [0, 4, 2, 1]
    assert found["household"].tolist() == [4, 2, 1]
    assert "P0002" not in client.get("/wall/index").content.decode()
    assert client.get("/wall/card/220204-P0002-S01").status_code == 404


def test_a_department_without_dossiers_sees_counts_but_no_household_codes(scene: Scene) -> None:
    Unit.objects.create(
        code="220200-finance", kind=UnitKind.DEPARTMENT, name="市财政局", short_name="财政局", name_en="Finance Bureau"
    )
    finance = signed_in_client(person_with("department", "220200-finance"))
    card = finance.get(f"/wall/card/{CHUANYING_SECTION}?{ON}").content.decode()
    assert "3 户" in card or "3 households" in card
    assert "-H0000" not in card
    assert finance.get("/wall/search", {"q": f"{CHUANYING_SECTION}-H00001"}).json() == {"finds": []}


def test_the_family_has_no_wall(scene: Scene) -> None:
    family = signed_in_client(person_with("family", subject=scene.households[0].code))
    for path in ("/wall/", "/wall/index", "/wall/states", "/wall/days", "/wall/search?q=220204", "/wall/print"):
        assert family.get(path).status_code == 403


def test_a_card_counts_states_on_its_date_and_links_dossiers(officer: Client, scene: Scene) -> None:
    def card(on: str) -> str:
        address = f"/wall/card/{CHUANYING_SECTION}-L00001?on={on}"
        return officer.get(address, headers={"accept-language": "en"}).content.decode()

    assert "Signed or decided" in card("2025-01-14")
    assert "Signed or decided" not in card("2025-01-13")
    assert f'href="/households/{CHUANYING_SECTION}-H00001/?on=2025-01-14"' in card("2025-01-14")


def test_a_card_leads_to_the_open_directives_about_its_place_that_the_reader_may_see(mayor: Client) -> None:
    def set_one(matter: str, lead: str, *places: str) -> str:
        draft = DirectiveDraft(lead=lead, matter=matter, due=DraftDue("date", date(2025, 3, 14)), projects=places)
        return set_directives(actor=actor_with("coordinator"), drafts=[draft], now=NOW)[0]

    def card(client: Client) -> str:
        return client.get(f"/wall/card/{CHUANYING_SECTION}").content.decode()

    own = set_one("完成剩余户签约", CHUANYING, CHUANYING_SECTION)
    whole = set_one("拨付征收资金", RAILWAY_INVESTMENT, PROJECT)
    set_one("昌邑区另事", CHANGYI, CHANGYI_SECTION)
    ended = set_one("已撤销的事", CHUANYING, CHUANYING_SECTION)
    paper = OfferedFile("instruction", "a.txt", ContentFile("撤销".encode(), name="a.txt"))
    cancel_directive(actor=actor_with("coordinator"), code=ended, reason="撤销", files=[paper], now=NOW)
    with patch("django.utils.timezone.now", return_value=NOW):
        seen = card(mayor)
        assert f'href="/directives/{own}/"' in seen
        assert f'href="/directives/{whole}/"' in seen, "what is about the whole project concerns its sections"
        assert "昌邑区另事" not in seen
        assert "已撤销的事" not in seen
        leader = card(signed_in_client(person_with("district_leader")))
        assert "完成剩余户签约" in leader
        assert "拨付征收资金" not in leader, "it was given to another unit"
        assert "完成剩余户签约" not in card(signed_in_client(person_with("appraiser", subject=CHUANYING_SECTION)))


def test_search_finds_by_code_name_and_address(officer: Client, mayor: Client) -> None:
    def found(client: Client, words: str) -> list[tuple[str, str]]:
        return [(find["kind"], find["code"]) for find in client.get("/wall/search", {"q": words}).json()["finds"]]

    assert ("project", "220200-P0001") in found(officer, "西环线")
    assert ("section", CHUANYING_SECTION) in found(officer, "船营段")
    assert ("parcel", f"{CHUANYING_SECTION}-L00002") in found(officer, f"{CHUANYING_SECTION}-L00002")
    assert ("household", f"{CHUANYING_SECTION}-H00002") in found(officer, "青年路2号")
    assert {code[:6] for kind, code in found(mayor, "青年路2号") if kind == "household"} == {"220202", "220204"}
    assert found(officer, "西") == []


def test_search_tells_where_to_fly(officer: Client, scene: Scene) -> None:
    find = officer.get("/wall/search", {"q": CHUANYING_SECTION}).json()["finds"][0]
    section = scene.chuanying
    assert find["box"] == [section.west, section.south, section.east, section.north]


def test_the_filter_in_the_address_stands_in_the_page(mayor: Client) -> None:
    page = mayor.get(f"/wall/?{ON}&district=220204&project=220200-P0001&list=220200-C001-420&state=valued&overdue=1")
    text = page.content.decode()
    for chosen in (
        '<option value="220204" selected>', '<option value="220200-P0001" selected>',
        '<option value="220200-C001-420" selected>', 'value="valued" checked>', 'name="overdue" value="1" checked>',
    ):
        assert chosen in text
    settings = json.loads(text.split('<script id="wall-settings" type="application/json">')[1].split("</script>")[0])
    assert settings["on"] == "2025-01-14"
    assert [rank["id"] for rank in settings["ranks"]][0::8] == ["unregistered", "handed_over"]


def test_the_page_needs_nothing_from_elsewhere(mayor: Client) -> None:
    page = mayor.get("/wall/")
    assert b"http://" not in page.content
    assert b"https://" not in page.content
    assert "script-src 'self'" in page["Content-Security-Policy"]


def test_areas_without_tiles_are_queued_for_building(mayor: Client) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    mayor.get("/wall/index")
    mayor.get("/wall/index")
    jobs = ProcrastinateJob.objects.filter(task_name="build_tiles").order_by("id")
    assert [job.args for job in jobs] == [{"jurisdiction": "220202"}, {"jurisdiction": "220204"}]


def test_packed_arrays_come_back_as_they_were() -> None:
    numbers = np.array([5, 5, 4, 70000], dtype=np.int32)
    days = np.array([3, 65535, 2], dtype=np.uint16)
    arrays = {"numbers~": numbers, "days~": days, "bytes": np.arange(3, dtype=np.uint8)}
    raw = packed({"on": "2025-01-14"}, [("220204", arrays)])
    head, areas = unpacked(raw)
    assert head["on"] == "2025-01-14"
    assert areas["220204"]["numbers"].tolist() == numbers.tolist()
    assert areas["220204"]["days"].tolist() == days.tolist()
    assert areas["220204"]["bytes"].tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="packed"):
        unpacked(b"nothing of the kind")


def test_deadlines_of_another_citys_campaign_stay_there(mayor: Client) -> None:
    other = Campaign.objects.create(
        code="220300-C001", name="四平行动", name_en="Siping campaign",
        start_on=date(2025, 1, 1), end_on=date(2025, 4, 30),
    )
    Deadline.objects.create(
        campaign=other, goal=DeadlineGoal.LAUNCHED, due_on=date(2025, 3, 1), name="四平启动", name_en="Siping launched"
    )
    assert "四平启动" not in mayor.get("/wall/index").content.decode()
    assert "Siping" not in mayor.get("/wall/index").content.decode()
