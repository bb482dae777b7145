"""The funds pages: what they show, in both languages and for any date, and the forms from the browser."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from tests.factories import PROJECT, Scene, advance, build_campaign, person_with, record, signed_in_client
from zhengtu.ledger.models import Fact

ACCOUNT = "220204-P0001"
STATEMENT = (
    "日期,流水号,借方,贷方,余额\n2025-01-03,R1,,500000,500000\n2025-01-16,Z1,430000,,70000\n2025-01-20,J1,,3.00,70003\n"
)


@pytest.fixture
def scene(db: None) -> Scene:
    """500,000 came in; two agreements promise 860,000, of which 430,000 are paid."""
    scene = build_campaign()
    record(ACCOUNT, "funds_planned", date(2025, 1, 2), {
        "source": "client", "due_on": "2025-01-10", "amount_yuan": "900000.00", "plan_reference": "01",
    })
    record(ACCOUNT, "funds_arrived", date(2025, 1, 3), {
        "source": "client", "amount_yuan": "500000.00", "bank_reference": "R1",
    })
    advance(scene.households[0], to="paid", start_on=date(2025, 1, 10))
    advance(scene.households[1], to="signed", start_on=date(2025, 1, 20))
    return scene


def browser(role: str, *unit: str) -> Client:
    return signed_in_client(person_with(role, *unit))


def json_in(page: str, id: str) -> Any:
    found = re.search(rf'<script id="{id}" type="application/json">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


def test_the_wall_shows_each_figure_with_its_facts(scene: Scene) -> None:
    page = browser("mayor").get("/funds/").content.decode()
    assert "已到位 50.00 万元，协议和补偿决定应付 86.00 万元，自 2025-01-27 起缺 36.00 万元。" in page
    for figure, shown in (("planned", "90.00"), ("arrived", "50.00"), ("committed", "86.00"), ("paid", "43.00")):
        href = escape(f"/funds/facts/?figure={figure}&account={ACCOUNT}")
        assert f'<a href="{href}">{shown}</a>' in page
    flow = json_in(page, "flow")["wide"]
    of = {(link["source"], link["target"]): link["value"] for link in flow["links"]}
    assert of == {
        ("source.client", PROJECT): 50.0, ("gap", PROJECT): 36.0, (PROJECT, "paid"): 43.0, (PROJECT, "owed"): 43.0,
    }
    assert "10k yuan" not in page
    english = browser("inspector")
    english.cookies["django_language"] = "en"
    assert "36.00 10k yuan are missing since 2025-01-27" in english.get("/funds/").content.decode()


def test_filters_dates_and_clients(scene: Scene) -> None:
    mayor = browser("mayor")
    assert ACCOUNT in mayor.get("/funds/?lamp=red").content.decode()
    assert f"account={ACCOUNT}" not in mayor.get("/funds/?lamp=green").content.decode()
    assert f"account={ACCOUNT}" not in mayor.get("/funds/?source=bonds").content.decode()
    assert f"account={ACCOUNT}" in mayor.get("/funds/?source=client&district=220204").content.decode()
    assert "缺 36.00" not in mayor.get("/funds/?on=2025-01-26").content.decode()
    assert "铁投公司" in mayor.get("/funds/?by=client").content.decode()
    # What a narrowed figure links to are the facts of these accounts alone.
    assert escape(f"/funds/facts/?figure=paid&accounts={ACCOUNT}") in mayor.get("/funds/?lamp=red").content.decode()
    assert "-H00001" in mayor.get(f"/funds/facts/?figure=paid&accounts={ACCOUNT},x").content.decode()
    assert "-H00001" not in mayor.get("/funds/facts/?figure=paid&accounts=220202-P0001").content.decode()
    workbook = mayor.get("/funds/?format=xlsx")
    assert workbook.getvalue()[:2] == b"PK"  # type: ignore[attr-defined]


def test_the_account_page_abstains_with_too_little_and_keeps_dates(scene: Scene) -> None:
    client = browser("client")
    on_the_day = client.get(f"/funds/{ACCOUNT}/?on=2025-02-14").content.decode()
    assert "数据不足：近期支付 1 笔，至少需要 10 笔。" in on_the_day
    page = client.get(f"/funds/{ACCOUNT}/").content.decode()
    assert "已签约未支付的 43.00 万元" in page
    assert "编制资金计划" in page
    assert [line["values"][-1] for line in json_in(page, "curve")["lines"]] == [90.0, 50.0, 86.0, 43.0]
    past = browser("mayor").get(f"/funds/{ACCOUNT}/?on=2025-01-05").content.decode()
    assert "编制资金计划</a>" not in past
    assert "50.00" in past


def test_cockpit_and_project_show_the_red_item_to_those_in_scope(scene: Scene) -> None:
    sentence = "应付 86.00 万元"
    assert sentence in browser("mayor").get("/cockpit/").content.decode()
    assert sentence in browser("client").get(f"/projects/{PROJECT}/").content.decode()
    assert sentence in browser("district_leader").get("/cockpit/").content.decode()
    assert sentence not in browser("district_leader", "220202").get("/cockpit/").content.decode()
    assert sentence not in browser("field_officer").get("/cockpit/").content.decode()


def test_plan_and_arrival_from_the_browser(scene: Scene) -> None:
    client = browser("client")
    assert 'value="900000.00"' in client.get(f"/funds/{ACCOUNT}/plan/?line=01").content.decode()
    answer = client.post(f"/funds/{ACCOUNT}/plan/", {
        "happened_on": "2025-02-01", "attribute-plan_reference": "01", "attribute-source": "client",
        "attribute-due_on": "2025-03-01", "attribute-amount_yuan": "800000",
        "evidence-funds_plan": io.BytesIO(b"%PDF-1.4 plan %%EOF"),
    })
    assert answer.status_code == 409  # the file has no name that says what it is
    for name, kind, given in (
        ("plan", "funds_plan", {"attribute-plan_reference": "01", "attribute-due_on": "2025-03-01"}),
        ("arrival", "bank_receipt", {"attribute-bank_reference": "R2"}),
    ):
        answer = client.post(f"/funds/{ACCOUNT}/{name}/", {
            "happened_on": "2025-02-01", "attribute-source": "client", "attribute-amount_yuan": "360000",
            f"evidence-{kind}": SimpleUploadedFile("paper.txt", "证明".encode()), **given,
        })
        assert answer.status_code == 302
    assert Fact.objects.filter(kind="funds_arrived").count() == 2
    assert "缺 " not in client.get(f"/funds/{ACCOUNT}/").content.decode()


def test_statement_from_the_browser(scene: Scene) -> None:
    client = browser("client")
    file = SimpleUploadedFile("对账单.csv", STATEMENT.encode())
    answer = client.post(f"/funds/{ACCOUNT}/statement/", {"file": file}, follow=True)
    page = answer.content.decode()
    assert "新导入 3 笔。" in page
    assert "对账单有、台账无" in page
    item = re.search(r'name="item" value="([^"]+)"', page)
    assert item
    again = client.post(f"/funds/{ACCOUNT}/statement/", {
        "file": SimpleUploadedFile("对账单.csv", STATEMENT.encode()),
    }, follow=True)
    assert "各笔均已导入过，没有变化。" in again.content.decode()
    answer = client.post(f"/funds/{ACCOUNT}/explain/", {"item": item[1], "reason": "季度结息"}, follow=True)
    assert "季度结息" in answer.content.decode()
    broken = STATEMENT.replace("70003", "80003")
    answer = client.post(f"/funds/{ACCOUNT}/statement/", {"file": SimpleUploadedFile("坏.csv", broken.encode())})
    assert answer.status_code == 409
    place, what = "坏.csv，工作表 CSV，第 4 行“余额”", "余额 80,003.00 与上一笔不衔接，应为 70,003.00。"
    assert f"{place}：{what}" in answer.content.decode()
    # Who only looks sees the difference and its reason, and no form.
    seen = browser("auditor").get(f"/funds/{ACCOUNT}/").content.decode()
    assert "季度结息" in seen
    assert 'name="reason"' not in seen


def test_papers_of_an_account_open_to_those_who_see_funds_alone(scene: Scene) -> None:
    """A bank statement names payees and their accounts."""
    browser("client").post(f"/funds/{ACCOUNT}/statement/", {
        "file": SimpleUploadedFile("对账单.csv", STATEMENT.encode()),
    })
    deed = Fact.objects.get(kind="bank_statement_imported").deed
    file = deed.evidence.get().file_id
    for role, status in (("mayor", 200), ("client", 200), ("district_leader", 200), ("field_officer", 404)):
        browser_of_role = browser(role)
        assert browser_of_role.get(reverse("deed.view", args=[deed.pk])).status_code == status
        if role != "mayor":
            assert browser_of_role.get(reverse("evidence.view", args=[file])).status_code == status
