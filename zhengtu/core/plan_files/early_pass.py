"""The pass forwards: when each task can begin and end at the soonest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.plan_files.mspdi_values import Constraint, PlanLinkKind, PlanTask
from zhengtu.core.plan_files.pass_state import PassState
from zhengtu.core.plan_files.plan_instants import to_moment, to_second
from zhengtu.core.plan_files.plan_network import Arc
from zhengtu.core.plan_files.task_spans import TaskSpan

CONSTRAINT_TEXTS = {
    Constraint.MUST_START_ON: N_("must start on"),
    Constraint.MUST_FINISH_ON: N_("must finish on"),
    Constraint.START_NO_LATER_THAN: N_("start no later than"),
    Constraint.FINISH_NO_LATER_THAN: N_("finish no later than"),
}
_FINISH_LINKS = (PlanLinkKind.FINISH_FINISH, PlanLinkKind.START_FINISH)


@dataclass(slots=True)
class _Bound:
    """The soonest start, the finish it was derived from (of links and constraints that bind finishes), the link."""

    start: int
    finish: int | None = None
    arc: Arc | None = None


class EarlyPass:
    """Fills the early dates of a state; ``conflicts`` are the constraints that links do not let hold."""

    def __init__(self, state: PassState) -> None:
        self._state = state
        self._project_start = 0
        self._after_late = False
        self.conflicts: list[Reason] = []

    def run(self, project_start: int, *, after_late: bool = False) -> None:
        """Pass over the plan; once late dates are known, tasks put as late as possible push others from there."""
        self._project_start = project_start
        self._after_late = after_late
        self.conflicts = []
        state = self._state
        for place in state.network.order:
            span = state.spans[place]
            if span is not None:
                state.early_start[place], state.early_finish[place] = self._dates(place, span)
            elif state.network.children[place]:
                state.roll_up(place, early=True)
                self._check_summary(place)

    def _dates(self, place: int, span: TaskSpan) -> tuple[int | None, int | None]:
        task = self._state.network.tasks[place]
        if task.is_external:
            return _second(task.carried.early_starts_at or task.carried.starts_at), _second(
                task.carried.early_finishes_at or task.carried.finishes_at
            )
        if task.actual_starts_at is not None or task.actual_finishes_at is not None:
            return _started(task, span)
        if task.is_manual:
            typed = _manual(task, span)
            if typed is not None:
                return typed
        bound = self._bound(place, span)
        start = self._constrained(place, span, bound)
        finish = span.finish(start)
        if bound.finish is not None and bound.finish > finish and span.clock.between_one(finish, bound.finish) == 0:
            finish = bound.finish  # the same instant of working time, written as the link or constraint has it
        return start, finish

    def _bound(self, place: int, span: TaskSpan) -> _Bound:
        """What links and the project's start allow, moved to working time."""
        network = self._state.network
        found: _Bound | None = None
        for holder in network.with_ancestors(place):
            for arc in network.incoming[holder]:
                candidate = self._through(arc, span)
                if candidate is not None and (found is None or candidate.start > found.start):
                    found = candidate
        task = network.tasks[place]
        if found is None:
            found = _Bound(self._project_start)
            if task.constraint is Constraint.START_NO_EARLIER_THAN and task.constraint_at is not None:
                found.start = to_second(task.constraint_at)  # it may also lie before the project's start
        elif found.start < self._project_start:
            found = _Bound(self._project_start)
        for summary in network.with_ancestors(network.parents[place]):
            held = network.tasks[summary]
            if held.constraint is not Constraint.START_NO_EARLIER_THAN or held.constraint_at is None:
                continue
            if to_second(held.constraint_at) > found.start:
                found = _Bound(to_second(held.constraint_at))
        found.start = span.next_start(found.start)
        delay_s = network.tasks[place].levelling_delay_s
        if delay_s > 0:
            found = _Bound(span.next_start(found.start + delay_s))
        return found

    def _through(self, arc: Arc, span: TaskSpan) -> _Bound | None:
        """The soonest start by one link; None where the earlier task has no dates."""
        state = self._state
        starts, finishes = state.early_start, state.early_finish
        if (
            self._after_late
            and state.is_as_late_as_possible(arc.before)
            and not state.is_as_late_as_possible(arc.after)
        ):
            starts, finishes = state.late_start, state.late_finish
        is_from_start = arc.link.kind in (PlanLinkKind.START_START, PlanLinkKind.START_FINISH)
        at = (starts if is_from_start else finishes)[arc.before]
        if at is None:
            return None
        at = state.lagged(arc, at)
        if arc.link.kind in _FINISH_LINKS:
            if arc.link.kind is PlanLinkKind.FINISH_FINISH and (arc.link.lag_s or arc.link.lag_percent):
                at = span.previous_end(at)  # a lag leads to where no one wrote the finish
            return _Bound(span.start(at), at, arc)
        return _Bound(at, None, arc)

    def _constrained(self, place: int, span: TaskSpan, bound: _Bound) -> int:
        """The start with the task's own constraint; a limit that comes sooner than the bound is a conflict."""
        task = self._state.network.tasks[place]
        start = bound.start
        if task.constraint <= Constraint.AS_LATE_AS_POSSIBLE or task.constraint_at is None:
            return start
        at = to_second(task.constraint_at)
        by_finish = task.constraint in (
            Constraint.MUST_FINISH_ON,
            Constraint.FINISH_NO_EARLIER_THAN,
            Constraint.FINISH_NO_LATER_THAN,
        )
        limit = span.start(at) if by_finish else at
        if task.constraint in (Constraint.START_NO_EARLIER_THAN, Constraint.FINISH_NO_EARLIER_THAN):
            if limit < start:
                return start
            bound.finish = at if by_finish and bound.arc is None else None
            return span.next_start(limit)
        is_exact = task.constraint in (Constraint.MUST_START_ON, Constraint.MUST_FINISH_ON)
        if limit < start and (not is_exact or bound.arc is not None) and span.clock.between_one(limit, start) > 0:
            self.conflicts.append(self._conflict(task, span, bound))
        if limit < start or is_exact:
            bound.finish = at if task.constraint is Constraint.MUST_FINISH_ON else None
            return span.next_start(limit)
        return start

    def _check_summary(self, place: int) -> None:
        """A summary's limit does not move what is in it; where that ends later, the limit cannot hold."""
        task, finish = self._state.network.tasks[place], self._state.early_finish[place]
        if task.constraint is not Constraint.FINISH_NO_LATER_THAN or task.constraint_at is None or finish is None:
            return
        if finish <= to_second(task.constraint_at):
            return
        self.conflicts.append(
            Reason(
                code="plan_file.summary_limit_impossible",
                message=N_(
                    "The constraint of the summary “%(task)s” (UID %(uid)s), finish no later than %(date)s, cannot "
                    "hold: what is in it finishes on %(finish)s at the soonest."
                ),
                parameters={
                    "task": task.name,
                    "uid": task.uid,
                    "date": task.constraint_at.isoformat(),
                    "finish": to_moment(finish).isoformat(),
                },
                remedy=N_("Move the constraint's date, or shorten the tasks of the summary."),
            )
        )

    def _conflict(self, task: PlanTask, span: TaskSpan, bound: _Bound) -> Reason:
        shared = {
            "task": task.name,
            "uid": task.uid,
            "constraint": f"label:{CONSTRAINT_TEXTS[task.constraint]}",
            "date": task.constraint_at.isoformat() if task.constraint_at else "",
            "soonest": to_moment(bound.start).isoformat(),
            "finish": to_moment(span.finish(bound.start)).isoformat(),
        }
        remedy = N_("Move the constraint's date, shorten what comes before, or remove the link.")
        if bound.arc is None:
            return Reason(
                code="plan_file.constraint_before_start",
                message=N_(
                    "The constraint of “%(task)s” (UID %(uid)s), %(constraint)s %(date)s, cannot hold: the project "
                    "lets it start on %(soonest)s and finish on %(finish)s at the soonest."
                ),
                parameters=shared,
                remedy=remedy,
            )
        before = self._state.network.tasks[bound.arc.before]
        return Reason(
            code="plan_file.constraint_impossible",
            message=N_(
                "The constraint of “%(task)s” (UID %(uid)s), %(constraint)s %(date)s, cannot hold: its predecessor "
                "“%(before)s” (UID %(before_uid)s) lets it start on %(soonest)s, finish on %(finish)s at the soonest."
            ),
            parameters={**shared, "before": before.name, "before_uid": before.uid},
            remedy=remedy,
        )


def _second(at: datetime | None) -> int | None:
    return None if at is None else to_second(at)


def _started(task: PlanTask, span: TaskSpan) -> tuple[int, int]:
    """What happened; a task under way ends when its work, begun then, is done, or as its constraint puts it off."""
    if task.actual_starts_at is None:
        finish = to_second(task.actual_finishes_at or task.carried.finishes_at or to_moment(0))
        return span.start(finish), finish
    start = to_second(task.actual_starts_at)
    if task.actual_finishes_at is not None:
        return start, to_second(task.actual_finishes_at)
    finish = span.finish(start)
    if task.constraint is Constraint.FINISH_NO_EARLIER_THAN and task.constraint_at is not None:
        finish = max(finish, to_second(task.constraint_at))
    return start, finish


def _manual(task: PlanTask, span: TaskSpan) -> tuple[int, int] | None:
    """The typed dates of a manual task; None where none were typed, so that it is placed like any other."""
    start, finish = task.carried.starts_at, task.carried.finishes_at
    if start is None:
        start, finish = task.manual_starts_at, task.manual_finishes_at
    if start is None and finish is None:
        return None
    if start is None:
        end = to_second(finish or to_moment(0))
        return span.start(end), end
    begin = to_second(start)
    return begin, span.finish(begin) if finish is None else to_second(finish)
