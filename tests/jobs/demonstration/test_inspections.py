"""The demonstration's inspections: released and unreleased ones, drawn anew on every load, marked as invented."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.management import call_command

from zhengtu.accounts.models import Person
from zhengtu.accounts.queries import actor_of
from zhengtu.core.inspection.replay import checks
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.inspection.published import draw_document
from zhengtu.inspection.queries import InspectionStage, findings, inspected_strata, inspections_for
from zhengtu.jobs.demonstration import load
from zhengtu.jobs.demonstration.generate import generate
from zhengtu.jobs.demonstration.inspections import hold_inspections, read_inspections
from zhengtu.ledger.models import Deed, Evidence

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("demonstration")]

CITY = "220200"
NOW = datetime(2026, 3, 20, 9, 30, tzinfo=SHANGHAI)


def test_two_are_released_one_objection_is_decided_and_two_are_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "make_password", lambda password: f"plain${password}")
    load.load(generate(households=800, today=NOW.date()), now=NOW)
    assert len(hold_inspections(city=CITY, now=NOW)) == len(read_inspections()["inspections"])
    mayor = actor_of(Person.objects.get(username="mayor"), on=NOW.date())
    standings = {one.matter: one for one in inspections_for(mayor, on=NOW.date())}
    assert {matter: one.stage for matter, one in standings.items()} == {
        "moved_out": InspectionStage.RELEASED, "paid_first": InspectionStage.RELEASED,
        "stays_empty": InspectionStage.UNDER_WAY, "signed_true": InspectionStage.UNDER_WAY,
    }
    assert all(0 < one.seen <= one.drawn for one in standings.values())
    moved_back = {one.jurisdiction for one in findings(CITY, on=NOW.date(), released_only=True) if one.is_moved_back}
    assert moved_back == {"220203", "220204"}
    strata = inspected_strata(CITY, on=NOW.date(), released_only=True)
    assert {place for place, rows in strata.items() if any(row.false for row in rows)} == {"220203", "220204"}
    for one in standings.values():
        held = draw_document(mayor, one.code, on=NOW.date())
        assert held is not None
        assert {check.agrees for check in checks(held)} == {True}
    leader = actor_of(Person.objects.get(username="leader_chuanying"), on=NOW.date())
    assert [one.matter for one in inspections_for(leader, on=NOW.date())] == ["moved_out"]
    assert all(deed.recorded_at <= NOW for deed in Deed.objects.filter(verb__startswith="inspection."))
    papers = Evidence.objects.filter(deed__verb__startswith="inspection.")
    assert all("演示" in name for name in papers.values_list("name", flat=True))
    call_command("verify_ledger")
