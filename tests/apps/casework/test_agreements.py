"""An agreement's life: drafted, checked by another, signed with its scan, supplemented; and everything refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from tests.compensation_scene import CASH, DATES, OUT_BY, PAY_BY, SIGN_ON, build_compensation_scene
from tests.factories import (
    ANNOUNCED_ON,
    NOW,
    PROJECT,
    TODAY,
    Scene,
    actor_with,
    at,
    personal_data,
    record,
)
from zhengtu.accounts.sealing import search_index, unseal
from zhengtu.casework.actions import OfferedFile, withdraw_fact
from zhengtu.casework.agreement_actions import (
    cancel_agreement,
    check_agreement,
    draft_agreement,
    draft_supplement,
    sign_agreement,
)
from zhengtu.casework.agreement_drafts import AgreedTerms
from zhengtu.casework.agreement_queries import agreements_for, statement_in
from zhengtu.casework.facts import history_of
from zhengtu.casework.models import Agreement, AgreementState, PayeeKind
from zhengtu.casework.payees import NewPayee
from zhengtu.casework.writes import insert_adopted_plan
from zhengtu.core.compensation.agreement_terms import AgreedDates
from zhengtu.core.compensation.facts import Mode, Option, ReplacementHouse, Transition
from zhengtu.core.kernel.money import total
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Deed, Fact, Refusal
from zhengtu.registry.models import Household

pytestmark = pytest.mark.django_db

EXCHANGE = Option(
    mode=Mode.EXCHANGE, transition=Transition.FEE, transition_months=18, signed_on=SIGN_ON, vacated_on=OUT_BY,
    replacements=(ReplacementHouse("和龙新居3号楼501", Decimal("92.00"), Decimal("3000.00")),),
)


@pytest.fixture
def scene() -> Scene:
    return build_compensation_scene()


def scan() -> list[OfferedFile]:
    return [OfferedFile("agreement", "scan.txt", ContentFile(b"signed by both", name="scan.txt"))]


def draft(household: Household, option: Option = CASH, **more: Any) -> Agreement:
    terms = AgreedTerms(option=option, dates=DATES)
    return draft_agreement(
        actor=actor_with("field_officer"), household=household, terms=replace(terms, **more), now=NOW
    )


def check(agreement: Agreement) -> str:
    return check_agreement(actor=actor_with("district_leader"), number=agreement.number, now=NOW)


def sign(agreement: Agreement, on: date = SIGN_ON, **more: Any) -> str:
    given = {"actor": actor_with("field_officer"), "signed_on": on, "files": scan(), "now": NOW, **more}
    return sign_agreement(number=agreement.number, **given)


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def standing(number: str) -> Any:
    return agreements_for(actor_with("mayor")).get(pk=number)


def test_from_draft_over_check_to_the_recorded_signing(scene: Scene) -> None:
    household = scene.households[0]
    agreement = draft(household)
    assert agreement.number == f"{household.code}-A01"
    statement = statement_in(agreement)
    assert statement.total == total([line.amount for line in statement.lines])
    assert statement.of_item("house_value") == Decimal("412000.00")
    assert statement.valued_on == ANNOUNCED_ON
    assert not Fact.objects.filter(kind="signed").exists()
    check(agreement)
    key = sign(agreement)
    fact = Fact.objects.get(kind="signed")
    assert fact.deed_id == key
    assert fact.attributes == {
        "option": "cash", "amount_yuan": str(statement.total), "agreement_number": agreement.number,
        "statement_digest": statement.digest,
    }
    assert standing(agreement.number).standing == "signed"
    assert Deed.objects.get(pk=key).evidence.get().kind == "agreement"


def test_the_registered_owner_is_paid_and_nothing_of_it_lies_open(scene: Scene) -> None:
    agreement, personal = draft(scene.households[0]), personal_data(1)
    payee = agreement.payees.get()
    assert (payee.kind, payee.share_yuan) == (PayeeKind.HOUSEHOLD, agreement.amount_yuan)
    assert personal["account"] not in f"{payee.account_masked} {payee.name_masked}"
    assert payee.account_index == search_index(personal["account"])
    assert unseal(payee.personal_sealed)["account"] == personal["account"]


def test_an_exchange_settles_the_difference_and_keeps_house_and_transition(scene: Scene) -> None:
    agreement = draft(scene.households[0], EXCHANGE)
    statement = statement_in(agreement)
    assert statement.of_item("replacement_house") == Decimal("-276000.00")
    assert agreement.amount_yuan == statement.total > 0
    assert agreement.option["replacements"][0]["code"] == "和龙新居3号楼501"


def test_where_the_household_pays_the_difference_nothing_is_paid_and_nobody_is_a_payee(scene: Scene) -> None:
    dear = replace(EXCHANGE, replacements=(ReplacementHouse("江畔1号楼101", Decimal("120.00"), Decimal("9000.00")),))
    agreement = draft(scene.households[0], dear)
    assert statement_in(agreement).total < 0
    assert (agreement.amount_yuan, agreement.payees.count()) == (Decimal("0.00"), 0)


# Refusals


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({"dates": AgreedDates(SIGN_ON, None, OUT_BY)}, ["agreement.term_missing"]),
        ({"dates": AgreedDates(SIGN_ON, OUT_BY, PAY_BY)}, ["agreement.moves_before_payment"]),
        ({"option": replace(EXCHANGE, replacements=())},
         ["agreement.term_missing", "compensation.replacement_mismatch"]),
        ({"option": replace(EXCHANGE, transition_months=0)},
         ["agreement.term_missing", "compensation.transition_open"]),
        ({"payees": [NewPayee("household", "王建国", "6222", "", Decimal("1.00"))]}, ["agreement.shares_differ"]),
        ({"payees": [NewPayee("household", "王建国", "", "", Decimal("1.00"))]},
         ["agreement.shares_differ", "agreement.payee_incomplete"]),
    ],
)
def test_no_draft_with_a_term_or_payee_missing(scene: Scene, more: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        draft(scene.households[0], **{"option": CASH, **more})
    assert codes_of(refused) == codes
    assert not Agreement.objects.exists()
    assert Refusal.objects.filter(verb="agreement.draft").count() == 1


def test_no_draft_without_a_valuation(scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        draft(scene.households[1])
    assert "compensation.not_valued" in codes_of(refused)


def test_one_open_agreement_at_a_time_and_a_cancelled_one_makes_room(scene: Scene) -> None:
    agreement = draft(scene.households[0])
    with pytest.raises(Refused) as refused:
        draft(scene.households[0])
    assert codes_of(refused) == ["agreement.one_is_open"]
    with pytest.raises(Refused) as refused:
        cancel_agreement(actor=actor_with("field_officer"), number=agreement.number, reason=" ", now=NOW)
    assert codes_of(refused) == ["agreement.cancel_reason_missing"]
    cancel_agreement(actor=actor_with("field_officer"), number=agreement.number, reason="改选产权调换", now=NOW)
    assert draft(scene.households[0], EXCHANGE).number.endswith("-A02")
    assert standing(agreement.number).standing == "cancelled"


def test_roles_keep_to_their_part(scene: Scene) -> None:
    household = scene.households[0]
    for role in ("district_leader", "client", "mayor"):
        with pytest.raises(Refused) as refused:
            draft_agreement(actor=actor_with(role), household=household, terms=AgreedTerms(CASH, DATES), now=NOW)
        assert codes_of(refused) == ["authority.not_granted"]
    agreement = draft(household)
    for role in ("field_officer", "client"):
        with pytest.raises(Refused) as refused:
            check_agreement(actor=actor_with(role), number=agreement.number, now=NOW)
        assert codes_of(refused) == ["authority.not_granted"]
    check(agreement)
    with pytest.raises(Refused) as refused:
        sign(agreement, actor=actor_with("district_leader"))
    assert codes_of(refused) == ["authority.not_granted"]


def test_who_drafted_does_not_check_and_who_checked_does_not_sign(scene: Scene) -> None:
    officer, leader = actor_with("field_officer"), actor_with("district_leader")
    both = replace(officer, postings=(*officer.postings, *leader.postings))
    agreement = draft(scene.households[0])
    with pytest.raises(Refused) as refused:
        check_agreement(actor=both, number=agreement.number, now=NOW)
    assert "agreement.own_draft" in codes_of(refused)
    check(agreement)
    with pytest.raises(Refused) as refused:
        sign(agreement, actor=replace(both, person=leader.person))
    assert "agreement.own_check" in codes_of(refused)


def test_nothing_is_signed_unchecked_without_its_scan_or_before_the_report_is_served(scene: Scene) -> None:
    agreement = draft(scene.households[0])
    with pytest.raises(Refused) as refused:
        sign(agreement)
    assert codes_of(refused) == ["agreement.not_in_state"]
    check(agreement)
    with pytest.raises(Refused) as refused:
        sign(agreement, files=[])
    assert any("evidence" in code for code in codes_of(refused))
    with pytest.raises(Refused):
        sign(agreement, on=date(2025, 1, 12))
    assert not Fact.objects.filter(kind="signed").exists()
    assert standing(agreement.number).standing == "checked"


def test_a_check_computes_again_and_refuses_what_has_changed_since(scene: Scene) -> None:
    household = scene.households[0]
    agreement = draft(household)
    record(household.code, "item_inventoried", TODAY, {"item": "fruit_tree", "quantity": "10"}, recorded_at=NOW)
    with pytest.raises(Refused) as refused:
        check(agreement)
    assert codes_of(refused) == ["agreement.statement_differs"]
    assert "3000.00" in refused.value.reasons[0].parameters["items"]


def test_signed_later_than_assumed_the_reward_is_another_and_signing_is_refused(scene: Scene) -> None:
    early = date(2025, 1, 17)
    option = replace(CASH, signed_on=early, vacated_on=date(2025, 1, 19))
    agreement = draft(scene.households[0], option, dates=AgreedDates(early, early, date(2025, 1, 19)))
    assert statement_in(agreement).of_item("signing_reward") == Decimal("30000.00")
    check(agreement)
    with pytest.raises(Refused) as refused:
        sign(agreement, on=TODAY)
    assert "agreement.statement_differs" in codes_of(refused)
    sign(agreement, on=date(2025, 1, 18))


# After signing


def test_after_signing_nothing_changes_and_a_supplement_goes_the_same_way(scene: Scene) -> None:
    household = scene.households[0]
    first = draft(household)
    check(first)
    sign(first)
    with pytest.raises(Refused) as refused:
        draft(household)
    assert codes_of(refused) == ["agreement.signed_already"]
    record(household.code, "item_inventoried", TODAY, {"item": "fruit_tree", "quantity": "10"}, recorded_at=NOW)
    officer = actor_with("field_officer")
    with pytest.raises(Refused) as refused:
        draft_supplement(actor=officer, previous=first, terms=AgreedTerms(CASH, DATES), now=NOW)
    assert codes_of(refused) == ["agreement.reason_missing"]
    second = draft_supplement(
        actor=officer, previous=first, terms=AgreedTerms(CASH, DATES, reason="补登附属物"), now=NOW
    )
    assert (second.number, second.previous_id) == (f"{household.code}-B02", first.number)
    assert second.amount_yuan == first.amount_yuan + Decimal("3000.00")
    check(second)
    sign(second)
    fact = Fact.objects.get(kind="agreement_supplemented")
    assert fact.attributes["amount_yuan"] == str(second.amount_yuan)
    assert fact.attributes["reason"] == "补登附属物"
    assert (standing(first.number).standing, standing(second.number).standing) == ("supplemented", "signed")


def test_the_database_keeps_what_an_agreement_says(scene: Scene) -> None:
    agreement = draft(scene.households[0])
    rows = Agreement.objects.filter(pk=agreement.number)
    for change in ({"amount_yuan": Decimal(1)}, {"statement": b"{}"}, {"state": AgreementState.SIGNED}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        agreement.payees.update(share_yuan=Decimal(1))
    check(agreement)
    sign(agreement)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state=AgreementState.CANCELLED)


def test_a_signing_with_an_agreement_behind_it_is_not_withdrawn_by_hand(scene: Scene) -> None:
    household = scene.households[0]
    agreement = draft(household)
    check(agreement)
    sign(agreement)
    fact = next(fact for fact in history_of(household.code) if fact.kind == "signed")
    with pytest.raises(Refused) as refused:
        withdraw_fact(actor=actor_with("field_officer"), fact=fact, reason="误录", now=NOW)
    assert "casework.agreement_stands" in codes_of(refused)


def test_performed_follows_from_payment_in_full_and_moving_out(scene: Scene) -> None:
    household = scene.households[0]
    agreement = draft(household)
    check(agreement)
    sign(agreement)
    half = agreement.amount_yuan - Decimal("1000.00")
    wrong = record(household.code, "paid", date(2025, 2, 15), {"amount_yuan": "999.00"})
    record(household.code, "paid", date(2025, 2, 15), {"amount_yuan": str(half)}, supersedes=f"{wrong}/1")
    record(household.code, "vacated", date(2025, 2, 16))
    assert standing(agreement.number).standing == "signed"
    assert standing(agreement.number).paid_yuan == half
    record(household.code, "compensation_deposited", date(2025, 2, 17), {"amount_yuan": "1000.00"})
    assert standing(agreement.number).standing == "performed"


def test_a_frozen_statement_stays_the_same_when_later_parameters_are_adopted(scene: Scene) -> None:
    agreement = draft(scene.households[0])
    before = bytes(agreement.statement)
    insert_adopted_plan(
        project=PROJECT, from_on=date(2025, 6, 1), approval_sha256="1" * 64, deed="220204-D000000002",
        plan={"parameters": [{"id": "cash_reward", "values": [{"value": {
            "measure": "both", "tiers": [{"until_day": 90, "share": "0.5"}]}}]}]},
    )
    check_agreement(actor=actor_with("district_leader"), number=agreement.number, now=at(TODAY))
    assert bytes(Agreement.objects.get().statement) == before


def test_agreements_of_another_district_do_not_exist(scene: Scene) -> None:
    draft(scene.households[0])
    assert agreements_for(actor_with("field_officer", "220202")).count() == 0
    assert agreements_for(actor_with("client")).count() == 1
