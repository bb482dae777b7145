"""A review held in the room by keyboard: two pages, one of the chair and one of the clerk, a decision, the minutes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.factories import NOW, announce, build_campaign, person_with, record
from tests.journeys.kit import enter_room, sign_in
from tests.review_scene import begun
from zhengtu.directives.models import Directive
from zhengtu.reviews.models import Review, ReviewStage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_review_is_held_by_keyboard_and_the_other_page_follows(
    live_server: LiveServer, browser_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhengtu.web.shared.middleware.timezone.now", lambda: NOW)
    scene = build_campaign()
    announce()
    record(scene.chuanying.code, "matter_opened", NOW.date(), {"matter": "Title unclear", "responsible": "船营区"})
    code = begun()
    page, path = browser_page, f"/reviews/{code}/room/"
    page.set_viewport_size({"width": 1920, "height": 1080})
    sign_in(page, live_server.url, person_with("coordinator"), path)
    enter_room(page)
    wall = page.context.new_page()
    wall.goto(f"{live_server.url}{path}")
    enter_room(wall)
    assert wall.inner_text("[data-room-now]") == "0"

    # The arrow leads to the first matter; the wall of the room follows without being touched.
    page.keyboard.press("ArrowRight")
    assert page.inner_text("[data-room-now]") == "1"
    page.wait_for_selector("[data-matter='1']:visible .room-chart svg")
    expect(wall.locator("[data-room-now]")).to_have_text("1", timeout=8_000)

    # D opens the decision: what, who, by when; half written, it survives a reload on the same matter.
    page.keyboard.press("d")
    page.keyboard.type("Sign the last household")
    page.reload()
    enter_room(page)
    assert page.inner_text("[data-room-now]") == "1"
    section = page.locator("[data-matter='1']")
    assert section.locator("textarea[name=matter]").input_value() == "Sign the last household"
    page.keyboard.press("d")
    section.locator("[data-day]").nth(1).click()
    section.locator("textarea[name=matter]").focus()
    page.keyboard.press("Control+Enter")
    section.locator(".room-decisions").wait_for()
    assert section.locator("textarea[name=matter]").input_value() == ""
    wall.locator("[data-matter='1'] .room-decisions").wait_for(timeout=8_000)
    assert "Sign the last household" in wall.inner_text("[data-matter='1'] .room-decisions")

    # What cannot stand is said, and what was written stays.
    page.keyboard.press("d")
    page.keyboard.type("x")
    section.locator("input[name=due_on]").evaluate("field => { field.min = ''; field.value = '2024-01-01'; }")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-room-message]:visible")
    assert section.locator("textarea[name=matter]").input_value() == "x"

    # N takes a note; the wall is not turned while the clerk writes, and goes on by its own keys.
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("The district reported.")
    wall.keyboard.press("a")
    page.wait_for_timeout(2_600)
    assert page.inner_text("[data-room-now]") == "1"
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-room-now]")).to_have_text("0", timeout=8_000)
    page.wait_for_timeout(300)
    row = Review.objects.get(pk=code).matters.get(ordinal=1)
    assert (row.note, len(row.decisions)) == ("The district reported.", 1)

    # Closed, the room turns into the review's own page and the decision is a directive with a number.
    page.goto(f"{live_server.url}/reviews/{code}/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click(f"form[action$='/reviews/{code}/close/'] button")
    page.wait_for_url("**/minutes/")
    directive = Directive.objects.get(review=code)
    assert page.locator(f"a[href='/directives/{directive.code}/']").count() == 1
    assert Review.objects.get(pk=code).stage == ReviewStage.HELD
    wall.wait_for_url(f"**/reviews/{code}/", timeout=8_000)


def test_an_arrow_pressed_before_the_room_hears_is_not_lost(
    live_server: LiveServer, browser_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The script comes late, as over a slow line; what was pressed meanwhile happens once it is there."""
    monkeypatch.setattr("zhengtu.web.shared.middleware.timezone.now", lambda: NOW)
    scene = build_campaign()
    announce()
    record(scene.chuanying.code, "matter_opened", NOW.date(), {"matter": "Title unclear", "responsible": "船营区"})
    page, path = browser_page, f"/reviews/{begun()}/room/"
    sign_in(page, live_server.url, person_with("coordinator"))
    held = []
    page.route("**/js/room.*js", lambda route: held.append(route))
    with page.expect_request("**/js/room.*js"):
        page.goto(f"{live_server.url}{path}", wait_until="commit")
    page.wait_for_selector("[data-room]")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("[data-room-now]") == "0"
    held[0].continue_()
    enter_room(page)
    assert page.inner_text("[data-room-now]") == "1"
