"""Reported against found: what a sample says of a district, and how sure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtu.core.inspection.discrepancy import Inspected, discrepancy


def test_a_census_leaves_no_doubt() -> None:
    found = discrepancy([Inspected(40, 40, 3), Inspected(10, 10, 0)])
    assert found is not None
    assert (found.low, found.middle, found.high, found.discounted) == (3, 3, 3, 47)


def test_nothing_inspected_says_nothing() -> None:
    assert discrepancy([Inspected(40, 0, 0)]) is None


def test_three_of_three_true_still_say_little() -> None:
    found = discrepancy([Inspected(100, 3, 0)])
    assert found is not None
    assert found.low == 0
    assert found.high > 40


def test_one_in_ten_false_of_forty_discounts_about_a_tenth() -> None:
    found = discrepancy([Inspected(400, 40, 4)])
    assert found is not None
    low, middle, high = found.rates()
    assert 0.02 < low < 0.06
    assert middle == pytest.approx(0.1, abs=0.02)
    assert 0.2 < high < 0.26


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=4))
def test_the_interval_lies_between_what_was_seen_and_what_can_be(rows: list[tuple[int, int, int]]) -> None:
    strata = [Inspected(all_, min(seen, all_), min(false, seen, all_)) for all_, seen, false in rows]
    found = discrepancy(strata)
    if found is None:
        return
    seen_true = sum(one.inspected - one.false for one in strata)
    assert sum(one.false for one in strata) <= found.low <= found.middle <= found.high <= found.reported - seen_true


def test_nineteen_of_twenty_intervals_hold_the_truth() -> None:
    """Over 1,500 rounds of an average district; ``benchmarks/inspection_coverage.py`` goes over a whole grid."""
    chance, hits, rounds = np.random.default_rng(20250214), 0, 1500
    shape = [(100, 8, 0.05), (100, 8, 0.2), (300, 20, 0.1)]
    for _ in range(rounds):
        false = [chance.binomial(size, rate) for size, _, rate in shape]
        strata = [
            Inspected(size, seen, int(chance.hypergeometric(wrong, size - wrong, seen)))
            for (size, seen, _), wrong in zip(shape, false, strict=True)
        ]
        found = discrepancy(strata)
        assert found is not None
        hits += found.low <= sum(false) <= found.high
    assert 0.93 <= hits / rounds <= 0.97


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="inspected"):
        Inspected(10, 11, 0)
