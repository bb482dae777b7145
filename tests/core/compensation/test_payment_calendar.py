"""When subsidies fall due: by quarter, ahead, not said; arrears apart from what is not due yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.compensation.payment_calendar import Instalment, due_through, instalments
from zhengtu.core.compensation.subsidy_account import (
    WaitingTerms,
    account_on,
    accrued_until,
    due_until_on,
    instalments_after,
)
from zhengtu.core.compensation.subsidy_totals import totals_of
from zhengtu.core.compensation.transition_rules import PaymentRhythm
from zhengtu.core.compensation.transition_subsidy import AgreedTransition, TransitionRule
from zhengtu.core.compensation.waiting_rights import rights_on
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.rules.compensation import CompensationRulebook

OUT = date(2020, 1, 31)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def rules(book: CompensationRulebook) -> dict[str, TransitionRule]:
    return {rule.id: rule for rule in book.transition_rules}


def jilin(rules: dict[str, TransitionRule], **changes: object) -> WaitingTerms:
    agreed = AgreedTransition(months=18, yuan_per_m2_month=None)
    held = WaitingTerms(rules["jilin-city-legacy"], Decimal(60), date(2010, 3, 15), agreed)
    return replace(held, **changes)  # type: ignore[arg-type]


def test_a_quarter_falls_due_once_it_has_run(rules: dict[str, TransitionRule]) -> None:
    before, after = (account_on(jilin(rules), on=day) for day in (date(2010, 6, 14), date(2010, 6, 15)))
    assert (before.accrued, before.due, before.arrears, before.running) == (Decimal("1800.00"), 0, 0, 1800)
    assert (after.accrued, after.due, after.arrears, after.running) == (2400, 1800, 1800, 600)
    half = account_on(jilin(rules), on=date(2010, 6, 15), paid=Decimal(2000))
    assert (half.owed, half.arrears, half.running) == (400, 0, 400)
    found = list(instalments_after(jilin(rules), date(2011, 6, 15), until=date(2012, 3, 15)))
    assert [(one.instalment.due_on, str(one.amount)) for one in found] == [
        (date(2011, 9, 15), "1800.00"), (date(2011, 12, 15), "2520.00"), (date(2012, 3, 15), "2520.00"),
    ]


def test_the_rest_falls_due_when_the_family_comes_home(rules: dict[str, TransitionRule]) -> None:
    home = jilin(rules, home_on=date(2010, 8, 1), is_delivered=True)
    assert [account_on(home, on=day).due for day in (date(2010, 7, 31), date(2010, 8, 1))] == [1800, 3000]
    (last,) = instalments_after(home, date(2010, 6, 15), until=date(2030, 1, 1))
    assert last.instalment == Instalment(date(2010, 8, 1), date(2010, 6, 15), date(2010, 8, 1))
    assert last.amount == 1200


def test_thirty_months_by_room_are_due_at_once_and_the_excess_has_no_day_on_file(
    rules: dict[str, TransitionRule],
) -> None:
    agreed = AgreedTransition(months=30, yuan_per_m2_month=None, rooms=4)
    terms = WaitingTerms(rules["jiaozhou-ligezhuang"], Decimal(88), date(2021, 1, 1), agreed)
    first = account_on(terms, on=date(2021, 1, 1))
    assert (first.accrued, first.due, first.arrears, first.running, first.monthly) == (1080, 32400, 32400, 0, 1080)
    paid = account_on(terms, on=date(2023, 9, 30), paid=Decimal(32400))
    assert (paid.accrued, paid.arrears, paid.running, paid.monthly) == (38880, 0, 6480, 2160)
    assert totals_of([paid]).undated == 6480
    early = replace(terms, home_on=date(2021, 3, 1), is_delivered=True)
    assert account_on(early, on=date(2021, 3, 1), paid=Decimal(32400)).prepaid == 30240
    (prepaid,) = instalments_after(terms, date(2020, 12, 31), until=date(2030, 1, 1))
    assert (prepaid.instalment.due_on, prepaid.amount) == (date(2021, 1, 1), 32400)
    dated = replace(terms, agreed=replace(agreed, pay_every_months=2))
    assert account_on(dated, on=date(2023, 9, 30), paid=Decimal(32400)).arrears == 4320


@pytest.mark.parametrize(("rule", "words"), [
    ("jiaozhou-ligezhuang", "number of rooms"), ("huainan-by-person", "number of persons"),
])
def test_rooms_or_persons_that_nobody_counted_give_no_number(
    rules: dict[str, TransitionRule], rule: str, words: str
) -> None:
    agreed = AgreedTransition(months=30, yuan_per_m2_month=Decimal(20))
    terms = WaitingTerms(rules[rule], Decimal(88), OUT, agreed)
    with pytest.raises(Refused, match=words):
        accrued_until(terms, date(2024, 1, 1))
    account = account_on(terms, on=date(2024, 1, 1))
    assert (account.accrued, account.due, account.arrears, account.running) == (None, None, None, None)


@given(
    every=st.none() | st.integers(1, 13), prepaid=st.integers(0, 40), on=st.integers(-40, 3000),
    stop=st.none() | st.integers(0, 3000),
)
def test_what_fell_due_by_a_day_are_the_instalments_until_then(
    every: int | None, prepaid: int, on: int, stop: int | None
) -> None:
    rhythm = PaymentRhythm(every, prepaid)
    day, stops_on = OUT + on * DAY, None if stop is None else OUT + stop * DAY
    reached = OUT
    for one in instalments(rhythm, start_on=OUT, stops_on=stops_on, after=OUT - DAY):
        if one.due_on > day:
            break
        assert one.from_on == reached
        reached = one.until_on
    assert due_through(rhythm, start_on=OUT, stops_on=stops_on, on=day) == reached
    following = next(instalments(rhythm, start_on=OUT, stops_on=stops_on, after=max(day, OUT - DAY)), None)
    assert following is None or following.due_on > day


@given(days=st.integers(0, 2500), every=st.integers(1, 13), name=st.sampled_from(["agreement", "shandong-2020"]))
def test_what_is_read_off_the_lines_is_what_accrues_until_that_day(
    book: CompensationRulebook, days: int, every: int, name: str
) -> None:
    rule = next(rule for rule in book.transition_rules if rule.id == name)
    agreed = AgreedTransition(
        months=24, yuan_per_m2_month=Decimal("9.37"), overdue_multiplier=Decimal("1.5"), pay_every_months=every
    )
    terms = WaitingTerms(rule, Decimal("61.23"), OUT, agreed)
    account = account_on(terms, on=OUT + days * DAY)
    assert account.due == accrued_until(terms, due_until_on(terms, on=OUT + days * DAY)).total


def test_rights_open_by_overdue_months_and_run_from_the_demand(rules: dict[str, TransitionRule]) -> None:
    asked = {"purchase": [date(2023, 1, 1), date(2025, 4, 10)], "cash": []}

    def standing(on: date) -> list[tuple[str, date, bool, date | None, date | None]]:
        found = rights_on(
            rules["zhejiang-2020"], moved_out_on=date(2021, 2, 1), agreed_months=24, asked=asked, on=on
        )
        return [(one.right.id, one.opens_on, one.is_open, one.asked_on, one.until_on) for one in found]

    assert standing(date(2025, 1, 31)) == [
        ("money", date(2023, 2, 1), True, None, None), ("another_home", date(2025, 2, 1), False, None, None),
    ]
    assert standing(date(2025, 4, 10))[1] == (
        "another_home", date(2025, 2, 1), True, date(2025, 4, 10), date(2025, 10, 10)
    )
    assert not rights_on(
        rules["jilin-city-legacy"], moved_out_on=OUT, agreed_months=18, asked={}, on=date(2030, 1, 1)
    )
