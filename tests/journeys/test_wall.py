"""A district leader opens the wall with real tiles, goes back in time and clicks a parcel to its dossier."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.factories import CHUANYING, CHUANYING_SECTION, NOW, advance, build_campaign, person_with
from zhengtu.registry.tiles import build_jurisdiction
from zhengtu.web.shared.palette import STATE_COLOURS

PASSWORD = "Kite-over-Songhua-71"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PARCEL = f"{CHUANYING_SECTION}-L00001"
IDLE = """() => { const map = globalThis.zhengtuWall?.wall.map;
  return Boolean(map?.loaded() && map.areTilesLoaded() && document.getElementById("notice").hidden); }"""
PARCEL_IN_MAP = """(code) => { const map = zhengtuWall.wall.map, canvas = map.getCanvas().getBoundingClientRect();
  const { level, number } = zhengtuWall.campaign.placeOf(code);
  const found = map.queryRenderedFeatures().find((one) => one.sourceLayer === level && one.id === number);
  if (!found) return null;
  const ring = found.geometry.coordinates[0], middle = [0, 1].map((axis) => (ring[0][axis] + ring[2][axis]) / 2);
  const { x, y } = map.project(middle);
  return { x: canvas.x + x, y: canvas.y + y, state: found.state.s }; }"""


def wait_for(page: Any, expression: str, argument: Any = None) -> Any:
    """Ask until the page says yes; its content policy allows no waiting inside the page itself."""
    for _ in range(300):
        found = page.evaluate(expression, argument)
        if found:
            return found
        page.wait_for_timeout(100)
    pytest.fail(f"the page never got there: {expression[:80]}")


def test_the_wall_shows_any_day_and_leads_to_the_dossier(live_server: LiveServer, browser_page: Any) -> None:
    scene = build_campaign()
    advance(scene.households[0], to="signed", start_on=date(2025, 1, 10))
    build_jurisdiction(CHUANYING, at=NOW)
    leader = person_with("district_leader")
    leader.set_password(PASSWORD)
    leader.save()
    errors: list[str] = []
    browser_page.on("pageerror", lambda error: errors.append(str(error)))
    outside: list[str] = []
    browser_page.on(
        "request", lambda request: None if request.url.startswith((live_server.url, "blob:", "data:"))
        else outside.append(request.url),
    )

    browser_page.goto(f"{live_server.url}/wall/")
    browser_page.fill("input[name=username]", leader.username)
    browser_page.fill("input[name=password]", PASSWORD)
    browser_page.click("main button, form.form button")
    browser_page.goto(f"{live_server.url}/wall/?on=2025-01-14&at=17/43.8412/126.5512")
    wait_for(browser_page, IDLE)

    # The legend counts what the ledger says, and the parcel carries its state's rank.
    settled = list(STATE_COLOURS).index("settled")
    row = browser_page.locator(f".legend tr[data-rank='{settled}']")
    assert row.locator("[data-level=household]").inner_text() == "1"
    place = wait_for(browser_page, PARCEL_IN_MAP, PARCEL)
    assert place["state"] == settled

    # One day earlier it was only valued; the date is in the address, to be sent to a colleague.
    browser_page.click("#back")
    wait_for(browser_page, "() => location.search.includes('on=2025-01-13')")
    wait_for(browser_page, IDLE)
    assert row.locator("[data-level=household]").inner_text() == "–"
    assert browser_page.evaluate(PARCEL_IN_MAP, PARCEL)["state"] == list(STATE_COLOURS).index("valued")

    # The slider moves by keyboard too.
    browser_page.focus("#slider")
    browser_page.keyboard.press("ArrowRight")
    wait_for(browser_page, "() => location.search.includes('on=2025-01-14')")

    browser_page.mouse.click(place["x"], place["y"])
    browser_page.wait_for_selector("#card:not([hidden])")
    card = browser_page.inner_text("#card")
    assert PARCEL in card or f"{CHUANYING_SECTION}-B00001" in card
    assert "Signed or decided" in card
    assert browser_page.locator(f"#card a[href^='/households/{scene.households[0].code}']").count() == 1

    # What the filter leaves out is still there, but pale; the address holds the filter.
    browser_page.check(".legend input[value=surveyed]")
    wait_for(browser_page, "() => location.search.includes('state=surveyed')")
    wait_for(browser_page, IDLE)
    assert browser_page.evaluate(PARCEL_IN_MAP, PARCEL)["state"] == -1
    assert not errors
    assert not outside
