"""Who works where in which week: a row of bars for each team, ready for the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zhengtu.core.planning.team_weeks import TeamWeek
from zhengtu.core.planning.teams import SKILLS
from zhengtu.registry.models import TeamSkill

_FEWEST_WEEKS: Final = 8
_MOST_WEEKS: Final = 26
_COLOURS: Final = 8


@dataclass(frozen=True, slots=True)
class TeamBar:
    """Weeks that follow each other in one project: ``left`` and ``width`` in percent of the weeks shown."""

    left: float
    width: float
    colour: int
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team with its bars; ``free`` is the first day after its last work, None where it has none at all."""

    code: str
    name: str
    bars: Sequence[TeamBar]
    last_on: date | None
    later: bool


@dataclass(frozen=True, slots=True)
class TeamBoard:
    """Rows by skill, and the weeks' heads (percent, day)."""

    groups: Sequence[tuple[str, Sequence[TeamRow]]]
    weeks: Sequence[tuple[float, date]]
    colours: Sequence[tuple[int, str]]


def team_board(
    weeks: Sequence[TeamWeek], *, teams: Mapping[str, tuple[str, str]], names: Mapping[str, str], on: date
) -> TeamBoard:
    """The board of a levelled plan.

    Args:
        teams: code -> (name, skill) of each team to show.
        names: project part and section -> name.
        on: the day from which it shows.
    """
    first = on - timedelta(days=on.weekday())
    last = max((one.last_on for one in weeks), default=on)
    count = min(_MOST_WEEKS, max(_FEWEST_WEEKS, (last - first).days // 7 + 1))
    span = 7 * count
    shown = [one for one in weeks if one.first_on < first + timedelta(days=span)]
    busiest = _busiest(shown)
    colours = {case: number % _COLOURS for number, case in enumerate(busiest)}
    rows: dict[str, list[TeamRow]] = {}
    for code, (name, skill) in sorted(teams.items()):
        own = [one for one in weeks if one.team == code]
        bars = [
            _bar(run, first, span, colours, names)
            for run in _runs([one for one in shown if one.team == code])
        ]
        last = max((one.last_on for one in own), default=None)
        rows.setdefault(skill, []).append(
            TeamRow(code=code, name=name, bars=bars, last_on=last,
                    later=last is not None and last >= first + timedelta(days=span))
        )
    return TeamBoard(
        groups=[(str(TeamSkill(skill).label), rows[skill]) for skill in SKILLS if skill in rows],
        weeks=[(100 * number / count, first + timedelta(weeks=number)) for number in range(0, count, 1 + count // 16)],
        colours=[(colours[case], names.get(case, case)) for case in busiest[:_COLOURS]],
    )


def _busiest(weeks: Sequence[TeamWeek]) -> list[str]:
    days: dict[str, int] = {}
    for one in weeks:
        days[one.case] = days.get(one.case, 0) + one.days
    return sorted(days, key=lambda case: (-days[case], case))


def _runs(weeks: Sequence[TeamWeek]) -> list[list[TeamWeek]]:
    """Work of one team that goes on in the same project from one entry to the next."""
    runs: list[list[TeamWeek]] = []
    for one in sorted(weeks, key=lambda week: week.first_on):
        if runs and runs[-1][-1].case == one.case and (one.first_on - runs[-1][-1].last_on).days <= 4:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _bar(
    run: Sequence[TeamWeek], first: date, span: int, colours: Mapping[str, int], names: Mapping[str, str]
) -> TeamBar:
    begin = max(0, (run[0].first_on - first).days)
    end = min(span, (max(one.last_on for one in run) - first).days + 1)
    sections = list(dict.fromkeys(one.section for one in run))
    households = sum(one.households for one in run)
    title = f"{names.get(run[0].case, run[0].case)} · {', '.join(names.get(code, code) for code in sections)}"
    return TeamBar(
        left=100 * begin / span, width=100 * max(1, end - begin) / span, colour=colours.get(run[0].case, 0),
        label=names.get(run[0].case, run[0].case),
        title=f"{title} · {run[0].first_on}–{max(one.last_on for one in run)} · {households:f}",
    )
