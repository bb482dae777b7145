"""Deeds: recorded once, chained, append-only; refusals leave nothing but their note."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.models import DailyFigures, Deed, Fact, Milestones, PeriodFigures, Refusal

HOUSEHOLD = "220204-P0001-S01-H00001"
NOW = datetime(2025, 2, 14, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))

pytestmark = pytest.mark.django_db


def record(officer: Actor, *facts: NewFact, at: datetime = NOW) -> str:
    with act(officer, "fact.record", on=Subject(code=HOUSEHOLD), at=at) as deed:
        return deed.record(facts=facts)


def surveyed(on: date, **more: str) -> NewFact:
    return NewFact("household", HOUSEHOLD, "surveyed", on, **more)


def test_a_deed_carries_its_facts_milestones_and_figures(officer: Actor) -> None:
    deed = record(officer, surveyed(date(2025, 2, 13)))
    assert deed == "220204-D000000001"
    assert Fact.objects.get(subject=HOUSEHOLD).reference == "220204-D000000001/1"
    assert Milestones.objects.get(subject=HOUSEHOLD).surveyed_on == date(2025, 2, 13)
    daily = DailyFigures.objects.get()
    assert (daily.section, daily.day, daily.recorded_on) == ("220204-P0001-S01", date(2025, 2, 13), date(2025, 2, 14))
    assert daily.surveyed_count == 1
    assert PeriodFigures.objects.count() == 3


def test_each_deed_is_chained_to_the_one_before(officer: Actor) -> None:
    record(officer, surveyed(date(2025, 2, 13)))
    record(officer)
    first, second = Deed.objects.order_by("number")
    assert second.previous_hash == first.hash


def test_a_correction_moves_the_figure_and_keeps_what_was_known(officer: Actor) -> None:
    record(officer, surveyed(date(2025, 2, 13)))
    later = NOW.replace(day=20)
    record(officer, surveyed(date(2025, 2, 3), supersedes="220204-D000000001/1"), at=later)
    assert Milestones.objects.get(subject=HOUSEHOLD).surveyed_on == date(2025, 2, 3)
    changes = DailyFigures.objects.order_by("recorded_on", "day").values_list("day", "recorded_on", "surveyed_count")
    assert list(changes) == [
        (date(2025, 2, 13), date(2025, 2, 14), 1),
        (date(2025, 2, 3), date(2025, 2, 20), 1),
        (date(2025, 2, 13), date(2025, 2, 20), -1),
    ]


def test_an_actor_without_the_right_is_refused_and_the_attempt_noted() -> None:
    stranger = Actor(person="220200-u-stranger")
    with pytest.raises(Refused):
        record(stranger, surveyed(date(2025, 2, 13)))
    assert not Deed.objects.exists()
    assert Refusal.objects.get().reasons[0]["code"] == "authority.not_granted"


def test_an_act_that_records_nothing_does_not_commit(officer: Actor) -> None:
    opened = act(officer, "fact.record", on=Subject(code=HOUSEHOLD), at=NOW)
    with pytest.raises(RuntimeError, match="not recorded"), opened:
        pass


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_fact SET happened_on = '2020-01-01'",
        "DELETE FROM ledger_fact",
        "UPDATE ledger_deed SET actor = 'x'",
        "DELETE FROM ledger_deed",
        "TRUNCATE ledger_fact",
    ],
)
def test_the_database_refuses_to_change_the_ledger(officer: Actor, statement: str) -> None:
    from django.db import connection

    record(officer, surveyed(date(2025, 2, 13)))
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
