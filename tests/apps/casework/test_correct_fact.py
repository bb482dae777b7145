"""Corrections: the old fact stays readable, the history stays consistent, the right stays with who recorded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile

from tests.factories import (
    ANNOUNCED_ON,
    CHOSEN_APPRAISER,
    CHUANYING,
    NOW,
    PROJECT,
    RAILWAY_INVESTMENT,
    TODAY,
    Scene,
    actor_with,
    advance,
    announce,
    build_campaign,
    record,
    serve_valuation,
)
from zhengtu.casework.actions import OfferedFile, correct_fact, withdraw_fact
from zhengtu.casework.facts import RecordedFact, history_of, standing_facts
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Deed, Fact, Milestones

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    scene = build_campaign()
    announce(CHUANYING)
    return scene


def standing(subject: str, kind: str) -> RecordedFact:
    return next(fact for fact in standing_facts(history_of(subject)) if fact.kind == kind)


def corrected(fact: RecordedFact, actor: Actor, on: date, **changes: object) -> str:
    call = {"attributes": dict(fact.attributes), "files": [], "reason": "日期写错", "now": NOW, **changes}
    return correct_fact(actor=actor, fact=fact, happened_on=on, **call)  # type: ignore[arg-type]


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_correction_moves_the_milestone_and_keeps_both_facts(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="valued")
    surveyed = standing(household, "surveyed")
    key = corrected(surveyed, actor_with("field_officer"), date(2025, 1, 9))
    assert Milestones.objects.get(subject=household).surveyed_on == date(2025, 1, 9)
    assert Fact.objects.get(deed=key).supersedes == surveyed.reference
    assert Fact.objects.filter(subject=household, kind="surveyed").count() == 2
    assert Deed.objects.get(pk=key).reasons[0]["parameters"] == {"reason": "日期写错"}


def test_a_correction_of_a_correction_replaces_the_correction(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="surveyed")
    corrected(standing(household, "surveyed"), actor_with("field_officer"), date(2025, 1, 9))
    corrected(standing(household, "surveyed"), actor_with("field_officer"), date(2025, 1, 20))
    assert Milestones.objects.get(subject=household).surveyed_on == date(2025, 1, 20)


def test_a_correction_may_not_pull_a_step_from_under_a_later_one(scene: Scene) -> None:
    household = scene.households[0].code
    dates = advance(household, to="vacated")
    serve_valuation(household)
    with pytest.raises(Refused) as refused:
        corrected(standing(household, "signed"), actor_with("field_officer"), dates["vacated"] + timedelta(days=1))
    assert set(codes_of(refused)) == {"procedure.pulled_step"}
    assert {reason.parameters["step"] for reason in refused.value.reasons} == {
        "step:compensation_paid", "step:household_vacated"
    }
    assert Milestones.objects.get(subject=household).signed_on == dates["signed"]


def test_a_withdrawal_may_not_pull_a_step_from_under_a_later_one(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="vacated")
    with pytest.raises(Refused) as refused:
        withdraw_fact(
            actor=actor_with("field_officer"), fact=standing(household, "signed"), reason="误录", now=NOW
        )
    assert set(codes_of(refused)) == {"procedure.pulled_step", "payment.excess"}


def test_signing_may_be_withdrawn_where_a_decision_carries_the_later_steps(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="valued")
    serve_valuation(household)
    on = date(2025, 2, 3)
    record(household, "signed", on)
    record(household, "decided", on, {"amount_yuan": "425000.00", "owner_unclear": "yes", "remedies_stated": "yes"})
    record(household, "paid", on)
    withdraw_fact(actor=actor_with("field_officer"), fact=standing(household, "signed"), reason="误录", now=NOW)
    assert Milestones.objects.get(subject=household).signed_on is None


def test_a_promise_needs_the_signing_that_it_was_made_with(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="signed")
    record(household, "resettlement_promised", date(2025, 1, 20), {"promised_on": "2026-06-30"})
    with pytest.raises(Refused) as refused:
        withdraw_fact(
            actor=actor_with("field_officer"), fact=standing(household, "signed"), reason="误录", now=NOW
        )
    assert codes_of(refused) == ["ledger.pulled_step"]


def test_a_withdrawn_fact_counts_no_more_and_cannot_be_corrected_again(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="surveyed")
    surveyed = standing(household, "surveyed")
    withdraw_fact(actor=actor_with("field_officer"), fact=surveyed, reason="误录", now=NOW)
    assert Milestones.objects.get(subject=household).surveyed_on is None
    with pytest.raises(Refused) as refused:
        corrected(surveyed, actor_with("field_officer"), date(2025, 1, 9))
    assert codes_of(refused) == ["casework.superseded"]


def test_withdrawing_a_correction_does_not_raise_the_first_fact_again(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="surveyed")
    officer = actor_with("field_officer")
    corrected(standing(household, "surveyed"), officer, date(2025, 1, 9))
    withdraw_fact(actor=officer, fact=standing(household, "surveyed"), reason="误录", now=NOW)
    assert Milestones.objects.get(subject=household).surveyed_on is None
    assert [fact.kind for fact in standing_facts(history_of(household))] == ["registered", "unregistered_recognised"]


def test_vacating_stays_while_the_section_is_handed_over(scene: Scene) -> None:
    for household in scene.households[:3]:
        advance(household, to="vacated")
    record(scene.chuanying.code, "handed_over", date(2025, 1, 20))
    vacated = standing(scene.households[0].code, "vacated")
    officer = actor_with("field_officer")
    with pytest.raises(Refused) as refused:
        withdraw_fact(actor=officer, fact=vacated, reason="误录", now=NOW)
    assert codes_of(refused) == ["ledger.section_handed_over"]
    with pytest.raises(Refused) as refused:
        corrected(vacated, officer, date(2025, 1, 21))
    assert codes_of(refused) == ["ledger.section_handed_over"]
    corrected(vacated, officer, date(2025, 1, 19))


def test_a_field_officer_does_not_correct_what_the_client_paid(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="paid")
    paid = standing(household, "paid")
    with pytest.raises(Refused) as refused:
        corrected(paid, actor_with("field_officer"), paid.happened_on, attributes={"amount_yuan": "1.00"})
    assert codes_of(refused)[0] == "authority.not_granted"
    corrected(
        paid, actor_with("client", RAILWAY_INVESTMENT), paid.happened_on, attributes={"amount_yuan": "429999.00"}
    )
    assert standing(household, "paid").attributes == {"amount_yuan": "429999.00"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": "  ", "on": date(2025, 1, 9)}, "casework.reason_missing"),
        ({"on": date(2025, 1, 10)}, "casework.nothing_changed"),
        ({"on": date(2025, 2, 15)}, "procedure.in_the_future"),
        ({"on": date(2025, 1, 5)}, "ledger.before_its_step"),
    ],
)
def test_corrections_that_are_refused(scene: Scene, changes: dict[str, object], code: str) -> None:
    household = scene.households[0].code
    advance(household, to="surveyed")
    on = changes.pop("on")
    with pytest.raises(Refused) as refused:
        corrected(standing(household, "surveyed"), actor_with("field_officer"), on, **changes)  # type: ignore[arg-type]
    assert codes_of(refused) == [code]


def test_registration_is_not_withdrawn_by_hand(scene: Scene) -> None:
    household = scene.households[0].code
    with pytest.raises(Refused) as refused:
        withdraw_fact(
            actor=actor_with("field_officer"), fact=standing(household, "registered"), reason="误录", now=NOW
        )
    assert codes_of(refused) == ["casework.by_import"]


def test_an_appraiser_corrects_an_own_valuation_with_a_new_report(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="valued")
    report = OfferedFile("valuation_report", "report.txt", ContentFile(b"second report", name="report.txt"))
    key = corrected(
        standing(household, "valued"), actor_with("appraiser", subject=PROJECT), date(2025, 1, 12),
        attributes={
            "value_yuan": "415000", "appraiser": CHOSEN_APPRAISER, "value_on": ANNOUNCED_ON.isoformat(),
        }, files=[report],
    )
    assert Deed.objects.get(pk=key).evidence.get().name == "report.txt"
    assert Milestones.objects.get(subject=household).valued_on == date(2025, 1, 12) < TODAY
