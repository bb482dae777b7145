"""Levelling: who waits for whom where teams, machines and windows of work do not suffice for everything at once.

The best plan by these aims, each served only as far as the ones before it allow:

1. limits that must hold (``not_later``), then deadlines, the more important priority class first: ticks late, summed;
2. the finish of given groups of activities (sections that complete a corridor), weighted;
3. the finishes of all activities, summed, so that nothing waits without a reason.

A serial schedule by the best of several rules comes first. Then parts of it, chosen around what is late and around
what holds a group back, are given to CP-SAT, one pass per aim, starting from the schedule at hand; a part that gets
better is kept. So the plan is never worse than the serial one, and each pass is small whatever the size of the whole.

An activity works where its own calendar and those of all its resources do, is not split otherwise, and holds its
resources from start to finish. Ticks are meant to be days or shifts: the solver tries each as a start.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.scheduling.checker import faults
from zhengtu.core.scheduling.methods.backward import LateFrom
from zhengtu.core.scheduling.methods.calendar_serial import Dates, serial_schedule
from zhengtu.core.scheduling.network import PLAIN, Network
from zhengtu.core.scheduling.plan import Plan, plan_of
from zhengtu.core.scheduling.problem import Activity, Problem
from zhengtu.core.scheduling.problem_check import check
from zhengtu.core.scheduling.solve import Result, Status
from zhengtu.core.scheduling.step_table import StepTable
from zhengtu.core.scheduling.working_time import EVERY_TICK, EveryTick, WorkingTime, intersection


@dataclass(frozen=True, slots=True)
class Group:
    """Activities that are worth something only together: done when the last of them is.

    Attributes:
        weight: what one tick sooner is worth against one tick of another group; 1 and up.
    """

    id: str
    activities: frozenset[str]
    weight: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Aims:
    """What a schedule reaches, in the order of importance; less is better.

    Attributes:
        late: ticks late, summed: of limits first, then of each priority class, the most important first.
        groups: weighted finishes of the groups.
        finishes: of all activities that are not over, summed.
    """

    late: tuple[int, ...]
    groups: int
    finishes: int


@dataclass(frozen=True)
class Levelled:
    """A problem made ready for levelling: calendars met with those of the resources, aims by number.

    Attributes:
        classes: priority of each place of `Aims.late` after the first.
        groups: numbers of the activities of each group, and its weight.
    """

    network: Network
    classes: Sequence[int]
    groups: Sequence[tuple[Sequence[int], int]]

    def aims(self, dates: Dates) -> Aims:
        """What these dates reach."""
        late = [0] * (len(self.classes) + 1)
        place = {priority: at for at, priority in enumerate(self.classes, start=1)}
        activities, finishes = self.network.problem.activities, dates[1]
        for activity, finish in zip(activities, finishes, strict=True):
            if activity.finished is None:
                if activity.not_later is not None:
                    late[0] += max(0, finish - activity.not_later)
                if activity.deadline is not None:
                    late[place[activity.priority]] += max(0, finish - activity.deadline)
        return Aims(
            late=tuple(late),
            groups=sum(weight * max(finishes[j] for j in members) for members, weight in self.groups),
            finishes=sum(
                finish for activity, finish in zip(activities, finishes, strict=True) if activity.finished is None
            ),
        )


def level(
    problem: Problem, *, groups: Sequence[Group] = (), seconds: float = 10.0, workers: int = 1, seed: int = 1
) -> Result:
    """The best plan found that no resource contradicts.

    Args:
        groups: what is to be complete soonest.
        seconds: wall time for improving the serial schedule; 0 leaves it as it is.
        workers: processor cores for the solver.
        seed: of the random choice of parts.

    Returns:
        A plan of the problem with calendars met with those of its resources; ``bound`` is its finish if resources were
        no concern; OPTIMAL where everything is as early as without them, INFEASIBLE with the reasons where a limit or
        a fixed date cannot be kept.

    Raises:
        Refused: the problem cannot be computed, a group names nothing, or a calendar ends before the work does.
    """
    until = time.monotonic() + seconds
    levelled = made_ready(problem, groups=groups)
    alone = plan_of(levelled.network.problem)
    dates = first_schedule(levelled)
    if seconds > 0 and _can_improve(levelled, dates, alone):
        from zhengtu.core.scheduling.methods.levelling_parts import improved  # loads the solver

        dates = improved(levelled, dates, until=until, workers=workers, seed=seed)
    return _result(levelled, dates, alone)


def made_ready(problem: Problem, *, groups: Sequence[Group] = ()) -> Levelled:
    """Check a problem and its groups, and let every activity work only where its resources do.

    Raises:
        Refused: see `level`.
    """
    check(problem)
    network = check(_met_with_resources(problem))
    members = []
    for group in groups:
        unknown = sorted(group.activities - network.index.keys())
        if unknown or not group.activities or group.weight < 1:
            raise Refused(
                Reason(
                    "scheduling.levelling.group",
                    N_("Group %(group)s needs a weight of 1 or more and activities that exist; it names %(names)s."),
                    {"group": group.id, "names": ", ".join(unknown[:5]) or "—"},
                )
            )
        members.append((sorted(network.index[name] for name in group.activities), group.weight))
    classes = sorted({activity.priority for activity in problem.activities if activity.deadline is not None})
    return Levelled(network=network, classes=classes, groups=members)


def first_schedule(levelled: Levelled) -> Dates:
    """The best serial schedule of several rules.

    Raises:
        Refused: a calendar ends before the work does.
    """
    schedules = [serial_schedule(levelled.network, keys) for keys in _rules(levelled)]
    return min(schedules, key=levelled.aims)


def _rules(levelled: Levelled) -> list[list[tuple[float, ...]]]:
    """Keys: late starts from deadlines, from the whole, priority class before either, and groups before the rest."""
    problem = levelled.network.problem
    by_whole = plan_of(problem)
    by_deadline = plan_of(problem, late_from=LateFrom.DEADLINES)
    classes = _inherited(levelled, [a.priority if a.deadline is not None else 1 << 30 for a in problem.activities])
    weights = [0] * len(classes)
    for members, weight in levelled.groups:
        for j in members:
            weights[j] = max(weights[j], weight)
    grouped = _inherited(levelled, [-weight for weight in weights])
    late, due = by_whole.late_starts.tolist(), by_deadline.late_starts.tolist()
    early, numbers = by_whole.early_starts.tolist(), range(len(classes))
    return [
        [(float(late[j]),) for j in numbers],
        [(float(due[j]), float(late[j])) for j in numbers],
        [(float(classes[j]), float(due[j]), float(grouped[j]), float(late[j])) for j in numbers],
        [(float(classes[j]), float(grouped[j]), float(late[j])) for j in numbers],
        [(float(grouped[j]), float(classes[j]), float(early[j])) for j in numbers],
        [(float(early[j]), float(levelled.network.durations[j])) for j in numbers],
    ]


def _inherited(levelled: Levelled, values: list[int]) -> list[int]:
    """The least value of each activity and of all that wait for it."""
    side, least = levelled.network.outgoing, list(values)
    for j in reversed(levelled.network.order):
        for other in side.other[side.first[j] : side.first[j + 1]]:
            least[j] = min(least[j], least[other])
    return least


def _met_with_resources(problem: Problem) -> Problem:
    """The problem with each activity's calendar met with those of what it needs."""
    of_resource = {resource.id: resource.calendar for resource in problem.resources if resource.calendar}
    calendars = dict(problem.calendars)
    activities = []
    for activity in problem.activities:
        demanded = {name for name, amount in activity.demands.items() if amount}
        needed = sorted({of_resource[name] for name in demanded & of_resource.keys()})
        names = [name for name in (activity.calendar, *needed) if name]
        joint = " ∩ ".join(dict.fromkeys(names))
        if needed and joint != activity.calendar and activity.finished is None:
            if joint not in calendars:
                calendars[joint] = intersection(*_worked(problem, activity, names))
            activity = replace(activity, calendar=joint)
        activities.append(activity)
    return replace(problem, activities=activities, calendars=calendars)


def _worked(problem: Problem, activity: Activity, names: Sequence[str]) -> list[WorkingTime | EveryTick]:
    found: list[WorkingTime | EveryTick] = [EVERY_TICK]
    for name in names:
        calendar = problem.calendars[name]
        if isinstance(calendar, StepTable) or not isinstance(calendar, WorkingTime | EveryTick):
            raise Refused(
                Reason(
                    "scheduling.levelling.steps",
                    N_("%(activity)s counts steps of “%(calendar)s” and needs a resource that pauses; both cannot be."),
                    {"activity": activity.id, "calendar": name},
                    remedy=N_("Let the resource work on every tick, or give the activity working ticks."),
                )
            )
        found.append(calendar)
    return found


def _can_improve(levelled: Levelled, dates: Dates, alone: Plan) -> bool:
    """Whether something waits for a resource, so that another order could be better."""
    return any(
        levelled.network.states[j] == PLAIN and dates[1][j] > int(alone.early_finishes[j])
        for j in range(levelled.network.count)
    )


def _result(levelled: Levelled, dates: Dates, alone: Plan) -> Result:
    problem = levelled.network.problem
    plan = replace(
        alone, starts=np.array(dates[0], dtype=np.int64), finishes=np.array(dates[1], dtype=np.int64)
    )
    ids = [activity.id for activity in problem.activities]
    by_id: list[Mapping[str, int]] = [dict(zip(ids, column, strict=True)) for column in dates]
    reasons = faults(problem=problem, starts=by_id[0], finishes=by_id[1])
    if reasons:
        status = Status.INFEASIBLE
    else:
        status = Status.FEASIBLE if _can_improve(levelled, dates, alone) else Status.OPTIMAL
    return Result(plan, status, alone.project_finish, reasons)
