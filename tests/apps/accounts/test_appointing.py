"""Postings as deeds: given, refused, ended; the first administrator from the console."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.apps.accounts.conftest import person_with
from zhengtu.accounts.appointing import Post, appoint, appoint_newcomer, end_posting
from zhengtu.accounts.models import Person, Posting, Unit
from zhengtu.accounts.queries import actor_of, postings_for, units_for
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Deed, Refusal

NOW = datetime(2025, 2, 14, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2025, 2, 14)

pytestmark = pytest.mark.django_db


def actor(person: Person) -> Actor:
    return actor_of(person, on=TODAY)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_an_appointment_is_a_deed_and_works_from_its_day_on(
    units: dict[str, Unit], coordinator: Person, officer: Person
) -> None:
    post = Post(unit=units["220203"], role="field_officer", from_on=TODAY + timedelta(days=3))
    appoint(actor(coordinator), person=officer, post=post, now=NOW)
    deed = Deed.objects.get()
    assert (deed.verb, deed.subject, deed.actor) == ("posting.manage", "220203", coordinator.code)
    assert deed.reasons[0]["code"] == "posting.appointed"
    assert [p.unit for p in actor(officer).postings] == ["220204"]
    assert [p.unit for p in actor_of(officer, on=TODAY + timedelta(days=3)).postings] == ["220204", "220203"]


@pytest.mark.parametrize(
    ("role", "unit", "from_on", "until_on", "code"),
    [
        ("client", "220200-railway-investment", TODAY, None, "authority.exclusive"),
        ("appraiser", "220204", TODAY, None, "authority.subject_missing"),
        ("field_officer", "220204", TODAY, None, "posting.twice"),
        ("inspector", "220200", TODAY - timedelta(days=1), None, "posting.backwards"),
        ("inspector", "220200", TODAY, TODAY, "posting.empty_period"),
    ],
)
def test_what_cannot_be_held_is_refused_and_noted(
    units: dict[str, Unit], coordinator: Person, officer: Person,
    role: str, unit: str, from_on: date, until_on: date | None, code: str,
) -> None:
    post = Post(unit=units[unit], role=role, from_on=from_on, until_on=until_on)
    with pytest.raises(Refused) as refused:
        appoint(actor(coordinator), person=officer, post=post, now=NOW)
    assert code in codes(refused)
    assert not Deed.objects.exists()
    assert Refusal.objects.get().verb == "posting.manage"
    assert Posting.objects.filter(person=officer).count() == 1


def test_an_excluding_post_that_is_over_by_then_is_no_hindrance(
    units: dict[str, Unit], coordinator: Person, officer: Person
) -> None:
    end_posting(actor(coordinator), posting=officer.postings.get(), until_on=TODAY, now=NOW)
    post = Post(unit=units["220200-railway-investment"], role="client", from_on=TODAY)
    appoint(actor(coordinator), person=officer, post=post, now=NOW)
    assert [p.role for p in actor(officer).postings] == ["client"]


def test_a_district_leader_appoints_at_home_only(units: dict[str, Unit], officer: Person) -> None:
    leader = person_with(units, "leader", ("district_leader", "220204"))
    newcomer = person_with(units, "newcomer")
    home = Post(unit=units["220204"], role="field_officer", from_on=TODAY)
    appoint(actor(leader), person=newcomer, post=home, now=NOW)
    for unit, role in [("220203", "field_officer"), ("220200", "mayor"), ("220204", "coordinator")]:
        with pytest.raises(Refused):
            appoint(actor(leader), person=newcomer, post=Post(unit=units[unit], role=role, from_on=TODAY), now=NOW)
    assert {unit.code for unit in units_for(actor(leader))} == {"220204"}
    assert {p.unit_id for p in postings_for(actor(leader), on=TODAY)} == {"220204"}


def test_nobody_appoints_themselves(units: dict[str, Unit], coordinator: Person) -> None:
    post = Post(unit=units["220200"], role="auditor", from_on=TODAY)
    with pytest.raises(Refused) as refused:
        appoint(actor(coordinator), person=coordinator, post=post, now=NOW)
    assert "authority.own_appointment" in codes(refused)


def test_a_newcomer_has_to_change_the_first_password_and_no_name_is_given_twice(
    units: dict[str, Unit], coordinator: Person
) -> None:
    post = Post(unit=units["220204"], role="field_officer", from_on=TODAY)
    person = appoint_newcomer(
        actor(coordinator), username="wang.li", name="王丽", password="Handed-Over-1", post=post, now=NOW
    )
    assert person.code == "220200-u0002"
    assert person.must_change_password
    with pytest.raises(Refused) as refused:
        appoint_newcomer(actor(coordinator), username="wang.li", name="王力", password="x", post=post, now=NOW)
    assert codes(refused) == ["accounts.name_taken"]


def test_a_posting_is_ended_neither_backwards_nor_twice(
    units: dict[str, Unit], coordinator: Person, officer: Person
) -> None:
    posting = officer.postings.get()
    with pytest.raises(Refused) as refused:
        end_posting(actor(coordinator), posting=posting, until_on=TODAY - timedelta(days=1), now=NOW)
    assert codes(refused) == ["posting.end_in_the_past"]
    end_posting(actor(coordinator), posting=posting, until_on=TODAY + timedelta(days=1), now=NOW)
    assert actor(officer).postings
    assert not actor_of(officer, on=TODAY + timedelta(days=1)).postings
    with pytest.raises(Refused) as refused:
        end_posting(actor(coordinator), posting=posting, until_on=TODAY + timedelta(days=2), now=NOW)
    assert codes(refused) == ["posting.over_already"]


def test_the_console_enters_the_city_and_its_first_administrator() -> None:
    call_command("create_unit", "220200", "吉林市", kind="city", name_en="Jilin", stdout=StringIO())
    said = StringIO()
    call_command("create_person", "Admin", "许文静", unit="220200", stdout=said)
    person = Person.objects.get()
    password = said.getvalue().split("first password: ")[1].strip()
    assert person.username == "admin"
    assert person.check_password(password)
    assert person.must_change_password
    assert set(Deed.objects.values_list("actor", flat=True)) == {"220200-console"}
    for command, arguments in [("create_person", ("admin", "x")), ("create_unit", ("220200", "x"))]:
        options = {"unit": "220200"} if command == "create_person" else {"kind": "city"}
        with pytest.raises(CommandError):
            call_command(command, *arguments, **options, stdout=StringIO())


def test_two_units_that_appoint_the_same_person_wait_for_each_other(
    units: dict[str, Unit], coordinator: Person, officer: Person
) -> None:
    appointing, post = actor(coordinator), Post(unit=units["220203"], role="field_officer", from_on=TODAY)
    with CaptureQueriesContext(connection) as asked:
        appoint(appointing, person=officer, post=post, now=NOW)
    statements = [query["sql"] for query in asked]
    held = next(place for place, sql in enumerate(statements) if "accounts_person" in sql and "FOR UPDATE" in sql)
    looked = next(place for place, sql in enumerate(statements) if 'FROM "accounts_posting"' in sql)
    assert held < looked
