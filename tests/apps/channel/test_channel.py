"""The mayor's channel: who reads it, that each reading is kept, what stands in it, and what its directives tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from tests.apps.sponsorship.test_sponsors import named, promised
from tests.factories import CHUANYING, CITY, NOW, PROJECT, TODAY, actor_with, at, build_campaign, person_with
from tests.inspection_scene import concluded, drawn, released, vacated_scene, visited
from zhengtu.accountability.models import Case
from zhengtu.accounts.appointing import Post, appoint
from zhengtu.accounts.models import Person, Posting, Unit
from zhengtu.assessment.models import Assessment
from zhengtu.campaign.deeds import deeds_for
from zhengtu.channel.actions import end_reader, name_reader, record_reading, set_directive
from zhengtu.channel.items import channel_of
from zhengtu.channel.models import ChannelReader
from zhengtu.channel.queries import directives_about, people_to_name, readings
from zhengtu.channel.reading import reading_actor
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.rules.channel import SECRET
from zhengtu.directives.models import Directive
from zhengtu.inspection.models import Drawn
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.models import Deed, Fact, Refusal
from zhengtu.ledger.rulebook import current_rulebook

pytestmark = pytest.mark.django_db

EVERYBODY_ELSE = (
    "vice_mayor", "coordinator", "inspector", "auditor", "district_leader", "field_officer", "client", "department",
)


def read(actor: Actor) -> Actor:
    return record_reading(actor=actor, part="page", as_of_on=TODAY, now=NOW)


def codes(refused: pytest.ExceptionInfo[Refused]) -> Sequence[str]:
    return [reason.code for reason in refused.value.reasons]


def test_the_mayor_reads_and_each_reading_is_a_deed() -> None:
    mayor = actor_with("mayor")
    assert read(mayor) == mayor
    read(mayor)
    deeds = Deed.objects.filter(verb="channel.view")
    assert [deed.actor for deed in deeds] == [mayor.person, mayor.person]
    fact = Fact.objects.filter(kind="channel_read").first()
    assert fact is not None
    assert fact.attributes == {"part": "page", "as_of": TODAY.isoformat()}


@pytest.mark.parametrize("role", EVERYBODY_ELSE)
def test_nobody_else_reads_it_and_the_attempt_is_kept(role: str) -> None:
    with pytest.raises(Refused):
        read(actor_with(role))
    assert Refusal.objects.get().verb == "channel.view"
    assert not Deed.objects.filter(verb="channel.view").exists()


def test_the_mayor_names_a_reader_who_reads_until_it_ends() -> None:
    mayor, coordinator = actor_with("mayor"), actor_with("coordinator")
    name_reader(actor=mayor, reader=coordinator.person, now=NOW)
    reader = read(coordinator)
    assert reader.person == coordinator.person
    assert reader != coordinator  # within the channel they see what the mayor lets them see, and nowhere else
    row = ChannelReader.objects.get()
    with pytest.raises(Refused) as refused:
        name_reader(actor=mayor, reader=coordinator.person, now=NOW)
    assert codes(refused) == ["channel.named"]
    with pytest.raises(Refused) as refused:
        end_reader(actor=mayor, number=row.pk, reason=" ", now=NOW)
    assert codes(refused) == ["ledger.attribute"]
    end_reader(actor=mayor, number=row.pk, reason="工作调整", now=NOW)
    with pytest.raises(Refused):
        read(coordinator)
    name_reader(actor=mayor, reader=coordinator.person, now=NOW + timedelta(days=1))


@pytest.mark.parametrize("role", EVERYBODY_ELSE)
def test_only_the_mayor_names_readers(role: str) -> None:
    with pytest.raises(Refused):
        name_reader(actor=actor_with(role), reader=person_with("auditor").code, now=NOW)
    assert not ChannelReader.objects.exists()


def test_a_family_an_appraiser_or_nobody_cannot_be_named() -> None:
    scene = build_campaign()
    mayor = actor_with("mayor")
    people = [
        person_with("family", subject=scene.households[0].code), person_with("appraiser", subject=PROJECT),
        Person.objects.create(code="220200-u-nobody", username="nobody", name="无岗"), person_with("mayor"),
    ]
    listed = {one.code for one in people_to_name(mayor, on=TODAY)}
    for one in people:
        assert one.code not in listed
        with pytest.raises(Refused) as refused:
            name_reader(actor=mayor, reader=one.code, now=NOW)
        assert codes(refused) == ["channel.person"]


def test_no_posting_gives_the_channel_away() -> None:
    coordinator, unit = actor_with("coordinator"), Unit.objects.get(pk=CITY)
    post = Post(unit=unit, role="channel_reader", from_on=TODAY)
    with pytest.raises(Refused) as refused:
        appoint(coordinator, person=person_with("auditor"), post=post, now=NOW)
    assert codes(refused) == ["authority.unknown_role"]
    assert not Posting.objects.filter(role="channel_reader").exists()


def test_what_was_read_is_seen_by_the_mayor_alone() -> None:
    mayor = actor_with("mayor")
    read(mayor)
    with pytest.raises(Refused):
        read(actor_with("inspector"))
    told = readings(CITY)
    assert [(one.name, one.part) for one in told] in (
        [("督查员甲", ""), ("市长甲", "page")], [("市长甲", "page"), ("督查员甲", "")],
    )
    for role in ("inspector", "auditor", "coordinator", "vice_mayor"):
        assert "channel.view" not in {deed.verb for deed in deeds_for(actor_with(role))}
    assert "channel.view" in {deed.verb for deed in deeds_for(mayor)}


def test_unreleased_findings_and_the_discrepancy_of_districts_stand_in_it() -> None:
    vacated_scene()
    mayor = actor_with("mayor")
    code = drawn()
    first = Drawn.objects.filter(inspection=code, household__startswith=CHUANYING).first()
    assert first is not None
    visited(code, {first.household: "never_left"})
    held = channel_of(CITY, reader=mayor, on=TODAY)
    assert [one.code for one in held.inspections] == [code]
    assert {item.kind for item in held.found} == {"finding", "discrepancy"}
    assert held.discrepancies[CHUANYING].middle >= 1
    concluded(code)
    waiting = channel_of(CITY, reader=mayor, on=TODAY)
    assert f"release:{code}" in waiting.by_key
    assert f"finding:{code}:{CHUANYING}" in waiting.by_key


def test_a_released_inspection_leaves_the_unreleased_ones() -> None:
    vacated_scene()
    released()
    held = channel_of(CITY, reader=actor_with("mayor"), on=TODAY)
    assert held.inspections == []
    assert not [item for item in held.found if item.kind == "finding"]


def test_a_named_reader_sees_the_same_items_as_the_mayor() -> None:
    vacated_scene()
    mayor, auditor = actor_with("mayor"), actor_with("auditor")
    drawn()
    name_reader(actor=mayor, reader=auditor.person, now=NOW)
    reader = reading_actor(auditor, on=TODAY)
    assert reader is not None
    assert channel_of(CITY, reader=reader, on=TODAY).by_key == channel_of(CITY, reader=mayor, on=TODAY).by_key


def test_a_broken_promise_of_a_sponsor_reaches_it_with_the_unit_to_charge() -> None:
    scene = build_campaign()
    named("district_leader", scene.chuanying.code)
    promised("district_leader", scene.chuanying.code, due_on=TODAY + timedelta(days=1))
    after = TODAY + timedelta(days=2)
    (item,) = channel_of(CITY, reader=actor_with("mayor"), on=after).promises
    assert (item.kind, item.unit, item.subject) == ("sponsor_promise", CHUANYING, scene.chuanying.code)
    assert channel_of(CITY, reader=actor_with("mayor"), on=TODAY).promises == []


def test_a_directive_out_of_it_is_set_once_and_remembered_in_the_channel_alone() -> None:
    build_campaign()
    mayor = actor_with("mayor")
    about = f"finding:{CITY}-I0001:{CHUANYING}"
    code = set_directive(
        actor=mayor, about=about, lead=CHUANYING, matter="逐户自查后报送", due_on=TODAY + timedelta(days=7), now=NOW
    )
    row = Directive.objects.get(pk=code)
    assert (row.source, row.review) == (None, "")
    assert [code for code, _ in directives_about([about])[about]] == [code]
    said = [str(fact.attributes) for fact in Fact.objects.filter(subject=code)]
    assert not [text for text in said if "-I0" in text]
    with pytest.raises(Refused):
        set_directive(
            actor=actor_with("auditor"), about=about, lead=CHUANYING, matter="x", due_on=None, now=at(TODAY)
        )


@pytest.mark.parametrize("kind", SECRET)
def test_the_first_words_of_a_secret_directive_tell_nothing(kind: str) -> None:
    told = current_rulebook().channel.matter(
        kind, due_on=date(2025, 3, 5), unit="船营区", number=f"{CITY}-I0001", subject="腾空真实性督查"
    )
    assert "督查" not in told
    assert "-I0001" not in told
    assert "3月5日" in told


def test_a_case_waits_for_the_mayor_once_the_unit_has_stated_its_side() -> None:
    build_campaign()
    Case.objects.create(
        code=f"{CITY}-A0001", tone="blame", trigger="late_homes", unit_id=CHUANYING, subject=CHUANYING, met_on=TODAY
    )
    told = {"case_opened": False, "case_stated": True, "case_decided": False, "case_appealed": True}
    for kind, waits in told.items():
        actor = actor_with("mayor")
        with act(actor, "accountability.decide", on=Subject(code=f"{CITY}-A0001"), at=NOW) as deed:
            deed.record(facts=[NewFact("case", f"{CITY}-A0001", kind, TODAY, {})])
        items = channel_of(CITY, reader=actor, on=TODAY).decisions
        assert bool([item for item in items if item.kind == "case"]) is waits, kind


def test_an_assessment_whose_period_is_over_waits_for_its_publication() -> None:
    build_campaign()
    mayor = person_with("mayor")
    for number, until_on in ((1, TODAY), (2, TODAY + timedelta(days=1))):
        Assessment.objects.create(
            code=f"{CITY}-K000{number}", scheme="x", scheme_sha256="0" * 64, terms={}, from_on=date(2025, 1, 1),
            until_on=until_on, adopted_by=mayor, adopted_on=date(2025, 1, 1),
        )
    items = channel_of(CITY, reader=actor_with("mayor"), on=TODAY).decisions
    assert [item.key for item in items] == [f"assessment:{CITY}-K0001"]
