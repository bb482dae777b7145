"""What the two passes over a plan share: the dates found so far, of tasks and of the summaries above them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhengtu.core.plan_files.mspdi_values import Constraint, MspdiPlan, is_elapsed, is_percent
from zhengtu.core.plan_files.plan_instants import shifted, to_second
from zhengtu.core.plan_files.plan_network import Arc, PlanNetwork, is_scheduled
from zhengtu.core.plan_files.task_spans import TaskSpan
from zhengtu.core.scheduling.working_time import EVERY_TICK, Calendar


class PassState:
    """Dates in seconds, by place in the task list; None where not (yet) known.

    Attributes:
        needed_start: the latest start of the work that is left; for a task not begun its late start.
        moments_stay_late, moments_end_early: how the file's author writes late dates of milestones (below); neither
            where the file does not say.
    """

    def __init__(self, plan: MspdiPlan, network: PlanNetwork, spans: Sequence[TaskSpan | None]) -> None:
        count = len(network.tasks)
        self.plan = plan
        self.network = network
        self.spans = spans
        self.early_start: list[int | None] = [None] * count
        self.early_finish: list[int | None] = [None] * count
        self.late_start: list[int | None] = [None] * count
        self.late_finish: list[int | None] = [None] * count
        self.needed_start: list[int | None] = [None] * count
        self.moments_stay_late, self.moments_end_early = _moments_as_carried(network, spans)

    def is_as_late_as_possible(self, place: int) -> bool:
        """Whether a task not begun asks to be put at its late dates."""
        task = self.network.tasks[place]
        return (
            task.constraint is Constraint.AS_LATE_AS_POSSIBLE
            and task.actual_starts_at is None
            and not task.is_manual
            and self.spans[place] is not None
        )

    def lag(self, arc: Arc) -> tuple[Calendar, int]:
        """The clock of a link's lag and its seconds; it is the later task's calendar that counts."""
        link, before = arc.link, self.spans[arc.before]
        seconds = link.lag_s
        elapsed = is_elapsed(link.lag_format)
        if is_percent(link.lag_format):
            seconds = round(link.lag_percent * (before.duration_s if before is not None else 0) / 100)
            elapsed = elapsed or (before is not None and before.is_elapsed)
        return (EVERY_TICK if elapsed else self._lag_clock(arc)), seconds

    def _lag_clock(self, arc: Arc) -> Calendar:
        after = self.spans[arc.after] or self.spans[arc.before]
        if after is not None:
            return after.lag_clock
        below = next((span for span in self._spans_below(arc.after) if span is not None), None)
        return EVERY_TICK if below is None else below.lag_clock

    def _spans_below(self, place: int) -> Iterable[TaskSpan | None]:
        for child in self.network.children[place]:
            yield self.spans[child]
            yield from self._spans_below(child)

    def lagged(self, arc: Arc, at: int) -> int:
        """``at`` with the link's lag added."""
        if not arc.link.lag_s and not arc.link.lag_percent:
            return at
        clock, seconds = self.lag(arc)
        return shifted(clock, at, seconds) if seconds else at

    def unlagged(self, arc: Arc, at: int) -> int:
        """The last instant that with the link's lag added is no later than ``at``."""
        if not arc.link.lag_s and not arc.link.lag_percent:
            return at
        clock, seconds = self.lag(arc)
        return clock.next_working_one(shifted(clock, at, -seconds)) if seconds else at

    def lies_within(self, begins: int, ends: int) -> bool:
        """Whether all dates that were counted lie between two instants."""
        return all(
            value is None or begins < value < ends or not self._counts(place)
            for values in (self.early_start, self.early_finish, self.late_start, self.late_finish)
            for place, value in enumerate(values)
        )

    def last_early_finish(self) -> int:
        """The end of the last task, by early dates."""
        return max(
            (finish for place, finish in enumerate(self.early_finish) if finish is not None and self._counts(place)),
            default=0,
        )

    def first_late_start(self, default: int) -> int:
        """The beginning of the first task, by late dates."""
        return min(
            (start for place, start in enumerate(self.late_start) if start is not None and self._counts(place)),
            default=default,
        )

    def _counts(self, place: int) -> bool:
        return not self.network.tasks[place].is_external

    def planned(self, place: int) -> tuple[int | None, int | None]:
        """Where the plan puts a task: what happened, its late dates where it asks for them, else its early ones."""
        task = self.network.tasks[place]
        if self.network.children[place]:
            below = [self.planned(child) for child in self.network.children[place] if self._is_dated(child)]
            starts = [start for start, _ in below if start is not None]
            finishes = [finish for _, finish in below if finish is not None]
            return min(starts, default=None), max(finishes, default=None)
        if self.is_as_late_as_possible(place):
            return self.late_start[place], self.late_finish[place]
        started = None if task.actual_starts_at is None else to_second(task.actual_starts_at)
        return (self.early_start[place] if started is None else started), self.early_finish[place]

    def _is_dated(self, place: int) -> bool:
        return is_scheduled(self.network.tasks[place]) and not self.network.tasks[place].is_external

    def float_s(self, place: int, clock: Calendar) -> int | None:
        """Total float in the clock's seconds: the lesser of what its start and its finish can slip."""
        early_start, early_finish = self.early_start[place], self.early_finish[place]
        late_start, late_finish = self.late_start[place], self.late_finish[place]
        if early_start is None or early_finish is None or late_start is None or late_finish is None:
            return None
        task = self.network.tasks[place]
        if self.is_as_late_as_possible(place) and self.plan.is_from_start:
            return 0
        of_finish = clock.between_one(early_finish, late_finish)
        if task.actual_starts_at is not None and not self.network.children[place]:
            return of_finish
        return min(of_finish, clock.between_one(early_start, late_start))

    def write_late_no_sooner(self) -> None:
        """Write a late date that is the same instant of working time as the early one, but sooner, as that one."""
        for place, span in enumerate(self.spans):
            if span is None or (span.is_moment and self.moments_end_early):
                continue
            for early, late in ((self.early_start, self.late_start), (self.early_finish, self.late_finish)):
                soonest, latest = early[place], late[place]
                if soonest is None or latest is None or latest >= soonest:
                    continue
                if span.clock.between_one(latest, soonest) == 0:
                    late[place] = soonest
        for place in self.network.order:
            if self.network.children[place]:
                self.roll_up(place, early=False)

    def roll_up(self, place: int, *, early: bool) -> None:
        """A summary's dates from what it contains; late dates of manual tasks count as their early ones."""
        children = [child for child in self.network.children[place] if self._is_dated(child)]
        if early:
            self.early_start[place] = _least(self.early_start[child] for child in children)
            self.early_finish[place] = _most(self.early_finish[child] for child in children)
            return
        tasks = self.network.tasks
        self.late_start[place] = _least(
            (self.early_start if tasks[child].is_manual and not self.network.children[child] else self.late_start)[
                child
            ]
            for child in children
        )
        self.late_finish[place] = _most(
            (self.early_finish if tasks[child].is_manual and not self.network.children[child] else self.late_finish)[
                child
            ]
            for child in children
        )


def _least(values: Iterable[int | None]) -> int | None:
    return min((value for value in values if value is not None), default=None)


def _most(values: Iterable[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)


def _moments_as_carried(network: PlanNetwork, spans: Sequence[TaskSpan | None]) -> tuple[bool, bool]:
    """Whether late dates of milestones stand at the start of the next working time, or at the end of the one before.

    "Friday 17:00" and "Monday 8:00" are the same instant of working time. Microsoft Project writes the former as the
    late date of a milestone, ProjectLibre the latter; which of the two a file holds shows in its own milestones.
    """
    starts = ends = 0
    for task, span in zip(network.tasks, spans, strict=True):
        late = task.carried.late_finishes_at
        if span is None or not span.is_moment or late is None or task.actual_starts_at is not None:
            continue
        at = to_second(late)
        if span.clock.previous_working_one(at) < at and span.clock.next_working_one(at) == at:
            starts += span.clock.between_one(span.clock.previous_working_one(at), at) == 0
        else:
            ends += span.clock.next_working_one(at) > at
    return starts > ends, ends > starts
