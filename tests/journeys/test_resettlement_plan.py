"""From options to a plan that is followed: computed, a point chosen, drafted, approved by another, filed, directed."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from tests.factories import RAILWAY_INVESTMENT, TODAY, Scene, person_with, record
from tests.journeys.kit import sign_in
from tests.options_scene import homes_on_offer
from tests.resettlement_scene import build_waiting
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.directives.models import Directive
from zhengtu.resettlement.models import OptionsRun, PlanFiling
from zhengtu.resettlement.options_runs import carry_out_options_run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LABELS = """frame => [...frame.querySelectorAll("svg text")]
  .filter((text) => /^[0-9]$|First come/.test(text.textContent))
  .map((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    return { text: text.textContent, left, right, top, bottom };
  })"""
OFFSETS = """async ({ module, marks, line, box }) => (await import(module)).labelOffsets(marks, line, box)"""


def meet(one: dict[str, float], other: dict[str, float]) -> bool:
    return (
        one["left"] < other["right"] and other["left"] < one["right"]
        and one["top"] < other["bottom"] and other["top"] < one["bottom"]
    )


def test_options_become_a_plan_that_others_approve_file_and_follow(
    live_server: LiveServer, browser_page: Any
) -> None:
    page, scene = browser_page, build_waiting()
    page.on("dialog", lambda dialog: dialog.accept())
    homes_on_offer()
    record(scene.households[0].code, "way_chosen", TODAY, {"way": "purchase"})
    leader, year = person_with("district_leader"), civil_date(at=timezone.now()).year

    # Asked for with a budget, computed beside everything, and shown as a frontier.
    sign_in(page, live_server.url, leader)
    page.goto(f"{live_server.url}/resettlement/options/new/")
    page.fill("#title", "先安置后理清")
    page.fill(f"[name='wan.{RAILWAY_INVESTMENT}.{year}']", "40")
    page.click("main .options-form .form-buttons button")
    page.wait_for_selector("[data-progress-label]")
    run = OptionsRun.objects.get()
    carry_out_options_run(run.pk, clock=timezone.now)
    page.goto(f"{live_server.url}/resettlement/options/{run.pk}/")
    page.wait_for_selector("[data-frontier] svg text >> text='First come, first served'")
    labels = page.eval_on_selector("[data-frontier]", LABELS)
    assert {one["text"] for one in labels} >= {"1", "2", "First come, first served"}
    assert not [pair for pair in combinations(labels, 2) if meet(*pair)]

    # Another point is chosen, then the last again; out of it the plan is drafted.
    page.click(".options-points a[href='?point=1']")
    page.wait_for_selector(".options-points a[href='?point=1'][aria-current]")
    page.click(".options-points a[href='?point=2']")
    page.click(".options-draft button")
    page.wait_for_url("**/resettlement/plans/**")
    code = PlanFiling.objects.get().code
    address = f"/resettlement/plans/{code}/"
    press(page, "submit")
    assert page.locator("form[action$='/approve/']").count() == 0

    # Approved by somebody else, filed and followed by the inspection office.
    sign_in(page, live_server.url, person_with("vice_mayor"), address)
    press(page, "approve")
    assert page.locator("form[action$='/file/']").count() == 0
    sign_in(page, live_server.url, person_with("inspector"), address)
    press(page, "file")
    assert "Filed with the inspection office" in page.inner_text("main")
    press(page, "follow")
    plan = PlanFiling.objects.get()
    assert page.locator(".options-milestones a[href^='/directives/']").all_text_contents() == plan.directives
    assert Directive.objects.filter(pk__in=plan.directives).count() == len(plan.content["milestones"]) == 2
    page.click(f".options-milestones a[href='/directives/{plan.directives[0]}/']")
    page.wait_for_selector(".life-line")
    assert code in page.inner_text("main")


def press(page: Any, deed: str) -> None:
    """Send the form of a deed on the plan's page."""
    page.click(f"form[action$='/{deed}/'] button")
    page.wait_for_selector(".message-success")


@pytest.mark.parametrize("first", [(640.0, 236.0), (640.0, 200.0), (660.0, 225.0), (300.0, 120.0), (70.0, 30.0)])
def test_labels_of_the_frontier_cover_neither_marks_nor_one_another(
    live_server: LiveServer, browser_page: Any, scene: Scene, first: tuple[float, float]
) -> None:
    """Eight points as the demonstration has them, first come first served close to the last of them, or elsewhere."""
    sign_in(browser_page, live_server.url, person_with("district_leader"))
    points = [(64.0, 40.0), (146.0, 96.0), (228.0, 140.0), (310.0, 172.0), (392.0, 200.0), (474.0, 222.0),
              (556.0, 238.0), (640.0, 250.0)]
    marks = [{"x": x, "y": y, "size": 13, "width": 11, "height": 15} for x, y in points]
    marks.append({"x": first[0], "y": first[1], "size": 15, "width": 96, "height": 16})
    box = {"left": 62, "right": 680, "top": 22, "bottom": 262}
    line = [
        (x + (to_x - x) * step / 20, y + (to_y - y) * step / 20)
        for (x, y), (to_x, to_y) in pairwise(points) for step in range(20)
    ]
    offsets = browser_page.evaluate(OFFSETS, {
        "module": f"{live_server.url}/static/js/resettlement_options.js", "marks": marks, "line": line, "box": box,
    })
    labels = [
        frame(mark["x"] + right, mark["y"] + down, mark["width"], mark["height"])
        for mark, (right, down) in zip(marks, offsets, strict=True)
    ]
    assert not [pair for pair in combinations(labels, 2) if meet(*pair)]
    symbols = [frame(mark["x"], mark["y"], mark["size"], mark["size"]) for mark in marks]
    symbols += [frame(x, y, 2, 2) for x, y in line]
    assert not [(label, symbol) for label in labels for symbol in symbols if meet(label, symbol)]
    assert all(one["left"] >= 62 and one["right"] <= 680 for one in labels)


@pytest.fixture
def scene() -> Scene:
    """Somebody who may sign in."""
    return build_waiting()


def frame(x: float, y: float, width: float, height: float) -> dict[str, float]:
    return {"left": x - width / 2, "right": x + width / 2, "top": y - height / 2, "bottom": y + height / 2}
