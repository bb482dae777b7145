"""The demonstration's reviews: each rhythm was held by who chairs it, and its next day is planned."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.management import call_command

from zhengtu.core.directives.standing import State
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.core.reviews.rhythm import SPECIAL, next_day
from zhengtu.directives.queries import city_directives
from zhengtu.jobs.demonstration import load
from zhengtu.jobs.demonstration.generate import generate
from zhengtu.jobs.demonstration.reviews import hold_reviews
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.reviews.models import Review, ReviewStage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("demonstration")]
NOW = datetime(2026, 3, 20, 9, 30, tzinfo=SHANGHAI)
"""A Friday in spring; the last monthly review fell on the make-up working day 28 February."""


def test_every_rhythm_was_held_by_its_chair_and_is_planned_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "make_password", lambda password: f"plain${password}")
    load.load(generate(households=200, today=NOW.date()), now=NOW)
    held = hold_reviews(city="220200", now=NOW)
    rules = current_rulebook()
    rhythms = set(rules.reviews.rhythms) - {SPECIAL}
    past = Review.objects.filter(stage=ReviewStage.HELD)
    assert past.count() == held
    assert set(past.values_list("rhythm", flat=True)) == rhythms
    monthly = past.get(rhythm="monthly")
    assert (monthly.chair.username, monthly.held_on.isoformat()) == ("mayor", "2026-02-28")
    decided = [row for row in city_directives("220200", on=NOW.date()) if row.review == monthly.code]
    assert len(decided) == 2
    assert {row.state for row in decided} == {State.CLOSED}
    planned = {one.rhythm: one for one in Review.objects.filter(stage=ReviewStage.PLANNED)}
    assert set(planned) == rhythms
    for id, one in planned.items():
        assert one.held_on == next_day(rules.reviews.rhythms[id], after=max(
            row.held_on for row in past.filter(rhythm=id)), calendar=rules.calendar), id
    call_command("verify_ledger")
