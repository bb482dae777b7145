"""Sponsors: named with minutes, succeeded, promising; what is broken reaches whoever stands above, by rule alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile

from tests.factories import (
    CHANGYI,
    CHUANYING,
    CITY,
    PROJECT,
    TODAY,
    Scene,
    actor_with,
    at,
    build_campaign,
    person_with,
)
from zhengtu.casework.actions import withdraw_fact
from zhengtu.casework.timeline import fact_with_key, may_correct
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.sponsorship.promises import PromiseState
from zhengtu.ledger.models import Deed, Fact, Refusal
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.notices.models import Notice
from zhengtu.registry.queries import subject_of
from zhengtu.sponsorship.actions import end_sponsorship, keep_promise, name_sponsor, promise, record_visit
from zhengtu.sponsorship.models import Sponsorship
from zhengtu.sponsorship.queries import (
    broken_promises,
    candidates,
    own_sponsorships,
    page_for,
    promises_of_person,
    sponsorships_for,
)
from zhengtu.sponsorship.telling import remind_of_promises

pytestmark = pytest.mark.django_db

DUE = TODAY + timedelta(days=7)


@pytest.fixture
def scene() -> Scene:
    return build_campaign()


def paper(kind: str = "minutes") -> OfferedFile:
    return OfferedFile(kind, "纪要（演示）.txt", ContentFile("演示材料，内容虚构".encode(), name="纪要（演示）.txt"))


def named(role: str, subject: str = PROJECT, on: date = TODAY, unit: str = "") -> str:
    return name_sponsor(
        actor=actor_with("coordinator"), subject=subject, sponsor=person_with(role, unit).code, files=[paper()],
        now=at(on),
    )


def promised(role: str, subject: str = PROJECT, *, due_on: date = DUE, on: date = TODAY) -> str:
    key = promise(
        actor=actor_with(role), subject=subject, text="协调资金到位", due_on=due_on, now=at(on)
    )
    return f"{key}/1"


def codes(refused: pytest.ExceptionInfo[Refused]) -> Sequence[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_sponsor_is_named_with_the_minutes_and_told(scene: Scene) -> None:
    key = named("vice_mayor")
    deed = Deed.objects.get(pk=key)
    assert [file.kind for file in deed.evidence.all()] == ["minutes"]
    (row,) = sponsorships_for(actor_with("coordinator"), on=TODAY)
    assert (row.subject, row.sponsor, row.deed) == (PROJECT, person_with("vice_mayor").code, key)
    assert Notice.objects.get(kind="sponsor_named").person_id == person_with("vice_mayor").code
    assert [one.subject for one in own_sponsorships(actor_with("vice_mayor"), on=TODAY)] == [PROJECT]


def test_without_minutes_or_by_anybody_else_nobody_is_named(scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        name_sponsor(
            actor=actor_with("coordinator"), subject=PROJECT, sponsor=person_with("vice_mayor").code, files=[],
            now=at(TODAY),
        )
    assert codes(refused) == ["ledger.evidence_missing"]
    with pytest.raises(Refused) as refused:
        name_sponsor(
            actor=actor_with("vice_mayor"), subject=PROJECT, sponsor=person_with("vice_mayor").code, files=[paper()],
            now=at(TODAY),
        )
    assert codes(refused) == ["authority.not_granted"]
    assert not Sponsorship.objects.exists()
    assert Refusal.objects.count() == 2


def test_only_whoever_could_visit_there_can_be_named(scene: Scene) -> None:
    section = scene.changyi.code
    assert person_with("district_leader") not in candidates(section, on=TODAY)
    with pytest.raises(Refused) as refused:
        named("district_leader", section)
    assert codes(refused) == ["sponsorship.candidate"]
    named("district_leader", section, unit=CHANGYI)


def test_the_successor_takes_over_what_is_not_yet_due(scene: Scene) -> None:
    named("vice_mayor", on=TODAY - timedelta(days=20))
    broken = promised("vice_mayor", due_on=TODAY - timedelta(days=10), on=TODAY - timedelta(days=19))
    standing = promised("vice_mayor", on=TODAY - timedelta(days=18))
    named("mayor", on=TODAY - timedelta(days=2))
    held = {one.promise.reference: one.sponsor for one in promises_of_person(person_with("mayor").code, on=TODAY)}
    assert held == {standing: person_with("mayor").code}
    (past,) = promises_of_person(person_with("vice_mayor").code, on=TODAY)
    assert (past.promise.reference, past.state) == (broken, PromiseState.BROKEN)
    page = page_for(actor_with("coordinator"), PROJECT, on=TODAY)
    assert page is not None
    assert [(name, term.until_on) for term, name in page.terms] == [
        ("市长甲", None), ("副市长甲", TODAY - timedelta(days=2)),
    ]
    assert [fact.kind for fact in Fact.objects.filter(kind__startswith="sponsor_").order_by("deed_id", "ordinal")] == [
        "sponsor_named", "sponsor_promised", "sponsor_promised", "sponsor_ended", "sponsor_named",
    ]


def test_only_the_sponsor_promises_and_a_promise_has_a_day_ahead(scene: Scene) -> None:
    named("vice_mayor")
    with pytest.raises(Refused) as refused:
        promised("mayor")
    assert codes(refused) == ["sponsorship.not_sponsor"]
    with pytest.raises(Refused) as refused:
        promised("vice_mayor", due_on=TODAY - timedelta(days=1))
    assert codes(refused) == ["sponsorship.due"]
    with pytest.raises(Refused) as refused:
        promise(actor=actor_with("vice_mayor"), subject=PROJECT, text="做通钉子户工作", due_on=DUE, now=at(TODAY))
    assert codes(refused) == ["sponsorship.personal"]
    with pytest.raises(Refused) as refused:
        promised("vice_mayor", scene.chuanying.code)
    assert codes(refused) == ["sponsorship.not_followed"]


def test_a_promise_is_kept_with_evidence_once(scene: Scene) -> None:
    named("vice_mayor")
    reference = promised("vice_mayor")
    given = {"actor": actor_with("vice_mayor"), "subject": PROJECT, "promised": reference, "now": at(DUE)}
    with pytest.raises(Refused) as refused:
        keep_promise(result="资金已到专户", files=[], **given)
    assert codes(refused) == ["ledger.evidence_missing"]
    keep_promise(result="资金已到专户", files=[paper("other")], **given)
    (one,) = promises_of_person(person_with("vice_mayor").code, on=DUE)
    assert one.state is PromiseState.KEPT
    (before,) = promises_of_person(person_with("vice_mayor").code, on=DUE - timedelta(days=1))
    assert before.state is PromiseState.OPEN
    with pytest.raises(Refused) as refused:
        keep_promise(result="资金已到专户", files=[paper("other")], **given)
    assert codes(refused) == ["sponsorship.kept"]


def test_a_broken_promise_reaches_the_superior_on_the_day_after_and_once(scene: Scene) -> None:
    named("vice_mayor")
    promised("vice_mayor")
    mayor = person_with("mayor").code
    assert broken_promises(CITY, on=DUE) == []
    assert remind_of_promises(CITY, now=at(DUE)) == 1  # to the sponsor alone: due today
    (one,) = broken_promises(CITY, on=DUE + timedelta(days=1))
    assert one.superiors == {mayor: "市长甲"}
    assert remind_of_promises(CITY, now=at(DUE + timedelta(days=1))) == 2
    assert remind_of_promises(CITY, now=at(DUE + timedelta(days=2))) == 0
    told = Notice.objects.filter(kind="sponsor_promise_broken").values_list("person", flat=True)
    assert set(told) == {mayor, person_with("vice_mayor").code}


def test_above_a_district_stands_the_sponsor_of_the_whole_project(scene: Scene) -> None:
    named("vice_mayor")
    named("district_leader", scene.chuanying.code)
    promised("district_leader", scene.chuanying.code)
    (one,) = broken_promises(CITY, on=DUE + timedelta(days=1))
    assert list(one.superiors) == [person_with("vice_mayor").code]


def test_a_reminder_comes_once_for_each_of_its_days(scene: Scene) -> None:
    named("vice_mayor")
    promised("vice_mayor")
    told = [remind_of_promises(CITY, now=at(TODAY + timedelta(days=day))) for day in range(8)]
    assert told == [0, 0, 0, 0, 1, 0, 1, 1]  # three days before, one day before, on the day


def test_nobody_corrects_or_withdraws_a_promise(scene: Scene) -> None:
    leader = actor_with("district_leader")
    named("district_leader", scene.chuanying.code)
    reference = promised("district_leader", scene.chuanying.code)
    fact = fact_with_key(reference.partition("/")[0], 1)
    assert fact is not None
    assert not may_correct(leader, fact, subject=subject_of(fact.subject))
    with pytest.raises(Refused) as refused:
        withdraw_fact(actor=leader, fact=fact, reason="改期", now=at(TODAY))
    assert "casework.stands" in codes(refused)


def test_a_sponsorship_ends_with_its_reason_and_reaches_only_its_district(scene: Scene) -> None:
    named("district_leader", scene.chuanying.code)
    assert sponsorships_for(actor_with("field_officer", CHANGYI), on=TODAY) == []
    assert page_for(actor_with("field_officer", CHANGYI), scene.chuanying.code, on=TODAY) is None
    assert len(sponsorships_for(actor_with("field_officer", CHUANYING), on=TODAY)) == 1
    coordinator = actor_with("coordinator")
    with pytest.raises(Refused) as refused:
        end_sponsorship(actor=coordinator, subject=scene.chuanying.code, reason="", now=at(TODAY))
    assert codes(refused) == ["ledger.attribute"]
    end_sponsorship(actor=coordinator, subject=scene.chuanying.code, reason="工作调整", now=at(TODAY + timedelta(1)))
    assert sponsorships_for(coordinator, on=TODAY + timedelta(days=1)) == []
    assert len(sponsorships_for(coordinator, on=TODAY)) == 1


def test_a_visit_tells_what_came_of_it_and_is_not_dated_ahead(scene: Scene) -> None:
    named("vice_mayor")
    given = {"actor": actor_with("vice_mayor"), "subject": PROJECT, "now": at(TODAY)}
    with pytest.raises(Refused) as refused:
        record_visit(visited_on=TODAY + timedelta(days=1), result="实地查看", **given)
    assert codes(refused) == ["sponsorship.ahead"]
    record_visit(visited_on=TODAY - timedelta(days=1), result="两户要求查看选房图，已安排 13904321234", **given)
    page = page_for(actor_with("mayor"), PROJECT, on=TODAY)
    assert page is not None
    ((visit, name),) = page.visits
    assert (visit.on, name) == (TODAY - timedelta(days=1), "副市长甲")
    assert "13904321234" not in visit.result  # numbers of people are masked
