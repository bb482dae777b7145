"""How often the interval of a discrepancy holds the truth, by simulation, against the nominal 95 per cent.

    .venv/bin/python benchmarks/inspection_coverage.py [--rounds 2000]

A district's false reports are drawn, a sample of them is seen, and the interval is asked whether it holds the number.
Beside it: the usual interval (stratified estimate, normal distribution, finite population correction).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from math import sqrt
from typing import Final

import numpy as np

from zhengtu.core.inspection.discrepancy import Inspected, discrepancy

SHAPES: Final = {
    "one list of 400, 40 seen, 10 % false": [(400, 40, 0.1)],
    "one list of 400, 40 seen, 3 % false": [(400, 40, 0.03)],
    "one list of 1,000, 60 seen, 20 % false": [(1000, 60, 0.2)],
    "two lists, 5 and 20 % false": [(200, 30, 0.05), (300, 20, 0.2)],
    "six lists of 100, 8 seen each, 10 % false": [(100, 8, 0.1)] * 6,
    "six lists of 100, 8 seen each, 2 to 30 % false": [(100, 8, rate) for rate in (0.02, 0.05, 0.1, 0.3, 0.1, 0.02)],
    "twelve lists of 60, 5 seen each, 8 % false": [(60, 5, 0.08)] * 12,
    "a large list and a small bad one": [(2000, 60, 0.05), (50, 5, 0.4)],
}
_TWO_SIDED_95: Final = 1.959964


def main() -> None:
    """Print the share of intervals that hold the truth and their mean width, by shape of the district."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=2000)
    rounds = parser.parse_args().rounds
    print("| district | held | mean width | usual interval held | its width |\n|---|---:|---:|---:|---:|")
    for name, shape in SHAPES.items():
        chance = np.random.default_rng(20250214)
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
        cells = [f"{np.mean([hit for hit, _ in rows]):.1%} | {np.mean([width for _, width in rows]):.0f}"
                 for rows in (ours, usual)]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


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
