"""Money of a funding plan that came too late, or all of it before its day: of the client of the project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from zhengtu.core.assessment.triggers import Ground, Trigger
from zhengtu.core.funds.history import DaySum, PlanLine
from zhengtu.funds.money_facts import ARRIVALS, PLANS, AccountFact, account_facts, arrivals_of, plan_lines
from zhengtu.registry.models import Participation


def funds_late(trigger: Trigger, city: str, on: date) -> list[Ground]:
    """Lines of which, so many days after they were due, less had come from the source than was planned by then."""
    return [
        Ground(client, part, part, met_on, due_on=line.due_on, measured=str(short), basis=_basis(facts, [line]))
        for client, part, facts in _accounts(city, on)
        for line in plan_lines(facts)
        if (met_on := line.due_on + timedelta(days=trigger.limits["days"] + 1)) <= on
        and (short := _short(line, facts, by=met_on)) > 0
    ]


def funds_early(trigger: Trigger, city: str, on: date) -> list[Ground]:
    """Parts of which everything planned had come from each source before the day on which it was due."""
    found = []
    for client, part, facts in _accounts(city, on):
        lines = plan_lines(facts)
        if not lines or any(_short(line, facts, by=line.due_on - timedelta(days=1)) > 0 for line in lines):
            continue
        met_on = max(_complete_on(line, facts) for line in lines)
        if met_on <= on:
            total = sum((line.amount_yuan for line in lines), Decimal(0))
            found.append(Ground(
                client, part, part, met_on, due_on=lines[-1].due_on, measured=str(total), basis=_basis(facts, lines)
            ))
    return found


def _accounts(city: str, on: date) -> Iterator[tuple[str, str, Sequence[AccountFact]]]:
    """Client, part of its project and the facts of its account."""
    parts = Participation.objects.filter(project__code__startswith=city[:4]).select_related("project")
    clients = {part.code: part.project.client_id for part in parts.defer("project__shape")}
    for part, facts in sorted(account_facts(sorted(clients), (*PLANS, *ARRIVALS), on=on, known=None).items()):
        if clients[part]:
            yield clients[part], part, facts


def _planned(line: PlanLine, facts: Sequence[AccountFact]) -> Decimal:
    """What was to come from the line's source by its day, it included."""
    return sum(
        (one.amount_yuan for one in plan_lines(facts) if one.source is line.source and one.due_on <= line.due_on),
        Decimal(0),
    )


def _arrivals(line: PlanLine, facts: Sequence[AccountFact]) -> Sequence[DaySum]:
    return sorted(arrivals_of(facts).get(line.source, ()), key=lambda one: one.on)


def _short(line: PlanLine, facts: Sequence[AccountFact], *, by: date) -> Decimal:
    came = sum((one.amount_yuan for one in _arrivals(line, facts) if one.on <= by), Decimal(0))
    return _planned(line, facts) - came


def _complete_on(line: PlanLine, facts: Sequence[AccountFact]) -> date:
    """The day on which as much had come as was planned by the line's day."""
    planned, came = _planned(line, facts), Decimal(0)
    for one in _arrivals(line, facts):
        came += one.amount_yuan
        if came >= planned:
            return one.on
    return date.max


def _basis(facts: Sequence[AccountFact], lines: Sequence[PlanLine]) -> tuple[str, ...]:
    latest = {str(fact.attributes["plan_reference"]): fact.reference for fact in facts if fact.kind in PLANS}
    return tuple(dict.fromkeys(latest[line.reference] for line in lines))
