"""A speech becomes directives in the browser, and one of them goes its way: received, answered, returned, closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.factories import CHUANYING, build_campaign, person_with
from tests.journeys.kit import do, sign_in
from zhengtu.directives.models import Directive, Proposal
from zhengtu.ledger.models import Fact

SPEECH = (
    "同志们：\n西环线1号工程，船营区要在3月15日前完成剩余征收任务，铁路投资公司要保障征收资金按时到位。\n"
    "龙潭区要立即启动征收。\n会后大家要坚定信心。\n"
)
"""Fictitious, of the test's own wording."""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_speech_becomes_directives_and_one_is_followed_to_its_closing(
    live_server: LiveServer, browser_page: Any, tmp_path: Path
) -> None:
    page = browser_page
    page.on("dialog", lambda dialog: dialog.accept())
    build_campaign()
    speech, report = tmp_path / "speech.txt", tmp_path / "report.pdf"
    speech.write_text(SPEECH, encoding="gb18030")
    report.write_bytes(b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n")

    # Read: the whole text on the left, a card for each assignment on the right.
    sign_in(page, live_server.url, person_with("coordinator"))
    page.goto(f"{live_server.url}/directives/texts/new/")
    page.fill("#title", "动员讲话")
    page.fill("#said_on", "2026-11-02")
    page.set_input_files("#file", str(speech))
    page.click("main form button")
    page.wait_for_selector("[data-cards]")
    assert "".join(page.locator("[data-source] > *").all_text_contents()) == SPEECH.replace("\r", "")
    first = next(one for one in Proposal.objects.all() if one.units[0]["code"] == CHUANYING)
    fund = next(one for one in Proposal.objects.all() if "铁路投资" in one.units[0]["name"])
    page.click(f"a[data-mark='{first.ordinal}']")
    assert "is-chosen" in page.locator(f"#p{first.ordinal}").get_attribute("class")

    # Corrected by keyboard: another unit shares the duty; what is being written in another card stays.
    page.click(f"#p{fund.ordinal} .card-edit > summary")
    page.fill(f"#matter-{fund.ordinal}", "尚未保存的话")
    page.click(f"#p{first.ordinal} .card-edit > summary")
    page.fill(f"#joint-{first.ordinal}-search", "Changyi")
    page.press(f"#joint-{first.ordinal}-search", "Enter")
    page.fill(f"#on-{first.ordinal}", "2099-03-15")
    page.click(f"#p{first.ordinal} button[value=save]")
    page.wait_for_selector("[data-told] .message-success")
    assert "Changyi District" in page.inner_text(f"#p{first.ordinal} .card-units")
    assert page.input_value(f"#matter-{fund.ordinal}") == "尚未保存的话"

    # A selection that no rule found becomes a proposal at exactly that place.
    page.evaluate(
        """words => {
          const walker = document.createTreeWalker(document.querySelector("[data-source]"), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf(words);
            if (at >= 0) { getSelection().setBaseAndExtent(node, at, node, at + words.length); return; }
          }
        }""",
        "坚定信心",
    )
    page.wait_for_selector("[data-add].is-ready")
    page.click("[data-add] button")
    page.wait_for_selector(".message-success")
    added = Proposal.objects.order_by("-pk")[0]
    assert SPEECH[added.span_start : added.span_end] == "坚定信心"
    page.click(f"#p{added.ordinal} .card-edit > summary")
    page.click(f"#p{added.ordinal} button[value=drop]")
    page.wait_for_selector(f"#p{added.ordinal}.card-is-over")

    page.check(f"#p{first.ordinal} [data-check]")
    page.click("#confirm button")
    page.wait_for_selector(".message-success")
    directive = Directive.objects.get()
    page.click(f"#p{first.ordinal} a[href='/directives/{directive.code}/']")
    page.wait_for_selector(".life-line")
    assert "完成剩余征收任务" in page.inner_text(".quotation")

    # Received, answered, returned, answered again, verified, closed.
    code, leader = directive.code, person_with("district_leader")
    sign_in(page, live_server.url, leader)
    page.goto(f"{live_server.url}/directives/")
    assert "To be received" in page.inner_text("main")
    do(page, live_server.url, code, "receive", officer="赵区长")
    answer = {"text": "已全部签约", "is_final": "final", "evidence-directive_report": str(report)}
    do(page, live_server.url, code, "report", **answer)
    sign_in(page, live_server.url, person_with("coordinator"))
    do(page, live_server.url, code, "return", reason="缺协议清单", due_on="2099-04-01")
    sign_in(page, live_server.url, leader)
    page.goto(f"{live_server.url}/directives/")
    assert "Returned: to be done again" in page.inner_text("main")
    do(page, live_server.url, code, "report", **answer)
    sign_in(page, live_server.url, person_with("coordinator"))
    do(page, live_server.url, code, "verify", finding="资料齐全")
    do(page, live_server.url, code, "close", conclusion="同意办结")
    assert "Nothing more; the matter is over." not in page.inner_text("#deeds")
    assert "Archive" in page.inner_text("#deeds")
    kinds = [fact.kind for fact in Fact.objects.filter(subject=code).order_by("pk")]
    assert kinds == [
        "directive_set", "directive_assigned", "directive_received", "directive_reported", "directive_returned",
        "directive_reported", "directive_verified", "directive_closed",
    ]
    events = page.inner_text(".directive-timeline")
    for part in ("赵区长", "缺协议清单", "资料齐全", "report.pdf"):
        assert part in events
