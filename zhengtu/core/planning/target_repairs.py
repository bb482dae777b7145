"""Lawful ways to bring a missed date nearer; each is computed again with the whole plan before it is offered.

The law's own steps and periods are never shortened: what can change is how many teams work, what a unit decided to
begin later than it could, the deadline itself, and that the households agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import combinations

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.paces import days_of
from zhengtu.core.planning.plan import Certificate, Repair
from zhengtu.core.planning.plan_case import PlanCase, Stage, Target
from zhengtu.core.planning.schedule_rules import ScheduleRules

Replan = Callable[[PlanCase, Target], date | None]
"""The earliest honest day of a target in a changed case."""

ReplanWithTeams = Callable[[Mapping[Stage, int], Target], date | None]
"""The same with other numbers of teams."""

def repairs_of(
    case: PlanCase, target: Target, rules: ScheduleRules, *, certificate: Certificate, replan: Replan,
    with_teams: ReplanWithTeams,
) -> list[Repair]:
    """Ways to bring a target nearer, those that meet it first, the cheapest of them first; a later date last."""
    finding = _Finding(case, target, rules, certificate.earliest_on, replan, with_teams)
    stages = _stages(rules, case)
    found = [one for stage in stages if (one := finding.by_teams([stage])) is not None]
    if not any(one.meets for one in found):
        nearest = min((one.earliest_on for one in found), default=certificate.earliest_on)
        pairs = [one for pair in combinations(stages, 2) if (one := finding.by_teams(pair)) is not None]
        found += sorted((one for one in pairs if one.earliest_on < nearest), key=_order)[:1]
    begun_sooner = finding.by_lifting(certificate)
    found += [begun_sooner] if begun_sooner is not None else []
    return [*sorted(found, key=_order), _later_date(certificate)]


def _order(repair: Repair) -> tuple[bool, bool, Decimal, date]:
    """Those that meet the deadline first, the cheapest of them first; of the others the nearest first."""
    if repair.meets:
        return False, repair.cost_yuan is None, repair.cost_yuan or Decimal(0), repair.earliest_on
    return True, False, Decimal(repair.earliest_on.toordinal()), repair.earliest_on


def agreement_repair(*, decision_on: date, earliest_on: date) -> Repair:
    """What only agreement can do: the way over decisions and the court ends after the deadline."""
    return Repair(
        kind="agreement",
        reason=Reason(
            code="planning.only_agreement",
            message=N_(
                "Only agreement can meet the deadline: over a compensation decision and the court it is %(court)s at "
                "the earliest, by agreement %(on)s."
            ),
            parameters={"court": decision_on.isoformat(), "on": earliest_on.isoformat()},
        ),
        cost_yuan=None, earliest_on=earliest_on, meets=True,
    )


@dataclass(frozen=True, slots=True)
class _Finding:
    """The search for repairs of one target."""

    case: PlanCase
    target: Target
    rules: ScheduleRules
    earliest_on: date
    replan: Replan
    with_teams: ReplanWithTeams

    def by_teams(self, stages: Sequence[Stage]) -> Repair | None:
        """More teams for one or two stages: at the least cost of all numbers that meet the deadline, or that bring the
        date as near as the most can."""
        most = {stage: self.rules.most_teams[stage] for stage in stages}
        best = self.with_teams(most, self.target)
        if best is None or best >= self.earliest_on:
            return None
        goal = max(best, self.target.due_on)
        chosen = min(self._sufficient(stages, most, goal), key=self._dearness)
        teams = {stage: count for stage, count in chosen.items() if count != self.case.rates[stage].teams}
        found = self.with_teams(teams, self.target)
        assert found is not None
        return Repair(
            kind="teams", reason=self._team_reason(teams, found), cost_yuan=self._cost(teams), earliest_on=found,
            meets=found <= self.target.due_on,
        )

    def _sufficient(self, stages: Sequence[Stage], most: dict[Stage, int], goal: date) -> Iterator[dict[Stage, int]]:
        """All numbers of teams that reach the day.

        More teams never make a date later, so the more teams the first stage has, the fewer the second needs: one walk
        down the staircase between enough and too few decides about every pair.
        """
        first, *others = stages
        second = others[0] if others else None
        needed = most[second] if second is not None else 0
        least = self.case.rates[second].teams if second is not None else 0
        for count in range(self.case.rates[first].teams + (second is None), most[first] + 1):
            if not self._reaches(self._numbers(first, count, second, needed), goal):
                continue
            while needed > least and self._reaches(self._numbers(first, count, second, needed - 1), goal):
                needed -= 1
            for more in range(needed, (most[second] if second is not None else 0) + 1):
                yield self._numbers(first, count, second, more)

    def _numbers(self, first: Stage, count: int, second: Stage | None, more: int) -> dict[Stage, int]:
        return {first: count} if second is None else {first: count, second: more}

    def _reaches(self, teams: Mapping[Stage, int], goal: date) -> bool:
        day = self.with_teams(teams, self.target)
        return day is not None and day <= goal

    def _dearness(self, teams: dict[Stage, int]) -> tuple[bool, Decimal, int]:
        cost = self._cost(teams)
        return cost is None, cost or Decimal(0), sum(teams.values())

    def _cost(self, teams: dict[Stage, int]) -> Decimal | None:
        """Team-days of the added teams while the stage goes on; None where a price is missing."""
        total = Decimal(0)
        for stage, count in teams.items():
            price, rate = self.rules.team_day_price(stage), self.case.rates[stage]
            if price is None:
                return None
            left = sum(
                max(0, one.households - (one.stages[stage].done if stage in one.stages else 0))
                for one in self.case.sections if one.handed_over_on is None
            )
            total += (count - rate.teams) * days_of(left, replace(rate, teams=count)) * price.yuan
        return total

    def _team_reason(self, teams: dict[Stage, int], found: date) -> Reason:
        (stage, count), *more = teams.items()
        message = N_("With %(teams)s teams of %(stage)s instead of %(now)s it is %(on)s at the earliest.")
        named: dict[str, object] = {
            "teams": count, "stage": f"stage:{stage}", "now": self.case.rates[stage].teams, "on": found.isoformat(),
        }
        if more:
            message = N_(
                "With %(teams)s teams of %(stage)s instead of %(now)s and %(others)s of %(other)s instead of "
                "%(others_now)s it is %(on)s at the earliest."
            )
            other, others = more[0]
            named |= {"other": f"stage:{other}", "others": others, "others_now": self.case.rates[other].teams}
        return Reason(code="planning.more_teams", message=message, parameters=named)

    def by_lifting(self, certificate: Certificate) -> Repair | None:
        """What a unit decided to begin later than the law lets it begin, side by side with what goes on now."""
        lines = [line for line in certificate.lines if line.reason.code in ("planning.decided", "planning.not_before")]
        if not lines:
            return None
        held = lines[0].activity.removesuffix(":begin")
        subject, _, name = held.partition(":")
        sections = [
            replace(one, plan_decisions={stage: said for stage, said in one.plan_decisions.items() if stage != name})
            if one.code == subject else one
            for one in self.case.sections
        ]
        steps = {step: day for step, day in self.case.steps_not_before.items() if step != name}
        found = self.replan(replace(self.case, sections=sections, steps_not_before=steps), self.target)
        if found is None or found >= self.earliest_on:
            return None
        return Repair(
            kind="parallel",
            reason=Reason(
                code="planning.sooner",
                message=N_("Begun as soon as the law lets it, not as was decided, it is %(on)s at the earliest."),
                parameters={"on": found.isoformat()}, source=lines[0].source,
            ),
            cost_yuan=Decimal(0), earliest_on=found, meets=found <= self.target.due_on,
        )


def _stages(rules: ScheduleRules, case: PlanCase) -> list[Stage]:
    """Stages with households left that more teams could speed up."""
    return [
        stage for stage, rate in case.rates.items()
        if rules.most_teams[stage] > rate.teams and any(
            one.handed_over_on is None and one.households > (one.stages[stage].done if stage in one.stages else 0)
            for one in case.sections
        )
    ]


def _later_date(certificate: Certificate) -> Repair:
    return Repair(
        kind="deadline",
        reason=Reason(
            code="planning.later_deadline",
            message=N_("With the deadline moved by %(days)s days to %(on)s it can be met lawfully."),
            parameters={"days": certificate.days_short, "on": certificate.earliest_on.isoformat()},
        ),
        cost_yuan=None, earliest_on=certificate.earliest_on, meets=True,
    )
