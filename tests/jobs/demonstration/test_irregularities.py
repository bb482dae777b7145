"""The invented irregularities of the demonstration: marked so, found by the search, one of each standing."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from zhengtu.campaign.models import Finding, FindingQuestion
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.jobs.demonstration import load
from zhengtu.jobs.demonstration.generate import generate
from zhengtu.jobs.demonstration.irregularities import plant_doubles, plant_irregularities
from zhengtu.ledger.models import Fact

NOW = datetime(2026, 3, 20, 9, 30, tzinfo=SHANGHAI)

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demonstration")]


def test_what_was_planted_is_found_and_handled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "make_password", lambda password: f"plain${password}")
    demonstration = generate(households=300, today=NOW.date())
    plant_doubles(demonstration)
    load.load(demonstration, now=NOW)
    plant_irregularities(city="220200", now=NOW)
    found = Counter(Finding.objects.values_list("detector", flat=True))
    assert found["same_identity"] == 2
    assert found["register_move"] >= 1
    assert found["off_statement"] == found["same_hands"] == found["below_market"] == 0
    assert sum(found.values()) <= 15
    states = Counter(Finding.objects.values_list("state", flat=True))
    assert states["closed"] == 1
    assert FindingQuestion.objects.count() >= 2
    assert Fact.objects.filter(kind="violation_found").count() == 2
    assert all("虚构" in fact.attributes["found"] for fact in Fact.objects.filter(kind="violation_found"))
