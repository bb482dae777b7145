"""Lines of a statement against recorded sums: each step, what is left over, and the greatest matching by days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtu.core.funds.reconciliation import Movement, Reconciliation, StatementLine, reconcile

START = date(2025, 3, 3)


def line(key: str, day: int, amount: int, reference: str = "") -> StatementLine:
    return StatementLine(key, START + timedelta(days=day), Decimal(amount), reference)


def movement(key: str, day: int, amount: int, reference: str = "", batch: str = "") -> Movement:
    return Movement(key, START + timedelta(days=day), Decimal(amount), reference, batch)


def paired(found: Reconciliation) -> list[tuple[str, str, str]]:
    return [(m.line.key, "+".join(one.key for one in m.movements), m.by) for m in found.matches]


def test_reference_first_whatever_the_day_then_the_day_then_the_batch() -> None:
    found = reconcile(
        [line("a", 0, 500, "R1"), line("b", 4, -80), line("c", 9, -150), line("d", 9, 500, "R2"), line("e", 9, -7)],
        [
            movement("arrival", 30, 500, "R1"), movement("paid", 1, -80),
            movement("one", 8, -100, batch="D1"), movement("two", 8, -50, batch="D1"),
            movement("mistyped", 9, 500, "R20"), movement("far", 20, -7),
        ],
        window_days=5,
    )
    assert paired(found) == [("a", "arrival", "reference"), ("b", "paid", "day"), ("c", "one+two", "batch")]
    # A reference that differs is not overlooked, however alike the rest.
    assert [one.key for one in found.lines] == ["d", "e"]
    assert [one.key for one in found.movements] == ["mistyped", "far"]


def test_money_in_is_never_money_out() -> None:
    found = reconcile([line("a", 0, 80)], [movement("paid", 0, -80)], window_days=5)
    assert not found.matches


days = st.integers(0, 14)


@settings(max_examples=200, deadline=None)
@given(st.lists(days, max_size=6), st.lists(days, max_size=6), st.integers(0, 4))
def test_as_many_equal_sums_match_as_can(of_lines: list[int], of_movements: list[int], window: int) -> None:
    lines = [line(f"l{n}", day, -5) for n, day in enumerate(of_lines)]
    movements = [movement(f"m{n}", day, -5) for n, day in enumerate(of_movements)]
    found = reconcile(lines, movements, window_days=window)
    few, many = sorted((of_lines, of_movements), key=len)
    most = max(
        sum(abs(a - b) <= window for a, b in zip(few, chosen, strict=True))
        for chosen in permutations(many, len(few))
    )
    assert len(found.matches) == most


amounts = st.sampled_from([-5, -7, 12, 5])
references = st.sampled_from(["", "R1", "R2"])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(days, amounts, references), max_size=9),
    st.lists(st.tuples(days, amounts, references, st.sampled_from(["", "D1", "D2"])), max_size=9),
)
def test_nothing_is_matched_twice_or_lost(
    of_lines: list[tuple[int, int, str]], of_movements: list[tuple[int, int, str, str]]
) -> None:
    lines = [line(f"l{n}", *one) for n, one in enumerate(of_lines)]
    movements = [movement(f"m{n}", *one) for n, one in enumerate(of_movements)]
    found = reconcile(lines, movements, window_days=3)
    used_lines = [m.line for m in found.matches] + list(found.lines)
    used = [one for m in found.matches for one in m.movements] + list(found.movements)
    assert sorted(used_lines, key=lambda one: one.key) == lines
    assert sorted(used, key=lambda one: one.key) == movements
    assert all(m.line.amount_yuan == sum(one.amount_yuan for one in m.movements) for m in found.matches)
