"""When a unit may decide that work begins: not before the law lets it, not so late that its deadline falls unless said.

The window is that of the plan without the decision that is taken or changed: else an earlier decision would hold the
work back from being decided sooner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.plan import Plan, PlannedActivity
from zhengtu.core.planning.plan_case import PlanCase, Stage
from zhengtu.core.planning.planning import plan_of
from zhengtu.core.planning.schedule_rules import ScheduleRules


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


@dataclass(frozen=True, slots=True)
class Decidable:
    """A bar as it would stand without a decision on it, its window, and the day that is decided now, or None."""

    activity: PlannedActivity
    window: DecisionWindow
    decided_on: date | None


def decidable_in(case: PlanCase, *, section: str, stage: Stage, rules: ScheduleRules) -> Decidable | None:
    """The bar of a stage on a section of a case; None where its plan has none."""
    held = next((one for one in case.sections if one.code == section), None)
    if held is None:
        return None
    decided = held.plan_decisions.get(stage)
    free = replace(held, plan_decisions={one: own for one, own in held.plan_decisions.items() if one is not stage})
    sections = [free if one.code == section else one for one in case.sections]
    found = bar_of(plan_of(replace(case, sections=sections), rules=rules), section=section, stage=stage)
    if found is None:
        return None
    return Decidable(found, DecisionWindow(found.early_start_on, found.late_start_on), decided[0] if decided else None)


def bar_of(plan: Plan, *, section: str, stage: Stage) -> PlannedActivity | None:
    """The bar of a stage on a section, or None."""
    return next((one for one in plan.activities if (one.subject, one.stage) == (section, stage)), None)


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
