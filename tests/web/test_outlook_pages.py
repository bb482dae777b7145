"""Lights, forecasts and plan against actual on the pages that leaders see."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from tests.factories import (
    CHANGYI,
    CHUANYING,
    CHUANYING_SECTION,
    CITY,
    NOW,
    PROJECT,
    Scene,
    actor_with,
    advance,
    build_campaign,
    person_with,
    record,
    signed_in_client,
)
from zhengtu.campaign.outlook_runs import refresh_city
from zhengtu.campaign.plan_queries import plan_for, plans_standing
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.plan import Blocker, BlockerKind, Colour
from zhengtu.registry.models import Deadline, DeadlineGoal
from zhengtu.web.shared.blocker_text import blocker_line
from zhengtu.web.shared.figure_text import chance
from zhengtu.web.shared.reason_text import spoken_reason

pytestmark = pytest.mark.django_db

ON = date(2025, 2, 14)
OWN = f"{CHUANYING}-P0001"


@pytest.fixture
def scene() -> Scene:
    scene = build_campaign()
    advance(scene.households[0], to="vacated")
    advance(scene.households[3], to="signed")
    refresh_city(CITY, on=ON, known=None, now=NOW)
    return scene


@pytest.fixture
def mayor(scene: Scene) -> Client:
    return signed_in_client(person_with("mayor"))


def page(client: Client, name: str, *arguments: str, query: str = "?on=2025-02-14") -> Any:
    response: HttpResponse = client.get(reverse(name, args=arguments) + query)
    assert response.status_code == 200
    return response


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def own_row() -> Any:
    return next(row for row in plans_standing(actor_with("mayor"), on=ON, known=None).rows if row.code == OWN)


def test_the_cockpit_says_the_earliest_honest_day_and_links_to_its_proof(mayor: Client) -> None:
    shown = text_of(page(mayor, "cockpit.view"))
    days = [row.targets[0].earliest_on for row in plans_standing(actor_with("mayor"), on=ON, known=None).rows]
    assert f"最早 {max(days).isoformat()}" in shown
    assert "/deadlines/2025-03-15.handed_over/" in shown


def test_the_cockpit_lists_what_needs_a_decision_with_the_sentence_of_the_light(mayor: Client) -> None:
    lines = page(mayor, "cockpit.view").context["late"]
    rows = {row.code: row for row in plans_standing(actor_with("mayor"), on=ON, known=None).rows}
    urgent = [row for row in rows.values() if row.light.colour in (Colour.RED, Colour.YELLOW)]
    assert urgent
    assert sorted(line.sentence for line in lines) == sorted(spoken_reason(row.light.reason).message for row in urgent)
    for line in lines:
        assert line.href.startswith("/schedule/")


def test_the_cockpit_of_another_day_says_that_plans_are_being_computed(mayor: Client) -> None:
    shown = text_of(page(mayor, "cockpit.view", query="?on=2025-02-01"))
    assert "正在推算计划：0/2" in shown
    assert "data-reload-after" in shown


def test_the_project_page_shows_the_light_of_each_part_and_the_curves_of_all(mayor: Client) -> None:
    response = page(mayor, "project.view", PROJECT)
    assert [one.name for one in response.context["outlooks"]] == ["西环线1号工程 · 昌邑", "西环线1号工程 · 船营"]
    assert spoken_reason(own_row().light.reason).message in text_of(response)
    assert response.context["charts"]["signed_count"]["actual"][-1] == ["2025-02-14", 2.0]
    assert response.context["charts"]["signed_count"]["of"] == 6


def test_the_list_of_projects_shows_the_most_urgent_light_and_filters_by_it(mayor: Client) -> None:
    rows = plans_standing(actor_with("mayor"), on=ON, known=None).rows
    worst = min(rows, key=lambda row: (row.light.colour.urgency, row.slack_days, row.code))
    sentence = spoken_reason(worst.light.reason).message
    assert sentence in text_of(page(mayor, "project.list"))
    for colour in Colour:
        table = page(mayor, "project.list", query=f"?on=2025-02-14&light={colour}").context["table"]
        assert table["count"] == (1 if colour is worst.light.colour else 0)


def test_the_curves_say_which_plan_they_are_measured_against(mayor: Client) -> None:
    assert "现行倒排计划（未定基线）" in text_of(page(mayor, "trajectory.view", query=f"?on=2025-02-14&of={OWN}"))
    record(OWN, "baseline_set", ON, {"baseline_on": "2025-02-03", "reason": "动员后第一版"})
    refresh_city(CITY, on=ON, known=None, now=NOW)
    response = page(mayor, "trajectory.view", query=f"?on=2025-02-14&of={OWN}")
    assert "计划：按 2025-02-03 基线。" in text_of(response)
    assert response.context["charts"]["signed_count"]["texts"]["planned"] == "基线计划"
    shown = text_of(page(mayor, "trajectory.view", query=f"?on=2025-02-14&of={CITY}"))
    assert "2 个项目片区中 1 个按 2025-02-03 基线，其余按现行倒排计划" in shown


def test_the_way_to_scenarios_is_shown_to_who_may_try_them(scene: Scene) -> None:
    for role, shown in (("district_leader", True), ("field_officer", False)):
        html = text_of(page(signed_in_client(person_with(role)), "schedule.view"))
        assert (reverse("scenario.list") in html) is shown


def test_a_section_says_its_own_earliest_day(mayor: Client) -> None:
    outlook = page(mayor, "section.view", CHUANYING_SECTION).context["outlook"]
    plan = plan_for(actor_with("mayor"), OWN, on=ON, known=None)
    assert plan is not None
    bar = next(one for one in plan.plan.activities if one.id == f"{CHUANYING_SECTION}:handover")
    assert outlook.earliest_on == bar.early_end_on


def test_a_blocker_names_its_place_and_says_when_its_day_is_past() -> None:
    reason = Reason("planning.next", "The handing over of %(subject)s is next.", {"subject": CHUANYING_SECTION})
    blocker = Blocker(BlockerKind.DISTRICT, date(2025, 2, 1), date(2025, 2, 10), CHUANYING, reason)
    names = {CHUANYING_SECTION: ("K1+000至K2+000", "Section 1"), CHUANYING: ("船营区", "Chuanying District")}
    line = blocker_line(blocker, names=names, on=ON)
    assert CHUANYING_SECTION not in line.sentence
    assert "K1+000至K2+000" in line.sentence
    assert (line.unit, line.days, line.is_past) == ("船营区", 13, True)
    assert "已逾期" in render_to_string("components/blocker.html", {"blocker": line})
    withheld = blocker_line(replace(blocker, since=None, until=None), names=names, on=ON)
    assert "起" not in render_to_string("components/blocker.html", {"blocker": replace(withheld, sentence="")})


def test_a_district_sees_its_part_of_a_project_alone(scene: Scene) -> None:
    leader = signed_in_client(person_with("district_leader", CHANGYI))
    response = page(leader, "project.view", PROJECT)
    assert [one.name for one in response.context["outlooks"]] == ["西环线1号工程 · 昌邑"]
    assert response.context["charts"]["signed_count"]["of"] == 3


def test_a_section_shows_its_light_and_its_own_curves(mayor: Client) -> None:
    response = page(mayor, "section.view", CHUANYING_SECTION)
    light = own_row().section_lights[CHUANYING_SECTION]
    assert response.context["outlook"].sentence == spoken_reason(light.reason).message
    assert response.context["charts"]["vacated_count"]["actual"][-1] == ["2025-02-14", 1.0]
    assert response.context["charts"]["vacated_count"]["of"] == 3


def test_who_sees_no_plan_sees_a_section_without_light(scene: Scene) -> None:
    appraiser = signed_in_client(person_with("appraiser", subject=PROJECT))
    response = page(appraiser, "section.view", CHUANYING_SECTION)
    assert response.context["outlook"] is None
    assert response.context["figures"] == []
    assert "light" not in page(appraiser, "wall.card", CHUANYING_SECTION).context


def test_plan_against_actual_opens_with_the_widest_in_reach(scene: Scene) -> None:
    for role, unit, widest in (("mayor", "", CITY), ("district_leader", CHANGYI, CHANGYI)):
        client = signed_in_client(person_with(role, unit))
        assert page(client, "trajectory.view").context["page"].code == widest


def test_beside_the_actual_vacated_stands_what_is_verified(mayor: Client, scene: Scene) -> None:
    record(
        scene.households[0].code, "source_confirmed", ON, {"source": "utility", "is_cleared": "yes"}, recorded_at=NOW
    )
    for of in ("", CHUANYING, OWN, PROJECT):
        shown = page(mayor, "trajectory.view", query=f"?on=2025-02-14&of={of}")
        besides = {one["id"]: one["beside"] for one in shown.context["figures"]}
        assert besides["signed_count"] is None
        assert (besides["vacated_count"].count.verified, besides["vacated_count"].count.reported) == (1, 1)
        assert "已核实 100.0%（1 户）" in text_of(shown)
        behind = mayor.get(besides["vacated_count"].verified_href)
        assert behind.context["table"]["count"] == 1
    other = page(mayor, "trajectory.view", query=f"?on=2025-02-14&of={CHANGYI}")
    assert {one["id"]: one["beside"] for one in other.context["figures"]}["vacated_count"].count.reported == 0


def test_too_little_data_stands_in_the_place_of_dates(mayor: Client) -> None:
    shown = text_of(page(mayor, "trajectory.view", query=f"?of={OWN}&on=2025-02-14"))
    assert "数据不足" in shown
    assert "全线交地" in shown


def test_every_actual_figure_leads_to_its_list(mayor: Client) -> None:
    figures = {one["id"]: one["href"] for one in page(mayor, "trajectory.view", query=f"?of={OWN}").context["figures"]}
    assert "reached=settled" in figures["signed_count"]
    assert f"district={CHUANYING}" in figures["signed_count"]
    assert "state=handed_over" in figures["handed_over_count"]


def test_the_wall_gives_the_lights_of_sections_in_reach(scene: Scene) -> None:
    leader = signed_in_client(person_with("district_leader"))
    answer = json.loads(page(leader, "wall.lights").content)
    light = own_row().section_lights[CHUANYING_SECTION]
    assert answer["lights"] == {CHUANYING_SECTION: [str(light.colour), spoken_reason(light.reason).message]}
    assert (answer["missing"], answer["of"]) == (0, 1)


def test_the_card_of_a_place_says_why(mayor: Client) -> None:
    shown = text_of(page(mayor, "wall.card", CHUANYING_SECTION))
    assert spoken_reason(own_row().section_lights[CHUANYING_SECTION].reason).message in shown


def test_the_dossier_shows_both_ways_and_which_deadline_only_agreement_meets(mayor: Client, scene: Scene) -> None:
    Deadline.objects.create(
        campaign=scene.campaign, project=scene.project, goal=DeadlineGoal.VACATED, due_on=date(2025, 6, 30),
        name="全部腾空", name_en="All vacated",
    )
    waiting = f"{CHUANYING_SECTION}-H00002"
    ways = page(mayor, "household.view", waiting).context["ways"]
    agreement, decision = ways["tracks"]
    assert agreement["moved_on"] < decision["moved_on"]
    assert date(2025, 3, 15) < agreement["moved_on"] <= date(2025, 6, 30) < decision["moved_on"]
    assert [(one["due_on"], one["needs_agreement"], one["is_out_of_reach"]) for one in ways["deadlines"]] == [
        (date(2025, 3, 15), False, True), (date(2025, 6, 30), True, False),
    ]
    assert "只有协商签约才能按期。" in text_of(page(mayor, "household.view", waiting))


def test_an_agreement_closes_the_way_over_the_court(mayor: Client) -> None:
    agreement, decision = page(mayor, "household.view", f"{CHUANYING_SECTION}-H00001").context["ways"]["tracks"]
    assert (decision["is_closed"], decision["steps"]) == (True, [])
    assert any(step["is_recorded"] for step in agreement["steps"])


def test_a_correction_since_is_said_on_the_page(mayor: Client, scene: Scene) -> None:
    record(scene.households[1].code, "surveyed", date(2025, 2, 13))
    assert "此后台账有新记录" in text_of(page(mayor, "cockpit.view"))


@pytest.mark.parametrize(
    ("probability", "shown"), [(0.0, "< 1%"), (0.004, "< 1%"), (0.4251, "43%"), (0.996, "> 99%"), (1.0, "> 99%")]
)
def test_a_probability_is_never_said_to_be_certain(probability: float, shown: str) -> None:
    assert chance(probability) == shown
