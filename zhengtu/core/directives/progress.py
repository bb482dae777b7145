"""Progress of a goal out of what the ledger counts, and the goal that a matter's words name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from zhengtu.core.directives.rules import GoalWords
from zhengtu.core.directives.standing import Progress

BY_HOUSEHOLD: Final = ("signed", "vacated", "resettled")
"""Goals that are counted in households; the others are counted in sections."""


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """What the ledger counts of one section for one goal.

    Attributes:
        households, households_left: in the register, and of these not yet at the goal.
        is_left: whether the section as a whole has not reached the goal.
    """

    code: str
    project: str
    jurisdiction: str
    households: int
    households_left: int
    is_left: bool


def is_bound(place: PlaceCount, *, units: Collection[str], projects: Collection[str]) -> bool:
    """Whether a directive with these responsible units and projects or sections is about a place.

    Units that are districts or zones bound it to their own ground; other units do not.
    """
    divisions = {unit for unit in units if len(unit) == 6 and not unit.endswith("00")}
    if divisions and place.jurisdiction not in divisions:
        return False
    return not projects or place.project in projects or place.code in projects


def progress_of(goal: str, places: Iterable[PlaceCount]) -> Progress:
    """How much of the goal is reached in these places."""
    own = list(places)
    if goal in BY_HOUSEHOLD:
        total = sum(place.households for place in own)
        return Progress(goal, total - sum(place.households_left for place in own), total, "households")
    return Progress(goal, sum(not place.is_left for place in own), len(own), "sections")


def is_reached(progress: Progress, places: Sequence[PlaceCount]) -> bool:
    """Whether everything is done; a place that nobody has registered yet is not."""
    return bool(places) and progress.total > 0 and progress.done == progress.total and not any(
        place.is_left or (progress.goal in BY_HOUSEHOLD and not place.households) for place in places
    )


def share_of(progress: Progress) -> float:
    """Share done, 0 to 1; 0 where there is nothing to do yet."""
    return progress.done / progress.total if progress.total else 0.0


def proposed_goal(matter: str, *, words: Sequence[GoalWords]) -> str:
    """The goal that the words of a matter name by the rulebook's list, or empty."""
    for one in words:
        if (
            all(word in matter for word in one.all)
            and (not one.any or any(word in matter for word in one.any))
            and not any(word in matter for word in one.none)
        ):
            return one.goal
    return ""
