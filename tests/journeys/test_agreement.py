"""An officer drafts an agreement, the leader checks it, the officer signs it with the scan, all in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.compensation_scene import build_compensation_scene
from tests.factories import person_with
from zhengtu.casework.models import Agreement
from zhengtu.ledger.models import Fact

PASSWORD = "Kite-over-Songhua-71"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_agreement_is_drafted_checked_by_another_and_signed(
    live_server: LiveServer, browser_page: Any, tmp_path: Path
) -> None:
    household = build_compensation_scene().households[0]
    officer, leader = person_with("field_officer"), person_with("district_leader")
    for person in (officer, leader):
        person.set_password(PASSWORD)
        person.save()
    scan = tmp_path / "agreement.pdf"
    scan.write_bytes(b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n")

    def sign_in(username: str, path: str) -> None:
        browser_page.context.clear_cookies()
        browser_page.goto(f"{live_server.url}{path}")
        browser_page.fill("input[name=username]", username)
        browser_page.fill("input[name=password]", PASSWORD)
        browser_page.click("main button, form.form button")
        browser_page.goto(f"{live_server.url}{path}")

    sign_in(officer.username, f"/households/{household.code}/")
    browser_page.click("#compensation >> text=Statement line by line")
    assert "412,000.00" in browser_page.inner_text(".statement")
    browser_page.goto(f"{live_server.url}/households/{household.code}/")
    browser_page.click("#record >> text=Signed")
    for field, day in (("sign_on", "2025-02-14"), ("pay_by", "2025-02-26"), ("move_out_by", "2025-02-25")):
        browser_page.fill(f"#{field}", day)
    browser_page.click("text=Compute and draft")
    browser_page.wait_for_selector(".reason-list")
    assert "compensation comes first" in browser_page.inner_text(".reason-list")
    browser_page.fill("#pay_by", "2025-02-20")
    browser_page.click("text=Compute and draft")
    browser_page.wait_for_selector(".message-success")
    page = browser_page.url.removeprefix(live_server.url)

    sign_in(leader.username, page)
    browser_page.click("text=Compute again and check")
    browser_page.wait_for_selector(".message-success")

    sign_in(officer.username, page)
    browser_page.fill("#happened_on", "2025-02-14")
    browser_page.set_input_files("#evidence-agreement", str(scan))
    browser_page.click("text=Record the signing")
    browser_page.wait_for_selector(".message-success")
    assert browser_page.locator(".life .is-done").count() == 3
    agreement = Agreement.objects.get()
    assert Fact.objects.get(kind="signed").attributes["agreement_number"] == agreement.number
