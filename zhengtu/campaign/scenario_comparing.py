"""A scenario computed beside the plan: the same facts, law and forecast, laid over with what is otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from zhengtu.campaign.outlook_forecasts import FORECAST_GOALS, Forecasts, forecasts_of, subject_of_target
from zhengtu.campaign.plan_facts import PlanFacts, plan_facts
from zhengtu.campaign.valuation_means import unvalued_of
from zhengtu.core.planning.comparison import Odds, PartComparison, compared
from zhengtu.core.planning.lights import light_up
from zhengtu.core.planning.plan import ActivityKind, Plan
from zhengtu.core.planning.plan_case import PlanCase, Stage
from zhengtu.core.planning.planning import plan_of
from zhengtu.core.planning.scenario import Change, ChangeKind, changed, launching_step
from zhengtu.core.planning.scenario_cost import CostLine, Growth, land_value_line, no_basis_line, team_line
from zhengtu.core.rules.rulebook import Rulebook
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Participation


def compare_scenario(
    parts: Sequence[str],
    changes: Sequence[Change],
    *,
    growth: Growth | None,
    on: date,
    known: date | None,
    report: Callable[[float], None] = lambda share: None,
) -> list[PartComparison]:
    """Every part before and after.

    What the forecast learned from history stays as it is: more teams bring the lawful dates nearer, but how fast
    families agree is not taken to change with them.

    Raises:
        Refused: a change that cannot be laid over the facts of the day.
    """
    rulebook = current_rulebook()
    facts = plan_facts(parts, on=on, known=known)
    after_cases = {code: changed(case, changes) for code, case in facts.cases.items()}
    report(0.1)
    before = {code: plan_of(case, rules=rulebook.schedule) for code, case in facts.cases.items()}
    after = {code: plan_of(case, rules=rulebook.schedule) for code, case in after_cases.items()}
    report(0.3)
    forecasts_before = _forecasts(facts, before, gone=frozenset(), on=on, rulebook=rulebook)
    report(0.6)
    gone = frozenset(change.place for change in changes if change.kind is ChangeKind.REROUTE)
    forecasts_after = _forecasts(facts, after, gone=gone, on=on, rulebook=rulebook)
    report(0.9)
    rows = {row.code: row for row in Participation.objects.filter(project__in={
        case.project for case in facts.cases.values()
    }).select_related("project__campaign")}
    found = []
    for code, case in sorted(facts.cases.items()):
        odds_before = _odds(before[code], forecasts_before)
        odds_after = _odds(after[code], forecasts_after)
        own = [change for change in changes if change.place == code]
        costs = _team_costs(own, after[code], case, rulebook)
        if growth is not None:
            costs += _land_costs(rows[code], case, before[code], after[code], growth, known=known)
        found.append(compared(
            name=case.name, before=_lit(before[code], case, odds_before, rulebook),
            after=_lit(after[code], after_cases[code], odds_after, rulebook),
            odds_before=odds_before, odds_after=odds_after, costs=costs,
        ))
    return found


def _forecasts(
    facts: PlanFacts, plans: Mapping[str, Plan], *, gone: frozenset[str], on: date, rulebook: Rulebook
) -> Forecasts:
    groups = [group for group in facts.groups if group.code not in gone]
    return forecasts_of(groups, list(plans.values()), on=on, rules=rulebook.forecast)


def _odds(plan: Plan, forecasts: Forecasts) -> dict[str, Odds]:
    found = {}
    for outlook in plan.targets:
        goal = FORECAST_GOALS.get(outlook.target.goal)
        held = forecasts.get((subject_of_target(plan.code, outlook.target), goal)) if goal else None
        if held is not None:
            found[outlook.target.key] = Odds(held.probability_by(outlook.target.due_on), held.p80_on)
    return found


def _lit(plan: Plan, case: PlanCase, odds: Mapping[str, Odds], rulebook: Rulebook) -> Plan:
    """The plan with its light, by the one rule, from the float and the probabilities of this side."""
    probabilities = {(plan.code, key): one.probability for key, one in odds.items()}
    return light_up(plan, case, rules=rulebook.schedule, probabilities=probabilities)


def _team_costs(
    changes: Sequence[Change], after: Plan, case: PlanCase, rulebook: Rulebook
) -> list[CostLine]:
    """Teams more (or fewer) are paid for as long as their stage goes on in the scenario."""
    lines = []
    for change in changes:
        if change.kind is not ChangeKind.TEAMS or change.stage is None:
            continue
        lines.append(team_line(
            change.place, stage=change.stage, teams=change.teams, team_days=_working_days(after, change.stage, case),
            price=rulebook.schedule.team_day_price(change.stage),
        ))
    return lines


def _working_days(plan: Plan, stage: Stage, case: PlanCase) -> int:
    """Working days on which something of the stage is left to do in the plan."""
    days = {
        day
        for one in plan.activities
        if one.kind is ActivityKind.WORK and one.stage is stage and not one.is_done
        for day in range(max(one.early_start_on, case.on).toordinal(), one.early_end_on.toordinal() + 1)
    }
    return sum(case.calendar.is_working_day(date.fromordinal(day)) for day in days)


def _land_costs(
    part: Participation, case: PlanCase, before: Plan, after: Plan, growth: Growth, *, known: date | None
) -> list[CostLine]:
    """What a later (or sooner) value date costs, where the expropriation is not announced yet."""
    step = launching_step(case)
    days = [_start_of(plan, step) for plan in (before, after)]
    if step is None or days[0] is None or days[1] is None or any(
        fact.step == step for fact in (case.facts.project if case.facts else ())
    ):
        return []
    unvalued = unvalued_of(part, on=case.on, known=known)
    if not unvalued.valued:
        return [no_basis_line(case.code, households=unvalued.households)]
    return [land_value_line(case.code, unvalued=unvalued, growth=growth, plan_on=days[0], scenario_on=days[1])]


def _start_of(plan: Plan, step: str | None) -> date | None:
    return next((one.early_start_on for one in plan.activities if one.step == step and one.step), None)
