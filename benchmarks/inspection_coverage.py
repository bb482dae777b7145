"""How often the interval of a discrepancy holds the truth, by simulation, against the nominal 95 per cent.

    .venv/bin/python benchmarks/inspection_coverage.py [--rounds 1000]

A district's false reports are drawn, a sample of them is seen, and the interval is asked whether it holds the number:
for every pair of a rate and a number of lists and sizes, with lists that are alike and lists that are not.
Beside it: the usual interval (stratified estimate, normal distribution, finite population correction), and Wilson's
with the effective size of the stratified sample in the place of its size (Korn and Graubard 1998; Franco et al. 2019).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from math import sqrt
from typing import Final

import numpy as np

from zhengtu.core.inspection.discrepancy import Inspected, discrepancy

RATES: Final = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4)
LISTS: Final = (3, 5, 7)
SEEN: Final = {5: 3, 20: 6, 80: 10, 400: 30}
"""Households on a list -> how many of them are seen."""
_TWO_SIDED_95: Final = 1.959964
_HAIR: Final = 1e-6
"""What a computed end may lie beside the whole number that it is."""
_ENOUGH: Final = 3 - 1e-9
"""False reports that a sample can be expected to hold from which on the interval is asked to hold 93 to 97 per cent."""

Shape = list[tuple[int, int, float]]
"""Of each list: its households, how many are seen, and the rate of false reports."""


def cells() -> Iterator[tuple[str, str, int, int, float, Shape]]:
    """The grid; unlike lists have rates from a fifth to nine fifths of the mean rate."""
    for count, size, rate, alike in product(LISTS, SEEN, RATES, (True, False)):
        if not alike and not rate:
            continue
        spread = np.ones(count) if alike else np.linspace(0.2, 1.8, count)
        shape = [(size, SEEN[size], float(rate * factor)) for factor in spread]
        yield "grid", "alike" if alike else "unlike", count, size, rate, shape
    yield "mixed", "unlike", 2, 0, 0.0, [(2000, 60, 0.05), (50, 5, 0.4)]
    yield "mixed", "unlike", 4, 0, 0.0, [(5, 3, 0.2), (20, 6, 0.1), (80, 10, 0.1), (400, 30, 0.05)]
    yield "mixed", "alike", 12, 0, 0.0, [(60, 5, 0.08)] * 12


def main() -> None:
    """Print the share of intervals that hold the truth and their mean width, cell by cell, and the sums."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1000)
    rounds = parser.parse_args().rounds
    print("| lists | households | rate | | held | mean width | usual held | its width | Wilson held | its width |")
    print("|---:|---:|---:|---|---:|---:|---:|---:|---:|---:|")
    held = []
    for kind, likeness, count, size, rate, shape in cells():
        rows = simulated(shape, rounds=rounds)
        told = (size, f"{rate:.0%}") if kind == "grid" else ("mixed", "mixed")
        print(f"| {count} | {told[0]} | {told[1]} | {likeness} | "
              + " | ".join(f"{share:.1%} | {width:.1f}" for share, width in rows) + " |", flush=True)
        held.append((sum(seen * each for _, seen, each in shape), [share for share, _ in rows]))
    for words, wanted in (("three or more", True), ("fewer", False)):
        for name, place in (("ours", 0), ("usual", 1), ("Wilson", 2)):
            shares = [rows[place] for expected, rows in held if (expected > _ENOUGH) == wanted]
            below, above = sum(one < 0.93 for one in shares), sum(one > 0.97 for one in shares)
            print(f"\nexpecting {words}, {name}: mean {np.mean(shares):.1%}, {min(shares):.1%} to {max(shares):.1%}; "
                  f"below 93 %: {below}, above 97 %: {above} of {len(shares)} cells")


@lru_cache(maxsize=200_000)
def _ours(strata: tuple[Inspected, ...]) -> tuple[int, int]:
    found = discrepancy(strata)
    assert found is not None
    return found.low, found.high


def simulated(shape: Shape, *, rounds: int, seed: int = 20250214) -> list[tuple[float, float]]:
    """Share of intervals that hold the truth and their mean width: ours, the usual one and Wilson's."""
    chance = np.random.default_rng(seed)
    rows = []
    for _ in range(rounds):
        false = [int(chance.binomial(size, rate)) for size, _, rate in shape]
        strata = [
            Inspected(size, seen, int(chance.hypergeometric(wrong, size - wrong, seen)))
            for (size, seen, _), wrong in zip(shape, false, strict=True)
        ]
        in_order = tuple(sorted(strata, key=lambda one: (one.reported, one.inspected, one.false)))
        ends = (_ours(in_order), _usual(strata), _wilson(strata))
        rows.append([(low - _HAIR <= sum(false) <= high + _HAIR, high - low) for low, high in ends])
    return [(float(held), float(width)) for held, width in np.mean(rows, axis=0)]


def _wilson(strata: Sequence[Inspected]) -> tuple[float, float]:
    whole, seen = sum(one.reported for one in strata), sum(one.inspected for one in strata)
    rate = sum(one.reported * one.false / one.inspected for one in strata) / whole
    low, high = _usual(strata)
    variance = ((high - low) / (2 * _TWO_SIDED_95 * whole)) ** 2
    size = rate * (1 - rate) / variance if variance and rate < 1 else seen / max(1 - seen / whole, 1e-9)
    square = _TWO_SIDED_95**2
    middle = (rate + square / (2 * size)) / (1 + square / size)
    half = _TWO_SIDED_95 / (1 + square / size) * sqrt(rate * (1 - rate) / size + square / (4 * size**2))
    return whole * (middle - half), whole * (middle + half)


def _usual(strata: Sequence[Inspected]) -> tuple[float, float]:
    middle = variance = 0.0
    for one in strata:
        rate = one.false / one.inspected
        middle += one.reported * rate
        variance += (
            one.reported**2 * (1 - one.inspected / one.reported) * rate * (1 - rate) / max(one.inspected - 1, 1)
        )
    return middle - _TWO_SIDED_95 * sqrt(variance), middle + _TWO_SIDED_95 * sqrt(variance)


if __name__ == "__main__":
    main()
