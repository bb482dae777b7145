"""A district leader opens the chart, narrows it, drags a bar that may be decided, and records the decision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from tests.factories import CHUANYING, CHUANYING_SECTION, advance, announce, build_campaign, person_with
from zhengtu.ledger.models import Fact

PASSWORD = "Kite-over-Songhua-71"
PART = f"{CHUANYING}-P0001"
OF_BAR = """() => { const gantt = document.querySelector("[data-gantt]").gantt;
  const found = gantt.rows.find((row) => row.isDecidable); if (!found) return null;
  gantt.reveal(found); gantt.goTo(found.earlyStart - 5); const box = gantt.canvas.getBoundingClientRect();
  return { x: box.x + gantt.drawing.x(found.earlyStart) + 4, day: gantt.view.dayWidth,
    y: box.y + found.place * 26 + 64 - gantt.scroller.scrollTop + 12 }; }"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_bar_is_dragged_and_the_decision_recorded(
    live_server: LiveServer, browser_page: Any, tmp_path: Path
) -> None:
    scene = build_campaign()
    announce(CHUANYING)
    advance(scene.households[0], to="signed")
    leader = person_with("district_leader")
    leader.set_password(PASSWORD)
    leader.save()
    page = browser_page
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_server.url}/schedule/{PART}/")
    page.fill("input[name=username]", leader.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_selector("[data-gantt-chart][data-ready]")

    # The filter narrows at once and stands in the address.
    before = int(page.inner_text("[data-gantt-count]"))
    page.check("input[name=unfinished]")
    assert int(page.inner_text("[data-gantt-count]")) < before
    assert "unfinished=1" in page.url

    # A bar that a unit may decide is dragged by three days; the form has the day on which it was dropped.
    bar = page.evaluate(OF_BAR)
    assert bar, "no bar may be decided"
    page.wait_for_timeout(300)
    page.mouse.move(bar["x"], bar["y"])
    page.mouse.down()
    page.mouse.move(bar["x"] + 3 * bar["day"], bar["y"], steps=4)
    page.mouse.up()
    page.wait_for_url("**/decide/**")
    dropped = page.input_value("input[name=start_on]")
    assert f"start_on={dropped}" in page.url

    # With the reason and the minutes it is recorded.
    minutes = tmp_path / "minutes.txt"
    minutes.write_text("Minutes", encoding="utf-8")
    page.fill("textarea[name=reason]", "Two teams come free.")
    if page.locator("input[name=accepts_late]").count():
        page.check("input[name=accepts_late]")
    page.set_input_files("input[name=evidence-minutes]", str(minutes))
    page.click("main form button")
    page.wait_for_selector(".message-success")
    fact = Fact.objects.get(kind="plan_decided")
    assert (fact.subject, fact.attributes["start_on"]) == (CHUANYING_SECTION, dropped)
    assert fact.happened_on == timezone.localdate()
