"""Which line of a bank statement is which recorded sum: one to one, in three steps that anybody can follow.

1. the same sum under the same bank reference, whatever the day;
2. the same sum within the window of days, where the record names no bank reference: of several, in the order of days;
3. one line that is the sum of everything one deed records, within the window: a batch that the bank books as one.

What is left over on either side is listed; nobody's sum is ever matched twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhengtu.core.kernel.money import total


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line of a bank statement; money coming in is positive, money going out negative."""

    key: str
    on: date
    amount_yuan: Decimal
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Movement:
    """A recorded sum: an arrival positive, a payment negative; ``batch`` is the deed that records it."""

    key: str
    on: date
    amount_yuan: Decimal
    reference: str = ""
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """One line and the recorded sums that it is; ``by`` is ``reference``, ``day`` or ``batch``."""

    line: StatementLine
    movements: Sequence[Movement]
    by: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What matches, and what is left over on both sides."""

    matches: Sequence[Match]
    lines: Sequence[StatementLine]
    movements: Sequence[Movement]


def reconcile(
    lines: Iterable[StatementLine], movements: Iterable[Movement], *, window_days: int
) -> Reconciliation:
    """Match the lines of an account's statements with its recorded sums."""
    left_lines = sorted(lines, key=lambda line: (line.on, line.key))
    left_movements = sorted(movements, key=lambda movement: (movement.on, movement.key))
    matches: list[Match] = []
    for step in (_by_reference, _by_day, _by_batch):
        found = step(left_lines, left_movements, window_days)
        matches += found
        used_lines = {match.line.key for match in found}
        used = {movement.key for match in found for movement in match.movements}
        left_lines = [line for line in left_lines if line.key not in used_lines]
        left_movements = [movement for movement in left_movements if movement.key not in used]
    return Reconciliation(sorted(matches, key=lambda m: (m.line.on, m.line.key)), left_lines, left_movements)


def _by_reference(lines: Sequence[StatementLine], movements: Sequence[Movement], window_days: int) -> list[Match]:
    held: Mapping[tuple[str, Decimal], list[Movement]] = defaultdict(list)
    for movement in movements:
        if movement.reference:
            held[movement.reference, movement.amount_yuan].append(movement)
    found = []
    for line in lines:
        same = held[line.reference, line.amount_yuan] if line.reference else []
        if same:
            found.append(Match(line, (same.pop(0),), "reference"))
    return found


def _by_day(lines: Sequence[StatementLine], movements: Sequence[Movement], window_days: int) -> list[Match]:
    """Both sides in the order of their days: equal windows make the first fit the greatest possible matching."""
    of_sum: Mapping[Decimal, list[Movement]] = defaultdict(list)
    for movement in movements:
        if not movement.reference:
            of_sum[movement.amount_yuan].append(movement)
    found = []
    for line in lines:
        waiting = of_sum[line.amount_yuan]
        while waiting and (line.on - waiting[0].on).days > window_days:
            waiting.pop(0)
        if waiting and (waiting[0].on - line.on).days <= window_days:
            found.append(Match(line, (waiting.pop(0),), "day"))
    return found


def _by_batch(lines: Sequence[StatementLine], movements: Sequence[Movement], window_days: int) -> list[Match]:
    batches: dict[str, list[Movement]] = defaultdict(list)
    for movement in movements:
        if movement.batch:
            batches[movement.batch].append(movement)
    waiting = [group for group in batches.values() if len(group) > 1]
    found = []
    for line in lines:
        for group in waiting:
            is_near = all(abs((movement.on - line.on).days) <= window_days for movement in group)
            if is_near and total([movement.amount_yuan for movement in group]) == line.amount_yuan:
                found.append(Match(line, tuple(group), "batch"))
                waiting.remove(group)
                break
    return found
