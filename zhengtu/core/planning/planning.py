"""The plan of one part of a project: forward from today by law and teams, backward from every deadline.

    plan = plan_of(case, rules=rulebook.schedule)
    plan = light_up(plan, case, rules=rulebook.schedule, probabilities={(case.code, "2025-03-15.handed_over"): 0.4})

The second line puts what a forecast says into the lights; without it they stand on float alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import CountedDay, uncertainty_reasons
from zhengtu.core.planning.bars import activities_and_links
from zhengtu.core.planning.certificates import certificate_of, shortest_proof
from zhengtu.core.planning.lights import Probabilities, light_up
from zhengtu.core.planning.network import PlanNetwork, bar_of, finished, new_draft
from zhengtu.core.planning.plan import Colour, Light, Plan, PlannedActivity, TargetOutlook
from zhengtu.core.planning.plan_case import PlanCase, Stage, Target
from zhengtu.core.planning.schedule_rules import ScheduleRules
from zhengtu.core.planning.section_network import SectionNetwork
from zhengtu.core.planning.step_network import StepNetwork
from zhengtu.core.planning.target_repairs import agreement_repair, repairs_of
from zhengtu.core.planning.targets import add_targets, early_finishes, reached
from zhengtu.core.planning.tracks import DecisionTracks
from zhengtu.core.planning.trajectory import planned_curves
from zhengtu.core.scheduling.methods.backward import LateFrom
from zhengtu.core.scheduling.methods.forward import early_dates
from zhengtu.core.scheduling.network import network_of as numbered_network
from zhengtu.core.scheduling.plan import Plan as DatedPlan
from zhengtu.core.scheduling.plan import plan_of as dates_of


def plan_of(case: PlanCase, *, rules: ScheduleRules, probabilities: Probabilities | None = None) -> Plan:
    """The plan of a case on its day, with lights.

    Args:
        probabilities: (code of the part or a section, key of a target) -> probability that it is met, 0 to 1; None
            where the forecast abstains.

    Raises:
        Refused: needs of steps that run in a circle, named.
    """
    planning = _Planning(case, rules)
    bars, links = activities_and_links(planning.network, planning.dated, tracks=planning.tracks)
    plan = Plan(
        code=case.code, on=case.on, activities=bars, links=links,
        targets=[planning.outlook(target) for target in case.targets], light=_UNLIT,
        planned=planned_curves(bars, case), chains=planning.chains(), assumptions=planning.assumptions(),
    )
    return light_up(plan, case, rules=rules, probabilities=probabilities or {})


def bars_of(case: PlanCase, *, rules: ScheduleRules) -> Sequence[PlannedActivity]:
    """The bars of the plan alone, for curves: no target is judged and nothing is proved or repaired.

    Raises:
        Refused: needs of steps that run in a circle, named.
    """
    planning = _Planning(case, rules)
    return activities_and_links(planning.network, planning.dated, tracks=planning.tracks)[0]


def network_of(case: PlanCase, *, rules: ScheduleRules) -> PlanNetwork:
    """The network of a case: steps, sections and targets, ready to be scheduled."""
    draft = new_draft(case, rules)
    steps = None
    if case.procedure is not None and case.facts is not None:
        steps = StepNetwork(draft, facts=case.facts, procedure=case.procedure)
        steps.add()
    SectionNetwork(draft, steps).add()
    add_targets(draft)
    return finished(draft)


_UNLIT = Light(
    colour=Colour.IDLE, rule="nothing_left", reason=Reason("planning.unlit", N_("Nothing is left to do.")), since=None,
    blocker=None,
)


@dataclass
class _Planning:
    """One case with its network and dates."""

    case: PlanCase
    rules: ScheduleRules

    def __post_init__(self) -> None:
        self.network: PlanNetwork = network_of(self.case, rules=self.rules)
        self.dated: DatedPlan = dates_of(self.network.problem, late_from=LateFrom.DEADLINES)
        self.finishes: Mapping[str, int] = early_finishes(self.network, self.dated)
        self._by_teams: dict[tuple[tuple[Stage, int], ...], dict[str, int]] = {}
        self.tracks = DecisionTracks(self.case, rates=self.case.rates)

    def outlook(self, target: Target) -> TargetOutlook:
        """A target against the plan, with the proof where it is missed."""
        found = reached(target, self.network, self.finishes)
        decision_on = None if found.is_met else self.tracks.day_of(target)
        slack = self._slack(found.on, target.due_on)
        outlook = TargetOutlook(
            target=target, earliest_on=found.on, is_met=found.is_met, slack_days=slack, decision_on=decision_on,
            needs_agreement=found.on is not None and decision_on is not None
            and found.on <= target.due_on < decision_on,
        )
        if found.is_met or found.on is None:
            return outlook
        if found.on <= target.due_on:
            if not outlook.needs_agreement or decision_on is None:
                return outlook
            return replace(outlook, repairs=[agreement_repair(decision_on=decision_on, earliest_on=found.on)])
        certificate = certificate_of(
            self.network, self.dated, last=found.last, target=target.key, earliest_on=found.on, due_on=target.due_on
        )
        repairs = repairs_of(
            self.case, target, self.rules, certificate=certificate, replan=self._replanned, with_teams=self._with_teams
        )
        proof = shortest_proof(
            self.network, self.dated, goals=self.network.goals[target.key], target=target.key, due_on=target.due_on
        )
        return replace(outlook, certificate=certificate, proof=proof, repairs=repairs)

    def chains(self) -> dict[str, list[str]]:
        """What decides the date of every target that is not reached, of every section, and of the whole part."""
        found = {}
        for target in self.case.targets:
            last = reached(target, self.network, self.finishes).last
            if last:
                found[target.key] = self._chain(last)
        for section in self.case.sections:
            own = [id for ids in self.network.goals.values() for id in ids if id.startswith(f"{section.code}:")]
            last = min(own, key=self._spare, default=f"{section.code}:handover")
            if last in self.finishes:
                found[section.code] = self._chain(last)
        if self.finishes:
            found[self.case.code] = self._chain(max(self.finishes, key=lambda id: (self.finishes[id], id)))
        return found

    def _chain(self, last: str) -> list[str]:
        return list(dict.fromkeys(bar_of(id) for id in self.dated.driving_chain(last)))

    def _spare(self, id: str) -> tuple[int, str]:
        row = self.dated.of(id)
        return (0 if row.late_finish is None else row.late_finish - row.early_finish), id

    def _slack(self, earliest_on: date | None, due_on: date) -> int:
        return 0 if earliest_on is None else self.network.calendars.working_days(earliest_on, due_on)

    def _replanned(self, case: PlanCase, target: Target) -> date | None:
        """The earliest honest day of a target in a changed case."""
        network = network_of(case, rules=self.rules)
        return reached(target, network, early_finishes(network, dates_of(network.problem))).on

    def _with_teams(self, teams: Mapping[Stage, int], target: Target) -> date | None:
        """The same with other numbers of teams: the network's links that rest on their pace are counted again."""
        key = tuple(sorted(teams.items()))
        if key not in self._by_teams:
            self._by_teams[key] = self._finishes(teams)
        return reached(target, self.network, self._by_teams[key]).on

    def _finishes(self, teams: Mapping[Stage, int]) -> dict[str, int]:
        rates = {
            stage: replace(rate, teams=teams.get(stage, rate.teams)) for stage, rate in self.case.rates.items()
        }
        numbered = numbered_network(self.network.at_rates(rates))
        return dict(zip(numbered.index, early_dates(numbered).finishes, strict=True))

    def assumptions(self) -> list[Reason]:
        """What the plan takes for granted: paces of the rulebook, and years without a published calendar."""
        found = []
        for stage, rate in self.case.rates.items():
            if rate.basis == "rule" and any(
                node.stage is stage and node.households_left for node in self.network.nodes.values()
            ):
                found.append(Reason(
                    code="planning.rule_pace",
                    message=N_(
                        "%(stage)s goes at the rulebook's pace: %(teams)s teams, %(pace)s households a day each."
                    ),
                    parameters={
                        "stage": f"stage:{stage}", "teams": rate.teams, "pace": str(rate.households_per_day),
                    },
                    remedy=N_("Register the teams, and the plan counts on them."),
                ))
        last = max((date.fromordinal(tick) for tick in self.finishes.values()), default=self.case.on)
        years = range(self.case.on.year, last.year + 1)
        open_years = tuple(year for year in years if not self.case.calendar.is_published(year))
        return [*found, *uncertainty_reasons(CountedDay(last, open_years))]
