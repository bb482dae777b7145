"""Counting of days: working days as announced, periods as the Civil Code counts them, warnings where unpublished."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.kernel.work_calendar import Period, Unit, WorkCalendar, uncertainty_reasons
from zhengtu.core.rules.rulebook import load_rulebook

REPOSITORY = Path(__file__).resolve().parents[3]
CALENDAR: WorkCalendar = load_rulebook(REPOSITORY / "rulebook").calendar
ANNOUNCED = REPOSITORY.parent / "shared" / "data" / "holidays"

days = st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 12, 31))
lengths = st.integers(min_value=1, max_value=200)
periods = st.builds(Period, lengths, st.sampled_from([Unit.CALENDAR_DAYS, Unit.WORKING_DAYS]))


@pytest.mark.skipif(not ANNOUNCED.is_dir(), reason="the announced holidays are not beside the repository")
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_each_announced_day_is_as_announced(year: int) -> None:
    announced = json.loads((ANNOUNCED / f"{year}.json").read_text(encoding="utf-8"))["days"]
    assert announced
    for day in announced:
        assert CALENDAR.is_working_day(date.fromisoformat(day["date"])) is not day["isOffDay"], day


@pytest.mark.parametrize(
    ("on", "works"),
    [
        (date(2025, 1, 26), True),   # Sunday before Spring Festival, made up
        (date(2025, 1, 28), False),  # New Year's Eve
        (date(2025, 2, 8), True),    # Saturday, made up
        (date(2025, 2, 9), False),   # plain Sunday
        (date(2026, 2, 28), True),   # Saturday, made up
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),  # Saturday, made up
        (date(2027, 2, 8), False),   # statutory day of a year without arrangement
        (date(2027, 2, 9), True),
        (date(2028, 5, 2), False),   # known for any year from 2025
        (date(2023, 5, 2), True),    # not a statutory holiday before 2025
    ],
)
def test_working_days(on: date, works: bool) -> None:
    assert CALENDAR.is_working_day(on) is works


@pytest.mark.parametrize(
    ("period", "start", "last"),
    [
        # The start day is not counted; a last day in Spring Festival moves behind it (Civil Code, art. 201, 203).
        (Period(30, Unit.CALENDAR_DAYS), date(2026, 1, 16), date(2026, 2, 24)),
        (Period(30, Unit.CALENDAR_DAYS, rolls_over=False), date(2026, 1, 16), date(2026, 2, 15)),
        # A make-up Saturday is a working day: no roll-over. No 31 February: the month's last day (art. 202).
        (Period(6, Unit.MONTHS), date(2025, 8, 31), date(2026, 2, 28)),
        (Period(1, Unit.YEARS), date(2024, 2, 29), date(2025, 2, 28)),
        # Ten working days across National Day 2025 with two make-up days.
        (Period(10, Unit.WORKING_DAYS), date(2025, 9, 26), date(2025, 10, 16)),
        (Period(15, Unit.WORKING_DAYS), date(2026, 4, 20), date(2026, 5, 13)),
        # An ordinary weekend.
        (Period(15, Unit.CALENDAR_DAYS), date(2026, 3, 6), date(2026, 3, 23)),
    ],
)
def test_last_days(period: Period, start: date, last: date) -> None:
    counted = CALENDAR.last_day(period, start_on=start)
    assert counted.on == last
    assert counted.is_certain


@pytest.mark.parametrize(
    ("statute", "figure", "unit"),
    [
        ("administrative-enforcement-law", 10, Unit.WORKING_DAYS),
        ("administrative-enforcement-law", 11, Unit.CALENDAR_DAYS),
        ("administrative-reconsideration-law", 3, Unit.WORKING_DAYS),
        ("administrative-reconsideration-law", 4, Unit.CALENDAR_DAYS),
        ("administrative-reconsideration-law", 10, Unit.WORKING_DAYS),
        ("administrative-reconsideration-law", 60, Unit.CALENDAR_DAYS),
        ("state-council-decree-590", 10, Unit.CALENDAR_DAYS),
        ("spc-2012-4", 5, Unit.CALENDAR_DAYS),
    ],
)
def test_each_statute_reads_days_its_own_way(statute: str, figure: int, unit: Unit) -> None:
    assert CALENDAR.counting_rules[statute].days(figure).unit is unit


def test_a_result_that_touches_an_unpublished_year_says_so() -> None:
    counted = CALENDAR.add_working_days(date(2026, 12, 28), 10)
    assert counted.uncertain_years == (2027,)
    reasons = uncertainty_reasons(counted)
    assert [reason.parameters["year"] for reason in reasons] == [2027]
    assert "not yet published" in reasons[0].in_english()
    assert CALENDAR.add_working_days(date(2026, 12, 14), 5).is_certain
    assert CALENDAR.working_days_between(date(2023, 12, 20), date(2024, 1, 5)).uncertain_years == (2023,)


def test_nothing_is_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_working_days(date(2026, 1, 5), 0)
    with pytest.raises(ValueError, match="one unit"):
        Period(0, Unit.CALENDAR_DAYS)
    assert CALENDAR.working_days_between(date(2026, 1, 6), date(2026, 1, 5)).count == 0


@given(periods, days)
def test_a_rolled_last_day_is_a_working_day_after_the_start(period: Period, start: date) -> None:
    last = CALENDAR.last_day(period, start_on=start).on
    assert CALENDAR.is_working_day(last)
    assert last > start


@given(periods, days, st.integers(min_value=0, max_value=60))
def test_a_later_start_never_ends_earlier(period: Period, start: date, delay: int) -> None:
    later = CALENDAR.last_day(period, start_on=start + timedelta(days=delay))
    assert CALENDAR.last_day(period, start_on=start).on <= later.on


@given(st.sampled_from([Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS]), st.integers(1, 60), days)
def test_a_longer_period_never_ends_earlier(unit: Unit, length: int, start: date) -> None:
    longer = CALENDAR.last_day(Period(length + 1, unit), start_on=start)
    assert CALENDAR.last_day(Period(length, unit), start_on=start).on <= longer.on


@given(days, lengths)
def test_adding_working_days_and_counting_them_are_inverse(start: date, count: int) -> None:
    assert CALENDAR.working_days_between(start, CALENDAR.add_working_days(start, count).on).count == count


@given(days, st.integers(0, 400))
def test_working_and_rest_days_make_up_the_whole_span(start: date, span: int) -> None:
    end = start + timedelta(days=span)
    rest = sum(not CALENDAR.is_working_day(start + timedelta(days=offset)) for offset in range(1, span + 1))
    assert CALENDAR.working_days_between(start, end).count + rest == span


@given(days)
def test_rolling_goes_no_further_than_to_the_first_working_day(on: date) -> None:
    rolled = CALENDAR.next_working_day(on).on
    assert rolled >= on
    assert not any(CALENDAR.is_working_day(on + timedelta(days=offset)) for offset in range((rolled - on).days))
