"""Which team does which piece of work when: pieces are placed one after the other, each with the team that ends first.

A team's working days are numbered; the free ones are the bits of one integer, so that a run of free days is found by
shifting. What is placed never breaks a team's calendar, its other work, the frozen months or the order of the stages;
``team_checks`` looks at the result from outside.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.team_work import Piece, TeamWork, workdays_of
from zhengtu.core.planning.teams import FieldTeam

HORIZON_DAYS: Final = 1460
"""Days looked ahead; what finds no place in four years has none."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A piece with its team, first and last working day."""

    piece: Piece
    team: str
    start_on: date
    end_on: date
    days: int


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """All pieces placed.

    Attributes:
        assignments: piece id -> where it was placed.
        unplaced: ids of pieces for which there is no team, or none in time; what waits for them too.
    """

    assignments: Mapping[str, Assignment]
    unplaced: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Crew:
    """A team at work: its working days and, as bits, those on which it is free."""

    team: FieldTeam
    pace: Decimal
    days: list[date]
    free: int
    frozen: dict[frozenset[int], int] = field(default_factory=dict)
    sections: list[str] = field(default_factory=list)

    def unfrozen(self, months: frozenset[int]) -> int:
        """Bits of the working days outside these months."""
        if months not in self.frozen:
            self.frozen[months] = _bits(day.month not in months for day in self.days)
        return self.frozen[months]


class Dispatcher:
    """Places the pieces of a district's work in any order that respects what they wait for.

    Args:
        frozen_months: part of a project -> months in which nothing is demolished there.
        paces: stage -> households per working day of teams without a pace of their own.
    """

    def __init__(
        self, work: TeamWork, *, teams: Sequence[FieldTeam], calendar: WorkCalendar, paces: Mapping[Stage, Decimal],
        frozen_months: Mapping[str, frozenset[int]],
    ) -> None:
        self.work = work
        self._paces = paces
        self._frozen_months = frozen_months
        horizon = [work.on + timedelta(days=number) for number in range(HORIZON_DAYS)]
        self._workdays = [day for day in horizon if calendar.is_working_day(day)]
        self._teams = [
            (team, [day for day in horizon if team.works(day, calendar=calendar)])
            for team in sorted(teams, key=lambda one: one.code)
        ]
        self._pieces = {piece.id: piece for piece in work.pieces}

    def placed(self, key: Callable[[Piece], tuple[object, ...]]) -> TeamPlan:
        """The plan in which pieces are served by rising key, none before what it waits for."""
        crews = self._crews()
        done: dict[str, Assignment] = {}
        unplaced: set[str] = set()
        for piece in in_order(self.work.pieces, key):
            found = None
            if not any(one in unplaced for one in piece.waits_for):
                found = self._place(piece, crews.get(piece.stage, ()), done)
            if found is None:
                unplaced.add(piece.id)
            else:
                done[piece.id] = found
        return TeamPlan(assignments=done, unplaced=frozenset(unplaced))

    def after_workdays(self, on: date, days: int) -> date:
        """The working day that many working days after a day; the day itself for none."""
        if days <= 0:
            return on
        place = bisect_left(self._workdays, on + timedelta(days=1)) + days - 1
        return self._workdays[min(place, len(self._workdays) - 1)]

    def ready_on(self, piece: Piece, done: Mapping[str, Assignment]) -> date:
        """The earliest day on which a piece may begin: the law's, or the day after all it waits for."""
        last = max((done[one].end_on for one in piece.waits_for), default=None)
        if last is None:
            return piece.not_before
        return max(piece.not_before, self.after_workdays(last, piece.lag_workdays) + timedelta(days=1))

    def _crews(self) -> dict[Stage, list[_Crew]]:
        crews: dict[Stage, list[_Crew]] = {}
        for team, days in self._teams:
            pace = team.households_per_day if team.households_per_day is not None else self._paces[team.skill]
            crews.setdefault(team.skill, []).append(_Crew(team=team, pace=pace, days=days, free=(1 << len(days)) - 1))
        return crews

    def _place(self, piece: Piece, crews: Sequence[_Crew], done: Mapping[str, Assignment]) -> Assignment | None:
        """Give a piece to the team that ends it first; of equals to one that works in the section already."""
        ready = self.ready_on(piece, done)
        best: tuple[date, bool, int, str] | None = None
        chosen: tuple[_Crew, int, int] | None = None
        for crew in crews:
            days = workdays_of(piece.households, crew.pace)
            first = self._first_run(piece, crew, ready, days)
            if first is None:
                continue
            rank = (crew.days[first + days - 1], piece.section not in crew.sections[-3:], first, crew.team.code)
            if best is None or rank < best:
                best, chosen = rank, (crew, first, days)
        if chosen is None:
            return None
        crew, first, days = chosen
        crew.free &= ~(((1 << days) - 1) << first)
        crew.sections.append(piece.section)
        return Assignment(
            piece=piece, team=crew.team.code, start_on=crew.days[first], end_on=crew.days[first + days - 1], days=days
        )

    def _first_run(self, piece: Piece, crew: _Crew, ready: date, days: int) -> int | None:
        """The first of so many free working days in a row from the day on, or None."""
        start = bisect_left(crew.days, ready)
        free = crew.free >> start
        if piece.stage is Stage.DEMOLITION:
            free &= crew.unfrozen(self._frozen_months.get(piece.case, frozenset())) >> start
        run, length = free, 1
        while length < days and run:
            step = min(length, days - length)
            run &= run >> step
            length += step
        return start + (run & -run).bit_length() - 1 if run else None


def in_order(pieces: Sequence[Piece], key: Callable[[Piece], tuple[object, ...]]) -> list[Piece]:
    """Pieces by rising key, each after what it waits for: a piece is lifted to the highest key before it."""
    lifted: dict[str, tuple[object, ...]] = {}
    for piece in pieces:
        own = key(piece)
        lifted[piece.id] = max([own, *(lifted[one] for one in piece.waits_for)])
    place = {piece.id: number for number, piece in enumerate(pieces)}
    return sorted(pieces, key=lambda piece: (lifted[piece.id], place[piece.id]))


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << place for place, flag in enumerate(flags) if flag)
