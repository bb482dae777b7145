"""What a plan of teams comes to: when each section is reached, which deadlines it meets, list by list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.team_dispatch import HORIZON_DAYS, Dispatcher, TeamPlan
from zhengtu.core.planning.team_work import ListRank, SectionEnd, SectionGoal, TeamWork

_NEVER: Final = HORIZON_DAYS
"""Days late that count for what no team reaches."""
Score = tuple[float, ...]
"""The lower the better, read from the left."""


@dataclass(frozen=True, slots=True)
class GoalOutcome:
    """A deadline of one section with the day on which the teams reach it; None where they never do."""

    goal: SectionGoal
    case: str
    reached_on: date | None

    @property
    def days_late(self) -> int:
        """Calendar days after the deadline; 0 when it is met."""
        if self.reached_on is None:
            return _NEVER
        return max(0, (self.reached_on - self.goal.due_on).days)


@dataclass(frozen=True, slots=True)
class RankStanding:
    """The deadlines of one list.

    Attributes:
        deadlines: how many, a deadline of a part of a project counting once however many sections it has.
        met: how many of them are met in all their sections.
        sections: deadlines counted section by section.
        sections_met: those met.
        days_late: days late of all sections together.
    """

    rank: ListRank
    deadlines: int
    met: int
    sections: int
    sections_met: int
    days_late: int


@dataclass(frozen=True, slots=True)
class TeamOutcome:
    """What a plan of teams comes to.

    Attributes:
        handed_over_on: section -> day of its handing over; None where no team gets that far.
        goals: deadline by deadline and section by section.
        ranks: the same by list.
        score: compared from the left: per list deadlines missed and days late, then metre-days of corridor that stay
            cut, then days until sections are handed over.
    """

    handed_over_on: Mapping[str, date | None]
    goals: Sequence[GoalOutcome]
    ranks: Sequence[RankStanding]
    score: Score


def outcome_of(plan: TeamPlan, *, dispatcher: Dispatcher) -> TeamOutcome:
    """The outcome of a plan that the dispatcher made."""
    work = dispatcher.work
    ends = _last_days(plan, work)
    reached = {
        (section, goal): _reached(end, goal, ends, plan, dispatcher)
        for section, end in work.ends.items() for goal in ("signed", "vacated", "handed_over")
    }
    goals = [
        GoalOutcome(
            goal=goal, case=work.ends[goal.section].case,
            reached_on=reached[goal.section, "handed_over" if goal.goal == "started" else goal.goal],
        )
        for goal in work.goals
    ]
    handed_over = {section: reached[section, "handed_over"] for section in work.ends}
    ranks = [standing for rank in ListRank if (standing := _standing(rank, goals)) is not None]
    return TeamOutcome(
        handed_over_on=handed_over, goals=goals, ranks=ranks, score=_score(work, ranks, handed_over),
    )


def outcome_of_dates(work: TeamWork, reached: Mapping[str, Mapping[str, date]]) -> list[RankStanding]:
    """The deadlines by list if each section reached its goals (``signed``, ``vacated``, ``handed_over``) on these days;
    what is not said is as the law lets it be."""
    goals = []
    for goal in work.goals:
        name = "handed_over" if goal.goal == "started" else goal.goal
        end = work.ends[goal.section]
        day = reached.get(goal.section, {}).get(name, end.lawful_on.get(name, work.on))
        goals.append(GoalOutcome(goal=goal, case=end.case, reached_on=day))
    return [standing for rank in ListRank if (standing := _standing(rank, goals)) is not None]


def _last_days(plan: TeamPlan, work: TeamWork) -> dict[tuple[str, Stage], date | None]:
    """Section and stage -> last working day of its pieces; None where one of them has no place."""
    last: dict[tuple[str, Stage], date | None] = {}
    for piece in work.pieces:
        key = (piece.section, piece.stage)
        if piece.id in plan.unplaced:
            last[key] = None
        elif key not in last:
            last[key] = plan.assignments[piece.id].end_on
        else:
            held = last[key]
            last[key] = None if held is None else max(held, plan.assignments[piece.id].end_on)
    return last


def _reached(
    end: SectionEnd, goal: str, last: Mapping[tuple[str, Stage], date | None], plan: TeamPlan, dispatcher: Dispatcher
) -> date | None:
    """The day on which a section reaches a goal: no sooner than the law lets it, nor than the teams are through."""
    lawful = end.lawful_on.get(goal, dispatcher.work.on)
    is_cleared = goal == "handed_over" and end.handover_after is Stage.DEMOLITION
    stage = Stage.DEMOLITION if is_cleared else Stage.NEGOTIATION
    if (end.section, stage) not in last:
        return lawful
    through = last[end.section, stage]
    if through is None:
        return None
    if goal != "signed" and not is_cleared:
        through = dispatcher.after_workdays(through, end.settle_workdays)
    if goal == "handed_over":
        through += timedelta(days=end.handover_days)
    return max(lawful, through)


def _standing(rank: ListRank, goals: Sequence[GoalOutcome]) -> RankStanding | None:
    of_rank = [one for one in goals if one.goal.rank is rank]
    if not of_rank:
        return None
    late: dict[tuple[str, str], bool] = {}
    for one in of_rank:
        key = (one.case, one.goal.key)
        late[key] = late.get(key, False) or one.days_late > 0
    return RankStanding(
        rank=rank, deadlines=len(late), met=sum(not is_late for is_late in late.values()), sections=len(of_rank),
        sections_met=sum(one.days_late == 0 for one in of_rank), days_late=sum(one.days_late for one in of_rank),
    )


def _score(work: TeamWork, ranks: Sequence[RankStanding], handed_over: Mapping[str, date | None]) -> Score:
    waits = {
        section: _NEVER if day is None else max(0, (day - work.on).days) for section, day in handed_over.items()
    }
    lists = [part for one in ranks for part in (one.deadlines - one.met, one.days_late)]
    return (
        *map(float, lists),
        float(sum(work.ends[section].opens_m * days for section, days in waits.items())),
        float(sum(waits.values())),
    )
