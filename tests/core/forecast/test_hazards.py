"""The parts of the model against what is known of them in closed form."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtu.core.forecast.baseline import LAG_EDGES_DAYS, SETTLING_EDGES_DAYS, baseline_of, weekly_expectation
from zhengtu.core.forecast.cohort import Spells, cohort_of, handover_spells, opening_spells, spells_of
from zhengtu.core.forecast.frailty import Multipliers, drawn, filtered
from zhengtu.core.forecast.history import NOT_YET, GroupHistory, Journey

ON = 739_000


def spells(waits: np.ndarray, *, watched: int, units: int = 40) -> Spells:
    """Exponential-like waits that began at various times before ``ON`` and are cut there."""
    entry = ON - watched * (1 + np.arange(len(waits)) % 3) // 3
    reached = entry + np.maximum(1, np.ceil(waits)).astype(np.int64)
    return Spells(
        unit=np.arange(len(waits)) % units, entry=entry, exit=np.minimum(reached, ON), is_event=reached <= ON
    )


def test_a_constant_hazard_is_found_again_although_many_waits_are_cut() -> None:
    rng = np.random.default_rng(3)
    cut = spells(rng.exponential(50, 4000), watched=90)
    assert 0.2 < (~cut.is_event).mean() < 0.6
    found = baseline_of(cut, units=40, edges=SETTLING_EDGES_DAYS, rng=rng)
    assert found.cumulative(np.array([60.0]), found.mean)[0] == pytest.approx(60 / 50, rel=0.06)


def test_thin_data_give_a_wide_answer_and_many_a_narrow_one() -> None:
    rng = np.random.default_rng(4)
    wide, narrow = (
        baseline_of(spells(rng.exponential(30, count), watched=200), units=40, edges=LAG_EDGES_DAYS, rng=rng)
        for count in (60, 6000)
    )
    at = np.array([40.0])
    few, many = (np.std(np.log([one.cumulative(at, row)[0] for row in one.hazards])) for one in (wide, narrow))
    assert few > 3 * many


@settings(max_examples=40, deadline=None)
@given(
    ages=st.lists(st.floats(0, 2000), min_size=1, max_size=6), demand=st.floats(0.01, 5),
    replicate=st.integers(0, 39),
)
def test_a_wait_uses_up_exactly_the_hazard_asked_for(ages: list[float], demand: float, replicate: int) -> None:
    rng = np.random.default_rng(5)
    found = baseline_of(spells(rng.exponential(30, 500), watched=300), units=40, edges=LAG_EDGES_DAYS, rng=rng)
    waited = np.array(ages)
    which = np.full(len(ages), replicate)
    waits = found.waits(which, waited, np.full(len(ages), demand))
    assert (waits > waited).all()
    knots = found.knots()
    passed = found.passed(which, waits, knots=knots) - found.passed(which, waited, knots=knots)
    assert passed == pytest.approx(np.full(len(ages), demand), rel=1e-6)


def test_expected_and_observed_counts_agree_in_sum() -> None:
    rng = np.random.default_rng(6)
    cut = spells(rng.exponential(50, 4000), watched=90)
    found = baseline_of(cut, units=40, edges=SETTLING_EDGES_DAYS, rng=rng)
    events, expected = weekly_expectation(cut, found, units=40, on=ON, weeks=13)
    assert events.sum() == cut.is_event.sum()
    assert expected.sum() == pytest.approx(events.sum(), rel=0.03)


def test_the_filter_tells_fast_units_from_slow_ones_and_leans_on_the_mean_without_data() -> None:
    rng = np.random.default_rng(7)
    truth = np.array([0.3] * 20 + [1.7] * 20)
    events = rng.poisson(truth[:, None], (40, 30)).astype(float)
    seen, unseen = np.ones((40, 30)), np.zeros((1, 30))
    found = filtered(np.vstack([events, unseen]), np.vstack([seen, unseen]), usual_shape=2.0)
    means = found.means[:, -1]
    assert means[:20].mean() == pytest.approx(0.3, abs=0.15)
    assert means[20:40].mean() == pytest.approx(1.7, abs=0.3)
    assert means[40] == pytest.approx(1.0, abs=1e-6)


def test_units_that_are_alike_are_found_to_be_alike() -> None:
    rng = np.random.default_rng(8)
    expected = np.full((40, 30), 2.0)
    alike = filtered(rng.poisson(expected).astype(float), expected, usual_shape=2.0)
    unlike = filtered(rng.poisson(expected * rng.gamma(1.0, size=(40, 1))).astype(float), expected, usual_shape=2.0)
    assert alike.variance < 0.15 < 0.5 < unlike.variance


@pytest.mark.parametrize(("shape", "memory", "weeks"), [(0.4, 0.9, 1), (2.0, 0.5, 4), (20.0, 0.98, 1)])
def test_multipliers_keep_their_distribution_and_remember_as_much_as_they_should(
    shape: float, memory: float, weeks: int
) -> None:
    rng = np.random.default_rng(9)
    draws = 40_000
    before = rng.gamma(shape, 1 / shape, (draws, 1))
    moved = Multipliers(values=before.copy(), shape=np.full(draws, shape), memory=np.full(draws, memory))
    moved.move(rng, weeks=weeks)
    assert moved.values.mean() == pytest.approx(1.0, abs=0.05)
    assert moved.values.var() == pytest.approx(1 / shape, rel=0.1)
    assert np.corrcoef(before[:, 0], moved.values[:, 0])[0, 1] == pytest.approx(memory**weeks, abs=0.05)


def test_draws_of_a_unit_spread_as_its_filter_says() -> None:
    rng = np.random.default_rng(10)
    found = filtered(np.full((1, 20), 3.0), np.full((1, 20), 3.0), usual_shape=2.0)
    values = drawn(found, draws=4000, rng=rng).values[:, 0]
    assert values.mean() == pytest.approx(found.means[0, -1], rel=0.05)


def test_spells_follow_the_way_of_a_household() -> None:
    group = GroupHistory(
        code="g", project="p", households=4, started_on=_day(0), on=_day(100),
        journeys=[
            Journey(_day(10), _day(15), _day(30)), Journey(_day(20), _day(26)), Journey(None, None, None),
            # Only the last stage was recorded: the earlier ones count as reached by then.
            Journey(None, None, _day(40)),
        ],
    )
    cohort = cohort_of([group])
    on = _day(100).toordinal()
    opening, settling = opening_spells(cohort, on=on), spells_of(cohort, 0, on=on)
    assert (opening.exit - opening.entry).tolist() == [10]
    assert sorted((settling.exit - settling.entry).tolist()) == [10, 30, 90]
    assert settling.is_event.sum() == 2
    assert sorted(_lengths(spells_of(cohort, 1, on=on))) == [0, 5, 6]
    assert sorted(_lengths(spells_of(cohort, 2, on=on))) == [0, 15, 74]
    assert len(handover_spells(cohort, on=on).unit) == 0
    assert cohort.until(_day(12).toordinal()).open_counts(0).tolist() == [3]
    assert cohort.last(0).tolist() == [NOT_YET]


def _day(number: int) -> date:
    return date(2026, 1, 1) + timedelta(days=number)


def _lengths(found: Spells) -> list[int]:
    return (found.exit - found.entry).tolist()
