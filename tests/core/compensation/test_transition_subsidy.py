"""Transition subsidies: begun months, additive periods, and no number without a basis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.compensation.facts import Regime
from zhengtu.core.compensation.transition_subsidy import (
    Accrual,
    AgreedTransition,
    PartMonth,
    TransitionRule,
    accrue_transition_subsidy,
    transition_rule_for,
)
from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.rules.compensation import CompensationRulebook

AGREED = AgreedTransition(months=24, yuan_per_m2_month=Decimal(10))


@pytest.fixture(scope="module")
def named(book: CompensationRulebook) -> dict[str, TransitionRule]:
    return {rule.id: rule for rule in book.transition_rules}


def jilin(named: dict[str, TransitionRule], until_on: date, **changes: object) -> Accrual:
    rule = replace(named["jilin-city-legacy"], **changes)  # type: ignore[arg-type]
    return accrue_transition_subsidy(rule=rule, area_m2=Decimal(60), start_on=date(2010, 1, 1), until_on=until_on)


@pytest.mark.parametrize(
    ("policy", "amount"),
    [
        (PartMonth.FULL, "1200.00"),
        (PartMonth.DAYS, "814.29"),
        (PartMonth.THIRTIETHS, "800.00"),
        (PartMonth.NOTHING, "600.00"),
    ],
)
def test_a_begun_month_counts_as_the_rule_says(
    named: dict[str, TransitionRule], policy: PartMonth, amount: str
) -> None:
    accrual = jilin(named, date(2010, 2, 11), part_month=policy)
    assert str(accrual.total) == amount


def test_a_month_of_31_days_in_thirtieths_never_exceeds_a_month(named: dict[str, TransitionRule]) -> None:
    accrual = jilin(named, date(2010, 1, 31), part_month=PartMonth.THIRTIETHS)
    assert str(accrual.total) == "600.00"


def test_nothing_accrues_before_the_start(named: dict[str, TransitionRule]) -> None:
    assert jilin(named, date(2010, 1, 1)).total == 0
    assert jilin(named, date(2009, 1, 1)).lines == ()


@given(months=st.integers(1, 80), more=st.integers(1, 400), area=st.decimals(min_value=1, max_value=300, places=2))
def test_monthly_payments_add_up_and_waiting_longer_never_pays_less(
    book: CompensationRulebook, months: int, more: int, area: Decimal
) -> None:
    rule = next(rule for rule in book.transition_rules if rule.id == "jilin-city-legacy")
    start = date(2010, 1, 1)
    until = date(2010 + months // 12, months % 12 + 1, 1)
    accrual = accrue_transition_subsidy(rule=rule, area_m2=area, start_on=start, until_on=until)
    assert accrual.total == sum(line.monthly * line.months for line in accrual.lines)
    assert sum(line.months for line in accrual.lines) == months
    later = date.fromordinal(until.toordinal() + more)
    longer = accrue_transition_subsidy(rule=rule, area_m2=area, start_on=start, until_on=later)
    assert longer.total >= accrual.total
    wider = accrue_transition_subsidy(rule=rule, area_m2=area + 1, start_on=start, until_on=until)
    assert wider.total >= accrual.total


def test_where_no_rule_is_on_file_there_is_a_reason_and_no_number(book: CompensationRulebook) -> None:
    with pytest.raises(Refused) as refusal:
        transition_rule_for(rules=book.transition_rules, place="220204", regime=Regime.STATE_LAND, on=date(2026, 1, 1))
    assert refusal.value.reasons[0].code == "transition.basis_missing"
    assert refusal.value.reasons[0].in_english().startswith("Basis missing")
    with pytest.raises(Refused) as refusal:
        accrue_transition_subsidy(
            rule=None, area_m2=Decimal(60), start_on=date(2020, 1, 1), until_on=date(2026, 1, 1), agreed=AGREED
        )
    assert refusal.value.reasons[0].code == "transition.basis_missing"


def test_the_closest_rule_of_the_day_is_found(book: CompensationRulebook) -> None:
    def found(place: str, regime: Regime, on: date) -> str:
        return transition_rule_for(rules=book.transition_rules, place=place, regime=regime, on=on).id

    assert found("220204", Regime.LEGACY_DEMOLITION, date(2009, 1, 1)) == "jilin-city-legacy"
    assert found("370202", Regime.STATE_LAND, date(2022, 1, 1)) == "qingdao-2017"
    assert found("370102", Regime.STATE_LAND, date(2022, 1, 1)) == "shandong-2020"
    with pytest.raises(Refused):
        found("370102", Regime.STATE_LAND, date(2019, 1, 1))


@pytest.mark.parametrize(
    ("rule", "agreed", "words"),
    [
        ("shandong-2020", None, "agreed term and rate"),
        ("zhejiang-2020", AGREED, "latest published standard"),
        ("shijiazhuang-2012", replace(AGREED, in_turnover_housing=True), "turnover housing"),
        ("agreement", AGREED, "it states none"),
        ("agreement", replace(AGREED, yuan_per_m2_month=None), "agreed term and rate"),
    ],
)
def test_a_rule_that_lacks_what_it_multiplies_gives_no_number(
    named: dict[str, TransitionRule], rule: str, agreed: AgreedTransition | None, words: str
) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        accrue_transition_subsidy(
            rule=named[rule], area_m2=Decimal(60), start_on=date(2021, 1, 1), until_on=date(2024, 1, 1), agreed=agreed
        )
    assert refusal.value.reasons[0].code == "transition.basis_missing"


def test_the_agreements_own_clause_is_never_found_by_place(book: CompensationRulebook) -> None:
    for place in ("220204", "999999", ""):
        with pytest.raises(Refused, match="Basis missing"):
            transition_rule_for(
                rules=[rule for rule in book.transition_rules if rule.id == "agreement"], place=place,
                regime=Regime.STATE_LAND, on=date(2024, 1, 1),
            )


def test_turnover_housing_pays_nothing_within_the_term_and_by_the_rule_after_it(
    named: dict[str, TransitionRule],
) -> None:
    def total(rule: str) -> Decimal:
        return accrue_transition_subsidy(
            rule=named[rule],
            area_m2=Decimal(60),
            start_on=date(2021, 1, 1),
            until_on=date(2023, 3, 1),
            agreed=replace(AGREED, in_turnover_housing=True),
        ).total

    assert total("shandong-2020") == Decimal("1200.00")
    assert total("tongling-yian") == Decimal("0.00")


def test_absolute_rates_in_turnover_housing_need_a_rule_once_overdue(named: dict[str, TransitionRule]) -> None:
    def total(until_on: date) -> Decimal:
        return accrue_transition_subsidy(
            rule=named["jilin-city-legacy"], area_m2=Decimal(60), start_on=date(2010, 1, 1), until_on=until_on,
            agreed=AgreedTransition(months=18, yuan_per_m2_month=Decimal(10), in_turnover_housing=True),
        ).total  # fmt: skip

    assert total(date(2011, 7, 1)) == 0
    with pytest.raises(Refused, match="turnover housing"):
        total(date(2011, 8, 1))


def test_months_after_delivery_need_an_agreed_rate_and_no_turnover_housing(named: dict[str, TransitionRule]) -> None:
    absolute = replace(named["jilin-city-legacy"], months_after_delivery=6)
    days = {"start_on": date(2010, 1, 1), "until_on": date(2010, 3, 1), "is_delivered": True}
    with pytest.raises(Refused, match="agreed term and rate"):
        accrue_transition_subsidy(rule=absolute, area_m2=Decimal(60), **days)  # type: ignore[arg-type]
    housed = replace(AGREED, latest_standard=Decimal(12), in_turnover_housing=True)
    accrual = accrue_transition_subsidy(
        rule=named["zhejiang-2020"],
        area_m2=Decimal(60),
        agreed=housed,
        **days,  # type: ignore[arg-type]
    )
    assert accrual.total == 0


@given(
    days=st.integers(0, 2500), policy=st.sampled_from(list(PartMonth)), term=st.integers(1, 40),
    area=st.decimals(min_value=10, max_value=300, places=2),
    name=st.sampled_from(["jilin-city-legacy", "shandong-2020"]),
)
def test_the_sum_is_that_of_its_months_one_by_one(
    book: CompensationRulebook, days: int, policy: PartMonth, term: int, area: Decimal, name: str
) -> None:
    rule = replace(next(rule for rule in book.transition_rules if rule.id == name), part_month=policy)
    agreed = AgreedTransition(months=term, yuan_per_m2_month=Decimal(12))
    start = date(2015, 1, 31)
    until = date.fromordinal(start.toordinal() + days)

    def month(index: int) -> Decimal:
        """Accrued until the end of a month, or until the day asked for, less what accrued until its beginning."""
        from_on, to_on = add_months(start, index), min(add_months(start, index + 1), until)
        return accrued(to_on) - accrued(from_on)

    def accrued(day: date) -> Decimal:
        return accrue_transition_subsidy(rule=rule, area_m2=area, start_on=start, until_on=day, agreed=agreed).total

    count = 0
    while add_months(start, count) < until:
        count += 1
    assert accrued(until) == sum((month(index) for index in range(count)), Decimal("0.00"))
    for index in range(count - 1):
        rate = (
            (Decimal(10) if index < 18 else Decimal(14) if index < 24 else Decimal(18))
            if name == "jilin-city-legacy" else Decimal(12) * (1 if index < term else 2)
        )
        counted = max(area, Decimal(40)) if name == "jilin-city-legacy" else area
        assert month(index) == (counted * rate).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
