"""A bulletin in the browser: begun, written beside, submitted by one, released by another, taken away as a file."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.factories import CHANGYI, CHUANYING, CITY, NOW, advance, announce, build_campaign, person_with
from zhengtu.accounts.models import Person
from zhengtu.campaign.city_plans import compute_city_plans
from zhengtu.publication.models import Bulletin, BulletinStage

PASSWORD = "Kite-over-Songhua-71"
REMARK = "Every household has one officer who answers for it."

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def signed_in(role: str, page: Any, server: str, path: str) -> Person:
    person = person_with(role)
    person.set_password(PASSWORD)
    person.save()
    page.context.clear_cookies()
    page.goto(f"{server}{path}")
    page.fill("input[name=username]", person.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"**{path}")
    return person


def test_a_bulletin_goes_from_draft_to_release_and_is_taken_away(
    live_server: LiveServer, browser_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhengtu.web.shared.middleware.timezone.now", lambda: NOW)
    scene = build_campaign()
    announce()
    advance(scene.households[0], to="signed", start_on=date(2025, 1, 28))
    for day in (date(2025, 2, 9), date(2025, 2, 2)):
        compute_city_plans(CITY, on=day, known=day, now=NOW)
    page, server = browser_page, live_server.url

    # The officer begins the bulletin of the last whole week, which the form proposes.
    signed_in("coordinator", page, server, "/bulletins/new/")
    assert page.input_value("input[name=from_on]") == "2025-02-03"
    page.click("main form button")
    page.wait_for_selector("#remark-practices")
    code = Bulletin.objects.get().code
    page.fill("#remark-practices", REMARK)
    # Of the districts only the one concerned reads it; one box clears and sets them all.
    districts = page.locator(".bulletin-addressees fieldset", has_text="District").first
    districts.locator("[data-all]").uncheck()
    assert districts.locator("[data-count]").inner_text().startswith("0 /")
    page.check(f"input[name=addressees][value='{CHUANYING}']")
    page.click("button[form=remarks]")
    page.wait_for_selector("text=Text and addressees are kept.")
    kept = Bulletin.objects.get().addressees
    assert CHUANYING in kept
    assert CHANGYI not in kept
    page.click("text=Submit for release")
    page.wait_for_selector("text=The bulletin is submitted.")
    assert page.locator("text=Check and release").count() == 0

    # Another returns it with a reason; it is submitted again and released.
    signed_in("vice_mayor", page, server, f"/bulletins/{code}/")
    assert REMARK in page.inner_text("main")
    page.fill("#return-reason", "Name the district.")
    page.click("text=Return with the reason")
    page.wait_for_selector("text=The bulletin is returned.")
    signed_in("coordinator", page, server, f"/bulletins/{code}/")
    assert "Name the district." in page.inner_text("main")
    page.click("text=Submit for release")
    page.wait_for_selector("text=The bulletin is submitted.")
    signed_in("vice_mayor", page, server, f"/bulletins/{code}/")
    page.click("text=Check and release")
    page.wait_for_selector("text=The bulletin is released.")

    # A district reads it on a phone; the file it takes away is the one whose hash the page shows.
    page.set_viewport_size({"width": 390, "height": 844})
    signed_in("district_leader", page, server, f"/bulletins/{code}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    row = Bulletin.objects.get(pk=code)
    assert (row.stage, row.number) == (BulletinStage.RELEASED, "调度通报〔2025〕第1期")
    with page.expect_download() as taken:
        page.click("main a:text-is('PDF'), header a:text-is('PDF')")
    content = Path(taken.value.path()).read_bytes()
    assert sha256(content).hexdigest() == row.pdf_id
    assert row.pdf_id in page.inner_text("main")
