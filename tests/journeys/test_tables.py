"""A coordinator narrows a table, keeps the view, takes it away as a workbook, and reads in the dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pytest_django.live_server_helper import LiveServer

from tests.factories import build_campaign, person_with

PASSWORD = "Kite-over-Songhua-71"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_view_is_narrowed_kept_and_taken_away(live_server: LiveServer, browser_page: Any, tmp_path: Path) -> None:
    build_campaign()
    for role in ("field_officer", "inspector"):
        person_with(role)
    coordinator = person_with("coordinator")
    coordinator.set_password(PASSWORD)
    coordinator.save()
    page = browser_page
    page.goto(f"{live_server.url}/organisation")
    page.fill("input[name=username]", coordinator.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/organisation")

    # A choice narrows at once; the view is kept under a name in this browser.
    page.select_option("select[name=role]", "inspector")
    page.wait_for_url("**role=inspector**")
    assert page.locator("tbody tr").count() == 1
    page.on("dialog", lambda dialog: dialog.accept("Inspectors"))
    page.click("text=Save this view")
    page.goto(f"{live_server.url}/organisation")
    page.click("[data-saved-views] >> text=Inspectors")
    page.wait_for_url("**role=inspector**")

    # The same row leaves as a workbook.
    with page.expect_download() as download:
        page.click("text=Excel")
    download.value.save_as(tmp_path / "people.xlsx")
    book = openpyxl.load_workbook(tmp_path / "people.xlsx")
    assert book.worksheets[0].max_row == 2
    assert "Inspector" in [cell.value for cell in book.worksheets[0][2]]

    # The theme is chosen once and kept.
    page.click("[data-theme-switch]")
    chosen = page.evaluate("document.documentElement.dataset.theme")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == chosen
    page.click(".whose-view summary")
    page.click("text=Sign out")
    page.wait_for_url("**/sign-in")
