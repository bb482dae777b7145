"""Late families on any day: the bands partition them, and the counts are those of the figures of the ledger."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.ledger.figures import OVERDUE_AFTER_MONTHS, OVERDUE_FIGURES, changes_of
from zhengtu.core.ledger.lateness import (
    BANDS,
    Wait,
    band_of,
    crossings,
    is_late,
    months_late,
    trend,
    waiting_changes,
)
from zhengtu.core.ledger.milestones import Milestone

DAYS = st.dates(date(2015, 1, 1), date(2026, 12, 31))
WAITS = st.lists(st.builds(Wait, promised_on=DAYS, home_on=st.none() | DAYS), max_size=12)


def figure(waits: list[Wait], months: int, on: date) -> int:
    """What the ledger's figures count."""
    count = 0
    for wait in waits:
        dates = {Milestone.PROMISED: wait.promised_on}
        if wait.home_on is not None:
            dates[Milestone.RESETTLED] = wait.home_on
        count += sum(
            change for (day, name), change in changes_of(dates).items()
            if name == OVERDUE_FIGURES[months] and day <= on
        )
    return count


def test_the_bands_are_named_by_months_begun() -> None:
    assert [band.id for band in BANDS] == ["1-6", "7-12", "13-24", "25-40", "over-40"]


def test_one_day_late_is_the_first_month_and_a_full_year_is_still_the_second_band() -> None:
    promised = date(2024, 2, 14)
    assert band_of(promised, on=date(2024, 2, 14)) is None
    assert band_of(promised, on=date(2024, 2, 15)) == BANDS[0]
    assert band_of(promised, on=date(2025, 2, 14)) == BANDS[1]
    assert band_of(promised, on=date(2025, 2, 15)) == BANDS[2]
    assert [months_late(promised, on=day) for day in (date(2024, 2, 14), date(2024, 2, 15), date(2025, 2, 14))] == [
        0, 1, 12,
    ]


@given(waits=WAITS, on=DAYS)
def test_bands_and_trend_count_what_the_ledgers_figures_count(waits: list[Wait], on: date) -> None:
    late = [wait for wait in waits if is_late(wait, on=on)]
    by_band = [sum(band_of(wait.promised_on, on=on) == band for wait in late) for band in BANDS]
    over = [figure(waits, months, on) for months in OVERDUE_AFTER_MONTHS]
    assert len(late) == sum(by_band) == over[0]
    months = trend(waiting_changes(waits), until=on)
    if months:
        assert months[-1].on == on
        assert list(months[-1].late_over) == over
        assert months[-1].by_band == by_band
        assert all(figure(waits, 0, month.on) == month.late for month in months)
    else:
        assert over == [0] * len(over)


@given(promised=DAYS, days=st.integers(-40, 3000))
def test_months_begun_lie_in_their_band(promised: date, days: int) -> None:
    on = promised + timedelta(days=days)
    band, months = band_of(promised, on=on), months_late(promised, on=on)
    assert (band is None) == (months == 0)
    if band is not None:
        assert band.over < months <= (band.up_to or months)


def test_the_line_is_crossed_again_after_it_was_left() -> None:
    waits = [
        Wait(date(2021, 1, 31), date(2022, 6, 1)), Wait(date(2021, 1, 31)), Wait(date(2021, 3, 31), date(2022, 6, 1)),
        Wait(date(2024, 12, 31)), Wait(date(2025, 1, 31)),
    ]
    found = crossings(waiting_changes(waits), line=2, until=date(2025, 2, 14))
    assert [(one.on, one.is_above, one.count) for one in found] == [
        (date(2021, 4, 1), True, 3), (date(2022, 6, 1), False, 1), (date(2025, 2, 1), True, 3),
    ]
    assert crossings(waiting_changes(waits), line=2, until=date(2025, 1, 31))[-1].is_above is False
