"""Calendars: worked cases, and the laws that passes stand on, for single ticks and arrays alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.scheduling.networks import CALENDARS, HORIZON, THAWED, WEEK
from zhengtu.core.scheduling.step_table import StepTable
from zhengtu.core.scheduling.working_time import EVERY_TICK, NEVER, Calendar, WorkingTime, intersection

CALENDAR = st.sampled_from([EVERY_TICK, THAWED, *CALENDARS.values()])
TICK = st.integers(-120, 700)
AMOUNT = st.integers(0, 12)


def test_a_week_of_five_days() -> None:
    """Day 0 is a Monday; a finish is the morning after the last day of work."""
    assert WEEK.advance(0, 5) == 5
    assert WEEK.advance(0, 6) == 8
    assert WEEK.advance(5, 1) == 8, "work that may start on Saturday starts on Monday"
    assert WEEK.advance(5, 0) == 5, "a milestone stays where it is"
    assert WEEK.retreat(8, 1) == 7
    assert WEEK.retreat(7, 1) == 4, "done by Monday morning is done on Friday"
    assert (WEEK.next_working(5), WEEK.previous_working(7)) == (7, 5)
    assert (WEEK.between(0, 14), WEEK.between(14, 0), WEEK.between(5, 7)) == (10, -10, 0)


def test_a_period_that_is_no_sum_of_days() -> None:
    """Two steps follow each other; the latest start of a step is the last that still ends in time."""
    table = StepTable([10, 10, 12, 12, 15], begins=0)
    assert table.advance(1, 1) == 10
    assert table.retreat(11, 1) == 1
    assert table.retreat(14, 1) == 3
    assert StepTable(np.arange(40) + 10).advance(3, 2) == 23
    assert table.advance(5, 1) == NEVER


def test_work_that_no_longer_fits_never_ends() -> None:
    calendar = WorkingTime(starts=[0, 10], ends=[3, 12], begins=0)
    assert calendar.advance(0, 5) == 12
    assert calendar.advance(0, 6) == NEVER
    assert calendar.next_working(12) == NEVER


def test_intervals_must_be_in_order() -> None:
    for starts, ends in (([0, 2], [3, 5]), ([4], [4]), ([-1], [3]), ([0], [1, 2])):
        with pytest.raises(ValueError, match=r"intervals|ends"):
            WorkingTime(starts=starts, ends=ends, begins=0)
    with pytest.raises(ValueError, match="backwards"):
        StepTable([5, 4])


@given(calendar=CALENDAR, start=TICK, finish=TICK, amount=AMOUNT)
def test_advance_and_retreat_are_a_galois_pair(calendar: Calendar, start: int, finish: int, amount: int) -> None:
    assert (calendar.advance(start, amount) <= finish) == (start <= calendar.retreat(finish, amount))


@given(calendar=CALENDAR, ticks=st.lists(TICK, min_size=3, max_size=3), amount=AMOUNT)
def test_between_adds_up_and_counts_the_work(calendar: Calendar, ticks: list[int], amount: int) -> None:
    first, middle, last = sorted(ticks)
    assert calendar.between(first, middle) + calendar.between(middle, last) == calendar.between(first, last)
    assert calendar.between(first, last) == -calendar.between(last, first) >= 0
    if not isinstance(calendar, StepTable):
        assert calendar.between(first, calendar.advance(first, amount)) == amount


@given(calendar=CALENDAR, tick=TICK, one=AMOUNT, other=AMOUNT)
def test_work_in_two_parts_ends_when_work_in_one_does(calendar: Calendar, tick: int, one: int, other: int) -> None:
    assert calendar.advance(calendar.advance(tick, one), other) == calendar.advance(tick, one + other)


@given(calendar=CALENDAR, ticks=st.lists(TICK, min_size=1, max_size=20), amounts=st.lists(AMOUNT, min_size=20))
def test_many_ticks_at_once_give_what_each_alone_gives(
    calendar: Calendar, ticks: list[int], amounts: list[int]
) -> None:
    many, some = np.array(ticks), np.array(amounts[: len(ticks)])
    pairs = list(zip(ticks, amounts, strict=False))
    assert calendar.advance(many, some).tolist() == [calendar.advance(t, a) for t, a in pairs]
    assert calendar.retreat(many, some).tolist() == [calendar.retreat(t, a) for t, a in pairs]
    assert calendar.between(many, some).tolist() == [calendar.between(t, a) for t, a in pairs]
    assert calendar.next_working(many).tolist() == [calendar.next_working(t) for t in ticks]
    assert calendar.previous_working(many).tolist() == [calendar.previous_working(t) for t in ticks]


@given(masks=st.lists(st.lists(st.booleans(), min_size=30, max_size=30), min_size=1, max_size=3))
def test_an_intersection_works_where_all_work(masks: list[list[bool]]) -> None:
    calendars = [WorkingTime.of_mask(mask) for mask in masks]
    both = intersection(*calendars, EVERY_TICK)
    worked = [both.between(tick, tick + 1) == 1 for tick in range(30)]
    assert worked == [all(column) for column in zip(*masks, strict=True)]


def test_the_horizon_is_long_enough_for_these_tests() -> None:
    assert WEEK.advance(700, 200) < HORIZON
