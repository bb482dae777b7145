"""An independent look at a plan of teams: every rule that it must keep, checked from its assignments alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.team_dispatch import Assignment, TeamPlan
from zhengtu.core.planning.team_work import TeamWork, workdays_of
from zhengtu.core.planning.teams import FieldTeam


def breaches(
    plan: TeamPlan, *, work: TeamWork, teams: Sequence[FieldTeam], calendar: WorkCalendar,
    paces: Mapping[Stage, Decimal], frozen_months: Mapping[str, frozenset[int]],
) -> list[str]:
    """What is wrong with a plan of teams, in short lines for the log; empty for a sound one."""
    crew = {team.code: team for team in teams}
    found = []
    if {piece.id for piece in work.pieces} != plan.assignments.keys() | plan.unplaced:
        found.append("pieces are missing or invented")
    for one in plan.assignments.values():
        team = crew[one.team]
        days = worked_days(one, team=team, calendar=calendar)
        pace = team.households_per_day if team.households_per_day is not None else paces[one.piece.stage]
        if team.skill is not one.piece.stage:
            found.append(f"{one.piece.id}: {team.code} has another skill")
        if len(days) != one.days or one.days != workdays_of(one.piece.households, pace):
            found.append(f"{one.piece.id}: {len(days)} working days instead of {one.days}")
        if one.start_on < one.piece.not_before:
            found.append(f"{one.piece.id}: before the law lets it begin")
        if one.piece.stage is Stage.DEMOLITION and any(
            day.month in frozen_months.get(one.piece.case, frozenset()) for day in days
        ):
            found.append(f"{one.piece.id}: in frozen ground")
        found += _order_breaches(one, plan, calendar)
    found += _double_breaches(plan.assignments.values(), crew, calendar)
    return found


def worked_days(one: Assignment, *, team: FieldTeam, calendar: WorkCalendar) -> list[date]:
    """The days from the first to the last of an assignment on which its team works."""
    span = (one.end_on - one.start_on).days + 1
    days = [one.start_on + timedelta(days=number) for number in range(span)]
    return [day for day in days if team.works(day, calendar=calendar)]


def _order_breaches(one: Assignment, plan: TeamPlan, calendar: WorkCalendar) -> list[str]:
    found = []
    for before in one.piece.waits_for:
        if before not in plan.assignments:
            found.append(f"{one.piece.id}: what it waits for has no place")
            continue
        ended = plan.assignments[before].end_on
        if one.start_on <= ended:
            found.append(f"{one.piece.id}: begins before {before} is through")
        elif one.piece.lag_workdays:
            between = calendar.working_days_between(ended, one.start_on - timedelta(days=1)).count
            if between < one.piece.lag_workdays:
                found.append(f"{one.piece.id}: {between} working days after {before}")
    return found


def _double_breaches(
    assignments: Iterable[Assignment], crew: Mapping[str, FieldTeam], calendar: WorkCalendar
) -> list[str]:
    busy: dict[tuple[str, date], str] = {}
    found = []
    for one in assignments:
        for day in worked_days(one, team=crew[one.team], calendar=calendar):
            if (one.team, day) in busy:
                found.append(f"{one.team} on {day}: {one.piece.id} and {busy[one.team, day]}")
            busy[one.team, day] = one.piece.id
    return found
