"""An officer sees which proposals are a language model's, and checking all leaves those alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.factories import CITY, NOW, TODAY, actor_with, build_campaign, person_with
from zhengtu.core.language.directive_text import Due, DueKind, ExtractedDirective, Mention
from zhengtu.directives import model_proposals
from zhengtu.directives.model_proposals import add_model_proposals
from zhengtu.directives.text_actions import add_text

PASSWORD = "Kite-over-Songhua-71"
SPEECH = Path(__file__).resolve().parents[2] / "zhengtu" / "jobs" / "demonstration" / "texts" / "speech.txt"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_checking_all_leaves_the_models_proposals_alone(
    live_server: LiveServer, browser_page: Any
) -> None:
    build_campaign()
    coordinator = person_with("coordinator")
    coordinator.set_password(PASSWORD)
    coordinator.save()
    said = SPEECH.read_text(encoding="utf-8")
    text = add_text(
        actor=actor_with("coordinator"), city=CITY, kind="speech", title="演示讲话", said_on=TODAY, text=said, now=NOW
    )
    start = said.index("去年，全市")
    proposed = ExtractedDirective(
        units=[Mention("市信访局")], assisting=(), projects=(), matter=said[start : start + 20],
        due=Due(DueKind.UNSPECIFIED), span=(start, start + 20), confidence=0.3, because=("model",),
    )
    with patch.object(model_proposals, "ask_model", return_value=[proposed]):
        assert add_model_proposals(text.pk) == 1
    number = text.proposals.get(origin="model").ordinal

    browser_page.set_viewport_size({"width": 1440, "height": 900})
    browser_page.goto(f"{live_server.url}/directives/texts/{text.pk}/")
    browser_page.fill("input[name=username]", coordinator.username)
    browser_page.fill("input[name=password]", PASSWORD)
    browser_page.click("main button, form.form button")
    browser_page.goto(f"{live_server.url}/directives/texts/{text.pk}/")
    card = browser_page.locator(f"#p{number}")
    assert "By language model" in card.inner_text()
    browser_page.check("[data-check-all]")
    checked = browser_page.locator("[data-check]:checked")
    assert checked.count() == text.proposals.exclude(origin="model").count()
    assert not card.locator("[data-check]").is_checked()
