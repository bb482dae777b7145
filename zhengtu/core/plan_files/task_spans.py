"""How long a task takes from where to where: its duration on its calendar, or its assignments on theirs.

A task without people works by its own calendar, or the project's. People work by their own calendar; where the task
has one too, by the time both share, unless the task ignores resource calendars. The task ends with its last
assignment. A task of fixed duration, or one whose assignments all work by its own calendar, needs its duration only.
A split's pause is working time in which nothing is done: it moves with the task.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from zhengtu.core.plan_files.mspdi_values import (
    NO_UID,
    MspdiPlan,
    PlanAssignment,
    PlanTask,
    ResourceKind,
    TaskKind,
    is_elapsed,
)
from zhengtu.core.plan_files.plan_clocks import PlanClocks
from zhengtu.core.plan_files.plan_instants import to_second
from zhengtu.core.scheduling.working_time import EVERY_TICK, Calendar

_ROUNDING_S: Final = 60


@dataclass(frozen=True, slots=True)
class Part:
    """Work on one clock: it begins after a delay and goes on for ``work_s``; ``left_s`` of that is still to do."""

    clock: Calendar
    work_s: int
    left_s: int
    delay_s: int = 0


@dataclass(frozen=True, slots=True)
class TaskSpan:
    """A task's stretch of time.

    Attributes:
        parts: at least one; the task begins with the first and ends with the last to end.
        clock: on which its float is counted.
        lag_clock: on which lags of links to it are counted: its calendar's, also where its duration is elapsed.
        duration_s: its whole work; percent lags are parts of it.
    """

    parts: Sequence[Part]
    clock: Calendar
    lag_clock: Calendar
    duration_s: int
    is_elapsed: bool

    @property
    def is_moment(self) -> bool:
        """Whether it takes no time at all."""
        return all(part.work_s == 0 for part in self.parts)

    def finish(self, start: int) -> int:
        """When it ends if it begins then."""
        if len(self.parts) == 1 and not self.parts[0].delay_s:
            return self.parts[0].clock.advance_one(start, self.parts[0].work_s)
        return max(
            part.clock.advance_one(part.clock.advance_one(start, part.delay_s), part.work_s) for part in self.parts
        )

    def start(self, finish: int) -> int:
        """When it must begin to end then."""
        if len(self.parts) == 1:
            return self.parts[0].clock.retreat_one(finish, self.parts[0].work_s + self.parts[0].delay_s)
        return min(part.clock.retreat_one(finish, part.work_s + part.delay_s) for part in self.parts)

    def start_of_rest(self, finish: int) -> int:
        """When what is left must begin to end then."""
        return min(part.clock.retreat_one(finish, part.left_s) for part in self.parts)

    def next_start(self, at: int) -> int:
        """When it can begin, at the soonest; a moment may stand at the end of working time."""
        start = min(part.clock.next_working_one(at) for part in self.parts)
        if start > at and self.is_moment and any(part.clock.previous_working_one(at) == at for part in self.parts):
            return at
        return start

    def previous_end(self, at: int) -> int:
        """The end of working time that is the same to it as ``at``; ``at`` itself within working time."""
        return max(part.clock.previous_working_one(at) for part in self.parts)


class TaskSpans:
    """Finds the span of each task of a plan."""

    def __init__(self, plan: MspdiPlan, clocks: PlanClocks) -> None:
        self._clocks = clocks
        self._day_s = plan.day_s
        self._resources = {resource.uid: resource for resource in plan.resources}
        self._assignments: dict[int, list[PlanAssignment]] = {}
        for assignment in plan.assignments:
            self._assignments.setdefault(assignment.task_uid, []).append(assignment)

    def span(self, task: PlanTask) -> TaskSpan:
        """The task's span.

        Raises:
            Refused: where its calendar never works.
        """
        uid = self._clocks.known(task.calendar_uid)
        calendar = self._clocks.clock(uid)
        elapsed = is_elapsed(task.duration_format)
        clock: Calendar = EVERY_TICK if elapsed else calendar
        duration_s = self._duration_s(task, clock)
        parts = () if elapsed else self._assigned_parts(task, calendar)
        if not parts:
            pause_s = _pause_in_progress_s(task, clock)
            parts = (Part(clock, duration_s + pause_s, _left_s(task, duration_s)),)
        return TaskSpan(parts, clock, calendar, duration_s, elapsed)

    def _duration_s(self, task: PlanTask, clock: Calendar) -> int:
        if task.duration_s is not None:
            return max(0, task.duration_s)
        carried = task.carried
        if carried.starts_at is not None and carried.finishes_at is not None:
            return max(0, clock.between_one(to_second(carried.starts_at), to_second(carried.finishes_at)))
        return 0 if task.is_milestone else self._day_s

    def _assigned_parts(self, task: PlanTask, calendar: Calendar) -> Sequence[Part]:
        """A part for each assignment; none where the task's duration says it all."""
        parts: list[Part] = []
        plain, is_split = True, False
        for assignment in self._assignments.get(task.uid, ()):
            clock = self._assignment_clock(task, assignment)
            if clock is None:
                continue
            is_paused = _pauses(assignment, clock)
            is_split = is_split or is_paused
            plain = plain and clock is calendar and not is_paused
            part = _part(assignment, clock, is_measured=is_paused or assignment.contour != 0)
            if part is not None:
                parts.append(part)
        if plain or (task.kind is TaskKind.FIXED_DURATION and not is_split):
            return ()
        return tuple(parts)

    def _assignment_clock(self, task: PlanTask, assignment: PlanAssignment) -> Calendar | None:
        """The clock an assignment works by; None for what does not decide times (material, cost, no units)."""
        own_uid = self._clocks.known(task.calendar_uid)
        resource = self._resources.get(assignment.resource_uid)
        if resource is None:
            return self._clocks.clock(own_uid)
        if resource.kind is not ResourceKind.WORK or assignment.units <= 0:
            return None
        theirs = self._clocks.known(resource.calendar_uid)
        if task.calendar_uid == NO_UID or own_uid == theirs:
            return self._clocks.clock(theirs)
        if task.ignores_resource_calendar:
            return self._clocks.clock(own_uid)
        return self._clocks.common_clock(own_uid, theirs)


def _part(assignment: PlanAssignment, clock: Calendar, *, is_measured: bool) -> Part | None:
    """What an assignment needs: work by its units, or the measured stretch where its work is not even."""
    measured_s: int | None = None
    if assignment.starts_at is not None and assignment.finishes_at is not None:
        measured_s = clock.between_one(to_second(assignment.starts_at), to_second(assignment.finishes_at))
    by_work_s = None if not assignment.work_s else round(assignment.work_s / (assignment.units or 1.0))
    if measured_s and (is_measured or by_work_s is None or abs(measured_s - by_work_s) <= _ROUNDING_S):
        needed_s = measured_s
    elif by_work_s is not None:
        needed_s = by_work_s
    else:
        return None
    left_s = needed_s
    if assignment.work_s and assignment.remaining_work_s is not None:
        left_s = round(needed_s * assignment.remaining_work_s / assignment.work_s)
    return Part(clock, needed_s, left_s, max(0, assignment.delay_s))


def _pauses(assignment: PlanAssignment, clock: Calendar) -> bool:
    """Whether the time-phased work leaves out working time between its first and its last work."""
    worked = [span for span in assignment.spans if span.work_s]
    for earlier, later in pairwise(worked):
        if later.starts_at > earlier.finishes_at and (
            clock.between_one(to_second(earlier.finishes_at), to_second(later.starts_at)) > 0
        ):
            return True
    return False


def _pause_in_progress_s(task: PlanTask, clock: Calendar) -> int:
    """Working time between the end of what is done and the start of what is left of a started task."""
    if task.actual_starts_at is None or task.actual_finishes_at is not None:
        return 0
    if task.stopped_at is None or task.resumes_at is None or not 0 < task.percent_complete < 100:
        return 0
    return max(0, clock.between_one(to_second(task.stopped_at), to_second(task.resumes_at)))


def _left_s(task: PlanTask, duration_s: int) -> int:
    """What is left of a started task; the whole of one that has not started."""
    if task.actual_starts_at is None:
        return duration_s
    if task.remaining_duration_s is not None:
        return max(0, task.remaining_duration_s)
    return duration_s * (100 - min(100, max(0, task.percent_complete))) // 100
