"""Whole numbers that lose as little as can be within limits, with a proven bound, however little time there is.

The relaxation (numbers need not be whole) is solved first: it is fast, and its value is a bound that no plan beats. Few
of its numbers are broken, no more than there are homes, budgets and groups that it uses up; they are rounded down, and
a small integer program gives out what that leaves. Where the bound is not met so, and the whole integer program is
small enough, it is solved too, and the better of both is taken.

Solver: HiGHS through SciPy (Huangfu and Hall, Parallelizing the dual revised simplex method, 2018).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
_GAP: Final = 1e-9
_WHOLE: Final = 1e-6
"""How far the solver's numbers may lie from whole ones."""
SMALL: Final = 6_000
"""Columns up to which the whole integer program is solved."""


@dataclass(frozen=True, slots=True)
class Solved:
    """Counts column by column, what they cost (the less the better), and the least that any counts could cost."""

    counts: NDArray[np.int64]
    value: float
    bound: float


def solved(costs: Floats, matrix: csr_array, limits: Floats, *, seconds: float) -> Solved:
    """Whole counts from zero with ``matrix @ counts <= limits`` that cost little or nothing more than the least.

    Args:
        costs: of one of each column, below zero where it wins something.
        matrix: no entry below zero, and in every column one above. limits: not below zero.
        seconds: time for the integer programs; the relaxation is solved to its end.
    """
    nothing = np.zeros(len(costs), dtype=np.int64)
    if not len(costs):
        return Solved(nothing, 0.0, 0.0)
    until = time.monotonic() + seconds
    broken, bound = relaxed(costs, matrix, limits)
    counts = np.floor(broken + _WHOLE).astype(np.int64)
    counts = counts + _rest(costs, matrix, limits - matrix @ counts, seconds=seconds / 2)
    counts = counts + _greedy(costs, matrix, limits - matrix @ counts)
    value = float(costs @ counts)
    left = until - time.monotonic()
    if value - bound > _GAP * max(1.0, abs(bound)) and len(costs) <= SMALL and left > 0:
        whole, bound = _milp(costs, matrix, limits, seconds=left, bound=bound)
        if whole is not None and float(costs @ whole) < value:
            counts, value = whole, float(costs @ whole)
    return Solved(counts, value, min(bound, value))


def relaxed(costs: Floats, matrix: csr_array, limits: Floats) -> tuple[Floats, float]:
    """The numbers that cost least where they need not be whole, and what they cost."""
    result = linprog(costs, A_ub=matrix, b_ub=limits, bounds=(0, None), method="highs")
    if result.status != 0:
        return np.zeros(len(costs)), float("-inf")
    return result.x, float(result.fun)


def _rest(costs: Floats, matrix: csr_array, left: Floats, *, seconds: float) -> NDArray[np.int64]:
    """What an integer program gives out of what rounding down left; only columns that still have room take part."""
    room = _room(matrix, left)
    found = np.zeros(len(costs), dtype=np.int64)
    open_ = (room >= 1) & (costs < 0)
    if open_.any():
        part, _ = _milp(costs[open_], matrix[:, open_], np.maximum(left, 0.0), seconds=seconds, bound=float("-inf"))
        if part is not None:
            found[open_] = part
    return found


def _milp(
    costs: Floats, matrix: csr_array, limits: Floats, *, seconds: float, bound: float
) -> tuple[NDArray[np.int64] | None, float]:
    """Counts, or None where none were found in the time, and the better bound."""
    result = milp(
        c=costs, integrality=np.ones(len(costs)), bounds=Bounds(0, np.inf),
        constraints=LinearConstraint(matrix, ub=limits), options={"time_limit": seconds, "mip_rel_gap": _GAP},
    )
    if result.mip_dual_bound is not None and np.isfinite(result.mip_dual_bound):
        bound = max(bound, float(result.mip_dual_bound))
    counts = None if result.x is None else np.round(result.x).astype(np.int64)
    return counts, bound


def _greedy(costs: Floats, matrix: csr_array, left: Floats) -> NDArray[np.int64]:
    """What still has room, the column that wins most first."""
    left = left.copy()
    columns = matrix.tocsc()
    found = np.zeros(len(costs), dtype=np.int64)
    candidates = np.flatnonzero((_room(matrix, left) >= 1) & (costs < 0))
    for number in candidates[np.argsort(costs[candidates], kind="stable")]:
        span = slice(columns.indptr[number], columns.indptr[number + 1])
        rows, weights = columns.indices[span], columns.data[span]
        count = int(np.floor((left[rows] / weights).min() + _WHOLE))
        if count > 0:
            found[number] = count
            left[rows] -= weights * count
    return found


def _room(matrix: csr_array, left: Floats) -> Floats:
    """How many of each column there is still room for, by the row that is tightest; broken numbers."""
    cells = matrix.tocoo()
    room = np.full(matrix.shape[1], np.inf)
    np.minimum.at(room, cells.col, left[cells.row] / cells.data)
    return room + _WHOLE
