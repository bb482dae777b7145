"""What is known of one dedicated account: the plan, arrivals, commitments and payments as dated values."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from zhengtu.core.kernel.money import EXACT, ZERO, total

DAY = timedelta(days=1)


class Source(StrEnum):
    """Where money comes from."""

    FISCAL = "fiscal"
    BONDS = "bonds"
    CLIENT = "client"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One sum that a source is to pay in by a day; a line planned again keeps its reference."""

    reference: str
    source: Source
    due_on: date
    amount_yuan: Decimal


@dataclass(frozen=True, slots=True)
class DaySum:
    """What one day added: a sum in yuan (negative where an agreement became smaller) over so many households."""

    on: date
    amount_yuan: Decimal
    count: int = 0


class Course:
    """Day sums in order, with their running total; asked for the total by the end of any day."""

    __slots__ = ("_days", "_totals", "counts", "sums")

    def __init__(self, sums: Iterable[DaySum]) -> None:
        self.sums: Sequence[DaySum] = tuple(sorted(sums, key=lambda one: one.on))
        self._days = [one.on for one in self.sums]
        self._totals = [ZERO]
        self.counts = [0]
        for one in self.sums:
            self._totals.append(EXACT.add(self._totals[-1], one.amount_yuan))
            self.counts.append(self.counts[-1] + one.count)

    def by(self, day: date) -> Decimal:
        """The total in yuan by the end of a day."""
        return self._totals[bisect_right(self._days, day)]

    def count_by(self, day: date) -> int:
        """How many by the end of a day."""
        return self.counts[bisect_right(self._days, day)]

    @property
    def first_on(self) -> date | None:
        return self._days[0] if self._days else None

    @property
    def days(self) -> Sequence[date]:
        """Days on which something changed, in order."""
        return self._days


@dataclass(frozen=True, slots=True)
class Proof:
    """The bank's proof of the dedicated account as it was recorded for the gate of the decision."""

    on: date
    account: str
    balance_yuan: Decimal
    budget_yuan: Decimal
    reference: str = ""
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class AccountHistory:
    """Everything about one dedicated account that is known on the page's dates.

    Attributes:
        regime: regime of the project, which statute is named depends on it.
        plan: each line as it was last planned.
        arrivals: source -> what came in.
        commitments: what agreements, their supplements and decisions promise; one count per household.
        payments: what was paid or deposited.
        unsettled: registered households with neither agreement nor decision.
        lags_days: days from promise to payment -> how many households; of the recent payments only.
        proof: the latest one, or None.
    """

    regime: str = ""
    plan: Sequence[PlanLine] = ()
    arrivals: Mapping[Source, Sequence[DaySum]] = field(default_factory=dict)
    commitments: Course = field(default_factory=lambda: Course(()))
    payments: Course = field(default_factory=lambda: Course(()))
    unsettled: int = 0
    lags_days: Mapping[int, int] = field(default_factory=dict)
    proof: Proof | None = None

    def planned_course(self) -> Course:
        """What the plan asks to have come in by each day."""
        return Course(DaySum(line.due_on, line.amount_yuan) for line in self.plan)

    def arrived_course(self) -> Course:
        """What came in, from all sources."""
        return Course(one for sums in self.arrivals.values() for one in sums)

    def arrived_from(self, source: Source, *, by: date) -> Decimal:
        """What one source paid in by the end of a day."""
        return total([one.amount_yuan for one in self.arrivals.get(source, ()) if one.on <= by])

    def planned_from(self, source: Source, *, by: date) -> Decimal:
        """What one source was to pay in by the end of a day."""
        return total([line.amount_yuan for line in self.plan if line.source is source and line.due_on <= by])


@dataclass(frozen=True, slots=True)
class LineStanding:
    """A line of the plan with what came in for it: money of its source fills the lines in the order they are due."""

    line: PlanLine
    arrived_yuan: Decimal

    @property
    def open_yuan(self) -> Decimal:
        return self.line.amount_yuan - self.arrived_yuan

    def light(self, *, on: date) -> str:
        """Green once it came in whole, red when it is late, running before."""
        if not self.open_yuan:
            return "green"
        return "red" if self.line.due_on < on else "running"


def plan_standings(history: AccountHistory, *, on: date) -> list[LineStanding]:
    """Every line with what came in for it by the end of a day, in the order they are due."""
    left = {source: history.arrived_from(source, by=on) for source in Source}
    standings = []
    for line in sorted(history.plan, key=lambda one: (one.due_on, one.reference)):
        taken = min(left[line.source], line.amount_yuan)
        left[line.source] -= taken
        standings.append(LineStanding(line, taken))
    return standings
