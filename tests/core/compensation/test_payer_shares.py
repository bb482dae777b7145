"""Accounts of families whose payer changed: each owes what accrued in its time, and together they owe the whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.compensation.payer_shares import (
    PayerShare,
    PayerSpan,
    PaymentMade,
    divided,
    holder_of,
    payer_spans,
    shares_of,
)
from zhengtu.core.compensation.subsidy_account import (
    PaidPeriod,
    SubsidyAccount,
    WaitingTerms,
    account_on,
    accrued_until,
)
from zhengtu.core.compensation.subsidy_totals import totals_of
from zhengtu.core.compensation.transition_subsidy import AgreedTransition, PartMonth, TransitionRule
from zhengtu.core.rules.compensation import CompensationRulebook

OUT = date(2015, 3, 15)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def rules(book: CompensationRulebook) -> dict[str, TransitionRule]:
    return {rule.id: rule for rule in book.transition_rules}


def jilin(rules: dict[str, TransitionRule]) -> WaitingTerms:
    """60 m²: 600 yuan for 18 months, 840 for six, then 1,080; 18 months agreed, paid quarterly."""
    agreed = AgreedTransition(months=18, yuan_per_m2_month=None)
    return WaitingTerms(rule=rules["jilin-city-legacy"], area_m2=Decimal(60), moved_out_on=OUT, agreed=agreed)


def paid(from_on: date, until_on: date, amount: str, paid_on: date) -> PaymentMade:
    return PaymentMade(PaidPeriod(from_on, until_on, Decimal(amount)), paid_on)


def shares(
    terms: WaitingTerms, spans: tuple[PayerSpan, ...], payments: list[PaymentMade], *, on: date
) -> tuple[PayerShare, ...]:
    account = account_on(terms, on=on, paid=sum((one.period.amount for one in payments), Decimal("0.00")))
    return shares_of(terms, account, spans=spans, payments=payments)


def row(share: PayerShare) -> tuple[str, ...]:
    one = share.account
    return share.payer, *map(str, (one.accrued, one.overdue, one.paid, one.owed, one.prepaid, one.arrears, one.monthly))


def test_what_accrued_before_the_change_stays_with_the_former_payer(rules: dict[str, TransitionRule]) -> None:
    """18 × 600 + 3 × 840 accrued by the change after 21 months; 6,000 of it was paid. Then 3 × 840 and 6 × 1,080."""
    change = date(2016, 12, 15)
    spans = (PayerSpan("former", "private_enterprise", OUT), PayerSpan("new", "public_finance", change))
    payments = [paid(OUT, date(2016, 1, 15), "6000.00", date(2016, 2, 1))]
    found = shares(jilin(rules), spans, payments, on=date(2017, 9, 14))
    assert [row(one) for one in found] == [
        ("former", "13320.00", "2520.00", "6000.00", "7320.00", "0.00", "7320.00", "0.00"),
        ("new", "9000.00", "9000.00", "0.00", "9000.00", "0.00", "5760.00", "1080.00"),
    ]
    account, _ = divided(
        jilin(rules), account_on(jilin(rules), on=date(2017, 9, 14), paid=Decimal(6000)), spans=spans,
        payments=payments,
    )
    assert (account.accrued, account.owed, account.arrears, account.running) == (
        Decimal("22320.00"), Decimal("16320.00"), Decimal("13080.00"), Decimal("3240.00")
    )


def test_where_the_deed_says_so_the_debts_go_over_and_what_was_paid_stays(rules: dict[str, TransitionRule]) -> None:
    change = date(2016, 12, 15)
    spans = (
        PayerSpan("former", "private_enterprise", OUT),
        PayerSpan("new", "public_finance", change, takes_debts=True),
    )
    payments = [
        paid(OUT, date(2016, 1, 15), "6000.00", date(2016, 2, 1)),
        paid(date(2016, 1, 15), date(2016, 4, 15), "1800.00", date(2017, 1, 10)),
    ]
    found = shares(jilin(rules), spans, payments, on=date(2017, 9, 14))
    assert [row(one) for one in found] == [
        ("former", "6000.00", "0.00", "6000.00", "0.00", "0.00", "0.00", "0.00"),
        ("new", "16320.00", "11520.00", "1800.00", "14520.00", "0.00", "11280.00", "1080.00"),
    ]
    assert holder_of(spans, date(2016, 1, 1), on=change - DAY).payer == "former"
    assert holder_of(spans, date(2016, 1, 1), on=change).payer == "new"


def test_one_payers_advance_does_not_set_off_what_another_owes(rules: dict[str, TransitionRule]) -> None:
    change = date(2016, 3, 15)
    spans = (PayerSpan("former", "private_enterprise", OUT), PayerSpan("new", "public_finance", change))
    payments = [paid(change, date(2017, 3, 15), "9000.00", date(2016, 3, 20))]
    terms, on = jilin(rules), date(2016, 4, 14)
    account, found = divided(
        terms, account_on(terms, on=on, paid=Decimal(9000)), spans=spans, payments=payments
    )
    assert [(one.payer, one.account.owed, one.account.prepaid) for one in found] == [
        ("former", Decimal("7200.00"), 0), ("new", 0, Decimal("8400.00"))
    ]
    assert (account.accrued, account.paid, account.owed, account.prepaid) == (
        Decimal("7800.00"), Decimal(9000), Decimal("7200.00"), Decimal("8400.00")
    )
    whole = totals_of([account])
    assert whole.accrued - whole.paid == whole.owed - whole.prepaid
    assert (whole.families, whole.former) == (1, 1)


def test_a_payment_across_the_change_goes_to_the_days_before_it_first(rules: dict[str, TransitionRule]) -> None:
    change = date(2016, 3, 15)
    spans = (PayerSpan("former", "private_enterprise", OUT), PayerSpan("new", "public_finance", change))
    payments = [paid(date(2016, 2, 15), date(2016, 4, 15), "1000.00", date(2016, 4, 20))]
    found = shares(jilin(rules), spans, payments, on=date(2016, 6, 14))
    assert [(one.payer, one.account.paid) for one in found] == [("former", 600), ("new", Decimal("400.00"))]


def test_terms_of_one_day_or_of_one_payer_are_no_change() -> None:
    told = [
        PayerSpan("a", "public_finance", OUT), PayerSpan("b", "state_enterprise", OUT),
        PayerSpan("b", "public_finance", OUT + DAY), PayerSpan("c", "public_finance", OUT + 2 * DAY),
    ]
    assert payer_spans(told) == (
        PayerSpan("b", "public_finance", OUT), PayerSpan("c", "public_finance", OUT + 2 * DAY)
    )


def test_a_payer_who_comes_back_has_one_account(rules: dict[str, TransitionRule]) -> None:
    spans = tuple(PayerSpan(name, "public_finance", day) for name, day in (
        ("a", OUT), ("b", date(2015, 9, 15)), ("a", date(2016, 3, 15))
    ))
    found = shares(jilin(rules), spans, [], on=date(2016, 4, 14))
    assert [(one.payer, one.account.accrued) for one in found] == [("b", Decimal("3600.00")), ("a", Decimal("4200.00"))]


@given(
    on=st.dates(date(2015, 3, 1), date(2022, 1, 1)), home=st.none() | st.dates(date(2015, 6, 1), date(2021, 1, 1)),
    changes=st.lists(
        st.tuples(st.integers(1, 900), st.sampled_from("ABC"), st.booleans()), min_size=1, max_size=4
    ),
    payments=st.lists(
        st.tuples(st.integers(0, 200), st.integers(1, 400), st.integers(1, 900_000), st.integers(0, 2400)), max_size=6
    ),
    policy=st.sampled_from(list(PartMonth)), name=st.sampled_from(["jilin-city-legacy", "agreement", "zhejiang-2020"]),
    every=st.none() | st.integers(1, 12),
)
def test_the_shares_are_the_whole_on_every_day(
    book: CompensationRulebook, on: date, home: date | None, changes: list[tuple[int, str, bool]],
    payments: list[tuple[int, int, int, int]], policy: PartMonth, name: str, every: int | None,
) -> None:
    rule = replace(next(rule for rule in book.transition_rules if rule.id == name), part_month=policy)
    agreed = AgreedTransition(
        months=18, yuan_per_m2_month=Decimal("9.37"), overdue_multiplier=Decimal("1.5"), pay_every_months=every,
        latest_standard=Decimal("11.11"),
    )
    terms = WaitingTerms(rule, Decimal("61.23"), OUT, agreed, home_on=home, is_delivered=True)
    days = accumulate((after for after, _, _ in changes), lambda day, after: day + after, initial=0)
    next(days)
    told = [PayerSpan("O", "public_finance", OUT)] + [
        PayerSpan(payer, "public_finance", OUT + after * DAY, takes)
        for after, (_, payer, takes) in zip(days, changes, strict=True) if OUT + after * DAY <= on
    ]
    starts = accumulate((gap + length for gap, length, _, _ in payments), initial=0)
    made = [
        PaymentMade(
            PaidPeriod(OUT + (start + gap) * DAY, OUT + (start + gap + length) * DAY, Decimal(fen) / 100),
            OUT + paid_after * DAY,
        )
        for start, (gap, length, fen, paid_after) in zip(starts, payments, strict=False)
        if OUT + paid_after * DAY <= on
    ]
    account = account_on(terms, on=on, paid=sum((one.period.amount for one in made), Decimal("0.00")))
    whole, found = divided(terms, account, spans=payer_spans(told), payments=made)
    assert [one.account.is_former for one in found] == [True] * (len(found) - 1) + [False]
    assert len({one.payer for one in found}) == len(found)

    def added(read: str) -> Decimal:
        return sum((getattr(one.account, read) for one in found), Decimal("0.00"))

    for read in ("accrued", "overdue", "paid", "due", "monthly"):
        assert added(read) == getattr(account, read), read
    for read in ("owed", "prepaid", "arrears", "running"):
        assert added(read) == getattr(whole, read), read
    assert whole.accrued is not None and whole.owed is not None and whole.prepaid is not None  # noqa: PT018
    assert whole.accrued - whole.paid == whole.owed - whole.prepaid
    parts = totals_of(one.account for one in found)
    assert parts == totals_of([whole])
    for one in found:
        values = (one.account.accrued, one.account.overdue, one.account.paid, one.account.due)
        assert all(value is not None and value >= 0 for value in values)


def test_without_a_change_or_a_basis_there_is_nothing_to_divide(rules: dict[str, TransitionRule]) -> None:
    account = account_on(jilin(rules), on=date(2016, 1, 1))
    one = (PayerSpan("a", "public_finance", OUT),)
    assert shares_of(jilin(rules), account, spans=one, payments=[]) == (PayerShare("a", "public_finance", account),)
    missing = SubsidyAccount(on=date(2016, 1, 1), paid=Decimal(5))
    two = (*one, PayerSpan("b", "state_enterprise", date(2015, 9, 1)))
    assert shares_of(jilin(rules), missing, spans=two, payments=[]) == (PayerShare("b", "state_enterprise", missing),)
    assert accrued_until(jilin(rules), OUT).total == 0
