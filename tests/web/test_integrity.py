"""Findings, twins and unit prices on screen: what each shows, what it hides, and that nothing personal leaves."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tests.apps.campaign.planted import Street, build_street
from tests.factories import CITY, NOW, TODAY, actor_with, person_with, record, signed_in_client
from zhengtu.accounts.sealing import unseal
from zhengtu.campaign.finding_actions import ask_unit
from zhengtu.campaign.finding_runs import run_now
from zhengtu.campaign.models import Finding, FindingRun, RunStage
from zhengtu.ledger.models import Deed

pytestmark = pytest.mark.django_db


@pytest.fixture
def street(settings: Any) -> Street:
    street = build_street()
    run_now(city=CITY, now=NOW)
    return street


@pytest.fixture
def inspector(street: Street) -> Client:
    return signed_in_client(person_with("inspector"))


def body(client: Client, name: str, *arguments: object, query: str = "") -> str:
    response = client.get(reverse(name, args=arguments) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_names_every_finding_in_a_sentence_and_what_is_looked_for(inspector: Client) -> None:
    page = body(inspector, "finding.list")
    assert "同一身份出现在1个项目的2份户档案中。" in page
    assert "没有任何在案事实可以说明" in page
    assert "限额之下3%" in page
    assert "检查内容（18项）" in page
    only = body(inspector, "finding.list", query="?detector=below_market")
    assert "低于类似房地产市场价格1.00元" in only
    assert "同一身份出现在1个项目" not in only


def test_the_workbook_holds_the_same_rows(inspector: Client) -> None:
    response = inspector.get(reverse("finding.list") + "?format=xlsx&state=new")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    rows = list(load_workbook(io.BytesIO(content)).worksheets[0].values)
    assert len(rows) - 1 == Finding.objects.filter(gone_on=None).count()


def test_a_finding_shows_its_rows_with_their_proof_and_nothing_personal(inspector: Client, street: Street) -> None:
    finding = Finding.objects.get(detector="split_payments")
    page = body(inspector, "finding.view", finding.pk)
    assert page.count("150,000.00") == 2
    assert reverse("household.view", args=[street.code(11)]) in page
    assert page.count("/deeds/") >= 3 or "220204-D" in page
    personal = unseal(street.homes[11].personal_sealed)
    for secret in (personal["name"], personal["identity_number"], personal["account"], personal["phone"]):
        assert secret not in page


def test_asking_answering_and_closing_on_screen(inspector: Client, street: Street) -> None:
    finding = Finding.objects.get(detector="late_reward")
    asked = inspector.post(reverse("finding.ask", args=[finding.pk]), {
        "unit": "220204", "text": "为何逾期仍计奖励", "due_on": "2099-12-31",
    })
    assert asked.status_code == 302
    leader = signed_in_client(person_with("district_leader"))
    assert "为何逾期仍计奖励" in body(leader, "finding.inbox")
    question = finding.questions.get()
    answered = leader.post(reverse("finding.answer", args=[question.pk]), {
        "text": "签约期限曾经公告延长",
        "evidence-other": SimpleUploadedFile("notice.txt", "延期公告".encode(), content_type="text/plain"),
    })
    assert answered.status_code == 302
    assert "签约期限曾经公告延长" in body(leader, "finding.answer", question.pk)
    page = body(inspector, "finding.view", finding.pk)
    assert "签约期限曾经公告延长" in page
    assert "notice.txt" in page
    closed = inspector.post(reverse("finding.close", args=[finding.pk]), {"outcome": "explained", "closing": "属实"})
    assert closed.status_code == 302
    assert "已说明，合法" in body(inspector, "finding.view", finding.pk)


def test_a_refused_answer_keeps_what_was_written(inspector: Client, street: Street) -> None:
    finding = Finding.objects.get(detector="late_reward")
    ask_unit(
        actor=actor_with("inspector"), finding=finding, unit="220204", text="请说明", due_on=date(2025, 2, 21), now=NOW
    )
    leader = signed_in_client(person_with("district_leader"))
    response = leader.post(reverse("finding.answer", args=[finding.questions.get().pk]), {"text": "原因如下"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "答复须附证据" in page
    assert "原因如下" in page


def test_the_search_is_queued_and_told(inspector: Client) -> None:
    assert inspector.post(reverse("finding.search"), {}).status_code == 302
    run = FindingRun.objects.latest("pk")
    assert run.stage == RunStage.QUEUED
    told = inspector.get(reverse("finding.progress", args=[run.pk])).json()
    assert told == {"label": "排队中", "percent": 0, "isMoving": True}
    assert "data-progress-href" in body(inspector, "finding.list")


def test_violations_are_listed_and_stay_off_the_inspected_dossier(inspector: Client, street: Street) -> None:
    record(street.code(1), "violation_found", TODAY, {"violation": "utilities_cut", "found": "停水两日"})
    deed = Deed.objects.filter(verb="violation.record").latest("recorded_at")
    assert "停水两日" in body(inspector, "violation.list")
    assert "停水两日" in body(inspector, "household.view", street.code(1))
    officer = signed_in_client(person_with("field_officer"))
    assert "停水两日" not in body(officer, "household.view", street.code(1))
    assert deed.pk not in body(officer, "ledger.view")
    assert officer.get(reverse("deed.view", args=[deed.pk])).status_code == 404
    family = signed_in_client(person_with("family", subject=street.code(1)))
    assert "停水两日" not in body(family, "household.view", street.code(1))


def test_twins_explain_to_the_fen(inspector: Client, street: Street) -> None:
    page = body(inspector, "household.twins", street.code(8))
    assert "没有在案事实可以说明" in page
    assert "对照户1" in page
    assert unseal(street.homes[8].personal_sealed)["name"] not in page


def test_unit_prices_name_the_odd_one_and_the_class(inspector: Client, street: Street) -> None:
    page = body(inspector, "project.prices", street.project.code)
    assert street.code(8) in page
    assert "price-classes" in page
    assert "住宅" in page


def test_english_pages_hold_no_chinese_sentences(inspector: Client, street: Street) -> None:
    inspector.post(reverse("language"), {"language": "en"})
    page = body(inspector, "finding.list")
    assert "One identity stands in 2 household files (projects: 1)." in page
    assert "同一身份" not in page
    assert "Named facts" in body(inspector, "household.twins", street.code(1)) or "explained by no fact" in body(
        inspector, "household.twins", street.code(1)
    )
