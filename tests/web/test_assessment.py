"""What the pages of assessments show: to the city everything, to a unit the ranking and its own card."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.assessment_scene import PUBLISHED, UNDER_WAY, published_and_under_way
from tests.factories import (
    CHANGYI,
    CHUANYING,
    TODAY,
    Scene,
    advance,
    at,
    build_campaign,
    person_with,
    record,
    signed_in_client,
)
from zhengtu.accounts.queries import actor_of
from zhengtu.assessment.actions import publish_assessment
from zhengtu.assessment.models import Appeal, Assessment
from zhengtu.ledger.models import Deed

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    scene = build_campaign()
    for household in (scene.households[0], scene.households[3]):
        advance(household, to="signed")
    published_and_under_way(scene)
    return scene


def page(role: str, address: str, unit: str = "") -> str:
    response = signed_in_client(person_with(role, unit)).get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_ranking_shows_places_grades_and_each_criterion(scene: Scene) -> None:
    text = page("mayor", f"/assessments/{PUBLISHED}/")
    assert "40.00" in text  # no home of one promised, all ten points of conduct: 10 of 25
    assert "按约定安置" in text
    assert f"/assessments/{PUBLISHED}/units/{CHANGYI}/" in text


def test_a_unit_sees_places_but_only_the_way_to_its_own_card(scene: Scene) -> None:
    text = page("district_leader", f"/assessments/{PUBLISHED}/")
    assert "昌邑区" in text
    assert f"/assessments/{PUBLISHED}/units/{CHUANYING}/" in text
    assert f"/assessments/{PUBLISHED}/units/{CHANGYI}/" not in text
    assert "按约定安置" not in text.split("<table", 1)[1].split("</table>", 1)[0]


def test_each_line_of_a_card_leads_to_what_stands_behind_it(scene: Scene) -> None:
    text = page("district_leader", f"/assessments/{PUBLISHED}/units/{CHUANYING}/")
    household = scene.households[0].code
    assert f'href="/households/{household}/"' in text
    assert "合计" in text
    assert "10.00 / 25" in text


def test_whom_a_violation_is_about_is_told_to_who_watches_and_to_the_unit_on_its_published_card(scene: Scene) -> None:
    record(scene.households[4].code, "violation_found", date(2025, 2, 12), {"violation": "violence", "found": "x"})
    mayor = person_with("mayor")
    publish_assessment(actor=actor_of(mayor, on=TODAY), code=UNDER_WAY, now=at(date(2025, 3, 3)))
    code, address = scene.households[4].code, f"/assessments/{UNDER_WAY}/units/{CHANGYI}/"
    for role, unit, is_told in (
        ("inspector", "", True), ("district_leader", CHANGYI, True), ("coordinator", "", False),
    ):
        text = page(role, address, unit)
        assert "查实违法行为" in text
        assert (code in text) is is_told, role


def test_the_packs_of_the_city_and_of_a_unit_hold_what_each_may_see(scene: Scene) -> None:
    for role, units in (("mayor", {"昌邑区", "船营区"}), ("district_leader", {"船营区"})):
        response = signed_in_client(person_with(role)).get(f"/assessments/{PUBLISHED}/pack.xlsx")
        book = load_workbook(BytesIO(response.content))
        cases = book["事项明细"]
        assert {row[0] for row in cases.iter_rows(min_row=4, values_only=True) if row[0]} == units


def test_the_paper_of_a_unit_names_what_it_missed_and_nothing_of_others(scene: Scene) -> None:
    response = signed_in_client(person_with("district_leader")).get(f"/assessments/{PUBLISHED}/pack.pdf")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    assert scene.households[0].code in text
    assert scene.households[3].code not in text


def test_a_trial_shows_the_ranking_that_would_follow_and_keeps_nothing(scene: Scene) -> None:
    deeds = Deed.objects.count()
    text = page(
        "coordinator",
        "/assessments/trial/?scheme=districts-2025&from_on=2025-01-01&last_on=2025-01-31&points.lawful_conduct=30"
        "&each.lawful_conduct.violation=-5&each.lawful_conduct.section_agreed=5",
    )
    assert "66.67" in text  # 30 of 45
    assert "+26.67" in text
    assert (Deed.objects.count(), Assessment.objects.count()) == (deeds, 2)


def test_the_mayor_adopts_what_was_tried(scene: Scene) -> None:
    client = signed_in_client(person_with("mayor"))
    response = client.post("/assessments/adopt/", {
        "scheme": "clients-2025", "from_on": "2025-01-01", "last_on": "2025-03-31", "points.funds_on_time": "45",
        "points.paid_in_time": "20",
    })
    assert response.status_code == 302
    row = Assessment.objects.get(scheme="clients-2025")
    assert [one["points"] for one in row.terms["criteria"]][:2] == ["45", "20"]
    assert row.until_on.isoformat() == "2025-04-01"


def test_the_inspection_office_decides_on_the_appeals_page(scene: Scene) -> None:
    number = Appeal.objects.get().pk
    client = signed_in_client(person_with("inspector"))
    response = client.post(f"/assessments/appeals/{number}/", {
        "outcome": "upheld", "remedy": "done", "decision": "属实",
    })
    assert response.status_code == 302
    text = page("mayor", f"/assessments/{PUBLISHED}/units/{CHUANYING}/")
    assert "100.00" in text
    assert "复核更正" in text


def test_the_check_says_that_the_cards_come_out_the_same(scene: Scene) -> None:
    assert "复算结果与公布的得分表一致" in page("mayor", f"/assessments/{PUBLISHED}/check/")


def test_what_runs_is_not_there_for_a_unit(scene: Scene) -> None:
    client = signed_in_client(person_with("district_leader"))
    for address in (f"/assessments/{UNDER_WAY}/", f"/assessments/{UNDER_WAY}/pack.xlsx"):
        assert client.get(address).status_code == 404
    assert UNDER_WAY not in page("district_leader", "/assessments/")


def test_the_burden_says_what_was_counted(scene: Scene) -> None:
    text = page("department", "/assessments/burden/")
    assert "统计口径" in text
    assert "考核不需要任何填报" in text
