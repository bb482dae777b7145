"""A family's account: sums that add up to the fen, nothing after the stop, and no number without a basis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.compensation.subsidy_account import (
    PaidPeriod,
    SubsidyAccount,
    WaitingTerms,
    account_on,
    accrued_until,
    due_for,
    frozen_rule,
    overlaps,
    sums_ahead,
)
from zhengtu.core.compensation.subsidy_totals import totals_by, totals_of
from zhengtu.core.compensation.transition_subsidy import AgreedTransition, PartMonth, TransitionRule
from zhengtu.core.kernel.civil_dates import add_months, whole_months_between
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.rules.compensation import CompensationRulebook

DAY = timedelta(days=1)
OUT = date(2015, 3, 15)
DATES = st.dates(date(2014, 1, 1), date(2026, 1, 1))
RULES = ["jilin-city-legacy", "agreement", "shandong-2020", "shijiazhuang-2012"]


@pytest.fixture(scope="module")
def rules(book: CompensationRulebook) -> dict[str, TransitionRule]:
    return {rule.id: rule for rule in book.transition_rules}


def terms(rules: dict[str, TransitionRule], name: str = "jilin-city-legacy", **changes: object) -> WaitingTerms:
    agreed = AgreedTransition(months=18, yuan_per_m2_month=Decimal(10), overdue_multiplier=Decimal("1.5"))
    held = WaitingTerms(rule=rules[name], area_m2=Decimal(60), moved_out_on=OUT, agreed=agreed)
    return replace(held, **changes)  # type: ignore[arg-type]


def test_a_legacy_household_of_60_m2_by_its_months(rules: dict[str, TransitionRule]) -> None:
    held = terms(rules)
    by_month = [account_on(held, on=day).monthly for day in (date(2016, 9, 14), date(2016, 9, 15), date(2017, 3, 15))]
    assert list(map(str, by_month)) == ["600.00", "840.00", "1080.00"]
    account = account_on(held, on=date(2017, 4, 14), paid=Decimal(15000))
    assert (account.accrued, account.overdue) == (Decimal("16920.00"), Decimal("6120.00"))
    assert (account.owed, account.prepaid, account.per_day) == (Decimal("1920.00"), 0, Decimal("35.51"))
    assert account_on(replace(held, area_m2=Decimal(35)), on=OUT).monthly == Decimal("400.00")


def test_what_a_legacy_household_will_be_paid_by_the_month(rules: dict[str, TransitionRule]) -> None:
    held = terms(rules)
    ahead = sums_ahead(held, on=date(2016, 8, 15), months=24)
    assert [(round(months, 1), str(yuan)) for months, yuan in ahead] == [(1.0, "840.00"), (7.0, "1080.00")]
    assert sums_ahead(held, on=date(2016, 8, 15), months=5) == ahead[:1]
    assert sums_ahead(held, on=date(2018, 1, 1), months=60) == ()
    assert [str(yuan) for _, yuan in sums_ahead(held, on=OUT - DAY, months=3)] == ["600.00"]


@given(name=st.sampled_from(RULES), on=DATES, later=st.integers(1, 1800))
def test_sums_ahead_are_the_monthly_sums_of_the_account_on_later_days(
    rules: dict[str, TransitionRule], name: str, on: date, later: int
) -> None:
    held, day = terms(rules, name), on + timedelta(days=later)
    begun = [yuan for months, yuan in sums_ahead(held, on=on, months=61) if round(months * 365 / 12) <= later]
    assert account_on(held, on=day).monthly == (begun[-1] if begun else account_on(held, on=on).monthly)


@given(
    name=st.sampled_from(RULES), policy=st.sampled_from(list(PartMonth)), days=st.integers(0, 3000),
)
def test_the_monthly_sum_is_that_of_the_month_that_runs(
    rules: dict[str, TransitionRule], name: str, policy: PartMonth, days: int
) -> None:
    held = terms(rules, name)
    held = replace(held, rule=replace(held.rule, part_month=policy))
    on = OUT + days * DAY
    start = add_months(OUT, whole_months_between(start=OUT, end=on))
    whole = PaidPeriod(start, add_months(OUT, whole_months_between(start=OUT, end=on) + 1), Decimal(0))
    assert account_on(held, on=on).monthly == due_for(held, whole)


def test_the_day_of_coming_home_is_not_counted_and_costs_nothing_more(rules: dict[str, TransitionRule]) -> None:
    home = terms(rules, home_on=date(2016, 9, 15), is_delivered=True)
    for later in (0, 1, 30, 4000):
        account = account_on(home, on=date(2016, 9, 15) + later * DAY)
        assert (account.accrued, account.monthly) == (Decimal("10800.00"), 0)


def test_months_for_fitting_out_accrue_as_they_begin_after_a_delivery_alone(rules: dict[str, TransitionRule]) -> None:
    agreed = AgreedTransition(months=24, yuan_per_m2_month=Decimal(15), latest_standard=Decimal(18))
    delivered = WaitingTerms(
        rule=rules["zhejiang-2020"], area_m2=Decimal(80), moved_out_on=date(2021, 5, 1), agreed=agreed,
        home_on=date(2023, 8, 1), is_delivered=True,
    )
    sums = [account_on(delivered, on=day) for day in (date(2023, 7, 31), date(2023, 8, 1), date(2023, 9, 1))]
    assert [one.accrued for one in sums] == [Decimal("37440.00"), Decimal("38640.00"), Decimal("39840.00")]
    assert sums[1].monthly == Decimal("1200.00")
    later = account_on(delivered, on=date(2024, 2, 1))
    assert (later.accrued, later.monthly) == (Decimal("44640.00"), 0)
    in_money = account_on(replace(delivered, is_delivered=False), on=date(2024, 2, 1))
    assert in_money.accrued == Decimal("37440.00")


def test_without_a_rule_there_is_a_reason_and_no_sum(rules: dict[str, TransitionRule]) -> None:
    for id, words in (("", "no rule"), ("no-such", "not in the rulebook")):
        with pytest.raises(Refused, match=words):
            frozen_rule(rules, id)
    assert frozen_rule(rules, "", overdue_multiplier=Decimal(2)).id == "agreement"
    silent = terms(rules, "agreement", agreed=AgreedTransition(months=18, yuan_per_m2_month=Decimal(10)))
    assert account_on(silent, on=date(2016, 9, 14)).accrued == Decimal("10800.00")
    account = account_on(silent, on=date(2016, 9, 15), paid=Decimal(5))
    assert (account.accrued, account.owed, account.monthly, account.per_day) == (None, None, None, None)
    assert account.missing is not None
    assert account.missing.code == "transition.basis_missing"
    assert totals_of([account]).is_unknown
    totals = totals_of([account, account_on(terms(rules), on=OUT)])
    assert not totals.is_unknown
    assert (totals.families, totals.missing, totals.paid, totals.paid_without_basis) == (2, 1, 0, 5)


@given(
    name=st.sampled_from(RULES), policy=st.sampled_from(list(PartMonth)), days=st.lists(DATES, min_size=2, max_size=8),
    home=st.none() | DATES, area=st.decimals(min_value=10, max_value=300, places=2),
)
def test_splitting_a_period_changes_nothing(
    rules: dict[str, TransitionRule], name: str, policy: PartMonth, days: list[date], home: date | None, area: Decimal
) -> None:
    held = terms(rules, name, area_m2=area, home_on=home, is_delivered=True)
    held = replace(held, rule=replace(held.rule, part_month=policy))
    ordered = sorted(days)
    parts = [
        due_for(held, PaidPeriod(start, end, Decimal(0))) for start, end in pairwise(ordered)
    ]
    assert sum(parts) == due_for(held, PaidPeriod(ordered[0], ordered[-1], Decimal(0)))
    assert all(part >= 0 for part in parts)
    assert accrued_until(held, OUT).total == 0
    if home is not None and home >= OUT:
        assert account_on(held, on=date(2040, 1, 1)).accrued == accrued_until(held, home).total


@given(
    on=DATES, families=st.lists(
        st.tuples(
            st.sampled_from([*RULES, "zhejiang-2020"]), st.decimals(min_value=10, max_value=300, places=2),
            st.decimals(min_value=0, max_value=200_000, places=2), st.sampled_from("ABC"), st.none() | DATES,
        ), max_size=9,
    ),
)
def test_parts_add_up_to_the_whole_and_accrued_less_paid_is_owed(
    rules: dict[str, TransitionRule], on: date, families: list[tuple[str, Decimal, Decimal, str, date | None]]
) -> None:
    rows = [
        (payer, account_on(terms(rules, name, area_m2=area, home_on=home), on=on, paid=paid))
        for name, area, paid, payer, home in families
    ]
    parts = totals_by(rows, key=lambda row: row[0], account=lambda row: row[1])
    whole = totals_of(account for _, account in rows)
    added = sum(parts.values(), totals_of(()))
    assert added == whole
    assert whole.accrued - whole.paid == whole.owed - whole.prepaid
    for _, account in rows:
        if account.accrued is not None and account.owed is not None and account.prepaid is not None:
            assert account.accrued - account.paid == account.owed - account.prepaid
            assert min(account.owed, account.prepaid) == 0


def test_periods_that_share_a_day_overlap_and_those_that_meet_do_not() -> None:
    paid = [PaidPeriod(date(2024, 1, 1), date(2024, 4, 1), Decimal(1800))]
    assert overlaps(paid, PaidPeriod(date(2024, 4, 1), date(2024, 7, 1), Decimal(1))) is None
    assert overlaps(paid, PaidPeriod(date(2024, 3, 31), date(2024, 7, 1), Decimal(1))) == paid[0]
    assert isinstance(SubsidyAccount(on=date(2024, 1, 1)).paid, Decimal)
