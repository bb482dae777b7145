"""The gate inside every deed: what the law excludes is refused whoever records it, and nothing is left half-written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile

from tests.factories import (
    ANNOUNCED_ON,
    CHANGYI,
    CHUANYING,
    NOW,
    PROJECT,
    TODAY,
    Scene,
    advance,
    announce,
    build_campaign,
    record,
    recording_actor,
    serve_valuation,
)
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import keep_file
from zhengtu.ledger.models import Deed, Fact, Milestones, Refusal
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Regime
from zhengtu.registry.procedure_cases import case_of
from zhengtu.registry.queries import subject_of

pytestmark = pytest.mark.django_db

PART = f"{CHUANYING}-P0001"


@pytest.fixture
def scene() -> Scene:
    scene = build_campaign()
    announce(CHUANYING)
    return scene


def put(subject: str, *facts: NewFact, evidence: Sequence[str] | None = None) -> str:
    """Record facts in one deed as a script with the ledger in its hands would, with all the papers they ask for."""
    rules = current_rulebook()
    asked = evidence
    if asked is None:
        asked = list(dict.fromkeys(kind for fact in facts for kind in rules.evidence_of(fact.kind)))
    files = [
        keep_file(ContentFile(f"{subject} {kind}".encode()), kind=kind, name=f"{kind}.txt", media_type="text/plain")
        for kind in asked
    ]
    verb = rules.fact_kinds[facts[0].kind].verb
    with act(recording_actor(verb, subject), verb, on=subject_of(subject), at=NOW) as deed:
        return deed.record(facts=facts, evidence=files)


def refused(subject: str, *facts: NewFact, evidence: Sequence[str] | None = None) -> dict[str, Reason]:
    """The reasons by code; the deed, its facts and its milestones are not there."""
    before = (Deed.objects.count(), Fact.objects.count(), list(Milestones.objects.order_by("pk").values()))
    with pytest.raises(Refused) as caught:
        put(subject, *facts, evidence=evidence)
    assert (Deed.objects.count(), Fact.objects.count(), list(Milestones.objects.order_by("pk").values())) == before
    assert Refusal.objects.latest("pk").reasons[0]["code"] == caught.value.reasons[0].code
    return {reason.code.removeprefix("procedure."): reason for reason in caught.value.reasons}


def of(subject: str, kind: str, on: date, /, **attributes: Any) -> NewFact:
    kinds = {len(CHUANYING) + 6: "participation"}
    subject_kind = kinds.get(len(subject), "household" if "-H" in subject else "section")
    return NewFact(subject_kind, subject, kind, on, attributes)


def test_nobody_vacates_before_the_compensation_is_whole(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="signed")
    put(household, of(household, "paid", date(2025, 1, 20), amount_yuan="200000.00"))
    reason = refused(household, of(household, "vacated", TODAY))["compensation_short"]
    assert (reason.parameters["due"], reason.parameters["paid"]) == ("430000.00", "200000.00")
    assert reason.source == "state-council-decree-590#27(1)"
    put(household, of(household, "paid", date(2025, 2, 1), amount_yuan="230000.00"))
    put(household, of(household, "vacated", TODAY))
    assert Milestones.objects.get(subject=household).vacated_on == TODAY


def test_a_deed_may_carry_a_step_and_what_it_rests_on_in_this_order_alone(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="valued")
    serve_valuation(household)
    signed = of(household, "signed", date(2025, 1, 20), option="cash", amount_yuan="1.00")
    paid = of(household, "paid", date(2025, 1, 20), amount_yuan="1.00")
    papers = ["agreement", "payment_voucher"]
    assert "step_missing" in refused(household, paid, signed, evidence=papers)
    put(household, signed, paid, evidence=papers)
    assert Milestones.objects.get(subject=household).paid_on == date(2025, 1, 20)


def test_no_decision_of_expropriation_without_the_money_and_the_full_publication(scene: Scene) -> None:
    part = f"{CHANGYI}-P0001"
    found = refused(part, of(part, "expropriation_decided", TODAY))
    assert {"step_missing", "funds_missing", "buildings_unrecognised"} <= found.keys()
    assert found["funds_missing"].source == "state-council-decree-590#12(2)"
    record(part, "scheme_published", date(2025, 2, 3), {"published_from": "2025-02-03"})
    running = refused(part, of(part, "opinions_registered", TODAY, households=3, objecting_households=0))
    assert running["period_runs"].parameters["until"] == "2025-03-05"
    assert running["period_runs"].parameters["earliest"] == "2025-03-06"


def test_a_participation_sees_the_buildings_that_the_same_deed_recognises(scene: Scene) -> None:
    part = f"{CHANGYI}-P0001"
    case = case_of(part)
    assert case is not None
    assert case.facts.neighbours.unrecognised_buildings == 3
    for household in scene.households[3:]:
        put(household.code, of(household.code, "unregistered_recognised", TODAY, recognised_area_m2="1.00"))
    case = case_of(part)
    assert case is not None
    assert case.facts.neighbours.unrecognised_buildings == 0


def test_a_recognition_that_was_withdrawn_recognises_nothing(scene: Scene) -> None:
    part, household = f"{CHANGYI}-P0001", scene.households[3].code
    put(household, of(household, "unregistered_recognised", TODAY, recognised_area_m2="1.00"))
    case = case_of(part)
    assert case is not None
    assert case.facts.neighbours.unrecognised_buildings == 2
    recognised = Fact.objects.get(subject=household, kind="unregistered_recognised")
    put(household, NewFact(
        "household", household, "withdrawn", TODAY, {"reason": "误录"}, supersedes=recognised.reference
    ))
    case = case_of(part)
    assert case is not None
    assert case.facts.neighbours.unrecognised_buildings == 3


def test_an_appraiser_whom_the_owners_did_not_choose_values_nothing(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="surveyed")
    report = of(
        household, "valued", date(2025, 1, 12), value_yuan="1.00", appraiser="别家评估",
        value_on=ANNOUNCED_ON.isoformat(),
    )
    assert "appraiser_not_chosen" in refused(household, report)


def test_no_compensation_decision_while_the_signing_period_runs(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="valued")
    serve_valuation(household)
    decided = {"amount_yuan": "1.00", "option": "cash", "move_out_by": "2025-03-30", "remedies_stated": "yes"}
    early = refused(household, of(household, "decided", date(2025, 1, 31), **decided))
    assert early["signing_period_runs"].parameters["earliest"] == "2025-02-01"
    put(household, of(household, "decided", date(2025, 2, 1), **decided))


def test_a_house_does_not_fall_while_somebody_still_lives_in_the_building(scene: Scene) -> None:
    first, second = scene.households[:2]
    second.building = first.building
    second.save()
    advance(first, to="vacated")
    down = of(first.code, "demolished", TODAY)
    assert refused(first.code, down)["structure_inhabited"].parameters["count"] == 1
    advance(second, to="paid")
    put(second.code, of(second.code, "vacated", TODAY), down, evidence=["vacating_record", "demolition_record"])
    assert Milestones.objects.get(subject=first.code).demolished_on == TODAY


def test_a_section_is_not_handed_over_with_an_unsettled_household_but_with_the_last_in_the_same_deed(
    scene: Scene,
) -> None:
    section = scene.chuanying.code
    for household in scene.households[:2]:
        advance(household, to="vacated")
    advance(scene.households[2], to="paid")
    last = of(scene.households[2].code, "vacated", TODAY)
    assert "households_remain" in refused(section, of(section, "handed_over", TODAY))
    put(section, last, of(section, "handed_over", TODAY), evidence=["vacating_record", "handover_record"])


def test_the_announcement_is_not_withdrawn_from_under_the_households(scene: Scene) -> None:
    household = scene.households[0].code
    advance(household, to="valued")
    serve_valuation(household)
    announcement = Fact.objects.get(kind="expropriation_announced", subject=PART)
    withdrawn = NewFact(
        "participation", PART, "withdrawn", TODAY, {"reason": "误录"}, supersedes=announcement.reference
    )
    reasons = refused(PART, withdrawn)
    assert set(reasons) == {"pulled_step"}
    with pytest.raises(Refused) as caught:
        put(PART, withdrawn)
    assert household in {reason.parameters.get("household") for reason in caught.value.reasons}


def test_a_step_of_the_other_regime_is_no_step_here(scene: Scene) -> None:
    assert "foreign_step" in refused(PART, of(PART, "land_frozen", TODAY))


def test_history_is_taken_unverified_only_from_before_the_platform_and_without_contradiction(scene: Scene) -> None:
    household = scene.households[0].code

    def earlier(kind: str, on: date, **given: Any) -> NewFact:
        return NewFact("household", household, kind, on, given, is_verified=False)

    assert "not_history" in refused(household, earlier("surveyed", date(2025, 1, 3)))
    signed = earlier("signed", date(2024, 12, 22), option="cash", amount_yuan="500.00")
    paid = earlier("paid", date(2024, 12, 23), amount_yuan="499.99")
    short = refused(household, signed, paid, earlier("vacated", date(2024, 12, 24)))
    assert set(short) == {"compensation_short"}
    put(household, signed, paid)
    assert not Milestones.objects.get(subject=household).is_verified


def test_a_legacy_project_has_no_procedure_but_the_order_of_milestones(scene: Scene) -> None:
    scene.project.regime = Regime.LEGACY_DEMOLITION
    scene.project.save()
    assert case_of(scene.households[0].code) is None
    put(scene.households[0].code, of(scene.households[0].code, "surveyed", TODAY))


def test_a_project_keeps_the_version_that_governs_it(scene: Scene) -> None:
    scene.project.governed_from = date(2019, 5, 1)
    scene.project.save()
    case = case_of(PART)
    assert case is not None
    assert case.procedure.version == "state_land@2018-02-08"
    assert case.facts.platform_since == scene.campaign.start_on
    assert PROJECT not in {fact.reference for fact in case.facts.project}
