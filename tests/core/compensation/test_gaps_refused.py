"""Facts that are incomplete are refused by name, and least sums and rarer parts of a charge count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from zhengtu.core.compensation.assess import CompensationRules, assess
from zhengtu.core.compensation.facts import (
    Building,
    Business,
    Homestead,
    HouseholdFacts,
    Land,
    Mode,
    Option,
    Regime,
    Standing,
    Transition,
    Use,
)
from zhengtu.core.compensation.parameter_reading import values_added
from zhengtu.core.kernel.reasons import Refused

ON = date(2026, 5, 1)
CASH = Option(mode=Mode.CASH)


def changed(rules: CompensationRules, id: str, value: Any, *, place: str = "2202", **more: str) -> CompensationRules:
    """The rules with one value more, from the day before ``ON``."""
    dated = {"place": place, "from": "2026-04-30", "value": value, "source": "demonstration-values",
             "confidence": "illustrative", **more}  # fmt: skip
    added = values_added(rules.parameters, [{"id": id, "values": [dated]}], sources={"demonstration-values"})
    return CompensationRules(parameters=added, items=rules.items)


def refused(facts: HouseholdFacts, rules: CompensationRules, option: Option = CASH) -> list[str]:
    with pytest.raises(Refused) as refusal:
        assess(facts=facts, rules=rules, option=option, on=ON)
    return [reason.code for reason in refusal.value.reasons]


@pytest.fixture
def villager() -> HouseholdFacts:
    return HouseholdFacts(
        code="220211-P0001-S01-H00001",
        place="220211",
        regime=Regime.COLLECTIVE_LAND,
        buildings=(Building("B1", Use.DWELLING, Standing.REGISTERED, Decimal(80), replacement_cost=Decimal(90_000)),),
        homestead=Homestead(legal_area_m2=Decimal(200), control_area_m2=Decimal(330)),
        lands=(Land("L1", "2202-I", "farmland", Decimal(100), crop="maize", crop_area_m2=Decimal(90)),),
    )


def test_rural_houses_need_a_finding_and_a_valuation(villager: HouseholdFacts, rules: CompensationRules) -> None:
    unknown = replace(villager.buildings[0], standing=Standing.UNDETERMINED)
    unvalued = replace(villager.buildings[0], code="B2", replacement_cost=None)
    facts = replace(villager, buildings=(unknown, unvalued))
    assert refused(facts, rules) == ["compensation.rural_incomplete", "compensation.rural_incomplete"]


def test_land_needs_its_zone_and_its_crop_on_file(villager: HouseholdFacts, rules: CompensationRules) -> None:
    land = villager.lands[0]
    for wrong in (replace(land, zone="2202-IX"), replace(land, crop="saffron")):
        assert refused(replace(villager, lands=(wrong,)), rules) == ["compensation.table_row_missing"]


def test_a_homestead_under_the_control_standard_has_nothing_beyond_it(
    villager: HouseholdFacts, rules: CompensationRules
) -> None:
    statement = assess(facts=villager, rules=rules, option=CASH, on=ON)
    assert statement.of_item("location_within") == Decimal("180000.00")
    assert "location_beyond" not in [line.item for line in statement.lines]
    without_house = replace(villager, buildings=(), homestead=None)
    items = {line.item for line in assess(facts=without_house, rules=rules, option=CASH, on=ON).lines}
    assert items == {"land_compensation", "resettlement_subsidy", "young_crops"}


def test_a_temporary_building_needs_cost_and_term(household: HouseholdFacts, rules: CompensationRules) -> None:
    shed = Building("B2", Use.STORAGE, Standing.TEMPORARY, Decimal(10), replacement_cost=Decimal(5_000))
    assert refused(replace(household, buildings=(shed,)), rules) == ["compensation.temporary_incomplete"]


def test_a_monthly_least_sum_raises_the_accommodation_fee(
    household: HouseholdFacts, rules: CompensationRules, exchange: Option
) -> None:
    raised = changed(rules, "state_land.temporary_accommodation.least_per_month", "1000")
    statement = assess(facts=household, rules=raised, option=exchange, on=ON)
    fee = [line.amount for line in statement.lines if line.item == "temporary_accommodation"]
    assert fee == [Decimal("21600.00"), Decimal("2400.00")]


def test_a_charge_may_count_persons(household: HouseholdFacts, rules: CompensationRules) -> None:
    per_person = changed(rules, "state_land.relocation_fee.dwelling", {"per_member": "300"})
    assert assess(facts=household, rules=per_person, option=CASH, on=ON).of_item("relocation_fee") == Decimal("600.00")


def test_every_person_in_hardship_counts_where_the_scheme_says_so(
    household: HouseholdFacts, rules: CompensationRules
) -> None:
    each = changed(rules, "hardship_subsidy.stacking", "every_member")
    two = replace(household, members=tuple(replace(m, hardships=frozenset({"disability"})) for m in household.members))
    assert assess(facts=two, rules=rules, option=CASH, on=ON).of_item("hardship_subsidy") == Decimal("5000.00")
    assert assess(facts=two, rules=each, option=CASH, on=ON).of_item("hardship_subsidy") == Decimal("10000.00")


def test_days_cannot_be_counted_from_an_unknown_opening(
    household: HouseholdFacts, rules: CompensationRules, cash: Option
) -> None:
    codes = refused(replace(household, signing_opens_on=None), rules, cash)
    assert set(codes) == {"compensation.signing_period_open"}


def test_a_reward_may_be_measured_by_moving_alone_and_end_on_a_date(
    household: HouseholdFacts, rules: CompensationRules, cash: Option
) -> None:
    tiers = {"measure": "vacating", "tiers": [{"until_on": "2026-06-30", "per_m2": "12"}]}
    by_date = changed(rules, "moving_reward", tiers, place="220200-P0001")
    facts = replace(household, signing_opens_on=date(2026, 6, 1))
    assert assess(facts=facts, rules=by_date, option=cash, on=ON).of_item("moving_reward") == Decimal("720.00")
    late = replace(cash, vacated_on=date(2026, 7, 1))
    assert assess(facts=facts, rules=by_date, option=late, on=ON).of_item("moving_reward") == 0


def test_a_business_is_refused_without_any_method_or_the_figures_of_its_method(
    household: HouseholdFacts, rules: CompensationRules
) -> None:
    shop = replace(household.buildings[0], use=Use.SHOP)
    trading = Business(has_licence=True, pays_tax=True)
    facts = replace(household, buildings=(shop,), business=trading)
    by_valuation = changed(rules, "state_land.business_loss.method_cash", "valuation")
    assert refused(facts, by_valuation) == ["compensation.business_figures_missing"]
    monthly = changed(rules, "state_land.business_loss.method_cash", "monthly_share_of_value")
    rate = changed(monthly, "state_land.business_loss.monthly_share_of_value", "0.004")
    assert refused(facts, rate) == ["compensation.business_figures_missing"]
    elsewhere = replace(facts, place="650102", project="")
    placed = changed(rules, "state_land.relocation_fee.shop", {"per_m2": "9"}, place="6501")
    assert refused(elsewhere, placed) == ["compensation.parameter_missing"]


def test_a_recalled_value_is_pointed_out(household: HouseholdFacts, rules: CompensationRules) -> None:
    recalled = changed(rules, "state_land.relocation_fee.dwelling", {"per_m2": "20"}, confidence="recalled")
    statement = assess(facts=household, rules=recalled, option=CASH, on=ON)
    assert [r.parameters["parameter"] for r in statement.warnings if r.code == "compensation.recalled"] == [
        "state_land.relocation_fee.dwelling"
    ]


def test_an_open_transition_is_refused_only_where_a_fee_is_due(
    household: HouseholdFacts, rules: CompensationRules, exchange: Option
) -> None:
    assert refused(household, rules, replace(exchange, transition_months=0)) == ["compensation.transition_open"]
    ready = replace(exchange, transition=Transition.NONE, transition_months=0)
    assert assess(facts=household, rules=rules, option=ready, on=ON).of_item("temporary_accommodation") == 0
