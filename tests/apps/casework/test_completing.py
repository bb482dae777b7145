"""History from before the platform: completed by one person, verified by another, and unverified until then."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.base import ContentFile

from tests.factories import CHUANYING, NOW, Scene, actor_with, announce, at, build_campaign, build_household, register
from zhengtu.casework.actions import correct_fact
from zhengtu.casework.completing import verify_fact
from zhengtu.casework.facts import RecordedFact, history_of, standing_facts
from zhengtu.casework.offered_files import OfferedFile
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.models import Fact, Milestones, Refusal
from zhengtu.registry.queries import subject_of

pytestmark = pytest.mark.django_db

SURVEYED_ON = date(2024, 11, 5)


@pytest.fixture
def household() -> str:
    """A household of 船营区 whose survey was imported from before the campaign, without its form."""
    scene: Scene = build_campaign()
    announce(CHUANYING)
    home = build_household(scene.chuanying, number=9)
    register([home], on=date(2024, 11, 1))
    code = home.code
    survey = NewFact("household", code, "surveyed", SURVEYED_ON, {}, is_verified=False)
    with act(actor_with("field_officer"), "survey.import", on=subject_of(code), at=at(date(2025, 1, 7))) as deed:
        deed.record(facts=[survey])
    return code


def survey_of(household: str) -> RecordedFact:
    return next(fact for fact in standing_facts(history_of(household)) if fact.kind == "surveyed")


def complete(household: str, *, person: str = "field_officer", note: str = "") -> str:
    """Attach the form from the paper file."""
    scan = OfferedFile(kind="survey_form", name="form.txt", file=ContentFile(b"survey form", name="form.txt"))
    return correct_fact(
        actor=actor_with(person), fact=survey_of(household), happened_on=SURVEYED_ON,
        attributes={"note": note} if note else {}, files=[scan], reason="from the paper file", now=NOW,
    )


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


def test_papers_alone_complete_history_which_stays_unverified_until_somebody_else_verifies_it(household: str) -> None:
    complete(household)
    assert not survey_of(household).is_verified
    with pytest.raises(Refused) as refused:
        verify_fact(actor=actor_with("field_officer"), fact=survey_of(household), now=NOW)
    assert codes_of(refused) >= {"casework.own_entry"}
    assert not survey_of(household).is_verified
    verify_fact(actor=actor_with("coordinator"), fact=survey_of(household), now=NOW)
    verified = survey_of(household)
    assert verified.is_verified
    assert verified.happened_on == SURVEYED_ON == Milestones.objects.get(subject=household).surveyed_on
    assert Fact.objects.filter(subject=household, kind="surveyed").count() == 3, "nothing is erased"


def test_what_lacks_its_papers_is_not_verified(household: str) -> None:
    with pytest.raises(Refused) as refused:
        verify_fact(actor=actor_with("coordinator"), fact=survey_of(household), now=NOW)
    assert codes_of(refused) == {"procedure.evidence_missing"}
    assert Refusal.objects.filter(subject=household).exists()


def test_verified_or_corrected_facts_are_not_verified_again(household: str) -> None:
    first = survey_of(household)
    complete(household)
    with pytest.raises(Refused) as refused:
        verify_fact(actor=actor_with("coordinator"), fact=first, now=NOW)
    assert "casework.superseded" in codes_of(refused)
    verify_fact(actor=actor_with("coordinator"), fact=survey_of(household), now=NOW)
    with pytest.raises(Refused) as refused:
        verify_fact(actor=actor_with("coordinator"), fact=survey_of(household), now=NOW)
    assert "casework.is_verified" in codes_of(refused)


def test_nobody_verifies_what_lies_out_of_their_reach(household: str) -> None:
    complete(household)
    for actor in (actor_with("field_officer", "220202"), actor_with("auditor"), actor_with("mayor")):
        with pytest.raises(Refused) as refused:
            verify_fact(actor=actor, fact=survey_of(household), now=NOW)
        assert codes_of(refused) == {"authority.not_granted"}
