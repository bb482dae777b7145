"""What happened in the groups of households that a forecast learns from and speaks about.

Dates are civil dates outside; inside they are proleptic ordinals (``date.toordinal``), with ``NOT_YET`` for what has
not come. A group is a section, or any other set of households that has its own handover.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from zhengtu.core.kernel.messages import N_

NOT_YET: Final = 2**40
"""Ordinal of a day that has not come; later than every day."""


class Goal(StrEnum):
    """Through which stage all households of the subject have to be; in lawful order."""

    SETTLED = "settled"
    PAID = "paid"
    VACATED = "vacated"
    HANDED_OVER = "handed_over"


GOAL_LABELS: Final[Mapping[Goal, str]] = {
    Goal.SETTLED: N_("signed or decided"),
    Goal.PAID: N_("compensation paid"),
    Goal.VACATED: N_("home vacated"),
    Goal.HANDED_OVER: N_("land handed over"),
}


class Journey(NamedTuple):
    """The days on which one household reached each stage; None where it has not.

    Attributes:
        settled_on: the agreement was signed or the compensation decided, whichever came first.
    """

    settled_on: date | None = None
    paid_on: date | None = None
    vacated_on: date | None = None


@dataclass(frozen=True, slots=True)
class StageHistory:
    """One stage of one group.

    Attributes:
        goal: which stage.
        reached_on: the days on which households reached it (of a handover: the group), sorted, one per household.
        open: how many have not reached it.
    """

    goal: Goal
    reached_on: Sequence[date]
    open: int


@dataclass(frozen=True, slots=True)
class GroupHistory:
    """The course of one section, or of another group of households, until a day.

    Attributes:
        code: of the group.
        project: code of the project that it belongs to; a project is done when its last group is.
        households: in the register by ``on``.
        started_on: the day from which households could sign (announcement, or the first valuation where that is
            earlier); may lie after ``on`` when it is planned; None when it is not known.
        on: what happened by the end of this day is known; everything else is still open.
        journeys: of the households that have reached anything, in any order; at most ``households``.
        handed_over_on: of the group's land; None when it has not been.
        payable_from_on: the first day on which the law lets compensation be paid, where payment waits for something
            other than the household's own agreement (collective land: the announcement).
        awaits_payable: whether payment waits for such a day; with ``payable_from_on`` None that day is not known.

    Raises:
        ValueError: for more journeys than households.
    """

    code: str
    project: str
    households: int
    started_on: date | None
    on: date
    journeys: Sequence[Journey] = field(default=())
    handed_over_on: date | None = None
    payable_from_on: date | None = None
    awaits_payable: bool = False

    def __post_init__(self) -> None:
        if len(self.journeys) > self.households:
            raise ValueError(f"{self.code}: {len(self.journeys)} journeys of {self.households} households")

    def stage(self, goal: Goal) -> StageHistory:
        """The days of one stage, sorted; what lies after ``on`` is open."""
        if goal is Goal.HANDED_OVER:
            days = [] if self.handed_over_on is None else [self.handed_over_on]
            count = 1
        else:
            place = list(Goal).index(goal)
            days = [day for journey in self.journeys if (day := journey[place]) is not None]
            count = self.households
        reached = tuple(sorted(day for day in days if day <= self.on))
        return StageHistory(goal=goal, reached_on=reached, open=count - len(reached))


def households_of(histories: Iterable[GroupHistory]) -> int:
    """How many households the groups have together."""
    return sum(history.households for history in histories)
