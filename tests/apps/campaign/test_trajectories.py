"""Cumulative curves and their sums."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from zhengtu.campaign.plan_values import Trajectory
from zhengtu.campaign.trajectories import cumulative, from_day, joined, summed
from zhengtu.core.planning.plan import TrajectoryPoint

ON = date(2025, 2, 14)
days = st.lists(st.dates(date(2025, 1, 1), date(2025, 3, 31)))


def point(day: int, count: int) -> TrajectoryPoint:
    return TrajectoryPoint(date(2025, 2, day), Decimal(count))


def value_on(curve: list[TrajectoryPoint], day: date) -> Decimal:
    return next((one.count for one in reversed(curve) if one.on <= day), Decimal(0))


def test_a_day_counts_everything_until_its_end() -> None:
    found = cumulative([date(2025, 2, 3), date(2025, 2, 3), date(2025, 2, 10), date(2025, 2, 20)], on=ON)
    assert found == [point(3, 2), point(10, 3), point(14, 3)]


def test_nothing_reached_is_a_line_on_the_ground() -> None:
    assert cumulative([], on=ON) == [point(14, 0)]


@given(st.lists(days, max_size=4), st.dates(date(2025, 1, 1), date(2025, 2, 14)))
def test_the_sum_of_curves_is_the_curve_of_all(parts: list[list[date]], day: date) -> None:
    apart = summed([cumulative(part, on=ON) for part in parts])
    together = cumulative([one for part in parts for one in part], on=ON)
    assert value_on(apart, day) == value_on(together, day)


def test_a_plan_begins_on_its_day_with_all_that_it_wanted_before() -> None:
    planned = [point(1, 2), point(8, 5), point(15, 9)]
    actual = [point(3, 1), point(9, 2), point(14, 2)]
    assert from_day(planned, actual, day=date(2025, 2, 10)) == [point(3, 1), point(9, 2), point(10, 5), point(15, 9)]
    assert from_day([], actual, day=ON) == []


def test_a_sum_says_how_many_of_its_parts_have_a_baseline() -> None:
    measured = Trajectory("signed_count", 10, [point(3, 4)], [point(14, 4)], baselines=[date(2025, 2, 3)])
    current = Trajectory("signed_count", 10, [point(3, 4)], [point(14, 4)])
    both = joined([{"signed_count": measured}, {"signed_count": current}], fans={})["signed_count"]
    assert (both.baselines, both.parts) == ([date(2025, 2, 3)], 2)


def test_a_fan_of_the_whole_is_taken_as_given_and_never_added_up() -> None:
    one = Trajectory("signed_count", 10, [point(3, 4)], [point(14, 4)])
    both = joined([{"signed_count": one}, {"signed_count": one}], fans={})
    assert (both["signed_count"].of, both["signed_count"].planned, both["signed_count"].fan) == (20, [point(3, 8)], ())
    assert "vacated_count" not in both
