"""Occurrences derived from a recurrence."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.directives.scene import rulebook
from zhengtu.core.directives.recurrences import occurrences, rule_reasons

RULES = (
    "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=FR", "FREQ=WEEKLY;BYDAY=MO,WE,SU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "FREQ=MONTHLY;BYMONTHDAY=25", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYMONTHDAY=5,15,25", "FREQ=WEEKLY;COUNT=4",
    "FREQ=WEEKLY;UNTIL=20250301", "FREQ=YEARLY",
)
days = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def due_days(rule: str, from_on: date, through_on: date, until_on: date | None = None) -> list[date]:
    """The days on which it falls due."""
    found = occurrences(rule, from_on=from_on, through_on=through_on, until_on=until_on, calendar=rulebook().calendar)
    return [one.due_on for one in found]


def test_every_friday_with_the_spring_festival_in_between() -> None:
    # 31 January 2025 lies within the holiday: that occurrence falls due on the first working day after it.
    assert due_days("FREQ=WEEKLY;BYDAY=FR", date(2025, 1, 18), date(2025, 2, 14)) == [
        date(2025, 1, 24), date(2025, 2, 5), date(2025, 2, 7), date(2025, 2, 14), date(2025, 2, 21),
    ]


def test_a_daily_report_falls_due_once_after_the_holiday() -> None:
    found = due_days("FREQ=DAILY", date(2025, 1, 26), date(2025, 2, 5))
    assert found == [date(2025, 1, 26), date(2025, 1, 27), date(2025, 2, 5), date(2025, 2, 6)]


def test_the_last_day_of_each_month() -> None:
    assert due_days("FREQ=MONTHLY;BYMONTHDAY=-1", date(2025, 1, 1), date(2025, 3, 1)) == [
        date(2025, 2, 5), date(2025, 2, 28), date(2025, 3, 31),
    ]


@given(rule=st.sampled_from(RULES), from_on=days, length=st.integers(0, 400), cut=st.integers(0, 60))
def test_occurrences_rise_strictly_on_working_days_and_a_later_look_sees_the_same(
    rule: str, from_on: date, length: int, cut: int
) -> None:
    through = from_on + timedelta(days=length)
    calendar = rulebook().calendar
    found = occurrences(rule, from_on=from_on, through_on=through, calendar=calendar)
    assert all(one.due_on < other.due_on and one.on < other.on for one, other in pairwise(found))
    assert all(calendar.is_working_day(one.due_on) and from_on <= one.on <= one.due_on for one in found)
    assert sum(one.due_on > through for one in found) <= 1
    later = occurrences(rule, from_on=from_on, through_on=through + timedelta(days=cut), calendar=calendar)
    assert later[: len(found)] == found


@given(rule=st.sampled_from(RULES), from_on=days, length=st.integers(0, 300))
def test_none_after_its_end(rule: str, from_on: date, length: int) -> None:
    until = from_on + timedelta(days=length)
    found = occurrences(
        rule, from_on=from_on, through_on=until + timedelta(days=90), until_on=until, calendar=rulebook().calendar
    )
    assert all(one.on < until for one in found)


@pytest.mark.parametrize("rule", RULES)
def test_rules_that_are_taken(rule: str) -> None:
    assert rule_reasons(rule) == []


@pytest.mark.parametrize("rule", [
    "", "weekly", "FREQ=HOURLY", "FREQ=SECONDLY", "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;INTERVAL=99999999",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
    "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYEASTER=1", "FREQ=DAILY;BYSETPOS=4", "FREQ=WEEKLY;FREQ=DAILY",
    "FREQ=WEEKLY;UNTIL=never", "FREQ=MONTHLY;BYMONTHDAY=0", "DTSTART:20250101\nRRULE:FREQ=WEEKLY",
    "FREQ=WEEKLY;" + "BYDAY=MO;" * 1000,
])
def test_rules_that_are_refused(rule: str) -> None:
    assert [reason.code for reason in rule_reasons(rule)] == ["directive.recurrence"]
