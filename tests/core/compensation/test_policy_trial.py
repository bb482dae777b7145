"""A policy tried on many households: cost, items, winners and losers, and nobody counted on one side only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from zhengtu.core.compensation.assess import CompensationRules, assess
from zhengtu.core.compensation.facts import HouseholdFacts, Option
from zhengtu.core.compensation.parameter_reading import values_added
from zhengtu.core.compensation.policy_trial import Trial, compare

ON = date(2026, 5, 1)


@pytest.fixture
def households(household: HouseholdFacts, cash: Option) -> list[Trial]:
    """Homes of 30, 40, … 120 m²."""
    found = []
    for index, area in enumerate(range(30, 130, 10)):
        building = replace(household.buildings[0], floor_area_m2=Decimal(area))
        facts = replace(household, code=f"220204-P0001-S01-H{index:05d}", buildings=(building,))
        found.append(Trial(facts, cash, ON))
    return found


@pytest.fixture
def changed(rules: CompensationRules) -> CompensationRules:
    """Relocation at a flat 1,200 yuan instead of 1,000 for 60 m² and 10 for each m² beyond."""
    value = {
        "place": "2202",
        "from": "2026-02-01",
        "value": {"per_household": "1200"},
        "source": "demonstration-values",
        "confidence": "illustrative",
    }
    entries = [{"id": "state_land.relocation_fee.dwelling", "values": [value]}]
    added = values_added(rules.parameters, entries, sources={"demonstration-values"})
    return CompensationRules(parameters=added, items=rules.items)


def test_the_comparison_is_the_statements_own_sums(
    households: list[Trial], rules: CompensationRules, changed: CompensationRules
) -> None:
    comparison = compare(rules_a=rules, rules_b=changed, households=households)
    for side, given in ((comparison.total_a, rules), (comparison.total_b, changed)):
        assert side == sum(assess(facts=t.facts, rules=given, option=t.option, on=t.on).total for t in households)
    assert sum(item.change for item in comparison.items) == comparison.total_b - comparison.total_a
    assert {item.item: item.change for item in comparison.items if item.change} == {
        "relocation_fee": Decimal("-100.00")
    }


def test_winners_and_losers_are_named(
    households: list[Trial], rules: CompensationRules, changed: CompensationRules
) -> None:
    comparison = compare(rules_a=rules, rules_b=changed, households=households)
    assert [winner.change for winner in comparison.winners] == [200, 200, 200, 200, 100]
    assert [loser.change for loser in comparison.losers] == [-400, -300, -200, -100]
    assert comparison.losers[0].household == "220204-P0001-S01-H00009"
    assert comparison.unchanged == 1
    assert [comparison.quantile(Decimal(share)) for share in ("0", "0.1", "0.5", "1")] == [-400, -400, 0, 200]
    assert comparison.distribution([Decimal(-250), Decimal(0), Decimal(150)]) == [2, 2, 2, 4]


def test_the_same_rules_change_nothing(households: list[Trial], rules: CompensationRules) -> None:
    comparison = compare(rules_a=rules, rules_b=rules, households=households)
    assert comparison.unchanged == len(households)
    assert comparison.total_a == comparison.total_b > 0


def test_who_is_refused_is_listed_and_left_out_of_both_sums(
    households: list[Trial], rules: CompensationRules, changed: CompensationRules
) -> None:
    unvalued = replace(
        households[0].facts, buildings=(replace(households[0].facts.buildings[0], appraised_per_m2=None),)
    )
    comparison = compare(
        rules_a=rules, rules_b=changed, households=[replace(households[0], facts=unvalued), *households[1:]]
    )
    assert len(comparison.changes) == 9
    assert [(refusal.household, refusal.under) for refusal in comparison.refusals] == [
        (unvalued.code, "a"),
        (unvalued.code, "b"),
    ]


def test_shares_and_edges_are_checked(rules: CompensationRules) -> None:
    empty = compare(rules_a=rules, rules_b=rules, households=[])
    assert (empty.total_a, empty.quantile(Decimal("0.5"))) == (0, 0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        empty.quantile(Decimal(2))
    with pytest.raises(ValueError, match="rise"):
        empty.distribution([Decimal(1), Decimal(1)])
