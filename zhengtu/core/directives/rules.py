"""The numbers and words of the life cycle of directives, as ``rulebook/directives/rules.yaml`` holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhengtu.core.directives.standing import Rung


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the ladder: from which working day past the last day on, and who is told then.

    Attributes:
        roles: role ids; of the lead unit where ``is_of_unit``, else of the whole city.
    """

    rung: Rung
    workdays: int
    roles: Sequence[str]
    is_of_unit: bool


@dataclass(frozen=True, slots=True)
class GoalWords:
    """Words of a matter that name a goal which the ledger knows."""

    goal: str
    all: Sequence[str] = ()
    any: Sequence[str] = ()
    none: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DirectiveRules:
    """All of them; days are working days.

    Attributes:
        series: the number register's series.
        number, sub_item_number, occurrence_number: formats of what people call a directive.
        handling_workdays: urgency -> days to deal with it where no date was said.
        objection_workdays: within so many days of the assignment a unit may object to it.
        check_workdays: within so many days of a final answer its setter checks it.
        blue_workdays: the light is blue from so many days before the last day on.
        yellow_overdue_workdays: past the last day the light is yellow for so many days, then red.
        yellow_points, red_points: percentage points behind the even pace for yellow, and above which it is red.
        setter_roles: roles in the unit that set a directive which are told of answers, objections and requests.
        ladder: rungs from the lowest to the highest.
        matter_joint: what stands between matters that are merged; matter_ends: what a matter may end with.
        groups: collective name of units -> kinds of units.
        goals: in the order in which they are tried.
    """

    series: str
    number: str
    sub_item_number: str
    occurrence_number: str
    handling_workdays: Mapping[str, int]
    objection_workdays: int
    check_workdays: int
    blue_workdays: int
    yellow_overdue_workdays: int
    yellow_points: int
    red_points: int
    setter_roles: Sequence[str]
    ladder: Sequence[Step]
    matter_joint: str
    matter_ends: str
    groups: Mapping[str, Sequence[str]]
    goals: Sequence[GoalWords]

    def rung_of(self, overdue_workdays: int) -> Rung:
        """How far a directive has climbed that is overdue by so many working days."""
        reached = [step.rung for step in self.ladder if overdue_workdays >= step.workdays]
        return reached[-1] if reached else Rung.NONE
