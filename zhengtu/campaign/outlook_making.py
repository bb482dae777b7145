"""From facts to plans with forecasts, trajectories and lights, of many parts of projects at once; stores nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from zhengtu.accounts.models import Unit
from zhengtu.campaign.outlook_forecasts import (
    FIGURE_GOALS,
    FORECAST_GOALS,
    Forecasts,
    fan_of,
    forecasts_of,
    line_of,
    subject_of_target,
)
from zhengtu.campaign.plan_facts import PlanFacts, plan_facts
from zhengtu.campaign.plan_values import ForecastLine, PlanRow, PlanView, ReachView, TargetRow, Trajectory
from zhengtu.campaign.trajectories import FIGURES, cumulative, joined
from zhengtu.core.forecast.history import Goal, GroupHistory
from zhengtu.core.kernel.codes import city_of, jurisdiction_of, project_of
from zhengtu.core.planning.plan import Plan, TargetOutlook
from zhengtu.core.planning.plan_case import PlanCase, Target
from zhengtu.core.planning.planning import plan_of
from zhengtu.core.procedure.steps import Label
from zhengtu.ledger.rulebook import current_rulebook


@dataclass(frozen=True, slots=True)
class Made:
    """What was computed: each part in short and in full, and every project, district and city."""

    parts: Sequence[tuple[PlanRow, PlanView]]
    reaches: Sequence[ReachView]


def make_outlooks(codes: Sequence[str], *, on: date, known: date | None, now: datetime) -> Made:
    """Plans and forecasts of these parts of projects by the end of a day, as known on a day (None: now)."""
    facts = plan_facts(codes, on=on, known=known)
    rulebook = current_rulebook()
    plans = {code: plan_of(case, rules=rulebook.schedule) for code, case in facts.cases.items()}
    forecasts = forecasts_of(facts.groups, list(plans.values()), on=on, rules=rulebook.forecast)
    groups = {group.code: group for group in facts.groups}
    units = {code: (name, name_en) for code, name, name_en in Unit.objects.values_list("code", "name", "name_en")}
    parts = []
    for code, case in facts.cases.items():
        plan = _lit(plans[code], case, forecasts)
        view = _view(case, plan, facts, groups, forecasts, units, known=known, now=now)
        parts.append((_row(view, forecasts), view))
    return Made(parts=parts, reaches=_reaches([view for _, view in parts], forecasts, on=on, known=known))
