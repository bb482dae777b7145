"""A foreign plan as a problem of the scheduling core, in ticks of a second: ``problem_of``.

For whoever wants to level such a plan, ask what drives a date, or count it by the core's own passes. Plans whose
tasks need more than one calendar each, and links that hold to a summary's first task, have no such problem. A finish
that a link puts on 8 in the morning is for the core that very instant; Microsoft Project takes the evening before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.plan_files.mspdi_values import (
    Constraint,
    MspdiPlan,
    PlanLinkKind,
    PlanTask,
    is_elapsed,
    is_percent,
)
from zhengtu.core.plan_files.plan_clocks import PlanClocks
from zhengtu.core.plan_files.plan_instants import to_second
from zhengtu.core.plan_files.plan_network import Arc, PlanNetwork, is_scheduled, plan_network
from zhengtu.core.plan_files.task_spans import TaskSpan, TaskSpans
from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Problem
from zhengtu.core.scheduling.working_time import EVERY_TICK, Calendar

_KINDS = {
    PlanLinkKind.FINISH_START: LinkKind.FINISH_START,
    PlanLinkKind.START_START: LinkKind.START_START,
    PlanLinkKind.FINISH_FINISH: LinkKind.FINISH_FINISH,
    PlanLinkKind.START_FINISH: LinkKind.START_FINISH,
}
_FROM_START = (PlanLinkKind.START_START, PlanLinkKind.START_FINISH)


def problem_of(plan: MspdiPlan, *, years: int = 15) -> Problem:
    """The plan's tasks as activities named by their UID, calendars worked out for ``years`` around its start.

    Summaries become two moments each, ``12.open`` and ``12.close``, where links are tied to them.

    Raises:
        Refused: for bad plans as `schedule_plan` does, and for what the core cannot hold; the task is named.
    """
    if plan.starts_at is None or not plan.is_from_start:
        raise _cannot_hold(plan.name, N_("it is not scheduled from a start date"))
    network = plan_network(plan.tasks)
    return _Problem(plan, network, PlanClocks(plan, around=plan.starts_at, years=years)).problem(plan.starts_at)


def _cannot_hold(task: str, why: str) -> Refused:
    return Refused(
        Reason(
            code="plan_file.not_a_problem",
            message=N_("“%(task)s” cannot be handed to the scheduling core: %(why)s."),
            parameters={"task": task, "why": f"label:{why}"},
            remedy=N_("Count the plan as Microsoft Project does (zhengtu schedule)."),
        )
    )


class _Problem:
    def __init__(self, plan: MspdiPlan, network: PlanNetwork, clocks: PlanClocks) -> None:
        self._network = network
        self._calendars: dict[str, Calendar] = {}
        self._names: dict[int, str] = {id(EVERY_TICK): ""}
        finder = TaskSpans(plan, clocks)
        self._spans = [
            finder.span(task) if is_scheduled(task) and not network.children[place] else None
            for place, task in enumerate(network.tasks)
        ]

    def problem(self, starts_at: datetime) -> Problem:
        activities: list[Activity] = []
        links: list[Link] = []
        for place, task in enumerate(self._network.tasks):
            span = self._spans[place]
            if span is not None:
                activities.append(self._activity(task, span))
            elif self._network.children[place]:
                if task.constraint > Constraint.AS_LATE_AS_POSSIBLE:
                    raise _cannot_hold(task.name, N_("a summary has a constraint"))
                activities += [Activity(f"{task.uid}.open", 0), Activity(f"{task.uid}.close", 0)]
            links.extend(self._containment(place))
        for arcs in self._network.incoming:
            links.extend(self._link(arc) for arc in arcs)
        return Problem(activities, links, self._calendars, start=to_second(starts_at))

    def _calendar(self, clock: Calendar) -> str:
        name = self._names.get(id(clock))
        if name is None:
            name = self._names[id(clock)] = f"calendar {len(self._names)}"
            self._calendars[name] = clock
        return name

    def _containment(self, place: int) -> Iterator[Link]:
        parent = self._network.parents[place]
        if parent < 0 or (self._spans[place] is None and not self._network.children[place]):
            return
        holder = self._network.tasks[parent].uid
        yield Link(f"{holder}.open", self._id(place, ".open"))
        yield Link(self._id(place, ".close"), f"{holder}.close")

    def _id(self, place: int, end: str) -> str:
        return f"{self._network.tasks[place].uid}{end if self._network.children[place] else ''}"

    def _activity(self, task: PlanTask, span: TaskSpan) -> Activity:
        if len(span.parts) > 1 or span.parts[0].delay_s or task.levelling_delay_s:
            raise _cannot_hold(task.name, N_("its people work by different calendars"))
        if task.is_external or task.is_manual:
            raise _cannot_hold(task.name, N_("its dates were typed or come from another file"))
        if task.actual_starts_at is not None and task.actual_finishes_at is None:
            raise _cannot_hold(task.name, N_("it is under way"))
        not_earlier, not_later, fixed = _limits(task, span)
        return Activity(
            str(task.uid),
            span.parts[0].work_s,
            self._calendar(span.parts[0].clock),
            not_earlier=not_earlier,
            not_later=not_later,
            fixed_start=fixed,
            deadline=None if task.deadline_at is None else to_second(task.deadline_at),
            started=None if task.actual_starts_at is None else to_second(task.actual_starts_at),
            finished=None if task.actual_finishes_at is None else to_second(task.actual_finishes_at),
            as_late_as_possible=task.constraint is Constraint.AS_LATE_AS_POSSIBLE,
        )

    def _link(self, arc: Arc) -> Link:
        before, after = self._spans[arc.before], self._spans[arc.after]
        link = arc.link
        if before is None and link.kind in _FROM_START:
            raise _cannot_hold(self._network.tasks[arc.before].name, N_("a link holds to the start of a summary"))
        if after is None and link.kind in (PlanLinkKind.FINISH_FINISH, PlanLinkKind.START_FINISH):
            raise _cannot_hold(self._network.tasks[arc.after].name, N_("a link holds to the finish of a summary"))
        lag = link.lag_s
        elapsed = is_elapsed(link.lag_format)
        if is_percent(link.lag_format):
            lag = round(link.lag_percent * (before.duration_s if before is not None else 0) / 100)
            elapsed = elapsed or (before is not None and before.is_elapsed)
        counted_by = after or before
        if lag and not elapsed and counted_by is None:
            raise _cannot_hold(self._network.tasks[arc.after].name, N_("two summaries are linked with a lag"))
        by_calendar = bool(lag) and not elapsed and counted_by is not None
        return Link(
            self._id(arc.before, ".close"),
            self._id(arc.after, ".open"),
            _KINDS[link.kind],
            lag,
            self._calendar(counted_by.lag_clock) if by_calendar and counted_by is not None else "",
        )


def _limits(task: PlanTask, span: TaskSpan) -> tuple[int | None, int | None, int | None]:
    """Not earlier, not later (of the finish), fixed start."""
    if task.constraint_at is None or task.actual_starts_at is not None:
        return None, None, None
    at = to_second(task.constraint_at)
    match task.constraint:
        case Constraint.START_NO_EARLIER_THAN:
            return at, None, None
        case Constraint.FINISH_NO_EARLIER_THAN:
            return span.start(at), None, None
        case Constraint.FINISH_NO_LATER_THAN:
            return None, at, None
        case Constraint.START_NO_LATER_THAN:
            return None, span.finish(span.next_start(at)), None
        case Constraint.MUST_START_ON:
            return None, None, span.next_start(at)
        case Constraint.MUST_FINISH_ON:
            return None, None, span.start(at)
    return None, None, None
