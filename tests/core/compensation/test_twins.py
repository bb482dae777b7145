"""One ruler: twins, the named facts that set them apart, and what nothing explains."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from zhengtu.core.compensation.assess import CompensationRules, assess
from zhengtu.core.compensation.facts import HouseholdFacts, Option, Use
from zhengtu.core.compensation.twins import ITEM_FACTS, Assessed, nearest_twins
from zhengtu.core.rules.compensation import CompensationRulebook

ON = date(2026, 5, 1)


@pytest.fixture
def assessed(rules: CompensationRules, household: HouseholdFacts, cash: Option):  # type: ignore[no-untyped-def]
    def make(number: int, *, option: Option = cash, **changes: object) -> Assessed:
        building = replace(household.buildings[0], **changes)  # type: ignore[arg-type]
        facts = replace(household, code=f"220204-P0001-S01-H{number:05d}", buildings=(building,))
        return Assessed(facts, option, assess(facts=facts, rules=rules, option=option, on=ON))

    return make


def test_the_nearest_twin_comes_first_with_the_facts_that_differ(assessed, cash: Option) -> None:  # type: ignore[no-untyped-def]
    mine = assessed(1)
    late = assessed(2, option=replace(cash, signed_on=date(2026, 7, 10), vacated_on=date(2026, 7, 12)))
    larger = assessed(3, floor_area_m2=Decimal(110), structure="concrete", built_year=2005, floor=9)
    first, second = nearest_twins(mine, [larger, late, mine])
    assert (first.household, second.household) == (late.facts.code, larger.facts.code)
    assert first.total_difference == mine.statement.total - late.statement.total
    assert [item.item for item in first.items] == ["signing_reward", "cash_reward"]
    assert {fact.fact for item in first.items for fact in item.facts} == {"signed_on", "vacated_on"}
    assert first.unexplained == ()
    assert sum(item.mine - item.theirs for item in first.items) == first.total_difference


def test_a_difference_that_no_fact_explains_is_said(assessed) -> None:  # type: ignore[no-untyped-def]
    favoured = assessed(1, appraised_per_m2=Decimal(6900))
    (twin,) = nearest_twins(favoured, [assessed(2)])
    assert twin.distance == 0
    assert [item.item for item in twin.unexplained] == ["house_value", "cash_reward"]


def test_other_classes_are_no_twins(assessed) -> None:  # type: ignore[no-untyped-def]
    assert nearest_twins(assessed(1), [assessed(2, use=Use.STORAGE)]) == ()


def test_a_larger_area_explains_its_part_and_another_price_per_m2_is_left(assessed) -> None:  # type: ignore[no-untyped-def]
    mine, larger = assessed(1), assessed(2, floor_area_m2=Decimal(120))
    (twin,) = nearest_twins(mine, [larger])
    assert twin.unexplained == ()
    dearer = assessed(3, floor_area_m2=Decimal(120), appraised_per_m2=Decimal(6000))
    (twin,) = nearest_twins(dearer, [mine])
    house = next(item for item in twin.items if item.item == "house_value")
    price = mine.statement.of_item("house_value") / mine.area_m2
    assert [fact.fact for fact in house.facts] == ["dwelling_area"]
    assert house.unexplained == (Decimal(6000) - price) * 120
    assert twin.unexplained == (house,)


def test_every_head_has_facts_it_depends_on(book: CompensationRulebook) -> None:
    assert set(book.rules.items) - set(ITEM_FACTS) == {"local_item"}
