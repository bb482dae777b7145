"""The rights clock of one household: every right with its days, whom to turn to and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.core.procedure.rights import RightPeriod, RightState, rights
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.procedure_cases import ProcedureCase, case_of


@dataclass(frozen=True, slots=True)
class ClockedRight:
    """One right on one day.

    Attributes:
        days_left: days from that day to the last one, of a running right; 0 on the last day.
        authority: own name of whom the household turns to, or empty.
    """

    period: RightPeriod
    days_left: int | None
    authority: str

    @property
    def is_running(self) -> bool:
        """Whether the household can use it now."""
        return self.period.state is RightState.RUNNING

    @property
    def uncertain_years(self) -> tuple[int, ...]:
        """Years without a published arrangement of holidays that the last day rests on."""
        return () if self.period.last is None else self.period.last.uncertain_years


def rights_clock(household: str, *, on: date, known: date | None) -> list[ClockedRight]:
    """Every right of the household on that day: running ones first by their last day, then the others in order."""
    return rights_in(case_of(household, known=known), on=on)


def rights_in(case: ProcedureCase | None, *, on: date) -> list[ClockedRight]:
    """The same of a household's case that is at hand; nothing where no procedure governs it."""
    if case is None:
        return []
    rules = current_rulebook()
    names = rules.notices.authorities.get(jurisdiction_of(case.subject), {})
    periods = rights(facts=case.facts, procedure=case.procedure, calendar=rules.calendar, today=on)
    clocked = [
        ClockedRight(
            period, (period.last.on - on).days if period.last and period.state is RightState.RUNNING else None,
            names.get(period.right.authority, ""),
        )
        for period in periods
    ]
    return sorted(clocked, key=_order)


def _order(right: ClockedRight) -> tuple[int, date]:
    order: Sequence[RightState] = (
        RightState.RUNNING, RightState.NOT_STARTED, RightState.EXERCISED, RightState.REPLACED, RightState.OVER,
    )
    last = right.period.last.on if right.period.last is not None and right.is_running else date.max
    return order.index(right.period.state), last
