"""Home by lot: a seed committed to, the list closed, lots drawn and drawn again, a home chosen in order, the key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.factories import CHUANYING, NOW, TODAY, person_with, record
from tests.journeys.kit import sign_in
from tests.resettlement_scene import BUILDING, MOVED_ON, SITE, build_waiting, works_to
from zhengtu.core.kernel.draw import commitment_of
from zhengtu.core.resettlement.lot_replay import checks, read_document
from zhengtu.resettlement.models import HomeAssignment, LotDraw
from zhengtu.resettlement.queries import waiting

PAPER = {"name": "paper.txt", "mimeType": "text/plain", "buffer": "演示材料，内容虚构".encode()}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_lots_are_drawn_a_home_is_chosen_in_order_and_the_key_ends_the_subsidy(
    live_server: LiveServer, browser_page: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("zhengtu.web.shared.middleware.timezone.now", lambda: NOW)
    scene = build_waiting()
    works_to("accepted")
    codes = [one.code for one in scene.households[:3]]
    for code in codes:
        record(code, "vacated", MOVED_ON)
    page, address = browser_page, live_server.url
    page.on("dialog", lambda dialog: dialog.accept())

    # The seed is committed to before any list is closed; nobody reads it yet.
    sign_in(page, address, person_with("district_leader", CHUANYING), f"/resettlement/sites/{SITE}/")
    page.fill("#lots-title", "Homes of building 1 (demonstration)")
    page.get_by_role("button", name="Prepare the drawing").click()
    page.wait_for_url("**/resettlement/lots/*/")
    draw = LotDraw.objects.get()
    main = page.locator("main")
    expect(main).to_contain_text(draw.commitment)
    expect(page.locator("#households")).to_have_value("\n".join(sorted(codes)) + "\n")
    page.set_input_files("#announcement", PAPER)
    page.get_by_role("button", name="Close and publish the list").click()
    expect(page.locator(".message-success")).to_be_visible()
    expect(main).not_to_contain_text(draw.seed)

    # The seed is revealed with the order; the file draws again to the same order, without the database.
    page.get_by_role("button", name="Draw lots now").click()
    expect(main).to_contain_text(draw.seed)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the drawing").click()
    file = tmp_path / "lots.json"
    download.value.save_as(file)
    document = read_document(file.read_text(encoding="utf-8"))
    assert [check.agrees for check in checks(document)] == [True, True, True]
    assert commitment_of(document.seed) == draw.commitment
    expect(page.locator(".lot-order li")).to_have_text([f"{code} to choose" for code in document.order])

    # The second may not choose before the first; the first does.
    first, second = document.order[:2]
    for code, choice in ((second, 409), (first, 200)):
        page.goto(f"{address}/resettlement/register/{code}/")
        page.fill("#home", f"{BUILDING}-U0001")
        page.select_option("#by", "lot")
        page.set_input_files("#assign-paper", PAPER)
        with page.expect_response(lambda answer: answer.request.resource_type == "document") as answered:
            page.get_by_role("button", name="Assign", exact=True).click()
        if choice == 409:
            assert answered.value.status == choice
            expect(page.locator(".reason-list")).to_contain_text(f"{first} is the next to choose")
        else:
            expect(page.locator(".message-success")).to_be_visible()
    assert HomeAssignment.objects.get().household_id == first

    # Home and key are handed over: the family waits no more, and its subsidy has stopped.
    before = next(one for one in waiting(CHUANYING, on=TODAY) if one.household == first)
    assert before.months_late > 0
    sign_in(page, address, person_with("field_officer", CHUANYING), f"/resettlement/register/{first}/")
    page.fill("#handed_over_on", TODAY.isoformat())
    page.set_input_files("#housing_handover", PAPER)
    page.set_input_files("#key_note", PAPER)
    page.locator("form[action$='/hand_over/'] button").click()
    expect(page.get_by_role("heading", name="The family is home")).to_be_visible()
    assert first not in {one.household for one in waiting(CHUANYING, on=TODAY)}
    page.goto(f"{address}/resettlement/buildings/{BUILDING}/")
    expect(page.locator(".home.is-handed_over")).to_contain_text(first[7:])
    page.goto(f"{address}/resettlement/register/")
    expect(page.locator("tbody")).not_to_contain_text(first)
    page.goto(f"{address}/resettlement/subsidies/households/{first}/")
    expect(main).to_contain_text("Came home on")
    expect(main).to_contain_text("0.00 yuan a day")
