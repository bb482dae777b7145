"""Claims among payers: opened is repaid, settled and open to the fen, in whatever order."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.resettlement.claims import (
    ClaimAccount,
    ClaimMove,
    ClaimStep,
    age_bands,
    band_of_age,
    claim_account,
    claim_totals,
    move_reasons,
)

ON = date(2024, 6, 1)
BANDS = age_bands((90, 180, 365))


def test_a_claim_is_repaid_in_parts_and_the_rest_settled() -> None:
    moves = [
        ClaimMove(ClaimStep.OPENED, ON, Decimal("1000.01")),
        ClaimMove(ClaimStep.REPAID, ON + timedelta(days=40), Decimal("600.00")),
    ]
    account = claim_account(moves)
    assert (account.open, account.closed_on) == (Decimal("400.01"), None)
    closed = claim_account([*moves, ClaimMove(ClaimStep.SETTLED, ON + timedelta(days=90), Decimal("400.01"))])
    assert (closed.open, closed.settled, closed.closed_on) == (0, Decimal("400.01"), ON + timedelta(days=90))


@pytest.mark.parametrize(("days", "band"), [
    (0, "0-90"), (90, "0-90"), (91, "90-180"), (180, "90-180"), (181, "180-365"), (365, "180-365"), (366, "over-365"),
])
def test_ages_fall_into_one_band(days: int, band: str) -> None:
    assert band_of_age(days, BANDS).id == band


@pytest.mark.parametrize(("amount", "code"), [
    ("0", "claim_sum"), ("-1", "claim_sum"), ("0.005", "claim_sum"), ("100.01", "claim_beyond"),
])
def test_nobody_repays_more_than_is_open(amount: str, code: str) -> None:
    reasons = move_reasons(ClaimAccount(opened=Decimal(100)), Decimal(amount))
    assert [reason.code for reason in reasons] == [f"resettlement.{code}"]
    assert move_reasons(ClaimAccount(opened=Decimal(100)), Decimal(100)) == []


fen = st.integers(1, 10**9).map(lambda amount: Decimal(amount) / 100)


@given(
    opened=fen, parts=st.lists(st.tuples(st.sampled_from([ClaimStep.REPAID, ClaimStep.SETTLED]), fen,
                                         st.integers(0, 900)), max_size=8),
)
def test_what_was_opened_is_repaid_settled_or_open(
    opened: Decimal, parts: list[tuple[ClaimStep, Decimal, int]]
) -> None:
    moves = [ClaimMove(ClaimStep.OPENED, ON, opened)]
    for step, amount, days in parts:
        if not move_reasons(claim_account(moves), amount):
            moves.append(ClaimMove(step, ON + timedelta(days=days), amount))
    account = claim_account(reversed(moves))
    assert account.opened == account.repaid + account.settled + account.open
    assert account.open >= 0
    assert (account.closed_on is not None) == (account.open == 0)


@given(st.lists(st.tuples(fen, fen, st.integers(0, 2000)), max_size=10))
def test_totals_by_age_add_up_to_what_is_open(rows: list[tuple[Decimal, Decimal, int]]) -> None:
    claims = [(ClaimAccount(opened=max(one, other), repaid=min(one, other)), days) for one, other, days in rows]
    totals = claim_totals(claims, bands=BANDS)
    assert sum(totals.by_band) == totals.open == totals.opened - totals.repaid - totals.settled
    assert totals.claims == len(rows)
