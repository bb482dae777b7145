"""When a promise holds: the home's building, homes for so many families, and the rule on breaches."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.resettlement.promises import (
    HomeOutlook,
    PromiseRules,
    PromiseState,
    Supply,
    outlook_of,
    promise_state,
)
from zhengtu.core.resettlement.works import CompletionForecast

ON = date(2025, 2, 14)
RULES = PromiseRules(kept_from=0.5, ahead_months=12, levels=(0.1, 0.5, 0.9), ageing_days=(90, 180, 365))
SOON = CompletionForecast(on=ON, chances={2: 0.5, 4: 0.5})
LATE = CompletionForecast(on=ON, chances={12: 0.25, 20: 0.75})


def test_a_named_home_comes_with_its_building() -> None:
    outlook = HomeOutlook(on=ON, chances=SOON.chances)
    first, last = date(2025, 4, 14), date(2025, 6, 14)
    assert [outlook.day_at(level) for level in RULES.levels] == [first, first, last]
    assert outlook.chance_by(date(2025, 4, 13)) == 0
    assert outlook.chance_by(date(2025, 4, 14)) == 0.5
    assert outlook.chance_by(date(2030, 1, 1)) == 1
    assert not outlook.is_completed
    assert HomeOutlook(on=ON, chances={0: 1.0}).is_completed


def test_families_of_one_type_share_the_homes_that_are_left_by_lot() -> None:
    outlook = outlook_of([Supply(3, LATE), Supply(1, SOON)], families=4, on=ON)
    assert outlook is not None
    assert outlook.covered == 1
    assert outlook.chance_by(date(2025, 4, 14)) == pytest.approx(0.5 / 4)
    assert outlook.day_at(0.9) == date(2026, 10, 14)


def test_homes_that_nobody_needs_do_not_put_the_day_off() -> None:
    outlook = outlook_of([Supply(10, SOON), Supply(10, LATE)], families=5, on=ON)
    assert outlook is not None
    assert outlook.chance_by(date(2025, 6, 14)) == 1


def test_too_few_homes_lower_every_chance_and_none_give_no_outlook() -> None:
    outlook = outlook_of([Supply(2, SOON)], families=8, on=ON)
    assert outlook is not None
    assert (outlook.homes, outlook.families, outlook.covered) == (2, 8, 0.25)
    assert outlook.chance_by(date(2030, 1, 1)) == 0.25
    assert outlook_of([], families=3, on=ON) is None
    assert outlook_of([Supply(0, SOON)], families=3, on=ON) is None


@pytest.mark.parametrize(("promised_on", "chance", "state"), [
    (None, 0.9, PromiseState.UNDATED),
    (ON - timedelta(days=1), None, PromiseState.BROKEN),
    (ON, 1.0, PromiseState.HOLDS),
    (date(2026, 2, 14), 0.49, PromiseState.FORESEEN),
    (date(2026, 2, 14), 0.5, PromiseState.HOLDS),
    (date(2026, 2, 14), None, PromiseState.FORESEEN),
    (date(2026, 2, 15), 0.0, PromiseState.LATER),
])
def test_a_breach_is_foreseen_a_year_ahead(
    promised_on: date | None, chance: float | None, state: PromiseState
) -> None:
    assert promise_state(promised_on=promised_on, on=ON, chance=chance, rules=RULES) is state


forecasts = st.dictionaries(st.integers(0, 60), st.integers(1, 100), min_size=1, max_size=6).map(
    lambda weights: CompletionForecast(
        on=ON, chances={month: weight / sum(weights.values()) for month, weight in weights.items()},
    )
)


@given(
    supplies=st.lists(st.builds(Supply, homes=st.integers(0, 40), forecast=forecasts), max_size=5),
    families=st.integers(1, 60), days=st.lists(st.integers(0, 3000), min_size=2, max_size=5),
)
def test_chances_rise_with_the_day_and_end_at_the_part_that_is_covered(
    supplies: list[Supply], families: int, days: list[int]
) -> None:
    outlook = outlook_of(supplies, families=families, on=ON)
    if outlook is None:
        assert not any(supply.homes for supply in supplies)
        return
    chances = [outlook.chance_by(ON + timedelta(days=day)) for day in sorted(days)]
    assert chances == sorted(chances)
    homes = sum(supply.homes for supply in supplies)
    assert outlook.chance_by(ON + timedelta(days=4000)) == pytest.approx(min(1, homes / families))
    assert outlook.day_at(0.1) <= outlook.day_at(0.5) <= outlook.day_at(0.9)
