"""The schedule on screen: list, chart, proofs, the week, decisions and their refusals, sheets, exchange."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from unittest.mock import patch

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import (
    CHANGYI,
    CHUANYING,
    CHUANYING_SECTION,
    NOW,
    Scene,
    actor_with,
    advance,
    announce,
    build_campaign,
    person_with,
    signed_in_client,
)
from zhengtu.campaign.outlook_runs import compute_part
from zhengtu.campaign.plan_actions import decidable
from zhengtu.core.plan_files.mspdi_reading import read_mspdi
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.plan_decisions import Decidable
from zhengtu.core.planning.plan_exchange import ID_FIELD
from zhengtu.ledger.models import Fact, Refusal

PART, OTHER = f"{CHUANYING}-P0001", f"{CHANGYI}-P0001"
TODAY = NOW.date()
pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Iterator[Scene]:
    """It is 14 February 2025; two of three households have yet to sign."""
    scene = build_campaign()
    announce(CHUANYING)
    advance(scene.households[0], to="signed")
    with patch("zhengtu.web.shared.middleware.timezone.now", return_value=NOW):
        for part in (PART, OTHER):
            compute_part(part, on=TODAY, known=None, now=NOW)
        yield scene


def client_of(role: str, unit: str = "") -> Client:
    return signed_in_client(person_with(role, unit), headers={"accept-language": "en"})


@pytest.fixture
def leader(scene: Scene) -> Client:
    return client_of("district_leader")


def work(stage: Stage = Stage.NEGOTIATION) -> Decidable:
    found = decidable(actor_with("district_leader"), section=CHUANYING_SECTION, stage=stage, on=TODAY)
    assert found is not None
    return found


def decidable_stage() -> Stage:
    """A stage of the section that a unit may decide."""
    return next(stage for stage in Stage if (found := work(stage)) and found.activity.may_be_decided)


def minutes() -> SimpleUploadedFile:
    return SimpleUploadedFile("minutes.txt", b"Minutes of 14 February", content_type="text/plain")


def decision(stage: Stage, start: date, **more: str) -> dict[str, object]:
    return {
        "stage": str(stage), "start_on": start.isoformat(), "happened_on": TODAY.isoformat(),
        "reason": "Two teams come free.", "evidence-minutes": minutes(), **more,
    }


def test_the_list_shows_each_part_with_light_and_proof(leader: Client) -> None:
    page = leader.get("/schedule/").content.decode()
    assert f"/schedule/{PART}/" in page
    assert f"/schedule/{OTHER}/" not in page
    book = openpyxl.load_workbook(io.BytesIO(b"".join(leader.get("/schedule/?format=xlsx"))))
    assert book.worksheets[0].max_row == 2


def test_the_chart_sends_every_bar_and_link_once(leader: Client) -> None:
    assert leader.get(f"/schedule/{PART}/").status_code == 200
    plan = leader.get(f"/schedule/{PART}/data").json()
    view = leader.get(f"/schedule/{PART}/").context["view"]
    assert len(plan["bars"]) == len(view.plan.activities)
    assert len(plan["links"]) == len(view.plan.links)
    ids = [plan["words"][bar[1]] for bar in plan["bars"]]
    assert sorted(ids) == sorted(one.id for one in view.plan.activities)
    assert plan["on"] == (TODAY - date(1970, 1, 1)).days
    assert all(0 <= bar[0] < len(plan["groups"]) for bar in plan["bars"])


def test_what_is_out_of_scope_is_not_there(leader: Client) -> None:
    for address in ("", "data", "sheet.xlsx", "sheet.pdf", "plan.xml", "exchange/", "baseline/"):
        assert leader.get(f"/schedule/{OTHER}/{address}").status_code == 404
    assert leader.get(f"/schedule/{OTHER}-S01/decide/?stage=negotiation").status_code == 404
    plan = leader.get("/schedule/all/data").json()
    assert not any(word.startswith(OTHER) for word in plan["words"])
    assert client_of("auditor").get("/schedule/").status_code in (200, 403)


def test_a_deadline_is_proved_line_by_line(leader: Client) -> None:
    view = leader.get(f"/schedule/{PART}/").context["view"]
    for outlook in view.plan.targets:
        response = leader.get(f"/schedule/{PART}/deadlines/{outlook.target.key}/")
        assert response.status_code == 200
        if outlook.certificate:
            assert response.context["chain"][-1]["until_on"] == outlook.earliest_on
    assert leader.get(f"/schedule/{PART}/deadlines/never/").status_code == 404


def test_the_week_lists_what_is_due_by_unit(leader: Client) -> None:
    response = leader.get("/schedule/week/")
    assert response.status_code == 200
    lines = [line for group in response.context["groups"] for team in group["teams"] for line in team["lines"]]
    assert all(line.item.subject.startswith(CHUANYING) for line in lines)
    for group in response.context["groups"]:
        for team in group["teams"]:
            late = [line.item.is_overdue for line in team["lines"]]
            assert late == sorted(late, reverse=True)


def test_a_decision_is_recorded_with_its_minutes_and_the_plan_follows(leader: Client) -> None:
    stage = decidable_stage()
    start = work(stage).window.earliest_on
    response = leader.post(f"/schedule/{CHUANYING_SECTION}/decide/", decision(stage, start, accepts_late="1"))
    assert response.status_code == 302, response.context["reasons"]
    fact = Fact.objects.get(kind="plan_decided")
    assert (fact.subject, fact.attributes["stage"]) == (CHUANYING_SECTION, str(stage))
    assert fact.attributes["start_on"] == start.isoformat()
    assert fact.deed.evidence.count() == 1
    assert work(stage).decided_on == start
    assert work(stage).window.earliest_on == start  # the window is that without the decision


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": " "}, "ledger.attribute"), ({"evidence-minutes": ""}, "ledger.evidence_missing"),
        ({"start_on": "2025-02-01"}, "schedule.too_early"), ({"start_on": "2026-12-31"}, "schedule.too_late"),
        ({"start_on": "soon"}, "schedule.date_missing"), ({"happened_on": "2025-02-15"}, "ledger.in_the_future"),
    ],
)
def test_what_speaks_against_a_decision_is_said(leader: Client, change: dict[str, str], code: str) -> None:
    stage = decidable_stage()
    given = {**decision(stage, work(stage).window.earliest_on), **change}
    response = leader.post(f"/schedule/{CHUANYING_SECTION}/decide/", given)
    assert response.status_code == 409
    assert code in [reason.code for reason in response.context["reasons"]]
    assert not Fact.objects.filter(kind="plan_decided").exists()


def test_who_only_looks_decides_nothing(scene: Scene) -> None:
    officer = client_of("field_officer")
    stage = decidable_stage()
    given = decision(stage, work(stage).window.earliest_on)
    assert officer.post(f"/schedule/{CHUANYING_SECTION}/decide/", given).status_code == 403
    assert not Fact.objects.filter(kind="plan_decided").exists()


def test_a_baseline_is_set_and_drawn(leader: Client) -> None:
    given = {
        "baseline_on": TODAY.isoformat(), "happened_on": TODAY.isoformat(), "reason": "Adopted by the command post.",
        "evidence-minutes": minutes(),
    }
    ahead = leader.post(f"/schedule/{PART}/baseline/", {**given, "baseline_on": "2025-02-20"})
    assert [reason.code for reason in ahead.context["reasons"]] == ["schedule.baseline_ahead"]
    assert Refusal.objects.filter(subject=PART).exists()
    answer = leader.post(f"/schedule/{PART}/baseline/", {**given, "evidence-minutes": minutes()})
    assert answer.status_code == 302
    assert Fact.objects.get(kind="baseline_set").attributes["baseline_on"] == TODAY.isoformat()


def test_the_sheets_hold_the_plan(leader: Client) -> None:
    response = leader.get(f"/schedule/{PART}/sheet.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(response))).worksheets[0].values)
    assert rows[0][:4] == ("No.", "Project", "Section", "Step or work")
    view = leader.get(f"/schedule/{PART}/").context["view"]
    left = [one for one in view.plan.activities if one.kind != "track"]
    assert len(rows) == len(left) + 1
    assert [row[0] for row in rows[1:]] == list(range(1, len(left) + 1))
    pdf = leader.get(f"/schedule/{PART}/sheet.pdf?paper=A1")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert leader.get(f"/schedule/{PART}/sheet.doc").status_code == 404


def test_a_units_plan_is_compared_and_nothing_else_is_overwritten(leader: Client) -> None:
    exported = leader.get(f"/schedule/{PART}/plan.xml").content
    plan = read_mspdi(exported)
    view = leader.get(f"/schedule/{PART}/").context["view"]
    ids = {dict(task.custom).get(ID_FIELD) for task in plan.tasks} - {None}
    assert ids == {one.id for one in view.plan.activities}
    same = leader.post(f"/schedule/{PART}/exchange/", {"plan": SimpleUploadedFile("plan.xml", exported)})
    assert same.status_code == 200
    assert same.context["lines"] == []
    bad = leader.post(f"/schedule/{PART}/exchange/", {"plan": SimpleUploadedFile("plan.xml", b"<Project>")})
    assert bad.status_code == 409
    assert bad.context["reasons"]
    nothing = leader.post(f"/schedule/{PART}/exchange/", {})
    assert [reason.code for reason in nothing.context["reasons"]] == ["plan_file.none"]
    assert not Fact.objects.filter(kind="plan_decided").exists()


def test_chosen_starts_are_taken_over_all_or_none(leader: Client) -> None:
    stage = decidable_stage()
    start = work(stage).window.earliest_on
    good, bad = f"{CHUANYING_SECTION}|{stage}|{start}", f"{CHUANYING_SECTION}|{stage}|2025-02-01"
    given = {
        "happened_on": TODAY.isoformat(), "reason": "As the unit planned.", "accepts_late": "1", "start": [good, bad],
        "evidence-minutes": minutes(),
    }
    assert leader.post(f"/schedule/{PART}/exchange/take-over", given).status_code == 409
    assert not Fact.objects.filter(kind="plan_decided").exists()
    given |= {"start": [good], "evidence-minutes": minutes()}
    assert leader.post(f"/schedule/{PART}/exchange/take-over", given).status_code == 302
    assert Fact.objects.filter(kind="plan_decided").count() == 1
    assert leader.post(f"/schedule/{PART}/exchange/take-over", {**given, "start": []}).status_code == 409
