"""A field officer records a survey with its form in the dossier, and is refused a vacating with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.factories import CHUANYING, advance, announce, build_campaign, person_with
from zhengtu.ledger.models import Deed, Milestones, Refusal

PASSWORD = "Kite-over-Songhua-71"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_survey_is_recorded_with_its_form_and_vacating_is_refused(
    live_server: LiveServer, browser_page: Any, tmp_path: Path
) -> None:
    scene = build_campaign()
    announce(CHUANYING)
    household, other = scene.households[0], scene.households[3]
    advance(other, to="surveyed")
    officer = person_with("field_officer")
    officer.set_password(PASSWORD)
    officer.save()
    form = tmp_path / "survey form.pdf"
    form.write_bytes(b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n")

    browser_page.goto(f"{live_server.url}/households/{household.code}/")
    browser_page.fill("input[name=username]", officer.username)
    browser_page.fill("input[name=password]", PASSWORD)
    browser_page.click("main button, form.form button")
    browser_page.goto(f"{live_server.url}/households/{household.code}/")
    assert household.name_masked in browser_page.inner_text("h1")

    browser_page.click("#record >> text=Surveyed")
    browser_page.fill("#happened_on", "2025-02-13")
    browser_page.set_input_files("input[name=evidence-survey_form]", str(form))
    browser_page.click("#record form button")
    browser_page.wait_for_selector(".message-success")
    newest = browser_page.inner_text(".timeline > li:first-child")
    deed = Deed.objects.get(verb="fact.record", subject=household.code)
    for part in ("2025-02-13", "Surveyed", "survey form.pdf", deed.id, deed.evidence.get().file_id[:12]):
        assert part in newest

    # Vacating is not offered; whoever sends it all the same is told why not, on the same page.
    browser_page.click("text=Not possible now, and why")
    assert "Vacated" in browser_page.inner_text(".record-blocked")
    browser_page.goto(f"{live_server.url}/households/{household.code}/?record=surveyed")
    browser_page.evaluate(
        """() => {
          const form = document.createElement("form");
          form.method = "post";
          form.enctype = "multipart/form-data";
          form.append(document.querySelector("[name=csrfmiddlewaretoken]").cloneNode());
          for (const [name, value] of [["kind", "vacated"], ["happened_on", "2025-02-14"]]) {
            const field = Object.assign(document.createElement("input"), { name, value });
            form.append(field);
          }
          document.body.append(form);
          form.submit();
        }"""
    )
    browser_page.wait_for_selector("#record .reason-list")
    reasons = browser_page.inner_text("#record .reason-list")
    assert "needs “Compensation agreement signed or Compensation decision” first" in reasons
    assert "needs the household's compensation in place first" in reasons
    assert "art. 27(1)" in reasons
    assert Milestones.objects.get(subject=household.code).vacated_on is None
    assert Refusal.objects.filter(verb="fact.record", subject=household.code).exists()

    assert browser_page.goto(f"{live_server.url}/households/{other.code}/").status == 404
