"""Contradictions are named before the solver runs; families that no plan brings home are told with the remedy."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.core.resettlement.test_options import BUILDING, MARKET, case, family
from zhengtu.core.resettlement.choosing import best_plan
from zhengtu.core.resettlement.feasibility import case_faults, obstacles, shortages
from zhengtu.core.resettlement.homecoming import expected_home
from zhengtu.core.resettlement.options import Budget, BuildingSupply, MarketSupply, Way


def test_a_sound_case_has_neither_faults_nor_obstacles() -> None:
    sound = case(family(1), family(2))
    assert case_faults(sound) == []
    assert obstacles(sound) == []
    assert shortages(sound) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"budgets": [Budget("railway", 0, Decimal(-1))]}, "budget"),
        ({"budgets": [Budget("railway", 0, Decimal(1)), Budget("railway", 0, Decimal(2))]}, "budget_twice"),
        ({"buildings": [BuildingSupply("B", "B", "60", 2, {12: 0.5})]}, "chances"),
        ({"buildings": [BuildingSupply("B", "B", "60", -2, {12: 1.0})]}, "count"),
        ({"market": [MarketSupply("M", "60", 2, Decimal(0))]}, "price"),
        ({"market": [MARKET, MARKET]}, "supply_twice"),
        ({"horizon_months": 0}, "horizon"),
    ],
)
def test_what_contradicts_itself_is_named(changes: dict[str, object], code: str) -> None:
    assert [reason.code for reason in case_faults(case(family(1), **changes))] == [f"resettlement.{code}"]


def test_a_family_that_stands_twice_is_named() -> None:
    assert [reason.code for reason in case_faults(case(family(1), family(1)))] == ["resettlement.family_twice"]


def test_a_choice_that_is_not_open_stands_in_the_way_and_the_plan_is_made_for_the_others() -> None:
    contradictory = family(1, choice=Way.CASH, ways=frozenset({Way.BUILDING}))
    unpriced = family(2, choice=Way.CASH, cash_yuan=None)
    given = case(contradictory, unpriced, family(3))
    assert {one.because.code: list(one.families) for one in obstacles(given)} == {
        "resettlement.choice_not_open": [contradictory.code], "resettlement.cash_unknown": [unpriced.code],
    }
    assert sum(one.count for one in best_plan(given).chosen) == 1


def test_without_a_budget_or_an_offer_the_way_is_named() -> None:
    poor = case(family(1, choice=Way.PURCHASE), budgets=[], buildings=[])
    assert [one.because.code for one in obstacles(poor)] == ["resettlement.no_budget"]
    nothing = case(family(1, choice=Way.PURCHASE), market=[])
    assert [one.because.code for one in obstacles(nothing)] == ["resettlement.nothing_offered"]
    small = case(family(1, choice=Way.PURCHASE), yuan=399_999)
    assert [(one.because.code, one.because.parameters["least"]) for one in obstacles(small)] == [
        ("resettlement.budget_too_small", "400,000")
    ]
    homeless = case(family(1, choice=Way.BUILDING), buildings=[])
    assert [one.because.code for one in obstacles(homeless)] == ["resettlement.no_building"]


def test_more_families_than_homes_is_a_shortage_only_of_those_who_take_nothing_else() -> None:
    bound = [family(number, choice=Way.PURCHASE) for number in range(1, 6)]
    found = shortages(case(*bound, family(6)))
    assert [(one.parameters["families"], one.parameters["homes"]) for one in found] == [("5", "4")]


def test_a_building_brings_home_by_its_chances_and_a_purchase_on_its_day() -> None:
    given = case(*[family(number) for number in range(1, 5)], buildings=[BUILDING], market=[MARKET])
    home = expected_home(best_plan(given), given)
    assert (home[0], home[1], home[12], home[24]) == (0, 2, 3, 4)
    assert home == sorted(home)
