"""Cases of plans for the tests: a part of a project with sections, teams and deadlines over a recorded procedure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tests.core.procedure.kit import calendar, procedure, rulebook
from zhengtu.core.planning.plan import Plan, PlannedActivity, TargetOutlook
from zhengtu.core.planning.plan_case import PlanCase, SectionWork, Stage, StageProgress, StageRate, Target
from zhengtu.core.planning.planning import plan_of
from zhengtu.core.procedure.case_facts import CaseFacts

PART = "220204-P0001"
RATES = {
    Stage.SURVEY: StageRate(Decimal(4), 1, 1, "teams"), Stage.VALUATION: StageRate(Decimal(5), 1, 2, "teams"),
    Stage.NEGOTIATION: StageRate(Decimal(2), 1, 3, "teams"), Stage.PAYMENT: StageRate(Decimal(10), 1, 2, "teams"),
    Stage.VACATING: StageRate(Decimal(10), 1, 5, "teams"), Stage.DEMOLITION: StageRate(Decimal(5), 1, 1, "teams"),
}
RULES = rulebook().schedule


def section(
    number: int = 1, households: int = 10, *, done: Mapping[Stage, tuple[int, date]] | None = None, **given: Any
) -> SectionWork:
    """A section; ``done``: stage -> how many are through it, and the last day."""
    return SectionWork(
        code=f"{PART}-S{number:02}", name=(f"第{number}段", f"Section {number}"), order=number, households=households,
        stages={
            stage: StageProgress(count, day, day) if count else StageProgress()
            for stage, (count, day) in (done or {}).items()
        },
        **given,
    )


def target(goal: str = "handed_over", due_on: date = date(2025, 12, 31), *sections: SectionWork) -> Target:
    """A deadline of these sections."""
    return Target(
        key=f"{due_on.isoformat()}.{goal}", goal=goal, due_on=due_on, name=("节点", "Deadline"),
        sections=[one.code for one in sections],
    )


def project_facts(facts: CaseFacts) -> CaseFacts:
    """What is recorded of the project alone, as plans take it."""
    return replace(facts, household_code="", household=(), section_code="")


def case(
    on: date, *, facts: CaseFacts | None = None, sections: tuple[SectionWork, ...] = (), regime: str = "state_land",
    **given: Any,
) -> PlanCase:
    """A part of a project on a day."""
    return PlanCase(
        code=PART, project="220200-P0001", jurisdiction="220204", name=("片区", "Place"), on=on, calendar=calendar(),
        procedure=procedure(regime) if facts is not None else None,
        facts=project_facts(facts) if facts is not None else None,
        sections=sections, rates=given.pop("rates", RATES), targets=given.pop("targets", ()),
        responsible={"district": "220204", "client": "JLCT", "government": "2202", "appraiser": "XH"}, **given,
    )


def planned(one: PlanCase, **given: Any) -> Plan:
    """Its plan by the rulebook."""
    return plan_of(one, rules=RULES, **given)


def bar(plan: Plan, name: str) -> PlannedActivity:
    """A bar by the end of its id."""
    return next(one for one in plan.activities if one.id.endswith(name))


def outlook(plan: Plan, goal: str) -> TargetOutlook:
    """The outlook of the target of a goal."""
    return next(one for one in plan.targets if one.target.goal == goal)
