"""From facts to plans with forecasts, trajectories and lights, of many parts of projects at once; stores nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from zhengtu.accounts.models import Unit
from zhengtu.campaign.baseline_curves import BaselineCurves, baseline_curves
from zhengtu.campaign.outlook_forecasts import (
    FIGURE_GOALS,
    FORECAST_GOALS,
    Forecasts,
    containers_of,
    fan_of,
    forecasts_of,
    line_of,
    subject_of_target,
)
from zhengtu.campaign.plan_facts import PlanFacts, plan_facts
from zhengtu.campaign.plan_values import ForecastLine, PlanRow, PlanView, ReachView, TargetRow, Trajectory
from zhengtu.campaign.trajectories import FIGURES, cumulative, from_day, joined
from zhengtu.core.forecast.history import Goal, GroupHistory
from zhengtu.core.planning.plan import Plan, TrajectoryPoint
from zhengtu.core.planning.plan_case import PlanCase, SectionWork, Stage
from zhengtu.core.planning.planning import light_up, plan_of
from zhengtu.core.planning.trajectory import planned_curves
from zhengtu.core.planning.work_list import WorkItem, work_list
from zhengtu.core.procedure.steps import Label
from zhengtu.ledger.rulebook import current_rulebook


@dataclass(frozen=True, slots=True)
class Made:
    """What was computed: each part in short and in full, and every section, project, district and city."""

    parts: Sequence[tuple[PlanRow, PlanView]]
    reaches: Sequence[ReachView]


def make_outlooks(codes: Sequence[str], *, on: date, known: date | None, now: datetime) -> Made:
    """Plans and forecasts of these parts of projects by the end of a day, as known on a day (None: now)."""
    facts = plan_facts(codes, on=on, known=known)
    rulebook = current_rulebook()
    plans = {code: plan_of(case, rules=rulebook.schedule) for code, case in facts.cases.items()}
    forecasts = forecasts_of(facts.groups, list(plans.values()), on=on, rules=rulebook.forecast)
    making = _Making(
        facts=facts, forecasts=forecasts, known=known, now=now,
        baselines=baseline_curves(facts.baselines, on=on),
        groups={group.code: group for group in facts.groups},
        units={code: (name, name_en) for code, name, name_en in Unit.objects.values_list("code", "name", "name_en")},
    )
    views = [making.view(case, plans[code]) for code, case in facts.cases.items()]
    sections = [
        making.section(case, plans[code], section) for code, case in facts.cases.items() for section in case.sections
    ]
    return Made(parts=[(row_of(view), view) for view in views], reaches=[*making.reaches(views, on=on), *sections])


@dataclass(frozen=True, slots=True)
class _Making:
    """What the views of all parts are made from."""

    facts: PlanFacts
    forecasts: Forecasts
    known: date | None
    now: datetime
    baselines: Mapping[str, BaselineCurves]
    groups: Mapping[str, GroupHistory]
    units: Mapping[str, Label]

    def view(self, case: PlanCase, plan: Plan) -> PlanView:
        """One part in full."""
        lines = [*self._of_targets(case.code, plan), *self._of_sections(case, plan)]
        lit = light_up(plan, case, rules=current_rulebook().schedule, probabilities={
            (line.subject, line.target): line.probability for line in lines if line.target
        })
        units = {one.responsible for one in lit.activities} | {*case.responsible.values(), case.jurisdiction}
        return PlanView(
            code=case.code, project=case.project, jurisdiction=case.jurisdiction, name=case.name, on=case.on,
            known=self.known, plan=lit, forecasts=lines,
            trajectories=self._trajectories(case, case.code, case.sections, lit.planned),
            names={section.code: section.name for section in case.sections}
            | {unit: self.units[unit] for unit in units if unit in self.units},
            frozen_months=case.frozen_months, computed_at=self.now, is_stale=False,
            week=[item for items in self._week(lit, case).values() for item in items],
            baseline_set=self.facts.baselines.get(case.code),
        )

    def _week(self, plan: Plan, case: PlanCase) -> Mapping[tuple[str, Stage | None], Sequence[WorkItem]]:
        horizon_days = current_rulebook().schedule.horizon_days
        return work_list(plan, horizon_days=horizon_days, calendar=case.calendar)

    def _of_targets(self, subject: str, plan: Plan) -> list[ForecastLine]:
        """What is probable of each deadline of the part."""
        lines = []
        for outlook in plan.targets:
            goal = FORECAST_GOALS.get(outlook.target.goal)
            found = self.forecasts.get((subject_of_target(subject, outlook.target), goal)) if goal else None
            if found is not None:
                lines.append(replace(line_of(found, target=outlook.target), subject=subject))
        return lines

    def _of_sections(self, case: PlanCase, plan: Plan) -> list[ForecastLine]:
        """The same of each section, and its handing over where no deadline asks for it."""
        lines = []
        for section in case.sections:
            about = [one.target for one in plan.targets if section.code in one.target.sections]
            for target in about:
                goal = FORECAST_GOALS.get(target.goal)
                if goal and (found := self.forecasts.get((section.code, goal))):
                    lines.append(line_of(found, target=target))
            if not any(FORECAST_GOALS.get(target.goal) is Goal.HANDED_OVER for target in about) and (
                found := self.forecasts.get((section.code, Goal.HANDED_OVER))
            ):
                lines.append(line_of(found, target=None))
        return lines

    def section(self, case: PlanCase, plan: Plan, section: SectionWork) -> ReachView:
        """One section: its curves and forecasts."""
        lines = [line for line in self._of_sections(case, plan) if line.subject == section.code]
        planned = planned_curves(
            [one for one in plan.activities if one.subject == section.code], replace(case, sections=[section])
        )
        return ReachView(
            code=section.code, on=case.on, known=self.known, forecasts=lines, computed_at=self.now,
            trajectories=self._trajectories(case, section.code, [section], planned),
        )

    def _trajectories(
        self, case: PlanCase, subject: str, sections: Sequence[SectionWork],
        planned: Mapping[str, Sequence[TrajectoryPoint]],
    ) -> dict[str, Trajectory]:
        """The curves of a part or one of its sections; ``planned`` gives way to those of the baseline."""
        held = self.baselines.get(case.code)
        planned_on = held.on if held is not None else case.on
        if held is not None:
            planned = held.part if subject == case.code else held.sections.get(subject, {})
        groups = [self.groups[section.code] for section in sections if section.code in self.groups]
        journeys = [journey for group in groups for journey in group.journeys]
        days = {
            "signed_count": [one.settled_on for one in journeys], "vacated_count": [one.vacated_on for one in journeys],
            "handed_over_count": [section.handed_over_on for section in sections],
        }
        households = sum(section.households for section in sections)
        actual = {
            figure: cumulative((day for day in days[figure] if day is not None), on=case.on) for figure in FIGURES
        }
        return {
            figure: Trajectory(
                figure=figure, of=len(sections) if figure == "handed_over_count" else households,
                planned=from_day(planned.get(figure, ()), actual[figure], day=planned_on), actual=actual[figure],
                fan=fan_of(self.forecasts.get((subject, FIGURE_GOALS[figure]))),
                baselines=[held.on] if held is not None else [],
            )
            for figure in FIGURES
        }

    def reaches(self, views: Sequence[PlanView], *, on: date) -> list[ReachView]:
        """Projects, districts and cities of which every part was computed."""
        held: dict[str, list[PlanView]] = defaultdict(list)
        for view in views:
            for subject in containers_of(view.code):
                held[subject].append(view)
        parts = Counter(subject for code in self.facts.parts for subject in containers_of(code))
        return [
            self._reach(subject, group, on=on) for subject, group in sorted(held.items())
            if len(group) == parts[subject]
        ]

    def _reach(self, subject: str, views: Sequence[PlanView], *, on: date) -> ReachView:
        targets = {outlook.target.key: outlook.target for view in views for outlook in view.plan.targets}
        lines = []
        for target in targets.values():
            goal = FORECAST_GOALS.get(target.goal)
            found = self.forecasts.get((subject_of_target(subject, target), goal)) if goal else None
            if found is not None:
                lines.append(replace(line_of(found, target=target), subject=subject))
        fans = {}
        for figure, goal in FIGURE_GOALS.items():
            found = self.forecasts.get((subject, goal))
            if found is not None:
                lines.append(line_of(found, target=None))
                fans[figure] = fan_of(found)
        return ReachView(
            code=subject, on=on, known=self.known, forecasts=lines, computed_at=self.now,
            trajectories=joined((view.trajectories for view in views), fans=fans),
        )


def row_of(view: PlanView) -> PlanRow:
    """A part in short."""
    rows = [
        TargetRow(
            target=one.target, is_met=one.is_met, earliest_on=one.earliest_on, slack_days=one.slack_days,
            needs_agreement=one.needs_agreement, forecast=view.forecast(target=one.target.key),
        )
        for one in view.plan.targets
    ]
    light = view.plan.light
    blocker = light.blocker
    return PlanRow(
        code=view.code, project=view.project, jurisdiction=view.jurisdiction, name=view.name, light=light,
        targets=rows, nearest=next((row for row in rows if row.target.key == light.target), None),
        responsible=blocker.unit if blocker is not None and blocker.unit else view.jurisdiction,
        computed_at=view.computed_at, is_stale=False, section_lights=view.plan.section_lights,
        section_names={code: view.names[code] for code in view.plan.section_lights if code in view.names},
    )
