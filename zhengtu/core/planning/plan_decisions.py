"""When a unit may decide that work begins: not before the law lets it, not so late that its deadline falls unless said.

What a plan says is the earliest start counts an earlier decision in; how soon the work could lawfully begin without
it is read from the links that lead to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.planning.plan import Plan, PlannedActivity, PlannedLink
from zhengtu.core.planning.plan_case import Stage

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DecisionWindow:
    """Between which days a unit may decide that work begins.

    Attributes:
        earliest_on: the earliest lawful day.
        latest_on: the latest day that still meets the nearest deadline; None where none needs it.
    """

    earliest_on: date
    latest_on: date | None

    @property
    def is_open(self) -> bool:
        """Whether a start is left that the deadline survives."""
        return self.latest_on is None or self.earliest_on <= self.latest_on


def decision_window(
    plan: Plan, activity: PlannedActivity, *, is_decided: bool, calendar: WorkCalendar, frozen_months: Iterable[int]
) -> DecisionWindow:
    """The days between which the start of a bar may be decided.

    Args:
        is_decided: whether a decision holds its start already; the plan's earliest start then counts it in.
        frozen_months: months in which nothing is demolished.
    """
    earliest = activity.early_start_on
    if is_decided:
        frozen = frozenset(frozen_months) if activity.stage is Stage.DEMOLITION else frozenset()
        earliest = min(earliest, _first_free_day(_after_links(plan, activity), calendar=calendar, frozen=frozen))
    return DecisionWindow(earliest, activity.late_start_on)


def _after_links(plan: Plan, activity: PlannedActivity) -> date:
    """The first day that every link to the bar leaves free, from the plan's day on."""
    bars = {one.id: one for one in plan.activities}
    length = (activity.early_end_on - activity.early_start_on).days
    days = [plan.on]
    for link in plan.links:
        if link.after == activity.id and link.before in bars:
            days.append(_after_link(link, bars[link.before], length))
    return max(days)


def _after_link(link: PlannedLink, before: PlannedActivity, length: int) -> date:
    lag = link.lag_days * _DAY
    start = (before.actual_start_on or before.early_start_on) + lag
    end = (before.actual_end_on or before.early_end_on) + lag
    return {
        "FS": end + _DAY, "SS": start, "FF": end - length * _DAY, "SF": start - length * _DAY,
    }[link.kind]


def _first_free_day(day: date, *, calendar: WorkCalendar, frozen: frozenset[int]) -> date:
    """The day itself or the first after it on which people work and the ground is not frozen."""
    while (day.month in frozen and len(frozen) < 12) or not calendar.is_working_day(day):
        day += _DAY
    return day


def decision_reasons(
    activity: PlannedActivity, *, start_on: date, window: DecisionWindow, accepts_late: bool
) -> list[Reason]:
    """What speaks against deciding that the work begins on that day.

    Args:
        accepts_late: whether it is said, with its reason, that the deadline is given up.
    """
    if activity.actual_start_on is not None:
        return [Reason(
            code="schedule.begun",
            message=N_("This work began on %(on)s; what has begun is not decided any more."),
            parameters={"on": activity.actual_start_on.isoformat()},
        )]
    if not activity.may_be_decided:
        return [Reason(
            code="schedule.not_decidable",
            message=N_("No unit decides this start: law, the ledger or the order of the work gives it."),
            remedy=N_("Only bars that the chart marks can be moved."),
        )]
    if start_on < window.earliest_on:
        because = activity.driver_reason
        return [Reason(
            code="schedule.too_early",
            message=N_("%(start)s lies before the earliest lawful day, %(earliest)s."),
            parameters={"start": start_on.isoformat(), "earliest": window.earliest_on.isoformat()},
            source=because.source if because else activity.source,
            remedy=N_("Choose that day or a later one."),
        )]
    is_late = window.latest_on is not None and start_on > window.latest_on
    if is_late and window.latest_on is not None and start_on > window.earliest_on and not accepts_late:
        return [Reason(
            code="schedule.too_late",
            message=N_("A start on %(start)s misses the deadline: the latest day that meets it is %(latest)s."),
            parameters={"start": start_on.isoformat(), "latest": window.latest_on.isoformat()},
            remedy=N_("Choose that day or an earlier one, or say in the form that the deadline is given up, and why."),
        )]
    return []


def baseline_reasons(*, baseline_on: date, today: date, first_on: date | None) -> list[Reason]:
    """What speaks against setting the plan of that day as the baseline.

    Args:
        first_on: the campaign's first day, or None.
    """
    if baseline_on > today:
        return [Reason(
            code="schedule.baseline_ahead", message=N_("There is no plan of %(on)s yet; today is %(today)s."),
            parameters={"on": baseline_on.isoformat(), "today": today.isoformat()},
            remedy=N_("Choose today or an earlier day."),
        )]
    if first_on is not None and baseline_on < first_on:
        return [Reason(
            code="schedule.baseline_before", message=N_("The campaign began on %(first)s; %(on)s lies before it."),
            parameters={"on": baseline_on.isoformat(), "first": first_on.isoformat()},
            remedy=N_("Choose a day of the campaign."),
        )]
    return []
