"""Capacity, plan and need of teams by week, ready for the template's bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.team_weeks import WeekLoad
from zhengtu.core.planning.teams import SKILLS
from zhengtu.registry.models import TeamSkill
from zhengtu.web.shared.figure_text import grouped

WEEKS_SHOWN: Final = 26
_HEIGHT: Final = 72


@dataclass(frozen=True, slots=True)
class LoadBar:
    """One week of one skill: heights from the ground in a drawing of height 72; ``title`` says the figures."""

    x: int
    capacity: float
    planned: float
    needed: float
    week_on: date
    capacity_days: int
    planned_days: int
    needed_days: str


@dataclass(frozen=True, slots=True)
class LoadChart:
    """One skill's weeks.

    Attributes:
        top: team days at the top of the drawing.
        short_from: the first week in which need exceeds capacity, or None.
        short_days: team days by which need exceeds capacity in the weeks shown.
        capped: whether some week's need is higher than the drawing.
    """

    label: str
    bars: Sequence[LoadBar]
    width: int
    top: str
    short_from: date | None
    short_days: str
    capped: bool
    planned_until: date | None


def load_charts(loads: Sequence[WeekLoad]) -> list[LoadChart]:
    """A chart for each skill of which there is work or a team."""
    charts = []
    for skill in SKILLS:
        of_skill = [one for one in loads if one.stage is skill]
        if any(one.capacity_days or one.planned_days or one.needed_days for one in of_skill):
            charts.append(_chart(skill, of_skill[:WEEKS_SHOWN]))
    return charts


def _chart(skill: Stage, weeks: Sequence[WeekLoad]) -> LoadChart:
    most = max((max(one.capacity_days, one.planned_days) for one in weeks), default=1)
    # Need that is late already can be many times what the teams can do: the drawing ends at three times their most.
    top = max(1.0, min(float(max((one.needed_days for one in weeks), default=0)), 3.0 * max(1, most)), float(most))
    short = [one for one in weeks if one.needed_days > one.capacity_days]

    def height(value: float) -> float:
        return min(_HEIGHT, _HEIGHT * value / top)

    return LoadChart(
        label=str(TeamSkill(skill).label), width=10 * len(weeks), top=grouped(top, digits=0),
        bars=[
            LoadBar(
                x=10 * number, capacity=height(one.capacity_days), planned=height(one.planned_days),
                needed=min(_HEIGHT - 2, height(float(one.needed_days))), week_on=one.week_on,
                capacity_days=one.capacity_days,
                planned_days=one.planned_days, needed_days=grouped(one.needed_days, digits=0),
            )
            for number, one in enumerate(weeks)
        ],
        short_from=short[0].week_on if short else None,
        short_days=grouped(sum(one.needed_days - one.capacity_days for one in short), digits=0),
        capped=any(float(one.needed_days) > top for one in weeks),
        planned_until=max((one.week_on for one in weeks if one.planned_days), default=None),
    )
