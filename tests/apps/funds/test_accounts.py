"""Dedicated accounts from facts: both clocks, supplements, corrections, scope, query count; plans and arrivals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    CHANGYI,
    CHUANYING,
    CITY,
    NOW,
    PROJECT,
    RAILWAY_INVESTMENT,
    TODAY,
    Scene,
    actor_with,
    advance,
    at,
    build_campaign,
    build_household,
    build_project,
    build_section,
    record,
)
from zhengtu.campaign.funding import late_funds
from zhengtu.core.authority.actor import Actor, Posting
from zhengtu.core.kernel.reasons import Refused
from zhengtu.funds.funding_actions import plan_money, record_arrival
from zhengtu.funds.funding_queries import AccountRow, account_for, account_rows, accounts_for, facts_behind
from zhengtu.ledger.models import Deed, Fact, Refusal
from zhengtu.ledger.offered_files import OfferedFile

ACCOUNT, NEIGHBOUR = "220204-P0001", "220202-P0001"


@pytest.fixture
def scene(db: None) -> Scene:
    return build_campaign()


def client_actor() -> Actor:
    return actor_with("client")


def row(*, on: date = TODAY, known: date | None = None, account: str = ACCOUNT) -> AccountRow:
    rows = {one.code: one for one in account_rows(actor_with("mayor"), on=on, known=known)}
    return rows[account]


def paper(kind: str) -> list[OfferedFile]:
    return [OfferedFile(kind, f"{kind}.txt", ContentFile(b"paper of the test\n", name=f"{kind}.txt"))]


def arrive(amount: str, on: date, *, reference: str = "R1", **more: Any) -> str:
    given = {"source": "client", "amount_yuan": amount, "bank_reference": reference}
    return record(ACCOUNT, "funds_arrived", on, given, **more)


def plan(**changed: Any) -> str:
    given: dict[str, Any] = {"source": "bonds", "due_on": "2025-02-01", "amount_yuan": "900000", "plan_reference": ""}
    given |= {name: value for name, value in changed.items() if name in given}
    return plan_money(
        actor=changed.get("actor", client_actor()), account=ACCOUNT, happened_on=changed.get("on", date(2025, 1, 15)),
        attributes=given, files=changed.get("files", paper("funds_plan")), now=changed.get("now", NOW),
    )


def refused(call: Any) -> list[str]:
    with pytest.raises(Refused) as found:
        call()
    return [reason.code for reason in found.value.reasons]


def test_figures_follow_from_facts_on_any_date(scene: Scene) -> None:
    first, second, third = (household.code for household in scene.households[:3])
    arrive("1000000.00", date(2025, 1, 12))
    advance(first, to="paid", start_on=date(2025, 1, 10))       # signed 14 January, paid 16 January: 430,000
    advance(second, to="decided", start_on=date(2025, 1, 20))   # decided 24 January: 425,000
    record(first, "agreement_supplemented", date(2025, 1, 28), {
        "amount_yuan": "450000.00", "agreement_number": "2", "reason": "面积复核",
    })
    record(second, "compensation_deposited", date(2025, 2, 3), {"amount_yuan": "425000.00"})
    found = row().standing
    assert found.committed_yuan == Decimal("875000.00")
    assert found.paid_yuan == Decimal("855000.00")
    assert (found.arrived_yuan, found.balance_yuan, found.owed_yuan) == (1_000_000, 145_000, 20_000)
    earlier = row(on=date(2025, 1, 27)).standing
    assert (earlier.committed_yuan, earlier.paid_yuan, earlier.balance_yuan) == (855_000, 430_000, 570_000)
    assert row(on=date(2025, 1, 11)).standing.arrived_yuan == 0
    assert row().history.unsettled == 1
    assert row().history.commitments.count_by(TODAY) == 2
    assert row().history.lags_days == {2: 1, 10: 1}
    # The other district's account is another account.
    assert row(account=NEIGHBOUR).standing.committed_yuan == 0
    assert third not in [fact.subject for fact in facts_behind([ACCOUNT], "committed", on=TODAY, known=None)]


def test_an_agreement_after_a_decision_takes_its_place(scene: Scene) -> None:
    code = scene.households[0].code
    advance(code, to="decided", start_on=date(2025, 1, 10))
    record(code, "signed", date(2025, 1, 30), {"option": "cash", "amount_yuan": "440000.00"})
    assert row().standing.committed_yuan == 440_000
    assert row(on=date(2025, 1, 29)).standing.committed_yuan == 425_000
    changes = [fact.change_yuan for fact in facts_behind([ACCOUNT], "committed", on=TODAY, known=None)]
    assert changes == [425_000, 15_000]


def test_what_was_recorded_later_was_not_known_before(scene: Scene) -> None:
    arrive("800000.00", date(2025, 1, 12), recorded_at=at(date(2025, 1, 20)))
    wrong = arrive("90000.00", date(2025, 1, 14), reference="R2")
    arrive("900000.00", date(2025, 1, 14), reference="R2", supersedes=f"{wrong}/1", recorded_at=at(date(2025, 2, 5)))
    assert row().standing.arrived_yuan == 1_700_000
    assert row(known=date(2025, 2, 4)).standing.arrived_yuan == 890_000
    assert row(known=date(2025, 1, 19)).standing.arrived_yuan == 90_000
    record(ACCOUNT, "withdrawn", TODAY, {"reason": "重复登记"}, supersedes=_reference_of("R1"))
    assert row().standing.arrived_yuan == 900_000


def _reference_of(bank_reference: str) -> str:
    return Fact.objects.get(attributes__bank_reference=bank_reference, supersedes="").reference


def test_a_line_planned_again_keeps_its_history(scene: Scene) -> None:
    plan()
    plan(plan_reference="01", amount_yuan="500000", due_on="2025-03-01", on=date(2025, 1, 25))
    plan(source="fiscal", amount_yuan="70000.5", on=date(2025, 1, 25))
    assert [(line.reference, line.amount_yuan) for line in row().history.plan] == [
        ("02", Decimal("70000.50")), ("01", Decimal("500000.00")),
    ]
    assert row().standing.planned_yuan == Decimal("70000.50")
    # Before it was planned again, the first plan stood.
    assert [line.amount_yuan for line in row(on=date(2025, 1, 24)).history.plan] == [900_000]
    assert [f.attributes["plan_reference"] for f in facts_behind([ACCOUNT], "planned", on=TODAY, known=None)] == ["02"]
    plan(plan_reference="02", amount_yuan="0", on=TODAY)
    assert [line.reference for line in row().history.plan] == ["01"]
    assert Fact.objects.filter(kind="funds_planned").count() == 4


def test_refused_plans(scene: Scene) -> None:
    deeds = Deed.objects.count()
    assert refused(lambda: plan(amount_yuan="0")) == ["funds.nothing"]
    assert refused(lambda: plan(files=[])) == ["ledger.evidence_missing"]
    assert refused(lambda: plan(on=TODAY + timedelta(days=1))) == ["ledger.in_the_future"]
    assert refused(lambda: plan(source="lottery", amount_yuan="-3")) == ["ledger.attribute", "ledger.attribute"]
    plan()
    assert refused(lambda: plan(plan_reference="01", on=date(2025, 1, 14))) == ["funds.plan_older"]
    for role in ("mayor", "coordinator", "inspector", "district_leader", "field_officer", "auditor", "department"):
        assert refused(lambda role=role: plan(actor=actor_with(role))) == ["authority.not_granted"]
    other = Actor("220200-u-other", (Posting("client", "220200-transport-bureau"),))
    assert refused(lambda: plan(actor=other)) == ["authority.not_granted"]
    assert Deed.objects.count() == deeds + 1
    assert Refusal.objects.count() == 13


def arrival(**changed: Any) -> str:
    given: Mapping[str, Any] = {
        "source": "client", "amount_yuan": "300000", "bank_reference": "R9",
        **{name: value for name, value in changed.items() if name in ("source", "amount_yuan", "bank_reference")},
    }
    return record_arrival(
        actor=changed.get("actor", client_actor()), account=ACCOUNT, happened_on=changed.get("on", date(2025, 2, 1)),
        attributes=given, files=changed.get("files", paper("bank_receipt")), now=NOW,
    )


def test_an_arrival_with_its_receipt_and_what_is_refused(scene: Scene) -> None:
    deed = Deed.objects.get(pk=arrival())
    assert [evidence.kind for evidence in deed.evidence.all()] == ["bank_receipt"]
    assert deed.chain == CHUANYING
    assert row().standing.arrived_yuan == 300_000
    assert refused(arrival) == ["funds.recorded_twice"]
    assert refused(lambda: arrival(bank_reference="R10", amount_yuan="0.00")) == ["funds.nothing"]
    assert refused(lambda: arrival(bank_reference="R10", files=[])) == ["ledger.evidence_missing"]
    assert refused(lambda: arrival(bank_reference="", on=TODAY + timedelta(days=2))) == [
        "ledger.attribute", "ledger.in_the_future",
    ]
    assert refused(lambda: arrival(bank_reference="R10", actor=actor_with("inspector"))) == ["authority.not_granted"]
    assert row().standing.arrived_yuan == 300_000


def test_a_proof_is_compared_with_the_movements(scene: Scene) -> None:
    arrive("1000000.00", date(2025, 1, 3))
    proof = {"account": "2202000012345678", "balance_yuan": "1000000.00", "budget_yuan": "1500000.00"}
    record(ACCOUNT, "funds_in_account", date(2025, 1, 5), proof)
    found = row()
    assert found.standing.proof_difference_yuan == 0
    assert found.history.proof is not None
    assert (found.history.proof.budget_yuan, found.standing.missing_yuan) == (1_500_000, 500_000)
    record(ACCOUNT, "land_fees_in_account", date(2025, 1, 7), {
        **proof, "social_security_balance_yuan": "50000.00", "social_security_budget_yuan": "60000.00",
    })
    later = row()
    assert (later.standing.proof_difference_yuan, later.standing.required_yuan) == (-50_000, 1_560_000)
    assert row(on=date(2025, 1, 6)).standing.proof_difference_yuan == 0


def test_scope(scene: Scene) -> None:
    def codes(actor: Actor) -> list[str]:
        return [account.code for account in accounts_for(actor)]

    other = build_project(number=2, client="220200-transport-bureau")
    build_section(other, CHANGYI)
    everything = ["220202-P0001", "220202-P0002", "220204-P0001"]
    for role in ("mayor", "vice_mayor", "coordinator", "inspector", "auditor"):
        assert codes(actor_with(role)) == everything
    assert codes(actor_with("district_leader", CHUANYING)) == ["220204-P0001"]
    assert codes(client_actor()) == ["220202-P0001", "220204-P0001"]
    for role in ("field_officer", "department", "appraiser", "family"):
        assert codes(actor_with(role)) == []
    assert account_for(actor_with("district_leader", CHUANYING), NEIGHBOUR) is None
    assert account_for(actor_with("mayor"), "220203-P0001") is None
    assert account_for(actor_with("mayor"), "no code") is None


def test_money_short_is_a_red_item_of_client_and_district(scene: Scene) -> None:
    arrive("100000.00", date(2025, 1, 3))
    advance(scene.households[0], to="signed", start_on=date(2025, 1, 10))
    item, = late_funds(actor_with("mayor"), on=TODAY, known=None)
    assert (item.light, item.subject, item.place, item.due_on) == ("red", PROJECT, ACCOUNT, date(2025, 1, 17))
    assert item.responsible == (RAILWAY_INVESTMENT, CHUANYING)
    assert item.reason is not None
    assert item.reason.parameters["short"] == "33.00"
    assert len(late_funds(client_actor(), on=TODAY, known=None)) == 1
    assert len(late_funds(actor_with("district_leader", CHUANYING), on=TODAY, known=None)) == 1
    assert late_funds(actor_with("district_leader", CHANGYI), on=TODAY, known=None) == []
    assert late_funds(actor_with("field_officer"), on=TODAY, known=None) == []
    # Nobody sets it: before the agreement it was not there, and money takes it away.
    assert late_funds(actor_with("mayor"), on=date(2025, 1, 16), known=None) == []
    arrive("330000.00", date(2025, 2, 1), reference="R2")
    assert late_funds(actor_with("mayor"), on=TODAY, known=None) == []
    assert len(late_funds(actor_with("mayor"), on=date(2025, 1, 31), known=None)) == 1
    assert late_funds(actor_with("mayor"), on=TODAY, known=date(2025, 1, 31)) != []


def test_more_accounts_and_facts_ask_no_more(scene: Scene) -> None:
    mayor = actor_with("mayor")
    arrive("100000.00", date(2025, 1, 3))
    account_rows(mayor, on=TODAY, known=None)
    with CaptureQueriesContext(connection) as few:
        account_rows(mayor, on=TODAY, known=None)
    for number in range(2, 12):
        section = build_section(build_project(number=number), CHUANYING)
        advance(build_household(section, number=1, person_number=number + 20), to="paid")
    with CaptureQueriesContext(connection) as many:
        rows = account_rows(mayor, on=TODAY, known=None)
    assert len(rows) == 12
    assert sum(one.standing.paid_yuan for one in rows) == 10 * 430_000
    assert len(many) <= len(few)
    assert len(many) <= 6
    assert {one.account.participation.jurisdiction_id for one in rows} == {CHUANYING, CHANGYI}
    assert CITY not in {one.code for one in rows}
