"""When a building is completed: worked cases and what holds for every case."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtu.core.resettlement.works import HORIZON_MONTHS, WorksStage, completion_forecast

FOUNDATION = WorksStage("foundation", ("基础", "Foundation"), usual_months=3, spread=0.3, is_outdoor=True)
FITTED = WorksStage("fitted", ("装修", "Fitting out"), usual_months=6, spread=0.3)
ACCEPTED = WorksStage("accepted", ("验收", "Acceptance"), usual_months=2, spread=0.3)
STAGES = (FOUNDATION, FITTED, ACCEPTED)
FROST = frozenset({11, 12, 1, 2, 3})


def test_what_is_accepted_is_completed() -> None:
    done = completion_forecast(STAGES, reached={"accepted": date(2024, 10, 1)}, on=date(2025, 2, 14))
    assert done.chances == {0: 1.0}
    assert done.day_at(0.8) == date(2025, 2, 14)


def test_in_the_middle_it_takes_about_what_its_stages_usually_take() -> None:
    forecast = completion_forecast(STAGES, reached={"foundation": date(2025, 4, 1)}, on=date(2025, 4, 1))
    assert forecast.under_way == "fitted"
    assert date(2025, 11, 1) <= forecast.day_at(0.5) <= date(2026, 1, 1)
    assert forecast.day_at(0.8) > forecast.day_at(0.5)


def test_frost_stops_foundations_but_no_fitting_out() -> None:
    """From 1 November nothing outdoors before April: three working months end with June."""
    alone = completion_forecast([FOUNDATION], reached={}, on=date(2025, 11, 1), frost_months=FROST)
    assert min(alone.chances) == 6
    assert alone.day_at(0.5) == date(2026, 7, 1)
    indoors = completion_forecast([FITTED], reached={}, on=date(2025, 11, 1), frost_months=FROST)
    assert indoors.day_at(0.5) == date(2026, 5, 1)


def test_a_stage_that_lasts_too_long_is_no_nearer_to_its_end() -> None:
    """Twice the usual time gone: what remains is drawn from the tail, not from the beginning."""
    on = date(2025, 2, 14)
    fresh = completion_forecast([FITTED], reached={}, on=on, begun_on=on)
    stalled = completion_forecast([FITTED], reached={}, on=on, begun_on=date(2024, 2, 14))
    assert stalled.lasted_months == 12
    assert stalled.day_at(0.5) < fresh.day_at(0.5)
    assert stalled.day_at(0.5) > on


def test_a_later_stage_proves_the_earlier_ones() -> None:
    forecast = completion_forecast(STAGES, reached={"fitted": date(2025, 1, 1)}, on=date(2025, 2, 1))
    assert forecast.under_way == "accepted"


@settings(deadline=None)
@given(
    usual=st.lists(st.floats(0.5, 40), min_size=1, max_size=4), spread=st.floats(0.05, 1.5),
    outdoor=st.booleans(), day=st.dates(date(2020, 1, 1), date(2030, 1, 1)), lasted=st.integers(0, 1500),
)
def test_chances_add_up_to_one_and_never_lie_in_the_past(
    usual: list[float], spread: float, outdoor: bool, day: date, lasted: int
) -> None:
    stages = [WorksStage(f"s{i}", ("", ""), months, spread, outdoor) for i, months in enumerate(usual)]
    begun = date.fromordinal(day.toordinal() - lasted)
    forecast = completion_forecast(stages, reached={}, on=day, frost_months=FROST, begun_on=begun)
    assert sum(forecast.chances.values()) == pytest.approx(1.0)
    assert all(0 < months <= HORIZON_MONTHS for months in forecast.chances)
    assert forecast.chance_by(day) == 0
    assert forecast.day_at(0.2) <= forecast.day_at(0.5) <= forecast.day_at(0.8)
