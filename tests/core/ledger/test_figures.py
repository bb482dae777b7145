"""Figures as sums of changes: on any day they equal what one counts by looking at the dates."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.ledger.figures import (
    FIGURES,
    MILESTONE_FIGURES,
    OVERDUE_FIGURES,
    STATE_FIGURES,
    Changes,
    changes_of,
    difference,
)
from zhengtu.core.ledger.milestones import Milestone, MilestoneDates, has_reached, state_on

days = st.dates(date(2020, 1, 1), date(2025, 12, 31))
some_dates = st.dictionaries(st.sampled_from(list(Milestone)), days).filter(
    lambda dates: Milestone.REOCCUPIED not in dates
    or dates.get(Milestone.VACATED, date.max) <= dates[Milestone.REOCCUPIED]
)
"""Dates as folding leaves them: whoever moved back had moved out."""


def summed(changes: Changes, on: date) -> dict[str, int]:
    total = dict.fromkeys(FIGURES, 0)
    for (day, figure), change in changes.items():
        if day <= on:
            total[figure] += change
    return total


def counted(dates: MilestoneDates, on: date) -> dict[str, int]:
    total = dict.fromkeys(FIGURES, 0)
    for milestone in dates:
        total[MILESTONE_FIGURES[milestone]] += has_reached(dates, milestone, on=on)
    state = state_on(dates, on=on)
    if state is not None:
        total[STATE_FIGURES[state]] += 1
    promised, resettled = dates.get(Milestone.PROMISED), dates.get(Milestone.RESETTLED)
    if promised is not None and (resettled is None or resettled > on):
        for months, figure in OVERDUE_FIGURES.items():
            total[figure] += add_months(promised, months) < on
    return total


@given(some_dates, days)
def test_the_sum_of_changes_is_the_count_on_the_day(dates: MilestoneDates, on: date) -> None:
    assert summed(changes_of(dates), on) == counted(dates, on)


@given(some_dates, some_dates, days)
def test_old_changes_and_the_difference_make_the_new_changes(
    before: MilestoneDates, after: MilestoneDates, on: date
) -> None:
    both = Counter(changes_of(before))
    both.update(difference(before=before, after=after))
    assert summed(both, on) == counted(after, on)


@given(some_dates)
def test_nothing_changes_where_the_dates_are_the_same(dates: MilestoneDates) -> None:
    assert not difference(before=dates, after=dates)


@pytest.mark.parametrize(
    ("on", "overdue"),
    [
        (date(2024, 8, 31), []),
        (date(2024, 9, 1), [0]),
        (date(2025, 2, 28), [0]),
        (date(2025, 3, 1), [0, 6]),  # six months after 31 August end on 28 February
        (date(2025, 9, 1), [0, 6, 12]),
    ],
)
def test_a_home_promised_for_31_august_2024(on: date, overdue: list[int]) -> None:
    found = summed(changes_of({Milestone.PROMISED: date(2024, 8, 31)}), on)
    assert [months for months, figure in OVERDUE_FIGURES.items() if found[figure]] == overdue


def test_coming_home_ends_the_delay_on_that_day() -> None:
    dates = {Milestone.PROMISED: date(2024, 8, 31), Milestone.RESETTLED: date(2024, 10, 1)}
    assert summed(changes_of(dates), date(2024, 9, 30))["overdue_over_0"] == 1
    assert summed(changes_of(dates), date(2024, 10, 1))["overdue_over_0"] == 0


@given(some_dates, days)
def test_a_household_is_never_in_two_states(dates: MilestoneDates, on: date) -> None:
    found = summed(changes_of(dates), on)
    assert sum(found[figure] for figure in STATE_FIGURES.values()) in (0, 1)
    assert all(found[figure] in (0, 1) for figure in FIGURES)


@given(days, st.sampled_from([0, 6, 12, 24, 40]))
def test_delays_nest(promised: date, months: int) -> None:
    on = add_months(promised, months) + timedelta(days=1)
    found = summed(changes_of({Milestone.PROMISED: promised}), on)
    assert [found[OVERDUE_FIGURES[m]] for m in OVERDUE_FIGURES if m <= months] == [1] * sum(
        m <= months for m in OVERDUE_FIGURES
    )
