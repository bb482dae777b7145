"""An inspection on a telephone: found by position and photo, concluded, released by the mayor, objected to."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.factories import CHUANYING, NOW, TODAY, person_with
from tests.inspection_scene import drawn, sent_to, vacated_scene, visited
from zhengtu.accounts.models import Person
from zhengtu.inspection.models import Drawn, Objection

PASSWORD = "Kite-over-Songhua-71"
JPEG = b"\xff\xd8\xffa house with its number\xff\xd9"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def signed_in(page: Any, server: str, person: Person, path: str) -> None:
    """Sign in as somebody else and open the path."""
    person.set_password(PASSWORD)
    person.save()
    page.context.clear_cookies()
    page.goto(f"{server}{path}")
    page.fill("input[name=username]", person.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"**{path}")


def test_a_house_is_checked_on_a_telephone_and_the_district_objects_to_what_was_released(
    live_server: LiveServer, browser_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhengtu.web.shared.middleware.timezone.now", lambda: NOW)
    scene = vacated_scene()
    code, page = drawn(), browser_page
    mine = next(one.code for one in scene.households if one.code.startswith(CHUANYING))
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 126.5505, "latitude": 43.8403, "accuracy": 8})
    page.set_viewport_size({"width": 390, "height": 844})

    # From the list to the house: the answer, a photo, the position that the telephone tells.
    inspector = Person.objects.get(code=sent_to(code, mine).person)
    signed_in(page, live_server.url, inspector, "/inspections/on-site/")
    page.click(f"a[href$='/on-site/{mine}/']")
    expect(page.locator("[data-position]")).to_contain_text("43.84")
    page.locator("input[name=found][value=never_left]").check(force=True)
    page.set_input_files("input[name=photos]", {"name": "site.jpg", "mimeType": "image/jpeg", "buffer": JPEG})

    # Without a network nothing is lost; with it the check is recorded once.
    page.context.set_offline(True)
    page.click(".on-site-send")
    expect(page.locator("[data-said]")).to_contain_text("Not sent")
    page.context.set_offline(False)
    page.click(".on-site-send")
    page.wait_for_url("**/inspections/on-site/")
    row = Drawn.objects.get(inspection=code, household=mine)
    assert (row.found, row.is_false, row.found_by) == ("never_left", True, inspector)

    # The others are seen, both districts get their conclusion, and the mayor releases.
    visited(code)
    for place in sorted({one.household[:6] for one in Drawn.objects.filter(inspection=code)}):
        writer = Person.objects.get(code=sent_to(code, place).person)
        signed_in(page, live_server.url, writer, f"/inspections/{code}/conclude/{place}/")
        page.fill("textarea[name=text]", "One house was never left.")
        page.click("main form button:not([type=button])")
        page.wait_for_url(f"**/inspections/{code}/")
    signed_in(page, live_server.url, person_with("mayor"), f"/inspections/{code}/release/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Release").click()
    page.wait_for_url(f"**/inspections/{code}/")

    # The district reads its part alone and objects to the finding.
    signed_in(page, live_server.url, person_with("district_leader"), f"/inspections/{code}/")
    page.click(f"a[href$='/object/{CHUANYING}/']")
    page.check(f"input[name=households][value='{mine}']")
    page.fill("textarea[name=why]", "Movers were in the house that day.")
    page.set_input_files(
        "input[name=statement]", {"name": "statement.txt", "mimeType": "text/plain", "buffer": b"statement"}
    )
    page.click("main form button:not([type=button])")
    page.wait_for_url(f"**/inspections/{code}/")
    expect(page.locator("main")).to_contain_text("Movers were in the house that day.")
    objection = Objection.objects.get(conclusion__inspection=code)
    assert objection.conclusion.jurisdiction == CHUANYING
    assert objection.conclusion.inspection.released_on == TODAY
