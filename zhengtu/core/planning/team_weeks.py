"""A plan of teams week by week: each team's work list, and capacity beside what is planned and needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.planning.plan import ActivityKind, Plan
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.team_checks import worked_days
from zhengtu.core.planning.team_dispatch import TeamPlan
from zhengtu.core.planning.teams import SKILLS, FieldTeam

_TENTH: Final = Decimal("0.1")
_MOST_WEEKS: Final = 104


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """What a team does in one section in one week.

    Attributes:
        week_on: Monday of the week.
        households: households done in it, to a tenth: a piece that runs over two weeks is shared out by its days.
        days: its working days there.
    """

    team: str
    week_on: date
    case: str
    section: str
    stage: Stage
    households: Decimal
    days: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """One week of one skill in working days of teams.

    Attributes:
        capacity_days: what the teams there can do.
        planned_days: what the levelled plan asks of them.
        needed_days: what it would take to keep every deadline, each stage done as late as its project's plan lets it.
    """

    week_on: date
    stage: Stage
    capacity_days: int
    planned_days: int
    needed_days: Decimal


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def team_weeks(plan: TeamPlan, *, teams: Sequence[FieldTeam], calendar: WorkCalendar) -> list[TeamWeek]:
    """Each team's work, by team, week and first day."""
    crew = {team.code: team for team in teams}
    days: dict[tuple[str, date, str], list[date]] = {}
    households: dict[tuple[str, date, str], Decimal] = {}
    places: dict[str, tuple[str, Stage]] = {}
    for one in plan.assignments.values():
        places[one.piece.section] = (one.piece.case, one.piece.stage)
        share = Decimal(one.piece.households) / one.days
        for day in worked_days(one, team=crew[one.team], calendar=calendar):
            key = (one.team, monday_of(day), one.piece.section)
            days.setdefault(key, []).append(day)
            households[key] = households.get(key, Decimal(0)) + share
    return [
        TeamWeek(
            team=team, week_on=week, case=places[section][0], section=section, stage=crew[team].skill,
            households=households[team, week, section].quantize(_TENTH, rounding=ROUND_HALF_UP),
            days=len(held), first_on=min(held), last_on=max(held),
        )
        for (team, week, section), held in sorted(days.items(), key=lambda item: (*item[0][:2], min(item[1])))
    ]


def week_loads(
    plan: TeamPlan, *, teams: Sequence[FieldTeam], calendar: WorkCalendar, paces: Mapping[Stage, Decimal], on: date,
    plans: Mapping[str, Plan],
) -> list[WeekLoad]:
    """Week by week from the plan's own on, skill by skill, as far as anything is planned or needed; 104 at most."""
    crew = {team.code: team for team in teams}
    planned: Counter[tuple[date, Stage]] = Counter()
    for one in plan.assignments.values():
        for day in worked_days(one, team=crew[one.team], calendar=calendar):
            planned[monday_of(day), one.piece.stage] += 1
    needed = needed_days(plans.values(), calendar=calendar, paces=paces, on=on)
    last = max([monday_of(on), *(week for week, _ in planned), *(week for week, _ in needed)])
    loads = []
    for week in _weeks(on, last):
        for stage in SKILLS:
            capacity = capacity_days((team for team in teams if team.skill is stage), week=week, on=on,
                                     calendar=calendar)
            loads.append(
                WeekLoad(
                    week_on=week, stage=stage, capacity_days=capacity, planned_days=planned[week, stage],
                    needed_days=needed.get((week, stage), Decimal(0)).quantize(_TENTH, rounding=ROUND_HALF_UP),
                )
            )
    return loads


def capacity_days(teams: Iterable[FieldTeam], *, week: date, on: date, calendar: WorkCalendar) -> int:
    """Working days that these teams have in a week, from the plan's day on."""
    days = [day for number in range(7) if (day := week + timedelta(days=number)) >= on]
    return sum(team.works(day, calendar=calendar) for team in teams for day in days)


def needed_days(
    plans: Iterable[Plan], *, calendar: WorkCalendar, paces: Mapping[Stage, Decimal], on: date
) -> dict[tuple[date, Stage], Decimal]:
    """(Week, stage) -> team days that keep every deadline: what is left, spread over the latest days of each work.

    Work that is late already falls into the first week; work that no deadline needs is left out.
    """
    needed: dict[tuple[date, Stage], Decimal] = {}
    for plan in plans:
        for one in plan.activities:
            if one.kind is not ActivityKind.WORK or one.stage not in SKILLS or not one.households_left:
                continue
            if one.late_end_on is None or one.is_done:
                continue
            first = max(on, one.late_start_on or on)
            days = [day for day in _days(first, one.late_end_on) if calendar.is_working_day(day)] or [on]
            share = one.households_left / paces[one.stage] / len(days)
            for day in days:
                key = (monday_of(day), one.stage)
                needed[key] = needed.get(key, Decimal(0)) + share
    return needed


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _weeks(on: date, last: date) -> Iterator[date]:
    first = monday_of(on)
    for number in range(min(_MOST_WEEKS, (last - first).days // 7 + 1)):
        yield first + timedelta(weeks=number)
