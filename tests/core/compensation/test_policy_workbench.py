"""What the policy workbench rests on: values written back, tried, drawn, compared and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengtu.core.compensation.assess import CompensationRules, assess
from zhengtu.core.compensation.facts import HouseholdFacts, Land, Option, Regime
from zhengtu.core.compensation.facts_reading import household_facts_from, option_from
from zhengtu.core.compensation.parameter_reading import plan_adopted, value_from, values_added
from zhengtu.core.compensation.parameter_trying import TRIAL_SOURCE, Change, tried
from zhengtu.core.compensation.parameter_uses import uses_of
from zhengtu.core.compensation.parameter_writing import value_as_plain
from zhengtu.core.compensation.parameters import Kind, Level
from zhengtu.core.compensation.policy_trial import HouseholdChange, PolicyComparison, Trial, compare
from zhengtu.core.compensation.scheme_difference import scheme_changes, settable
from zhengtu.core.compensation.trial_record import (
    MOST_BINS,
    TrialInputs,
    change_edges,
    changed_households,
    comparison_as_bytes,
    comparison_from,
    digest_of,
    inputs_from,
    refusals_by_reason,
)
from zhengtu.core.compensation.value_history import reviewed, value_lines
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.rules.compensation import CompensationRulebook, read_exactly

ON, PLACE, PROJECT = date(2026, 5, 1), "220204", "220200-P0001"
FEE = "state_land.relocation_fee.dwelling"
REWARD = "signing_reward.dwelling"
CASES = Path(__file__).resolve().parents[3] / "rulebook" / "cases" / "statements"


def test_every_value_on_file_is_read_back_as_it_was_written(rules: CompensationRules) -> None:
    seen = set()
    for parameter in rules.parameters.by_id.values():
        for held in parameter.values:
            plain = value_as_plain(held.value)
            assert value_from(plain, kind=parameter.kind, choices=parameter.choices) == held.value, parameter.id
            seen.add(parameter.kind)
    assert seen == set(Kind)


def test_the_rulebook_names_whatever_the_pages_show(book: CompensationRulebook, rules: CompensationRules) -> None:
    names = book.names
    for parameter in rules.parameters.by_id.values():
        assert parameter.unit in names["units"], parameter.unit
        assert set(parameter.choices) <= set(names["choices"]), parameter.id
        assert uses_of(parameter.id), f"{parameter.id} shapes no head: add it to parameter_uses"
        assert set(uses_of(parameter.id)) <= set(book.rules.items)
        for held in parameter.values:
            assert held.place in names["places"] or held.place == PROJECT
            assert held.set_name in names["parameter_sets"]
            if isinstance(held.value, Mapping):
                assert set(held.value) <= set(names["keys"]), parameter.id
    for rule in book.transition_rules:
        assert rule.place in names["places"] or rule.id == "agreement"  # which holds wherever it was agreed
        assert rule.count_from.value in names["count_from"]
        assert rule.part_month.value in names["part_month"]
        assert rule.multiplied.value in names["multiplied"]


def test_a_parameter_shapes_the_heads_that_the_statements_show(book: CompensationRulebook) -> None:
    for path in CASES.glob("*.yaml"):
        for case in read_exactly(path).get("statements", ()):
            parameters = book.rules.parameters
            if "values" in case:
                parameters = values_added(parameters, case["values"], sources=set(book.sources))
            if "scheme" in case:
                parameters = plan_adopted(parameters, book.schemes[case["scheme"]], project=case["facts"]["project"])
            rules = CompensationRules(parameters=parameters, items=book.rules.items)
            try:
                facts, option = household_facts_from(case["facts"]), option_from(case["option"])
                statement = assess(facts=facts, rules=rules, option=option, on=case["valued_on"])
            except Refused:
                continue
            for line in statement.lines:
                for basis in (line.basis, *line.also):
                    if basis.parameter and basis.parameter in book.rules.parameters.by_id:
                        head = "local_item" if line.item.startswith("local.") else line.item
                        assert head in uses_of(basis.parameter), (basis.parameter, line.item)


def changed(rules: CompensationRules, value: Any, *, id: str = FEE, set_name: str = "standard") -> CompensationRules:
    parameters = tried(
        rules.parameters, [Change(id, value)], on=ON, place=PLACE, project=PROJECT, set_name=set_name
    )
    return CompensationRules(parameters=parameters, items=rules.items)


def test_a_change_holds_where_the_value_it_replaces_stands_and_leaves_the_file_alone(rules: CompensationRules) -> None:
    before = rules.parameters.by_id[FEE]
    after = changed(rules, {"per_household": "1500"}).parameters.by_id[FEE]
    held = after.on(day=ON, places=("CN", "22", "2202", PLACE, PROJECT), set_name="standard")
    assert held is not None
    assert (held.place, held.source, value_as_plain(held.value)) == ("2202", TRIAL_SOURCE, {"per_household": "1500"})
    assert rules.parameters.by_id[FEE] is before


def test_a_level_without_a_value_gets_the_change_at_its_own_place(rules: CompensationRules) -> None:
    id = "state_land.guaranteed_minimum.low_income_area_m2"
    assert rules.parameters.by_id[id].set_by is Level.PROVINCE
    after = changed(rules, "50", id=id).parameters.by_id[id]
    assert [value.place for value in after.values if value.source == TRIAL_SOURCE] == ["22"]


@pytest.mark.parametrize("value", [{"per_household": "viel"}, {"unknown": "1"}, {"per_m2": "-1"}, "12", None])
def test_a_change_passes_the_rulebooks_own_reader(rules: CompensationRules, value: Any) -> None:
    with pytest.raises(Refused) as refused:
        changed(rules, value)
    assert [reason.code for reason in refused.value.reasons] == ["compensation.parameter_malformed"]


def test_the_pilot_is_compared_without_touching_the_household(rules: CompensationRules) -> None:
    facts = HouseholdFacts(
        code="220204-P0001-S01-H00001", place=PLACE, project=PROJECT, regime=Regime.COLLECTIVE_LAND,
        lands=(Land("L1", "2202-I", "farmland", Decimal(1000)),),
    )
    trial = Trial(facts, Option(mode="cash"), ON)  # type: ignore[arg-type]
    comparison = compare(rules_a=rules, rules_b=rules, households=[trial], set_b="farmland_pilot")
    # 1,000 m² at 118 instead of 102, and the supplement of 12 for farmland.
    assert comparison.changes[0].change == Decimal("28000.00")
    assert facts.parameter_set == "standard"


def inputs_of(household: HouseholdFacts, option: Option, rules: CompensationRules) -> TrialInputs:
    homes = [
        replace(household, code=f"220204-P0001-S01-H{number:05d}", buildings=(
            replace(household.buildings[0], floor_area_m2=Decimal(area)),
        )) for number, area in enumerate((40, 60, 90, 120))
    ]
    fingerprint = rules.parameters.on(date=ON, place=PLACE, project=PROJECT).fingerprint
    return TrialInputs(
        ON, PLACE, PROJECT, "", [{"parameter": FEE, "value": {"per_household": "1200"}}], {"standard": fingerprint},
        [Trial(home, option, ON) for home in homes],
    )


def test_kept_inputs_recompute_to_the_same_bytes(
    household: HouseholdFacts, cash: Option, rules: CompensationRules
) -> None:
    inputs = inputs_of(household, cash, rules)
    again = inputs_from(inputs.to_bytes())
    assert again == inputs
    rules_b = changed(rules, {"per_household": "1200"})
    results = [
        comparison_as_bytes(compare(rules_a=rules, rules_b=rules_b, households=one.households))
        for one in (inputs, again)
    ]
    assert digest_of(results[0]) == digest_of(results[1])
    assert comparison_as_bytes(comparison_from(results[0])) == results[0]


def test_refusals_of_one_kind_stand_together(
    household: HouseholdFacts, cash: Option, rules: CompensationRules
) -> None:
    bare = replace(household, buildings=(replace(household.buildings[0], appraised_per_m2=None),))
    comparison = compare(rules_a=rules, rules_b=rules, households=[Trial(bare, cash, ON)])
    grouped = refusals_by_reason(comparison.refusals)
    assert {(under, tuple(households)) for _, under, households in grouped} == {("ab", (household.code,))}
    assert comparison_from(comparison_as_bytes(comparison)) == comparison


money = st.integers(min_value=-9_000_000, max_value=9_000_000).map(lambda fen: Decimal(fen) / 100)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(money, max_size=20))
def test_each_changed_household_is_counted_once_on_its_own_side(changes: list[Decimal]) -> None:
    ordered = sorted(changes)
    comparison = PolicyComparison(
        (), tuple(HouseholdChange(f"H{n}", Decimal(0), change) for n, change in enumerate(ordered)), ()
    )
    edges = change_edges(comparison)
    counts = changed_households(comparison, edges)
    assert len(counts) <= MOST_BINS
    below = sum(count for high, count in zip(edges[1:], counts, strict=False) if high <= 0)
    assert sum(counts) == sum(change != 0 for change in changes)
    assert below == sum(change < 0 for change in changes)


def test_two_schemes_differ_by_what_the_later_one_says(book: CompensationRulebook) -> None:
    parameters = book.rules.parameters
    first = {**book.schemes["demonstration"], "from": date(2024, 1, 1)}
    later = {
        "from": date(2025, 1, 1),
        "parameters": [
            {"id": REWARD, "values": [
                {"value": {"measure": "both", "tiers": [{"until_day": 30, "per_household": "40000"}]}}
            ]},
            {"id": "moving_reward", "values": [
                {"value": {"measure": "after_signing", "tiers": [{"until_day": 15, "per_household": "5000"}]}}
            ]},
        ],
    }
    changes = scheme_changes(parameters, before=first, after=later, project=PROJECT)
    assert [change.parameter.id for change in changes] == [REWARD]
    assert len(scheme_changes(parameters, before=None, after=first, project=PROJECT)) == 6
    assert {parameter.set_by for parameter in settable(parameters)} == {Level.PROJECT}


def test_a_scheme_that_sets_what_the_city_sets_is_refused(book: CompensationRulebook) -> None:
    plan = {"from": date(2025, 1, 1), "parameters": [{"id": FEE, "values": [{"value": {"per_household": "2000"}}]}]}
    with pytest.raises(Refused) as refused:
        scheme_changes(book.rules.parameters, before=None, after=plan, project=PROJECT)
    assert [reason.code for reason in refused.value.reasons] == ["compensation.wrong_level"]


def test_lines_to_draw_follow_the_dated_values(book: CompensationRulebook) -> None:
    lines = {(line.place, line.part): line.points for line in value_lines(book.rules.parameters.by_id[FEE])}
    assert lines["2202", "per_household"] == ((date(2024, 1, 1), Decimal(800)), (date(2026, 1, 1), Decimal(1000)))
    assert lines["1301", "per_m2"] == ((date(2012, 12, 31), Decimal(20)),)
    assert value_lines(book.rules.parameters.by_id[REWARD]) == []


def test_an_old_zone_price_and_a_value_nobody_checks_are_pointed_out(book: CompensationRulebook) -> None:
    price = book.rules.parameters.by_id["collective_land.zone_price"]
    places = ("CN", "22", "2202", PLACE)
    assert [r.code for r in reviewed(price, on=ON, places=places).reasons] == ["policy.illustrative"]
    late = reviewed(price, on=date(2028, 7, 1), places=places)
    assert [r.code for r in late.reasons] == ["policy.lapsed", "policy.unchecked", "policy.illustrative"]
    assert late.is_stale
