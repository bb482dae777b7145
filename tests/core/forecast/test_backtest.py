"""The replay asks only what was open, looks at nothing later, and its scores are those of the books."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.forecast.worlds import RULES, TODAY, world
from zhengtu.core.forecast.backtest import METHODS, Case, replay
from zhengtu.core.forecast.baselines import straight_line, throughput_bootstrap, weekly_counts
from zhengtu.core.forecast.history import NOT_YET, Goal
from zhengtu.core.forecast.scoring import crps, judged, score

LAST = TODAY.toordinal()
FEW = replace(RULES, samples=60)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return list(replay(world(2, groups=12, projects=3).at(TODAY), rules=FEW, every_weeks=8))


def test_only_what_was_open_is_asked_and_what_came_is_censored_on_the_last_day(cases: list[Case]) -> None:
    assert {case.kind for case in cases} == {"section", "project"}
    assert {case.goal for case in cases} == set(Goal)
    for case in cases:
        assert case.on < case.came
        assert case.came <= LAST or case.came == NOT_YET
        assert (LAST - case.on) % 56 == 0
        for days in case.answers.values():
            assert days is None or (days > case.on).all()


def test_the_truth_of_a_whole_section_is_the_day_of_its_last_household(cases: list[Case]) -> None:
    of = world(2, groups=12, projects=3)
    for case in cases:
        if case.share == 1.0:
            day = of.completed_on(case.subject, case.goal).toordinal()
            assert case.came == (day if day <= LAST else NOT_YET)


def test_a_forecast_of_the_past_does_not_know_what_came_later(cases: list[Case]) -> None:
    of = world(2, groups=12, projects=3)
    on = TODAY - timedelta(weeks=16)
    earlier = {
        (case.subject, case.goal, case.share): case.answers["model"]
        for case in cases if case.on == on.toordinal() and case.kind == "section"
    }
    # The same seed is used for the same week counted back from the last day, so cut the history behind that week.
    shifted = [
        replace(group, journeys=[
            type(one)(*(day if day is not None and day <= on else None for day in one)) for one in group.journeys
        ], handed_over_on=group.handed_over_on if group.handed_over_on and group.handed_over_on <= on else None)
        for group in of.at(TODAY)
    ]
    again = {
        (case.subject, case.goal, case.share): case.answers["model"]
        for case in replay(shifted, rules=FEW, every_weeks=8) if case.on == on.toordinal() and case.kind == "section"
    }
    assert earlier
    for key, days in earlier.items():
        assert np.array_equal(days, again[key]), key


def test_the_scores_count_cases_abstentions_and_the_common_ones(cases: list[Case]) -> None:
    rows = score(cases, last=LAST)
    assert sum(row.cases for row in rows) == len(cases)
    for row in rows:
        assert 0 <= row.common <= row.cases
        assert set(row.scores) == (set(METHODS) if row.common else set())
        assert all(0 <= share <= 1 for share in row.abstained.values())
        if row.model_alone is not None:
            assert all(0 <= held <= 1 for held in row.model_alone.held.values())
            assert row.model_alone.crps_days >= 0


def test_on_heterogeneous_households_the_forecast_scores_better_than_both_baselines(cases: list[Case]) -> None:
    rows = [row for row in score(cases, last=LAST) if row.share == 1.0 and row.common >= 20]
    assert rows
    for method in ("line", "bootstrap"):
        total = sum(row.common for row in rows)
        model, peer = (
            sum(row.scores[one].crps_days * row.common for row in rows) / total for one in ("model", method)
        )
        assert model < peer


def test_nothing_is_replayed_where_nothing_happened() -> None:
    assert list(replay([], rules=FEW)) == []
    unsigned = [replace(group, journeys=(), handed_over_on=None) for group in world(2).at(TODAY)]
    assert list(replay(unsigned, rules=FEW)) == []


@given(
    samples=st.lists(st.floats(-500, 500), min_size=1, max_size=12), truth=st.floats(-500, 500),
)
def test_the_ranked_probability_score_is_the_integral_of_squared_errors(samples: list[float], truth: float) -> None:
    days = np.sort(np.array(samples))
    edges = np.sort(np.append(days, truth))
    cumulative = np.searchsorted(days, edges[:-1], side="right") / len(days)
    integral = float((np.diff(edges) * (cumulative - (edges[:-1] >= truth)) ** 2).sum())
    assert crps(days, truth) == pytest.approx(integral, abs=1e-6)


def test_a_quantile_is_judged_only_once_its_day_is_past() -> None:
    days = np.array([LAST - 10, LAST + 30])
    mark = judged(days, came=NOT_YET, on=LAST - 40, last=LAST)
    assert mark.held[4] == 0.0
    assert np.isnan(mark.held[7])
    assert mark.crps == pytest.approx(2.5)
    assert np.isnan(mark.error)


def test_a_straight_line_goes_on_at_the_pace_of_eight_weeks() -> None:
    days = LAST - 7 * np.arange(8)
    assert weekly_counts(days, on=LAST).tolist() == [1] * 8
    assert straight_line(days, needed=3, on=LAST) == LAST + 21
    assert straight_line(days - 400, needed=3, on=LAST) is None


def test_the_bootstrap_of_an_even_pace_is_certain_and_of_none_is_silent() -> None:
    rng = np.random.default_rng(0)
    days = np.repeat(LAST - 7 * np.arange(8), 2)
    found = throughput_bootstrap(days, needed=5, on=LAST, rng=rng, samples=20, horizon_weeks=100)
    assert set(found) == {LAST + 21}
    beyond = throughput_bootstrap(days, needed=500, on=LAST, rng=rng, samples=5, horizon_weeks=9)
    assert beyond.tolist() == [NOT_YET] * 5
    assert throughput_bootstrap(days[:0], needed=5, on=LAST, rng=rng, samples=5, horizon_weeks=9) is None
