"""Like with like: how much a unit would have done with its cases, had it done as units do on the whole.

Indirect standardisation: each case belongs to a class of like difficulty (cause of the hard case, regime, use of the
house); of each class the share done over all *other* units is what was to be expected, so that a unit is not measured
against itself. Classes with few cases borrow from the share over all classes.

Source: Breslow and Day, Statistical Methods in Cancer Research II (IARC, 1987), ch. 2, on indirect standardisation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

BORROWED_CASES: Final = 10
"""The share over all classes weighs as much as so many cases of a class."""


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was due: whose, how hard (a class of cases, never a trait of the family), and whether done."""

    unit: str
    difficulty: str
    is_done: bool


def expected_done(cases: Iterable[Case]) -> Mapping[str, float]:
    """Unit -> how many of its cases units do on the whole, given their difficulty.

    A unit that is the only one with cases has nobody to be compared with and is left out.
    """
    rows = list(cases)
    due: Counter[tuple[str, str]] = Counter((one.unit, one.difficulty) for one in rows)
    done: Counter[tuple[str, str]] = Counter((one.unit, one.difficulty) for one in rows if one.is_done)
    shares = expected_shares(due, done)
    expected: Counter[str] = Counter()
    for (unit, kind), share in shares.items():
        expected[unit] += due[unit, kind] * share  # type: ignore[assignment]
    return expected


def expected_shares(
    due: Mapping[tuple[str, str], int], done: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], float]:
    """(unit, class) -> the share of such cases that all other units have done; absent where there are no others.

    Args:
        due, done: (unit, class) -> how much was due to the unit in cases of that class, and how much of it was done.
    """
    found: dict[tuple[str, str], float] = {}
    for unit in sorted({unit for unit, _ in due}):
        others_due, others_done = _without(due, unit), _without(done, unit)
        if not sum(others_due.values()):
            continue
        whole = sum(others_done.values()) / sum(others_due.values())
        for owner, kind in due:
            if owner == unit:
                found[unit, kind] = (
                    (others_done[kind] + BORROWED_CASES * whole) / (others_due[kind] + BORROWED_CASES)
                )
    return found


def _without(counts: Mapping[tuple[str, str], int], unit: str) -> Counter[str]:
    sums: Counter[str] = Counter()
    for (owner, kind), count in counts.items():
        if owner != unit:
            sums[kind] += count
    return sums
