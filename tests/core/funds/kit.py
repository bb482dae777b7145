"""A small account: the worked table of docs/algorithms/funds.md, and pieces to build others from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from zhengtu.core.funds.history import AccountHistory, Course, DaySum, PlanLine, Source
from zhengtu.core.rules.rulebook import load_rulebook

RULES = load_rulebook(Path(__file__).parents[3] / "rulebook").funds.rules
ON = date(2025, 3, 31)


def days_before(days: int) -> date:
    return ON - timedelta(days=days)


def course(*sums: tuple[date, int | str, int]) -> Course:
    return Course(DaySum(on, Decimal(amount), count) for on, amount, count in sums)


def arrived(*sums: tuple[date, int | str]) -> dict[Source, list[DaySum]]:
    return {Source.FISCAL: [DaySum(on, Decimal(amount), 1) for on, amount in sums]}


def planned(*lines: tuple[date, int | str], source: Source = Source.FISCAL) -> list[PlanLine]:
    return [PlanLine(f"{n:02d}", source, due, Decimal(amount)) for n, (due, amount) in enumerate(lines, start=1)]


def weekly(count: int, *, weeks: int = 8, each: int = 400_000) -> list[tuple[date, int, int]]:
    """So many agreements on the first day of each of the last weeks."""
    return [(days_before(7 * week + 6), count * each, count) for week in range(weeks)]


def account(**given: Any) -> AccountHistory:
    """An account of a project on state-owned land; commitments and payments as ``course`` takes them."""
    held: dict[str, Any] = {"regime": "STATE_LAND", "unsettled": 1_000, "lags_days": {14: 20}, **given}
    for name in ("commitments", "payments"):
        sums: Iterable[tuple[date, int | str, int]] = held.get(name, ())
        held[name] = course(*sums)
    return AccountHistory(**held)
