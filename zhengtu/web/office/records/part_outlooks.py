"""Lights of parts and sections with their sentence, blocker and forecast, and what plans say of a deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from zhengtu.campaign.facts import DeadlineOf
from zhengtu.campaign.outlook_forecasts import FORECAST_GOALS
from zhengtu.campaign.plan_targets import target_key
from zhengtu.campaign.plan_values import ForecastLine, PlanRow, PlanView, TargetRow
from zhengtu.core.forecast.history import Goal
from zhengtu.core.planning.plan import ActivityKind, Light
from zhengtu.core.planning.plan_case import Stage
from zhengtu.web.office.cockpit.sentences import Names, part_name, plan_href
from zhengtu.web.shared.as_of import AsOf
from zhengtu.web.shared.blocker_text import BlockerLine, blocker_line
from zhengtu.web.shared.reason_text import spoken_reason

_STAGES: Final[Mapping[Goal | None, Stage]] = {Goal.SETTLED: Stage.NEGOTIATION, Goal.VACATED: Stage.VACATING}


@dataclass(frozen=True, slots=True)
class ShownOutlook:
    """A light with what it says, and the forecast of its deadline.

    Attributes:
        due_on: the deadline that the light is about, or None.
        earliest_on: the earliest honest day by law and teams.
        href: the plan; ``proof_href`` what proves the deadline's dates.
    """

    name: str
    light: str
    sentence: str
    blocker: BlockerLine | None
    due_on: date | None
    earliest_on: date | None
    forecast: ForecastLine | None
    data: Sequence[str]
    href: str
    proof_href: str

    @property
    def is_late(self) -> bool:
        """Whether the earliest honest day lies after the deadline."""
        return self.due_on is not None and self.earliest_on is not None and self.earliest_on > self.due_on


@dataclass(frozen=True, slots=True)
class DeadlineStandingShown:
    """What plans say of a project's deadline: the part that comes last, and the least probable one."""

    is_met: bool
    earliest_on: date | None
    is_late: bool
    probability: float | None
    href: str


def part_outlook(row: PlanRow, names: Names, dates: AsOf) -> ShownOutlook:
    """The light of one part of a project."""
    return _shown(row, row.light, row.nearest, row.nearest.forecast if row.nearest else None, names, dates)


def section_outlook(
    row: PlanRow, view: PlanView, section: str, names: Names, dates: AsOf
) -> ShownOutlook | None:
    """The light of one section; None where the plan gives it none."""
    light = row.section_lights.get(section)
    if light is None:
        return None
    nearest = next((one for one in row.targets if one.target.key == light.target), None)
    own = [line for line in view.forecasts if line.subject == section]
    forecast = next((line for line in own if line.target == light.target), own[0] if own else None)
    if nearest is not None:
        nearest = replace(nearest, earliest_on=_earliest(view, section, nearest.target.goal))
    return _shown(row, light, nearest, forecast, names, dates)


def _earliest(view: PlanView, section: str, goal: str) -> date | None:
    """When the section alone comes to a goal at the earliest; None where no bar of it stands for the goal."""
    wanted = FORECAST_GOALS.get(goal)
    for one in view.plan.activities:
        is_end = (wanted is Goal.HANDED_OVER and one.kind is ActivityKind.HANDOVER) or (
            wanted in _STAGES and one.stage is _STAGES[wanted]
        )
        if one.subject == section and is_end:
            return one.early_end_on
    return None


def section_forecast(
    plan: tuple[PlanRow, PlanView] | None, section: str, deadline: DeadlineOf
) -> ForecastLine | None:
    """The forecast of one deadline for one section, or None."""
    key = target_key(goal=deadline.goal, due_on=deadline.due_on)
    return plan[1].forecast(target=key, subject=section) if plan else None


def _shown(
    row: PlanRow, light: Light, nearest: TargetRow | None, forecast: ForecastLine | None, names: Names, dates: AsOf
) -> ShownOutlook:
    named = {**names, **row.section_names}
    return ShownOutlook(
        name=part_name(row, names), light=str(light.colour), sentence=spoken_reason(light.reason).message,
        blocker=blocker_line(light.blocker, names=named, on=dates.on) if light.blocker else None,
        due_on=nearest.target.due_on if nearest else None, earliest_on=nearest.earliest_on if nearest else None,
        forecast=forecast, data=[spoken_reason(one).message for one in forecast.reasons] if forecast else [],
        href=plan_href(row.code, dates),
        proof_href=plan_href(row.code, dates, target=nearest.target.key) if nearest else plan_href(row.code, dates),
    )


def deadline_standing(
    rows: Sequence[PlanRow], key: str, names: Names, dates: AsOf
) -> DeadlineStandingShown | None:
    """What the plans say of one deadline; None where none of them is about it."""
    about = [(row, one) for row in rows for one in row.targets if one.target.key == key]
    if not about:
        return None
    left = [(row, one) for row, one in about if not one.is_met]
    dated = [(row, one) for row, one in left if one.earliest_on is not None]
    last = max(dated, key=lambda pair: pair[1].earliest_on or date.min, default=None)
    chances = [
        one.forecast.probability for _, one in left
        if one.forecast is not None and one.forecast.probability is not None
    ]
    return DeadlineStandingShown(
        is_met=not left, earliest_on=last[1].earliest_on if last else None,
        is_late=any(one.earliest_on is not None and one.earliest_on > one.target.due_on for _, one in left),
        probability=min(chances, default=None), href=plan_href(last[0].code, dates, target=key) if last else "",
    )
