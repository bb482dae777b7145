"""Policies tried and adopted: what a trial leaves alone, how it recomputes, and what refuses a scheme."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    CHANGYI,
    CHUANYING,
    CHUANYING_SECTION,
    NOW,
    PROJECT,
    TODAY,
    Scene,
    actor_with,
    announce,
    build_campaign,
    record,
)
from zhengtu.casework.adopted_plans import adopt_plan, may_adopt, plan_projects_for, plan_versions
from zhengtu.casework.compensation_facts import rules_for
from zhengtu.casework.models import AdoptedPlan, Agreement, PolicyTrial, TrialStage
from zhengtu.casework.policy_trials import (
    carry_out_trial,
    compute_again,
    gathered_inputs,
    is_dead,
    kept_comparison,
    kept_inputs,
    reproduces,
    start_trial,
    trial_subjects_for,
    trials_for,
)
from zhengtu.core.compensation.parameter_trying import Change
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Deed, Fact, Refusal
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.ledger.rulebook import current_compensation

pytestmark = pytest.mark.django_db

FEE = Change("state_land.relocation_fee.dwelling", {"per_household": "3000"})
PART = f"{CHUANYING}-P0001"
SCHEME = {"parameters": [
    {"id": "moving_reward", "values": [
        {"value": {"measure": "after_signing", "tiers": [{"until_day": "15", "per_household": "6000"}]}}
    ]},
]}


@pytest.fixture
def scene() -> Scene:
    scene = build_campaign()
    announce()
    return scene


def value(code: str, on: date = date(2025, 1, 12)) -> None:
    record(code, "valued", on, {
        "value_yuan": "412000.00", "market_value_yuan": "400000.00", "value_on": "2025-01-08", "appraiser": "江城评估",
    })


def attempt(**options: Any) -> PolicyTrial:
    given = {
        "actor": actor_with("coordinator"), "subject": PROJECT, "title": "搬迁费提高", "tried_on": TODAY,
        "changes": [FEE], "parameter_set": "", "signing_day": None, "now": NOW, **options,
    }
    return start_trial(**given)


def papers(*kinds: str) -> list[OfferedFile]:
    return [OfferedFile(kind, f"{kind}.txt", ContentFile(kind.encode())) for kind in kinds]


def adopt(**options: Any) -> AdoptedPlan:
    given = {
        "actor": actor_with("district_leader"), "project": PROJECT, "plan": SCHEME, "from_on": date(2025, 1, 1),
        "parameter_set": "standard", "files": papers("compensation_scheme", "approval"), "now": NOW, **options,
    }
    return adopt_plan(**given)


def refusal_codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


# Trials


def test_a_small_trial_is_computed_at_once_and_touches_nothing_real(scene: Scene) -> None:
    for household in scene.households[:2]:
        value(household.code)
    real: list[type[Model]] = [Fact, Agreement, AdoptedPlan]
    before = [model.objects.count() for model in real]
    trial = attempt()
    assert trial.stage == TrialStage.DONE
    comparison = kept_comparison(trial.result_file)
    # A: 800 yuan for 60 m² and 8 yuan for each of the 38.50 m² beyond (recognised area counts), B: 3,000 yuan.
    assert {str(change.change) for change in comparison.changes} == {"1892.00"}
    assert len(comparison.changes) == 2
    assert len({refusal.household for refusal in comparison.refusals}) == 4
    assert [model.objects.count() for model in real] == before
    deed = Deed.objects.get(pk=trial.asked_deed)
    assert (deed.verb, deed.subject) == ("policy.try", PROJECT)
    assert not Fact.objects.filter(deed=deed).exists()


def test_the_same_input_has_the_same_digest_and_gives_the_same_result(scene: Scene) -> None:
    value(scene.households[0].code)
    trial, twin = attempt(), attempt(title="再算一次")
    assert (trial.input_digest, trial.result_digest) == (twin.input_digest, twin.result_digest)
    assert reproduces(trial)
    value(scene.households[1].code)
    later = attempt()
    assert later.input_digest != trial.input_digest
    assert reproduces(trial), "what was recorded later does not reach the kept input"
    assert kept_inputs(trial) != gathered_inputs(trial)


def test_who_has_not_signed_may_be_taken_to_sign_on_a_day(scene: Scene) -> None:
    adopt()
    value(scene.households[0].code)
    plain, assumed = attempt(), attempt(signing_day=10)
    assert kept_comparison(plain.result_file).total_a < kept_comparison(assumed.result_file).total_a


def test_a_large_trial_waits_for_the_worker_and_can_be_found(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhengtu.casework.policy_trials.AT_ONCE", 1)
    trial = attempt()
    assert trial.stage == TrialStage.QUEUED
    assert carry_out_trial(trial.pk, clock=lambda: NOW) == TrialStage.DONE
    assert carry_out_trial(trial.pk, clock=lambda: NOW) == TrialStage.DONE, "a finished trial is left alone"


def test_a_trial_whose_worker_died_is_computed_again(scene: Scene) -> None:
    trial = attempt()
    PolicyTrial.objects.filter(pk=trial.pk).update(stage=TrialStage.RUNNING, moved_at=NOW)
    trial.refresh_from_db()
    assert not is_dead(trial, now=NOW)
    assert is_dead(trial, now=NOW.replace(hour=12))
    compute_again(trial)
    assert carry_out_trial(trial.pk, clock=lambda: NOW) == TrialStage.DONE


@pytest.mark.parametrize(("options", "code"), [
    ({"title": " "}, "policy.title_missing"),
    ({"changes": []}, "policy.nothing_changed"),
    ({"changes": [Change("state_land.relocation_fee.dwelling", {"per_m2": "viel"})]},
     "compensation.parameter_malformed"),
    ({"changes": [Change("no_such", "1")]}, "compensation.parameter_malformed"),
    ({"actor": None}, "authority.not_granted"),
])
def test_a_trial_is_refused_with_its_reason_and_leaves_no_row(scene: Scene, options: dict[str, Any], code: str) -> None:
    if "actor" in options:
        options = {"actor": actor_with("field_officer")}
    with pytest.raises(Refused) as refused:
        attempt(**options)
    assert refusal_codes(refused) == [code]
    assert not PolicyTrial.objects.exists()
    assert Refusal.objects.filter(verb="policy.try").count() == 1


def test_a_district_tries_only_its_own_part_and_sees_no_other(scene: Scene) -> None:
    leader, neighbour = actor_with("district_leader"), actor_with("district_leader", CHANGYI)
    assert [code for code, *_ in trial_subjects_for(leader)] == [PART, CHUANYING_SECTION]
    with pytest.raises(Refused):
        attempt(actor=leader)
    own, whole = attempt(actor=leader, subject=PART), attempt()
    assert {one.facts.place for one in kept_inputs(own).households} == {CHUANYING}
    assert list(trials_for(leader)) == [own]
    assert list(trials_for(neighbour)) == []
    assert set(trials_for(actor_with("mayor"))) == {own, whole}
    assert set(trials_for(actor_with("client"))) == {own, whole}
    assert list(trials_for(actor_with("department"))) == []


def test_the_queries_of_a_trial_do_not_grow_with_its_households(scene: Scene) -> None:
    trial = attempt()
    with CaptureQueriesContext(connection) as one:
        gathered_inputs(trial)
    for household in scene.households:
        value(household.code)
    with CaptureQueriesContext(connection) as more:
        gathered_inputs(trial)
    assert len(more) == len(one) <= 14


# Adopted schemes


def test_a_published_scheme_is_adopted_by_the_leading_district_and_holds(scene: Scene) -> None:
    plan = adopt()
    assert (plan.version, plan.adopted_deed[:6]) == (1, CHUANYING)
    rate = rules_for(PROJECT).parameters.on(date=TODAY, place=CHUANYING, project=PROJECT).find("moving_reward")
    assert rate is not None
    assert rate.dated.place == PROJECT
    later = adopt(from_on=date(2025, 2, 1), plan={"parameters": [{"id": "moving_reward", "values": [
        {"value": {"measure": "after_signing", "tiers": [{"until_day": "15", "per_household": "7000"}]}}
    ]}]})
    assert later.version == 2
    versions = plan_versions(scene.project)
    assert [(one.plan.version, [change.parameter.id for change in one.changes]) for one in versions] == [
        (2, ["moving_reward"]), (1, ["moving_reward"]),
    ]


def test_only_the_leading_district_adopts(scene: Scene) -> None:
    assert may_adopt(actor_with("district_leader"), PROJECT)
    for role, unit in (("district_leader", CHANGYI), ("coordinator", ""), ("field_officer", ""), ("client", "")):
        actor = actor_with(role, unit)
        assert not may_adopt(actor, PROJECT)
        with pytest.raises(Refused) as refused:
            adopt(actor=actor)
        assert refusal_codes(refused) == ["authority.not_granted"]
    assert not AdoptedPlan.objects.exists()


def test_a_scheme_may_not_set_what_the_city_sets(scene: Scene) -> None:
    entry = {"id": "state_land.relocation_fee.dwelling", "values": [{"value": {"per_household": "2000"}}]}
    with pytest.raises(Refused) as refused:
        adopt(plan={"parameters": [*SCHEME["parameters"], entry]})
    assert refusal_codes(refused) == ["compensation.wrong_level"]


@pytest.mark.parametrize(("options", "codes"), [
    ({"files": []}, ["ledger.evidence_missing", "ledger.evidence_missing"]),
    ({"plan": {"parameters": []}}, ["policy.scheme_empty"]),
    ({"parameter_set": "no_such"}, ["policy.unknown_set"]),
    ({"from_on": date(2020, 1, 1)}, ["policy.scheme_unpublished"]),
])
def test_a_scheme_is_refused_with_its_reason(scene: Scene, options: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        adopt(**options)
    assert refusal_codes(refused) == codes
    assert not AdoptedPlan.objects.exists()


def test_a_scheme_that_was_not_published_is_refused() -> None:
    build_campaign()
    with pytest.raises(Refused) as refused:
        adopt()
    assert refusal_codes(refused) == ["policy.scheme_unpublished"]
    assert refused.value.reasons[0].source


def test_a_later_scheme_begins_after_the_earlier_one(scene: Scene) -> None:
    adopt(from_on=date(2025, 2, 1))
    with pytest.raises(Refused) as refused:
        adopt(from_on=date(2025, 1, 20))
    assert refusal_codes(refused) == ["policy.scheme_order"]


def test_who_has_signed_is_never_due_less(scene: Scene) -> None:
    adopt(from_on=date(2025, 1, 1))
    code = scene.households[0].code
    value(code)
    record(code, "signed", date(2025, 1, 14), {"option": "cash", "amount_yuan": "430000.00"})
    record(code, "vacated", date(2025, 1, 20))
    less = {"parameters": [{"id": "moving_reward", "values": [
        {"value": {"measure": "after_signing", "tiers": [{"until_day": "15", "per_household": "1000"}]}}
    ]}]}
    with pytest.raises(Refused) as refused:
        adopt(from_on=date(2025, 1, 2), plan=less)
    assert refusal_codes(refused) == ["policy.lowers_settled"]
    assert refused.value.reasons[0].parameters["households"] == code
    # From a day after the one that they were valued for, the new scheme leaves them what they were promised.
    assert adopt(from_on=date(2025, 2, 1), plan=less).version == 2


def test_the_demonstration_scheme_can_be_adopted_as_it_stands(scene: Scene) -> None:
    plan = adopt(plan=current_compensation().schemes["demonstration"])
    assert plan.plan["confidence"] == "illustrative"


def test_a_list_of_schemes_asks_little_and_shows_only_projects_in_reach(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    actor = actor_with("district_leader")
    with django_assert_max_num_queries(1):
        rows = list(plan_projects_for(actor))
    assert [row.code for row in rows] == [PROJECT]
