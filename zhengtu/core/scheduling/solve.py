"""One call for a plan: ``solve(problem=…, method=…, seconds=…)``.

Each method lives in `methods/`; `METHODS` names them. A plan that breaks a limit is still handed back, with its status
and the reasons: what cannot be met is an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.scheduling.checker import faults
from zhengtu.core.scheduling.network import PASSED
from zhengtu.core.scheduling.plan import Plan, plan_of
from zhengtu.core.scheduling.problem import Problem
from zhengtu.core.scheduling.working_time import NEVER


class Status(StrEnum):
    """What is known about a plan."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Result:
    """A plan and what is known about it.

    Attributes:
        bound: no plan is done before this tick.
        reasons: limits and deadlines that are missed, links that fixed starts break, resources asked too much of.
    """

    plan: Plan
    status: Status
    bound: int
    reasons: Sequence[Reason] = ()


class Method(Protocol):
    """A way to a plan; one that does not search takes no notice of time, cores and seed."""

    def __call__(self, problem: Problem, *, seconds: float, workers: int, seed: int) -> Result:
        """A plan of the problem."""
        ...


def by_passes(problem: Problem, *, seconds: float = 0.0, workers: int = 1, seed: int = 1) -> Result:
    """Forward and backward pass: the earliest plan where resources are no concern; exact, whatever the seconds.

    A plan that asks too much of a resource is not levelled: its status is UNKNOWN, and its finish only a bound.
    """
    plan = plan_of(problem)
    reasons = misses(plan)
    if not reasons and (overloads := _overloads(plan)):
        return Result(plan, Status.UNKNOWN, plan.project_finish, overloads)
    return Result(plan, Status.INFEASIBLE if reasons else Status.OPTIMAL, plan.project_finish, reasons)


def by_search(problem: Problem, *, seconds: float, workers: int, seed: int) -> Result:
    """The shortest plan within the resources, without calendars (`methods.search`)."""
    from zhengtu.core.scheduling.methods.search import search

    return search(problem, seconds=seconds, workers=workers, seed=seed)


def by_levelling(problem: Problem, *, seconds: float, workers: int, seed: int) -> Result:
    """Deadlines by priority within the resources, with calendars (`levelling.level`, which also knows groups)."""
    from zhengtu.core.scheduling.levelling import level

    return level(problem, seconds=seconds, workers=workers, seed=seed)


METHODS: Mapping[str, Method] = {"passes": by_passes, "search": by_search, "levelling": by_levelling}


def solve(
    *, problem: Problem, method: str = "passes", seconds: float = 60.0, workers: int = 2, seed: int = 1
) -> Result:
    """A plan for a problem.

    Args:
        method: one of METHODS.
        seconds: wall time the method may take where it searches.
        workers: processor cores that it may use.
        seed: of its random numbers.

    Raises:
        Refused: the problem cannot be computed, or not by this method.
        KeyError: no such method.
    """
    return METHODS[method](problem, seconds=seconds, workers=workers, seed=seed)


def misses(plan: Plan) -> list[Reason]:
    """Limits, deadlines and fixed starts that a plan does not keep, in the problem's order."""
    reasons = [
        _reason(
            "broken_link",
            N_("%(after)s has a fixed start that breaks its link from %(before)s."),
            after=plan.problem.links[link].after, before=plan.problem.links[link].before,
        )
        for link in plan.early.broken
    ]
    for number, latest in enumerate(plan.network.latest):
        activity, finish = plan.problem.activities[number], int(plan.finishes[number])
        if latest < NEVER and finish > latest and activity.finished is None:
            reasons.append(
                _reason(
                    "missed",
                    N_("%(activity)s is done at %(finish)s at the earliest, and ought to be by %(latest)s."),
                    activity=activity.id, finish=finish, latest=latest,
                )
            )
        elif plan.network.states[number] == PASSED:
            reasons.append(
                _reason(
                    "fixed_passed",
                    N_("%(activity)s was to start at %(fixed)s, which has passed without it."),
                    activity=activity.id, fixed=activity.fixed_start or 0,
                )
            )
    return reasons


def _overloads(plan: Plan) -> list[Reason]:
    if not plan.problem.resources:
        return []
    ids = [activity.id for activity in plan.problem.activities]
    found = faults(
        problem=plan.problem,
        starts=dict(zip(ids, plan.starts.tolist(), strict=True)),
        finishes=dict(zip(ids, plan.finishes.tolist(), strict=True)),
    )
    return [reason for reason in found if reason.code == "scheduling.check.resource"]


def _reason(code: str, message: str, **parameters: object) -> Reason:
    return Reason(code=f"scheduling.{code}", message=message, parameters=parameters)
