"""Who is told what, once: also when two tell it at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection

from tests.apps.notices.scene import DIRECTIVE, told
from tests.factories import CHANGYI, CHUANYING, CITY, NOW, TODAY, build_units, person_with
from zhengtu.accounts.models import Person, Posting
from zhengtu.accounts.queries import actor_of
from zhengtu.core.authority.actor import Subject
from zhengtu.core.notices.notice import Urgency
from zhengtu.notices.models import Notice
from zhengtu.notices.queries import inbox_for, notice_for, recipients, unread_count
from zhengtu.notices.writes import keep_notices, mark_read


@pytest.mark.django_db
def test_a_person_is_told_a_key_once() -> None:
    leader = person_with("district_leader")
    assert keep_notices([told(leader), told(leader)], now=NOW) == 1
    assert keep_notices([told(leader)], now=NOW + timedelta(hours=1)) == 0
    assert keep_notices([told(leader, key=f"{DIRECTIVE}/due/2")], now=NOW) == 1
    assert unread_count(actor_of(leader, on=TODAY)) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_tell_the_same_keep_it_once() -> None:
    people = [person_with("district_leader"), person_with("department"), person_with("client")]

    def tell(turn: int) -> int:
        try:
            notices = [told(person, key=f"{DIRECTIVE}/{number}") for person in people for number in range(20)]
            return keep_notices(notices if turn % 2 else notices[::-1], now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        counts = list(workers.map(tell, range(2)))
    assert sum(counts) == Notice.objects.count() == 60


@pytest.mark.django_db
def test_whoever_may_not_see_the_subject_gets_nothing() -> None:
    appraiser, neighbour = person_with("appraiser", subject=f"{CITY}-P0001"), person_with("district_leader", CHANGYI)
    for_chuanying = {"units": frozenset({CHUANYING})}
    assert keep_notices([told(appraiser), told(neighbour, **for_chuanying)], now=NOW) == 0
    assert keep_notices([told(person_with("mayor"), **for_chuanying)], now=NOW) == 1


@pytest.mark.django_db
def test_an_inbox_forgets_what_a_post_no_longer_shows() -> None:
    leader = person_with("district_leader")
    keep_notices([told(leader)], now=NOW)
    notice = Notice.objects.get()
    assert notice_for(actor_of(leader, on=TODAY), notice.pk) == notice
    Posting.objects.filter(person=leader).update(until_on=TODAY + timedelta(days=1))
    after = actor_of(leader, on=TODAY + timedelta(days=1))
    assert inbox_for(after) == []
    assert unread_count(after) == 0
    assert notice_for(after, notice.pk) is None
    assert keep_notices([told(leader, key="later")], now=NOW + timedelta(days=1)) == 0


@pytest.mark.django_db
def test_one_reads_only_ones_own_and_the_unread_first() -> None:
    leader, mayor = person_with("district_leader"), person_with("mayor")
    keep_notices([told(leader, key="1")], now=NOW)
    keep_notices([told(leader, key="2"), told(mayor, key="2")], now=NOW + timedelta(hours=1))
    actor = actor_of(leader, on=TODAY)
    mark_read(Notice.objects.get(person=leader, key="2"), now=NOW)
    assert [notice.key for notice in inbox_for(actor)] == ["1", "2"]
    assert [notice.key for notice in inbox_for(actor, is_unread=True)] == ["1"]
    assert notice_for(actor, Notice.objects.get(person=mayor).pk) is None


@pytest.mark.django_db
def test_recipients_are_posted_people_who_may_see_it() -> None:
    build_units()
    leader, officer = person_with("district_leader"), person_with("field_officer")
    mayor = person_with("mayor")
    given = Subject(code=DIRECTIVE, units=frozenset({CHUANYING}))
    assert recipients(unit=CHUANYING, role="district_leader", on=TODAY) == [leader.code]
    assert recipients(unit=CHUANYING, on=TODAY, verb="directive.answer", subject=given) == [leader.code]
    assert set(recipients(unit=CHUANYING, on=TODAY, verb="directive.view")) == {leader.code, officer.code}
    assert recipients(on=TODAY, role="mayor", verb="directive.view", subject=given) == [mayor.code]
    other = Subject(code=DIRECTIVE, units=frozenset({CHANGYI}))
    assert recipients(unit=CHUANYING, on=TODAY, verb="directive.view", subject=other) == []
    Person.objects.filter(pk=leader.pk).update(is_active=False)
    assert recipients(unit=CHUANYING, role="district_leader", on=TODAY) == []
    assert recipients(unit=CHUANYING, role="field_officer", on=date(2024, 12, 31)) == []
    with pytest.raises(ValueError, match="by unit"):
        recipients(on=TODAY, role="mayor")


@pytest.mark.django_db
def test_an_unknown_kind_or_a_foreign_page_is_refused_whole() -> None:
    leader = person_with("district_leader")
    with pytest.raises(ValueError, match="no_such_kind"):
        keep_notices([told(leader), told(leader, key="other", kind="no_such_kind")], now=NOW)
    assert not Notice.objects.exists()
    with pytest.raises(ValueError, match="this server"):
        told(leader, path="//example.org/")


@pytest.mark.django_db
def test_the_kind_gives_the_urgency_unless_the_notice_has_its_own() -> None:
    mayor = person_with("mayor")
    keep_notices([told(mayor, key="1"), told(mayor, key="2", urgency=Urgency.URGENT)], now=NOW)
    assert list(Notice.objects.order_by("key").values_list("urgency", flat=True)) == ["soon", "urgent"]
