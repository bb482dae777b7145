"""Pages of directives: what they show to whom, which deeds they offer, and what they refuse in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import (
    CHUANYING,
    CHUANYING_SECTION,
    CITY,
    NOW,
    PROJECT,
    TODAY,
    TRANSPORT_BUREAU,
    actor_with,
    advance,
    build_campaign,
    person_with,
    signed_in_client,
)
from zhengtu.core.directives.draft import DirectiveDraft, DraftDue
from zhengtu.directives import actions

pytestmark = pytest.mark.django_db
CODE = f"{CITY}-D0001"
MATTER = "完成西环线剩余征收签约"
DUE = date(2025, 3, 14)


@pytest.fixture(autouse=True)
def morning_of_the_tests() -> Iterator[None]:
    """Pages are asked on 2025-02-14."""
    with patch("django.utils.timezone.now", return_value=NOW):
        yield


def set_one(**fields: Any) -> str:
    """A directive that the coordinator gives to 船营区, due in four weeks."""
    draft = DirectiveDraft(**{
        "lead": CHUANYING, "matter": MATTER, "due": DraftDue("date", DUE, "", "3月14日前"), "projects": (PROJECT,),
        **fields,
    })
    return actions.set_directives(actor=actor_with("coordinator"), drafts=[draft], now=NOW)[0]


def client_of(role: str) -> Client:
    return signed_in_client(person_with(role), HTTP_ACCEPT_LANGUAGE="en")


def shown(client: Client, name: str, *arguments: object, **query: object) -> str:
    response = client.get(reverse(name, args=arguments), query)
    assert response.status_code == 200
    return response.content.decode()


def do(client: Client, deed: str, code: str = CODE, **form: Any) -> Any:
    return client.post(reverse(f"directive.{deed}", args=[code]), form)


def report_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("办理情况报告.pdf", b"%PDF-1.7\n%%EOF\n", content_type="application/pdf")


def offered(page: str) -> Sequence[str]:
    return [part.split('"')[0] for part in page.split('id="deed-')[1:]]


def test_the_page_says_what_who_and_until_when() -> None:
    build_campaign()
    set_one(joint=(TRANSPORT_BUREAU,))
    page = shown(client_of("mayor"), "directive.view", CODE)
    for part in (MATTER, "Chuanying District", "Transport Bureau", "2025-03-14", "3月14日前", "督办〔2025〕1号"):
        assert part in page


def test_each_reader_is_offered_only_the_deeds_of_their_own_unit() -> None:
    build_campaign()
    set_one()
    assert offered(shown(client_of("district_leader"), "directive.view", CODE)) == ["receive", "object"]
    assert offered(shown(client_of("coordinator"), "directive.view", CODE)) == ["reassign", "chase", "cancel"]
    assert offered(shown(client_of("auditor"), "directive.view", CODE)) == []
    assert offered(shown(client_of("field_officer"), "directive.view", CODE)) == []


def test_a_past_date_shows_what_was_and_offers_nothing() -> None:
    build_campaign()
    set_one()
    past = (TODAY - timedelta(days=1)).isoformat()
    assert client_of("coordinator").get(reverse("directive.view", args=[CODE]), {"on": past}).status_code == 404
    page = shown(client_of("coordinator"), "directive.view", CODE, known=TODAY.isoformat())
    assert MATTER in page


def test_from_receipt_to_closing_by_forms_alone() -> None:
    build_campaign()
    set_one()
    leader, coordinator = client_of("district_leader"), client_of("coordinator")
    assert do(leader, "receive", officer="赵区长").status_code == 302
    assert "赵区长" in shown(leader, "directive.view", CODE)
    answer = {"text": "已全部签约", "is_final": "final"}
    assert do(leader, "report", **answer, **{"evidence-directive_report": report_file()}).status_code == 302
    assert do(coordinator, "return", reason="缺协议清单", due_on="2025-02-20").status_code == 302
    page = shown(leader, "directive.view", CODE)
    assert "缺协议清单" in page
    assert "report" in offered(page)
    assert do(leader, "report", **answer, **{"evidence-directive_report": report_file()}).status_code == 302
    assert do(coordinator, "verify", finding="资料齐全").status_code == 302
    assert do(coordinator, "close", conclusion="同意办结").status_code == 302
    page = shown(leader, "directive.view", CODE)
    assert "Nothing more; the matter is over." in page
    assert offered(page) == []
    assert "Directive closed" in page


def test_joint_answers_stand_beside_the_lead_s_and_a_joint_objection_is_decided_by_form() -> None:
    build_campaign()
    set_one(joint=(TRANSPORT_BUREAU,))
    leader, bureau, coordinator = client_of("district_leader"), client_of("department"), client_of("coordinator")
    assert offered(shown(bureau, "directive.view", CODE)) == ["receive", "object"]
    assert do(bureau, "object", reason="与本局无关").status_code == 302
    assert "objects; waits for a decision" in shown(leader, "directive.view", CODE)
    assert "Objected to: to be decided" in shown(coordinator, "directive.desk"), "though the lead goes on"
    page = shown(coordinator, "directive.view", CODE)
    assert offered(page) == ["reassign", "release", "decline_objection", "chase", "cancel"]
    assert do(coordinator, "decline_objection", unit=CHUANYING, reason="仍须配合").status_code == 409
    assert do(coordinator, "decline_objection", unit=TRANSPORT_BUREAU, reason="仍须配合").status_code == 302
    for client, text in ((leader, "已签约三户"), (bureau, "已移交线位资料")):
        assert do(client, "receive", officer="某主任").status_code == 302
        given = {"text": text, "is_final": "final", "evidence-directive_report": report_file()}
        assert do(client, "report", **given).status_code == 302
    answers = shown(coordinator, "directive.view", CODE).split('id="answers"')[1].split("</section>")[0]
    assert answers.index("Chuanying District") < answers.index("已签约三户") < answers.index("Transport Bureau")
    assert "已移交线位资料" in answers


def test_one_unit_alone_has_no_table_of_answers() -> None:
    build_campaign()
    set_one()
    assert 'id="answers"' not in shown(client_of("coordinator"), "directive.view", CODE)


def test_a_refusal_stands_in_the_form_with_what_was_written() -> None:
    build_campaign()
    set_one()
    response = do(client_of("district_leader"), "report", text="没有附件", is_final="final")
    assert response.status_code == 409
    page = response.content.decode()
    form = page.split('id="deed-report"')[1].split("</details>")[0]
    assert "Receive it first." in form
    assert "没有附件" in form


def test_a_report_without_its_paper_is_refused() -> None:
    build_campaign()
    set_one()
    leader = client_of("district_leader")
    do(leader, "receive", officer="赵区长")
    response = do(leader, "report", text="已签约", is_final="final")
    assert response.status_code == 409
    assert "Report on a directive" in response.content.decode()


def test_a_deed_of_another_unit_is_closed_and_a_directive_out_of_reach_does_not_exist() -> None:
    build_campaign()
    set_one()
    assert do(client_of("auditor"), "close", conclusion="x").status_code == 403
    assert do(client_of("district_leader"), "verify", finding="x").status_code == 403
    assert do(client_of("client"), "receive", officer="x").status_code == 404
    assert client_of("department").get(reverse("directive.view", args=[CODE])).status_code == 404


def test_papers_open_for_whoever_sees_the_directive_and_for_nobody_else() -> None:
    build_campaign()
    set_one(joint=(TRANSPORT_BUREAU,))
    leader = client_of("district_leader")
    do(leader, "receive", officer="赵区长")
    do(leader, "report", text="进展", is_final="interim", **{"evidence-directive_report": report_file()})
    page = shown(client_of("department"), "directive.view", CODE)
    href = page.split(f'href="/directives/{CODE}/evidence/')[1].split('"')[0]
    address = f"/directives/{CODE}/evidence/{href}"
    response = client_of("department").get(address)
    assert response.status_code == 200
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert "attachment" in response["Content-Disposition"]
    assert client_of("client").get(address).status_code == 404


def test_progress_is_the_ledger_s_and_leads_to_its_rows() -> None:
    scene = build_campaign()
    set_one(goal="signed")
    page = shown(client_of("coordinator"), "directive.view", CODE)
    assert "What the ledger says" in page
    before = page.split('class="ledger-progress"')[1].split("</p>")[0]
    assert ">0<" in before.replace(" ", "")
    assert ">3<" in before.replace(" ", "")
    advance(scene.households[0], to="signed")
    page = shown(client_of("coordinator"), "directive.view", CODE)
    assert ">1<" in page.split('class="ledger-progress"')[1].split("</p>")[0].replace(" ", "")


def test_the_desk_puts_first_what_waits_for_the_unit_and_its_figures_lead_to_as_many_rows() -> None:
    build_campaign()
    set_one()
    set_one(lead=TRANSPORT_BUREAU, matter="协调路线")
    page = shown(client_of("district_leader"), "directive.desk")
    assert "To be received" in page
    assert MATTER in page
    assert "协调路线" not in page
    coordinator = client_of("coordinator")
    desk = shown(coordinator, "directive.desk")
    cards = desk.split('class="figure-card"')[1:]
    assert len(cards) == 5
    for card in cards:
        href = card.split('href="')[1].split('"')[0].replace("&amp;", "&")
        count = card.split('class="value">')[1].split("<")[0]
        rows = coordinator.get(href).content.decode()
        assert f"{count} row" in rows, href


def test_what_only_others_of_the_unit_may_do_lies_on_no_desk_of_one_s_own() -> None:
    build_campaign()
    set_one()
    assert "To be received" in shown(client_of("district_leader"), "directive.desk")
    officer = client_of("field_officer")
    assert "To be received" not in shown(officer, "directive.desk").split("<main")[1]
    assert MATTER in shown(officer, "directive.list")
    assert MATTER not in shown(officer, "directive.list", pile="receive")


def test_the_list_narrows_by_unit_state_and_text() -> None:
    build_campaign()
    set_one()
    set_one(lead=TRANSPORT_BUREAU, matter="协调路线")
    coordinator = client_of("coordinator")
    assert "2 rows" in shown(coordinator, "directive.list")
    for query in ({"unit": CHUANYING}, {"text": "西环"}, {"waits": CHUANYING}, {"project": PROJECT, "unit": CHUANYING}):
        page = shown(coordinator, "directive.list", **query)
        assert "1 row" in page
        assert MATTER in page
    assert "No row passes these filters." in shown(coordinator, "directive.list", state="closed")
    workbook = coordinator.get(reverse("directive.list"), {"format": "xlsx"})
    assert workbook["Content-Type"].endswith("sheet")


def test_a_project_and_a_section_show_the_directives_about_them() -> None:
    build_campaign()
    set_one()
    for name, code in (("project.view", PROJECT), ("section.view", CHUANYING_SECTION)):
        assert "督办〔2025〕1号" in shown(client_of("mayor"), name, code)
    assert "督办〔2025〕1号" not in shown(client_of("department"), "project.view", PROJECT)


def test_an_occurrence_is_reported_on_its_own_page() -> None:
    build_campaign()
    set_one(due=DraftDue("recurring", None, "FREQ=DAILY", "每天"), projects=())
    leader = client_of("district_leader")
    do(leader, "receive", officer="赵区长")
    page = shown(leader, "directive.view", CODE)
    assert "Occurrences" in page
    assert "every day" in page
    occurrence = page.split(f'href="/directives/{CODE}-')[1].split("/")[0]
    own = shown(leader, "directive.view", f"{CODE}-{occurrence}")
    assert offered(own) == ["report", "ask_extension"]
    assert "督办〔2025〕1号" in own
