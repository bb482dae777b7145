"""The demonstration's arrivals: whole sums, ahead of the agreements, or of the late client just in time."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from zhengtu.core.funds.history import AccountHistory, Course, DaySum, Proof, Source
from zhengtu.jobs.demonstration.funding import Arrival, arrivals_of

START = date(2025, 1, 6)
SOURCES = (Source.BONDS, Source.FISCAL)


def history(*, proof: bool = True) -> AccountHistory:
    """Ten agreements of 400,000, one each week, each paid after ten days; an account of five million before them."""
    promised = [DaySum(START + timedelta(days=7 * week), Decimal(400_000), 1) for week in range(10)]
    paid = [DaySum(one.on + timedelta(days=10), one.amount_yuan, 1) for one in promised]
    held = Proof(START - timedelta(days=3), "DEMO", Decimal(5_000_000), Decimal(5_000_000)) if proof else None
    return AccountHistory(commitments=Course(promised), payments=Course(paid), proof=held)


def came(arrivals: list[Arrival]) -> Course:
    return Course(DaySum(one.on, one.amount_yuan, 1) for one in arrivals)


@pytest.mark.parametrize("proof", [True, False])
def test_money_comes_whole_and_ahead_of_the_agreements(proof: bool) -> None:
    given = history(proof=proof)
    arrivals = arrivals_of(given, is_late=False, sources=SOURCES)
    course = came(arrivals)
    assert course.by(date.max) == (5_000_000 if proof else 4_000_000)
    assert all(course.by(day) >= given.commitments.by(day) for day in given.commitments.days)
    if given.proof is not None:
        assert course.by(given.proof.on) == given.proof.balance_yuan
    assert {one.source for one in arrivals} == set(SOURCES)


def test_late_money_covers_each_payment_and_no_budget() -> None:
    given = history()
    arrivals = arrivals_of(given, is_late=True, sources=SOURCES)
    course = came(arrivals)
    assert all(course.by(day) >= given.payments.by(day) for day in given.payments.days)
    assert course.by(date.max) < 5_000_000
    assert all(one.planned_on <= one.on for one in arrivals)
    behind = [day for day in given.commitments.days if course.by(day) < given.commitments.by(day)]
    assert behind


def test_nothing_promised_and_no_proof_is_no_arrival() -> None:
    assert arrivals_of(AccountHistory(), is_late=False, sources=SOURCES) == []
    assert arrivals_of(AccountHistory(), is_late=True, sources=SOURCES) == []
