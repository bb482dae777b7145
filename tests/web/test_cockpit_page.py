"""The cockpit on screen: what it shows, where its figures lead, and to whom."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    CHANGYI,
    CITY,
    NOW,
    TODAY,
    Scene,
    advance,
    build_campaign,
    person_with,
    record,
    signed_in_client,
)
from zhengtu.campaign.outlook_runs import refresh_city
from zhengtu.web.office.cockpit.drawing import shade, sparkline

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> Any:
    with patch("django.utils.timezone.now", return_value=NOW):
        yield


@pytest.fixture
def scene() -> Scene:
    built = build_campaign()
    advance(built.households[0], to="vacated", start_on=date(2025, 1, 30))
    advance(built.households[3], to="signed", start_on=date(2025, 2, 6))
    return built


def browser(role: str, unit: str = "", subject: str = "") -> Client:
    return signed_in_client(person_with(role, unit, subject), headers={"accept-language": "en"})


def links(html: str) -> set[str]:
    return {found.replace("&amp;", "&") for found in re.findall(r'href="([^"]+)"', html)}


def test_the_figures_stand_on_the_page_and_lead_to_their_lists(scene: Scene) -> None:
    html = browser("mayor").get("/cockpit/").content.decode()
    assert "/households/?reached=signed" in links(html)
    assert "/households/?reached=signed&within=7" in links(html)
    assert "/sections/?state=handed_over" in links(html)
    assert "/sections/?deadline=2025-03-15.handed_over" in links(html)


def test_every_link_of_the_cockpit_answers(scene: Scene) -> None:
    record(scene.project.code, "matter_opened", date(2025, 1, 10),
           {"matter": "用地", "responsible": "船营区", "due_on": "2025-02-10"})
    client = browser("mayor")
    html = client.get("/cockpit/").content.decode()
    inner = {link for link in links(html) if link.startswith("/") and not link.startswith("/static/")}
    assert len(inner) > 20
    for link in sorted(inner):
        assert client.get(link).status_code in (200, 302), link


def test_from_a_figure_to_the_evidence_in_three_clicks(scene: Scene) -> None:
    client = browser("mayor")
    html = client.get("/cockpit/").content.decode()
    assert "/households/?reached=vacated" in links(html)
    html = client.get("/households/?reached=vacated").content.decode()  # 1
    dossier = f"/households/{scene.households[0].code}/"
    assert dossier in links(html)
    html = client.get(dossier).content.decode()  # 2
    deed = next(link for link in sorted(links(html), reverse=True) if link.startswith("/ledger/deeds/"))
    html = client.get(deed).content.decode()  # 3
    evidence = next(link for link in links(html) if link.startswith("/evidence/"))
    answer = client.get(evidence)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)


@pytest.mark.parametrize("dates", ["", "on=2025-02-05", "on=2025-02-11&known=2025-02-08"])
@pytest.mark.parametrize(("role", "unit"), [("mayor", ""), ("district_leader", CHANGYI), ("client", "")])
def test_every_figure_is_as_long_as_the_list_it_leads_to(scene: Scene, dates: str, role: str, unit: str) -> None:
    record(scene.households[0].code, "resettlement_promised", date(2025, 2, 3), {"promised_on": "2024-01-31"})
    client = browser(role, unit)
    shown = client.get(f"/cockpit/?{dates}").context
    expected = {item["href"]: item["headline"].value for item in shown["headlines"]}
    expected |= {item["change_href"]: item["headline"].change for item in shown["headlines"] if item["change_href"]}
    expected |= {part["href"]: part["count"] for bar in shown["bars"] for part in bar["parts"]}
    expected |= {change["href"]: change["count"] for change in shown["changes"]}
    expected |= {item["settled_href"]: item["row"].settled for item in shown["ranking"]}
    expected |= {item["vacated_href"]: item["row"].vacated for item in shown["ranking"]}
    for item in shown["deadlines"]:
        expected[item["sections_href"]] = item["standing"].sections_left
        expected[item["households_href"]] = item["standing"].households_left
    assert len(expected) > 12
    assert {href: client.get(href).context["table"]["count"] for href in expected} == expected


def test_both_dates_stay_in_every_link(scene: Scene) -> None:
    html = browser("mayor").get("/cockpit/?on=2025-02-10&known=2025-02-12").content.decode()
    assert "/households/?on=2025-02-10&known=2025-02-12&reached=signed" in links(html)


def test_the_as_of_date_changes_the_figures(scene: Scene) -> None:
    client = browser("mayor")
    figures = [
        client.get(f"/cockpit/?on={on}").context["cockpit"].total["signed_count"]
        for on in ("2025-02-01", "2025-02-05", "2025-02-14")
    ]
    assert figures == [0, 1, 2]


def test_a_district_sees_its_own_cockpit(scene: Scene) -> None:
    answer = browser("district_leader", CHANGYI).get("/cockpit/")
    assert answer.context["cockpit"].households == 3
    assert "220204" not in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "subject"), [("family", "220204-P0001-S01-H00001"), ("appraiser", "220200-P0001")]
)
def test_who_may_not_see_it_is_turned_away(scene: Scene, role: str, subject: str) -> None:
    assert browser(role, subject=subject).get("/cockpit/").status_code == 403


def test_a_family_is_led_to_its_own_dossier(scene: Scene) -> None:
    client = browser("family", subject="220204-P0001-S01-H00001")
    answer = client.get("/households/")
    assert (answer.status_code, answer["Location"]) == (302, "/households/220204-P0001-S01-H00001/")


def test_an_empty_campaign_says_so() -> None:
    answer = browser("mayor").get("/cockpit/")
    assert answer.status_code == 200
    assert "No section lies in your reach yet." in answer.content.decode()


def test_the_page_asks_a_bounded_number_of_times(scene: Scene) -> None:
    client = browser("mayor")
    refresh_city(CITY, on=TODAY, known=None, now=NOW)
    client.get("/cockpit/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/cockpit/")
    assert len(queries) <= 38


def test_names_are_escaped(scene: Scene) -> None:
    record(scene.project.code, "matter_opened", date(2025, 1, 10),
           {"matter": "<script>alert(1)</script>", "responsible": "<b>x</b>"})
    html = browser("mayor").get("/cockpit/").content.decode()
    assert "<script>alert(1)" not in html
    assert "<b>x</b>" not in html


def test_a_sparkline_fills_its_box_and_a_flat_one_lies_low() -> None:
    assert sparkline([0, 5, 10]) == "0.0,26.0 60.0,14.0 120.0,2.0"
    assert sparkline([3, 3]) == "0.0,26.0 120.0,26.0"
    assert sparkline([3]) == ""


@pytest.mark.parametrize(("share", "step"), [(None, 0), (0.0, 1), (0.19, 1), (0.2, 2), (0.8, 5), (1.0, 5)])
def test_shades_of_the_map(share: float | None, step: int) -> None:
    assert shade(share) == step
