"""Reported against found: what a sample says of a district, and how sure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

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


def test_the_interval_holds_too_where_few_are_false_and_the_lists_are_long_and_unlike() -> None:
    """Five lists of 400, 30 seen of each, 2 per cent false: three are expected, and one sample in twenty holds none.

    With the ends of Jeffreys' interval alone it held 90 per cent here.
    """
    chance, hits, rounds = np.random.default_rng(7), 0, 1000
    held: dict[tuple[int, ...], tuple[int, int]] = {}
    for _ in range(rounds):
        false = [int(chance.binomial(400, 0.02 * factor)) for factor in (0.2, 0.6, 1.0, 1.4, 1.8)]
        seen = tuple(sorted(int(chance.hypergeometric(wrong, 400 - wrong, 30)) for wrong in false))
        if seen not in held:
            found = discrepancy([Inspected(400, 30, wrong) for wrong in seen])
            assert found is not None
            held[seen] = (found.low, found.high)
        hits += held[seen][0] <= sum(false) <= held[seen][1]
    assert 0.93 <= hits / rounds <= 0.975


def test_whatever_the_truth_of_a_long_list_the_interval_holds_it_93_times_in_a_hundred() -> None:
    """Exact, not simulated: 150 of 2,000 seen, up to 150 of the list false."""
    ends = {}
    for seen_false in range(40):
        found = discrepancy([Inspected(2000, 150, seen_false)])
        assert found is not None
        ends[seen_false] = (found.low, found.high)
    held = [
        sum(
            float(hypergeom.pmf(seen_false, 2000, truth, 150))
            for seen_false, (low, high) in ends.items() if low <= truth <= high
        )
        for truth in range(1, 151)
    ]
    assert min(held) >= 0.93
    assert np.mean(held[39:]) == pytest.approx(0.95, abs=0.01)  # from three expected ones on


def test_a_sample_without_a_false_report_rules_out_only_what_it_would_hardly_have_missed() -> None:
    found = discrepancy([Inspected(1000, 75, 0), Inspected(1000, 75, 0)])
    assert found is not None
    missed = [float(hypergeom.pmf(0, 2000, wrong, 150)) for wrong in (found.high, found.high + 1)]
    assert missed[0] >= 0.025 > missed[1]
    turned = discrepancy([Inspected(1000, 75, 75), Inspected(1000, 75, 75)])
    assert turned is not None
    assert turned.low == 2000 - found.high


def test_a_single_false_report_may_be_the_only_one() -> None:
    found = discrepancy([Inspected(2000, 150, 1)])
    assert found is not None
    assert found.low == 1


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="inspected"):
        Inspected(10, 11, 0)
