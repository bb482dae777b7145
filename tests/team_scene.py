"""Small districts for the levelling of teams: sections, cases, plans by hand, one team of each skill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.planning.plan import ActivityKind, Colour, Light, Plan, PlannedActivity
from zhengtu.core.planning.plan_case import PlanCase, SectionWork, Stage, StageProgress, StageRate, Target
from zhengtu.core.planning.team_plan import DistrictTeams
from zhengtu.core.planning.team_work import ListRank, stage_left
from zhengtu.core.planning.teams import FieldTeam

MONDAY = date(2026, 3, 2)
CALENDAR = WorkCalendar(years={})
PACES = {Stage.SURVEY: Decimal(4), Stage.VALUATION: Decimal(4), Stage.NEGOTIATION: Decimal(2),
         Stage.DEMOLITION: Decimal(2)}
RATES = {
    stage: StageRate(PACES.get(stage, Decimal(10)), 1, {Stage.PAYMENT: 3, Stage.VACATING: 2}.get(stage, 1), "rule")
    for stage in Stage
}
LIGHT = Light(Colour.IDLE, "", None, None, None)  # type: ignore[arg-type]


def section(number: int, households: int, done: Mapping[Stage, int] | None = None, *, project: int = 1,
            opens_m: int = 0) -> SectionWork:
    stages = {stage: StageProgress(done=count) for stage, count in (done or {}).items()}
    return SectionWork(
        code=f"220204-P{project:04d}-S{number:02d}", name=("", ""), order=number, households=households,
        stages=stages, opens_m=Decimal(opens_m),
    )


def case(*sections: SectionWork, due_on: date | None = None, project: int = 1, frozen: Sequence[int] = (),
         goal: str = "handed_over") -> PlanCase:
    targets = [
        Target(key=f"{goal}", goal=goal, due_on=due_on, name=("", ""), sections=[one.code for one in sections])
    ] if due_on else []
    return PlanCase(
        code=f"220204-P{project:04d}", project=f"220200-P{project:04d}", jurisdiction="220204", name=("", ""),
        on=MONDAY, calendar=CALENDAR, procedure=None, facts=None, sections=sections, rates=RATES, targets=targets,
        frozen_months=frozenset(frozen),
    )


def plan_of(case: PlanCase, *, begins: Mapping[Stage, date] | None = None) -> Plan:
    """A plan by hand: every stage may begin on the plan's day, the land is handed over the day after demolition."""
    activities = []
    for one in case.sections:
        for stage in Stage:
            start = (begins or {}).get(stage, MONDAY)
            activities.append(PlannedActivity(
                id=f"{one.code}:{stage}", subject=one.code, label=("", ""), kind=ActivityKind.WORK,
                early_start_on=start, early_end_on=start, late_start_on=MONDAY, late_end_on=MONDAY + timedelta(days=11),
                stage=stage, households=one.households, households_left=stage_left(one, stage),
            ))
        activities.append(PlannedActivity(
            id=f"{one.code}:handover", subject=one.code, label=("", ""), kind=ActivityKind.HANDOVER,
            early_start_on=MONDAY, early_end_on=MONDAY + timedelta(days=1), late_start_on=None, late_end_on=None,
        ))
    return Plan(code=case.code, on=MONDAY, activities=activities, links=[], targets=[], light=LIGHT)


def team(number: int, skill: Stage, **more: object) -> FieldTeam:
    values: dict[str, object] = {
        "code": f"220204-T{number:03d}", "name": ("", ""), "jurisdiction": "220204", "unit": "220204", "skill": skill,
        "members": 3, "households_per_day": None, "from_on": date(2026, 1, 1),
    }
    return FieldTeam(**(values | more))  # type: ignore[arg-type]


ONE_EACH = [team(number, skill) for number, skill in enumerate(PACES, start=1)]


def district(*cases: PlanCase, teams: Sequence[FieldTeam] = ONE_EACH, ranks: Mapping[str, ListRank] | None = None,
             begins: Mapping[Stage, date] | None = None) -> DistrictTeams:
    return DistrictTeams(
        on=MONDAY, cases=cases, lawful={one.code: plan_of(one, begins=begins) for one in cases},
        alone={one.code: plan_of(one) for one in cases}, teams=teams, paces=PACES, ranks=ranks or {},
        calendar=CALENDAR,
    )
