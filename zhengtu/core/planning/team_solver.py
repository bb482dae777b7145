"""A district's teams as a problem for the solver: pieces as activities, teams of a skill as one resource.

The solver knows teams of a skill as equal: their pace is the mean, and a team's own days off, later first day or end
are work that takes one of them away. Its starts are therefore an order, which the dispatcher turns into exact days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import numpy as np

from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.team_dispatch import HORIZON_DAYS
from zhengtu.core.planning.team_plan import DistrictTeams, Solver
from zhengtu.core.planning.team_work import Piece, SectionEnd, SectionGoal, TeamWork, workdays_of
from zhengtu.core.planning.teams import FieldTeam
from zhengtu.core.scheduling.levelling import Group, level
from zhengtu.core.scheduling.problem import Activity, Link, Problem, Resource
from zhengtu.core.scheduling.working_time import WorkingTime

_WORK: Final = "work"
_METRES_PER_WEIGHT: Final = 100
_SHARE: Final = 0.6
"""Part of the time for the levelling itself; the rest goes to the four times that one team more is tried."""
_SHARE_OF_MORE: Final = 0.1
_LAST_STAGE: Final = {"signed": Stage.NEGOTIATION, "vacated": Stage.NEGOTIATION, "handed_over": Stage.DEMOLITION}


def solver_for(district: DistrictTeams, *, seconds: float, workers: int = 1) -> Solver:
    """A solver for the district's teams, and for those with one more.

    Args:
        seconds: wall time in all.
    """

    def starts(work: TeamWork, teams: Sequence[FieldTeam]) -> Mapping[str, int]:
        share = _SHARE if len(teams) == len(district.teams) else _SHARE_OF_MORE
        problem, groups = team_problem(work, teams=teams, district=district)
        try:
            result = level(problem, groups=groups, seconds=seconds * share, workers=workers)
        except Refused:
            return {}  # work beyond the horizon: the rules and the search still give a plan
        names = [activity.id for activity in problem.activities]
        return {
            name: int(start) - work.on.toordinal()
            for name, start in zip(names, result.plan.starts, strict=True) if not name.startswith((_AWAY, _END))
        }

    return starts


def team_problem(
    work: TeamWork, *, teams: Sequence[FieldTeam], district: DistrictTeams
) -> tuple[Problem, list[Group]]:
    """The problem in days (ticks are date ordinals), and the sections that open a corridor as groups.

    Pieces that no team can do, and what waits for them, are left out.
    """
    calendars = _Calendars(district)
    crews = {skill: [team for team in teams if team.skill is skill] for skill in {team.skill for team in teams}}
    paces = {skill: _mean_pace(held, district.paces[skill]) for skill, held in crews.items()}
    pieces = _possible(work.pieces, crews.keys())
    activities = [_activity(piece, paces[piece.stage], calendars) for piece in pieces]
    links = [
        Link(before=before, after=piece.id, lag=piece.lag_workdays, lag_calendar=_WORK if piece.lag_workdays else "")
        for piece in pieces for before in piece.waits_for
    ]
    ends, waits = _ends(work, pieces)
    activities, links = activities + ends, links + waits
    for team in teams:
        activities += _absences(team, on=work.on, calendar=district.calendar)
    known = {activity.id for activity in ends}
    groups = [
        Group(id=section, activities=frozenset({code}), weight=max(1, int(end.opens_m) // _METRES_PER_WEIGHT))
        for section, end in work.ends.items()
        if end.opens_m and (code := _end_id(section, "handed_over")) in known
    ]
    problem = Problem(
        activities=activities, links=links, calendars=calendars.named, start=work.on.toordinal(),
        resources=[Resource(id=str(skill), capacity=len(held)) for skill, held in crews.items()],
    )
    return problem, groups


_AWAY: Final = "away:"
_END: Final = "end:"


@dataclass(slots=True)
class _Calendars:
    """Working days, all year and outside the frozen months of each part."""

    named: dict[str, WorkingTime]
    frozen: dict[str, str]

    def __init__(self, district: DistrictTeams) -> None:
        first = district.on.toordinal()
        days = [date.fromordinal(first + number) for number in range(2 * HORIZON_DAYS)]
        works = np.array([district.calendar.is_working_day(day) for day in days], dtype=bool)
        self.named = {_WORK: WorkingTime.of_mask(works, begins=first)}
        self.frozen = {}
        for case in district.cases:
            name = _WORK if not case.frozen_months else f"thawed:{sorted(case.frozen_months)}"
            self.frozen[case.code] = name
            if name not in self.named:
                thawed = np.array([day.month not in case.frozen_months for day in days], dtype=bool)
                self.named[name] = WorkingTime.of_mask(works & thawed, begins=first)

    def of(self, piece: Piece) -> str:
        """Name of the calendar on which a piece is worked."""
        return self.frozen[piece.case] if piece.stage is Stage.DEMOLITION else _WORK


def _mean_pace(teams: Sequence[FieldTeam], usual: Decimal) -> Decimal:
    paces = [usual if team.households_per_day is None else team.households_per_day for team in teams]
    return sum(paces, Decimal(0)) / len(paces)


def _possible(pieces: Sequence[Piece], skills: Collection[Stage]) -> list[Piece]:
    """Pieces that some team can do, without those that wait for others."""
    kept: dict[str, Piece] = {}
    for piece in pieces:
        if piece.stage in skills and all(one in kept for one in piece.waits_for):
            kept[piece.id] = piece
    return list(kept.values())


def _ends(work: TeamWork, pieces: Sequence[Piece]) -> tuple[list[Activity], list[Link]]:
    """A milestone for each deadline of a section and for each section that opens a corridor, and what they wait for."""
    by_stage: dict[tuple[str, Stage], list[Piece]] = {}
    for piece in pieces:
        by_stage.setdefault((piece.section, piece.stage), []).append(piece)
    asked: dict[tuple[str, str], SectionGoal | None] = {
        (section, "handed_over"): None for section, end in work.ends.items() if end.opens_m
    }
    for goal in work.goals:
        name = "handed_over" if goal.goal == "started" else goal.goal
        held = asked.get((goal.section, name))
        if held is None or (goal.rank, goal.due_on) < (held.rank, held.due_on):
            asked[goal.section, name] = goal
    activities, links = [], []
    for (section, name), wanted in asked.items():
        waits = by_stage.get((section, _LAST_STAGE[name]), [])
        if not waits:
            continue
        end = work.ends[section]
        code = _end_id(section, name)
        activities.append(
            Activity(
                id=code, duration=0, not_earlier=end.lawful_on.get(name, work.on).toordinal(),
                deadline=None if wanted is None else wanted.due_on.toordinal(),
                priority=1 if wanted is None else int(wanted.rank),
            )
        )
        lag, calendar = _lag(end, name)
        links += [Link(before=piece.id, after=code, lag=lag, lag_calendar=calendar) for piece in waits]
    return activities, links


def _end_id(section: str, goal: str) -> str:
    return f"{_END}{section}:{goal}"


def _lag(end: SectionEnd, goal: str) -> tuple[int, str]:
    """Days from the end of a section's last piece (the tick after its last day) to its goal; it counts that day."""
    if goal == "handed_over":
        return end.handover_days - 1, ""
    return (end.settle_workdays, _WORK) if goal == "vacated" and end.settle_workdays else (-1, "")


def _activity(piece: Piece, pace: Decimal, calendars: _Calendars) -> Activity:
    return Activity(
        id=piece.id, duration=workdays_of(piece.households, pace), calendar=calendars.of(piece),
        not_earlier=piece.not_before.toordinal(), demands={str(piece.stage): 1},
    )


def _absences(team: FieldTeam, *, on: date, calendar: WorkCalendar) -> Iterator[Activity]:
    """Runs of days on which others work and the team does not, as work that holds one of its skill."""
    first = None
    for number in range(HORIZON_DAYS + 1):
        day = on + timedelta(days=number)
        is_away = number < HORIZON_DAYS and calendar.is_working_day(day) and not team.works(day, calendar=calendar)
        if is_away and first is None:
            first = day
        elif first is not None and not is_away and (number == HORIZON_DAYS or calendar.is_working_day(day)):
            yield Activity(
                id=f"{_AWAY}{team.code}:{first}", duration=(day - first).days, fixed_start=first.toordinal(),
                demands={str(team.skill): 1},
            )
            first = None
