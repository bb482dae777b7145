"""Field teams as planning sees them: a skill, a pace, a time of service and days of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.procedure.steps import Label

SKILLS: Final = (Stage.SURVEY, Stage.VALUATION, Stage.NEGOTIATION, Stage.DEMOLITION)
"""Stages that teams do; payment is the client's and the bank's, vacating the families'."""

Span = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True, slots=True)
class FieldTeam:
    """One team.

    Attributes:
        code: ``220204-T001``: the jurisdiction it works in, and its number there.
        unit: whose it is: the jurisdiction itself, a client or an appraiser.
        households_per_day: households it does in a working day; None: the rulebook's pace of its stage.
        from_on: its first day.
        until_on: the first day without it, or None.
        days_off: spans on which it does not work though others do.
        extra_days: spans on which it works though they are rest days.
    """

    code: str
    name: Label
    jurisdiction: str
    unit: str
    skill: Stage
    members: int
    households_per_day: Decimal | None
    from_on: date
    until_on: date | None = None
    days_off: Sequence[Span] = ()
    extra_days: Sequence[Span] = ()

    def serves(self, on: date) -> bool:
        """Whether the team exists on that day."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)

    def works(self, on: date, *, calendar: WorkCalendar) -> bool:
        """Whether it works on that day: what its own days say comes before the common calendar."""
        if not self.serves(on) or _within(self.days_off, on):
            return False
        return _within(self.extra_days, on) or calendar.is_working_day(on)


@dataclass(frozen=True, slots=True)
class TeamRate:
    """The teams of one skill in one jurisdiction on a day.

    Attributes:
        teams: how many serve on the day.
        own_paces: households per working day of those that have a pace of their own.
    """

    teams: int
    own_paces: Sequence[Decimal] = ()

    def households_per_day(self, *, default: Decimal) -> Decimal:
        """Mean households that one of the teams does in a working day; ``default`` for teams without a pace of their
        own."""
        own = sum(self.own_paces, Decimal(0))
        return (own + default * (self.teams - len(self.own_paces))) / self.teams


def rates_of(teams: Iterable[FieldTeam], *, on: date) -> Mapping[Stage, TeamRate]:
    """Skill -> the teams that serve on that day; skills without a team are absent."""
    serving: dict[Stage, list[FieldTeam]] = {}
    for team in teams:
        if team.serves(on):
            serving.setdefault(team.skill, []).append(team)
    return {
        skill: TeamRate(
            teams=len(held),
            own_paces=tuple(team.households_per_day for team in held if team.households_per_day is not None),
        )
        for skill, held in serving.items()
    }


def _within(spans: Sequence[Span], on: date) -> bool:
    return any(first <= on <= last for first, last in spans)
