"""What a language model proposed is shown as such and never checked with the others; where texts go is said truly."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, actor_with, build_campaign, person_with, signed_in_client
from zhengtu.directives.models import Proposal, ProposalOrigin
from zhengtu.directives.text_actions import add_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(db: None) -> Client:
    build_campaign()
    return signed_in_client(person_with("coordinator"))


def test_a_card_says_that_a_model_proposes_it(client: Client) -> None:
    text = add_text(
        actor=actor_with("coordinator"), city="220200", kind="speech", title="演示讲话", said_on=TODAY, now=NOW,
        text="船营区要在3月15日前完成剩余征收任务。档案工作很重要。",
    )
    by_rule = text.proposals.get()
    Proposal.objects.create(
        text=text, ordinal=2, origin=ProposalOrigin.MODEL, span_start=20, span_end=27, matter="档案工作很重要",
        units=[{"name": "船营区", "code": "220204", "members": []}], due={"kind": "unspecified", "on": None},
        confidence=0.3, because=["model"],
    )
    page = client.get(reverse("directive.text", args=[text.pk])).content.decode()
    card = re.compile(r'<li class="card[^"]*" id="p(\d+)"(.*?)</li>\s*(?=<li class="card|</ol>|</ul>)', re.DOTALL)
    cards = dict(card.findall(page))
    assert set(cards) == {str(by_rule.ordinal), "2"}
    assert "语言模型" in cards["2"]
    assert 'data-check="alone"' in cards["2"]
    assert "语言模型" not in cards[str(by_rule.ordinal)]
    assert 'data-check="alone"' not in cards[str(by_rule.ordinal)]


def test_the_page_says_whether_texts_leave_the_server(client: Client, settings: Any) -> None:
    address = reverse("directive.text.add")
    assert "文本不外传" in client.get(address).content.decode()
    settings.MODEL_URL = "http://127.0.0.1:9/v1/chat/completions"
    page = client.get(address).content.decode()
    assert "文本不外传" not in page
    assert "语言模型" in page
