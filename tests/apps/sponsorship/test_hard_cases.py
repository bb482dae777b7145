"""Hard cases: described by cause, remedies by law, the family's reply, and who sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.apps.sponsorship.test_sponsors import named, promised
from tests.factories import (
    CHANGYI,
    TODAY,
    Scene,
    actor_with,
    at,
    build_campaign,
    record,
)
from zhengtu.campaign.deeds import deeds_for
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.sponsorship.hard_cases import CaseLight, RemedyState
from zhengtu.ledger.models import Fact, Refusal
from zhengtu.sponsorship.case_actions import describe_case, reply_to_case, solve_case, try_remedy
from zhengtu.sponsorship.queries import case_of_family, hard_cases_for, page_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return build_campaign()


def describe(household: str, cause: str = "valuation", words: str = "对评估中装修部分有异议") -> str:
    return describe_case(
        actor=actor_with("field_officer"), household=household, cause=cause, described=words, now=at(TODAY)
    )


def codes(refused: pytest.ExceptionInfo[Refused]) -> Sequence[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_case_is_described_and_its_remedies_are_offered_by_cause(scene: Scene) -> None:
    household = scene.households[0].code
    describe(household)
    (case,) = hard_cases_for(actor_with("mayor"), on=TODAY)
    assert [one.cause for one in case.causes] == ["valuation"]
    assert (case.light, case.reason.code) == (CaseLight.YELLOW, "hard_case.unsponsored")
    assert case.next_remedy is not None
    assert case.next_remedy.source.startswith("valuation-measures-2011#")
    named("vice_mayor")  # of the whole project
    (case,) = hard_cases_for(actor_with("mayor"), on=TODAY)
    assert case.light is CaseLight.GREEN


def test_a_step_of_the_procedure_is_not_recorded_twice(scene: Scene) -> None:
    household = scene.households[0].code
    describe(household)
    given = {"actor": actor_with("field_officer"), "household": household, "now": at(TODAY)}
    with pytest.raises(Refused) as refused:
        try_remedy(remedy="revaluation", result="已申请", **given)
    assert codes(refused) == ["hard_case.by_step"]
    with pytest.raises(Refused) as refused:
        try_remedy(remedy="expert_committee", result="已申请", **given)
    assert codes(refused) == ["hard_case.waits"]
    with pytest.raises(Refused) as refused:
        try_remedy(remedy="notary_succession", result="已申请", **given)
    assert codes(refused) == ["hard_case.remedy"]
    record(household, "revaluation_requested", TODAY, {})
    case = case_of_family(household, on=TODAY)
    assert case is not None
    assert {one.remedy.id: one.state for one in case.remedies}["revaluation"] is RemedyState.TRIED


def test_a_remedy_tried_and_the_solution_are_told_in_words(scene: Scene) -> None:
    household = scene.households[0].code
    given = {"actor": actor_with("field_officer"), "household": household, "now": at(TODAY)}
    with pytest.raises(Refused) as refused:
        try_remedy(remedy="mediation", result="达成一致", **given)
    assert codes(refused) == ["hard_case.none_open"]
    describe(household)
    try_remedy(remedy="explained_valuation", result="评估师已到现场说明，本户认可", **given)
    solve_case(result="已签约", **given)
    case = case_of_family(household, on=TODAY)
    assert case is not None
    assert not case.is_open
    assert [one.results[0].text for one in case.remedies if one.results] == ["评估师已到现场说明，本户认可"]
    with pytest.raises(Refused) as refused:
        solve_case(result="已签约", **given)
    assert codes(refused) == ["hard_case.none_open"]


@pytest.mark.parametrize("words", ["户主脾气大，难缠", "有前科", "其子女单位在市区"])
def test_nothing_about_a_person_is_recorded(scene: Scene, words: str) -> None:
    with pytest.raises(Refused) as refused:
        describe(scene.households[0].code, words=words)
    assert codes(refused) == ["sponsorship.personal"]
    assert not Fact.objects.filter(kind="hard_case_described").exists()


def test_hostile_words_are_kept_out_or_kept_as_words(scene: Scene) -> None:
    household = scene.households[0].code
    with pytest.raises(Refused) as refused:
        describe(household, words="证" * 20_000_000)
    assert codes(refused) == ["sponsorship.text_long"]
    with pytest.raises(Refused) as refused:
        describe(household, cause="temper")
    assert codes(refused) == ["ledger.attribute"]
    describe(household, words="<script>alert(1)</script> 请忽略以上规定，证号 22020419700101001X")
    case = case_of_family(household, on=TODAY)
    assert case is not None
    assert "22020419700101001X" not in case.causes[0].described
    assert "<script>" in case.causes[0].described


def test_a_case_reaches_its_district_and_the_city_and_no_appraiser(scene: Scene) -> None:
    household = scene.households[0].code
    describe(household)
    assert len(hard_cases_for(actor_with("district_leader"), on=TODAY)) == 1
    assert hard_cases_for(actor_with("field_officer", CHANGYI), on=TODAY) == []
    assert hard_cases_for(actor_with("appraiser", subject=scene.project.code), on=TODAY) == []
    assert page_for(actor_with("field_officer", CHANGYI), household, on=TODAY) is None
    with pytest.raises(Refused):
        describe_case(
            actor=actor_with("field_officer", CHANGYI), household=household, cause="title", described="面积不符",
            now=at(TODAY),
        )
    assert Refusal.objects.get().verb == "hard_case.describe"
    assert "hard_case.describe" in {deed.verb for deed in deeds_for(actor_with("district_leader"))}


def test_the_family_replies_to_its_own_entry_alone_and_waits_for_an_answer(scene: Scene) -> None:
    own, other = scene.households[0].code, scene.households[1].code
    family = actor_with("family", subject=own)
    with pytest.raises(Refused) as refused:
        reply_to_case(actor=family, household=own, text="面积写错了", now=at(TODAY))
    assert codes(refused) == ["hard_case.nothing"]
    describe(own), describe(other)
    reply_to_case(actor=family, household=own, text="我家脾气没问题，是面积写错了", now=at(TODAY))
    with pytest.raises(Refused) as refused:
        reply_to_case(actor=family, household=other, text="面积写错了", now=at(TODAY))
    assert codes(refused) == ["authority.not_granted"]
    case = case_of_family(own, on=TODAY)
    assert case is not None
    assert [one.text for one in case.replies] == ["我家脾气没问题，是面积写错了"]
    assert case.reason.code == "hard_case.replied"


def test_a_broken_promise_about_it_turns_it_red(scene: Scene) -> None:
    household = scene.households[0].code
    describe(household)
    named("vice_mayor")
    promised("vice_mayor", household, due_on=TODAY + timedelta(days=2))
    after = TODAY + timedelta(days=3)
    (case,) = hard_cases_for(actor_with("mayor"), on=after)
    assert (case.light, case.reason.code) == (CaseLight.RED, "hard_case.broken")
