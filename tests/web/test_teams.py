"""Pages of teams, levelling and corridors: what they show, enter, refuse and hand out."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from shapely import to_wkb

from tests.factories import (
    CHUANYING,
    NOW,
    PROJECT,
    TODAY,
    Scene,
    actor_with,
    build_campaign,
    person_with,
    record,
    rectangle,
    signed_in_client,
)
from tests.team_scene import MONDAY, ONE_EACH, case, district, section
from zhengtu.campaign.models import LevellingStage, TeamLevelling
from zhengtu.core.kernel.plain_values import plain
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.team_plan import level_teams
from zhengtu.core.planning.team_work import ListRank
from zhengtu.registry.models import Section, Team
from zhengtu.registry.team_actions import TeamTerms, enter_team

FORM = {
    "jurisdiction": CHUANYING, "unit": CHUANYING, "name": "协商一组", "name_en": "", "skill": "negotiation",
    "members": "5", "households_per_day": "1.5", "from_on": "2025-02-17", "until_on": "",
    "days_off": "2025-03-03 2025-03-07\n2025-04-04", "extra_days": "",
}


@pytest.fixture
def scene(db: None) -> Scene:
    """The campaign with its two sections laid in a row along a railway; the first one is handed over."""
    scene = build_campaign()
    for number, one in enumerate((scene.chuanying, scene.changyi)):
        shape = rectangle(126.55 + number * 600 / 80_300, 43.84, 600, 60)
        west, south, east, north = shape.bounds
        Section.objects.filter(pk=one.pk).update(
            shape=to_wkb(shape), west=west, south=south, east=east, north=north, order=number + 1
        )
    record(scene.chuanying.code, "handed_over", date(2025, 2, 10))
    return scene


def client(role: str, unit: str = "") -> Client:
    return signed_in_client(person_with(role, unit), HTTP_ACCEPT_LANGUAGE="en")


def page(browser: Client, address: str, status: int = 200) -> str:
    response = browser.get(address)
    assert response.status_code == status
    return response.content.decode()


def entered(name: str = "调查一组", skill: str = "survey") -> Team:
    terms = TeamTerms(
        jurisdiction=CHUANYING, unit=CHUANYING, name=name, skill=skill, members=3, from_on=date(2025, 2, 1)
    )
    return enter_team(actor=actor_with("coordinator"), terms=terms, now=NOW)


@pytest.mark.usefixtures("scene")
def test_a_leader_enters_a_team_and_sees_it_with_its_deed() -> None:
    leader = client("district_leader")
    response = leader.post("/teams/enter", FORM, follow=True)
    assert response.status_code == 200
    team = Team.objects.get()
    assert (team.code, team.members, str(team.households_per_day)) == ("220204-T001", 5, "1.50")
    assert team.days_off == [["2025-03-03", "2025-03-07"], ["2025-04-04", "2025-04-04"]]
    text = response.content.decode()
    assert "协商一组" in text
    assert f"/ledger/deeds/{team.deed}" in text


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize(
    ("field", "value"), [("days_off", "next week"), ("members", "0"), ("from_on", "soon"), ("unit", "220202")]
)
def test_a_wrong_form_comes_back_and_enters_nothing(field: str, value: str) -> None:
    response = client("district_leader").post("/teams/enter", FORM | {field: value})
    assert response.status_code == 409
    assert 'class="error"' in response.content.decode()
    assert not Team.objects.exists()


@pytest.mark.usefixtures("scene")
def test_what_the_action_refuses_stands_on_the_form() -> None:
    leader = client("district_leader")
    leader.post("/teams/enter", FORM)
    response = leader.post("/teams/220204-T001/change", FORM | {"version": "1", "skill": "survey"})
    assert response.status_code == 409
    assert "would be another team" in response.content.decode()
    assert leader.post("/teams/220204-T001/change", FORM | {"version": "1", "members": "8"}).status_code == 302
    assert [team.members for team in Team.objects.order_by("version")] == [5, 8]


@pytest.mark.usefixtures("scene")
def test_the_list_counts_teams_by_skill_and_says_that_nothing_is_levelled_yet() -> None:
    entered()
    text = page(client("mayor"), "/teams/")
    assert "调查一组" in text
    assert "have not been levelled yet" in text
    assert "/teams/enter" not in text  # the mayor looks


@pytest.mark.usefixtures("scene")
def test_corridors_show_what_is_free_and_what_cuts() -> None:
    text = page(client("mayor"), "/corridors/")
    assert "1.20 km · free 0.60 km · longest continuous 0.60 km" in text
    assert "1 gap" in text
    detail = page(client("mayor"), f"/corridors/{PROJECT}/")
    assert "3 households left" in detail
    assert re.search(r"opens 60\d m; 1.20 km continuous then", detail)
    assert "3 parcels with households that have not vacated" in detail
    before = page(client("mayor"), f"/corridors/{PROJECT}/?on=2025-02-09")
    assert re.search(r"opens 1,20\d m", before)


@pytest.mark.usefixtures("scene")
def test_a_district_is_told_that_it_sees_a_part_of_the_corridor() -> None:
    text = page(client("district_leader"), f"/corridors/{PROJECT}/")
    assert "only the sections in your reach" in text
    assert "220202-P0001" not in text


@pytest.mark.usefixtures("scene")
def test_the_corridor_is_linked_from_project_and_map() -> None:
    mayor = client("mayor")
    assert f'href="/corridors/{PROJECT}/' in page(mayor, f"/projects/{PROJECT}/")
    assert f'href="/corridors/{PROJECT}/' in page(mayor, reverse("wall.card", args=["220204-P0001-S01"]))
    appraiser = signed_in_client(person_with("appraiser", subject=PROJECT))
    assert "/corridors/" not in page(appraiser, reverse("wall.card", args=["220204-P0001-S01"]))


@pytest.mark.usefixtures("scene")
def test_the_workbook_of_corridors_holds_the_same_rows() -> None:
    response = client("mayor").get("/corridors/?format=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values)  # type: ignore[attr-defined]
    assert any("昌邑" in str(cell) or "Changyi" in str(cell) for row in rows for cell in row)


def kept_levelling(**more: object) -> TeamLevelling:
    """A levelling of 船营区 with the result of two projects that share one demolition crew."""
    signed = dict.fromkeys((Stage.SURVEY, Stage.VALUATION, Stage.NEGOTIATION, Stage.PAYMENT, Stage.VACATING), 20)
    cases = [
        case(section(1, 20, signed, project=number, opens_m=600), project=number, due_on=MONDAY + timedelta(days=12))
        for number in (1, 2)
    ]
    found = level_teams(
        district(*cases, teams=ONE_EACH, ranks={"220200-P0001": ListRank.NATIONAL}), rounds=5
    )
    team = entered()
    values: dict[str, object] = {
        "jurisdiction_id": CHUANYING, "on": TODAY, "asked_by": person_with("coordinator"), "asked_at": NOW,
        "deed": team.deed, "seconds": 5, "stage": LevellingStage.DONE, "progress": 1, "result": plain(found),
    }
    return TeamLevelling.objects.create(**(values | more))


@pytest.mark.usefixtures("scene")
def test_a_levelling_shows_lists_sections_teams_and_what_one_more_brings() -> None:
    levelling = kept_levelling()
    text = page(client("mayor"), f"/teams/levelling/{levelling.pk}/")
    assert "National supervision list" in text
    assert "only more teams would make" in text
    assert "Who works where" in text
    assert "Deadlines that the teams cannot keep" in text
    assert '<svg viewBox="0 0' in text
    work = page(client("mayor"), f"/teams/levelling/{levelling.pk}/work")
    assert work.count("<tr") > 4
    response = client("mayor").get(f"/teams/levelling/{levelling.pk}/work?format=xlsx&team=220204-T004")
    workbook = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    rows = [row for row in workbook.active.values if row[0]]
    assert sum(float(row[5]) for row in rows[1:]) == 40  # households of one crew
    assert "levelled 2025-02-14" in page(client("mayor"), "/teams/")


@pytest.mark.usefixtures("scene")
def test_a_levelling_that_waits_follows_its_progress() -> None:
    levelling = kept_levelling(stage=LevellingStage.RUNNING, progress=0.4, result=None, moved_at=NOW)
    browser = client("district_leader")
    assert browser.get(f"/teams/levelling/{levelling.pk}/progress").json()["percent"] == 40
    assert page(browser, f"/teams/levelling/{levelling.pk}/")


@pytest.mark.usefixtures("scene")
def test_a_levelling_without_teams_is_refused_on_its_page() -> None:
    response = client("coordinator").post("/teams/levelling/start", {"district": CHUANYING, "seconds": "10"})
    assert response.status_code == 409
    assert "there is nothing to level" in response.content.decode()
    assert not TeamLevelling.objects.exists()
