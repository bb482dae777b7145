"""Early and late dates of a plan as Microsoft Project counts them: ``schedule_plan``.

The rules, each with an example, stand in docs/algorithms/plan-files.md. In short: forwards, a task begins when its
links, its constraint and its calendar let it, no sooner than the project; backwards from the project's finish, it ends
in time for what waits for it. A constraint binds where links do not agree with it; that is reported as a conflict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.plan_files.early_pass import EarlyPass
from zhengtu.core.plan_files.late_pass import LatePass
from zhengtu.core.plan_files.mspdi_values import DAY_SECONDS, Constraint, MspdiPlan, PlanTask
from zhengtu.core.plan_files.pass_state import PassState
from zhengtu.core.plan_files.plan_clocks import PlanClocks
from zhengtu.core.plan_files.plan_instants import EPOCH, to_moment, to_second
from zhengtu.core.plan_files.plan_network import PlanNetwork, is_scheduled, plan_network
from zhengtu.core.plan_files.task_spans import TaskSpans

_WINDOW_YEARS: Final = (3, 15, 80)
_FAR: Final = N_("The plan reaches more than %(years)s years from its start: a task or a lag is too long.")


class _OutsideWindow(Exception):
    """A date lies beyond the years for which calendars were worked out."""


@dataclass(frozen=True, slots=True)
class TaskTimes:
    """What was calculated of one row; a blank row has no dates.

    Attributes:
        starts_at, finishes_at: where the plan puts the task: early, or late for "as late as possible".
        total_float_days: by how many working days (of the plan's day; of 24 hours where the duration is elapsed) it
            can slip without moving the finish; negative where it comes too late.
    """

    uid: int
    name: str
    early_starts_at: datetime | None = None
    early_finishes_at: datetime | None = None
    late_starts_at: datetime | None = None
    late_finishes_at: datetime | None = None
    starts_at: datetime | None = None
    finishes_at: datetime | None = None
    total_float_days: float | None = None
    is_critical: bool = False


@dataclass(frozen=True, slots=True)
class PlanTimes:
    """The calculated plan, a row for each task in the file's order.

    Attributes:
        starts_at, finishes_at: of the whole, by the early dates.
        conflicts: constraints that links (or the project's start) do not let hold.
        unmet: tasks that come too late for the date counted back from; empty without one.
    """

    rows: Sequence[TaskTimes]
    starts_at: datetime | None
    finishes_at: datetime | None
    conflicts: Sequence[Reason] = field(default_factory=tuple)
    unmet: Sequence[Reason] = field(default_factory=tuple)


def schedule_plan(plan: MspdiPlan, *, finish_by: datetime | None = None) -> PlanTimes:
    """Calculate the plan; with ``finish_by`` late dates count back from that instant instead of the plan's finish.

    Raises:
        Refused: for circles, links to nothing, constraints without a date, tasks that finished before they started,
            calendars without work, and plans without a start; the reason names the task or calendar.
    """
    network = plan_network(plan.tasks)
    _refuse_dateless(plan.tasks)
    _refuse_turned_round(plan.tasks)
    around = _anchor(plan)
    for years in _WINDOW_YEARS:
        try:
            return _calculate(plan, network, PlanClocks(plan, around=around, years=years), around, finish_by)
        except _OutsideWindow:
            continue
    raise Refused(
        Reason(
            code="plan_file.too_far",
            message=_FAR,
            parameters={"years": _WINDOW_YEARS[-1]},
            remedy=N_("Look for a wrong date, duration or lag, and for a calendar whose working time ends."),
        )
    )


def _refuse_dateless(tasks: Sequence[PlanTask]) -> None:
    for task in tasks:
        if task.constraint > Constraint.AS_LATE_AS_POSSIBLE and task.constraint_at is None and is_scheduled(task):
            raise Refused(
                Reason(
                    code="plan_file.constraint_without_date",
                    message=N_("The task “%(task)s” (UID %(uid)s) has a constraint (type %(kind)s) without a date."),
                    parameters={"task": task.name, "uid": task.uid, "kind": int(task.constraint)},
                    remedy=N_("Give the constraint its date, or choose “as soon as possible”."),
                )
            )


def _refuse_turned_round(tasks: Sequence[PlanTask]) -> None:
    for task in tasks:
        started, finished = task.actual_starts_at, task.actual_finishes_at
        if started is not None and finished is not None and finished < started and is_scheduled(task):
            raise Refused(
                Reason(
                    code="plan_file.finished_before_started",
                    message=N_("%(activity)s finished at %(finished)s, before it started at %(started)s."),
                    parameters={
                        "activity": f"“{task.name}” (UID {task.uid})",
                        "finished": finished.isoformat(),
                        "started": started.isoformat(),
                    },
                    remedy=N_("Correct one of the two dates."),
                )
            )


def _anchor(plan: MspdiPlan) -> datetime:
    """The project's start (its finish where it is scheduled backwards), or else the earliest date of a task."""
    said = plan.starts_at if plan.is_from_start else plan.finishes_at
    if said is not None:
        return said
    moments = [
        moment
        for task in plan.tasks
        if is_scheduled(task)
        for moment in (task.actual_starts_at, task.constraint_at, task.carried.starts_at, task.carried.finishes_at)
        if moment is not None
    ]
    if moments:
        return min(moments) if plan.is_from_start else max(moments)
    if not any(is_scheduled(task) for task in plan.tasks):
        return EPOCH  # an empty plan has no dates to count
    raise Refused(
        Reason(
            code="plan_file.no_start",
            message=N_("The plan says neither when it starts nor when any of its tasks does."),
            remedy=N_("Set the project's start date in the planning program and save the plan again."),
        )
    )


def _calculate(
    plan: MspdiPlan, network: PlanNetwork, clocks: PlanClocks, around: datetime, finish_by: datetime | None
) -> PlanTimes:
    finder = TaskSpans(plan, clocks)
    spans = [
        finder.span(task) if is_scheduled(task) and not network.children[place] else None
        for place, task in enumerate(network.tasks)
    ]
    state = PassState(plan, network, spans)
    early = EarlyPass(state)
    late = LatePass(state)
    wanted = None if finish_by is None else to_second(finish_by)
    if plan.is_from_start:
        early.run(to_second(around))
        late.run(state.last_early_finish() if wanted is None else wanted)
        if any(state.is_as_late_as_possible(place) for place in range(len(spans))):
            early.run(to_second(around), after_late=True)
    else:
        late.run(to_second(around) if wanted is None else wanted)
        early.run(state.first_late_start(to_second(around)))
    if not state.lies_within(*clocks.window):
        raise _OutsideWindow
    state.write_late_no_sooner()
    return _results(plan, state, clocks, early.conflicts, wanted)


def _results(
    plan: MspdiPlan, state: PassState, clocks: PlanClocks, conflicts: Sequence[Reason], wanted: int | None
) -> PlanTimes:
    project = clocks.clock(clocks.known(plan.calendar_uid))
    floats: list[float | None] = []
    critical: list[bool] = []
    for place, task in enumerate(state.network.tasks):
        span = state.spans[place]
        clock = project if span is None else span.clock
        day_s = DAY_SECONDS if span is not None and span.is_elapsed else plan.day_s
        seconds = state.float_s(place, clock)
        floats.append(None if seconds is None else round(seconds / day_s, 6))
        is_tight = seconds is not None and seconds <= plan.critical_slack_days * day_s
        critical.append(is_tight and task.percent_complete < 100 and task.actual_finishes_at is None)
    for place in state.network.order:  # a summary is as critical as the most critical task in it
        if state.network.children[place]:
            critical[place] = any(critical[child] for child in state.network.children[place])
    rows = [_row(state, place, floats[place], critical[place]) for place in range(len(critical))]
    starts = [row.early_starts_at for row in rows if row.early_starts_at is not None]
    finishes = [row.early_finishes_at for row in rows if row.early_finishes_at is not None]
    return PlanTimes(
        rows=rows,
        starts_at=min(starts, default=None),
        finishes_at=max(finishes, default=None),
        conflicts=tuple(conflicts),
        unmet=tuple(_unmet(state, rows, wanted)) if wanted is not None else (),
    )


def _row(state: PassState, place: int, total_float_days: float | None, is_critical: bool) -> TaskTimes:
    task = state.network.tasks[place]
    if task.is_blank:
        return TaskTimes(task.uid, task.name)
    if not task.is_active or task.is_external or state.early_start[place] is None:
        carried = task.carried
        return TaskTimes(
            task.uid,
            task.name,
            carried.early_starts_at or carried.starts_at,
            carried.early_finishes_at or carried.finishes_at,
            carried.late_starts_at,
            carried.late_finishes_at,
            carried.starts_at,
            carried.finishes_at,
            None if carried.total_slack_s is None else round(carried.total_slack_s / state.plan.day_s, 6),
            bool(carried.is_critical),
        )
    start, finish = state.planned(place)
    return TaskTimes(
        task.uid,
        task.name,
        _moment(state.early_start[place]),
        _moment(state.early_finish[place]),
        _moment(state.late_start[place]),
        _moment(state.late_finish[place]),
        _moment(start),
        _moment(finish),
        total_float_days,
        is_critical,
    )


def _moment(second: int | None) -> datetime | None:
    return None if second is None else to_moment(second)


def _unmet(state: PassState, rows: Sequence[TaskTimes], wanted: int) -> list[Reason]:
    """The tasks worked on that come too late, the tightest first."""
    late = [
        row
        for place, row in enumerate(rows)
        if not state.network.children[place] and row.total_float_days is not None and row.total_float_days < 0
    ]
    late.sort(key=lambda row: row.total_float_days or 0)
    return [
        Reason(
            code="plan_file.too_late",
            message=N_(
                "“%(task)s” (UID %(uid)s) finishes on %(early)s at the soonest and would have to by %(late)s: "
                "%(days)s working days too late."
            ),
            parameters={
                "task": row.name,
                "uid": row.uid,
                "early": row.early_finishes_at.isoformat() if row.early_finishes_at else "",
                "late": row.late_finishes_at.isoformat() if row.late_finishes_at else "",
                "days": f"{-(row.total_float_days or 0):g}",
            },
        )
        for row in late
    ]
