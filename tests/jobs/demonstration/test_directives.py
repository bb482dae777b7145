"""The demonstration's directives: of every standing one, on whatever day it is loaded, and marked as invented."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.management import call_command

from zhengtu.core.directives.standing import Colour, DirectiveStanding, Rung, State
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.directives.models import SourceText
from zhengtu.directives.queries import city_directives, proposals_of
from zhengtu.jobs.demonstration import load
from zhengtu.jobs.demonstration.directives import SCRIPT, record_directives
from zhengtu.jobs.demonstration.generate import generate
from zhengtu.jobs.demonstration.staging import script_of
from zhengtu.ledger.models import Deed, Evidence

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("demonstration")]


@pytest.fixture(params=[datetime(2026, 3, 20, 9, 30, tzinfo=SHANGHAI), datetime(2025, 2, 10, 9, 30, tzinfo=SHANGHAI)])
def now(request: pytest.FixtureRequest) -> datetime:
    """A plain Friday in spring, and the Monday after a Spring Festival."""
    moment: datetime = request.param
    return moment


@pytest.fixture
def rows(now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[DirectiveStanding]:
    """The loaded demonstration's directives."""
    monkeypatch.setattr(load, "make_password", lambda password: f"plain${password}")
    load.load(generate(households=300, today=now.date()), now=now)
    assert record_directives(now=now) == len(script_of(SCRIPT)["directives"])
    return city_directives("220200", on=now.date())


def test_each_standing_is_there_and_the_ledger_is_whole(rows: list[DirectiveStanding], now: datetime) -> None:
    heads = [row for row in rows if row.occurrence_on is None and not row.parent]
    assert 15 <= len(heads) <= 25
    assert {row.state for row in rows} >= {
        State.RECEIVED, State.REPORTED, State.VERIFIED, State.CLOSED, State.ARCHIVED, State.CANCELLED,
    }
    assert {row.colour for row in rows} == set(Colour)
    assert {row.rung for row in rows} >= {Rung.COORDINATOR, Rung.MAYOR}
    assert any(row.returned_times for row in rows)
    assert any(row.extended_times for row in rows)
    assert any(row.asks_until for row in rows)
    assert any(row.progress is not None and row.progress.total for row in rows)
    assert sum(row.occurrence_on is not None for row in rows) >= 3
    assert any(row.parent and row.occurrence_on is None for row in rows)
    assert all(deed.recorded_at <= now for deed in Deed.objects.filter(verb__startswith="directive."))
    papers = Evidence.objects.filter(deed__verb__startswith="directive.", kind="directive_report")
    assert all("演示" in name for name in papers.values_list("name", flat=True))
    call_command("verify_ledger")


def test_some_of_its_speech_waits_to_be_confirmed(rows: list[DirectiveStanding]) -> None:
    text = SourceText.objects.get()
    states = [proposal.state for proposal in proposals_of(text)]
    assert states.count("confirmed") >= 8
    assert states.count("open") >= 1
    assert "演示" in text.title
