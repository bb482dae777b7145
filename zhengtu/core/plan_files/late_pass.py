"""The pass backwards: when each task must begin and end at the latest."""

from __future__ import annotations

from collections.abc import Iterator

from zhengtu.core.plan_files.mspdi_values import Constraint, PlanLinkKind, PlanTask
from zhengtu.core.plan_files.pass_state import PassState
from zhengtu.core.plan_files.plan_instants import to_second
from zhengtu.core.plan_files.plan_network import Arc
from zhengtu.core.plan_files.task_spans import TaskSpan

_TO_START = (PlanLinkKind.FINISH_START, PlanLinkKind.START_START)


class LatePass:
    """Fills the late dates of a state."""

    def __init__(self, state: PassState) -> None:
        self._state = state
        self._project_finish = 0
        self._least_needed: list[int | None] = []
        self._least_finish: list[int | None] = []
        self._beginners: dict[int, int] = {}

    def run(self, project_finish: int) -> None:
        """Pass over the plan from its end."""
        self._project_finish = project_finish
        self._beginners.clear()
        state = self._state
        network = state.network
        self._least_needed = [None] * len(network.tasks)  # of tasks and of what summaries contain, not finished
        self._least_finish = [None] * len(network.tasks)
        for place in reversed(network.order):
            span = state.spans[place]
            if span is not None:
                self._place(place, span)
        for place in network.order:
            if network.children[place]:
                state.roll_up(place, early=False)

    def _place(self, place: int, span: TaskSpan) -> None:
        state = self._state
        task = state.network.tasks[place]
        if task.is_external:
            carried = task.carried
            state.late_start[place] = None if carried.late_starts_at is None else to_second(carried.late_starts_at)
            state.late_finish[place] = None if carried.late_finishes_at is None else to_second(carried.late_finishes_at)
            state.needed_start[place] = state.late_start[place]
            self._note(place, state.late_finish[place])
            return
        if task.actual_finishes_at is not None:
            finish = to_second(task.actual_finishes_at)
            start = span.start(finish) if task.actual_starts_at is None else to_second(task.actual_starts_at)
            state.late_start[place], state.late_finish[place], state.needed_start[place] = start, finish, start
            return
        limit = self._limited(place, span, self._finish(place, span))
        finish = limit
        if not (span.is_moment and state.moments_stay_late and limit < self._project_finish):
            finish = span.previous_end(limit)
        start = span.start(finish) if task.actual_starts_at is None else span.start_of_rest(finish)
        state.late_finish[place] = finish
        state.late_start[place] = start if task.actual_starts_at is None else to_second(task.actual_starts_at)
        # Others may count on the very instant, also where it lies outside this task's own working time.
        state.needed_start[place] = limit if span.is_moment else start
        self._note(place, limit)

    def _note(self, place: int, finish: int | None) -> None:
        """Remember for the summaries above what the tightest of their tasks needs."""
        for least, value in (
            (self._least_needed, self._state.needed_start[place]),
            (self._least_finish, finish),
        ):
            if value is None:
                continue
            for holder in self._state.network.with_ancestors(place):
                held = least[holder]
                least[holder] = value if held is None else min(held, value)

    def _finish(self, place: int, span: TaskSpan) -> int:
        """The latest finish by links, no later than the project's."""
        state = self._state
        network = state.network
        found: int | None = None
        for holder in network.with_ancestors(place):
            for arc in network.outgoing[holder]:
                candidate = self._through(arc, place, holder, span)
                if candidate is not None and (found is None or candidate < found):
                    found = candidate
        if found is None:
            own = state.early_finish[place]
            if state.plan.multiple_critical_paths and own is not None:
                return min(own, self._project_finish)
            return self._project_finish
        return min(found, self._project_finish)

    def _through(self, arc: Arc, place: int, holder: int, span: TaskSpan) -> int | None:
        """The latest finish by one link; None where the link does not bind it."""
        state = self._state
        kind = arc.link.kind
        at = (self._least_needed if kind in _TO_START else self._least_finish)[arc.after]
        if at is None:
            return None  # what waits is finished, or has no dates
        at = state.unlagged(arc, at)
        if kind in (PlanLinkKind.FINISH_START, PlanLinkKind.FINISH_FINISH):
            return at
        task = state.network.tasks[place]
        if task.actual_starts_at is not None or (holder != place and not self._begins(place, holder)):
            return None
        return span.finish(span.next_start(at))

    def _begins(self, place: int, summary: int) -> bool:
        """Whether the task begins its summary, so that a link from the summary's start binds it; one task does."""
        if summary not in self._beginners:
            self._beginners[summary] = min(
                self._tasks_in(summary), key=lambda each: self._state.early_start[each] or 0, default=place
            )
        return self._beginners[summary] == place

    def _tasks_in(self, summary: int) -> Iterator[int]:
        """The tasks worked on in a summary: its own first, then those of the summaries in it."""
        network = self._state.network
        yield from (child for child in network.children[summary] if self._state.spans[child] is not None)
        for child in network.children[summary]:
            if network.children[child]:
                yield from self._tasks_in(child)

    def _limited(self, place: int, span: TaskSpan, finish: int) -> int:
        """The latest finish with constraints and deadline."""
        network = self._state.network
        task = network.tasks[place]
        if task.constraint_at is not None:
            finish = _by_constraint(task, span, finish)
        if task.deadline_at is not None:
            finish = min(finish, to_second(task.deadline_at))
        for summary in network.with_ancestors(network.parents[place]):
            held = network.tasks[summary]
            if held.constraint is Constraint.FINISH_NO_LATER_THAN and held.constraint_at is not None:
                finish = min(finish, to_second(held.constraint_at))
        return finish


def _by_constraint(task: PlanTask, span: TaskSpan, finish: int) -> int:
    if task.constraint_at is None or task.actual_starts_at is not None or task.is_manual:
        return finish
    at = to_second(task.constraint_at)
    if task.constraint is Constraint.MUST_FINISH_ON:
        return at
    if task.constraint is Constraint.MUST_START_ON:
        return span.finish(span.next_start(at))
    if task.constraint is Constraint.FINISH_NO_LATER_THAN:
        return min(finish, at)
    if task.constraint is Constraint.START_NO_LATER_THAN:
        return min(finish, span.finish(span.next_start(at)))
    return finish
