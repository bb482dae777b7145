"""Published totals at irregular dates: growing totals, rounded shares, new counts, and the real ones of ../shared."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.forecast.worlds import RULES
from zhengtu.core.forecast.outlook import Forecast
from zhengtu.core.forecast.series import ProgressPoint, ProgressSeries, pace_of, series_forecast, simulated
from zhengtu.core.forecast.series_backtest import replay_series, score_series
from zhengtu.core.forecast.series_table import read_series
from zhengtu.core.kernel.reasons import Refused

PUBLISHED = Path(__file__).resolve().parents[4] / "shared" / "data" / "progress" / "land_progress_timeseries.csv"
HEAD = "programme,unit_area,date,metric,total_required,done,pct,unit,kind,note\n"
START = date(2025, 1, 1)


def series(*shares: float, days: int = 60, subject: str = "one", totals: tuple[float, ...] = ()) -> ProgressSeries:
    return ProgressSeries(subject, tuple(
        ProgressPoint(START + place * timedelta(days=days), share, totals[place] if totals else None)
        for place, share in enumerate(shares)
    ))


def answer(one: ProgressSeries) -> Forecast:
    return series_forecast(one, among=[one], on=one.points[-1].on, rules=RULES)


def test_a_share_that_nears_the_whole_is_given_dates_and_the_data_behind_them() -> None:
    one = answer(series(0.2, 0.4, 0.6, 0.75))
    assert one.basis == "own"
    assert START + timedelta(days=180) < one.p50_on < one.p80_on
    assert one.reasons[0].parameters == {"points": 4, "weeks": 25}


def test_a_faster_series_is_whole_earlier() -> None:
    fast, slow = answer(series(0.2, 0.5, 0.8, days=40)), answer(series(0.2, 0.5, 0.8, days=160))
    day = fast.on + timedelta(days=365)
    assert fast.probability_by(day) > slow.probability_by(slow.on + timedelta(days=365))


@pytest.mark.parametrize("shares", [(0.4,), (0.4, 0.6), (0.4, 0.41, 0.42), (0.6, 0.5, 0.4)])
def test_with_too_few_points_or_hardly_any_progress_nothing_is_said(shares: tuple[float, ...]) -> None:
    one = answer(series(*shares))
    assert (one.basis, one.p50_on, one.probability_by(date(2040, 1, 1))) == ("none", None, None)
    assert one.reasons[0].code == "forecast.series_short"


def test_what_is_whole_was_whole_on_the_first_day_it_was_said_to_be() -> None:
    one = answer(series(0.5, 0.9, 1.0, 1.08))
    assert (one.basis, one.p95_on) == ("done", START + timedelta(days=120))


def test_a_total_that_grew_is_not_taken_for_a_standstill() -> None:
    grown = pace_of(series(0.5, 0.5, totals=(1000, 1500)).points)
    still = pace_of(series(0.5, 0.5, totals=(1000, 1000)).points)
    assert grown.growth[0] > 0 == still.growth[0]
    assert grown.logs[0] > still.logs[0]


@settings(max_examples=40, deadline=None)
@given(
    shares=st.lists(st.floats(0, 1.3), min_size=3, max_size=8),
    gaps=st.lists(st.integers(1, 900), min_size=8, max_size=8),
)
def test_whatever_is_published_shares_stay_between_0_and_1_and_dates_are_ordered(
    shares: list[float], gaps: list[int]
) -> None:
    day, points = START, []
    for share, gap in zip(shares, gaps, strict=False):
        day += timedelta(days=gap)
        points.append(ProgressPoint(day, share))
    one = ProgressSeries("any", tuple(points))
    courses = simulated(one, among=[one], on=day, rules=RULES)
    assert np.isfinite(courses.shares).all()
    assert courses.shares.min() >= 0
    assert courses.shares.max() <= 1
    found = answer(one)
    known = [each for each in (found.p50_on, found.p80_on, found.p95_on) if each is not None]
    assert known == sorted(known)
    if found.basis == "own":
        assert all(each > day for each in known)


def test_a_table_is_read_with_what_is_odd_in_it() -> None:
    table = read_series(
        HEAD + "R,A,2025-01-01,land,100,20,20,ha,actual,\n"
        "R,A,2025-03-01,land,,,35,ha,actual,share alone\n"
        "R,A,2025-06-01,land,,60,,ha,actual,no total\n"
        "R,A,2025-09-01,land,150,90,75,ha,actual,share differs\n"
        "R,A,2025-10-01,land,40,,,ha,SCOPE CHANGE,\n"
        "R,A,2026-01-01,land,80,10,12.5,ha,actual,a new count\n"
        "R,B,2025-01-01,homes,,600,,homes,actual,nothing to compare with\n"
    )
    first, second = table.series
    assert [round(point.share, 3) for point in first.points] == [0.2, 0.35, 0.6, 0.6]
    assert [point.is_inferred for point in first.points] == [False, True, True, False]
    assert second.subject == "R · A · land (2026-01-01–)"
    assert {note.code: note.parameters["line"] for note in table.notes} == {
        "forecast.total_inferred": 4, "forecast.share_differs": 5, "forecast.not_actual": 6, "forecast.no_total": 8,
    }


@pytest.mark.parametrize(("text", "code", "says"), [
    ("programme,date\n", "forecast.column_missing", "unit_area"),
    (HEAD + "R,A,1 March,land,1,1,,ha,actual,\n", "forecast.unreadable", "Line 2: date"),
    (HEAD + "R,A,2025-01-01,land,many,1,,ha,actual,\n", "forecast.unreadable", "total_required"),
    (HEAD + "R,A,2025-01-01,land,10,-1,,ha,actual,\n", "forecast.unreadable", "-1"),
    (HEAD + "R,A,2025-01-01,land,10,nan,,ha,actual,\n", "forecast.unreadable", "nan"),
])
def test_a_table_that_cannot_be_read_is_refused_by_line_and_column(text: str, code: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        read_series(text)
    assert refused.value.reasons[0].code == code
    assert says in str(refused.value)


@pytest.mark.skipif(not PUBLISHED.exists(), reason="../shared/data/progress is not here")
def test_the_published_acquisitions_give_no_nonsense() -> None:
    table = read_series(PUBLISHED.read_text(encoding="utf-8"))
    answers = {one.subject: answer_among(one, table.series) for one in table.series}
    assert answers["MAHSR · ALL · land acquired"].p50_on == date(2024, 1, 8)
    assert answers["CN-Penggai · national · new starts"].p50_on == date(2017, 10, 31)
    for one in answers.values():
        if one.basis == "own":
            assert one.p50_on is None or one.p50_on > one.on
    assert sum(one.basis == "none" for one in answers.values()) > len(answers) / 2
    cases = list(replay_series(table.series, rules=RULES))
    common, scores = score_series(cases)
    assert common == sum(case.answers["model"] is not None for case in cases) > 0
    assert scores["model"].crps < 5


def answer_among(one: ProgressSeries, among: tuple[ProgressSeries, ...]) -> Forecast:
    return series_forecast(one, among=among, on=one.points[-1].on, rules=RULES)
