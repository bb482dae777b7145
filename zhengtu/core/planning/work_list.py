"""Who must do what this week: per unit, and per team's kind of work, what the plan leaves no later day for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.planning.plan import ActivityKind, Plan, PlannedActivity
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.procedure.steps import Label

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing to do.

    Attributes:
        activity: id of its bar.
        stage: of household work: whose teams; None for steps and the handing over.
        by_on: the latest day: of beginning it, or of ending it once begun.
        is_overdue: whether that day has passed.
        households: of household work, how many have to be done by the last day of the list to keep the latest dates, of
            critical work the earliest.
    """

    activity: str
    subject: str
    label: Label
    responsible: str
    stage: Stage | None
    by_on: date
    is_overdue: bool
    households: int
    reason: Reason


def work_list(
    plan: Plan, *, horizon_days: int, calendar: WorkCalendar
) -> dict[tuple[str, Stage | None], list[WorkItem]]:
    """(unit, stage) -> what it must do from the plan's day on; what was due and is not done first.

    Listed is what can be begun within the horizon and either has to be (its latest start, or once begun its latest end,
    falls within it or has passed) or is critical. Periods and what waits for the law are not: nobody can do them.

    Args:
        horizon_days: the plan's day counted.
    """
    last = plan.on + (horizon_days - 1) * _DAY
    found: dict[tuple[str, Stage | None], list[WorkItem]] = {}
    for bar in plan.activities:
        item = _item(bar, plan.on, last, calendar)
        if item is not None:
            found.setdefault((bar.responsible, bar.stage), []).append(item)
    for items in found.values():
        items.sort(key=lambda one: (not one.is_overdue, one.by_on, one.activity))
    return dict(sorted(found.items(), key=lambda one: (one[0][0], str(one[0][1] or ""))))


def by_unit(found: Mapping[tuple[str, Stage | None], Sequence[WorkItem]]) -> dict[str, list[WorkItem]]:
    """Unit -> everything that it must do, in the same order."""
    units: dict[str, list[WorkItem]] = {}
    for (unit, _), items in found.items():
        units.setdefault(unit, []).extend(items)
    for items in units.values():
        items.sort(key=lambda one: (not one.is_overdue, one.by_on, one.activity))
    return units


def _item(bar: PlannedActivity, on: date, last: date, calendar: WorkCalendar) -> WorkItem | None:
    if bar.is_done or bar.kind in (ActivityKind.PERIOD, ActivityKind.TRACK) or bar.early_start_on > last:
        return None
    begun = bar.actual_start_on is not None
    limit = bar.late_end_on if begun else bar.late_start_on
    early = bar.early_end_on if begun else bar.early_start_on
    is_due = limit is not None and limit <= last
    households = _share(bar, on, last, calendar)
    if not (is_due or bar.is_critical or (begun and households)):
        return None
    by_on = limit if limit is not None else early
    return WorkItem(
        activity=bar.id, subject=bar.subject, label=bar.label, responsible=bar.responsible, stage=bar.stage,
        by_on=by_on, is_overdue=limit is not None and limit < on, households=households,
        reason=_reason(bar, on, by_on, begun=begun, is_asked=limit is not None),
    )


def _share(bar: PlannedActivity, on: date, last: date, calendar: WorkCalendar) -> int:
    """Households to be done by the last day: spread evenly over the latest days, of what is critical or late over the
    earliest, which is as fast as the teams go."""
    if not bar.households_left:
        return 0
    start, end = bar.early_start_on, bar.early_end_on
    if not bar.is_critical and bar.late_start_on is not None and bar.late_end_on is not None:
        start, end = bar.late_start_on, max(bar.late_end_on, start)
    first = max(start, on)
    whole = calendar.working_days_between(first - _DAY, end).count
    if whole == 0 or end <= last:
        return bar.households_left
    within = calendar.working_days_between(first - _DAY, last).count
    return -(-bar.households_left * within // whole)


def _reason(bar: PlannedActivity, on: date, by_on: date, *, begun: bool, is_asked: bool) -> Reason:
    if is_asked and by_on < on:
        message = N_("It should have been over by %(on)s.") if begun else N_("It should have begun by %(on)s.")
        code = "planning.overdue"
    elif is_asked and not bar.is_critical:
        message = N_("It has to be over by %(on)s.") if begun else N_("It has to begin by %(on)s.")
        code = "planning.due"
    else:
        message, code = N_("It decides the date: each day lost is lost for good."), "planning.critical"
    return Reason(code=code, message=message, parameters={"on": by_on.isoformat()}, source=bar.source)
