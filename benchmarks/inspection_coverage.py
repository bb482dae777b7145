"""How often the interval of a discrepancy holds the truth, by simulation, against the nominal 95 per cent.

    .venv/bin/python benchmarks/inspection_coverage.py [--rounds 1000]

A district's false reports are drawn, a sample of them is seen, and the interval is asked whether it holds the number:
for every pair of a rate and a number of lists and sizes, with lists that are alike and lists that are not.
Beside it: the usual interval (stratified estimate, normal distribution, finite population correction).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
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
    print("| lists | households on each | rate | | held | mean width | usual interval held | its width |")
    print("|---:|---:|---:|---|---:|---:|---:|---:|")
    held = []
    for kind, likeness, count, size, rate, shape in cells():
        ours, usual = simulated(shape, rounds=rounds)
        told = (size, f"{rate:.0%}") if kind == "grid" else ("mixed", "mixed")
        print(f"| {count} | {told[0]} | {told[1]} | {likeness} | {ours[0]:.1%} | {ours[1]:.1f} "
              f"| {usual[0]:.1%} | {usual[1]:.1f} |", flush=True)
        held.append((rate, ours[0]))
    shares = [share for _, share in held]
    print(f"\nmean {np.mean(shares):.1%}; below 93 %: {sum(s < 0.93 for s in shares)}; "
          f"above 97 %: {sum(s > 0.97 for s in shares)} of {len(shares)} cells; least {min(shares):.1%}")


def simulated(shape: Shape, *, rounds: int, seed: int = 20250214) -> tuple[tuple[float, float], tuple[float, float]]:
    """Share of intervals that hold the truth and their mean width: ours, and the usual one."""
    chance = np.random.default_rng(seed)
    ours, usual = [], []
    for _ in range(rounds):
        false = [int(chance.binomial(size, rate)) for size, _, rate in shape]
        strata = [
            Inspected(size, seen, int(chance.hypergeometric(wrong, size - wrong, seen)))
            for (size, seen, _), wrong in zip(shape, false, strict=True)
        ]
        found = discrepancy(strata)
        assert found is not None
        ours.append((found.low <= sum(false) <= found.high, found.high - found.low))
        low, high = _usual(strata)
        usual.append((low <= sum(false) <= high, high - low))
    (held, width), (usual_held, usual_width) = (np.mean(rows, axis=0) for rows in (ours, usual))
    return (float(held), float(width)), (float(usual_held), float(usual_width))


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
