"""Levelling a district's teams: asked for in a deed, computed by a task from the ledger as it stands, kept.

A levelling records no fact and moves no date: the deed says only that somebody asked. What the districts make of it
they decide as plan decisions, section by section.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Final

import orjson
from procrastinate.contrib.django import app as task_queue

from zhengtu.campaign.levelling_queries import START, is_moving
from zhengtu.campaign.levelling_writes import claim_levelling, insert_levelling, set_levelling
from zhengtu.campaign.models import LevellingStage, TeamLevelling
from zhengtu.campaign.plan_facts import plan_cases
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.plain_values import plain
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.planning.plan_case import PlanCase
from zhengtu.core.planning.planning import plan_of
from zhengtu.core.planning.team_plan import DistrictTeams, as_fast_as_lawful, level_teams, with_all_teams
from zhengtu.core.planning.team_solver import solver_for
from zhengtu.core.planning.team_work import ListRank
from zhengtu.ledger.act import act
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Participation, StartList, StartListKind
from zhengtu.registry.queries import subject_of
from zhengtu.registry.team_queries import field_teams

TASK: Final = "level_teams"
SECONDS: Final = 30
"""Time that the solver may take unless something else is asked."""
MOST_SECONDS: Final = 600
_RANKS: Final = {
    StartListKind.SUPERVISION_NATIONAL: ListRank.NATIONAL,
    StartListKind.SUPERVISION_PROVINCIAL: ListRank.PROVINCIAL,
    StartListKind.START: ListRank.START,
}


def start_levelling(*, actor: Actor, jurisdiction: str, seconds: int = SECONDS, now: datetime) -> TeamLevelling:
    """Ask for a levelling as of today; one of the district that is still under way is given back.

    Raises:
        Refused: no right there, no such district, no team in it, or a time that cannot be.
    """
    with act(actor, START, on=subject_of(jurisdiction), at=now) as deed:
        deed.lock([jurisdiction])
        today = civil_date(at=now)
        reasons = []
        if not 1 <= seconds <= MOST_SECONDS:
            reasons.append(
                Reason(
                    code="levelling.seconds", message=N_("The solver takes 1 to %(most)s seconds, not %(seconds)s."),
                    parameters={"most": MOST_SECONDS, "seconds": seconds},
                    remedy=N_("Give a number of seconds in between."),
                )
            )
        if not field_teams([jurisdiction], on=today):
            reasons.append(
                Reason(
                    code="levelling.no_team", message=N_("No team works in %(place)s: there is nothing to level."),
                    parameters={"place": jurisdiction}, remedy=N_("Enter the district's teams first."),
                )
            )
        latest = TeamLevelling.objects.filter(jurisdiction=jurisdiction).order_by("-asked_at", "-pk").first()
        if latest is not None and is_moving(latest, now=now):
            reasons.append(
                Reason(
                    code="levelling.under_way", message=N_("A levelling of %(place)s is under way already."),
                    parameters={"place": jurisdiction}, remedy=N_("Wait for its result, then ask again."),
                )
            )
        if reasons:
            raise Refused(*reasons)
        deed.record(
            because=[
                Reason(
                    code="levelling.asked",
                    message=N_("Levelling of the teams of %(place)s: computed only, no date is moved by it."),
                    parameters={"place": jurisdiction},
                )
            ]
        )
        levelling = insert_levelling(deed, jurisdiction=jurisdiction, on=today, seconds=seconds)
        task_queue.configure_task(TASK).defer(number=levelling.pk)
    return levelling


def carry_out_levelling(number: int, *, clock: Callable[[], datetime]) -> str:
    """Compute a levelling that waits; returns the stage it ends at."""
    if claim_levelling(number, moved_at=clock()):
        levelling = TeamLevelling.objects.get(pk=number)

        def tell(share: float) -> None:
            set_levelling(number, progress=share, moved_at=clock())

        try:
            district = district_teams(levelling.jurisdiction_id, on=levelling.on, tell=tell)
            solver = solver_for(district, seconds=levelling.seconds)
            found = level_teams(district, solver=solver, tell=lambda share: tell(0.1 + 0.9 * share))
        except Exception:
            set_levelling(number, stage=LevellingStage.FAILED)
            raise
        set_levelling(
            number, stage=LevellingStage.DONE, progress=1, moved_at=clock(), result=plain(found),
            basis=_basis(district),
        )
    return TeamLevelling.objects.get(pk=number).stage


def district_teams(
    jurisdiction: str, *, on: date, known: date | None = None, tell: Callable[[float], None] = lambda share: None
) -> DistrictTeams:
    """All that a levelling of a district rests on, as ledger and register have it."""
    rulebook = current_rulebook()
    codes = sorted(
        part.code
        for part in Participation.objects.filter(jurisdiction=jurisdiction).only("project_id", "jurisdiction_id")
    )
    cases = list(plan_cases(codes, on=on, known=known).values())
    teams = field_teams([jurisdiction], on=on, known=known)
    paces = {stage: rate.households_per_day for stage, rate in rulebook.schedule.rates.items()}
    tell(0.03)
    lawful = {case.code: plan_of(as_fast_as_lawful(case), rules=rulebook.schedule) for case in cases}
    tell(0.06)
    alone = {
        case.code: plan_of(with_all_teams(case, teams, paces=paces), rules=rulebook.schedule) for case in cases
    }
    tell(0.1)
    return DistrictTeams(
        on=on, cases=cases, lawful=lawful, alone=alone, teams=teams, paces=paces, ranks=list_ranks(cases),
        calendar=rulebook.calendar,
    )


def list_ranks(cases: list[PlanCase]) -> Mapping[str, ListRank]:
    """Project -> the first of the lists that it stands on; projects on none are absent."""
    ranks: dict[str, ListRank] = {}
    kinds = StartList.objects.filter(projects__in={case.project for case in cases}).values_list("projects", "kind")
    for project, kind in kinds:
        rank = _RANKS[StartListKind(kind)]
        ranks[project] = min(rank, ranks.get(project, rank))
    return ranks


def _basis(district: DistrictTeams) -> str:
    """A digest of the teams and of what was left, so that two levellings can be told apart."""
    left = [
        [section.code, section.households, {str(stage): one.done for stage, one in sorted(section.stages.items())}]
        for case in district.cases for section in case.sections
    ]
    held = [plain(list(district.teams)), left, district.on.isoformat()]
    return sha256(orjson.dumps(held, option=orjson.OPT_SORT_KEYS)).hexdigest()
