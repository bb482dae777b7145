"""Civil dates: the day in Shanghai, and months as the Civil Code counts them (art. 202)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.kernel.civil_dates import SHANGHAI, add_months, civil_date, whole_months_between

AFTER_SUMMER_TIME, BEFORE_2090 = datetime.fromisoformat("1992-01-01"), datetime.fromisoformat("2090-01-01")

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


def test_the_day_begins_at_midnight_in_shanghai() -> None:
    assert civil_date(at=datetime(2025, 2, 13, 15, 59, 59, tzinfo=UTC)) == date(2025, 2, 13)
    assert civil_date(at=datetime(2025, 2, 13, 16, 0, tzinfo=UTC)) == date(2025, 2, 14)
    assert civil_date(at=datetime(2025, 2, 14, 0, 0, tzinfo=SHANGHAI)) == date(2025, 2, 14)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        civil_date(at=datetime(2025, 2, 14))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 15), 12, date(2026, 1, 15)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
        (date(2025, 10, 31), 2, date(2025, 12, 31)),
        (date(2025, 2, 14), 0, date(2025, 2, 14)),
    ],
)
def test_a_month_later_is_the_corresponding_day_or_the_months_last(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2025, 1, 31), date(2025, 2, 27), 0),
        (date(2025, 1, 31), date(2025, 2, 28), 1),
        (date(2025, 1, 31), date(2025, 3, 30), 1),
        (date(2021, 6, 30), date(2025, 2, 14), 43),
        (date(2025, 2, 14), date(2025, 2, 14), 0),
        (date(2025, 2, 14), date(2024, 2, 14), 0),
    ],
)
def test_completed_months(start: date, end: date, months: int) -> None:
    assert whole_months_between(start=start, end=end) == months


@given(days, st.integers(0, 600))
def test_months_added_are_months_completed_and_not_a_day_sooner(start: date, months: int) -> None:
    end = add_months(start, months)
    assert whole_months_between(start=start, end=end) == months
    if months:
        assert whole_months_between(start=start, end=end - timedelta(days=1)) == months - 1
    assert end.day <= start.day


@given(days, days)
def test_completed_months_bracket_the_end(start: date, end: date) -> None:
    months = whole_months_between(start=start, end=end)
    if end > start:
        assert add_months(start, months) <= end < add_months(start, months + 1)
    else:
        assert months == 0


@given(st.datetimes(min_value=AFTER_SUMMER_TIME, max_value=BEFORE_2090, timezones=st.timezones()))
def test_the_civil_date_does_not_depend_on_the_zone_of_the_clock(at: datetime) -> None:
    assert civil_date(at=at) == civil_date(at=at.astimezone(UTC)) == (at.astimezone(UTC) + timedelta(hours=8)).date()
