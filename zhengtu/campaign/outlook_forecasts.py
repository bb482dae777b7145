"""Forecasts for the targets of plans: of every part, section, project, district and city, simulated together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from zhengtu.campaign.plan_values import FanPoint, ForecastLine
from zhengtu.core.forecast.history import Goal, GroupHistory
from zhengtu.core.forecast.model import forecast
from zhengtu.core.forecast.outlook import Forecast
from zhengtu.core.forecast.rules import OutlookRules
from zhengtu.core.kernel.codes import city_of, jurisdiction_of, project_of
from zhengtu.core.planning.plan import Plan
from zhengtu.core.planning.plan_case import Stage, Target

FORECAST_GOALS: Final[Mapping[str, Goal]] = {
    "signed": Goal.SETTLED, "vacated": Goal.VACATED, "handed_over": Goal.HANDED_OVER, "started": Goal.HANDED_OVER,
}
"""Goal of a deadline -> the stage that all households have to be through; other goals are not forecast."""
GOALS: Final = (Goal.SETTLED, Goal.VACATED, Goal.HANDED_OVER)
FIGURE_GOALS: Final = {
    "signed_count": Goal.SETTLED, "vacated_count": Goal.VACATED, "handed_over_count": Goal.HANDED_OVER,
}
_STAGE_GOALS: Final = {Stage.NEGOTIATION: Goal.SETTLED, Stage.VACATING: Goal.VACATED}

Forecasts = Mapping[tuple[str, Goal], Forecast]


def forecasts_of(
    groups: Sequence[GroupHistory], plans: Sequence[Plan], *, on: date, rules: OutlookRules
) -> Forecasts:
    """Forecasts of sections and of everything that contains them; no earlier than the plans' lawful days.

    Sections on which nobody can sign yet begin when their plan lets the talks begin.
    """
    starts = {
        one.subject: one.early_start_on
        for plan in plans for one in plan.activities if one.stage is Stage.NEGOTIATION
    }
    begun = [
        group if group.started_on is not None else replace(group, started_on=starts.get(group.code))
        for group in groups
    ]
    return forecast(
        begun, on=on, rules=rules, goals=GOALS, not_before=earliest_days(plans, groups),
        together=_together(groups, plans),
    )


def _together(groups: Sequence[GroupHistory], plans: Sequence[Plan]) -> dict[str, list[str]]:
    """Projects, districts and cities; and of each the sections that one deadline is about."""
    together: dict[str, list[str]] = defaultdict(list)
    known = {group.code for group in groups}
    for code in sorted(known):
        for subject in containers_of(code):
            together[subject].append(code)
    for plan in plans:
        for outlook in plan.targets:
            target = outlook.target
            about = [code for code in target.sections if code in known]
            for subject in (plan.code, *containers_of(plan.code)):
                together[subject_of_target(subject, target)] += about
    return {subject: sorted(set(codes)) for subject, codes in together.items() if codes}


def containers_of(code: str) -> tuple[str, str, str]:
    """The project, district and city that a part of a project or a section belongs to."""
    return project_of(code), jurisdiction_of(code), city_of(code)


def subject_of_target(subject: str, target: Target) -> str:
    """What the forecast of a deadline is filed under: it speaks of the deadline's own sections alone."""
    return f"{subject}/{target.key}"


def earliest_days(plans: Sequence[Plan], groups: Sequence[GroupHistory]) -> dict[tuple[str, Goal], date]:
    """(section, goal) -> the earliest lawful day by its plan, of what is not done."""
    known = {group.code for group in groups}
    found: dict[tuple[str, Goal], date] = {}
    for plan in plans:
        for one in plan.activities:
            goal = Goal.HANDED_OVER if one.kind == "handover" else _STAGE_GOALS.get(one.stage) if one.stage else None
            if goal is None or one.is_done or one.subject not in known:
                continue
            held = found.get((one.subject, goal))
            found[one.subject, goal] = max(held, one.early_end_on) if held else one.early_end_on
    return found


def line_of(found: Forecast, *, target: Target | None) -> ForecastLine:
    """A forecast as it is kept, with the probability of the target's day where one is asked about."""
    return ForecastLine(
        subject=found.subject, target=target.key if target else "", goal=str(found.goal), basis=found.basis,
        p50_on=found.p50_on, p80_on=found.p80_on, p95_on=found.p95_on,
        probability=found.probability_by(target.due_on) if target else None, events=found.events,
        weeks=found.weeks_observed, open=found.open, horizon_on=found.horizon_on, reasons=tuple(found.reasons),
    )


def fan_of(found: Forecast | None) -> list[FanPoint]:
    """The fan of a forecast; empty where it abstains."""
    return [FanPoint(week.on, week.low, week.median, week.high) for week in found.fan] if found else []
