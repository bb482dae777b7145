"""The pages of resettlement options and plans: what was asked, the frontier as a table, sentences, and the plan."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import (
    NOW,
    RAILWAY_INVESTMENT,
    TODAY,
    Scene,
    actor_with,
    person_with,
    record,
    signed_in_client,
)
from tests.options_scene import PART, computed_run, homes_on_offer, options_settings, tried
from tests.resettlement_scene import SIGNED_ON, TERMS, build_waiting
from zhengtu.campaign.models import RunStage
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.resettlement.models import OptionsRun, PlanFiling
from zhengtu.resettlement.options_runs import carry_out_options_run, start_options_run

pytestmark = pytest.mark.django_db
YEAR = civil_date(at=timezone.now()).year
"""Pages go by today."""


@pytest.fixture
def scene() -> Scene:
    found = build_waiting()
    homes_on_offer()
    return found


@pytest.fixture
def leader() -> Client:
    return signed_in_client(person_with("district_leader"))


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_form_offers_projects_with_who_waits_and_their_payers_by_year(scene: Scene, leader: Client) -> None:
    html = page(leader, "/resettlement/options/new/")
    assert f'value="{PART}" checked' in html
    assert "待安置3户，其中超期3户" in html
    for year in range(YEAR, YEAR + 3):
        assert f'name="wan.{RAILWAY_INVESTMENT}.{year}"' in html


def test_what_is_asked_becomes_a_run_with_budgets_in_yuan(scene: Scene, leader: Client) -> None:
    given = {
        "title": "两年安置", "part": PART, f"wan.{RAILWAY_INVESTMENT}.{YEAR}": "1,040.5",
        f"carry.{RAILWAY_INVESTMENT}": "on", "horizon_months": "48",
        "cash_months": "3", "first_after_months": "", "points": "4",
    }
    answer = leader.post("/resettlement/options/new/", given)
    run = OptionsRun.objects.get()
    assert answer["Location"] == f"/resettlement/options/{run.pk}/"
    assert run.settings == {
        "budgets": [{"payer": RAILWAY_INVESTMENT, "year": YEAR, "yuan": "10405000.00", "carries_over": True}],
        "horizon_months": 48,
        "cash_months": 3, "first_after_months": None, "points": 4,
    }
    for field, value in (("points", "很多"), (f"wan.{RAILWAY_INVESTMENT}.{YEAR}", "-1"), ("horizon_months", "1e9")):
        refused = leader.post("/resettlement/options/new/", {**given, field: value})
        assert refused.status_code == 409
        assert value in refused.content.decode()


def test_a_run_that_moves_tells_how_far_it_is_and_can_be_stopped(scene: Scene, leader: Client) -> None:
    run = tried()
    assert "data-progress-href" in page(leader, f"/resettlement/options/{run.pk}/")
    assert json.loads(page(leader, f"/resettlement/options/{run.pk}/progress/"))["isMoving"] is True
    leader.post(f"/resettlement/options/{run.pk}/stop/")
    html = page(leader, f"/resettlement/options/{run.pk}/")
    assert "停止" in html
    assert "重新计算" in html or "again" in html
    run.refresh_from_db()
    assert run.stage == RunStage.FAILED


def test_the_result_shows_every_point_as_a_link_the_gap_and_first_come(scene: Scene, leader: Client) -> None:
    run = computed_run()
    html = page(leader, f"/resettlement/options/{run.pk}/")
    count = len(run.result["points"])
    assert re.findall(r'href="\?point=(\d+)"', html) == [str(place + 1) for place in range(count)]
    assert html.count("按等候先后分配") >= 2
    assert "最优性差距" in html
    assert "增加100万元：铁路投资公司" in html
    assert f'href="?point={count}" aria-current="true"' in html
    assert 'href="?point=1" aria-current="true"' in page(leader, f"/resettlement/options/{run.pk}/?point=1")
    assert page(leader, f"/resettlement/options/{run.pk}/?point=abc")


def test_each_point_says_how_many_families_are_home_before_the_spring_festival(scene: Scene, leader: Client) -> None:
    """From 14 February 2025 to the eve of 17 February 2026 there are twelve whole months."""
    run = computed_run()
    html = page(leader, f"/resettlement/options/{run.pk}/")
    [header] = re.findall(r"<th[^>]*>春节前安置<br><span[^>]*>([^<]+)</span></th>", html)
    assert header == "2026-02-17"
    shown = re.findall(r'data-label="春节前安置">([^<]+)</td>', html)
    plans = [*run.result["points"], run.result["first_come"]]
    assert shown == [f"{plan['home_by'][12]:.0f}" for plan in plans]
    assert len(set(shown)) > 1


def test_a_project_shows_its_latest_frontier_the_point_of_its_plan_and_the_way_to_another_run(
    scene: Scene, leader: Client
) -> None:
    project = f"/projects/{scene.project.code}/"
    empty = leader.get(f"{project}?on={TODAY}").context["homecoming"]["options"]
    assert (empty["outline"], empty["chart"], empty["plans"]) == (None, None, [])
    assert f'value="{PART}" checked' in page(leader, empty["try_href"])
    run = computed_run()
    shown = leader.get(f"{project}?on={TODAY}").context["homecoming"]["options"]
    points = run.result["points"]
    assert shown["chart"]["frontier"] == [[float(one["spent_yuan"]) / 10_000, one["family_months"]] for one in points]
    assert shown["chart"]["first"][1] == run.result["first_come"]["family_months"]
    assert (shown["chart"]["chosen"], shown["outline"].families) == (None, run.result["families"])
    leader.post(f"/resettlement/options/{run.pk}/plan/", {"part": PART, "point": "2"})
    planned = leader.get(project).context["homecoming"]["options"]
    assert planned["chart"]["chosen"] == 1
    assert [plan.project for plan in planned["plans"]] == [PART]


def test_a_run_of_later_facts_or_out_of_reach_is_no_frontier_of_the_project(scene: Scene, leader: Client) -> None:
    computed_run()
    project = f"/projects/{scene.project.code}/"
    assert leader.get(f"{project}?on={TODAY - timedelta(days=1)}").context["homecoming"]["options"]["outline"] is None
    officer = signed_in_client(person_with("field_officer")).get(f"{project}?on={TODAY}").context["homecoming"]
    assert officer is None or officer["options"]["outline"] is None


def test_every_family_has_its_sentence_and_owners_are_masked(scene: Scene, leader: Client) -> None:
    record(scene.households[0].code, "way_chosen", TODAY, {"way": "purchase"})
    run = computed_run()
    html = page(leader, f"/resettlement/options/{run.pk}/families/")
    assert "按本户选择购买现房：江城现房（演示）" in html
    assert scene.households[0].name_masked in html
    assert "*" in scene.households[0].name_masked or "某" in scene.households[0].name_masked
    assert scene.households[0].code not in page(leader, f"/resettlement/options/{run.pk}/families/?way_id=building")


def test_a_plan_goes_from_a_point_to_the_inspection_office(scene: Scene, leader: Client) -> None:
    run = computed_run()
    point = str(len(run.result["points"]))
    answer = leader.post(f"/resettlement/options/{run.pk}/plan/", {"part": PART, "point": point})
    [plan] = PlanFiling.objects.all()
    assert answer["Location"] == f"/resettlement/plans/{plan.code}/"
    address = f"/resettlement/plans/{plan.code}/"
    assert "报批" in page(leader, address)
    leader.post(f"{address}submit/")
    mayor, inspector = signed_in_client(person_with("mayor")), signed_in_client(person_with("inspector"))
    assert "approve/" in page(mayor, address)
    assert "approve/" not in page(inspector, address)
    mayor.post(f"{address}approve/")
    inspector.post(f"{address}file/")
    plan.refresh_from_db()
    assert plan.stage == "filed"
    assert "已安置" in page(inspector, address)
    for ending, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        kept = inspector.get(f"{address}plan.{ending}")
        assert b"".join(kept.streaming_content).startswith(start)  # type: ignore[attr-defined]


def test_a_district_drafts_from_the_point_that_the_city_hands_out(scene: Scene, leader: Client) -> None:
    elsewhere = scene.households[5].code
    record(elsewhere, "signed", SIGNED_ON, recorded_at=None)
    record(elsewhere, "entitlement_agreed", SIGNED_ON, {**TERMS, "site": ""})
    run = start_options_run(
        actor=actor_with("coordinator"), parts=[PART, "220202-P0001"], title="全市统筹", settings=options_settings(),
        now=NOW,
    )
    carry_out_options_run(run.pk, clock=lambda: NOW)
    address, handed = f"/resettlement/options/{run.pk}/", f"/resettlement/options/{run.pk}/handed/{PART}/"
    assert leader.get(address).status_code == leader.get(handed).status_code == 404
    coordinator = signed_in_client(person_with("coordinator"))
    assert "将此方案点下发各区" in page(coordinator, address)
    assert coordinator.post(f"{address}hand-out/", {"point": "1"}).status_code == 302
    assert "改为下发此方案点" not in page(coordinator, f"{address}?point=1")
    assert leader.get(address).status_code == 404
    assert handed in page(leader, "/resettlement/options/")
    html = page(leader, handed)
    assert scene.households[1].code in html
    assert elsewhere not in html
    answer = leader.post(f"{address}plan/", {"part": PART, "point": "1"})
    [plan] = PlanFiling.objects.all()
    assert answer["Location"] == f"/resettlement/plans/{plan.code}/"
    assert plan.code in page(leader, handed)
    assert leader.post(f"{address}plan/", {"part": "220202-P0001", "point": "1"}).status_code == 404
