"""The assessment: what every line carries, what is refused, what is warned of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from zhengtu.core.compensation.assess import CompensationRules, assess, formulas_on
from zhengtu.core.compensation.facts import (
    Attachment,
    Business,
    HouseholdFacts,
    Member,
    Mode,
    Option,
    Quote,
    Regime,
    Standing,
    Transition,
    Use,
)
from zhengtu.core.compensation.parameters import Confidence
from zhengtu.core.compensation.statement import Group
from zhengtu.core.kernel.money import product, total
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.rules.compensation import CompensationRulebook

ON = date(2026, 5, 1)


def refused_codes(facts: HouseholdFacts, rules: CompensationRules, option: Option, on: date = ON) -> list[str]:
    with pytest.raises(Refused) as refusal:
        assess(facts=facts, rules=rules, option=option, on=on)
    return [reason.code for reason in refusal.value.reasons]


def test_each_line_shows_quantity_rate_parameter_source_reason_and_evidence(
    household: HouseholdFacts, rules: CompensationRules, exchange: Option
) -> None:
    statement = assess(facts=household, rules=rules, option=exchange, on=ON)
    for line in statement.lines:
        assert line.amount == product(line.quantity, line.times, line.rate, per=line.per), line.item
        assert line.basis.source, line.item
        assert line.because.in_english(), line.item
        assert line.evidence, line.item
        assert all(line.label), line.item
        if line.basis.parameter:
            assert line.basis.effective_on is not None
            assert line.basis.effective_on <= ON
    assert statement.total == total([line.amount for line in statement.lines])
    fee = next(line for line in statement.lines if line.item == "temporary_accommodation")
    assert (fee.quantity, fee.times, fee.rate, fee.amount) == (60, 24, 15, Decimal("21600.00"))
    assert (fee.basis.parameter, fee.basis.effective_on) == (
        "state_land.temporary_accommodation.per_m2_month",
        date(2026, 1, 1),
    )
    assert [also.parameter for also in fee.also] == ["state_land.temporary_accommodation.least_area_m2"]


def test_an_older_day_takes_the_older_numbers(
    household: HouseholdFacts, rules: CompensationRules, exchange: Option
) -> None:
    statement = assess(facts=household, rules=rules, option=exchange, on=date(2025, 12, 31))
    fee = next(line for line in statement.lines if line.item == "temporary_accommodation")
    assert (fee.rate, fee.basis.effective_on) == (12, date(2024, 1, 1))


def test_demonstration_values_are_pointed_out_once_each(
    household: HouseholdFacts, rules: CompensationRules, exchange: Option
) -> None:
    statement = assess(facts=household, rules=rules, option=exchange, on=ON)
    used = {
        basis.parameter
        for line in statement.lines
        for basis in (line.basis, *line.also)
        if basis.confidence is Confidence.ILLUSTRATIVE
    }
    warned = [r.parameters["parameter"] for r in statement.warnings if r.code == "compensation.illustrative"]
    assert used
    assert sorted(warned) == sorted(used)


def test_an_exchange_settles_the_difference(
    household: HouseholdFacts, rules: CompensationRules, exchange: Option
) -> None:
    statement = assess(facts=household, rules=rules, option=exchange, on=ON)
    assert statement.of_group(Group.VALUE) == Decimal("312000.00")
    assert statement.of_group(Group.REPLACEMENT) == Decimal("-450000.00")
    assert statement.difference == Decimal("138000.00")
    others = total([x.amount for x in statement.lines if x.group not in (Group.VALUE, Group.REPLACEMENT)])
    assert statement.total == others - statement.difference


def test_without_dates_no_reward_is_counted_and_the_statement_says_so(
    household: HouseholdFacts, rules: CompensationRules
) -> None:
    statement = assess(facts=household, rules=rules, option=Option(mode=Mode.CASH), on=ON)
    assert statement.of_group(Group.REWARD) == 0
    open_ones = [r.parameters["parameter"] for r in statement.warnings if r.code == "compensation.reward_open"]
    assert open_ones == ["signing_reward.dwelling", "moving_reward", "cash_reward", "stairwell_reward"]


def test_a_whole_stairwell_and_a_voucher_are_rewarded(
    household: HouseholdFacts, rules: CompensationRules, cash: Option
) -> None:
    facts = replace(household, stairwell_signed_on=date(2026, 7, 1))
    statement = assess(facts=facts, rules=rules, option=replace(cash, takes_voucher=True), on=ON)
    assert statement.of_item("stairwell_reward") == Decimal("8000.00")
    assert statement.of_item("voucher_reward") == Decimal("15600.00")
    later = replace(household, stairwell_signed_on=date(2026, 7, 2))
    assert assess(facts=later, rules=rules, option=cash, on=ON).of_item("stairwell_reward") == Decimal("4000.00")


def test_rewards_of_other_buildings_are_held_within_their_limits(
    household: HouseholdFacts, rules: CompensationRules, cash: Option
) -> None:
    def reward(price: int) -> Decimal:
        shop = replace(household.buildings[0], use=Use.SHOP, appraised_per_m2=Decimal(price), market_per_m2=None)
        facts = replace(household, buildings=(shop,))
        return assess(facts=facts, rules=rules, option=cash, on=ON).of_item("signing_reward")

    assert reward(1_000) == Decimal("30000.00")
    assert reward(20_000) == Decimal("60000.00")
    assert reward(2_000_000) == Decimal("3000000.00")


def test_all_refusals_come_at_once(household: HouseholdFacts, rules: CompensationRules, exchange: Option) -> None:
    unvalued = replace(household.buildings[0], appraised_per_m2=None)
    unknown = replace(household.buildings[0], code="B2", standing=Standing.UNDETERMINED)
    facts = replace(household, buildings=(unvalued, unknown), quotes=(Quote("fittings", Decimal(100), ""),))
    option = replace(exchange, replacements=(), transition_months=0)
    assert refused_codes(facts, rules, option) == [
        "compensation.not_valued",
        "compensation.standing_undetermined",
        "compensation.quote_unproved",
        "compensation.transition_open",
        "compensation.replacement_mismatch",
    ]


def test_a_value_under_the_market_price_is_refused_and_without_one_it_is_warned(
    household: HouseholdFacts, rules: CompensationRules, cash: Option
) -> None:
    low = replace(household, buildings=(replace(household.buildings[0], market_per_m2=Decimal("5200.01")),))
    assert refused_codes(low, rules, cash) == ["compensation.below_market"]
    unknown = replace(household, buildings=(replace(household.buildings[0], market_per_m2=None),))
    statement = assess(facts=unknown, rules=rules, option=cash, on=ON)
    assert "compensation.market_unknown" in [reason.code for reason in statement.warnings]


def test_where_nothing_is_on_file_there_is_no_number(
    household: HouseholdFacts, rules: CompensationRules, cash: Option
) -> None:
    elsewhere = replace(household, place="650102", project="")
    assert refused_codes(elsewhere, rules, cash) == ["compensation.parameter_missing"]
    assert refused_codes(household, rules, cash, on=date(2010, 1, 1)) == ["compensation.no_formula"]
    legacy = replace(household, regime=Regime.LEGACY_DEMOLITION)
    assert refused_codes(legacy, rules, cash) == ["compensation.no_formula"]


def test_an_attachment_needs_a_price_or_a_valuation(
    household: HouseholdFacts, rules: CompensationRules, cash: Option
) -> None:
    pond = replace(household, attachments=(Attachment("fish_pond"),))
    assert refused_codes(pond, rules, cash) == ["compensation.attachment_unpriced"]
    valued = replace(household, attachments=(Attachment("fish_pond", appraised=Decimal(9100), evidence="report 4"),))
    assert assess(facts=valued, rules=rules, option=cash, on=ON).of_item("attachments") == Decimal("9100.00")


@pytest.mark.parametrize(
    ("business", "standing", "words"),
    [
        (Business(has_licence=False, pays_tax=True), Standing.REGISTERED, "licence"),
        (Business(has_licence=True, pays_tax=False), Standing.REGISTERED, "tax"),
        (Business(has_licence=True, pays_tax=True), Standing.RECOGNISED, "title"),
    ],
)
def test_a_business_without_licence_tax_or_title_gets_a_line_that_says_so(
    household: HouseholdFacts,
    rules: CompensationRules,
    cash: Option,
    business: Business,
    standing: Standing,
    words: str,
) -> None:
    shop = replace(household.buildings[0], use=Use.SHOP, standing=standing)
    statement = assess(facts=replace(household, buildings=(shop,), business=business), rules=rules, option=cash, on=ON)
    line = next(line for line in statement.lines if line.item == "business_loss")
    assert line.amount == 0
    assert words in line.because.in_english()


def test_a_business_method_without_its_figures_is_refused(
    household: HouseholdFacts, rules: CompensationRules, cash: Option, exchange: Option
) -> None:
    shop = replace(household.buildings[0], use=Use.SHOP)
    trading = Business(has_licence=True, pays_tax=True)
    facts = replace(household, buildings=(shop,), business=trading)
    assert refused_codes(facts, rules, cash) == ["compensation.business_figures_missing"]
    with_profit = replace(facts, business=replace(trading, monthly_profit=Decimal(4000)))
    assert refused_codes(with_profit, rules, exchange) == ["compensation.business_figures_missing"]
    complete = replace(facts, business=replace(trading, monthly_profit=Decimal(4000), stoppage_months=Decimal(10)))
    assert assess(facts=complete, rules=rules, option=exchange, on=ON).of_item("business_loss") == Decimal("40000.00")


def test_turnover_housing_and_fee_never_come_together(
    household: HouseholdFacts, rules: CompensationRules, exchange: Option
) -> None:
    turnover = replace(exchange, transition=Transition.TURNOVER)
    statement = assess(facts=household, rules=rules, option=turnover, on=ON)
    assert statement.of_item("temporary_accommodation") == 0
    assert [reason.code for reason in statement.entitlements] == ["compensation.turnover_housing"]


def test_low_income_households_are_told_of_priority_housing(
    household: HouseholdFacts, rules: CompensationRules, cash: Option
) -> None:
    facts = replace(household, members=(Member("甲", hardships=frozenset({"low_income"})),))
    statement = assess(facts=facts, rules=rules, option=cash, on=ON)
    assert [reason.code for reason in statement.entitlements] == ["compensation.priority_housing"]


def test_areas_are_to_the_hundredth(household: HouseholdFacts, rules: CompensationRules, cash: Option) -> None:
    fine = replace(household.buildings[0], floor_area_m2=Decimal("60.001"))
    assert refused_codes(replace(household, buildings=(fine,)), rules, cash) == ["compensation.area"]


def test_a_new_homestead_exists_on_collective_land_only(household: HouseholdFacts, rules: CompensationRules) -> None:
    assert "compensation.resite" in refused_codes(household, rules, Option(mode=Mode.RESITE))


def test_formulas_begin_on_the_day_their_law_does() -> None:
    assert formulas_on(Regime.STATE_LAND, date(2011, 1, 20)) == ()
    names = [formula.name for formula in formulas_on(Regime.STATE_LAND, date(2011, 1, 21))]
    assert len(names) == len(set(names)) > 10


def test_every_head_is_labelled_and_cited(book: CompensationRulebook) -> None:
    for item in book.rules.items.values():
        assert all(label.strip() for label in item.label)
        assert item.source.partition("#")[0] in book.sources
        assert item.evidence


def test_a_further_cheap_room_does_not_lower_the_guaranteed_minimum(
    household: HouseholdFacts, rules: CompensationRules, cash: Option
) -> None:
    small = replace(household.buildings[0], floor_area_m2=Decimal(40))
    room = replace(small, code="B2", floor_area_m2=Decimal(1), appraised_per_m2=Decimal(1000), market_per_m2=None)
    for rooms in ((small,), (small, room)):
        statement = assess(facts=replace(household, buildings=rooms), rules=rules, option=cash, on=ON)
        assert statement.of_group(Group.VALUE) == Decimal("234000.00")
