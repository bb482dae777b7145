"""The pages of scenarios: what can be otherwise, what is refused, and the comparison once it is computed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.factories import (
    CHANGYI,
    CHUANYING,
    NOW,
    Scene,
    actor_with,
    announce,
    build_campaign,
    person_with,
    signed_in_client,
)
from zhengtu.campaign.models import RunStage, Scenario
from zhengtu.campaign.plan_facts import plan_cases
from zhengtu.campaign.scenario_runs import carry_out_scenario, growth_from, scenario_subjects_for, scenarios_for
from zhengtu.ledger.models import Deed, Fact

PART = f"{CHUANYING}-P0001"


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    found = build_campaign()
    announce(CHUANYING)
    return found


def deadline_key(part: str = PART) -> str:
    return plan_cases([part], on=date(2025, 2, 14), known=None)[part].targets[0].key


def try_it(**given: str) -> Scenario:
    client = signed_in_client(person_with("district_leader"))
    answer = client.post("/scenarios/new/", {"subject": PART, "title": "多派两支队伍", **given})
    assert answer.status_code == 302, answer.content.decode()
    return Scenario.objects.latest("pk")


def test_a_leader_tries_scenarios_on_the_own_part_alone(scene: Scene) -> None:
    assert [one.code for one in scenario_subjects_for(actor_with("district_leader"))] == [PART]
    assert {one.code for one in scenario_subjects_for(actor_with("mayor"))} == {
        scene.project.code, PART, f"{CHANGYI}-P0001",
    }


def test_a_moved_deadline_is_compared_and_the_plan_stays(scene: Scene) -> None:
    facts = Fact.objects.count()
    key = deadline_key()
    scenario = try_it(**{f"deadline.{PART}.{key}": "2025-09-30"})
    assert carry_out_scenario(scenario.pk, clock=lambda: NOW) == RunStage.DONE
    scenario.refresh_from_db()
    target = scenario.result[0]["targets"][0]
    assert (target["before"]["due_on"], target["after"]["due_on"]) == ("2025-03-15", "2025-09-30")
    assert target["after"]["slack_days"] > target["before"]["slack_days"]
    assert target["before"]["earliest_on"] == target["after"]["earliest_on"]
    assert Fact.objects.count() == facts
    assert deadline_key() == key
    assert Deed.objects.get(pk=scenario.asked_deed).verb == "scenario.try"
    page = signed_in_client(person_with("district_leader")).get(f"/scenarios/{scenario.pk}/").content.decode()
    assert "2025-09-30" in page
    assert "方案" in page


def test_more_teams_are_paid_for_or_said_to_have_no_price(scene: Scene) -> None:
    scenario = try_it(**{f"teams.{PART}.negotiation": "2"})
    carry_out_scenario(scenario.pk, clock=lambda: NOW)
    scenario.refresh_from_db()
    [line] = scenario.result[0]["costs"]
    assert line["head"] == "teams"
    assert line["yuan"] is None or Decimal(line["yuan"]) >= 0


def test_nothing_changed_is_refused_and_nothing_is_kept(scene: Scene) -> None:
    client = signed_in_client(person_with("district_leader"))
    answer = client.post("/scenarios/new/", {"subject": PART, "title": "空方案"})
    assert answer.status_code == 409
    assert "没有改变任何内容" in answer.content.decode()
    assert not Scenario.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (f"teams.{PART}.negotiation", "两支", "两支"),
        (f"launch.{PART}", "2025年3月", "2025年3月"),
        ("yearly_percent", "9000", "9000"),
        ("opening_percent", "20", "未写明日期"),
    ],
)
def test_what_cannot_be_read_is_named(scene: Scene, field: str, value: str, said: str) -> None:
    answer = signed_in_client(person_with("district_leader")).post(
        "/scenarios/new/", {"subject": PART, "title": "试一试", f"teams.{PART}.valuation": "1", field: value}
    )
    assert answer.status_code == 409
    assert said in answer.content.decode()


def test_a_scenario_of_the_neighbour_does_not_exist(scene: Scene) -> None:
    scenario = try_it(**{f"teams.{PART}.negotiation": "1"})
    neighbour = actor_with("district_leader", unit=CHANGYI)
    assert not scenarios_for(neighbour).filter(pk=scenario.pk).exists()
    assert scenarios_for(actor_with("mayor")).filter(pk=scenario.pk).exists()


def test_growth_is_kept_as_it_was_assumed(scene: Scene) -> None:
    scenario = try_it(**{
        f"teams.{PART}.negotiation": "1", "yearly_percent": "4", "opening_percent": "25", "opens_on": "2026-07-01",
    })
    growth = growth_from(scenario.growth)
    assert growth is not None
    assert (growth.yearly_share, growth.opening_share) == (Decimal("0.04"), Decimal("0.25"))
    assert growth.opens_on == date(2026, 7, 1)
