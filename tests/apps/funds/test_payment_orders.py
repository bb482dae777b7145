"""Payment orders: three people, ceilings, claims, the bank's file and reply, deposits and receipts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from tests.apps.funds.kit import DUE, PART, answered, authorised, later, payer, prepared, reply_rows, signed_scene
from tests.factories import CHANGYI, NOW, RAILWAY_INVESTMENT, Scene, actor_with, record
from zhengtu.casework.actions import record_fact
from zhengtu.core.authority.actor import Actor, Posting
from zhengtu.core.funds.payments import Payee
from zhengtu.core.kernel.reasons import Refused
from zhengtu.funds.balances import balances_of
from zhengtu.funds.bank_files import bank_file
from zhengtu.funds.models import AssetClaim, LineState, OrderKind, PaymentLine, PaymentOrder
from zhengtu.funds.ordering import OrderedSum
from zhengtu.funds.paying import confirm_receipt, record_deposit
from zhengtu.funds.payment_actions import (
    amend_order,
    authorise_order,
    cancel_order,
    check_order,
    prepare_order,
    return_order,
)
from zhengtu.ledger.evidence_intake import OfferedFile
from zhengtu.ledger.models import Deed, Evidence, Fact, Refusal
from zhengtu.registry.models import Household

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> Scene:
    return signed_scene()


@pytest.fixture
def home(scene: Scene) -> str:
    return scene.households[0].code


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        act()
    return [reason.code for reason in caught.value.reasons]


def balance(household: str) -> tuple[Decimal | None, Decimal, Decimal]:
    held = balances_of([household])[household]
    return held.due_yuan, held.paid_yuan, held.pending_yuan


def pdf(name: str = "scan.pdf") -> ContentFile:
    return ContentFile(b"%PDF-1.7\n1 0 obj\n%%EOF", name=name)


def test_from_the_order_to_the_payment_and_its_receipt(home: str) -> None:
    order = prepared((home, "430000"))
    assert balance(home) == (DUE, Decimal(0), DUE)
    check_order(actor=payer("checker"), order=order, now=later(1))
    authorise_order(actor=payer("authoriser"), order=order, now=later(2))
    reply = answered(order)
    assert balance(home) == (DUE, DUE, Decimal(0))
    fact = Fact.objects.get(subject=home, kind="paid")
    line = PaymentLine.objects.get(order=order)
    assert fact.attributes == {"amount_yuan": "430000.00"}
    assert (line.state, line.fact) == (LineState.PAID, fact.reference)
    assert reply.deed_id == fact.deed_id
    assert Evidence.objects.get(deed=fact.deed_id).kind == "payment_voucher"
    held = PaymentOrder.objects.get(pk=order)
    assert held.state == "settled"
    steps = [(step.step, step.person_id) for step in held.steps.order_by("pk")]
    assert [step for step, _ in steps] == ["prepare", "check", "authorise", "answer"]
    assert len({person for _, person in steps[:3]}) == 3
    receipt = OfferedFile("payment_receipt", "receipt.pdf", pdf())
    confirm_receipt(actor=payer("maker"), line=line, receipt=receipt, signed_on=NOW.date(), now=later(9))
    again = OfferedFile("payment_receipt", "receipt.pdf", pdf())
    assert refused(lambda: confirm_receipt(
        actor=payer("maker"), line=line, receipt=again, signed_on=NOW.date(), now=later(10)
    )) == ["payment.signed_for"]
    assert Fact.objects.get(kind="payment_received").attributes["reference"] == line.reference


@pytest.mark.parametrize("who", ["maker", "checker"])
def test_nobody_takes_two_steps_of_one_order(home: str, who: str) -> None:
    order = prepared((home, "1000"))
    if who == "maker":
        assert refused(lambda: check_order(actor=payer(who), order=order, now=later(1))) == ["payment.same_hands"]
    check_order(actor=payer("checker"), order=order, now=later(1))
    assert refused(lambda: authorise_order(actor=payer(who), order=order, now=later(2))) == ["payment.same_hands"]
    assert refused(
        lambda: return_order(actor=payer(who), order=order, reason="错", now=later(2))
    ) == ["payment.same_hands"]
    assert Refusal.objects.filter(actor=payer(who).person).exists()


def test_the_database_itself_keeps_three_people_apart(home: str) -> None:
    order = authorised((home, "1000"))
    for values in ({"checker_id": payer("maker").person}, {"authoriser_id": payer("checker").person},
                   {"authoriser_id": None}, {"digest": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentOrder.objects.filter(pk=order).update(**values)


def test_checked_lines_are_frozen_by_the_database_and_the_digest(home: str) -> None:
    order = prepared((home, "1000"))
    check_order(actor=payer("checker"), order=order, now=later(1))
    lines = PaymentLine.objects.filter(order=order)
    with pytest.raises(IntegrityError), transaction.atomic():
        lines.update(amount_yuan=2000)
    with pytest.raises(IntegrityError), transaction.atomic():
        lines.delete()
    PaymentOrder.objects.filter(pk=order).update(digest="0" * 64)
    assert refused(
        lambda: authorise_order(actor=payer("authoriser"), order=order, now=later(2))
    ) == ["payment.lines_changed"]


def test_steps_out_of_turn_are_refused(home: str) -> None:
    order = prepared((home, "1000"))
    assert refused(
        lambda: authorise_order(actor=payer("authoriser"), order=order, now=later(1))
    ) == ["payment.wrong_state"]
    assert refused(lambda: answered(order)) == ["payment.wrong_state"]
    assert refused(
        lambda: bank_file(actor=payer("authoriser"), order=order, layout="csv", now=later(1))
    ) == ["payment.wrong_state"]
    assert refused(lambda: return_order(actor=payer("checker"), order=order, reason=" ", now=later(1))) == [
        "payment.reason_missing"
    ]
    check_order(actor=payer("checker"), order=order, now=later(1))
    assert refused(lambda: cancel_order(actor=payer("maker"), order=order, reason="x", now=later(2))) == [
        "payment.wrong_state"
    ]


def test_a_returned_order_is_amended_checked_anew_or_given_up(home: str, scene: Scene) -> None:
    other = scene.households[1].code
    order = prepared((home, "430000"))
    return_order(actor=payer("checker"), order=order, reason="金额应分期", now=later(1))
    assert balance(home)[2] == DUE, "a returned order still holds its sums"
    amend_order(
        actor=payer("maker"), order=order, sums=[OrderedSum(other, Decimal("200000"))], now=later(2)
    )
    assert (balance(home)[2], balance(other)[2]) == (Decimal(0), Decimal("200000.00"))
    assert not AssetClaim.objects.filter(household=home).exists()
    return_order(actor=payer("checker"), order=order, reason="再改", now=later(3))
    cancel_order(actor=payer("maker"), order=order, reason="不付", now=later(4))
    assert balance(other)[2] == 0
    assert not AssetClaim.objects.exists()


def test_no_more_is_ordered_than_is_due(home: str, scene: Scene) -> None:
    assert refused(lambda: prepared((home, "430000.01"))) == ["payment.above_due"]
    assert refused(lambda: prepared((home, "0"))) == ["payment.no_sum"]
    assert refused(lambda: prepared((home, "10.005"))) == ["payment.no_sum"]
    assert refused(lambda: prepared((home, "300000"), (home, "130000.01"))) == ["payment.above_due"]
    prepared((home, "300000"))
    assert refused(lambda: prepared((home, "130000.01"))) == ["payment.above_due"]
    prepared((home, "130000"))
    assert balance(home) == (DUE, Decimal(0), DUE)
    unsigned = scene.households[3].code
    assert refused(lambda: prepared((unsigned, "1"))) == ["payment.elsewhere"]
    assert not PaymentOrder.objects.filter(lines=None).exists()


def test_no_fact_leaves_more_paid_or_ordered_than_is_due(home: str) -> None:
    authorised((home, "400000"))
    officer = actor_with("field_officer")
    from zhengtu.ledger.act import NewFact, act
    from zhengtu.ledger.files import keep_file
    from zhengtu.registry.queries import subject_of

    agreement = keep_file(ContentFile(b"supplement"), kind="agreement", name="a.txt", media_type="text/plain")

    def supplement(amount: str) -> None:
        with act(officer, "agreement.sign", on=subject_of(home), at=later(8)) as deed:
            deed.record(
                facts=[NewFact("household", home, "agreement_supplemented", NOW.date(), {
                    "amount_yuan": amount, "agreement_number": "2", "reason": "面积更正",
                })],
                evidence=[agreement],
            )

    assert refused(lambda: supplement("399999.99")) == ["payment.excess"]
    supplement("400000.00")
    assert refused(lambda: prepared((home, "0.01"))) == ["payment.above_due"]
    supplement("500000.00")
    prepared((home, "100000"))


def test_a_failed_line_can_be_ordered_again(home: str) -> None:
    order = authorised((home, "430000"))
    rows = reply_rows(order)
    rows[0] |= {"Result": "Failed", "Reason of failure": "户名不符"}
    answered(order, rows)
    assert balance(home) == (DUE, Decimal(0), Decimal(0))
    assert PaymentLine.objects.get(order=order).failure == "户名不符"
    assert PaymentOrder.objects.get(pk=order).state == "settled"
    assert not AssetClaim.objects.exists()
    again = prepared((home, "430000"), minutes=9)
    assert again == f"{PART}-Z0002"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Amount (yuan)": "430000.01"}, "payment_reply.amount_differs"),
        ({"Payee account": "6222020800000000"}, "payment_reply.account_differs"),
        ({"Payment reference": "220204-P0001-Z0009-00001"}, "payment_reply.unknown_reference"),
        ({"Paid on": "2025-02-13"}, "payment_reply.day_outside"),
        ({"Paid on": "2025-02-15"}, "payment_reply.day_outside"),
        ({"Paid on": ""}, "payment_reply.no_day"),
    ],
)
def test_what_does_not_match_is_listed_and_stays_under_way(
    home: str, scene: Scene, change: dict[str, str], code: str
) -> None:
    order = authorised((home, "430000"), (scene.households[1].code, "1000"))
    rows = reply_rows(order)
    rows[0] |= change
    reply = answered(order, rows)
    first, second = reply.lines.order_by("row")
    assert [reason["code"] for reason in first.reasons] == [code]
    assert (first.outcome, second.outcome) == ("mismatch", "paid")
    assert balance(home) == (DUE, Decimal(0), DUE)
    assert not Fact.objects.filter(subject=home, kind="paid").exists()
    assert PaymentOrder.objects.get(pk=order).state == "authorised"
    answered(order, minutes=6)
    assert balance(home) == (DUE, DUE, Decimal(0))
    assert Fact.objects.filter(kind="paid").count() == 2


def test_a_reply_counts_once(home: str, scene: Scene) -> None:
    order = authorised((home, "1000"), (scene.households[1].code, "2000"))
    rows = reply_rows(order)
    answered(order, rows[:1])
    assert refused(lambda: answered(order, rows[:1])) == ["payment_reply.nothing_new"]
    twice = answered(order, [rows[1], rows[1]])
    assert {line.outcome for line in twice.lines.all()} == {"mismatch"}
    answered(order, rows)
    assert Fact.objects.filter(kind="paid").count() == 2


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"Payment reference": "x", "Amount (yuan)": "many", "Result": "Executed"}], "payment_reply.cell"),
        ([{"Payment reference": "x", "Amount (yuan)": "1", "Result": "perhaps"}], "payment_reply.cell"),
        ([], "payment_reply.no_lines"),
    ],
)
def test_a_reply_that_cannot_be_read_is_refused_whole(home: str, rows: list[dict[str, str]], code: str) -> None:
    order = authorised((home, "1000"))
    deeds = Deed.objects.count()
    assert refused(lambda: answered(order, rows)) == [code]
    assert Deed.objects.count() == deeds


def test_the_bank_file_names_payees_and_totals_and_is_noted(home: str, scene: Scene) -> None:
    order = authorised((home, "1000.10"), (scene.households[1].code, "2000.20"))
    csv_file = bank_file(actor=payer("authoriser"), order=order, layout="csv_gb18030", now=later(4))
    lines = csv_file.content.decode("gb18030").splitlines()
    assert "李秀兰" in lines[1]
    assert lines[1].split(",")[2] == "6222020800000000001"
    assert lines[-1].split(",")[1:4] == ["2", "", "3000.30"]
    deed = Deed.objects.order_by("recorded_at").last()
    assert deed is not None
    assert deed.reasons[0]["code"] == "payment.file_handed_out"
    assert bank_file(actor=payer("maker"), order=order, layout="xlsx", now=later(5)).content[:2] == b"PK"
    assert refused(
        lambda: bank_file(actor=actor_with("field_officer"), order=order, layout="csv", now=later(6))
    ) == ["authority.not_granted"]


def test_an_asset_is_paid_once_across_projects_and_years(home: str, scene: Scene) -> None:
    order = authorised((home, "430000"))
    answered(order)
    twin = scene.households[1].code
    first = Household.objects.get(pk=home)
    Household.objects.filter(pk=twin).update(
        identity_index=first.identity_index, address=f" {first.address} ", room=first.room
    )
    with pytest.raises(Refused) as caught:
        prepared((twin, "1000"), minutes=8)
    reason = caught.value.reasons[0]
    assert reason.code == "payment.paid_twice"
    assert reason.parameters["earlier"] == home
    assert reason.parameters["order"] == order


def test_another_property_of_the_same_owner_needs_its_reason(home: str, scene: Scene) -> None:
    prepared((home, "1000"))
    twin, first = scene.households[1].code, Household.objects.get(pk=home)
    Household.objects.filter(pk=twin).update(
        identity_index=first.identity_index, personal_sealed=first.personal_sealed
    )
    assert refused(lambda: prepared((twin, "1000"), minutes=2)) == ["payment.same_owner"]
    prepare_order(
        actor=payer("maker"), participation=PART, now=later(3),
        sums=[OrderedSum(twin, Decimal(1000), other_property_reason="同一产权人的另一套房屋")],
    )


def test_what_was_paid_before_orders_were_kept_claims_too(home: str, scene: Scene) -> None:
    record(home, "paid", date(2025, 1, 25), {"amount_yuan": "430000.00"})
    twin, first = scene.households[1].code, Household.objects.get(pk=home)
    Household.objects.filter(pk=twin).update(
        identity_index=first.identity_index, address=first.address, room=first.room
    )
    assert refused(lambda: prepared((twin, "1000"))) == ["payment.paid_twice"]


def test_payees_come_from_whoever_knows_agreements(home: str) -> None:
    order = prepare_order(
        actor=payer("maker"), participation=PART, now=NOW, sums=[OrderedSum(home, Decimal("100.00"))],
        payees=lambda households: {
            home: [Payee("甲", "6222000000000001"), Payee("乙", "6222000000000002", Decimal(2))]
        },
    ).code
    lines = PaymentLine.objects.filter(order=order).order_by("reference")
    assert [line.amount_yuan for line in lines] == [Decimal("33.33"), Decimal("66.67")]
    assert lines[0].payee_masked == "甲"
    assert "6222000000000001" not in lines[0].account_masked
    check_order(actor=payer("checker"), order=order, now=later(1))
    authorise_order(actor=payer("authoriser"), order=order, now=later(2))
    answered(order)
    assert balance(home)[1] == Decimal("100.00")


def test_money_that_cannot_be_paid_is_deposited_with_a_notary(home: str) -> None:
    notary = (Payee("公证处提存专户", "6222999900000001"),)
    assert refused(lambda: prepare_order(
        actor=payer("maker"), participation=PART, now=NOW, kind=OrderKind.DEPOSIT,
        sums=[OrderedSum(home, DUE, payees=notary)],
    )) == ["payment.deposit_reason"]
    order = prepare_order(
        actor=payer("maker"), participation=PART, now=NOW, kind=OrderKind.DEPOSIT, purpose="拒绝受领",
        sums=[OrderedSum(home, DUE, payees=notary)],
    ).code
    check_order(actor=payer("checker"), order=order, now=later(1))
    authorise_order(actor=payer("authoriser"), order=order, now=later(2))
    assert refused(lambda: answered(order)) == ["payment.deposit_certificate"]
    certificate = OfferedFile("deposit_certificate", "certificate.pdf", pdf())
    assert refused(lambda: record_deposit(
        actor=payer("maker"), order=order, certificate=certificate, deposited_on=date(2025, 2, 13), now=later(3)
    )) == ["payment.before_authorised"]
    deed = record_deposit(
        actor=payer("maker"), order=order, certificate=certificate, deposited_on=NOW.date(), now=later(3)
    )
    fact = Fact.objects.get(deed=deed)
    assert (fact.kind, fact.attributes["amount_yuan"]) == ("compensation_deposited", "430000.00")
    assert balance(home) == (DUE, DUE, Decimal(0))


@pytest.mark.parametrize("kind", ["paid", "compensation_deposited", "payment_received"])
def test_the_form_for_facts_records_no_payment(home: str, kind: str) -> None:
    assert refused(lambda: record_fact(
        actor=payer("maker"), subject=home, kind=kind, happened_on=NOW.date(), attributes={"amount_yuan": "1"},
        files=[], now=NOW,
    )) == ["casework.through_page"]


ROLES = (
    "mayor", "vice_mayor", "coordinator", "inspector", "district_leader", "field_officer", "department", "appraiser",
    "auditor", "family",
)


@pytest.mark.parametrize("role", ROLES)
def test_only_the_paying_unit_moves_money(home: str, role: str) -> None:
    order, actor = prepared((home, "1000")), actor_with(role)
    acts: list[Callable[[], object]] = [
        lambda: prepare_order(actor=actor, participation=PART, sums=[OrderedSum(home, Decimal(1))], now=NOW),
        lambda: check_order(actor=actor, order=order, now=NOW),
        lambda: return_order(actor=actor, order=order, reason="x", now=NOW),
        lambda: cancel_order(actor=actor, order=order, reason="x", now=NOW),
    ]
    for one in acts:
        assert refused(one) == ["authority.not_granted"]
    check_order(actor=payer("checker"), order=order, now=later(1))
    assert refused(lambda: authorise_order(actor=actor, order=order, now=NOW)) == ["authority.not_granted"]
    authorise_order(actor=payer("authoriser"), order=order, now=later(2))
    from tests.apps.funds.kit import reply_file
    from zhengtu.funds.paying import record_reply

    assert refused(lambda: record_reply(
        actor=actor, order=order, file=reply_file(reply_rows(order)), name="reply.csv", now=later(3)
    )) == ["authority.not_granted"]


def test_another_client_pays_nothing_here(home: str) -> None:
    other = actor_with("client", CHANGYI)
    assert refused(lambda: prepare_order(
        actor=other, participation=PART, sums=[OrderedSum(home, Decimal(1))], now=NOW
    )) == ["authority.not_granted"]
    assert RAILWAY_INVESTMENT not in {posting.unit for posting in other.postings}


def test_whoever_signed_moves_no_money_of_that_household(home: str) -> None:
    signer = actor_with("field_officer")
    both = Actor(signer.person, (*signer.postings, Posting("client", RAILWAY_INVESTMENT)))
    order = prepared((home, "1000"))
    assert set(refused(lambda: prepare_order(
        actor=both, participation=PART, sums=[OrderedSum(home, Decimal(1))], now=NOW
    ))) == {"authority.both_hands"}
    assert "authority.both_hands" in refused(lambda: check_order(actor=both, order=order, now=later(1)))
