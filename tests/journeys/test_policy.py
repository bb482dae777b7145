"""A coordinator tries another relocation fee on a project and sees who gains, with nothing real changed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.factories import PROJECT, announce, build_campaign, person_with, record
from zhengtu.casework.models import AdoptedPlan, PolicyTrial
from zhengtu.ledger.models import Fact

PASSWORD = "Kite-over-Songhua-71"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_policy_is_tried_and_its_charts_are_drawn(live_server: LiveServer, browser_page: Any) -> None:
    scene = build_campaign()
    announce()
    for household in scene.households[:3]:
        record(household.code, "valued", date(2025, 1, 12), {
            "value_yuan": "412000.00", "market_value_yuan": "400000.00", "value_on": "2025-01-08", "appraiser": "江城",
        })
    person = person_with("coordinator")
    person.set_password(PASSWORD)
    person.save()
    facts = Fact.objects.count()

    browser_page.goto(f"{live_server.url}/policy/trials/new/?subject={PROJECT}&tried_on=2025-02-14")
    browser_page.fill("input[name=username]", person.username)
    browser_page.fill("input[name=password]", PASSWORD)
    browser_page.press("input[name=password]", "Enter")
    browser_page.wait_for_selector("#title")
    browser_page.fill("#title", "Higher relocation fee")
    browser_page.click("summary:has-text('Relocation fee')")
    browser_page.fill("[id='state_land.relocation_fee.dwelling:per_household']", "3000")
    assert browser_page.locator(".value-fields.is-changed").count() == 1
    browser_page.click("text=Compute the trial")

    browser_page.wait_for_selector("[data-items-chart] svg")
    browser_page.wait_for_selector("[data-distribution-chart] svg")
    text = browser_page.inner_text("body")
    for part in ("Higher relocation fee", "A trial changes nothing", "+6,600.00", scene.households[0].code):
        assert part in text
    assert "3 households" in browser_page.text_content("[data-distribution-chart] svg")
    assert PolicyTrial.objects.get().changes[0]["value"]["per_household"] == "3000"
    assert (Fact.objects.count(), AdoptedPlan.objects.count()) == (facts, 0)
