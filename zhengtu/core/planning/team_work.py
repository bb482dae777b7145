"""The work that teams have to share: what is left of each section's stages, in pieces of about a team's week.

Households of a section go through their stages in one order: a piece of a stage is the households that stand there in
the queue, and it waits for the pieces of the stage before that hold the same households. So a section's valuation
begins while its survey goes on, and two teams may work on one section side by side.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import IntEnum
from typing import Final

from zhengtu.core.planning.plan import ActivityKind, Plan, PlannedActivity
from zhengtu.core.planning.plan_case import PlanCase, SectionWork, Stage, Target
from zhengtu.core.planning.teams import SKILLS

PIECE_DAYS: Final = 5
"""Working days for which a piece keeps one team of the usual pace."""
TEAM_GOALS: Final = ("signed", "vacated", "handed_over", "started")
"""Goals of deadlines that the teams' work decides; the others hang on steps of the whole part."""


_LAST_STAGE: Final = {"signed": Stage.NEGOTIATION, "vacated": Stage.VACATING}


class ListRank(IntEnum):
    """What a deadline is served before: the lists that a project stands on, in their order."""

    NATIONAL = 1
    PROVINCIAL = 2
    START = 3
    OTHER = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """Households of one section in one stage, done by one team without a break.

    Attributes:
        id: ``220204-P0001-S01:negotiation:3``.
        first, until: places in the section's queue of households, the last one not included.
        not_before: the earliest day on which the law lets the stage begin there.
        waits_for: ids of the pieces of the stage before.
        lag_workdays: working days that have to pass after those: what one household takes at least, and payment and
            vacating before demolition.
    """

    id: str
    case: str
    section: str
    stage: Stage
    first: int
    until: int
    not_before: date
    waits_for: tuple[str, ...] = ()
    lag_workdays: int = 0

    @property
    def households(self) -> int:
        """How many households it is about."""
        return self.until - self.first


@dataclass(frozen=True, slots=True)
class SectionGoal:
    """A deadline of one section, as far as teams decide it."""

    key: str
    section: str
    goal: str
    due_on: date
    rank: ListRank


@dataclass(frozen=True, slots=True)
class SectionEnd:
    """What comes after the teams in a section.

    Attributes:
        households_left: households that are not through the stage after which the land is handed over.
        lawful_on: goal -> the earliest day that the law lets it be reached, teams no limit.
        handover_after: vacating, or demolition where the site has to be clear.
        handover_days: calendar days from the end of that stage to the handing over.
        settle_workdays: working days from the negotiators' last day to the last family's leaving.
    """

    section: str
    case: str
    households_left: int
    opens_m: Decimal
    lawful_on: Mapping[str, date]
    handover_after: Stage
    handover_days: int
    settle_workdays: int


@dataclass(frozen=True, slots=True)
class TeamWork:
    """All work of a district's teams on a day.

    Attributes:
        pieces: by section and stage, in the order of their queues.
        ends: section -> what comes after the teams; sections that are handed over are absent.
    """

    on: date
    pieces: Sequence[Piece]
    ends: Mapping[str, SectionEnd]
    goals: Sequence[SectionGoal]


def team_work(
    cases: Sequence[PlanCase], *, lawful: Mapping[str, Plan], paces: Mapping[Stage, Decimal],
    ranks: Mapping[str, ListRank],
) -> TeamWork:
    """What is left for the teams of a district in these parts of projects.

    Args:
        lawful: part -> its plan with teams no limit (``as_fast_as_lawful``): its dates are the earliest lawful ones.
        paces: stage -> households that a team does in a working day; it cuts the work into pieces.
        ranks: project -> the first list that it stands on.
    """
    pieces: list[Piece] = []
    ends: dict[str, SectionEnd] = {}
    goals: list[SectionGoal] = []
    for case in cases:
        plan = lawful[case.code]
        activities = {one.id: one for one in plan.activities}
        for section in case.sections:
            if section.handed_over_on is not None:
                continue
            pieces += _pieces(case, section, activities, paces)
            ends[section.code] = _end(case, section, plan, activities)
        rank = ranks.get(case.project, ListRank.OTHER)
        reached = {
            (section.code, goal) for section in case.sections for goal, stage in _LAST_STAGE.items()
            if not stage_left(section, stage)
        }
        goals += [goal for target in case.targets for goal in _goals(target, ends, rank, reached)]
    on = min((case.on for case in cases), default=date.min)
    return TeamWork(on=on, pieces=pieces, ends=ends, goals=goals)


def stage_left(section: SectionWork, stage: Stage) -> int:
    """Households of a section that are not through a stage; through a later one is through this one."""
    order = list(Stage)
    done = max(
        (section.stages[later].done for later in order[order.index(stage) :] if later in section.stages), default=0
    )
    return max(0, section.households - done)


def workdays_of(households: int, pace: Decimal) -> int:
    """Whole working days that a team of that pace needs for so many households, at least one."""
    return max(1, int((households / pace).to_integral_value(rounding=ROUND_CEILING)))


def _pieces(
    case: PlanCase, section: SectionWork, activities: Mapping[str, PlannedActivity], paces: Mapping[Stage, Decimal]
) -> list[Piece]:
    found: list[Piece] = []
    before: list[Piece] = []
    for stage in SKILLS:
        activity = activities.get(f"{section.code}:{stage}")
        if activity is None:
            continue  # this regime's procedure has no such stage
        begun = section.households - stage_left(section, stage)
        size = max(1, int(paces[stage] * PIECE_DAYS))
        not_before = max(case.on, activity.early_start_on)
        pieces = []
        for number, first in enumerate(range(begun, section.households, size), start=1):
            until = min(first + size, section.households)
            waits = tuple(one.id for one in before if one.first < until and first < one.until)
            pieces.append(
                Piece(
                    id=f"{section.code}:{stage}:{number}", case=case.code, section=section.code, stage=stage,
                    first=first, until=until, not_before=not_before, waits_for=waits,
                    lag_workdays=_lag(case, section, before[0].stage, stage, until) if waits else 0,
                )
            )
        found += pieces
        # A stage that is through for everybody leaves the next one waiting for the stage before it.
        before = pieces or before
    return found


def _lag(case: PlanCase, section: SectionWork, before: Stage, stage: Stage, until: int) -> int:
    """Working days between two stages of teams: what the last household of the one still takes when its team has gone,
    and the stages between that others do."""
    order = list(Stage)
    between = order[order.index(before) + 1 : order.index(stage)]
    return _after_team(case, before) + sum(
        case.rates[other].least_days for other in between
        if other not in SKILLS and other in case.rates and until > section.households - stage_left(section, other)
    )


def _after_team(case: PlanCase, stage: Stage) -> int:
    """Working days that the last household of a piece takes beyond the day on which its team was there."""
    return max(0, case.rates[stage].least_days - 1) if stage in case.rates else 0


def _end(
    case: PlanCase, section: SectionWork, plan: Plan, activities: Mapping[str, PlannedActivity]
) -> SectionEnd:
    works = {stage: activities.get(f"{section.code}:{stage}") for stage in Stage}
    handover = next(
        (one for one in plan.activities if one.subject == section.code and one.kind is ActivityKind.HANDOVER), None
    )
    last = works[case.handover_after]
    lawful: dict[str, date] = {}
    for goal, activity in (("signed", works[Stage.NEGOTIATION]), ("vacated", works[Stage.VACATING])):
        if activity is not None:
            lawful[goal] = activity.early_end_on
    if handover is not None:
        lawful["handed_over"] = lawful["started"] = handover.early_end_on
    return SectionEnd(
        section=section.code, case=case.code, households_left=stage_left(section, case.handover_after),
        opens_m=section.opens_m, lawful_on=lawful, handover_after=case.handover_after,
        handover_days=max(0, (handover.early_end_on - last.early_end_on).days) if handover and last else 0,
        settle_workdays=_after_team(case, Stage.NEGOTIATION) + sum(
            case.rates[stage].least_days for stage in (Stage.PAYMENT, Stage.VACATING) if stage in case.rates
        ),
    )


def _goals(
    target: Target, ends: Mapping[str, SectionEnd], rank: ListRank, reached: Collection[tuple[str, str]]
) -> list[SectionGoal]:
    """The target's sections that have still to reach it."""
    if target.goal not in TEAM_GOALS:
        return []
    return [
        SectionGoal(key=target.key, section=section, goal=target.goal, due_on=target.due_on, rank=rank)
        for section in target.sections if section in ends and (section, target.goal) not in reached
    ]
