"""Targets of a plan: which activities have to be over for each, and when they are or can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from zhengtu.core.planning.network import Count, Draft, PlanNetwork
from zhengtu.core.planning.plan_case import PlanCase, Stage, Target
from zhengtu.core.procedure.acts import Act
from zhengtu.core.scheduling.plan import Plan as DatedPlan

_STAGE_OF_GOAL: Final[Mapping[str, Stage]] = {"signed": Stage.NEGOTIATION, "vacated": Stage.VACATING}
_HANDOVER_GOALS: Final = frozenset({"handed_over", "started"})
"""Building starts on land that is handed over."""


RESETTLED: Final = "resettled"
"""Homes are built and bought outside the procedure: the ledger says who still waits, and no network leads there."""


@dataclass(frozen=True, slots=True)
class Reached:
    """When a target is reached.

    Attributes:
        on: the day it was reached, or the earliest honest day; None where nothing in the plan leads to it.
        last: the activity that comes last of those still to be done; empty once it is met.
    """

    on: date | None
    is_met: bool
    last: str = ""


def activities_of(target: Target, case: PlanCase) -> list[str]:
    """Ids of everything that has to be over for a target; empty where the plan holds nothing of the kind."""
    if target.goal == "launched":
        steps = case.procedure.having(Act.ANNOUNCEMENT) if case.procedure is not None else ()
        return [f"{case.code}:{step.id}" for step in steps[:1]]
    if target.goal in _HANDOVER_GOALS:
        return [f"{code}:handover" for code in target.sections]
    stage = _STAGE_OF_GOAL.get(target.goal)
    return [f"{code}:{stage}" for code in target.sections] if stage else []


def waiting_households(target: Target, case: PlanCase) -> int:
    """Households of the target's sections that were promised a home and have not come home."""
    return sum(section.homecoming.waiting for section in case.sections if section.code in target.sections)


def add_targets(draft: Draft) -> None:
    """Let every target of the case ask for its activities."""
    for target in draft.case.targets:
        left = [id for id in activities_of(target, draft.case) if id in draft.open]
        draft.goals[target.key] = left
        for id in left:
            draft.ask(id, due_on=target.due_on)


def reached(target: Target, network: PlanNetwork, finishes: Mapping[str, int]) -> Reached:
    """When a target is reached, from the earliest finishes of what is still to be done."""
    if target.goal == RESETTLED:
        return Reached(None, is_met=not waiting_households(target, network.case))
    asked = [network.nodes[id] for id in activities_of(target, network.case) if id in network.nodes]
    left = network.goals[target.key]
    if not asked:
        return Reached(None, is_met=False)
    if not left:
        return Reached(max(node.actual_end_on or network.case.on for node in asked), is_met=True)
    last = max(left, key=lambda id: (finishes[id], id))
    return Reached(last_day(network, last, finishes[last]), is_met=False, last=last)


def last_day(network: PlanNetwork, id: str, finish: int) -> date:
    """The last day of an activity that finishes on a tick: a step's own day, otherwise the day before the tick."""
    return day_before(finish, is_whole=network.nodes[id].count not in (Count.STEP, Count.ALLOWED))


def day_before(tick: int, *, is_whole: bool) -> date:
    """The day of a finish: of work and of periods that have to run out the day before the tick."""
    return date.fromordinal(tick - 1 if is_whole else tick)


def early_finishes(network: PlanNetwork, dated: DatedPlan) -> dict[str, int]:
    """Earliest finish of every activity that is still to be done."""
    return dict(zip(dated.network.index, dated.early_finishes.tolist(), strict=True))
