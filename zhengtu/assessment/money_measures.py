"""Whether money came as it was planned, and whether compensation was paid in time: of the client of the project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q

from zhengtu.assessment.plan_measures import Cases
from zhengtu.core.assessment.scoring import CountedCase
from zhengtu.core.assessment.window import Window
from zhengtu.core.kernel.codes import project_of
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.funds.money_facts import ARRIVALS, PLANS, AccountFact, account_facts, arrivals_of, plan_lines
from zhengtu.ledger.milestone_queries import milestones_of, subjects_where
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household, Participation, Project


def funds_on_time(window: Window) -> Cases:
    """Lines of funding plans that fell due, with whether as much had come from the source as was planned by then."""
    parts = Participation.objects.filter(project__code__startswith=window.city[:4]).select_related("project")
    clients = {part.code: part.project.client_id for part in parts.defer("project__shape")}
    facts = account_facts(sorted(clients), (*PLANS, *ARRIVALS), on=window.on, known=window.known)
    found: dict[str, list[CountedCase]] = defaultdict(list)
    for part, own in sorted(facts.items()):
        found[clients[part]] += _lines(part, own, window)
    return {unit: cases for unit, cases in found.items() if cases}


def _lines(part: str, facts: Sequence[AccountFact], window: Window) -> Iterator[CountedCase]:
    lines, arrivals = plan_lines(facts), arrivals_of(facts)
    planned_by = {str(fact.attributes["plan_reference"]): fact.reference for fact in facts if fact.kind in PLANS}
    for line in lines:
        if not window.holds(line.due_on):
            continue
        planned = sum(
            (one.amount_yuan for one in lines if one.source is line.source and one.due_on <= line.due_on), Decimal(0)
        )
        came = sum(
            (one.amount_yuan for one in arrivals.get(line.source, ()) if one.on <= line.due_on), Decimal(0)
        )
        yield CountedCase(
            subject=part, about=line.reference, done=int(came >= planned), due_on=line.due_on,
            facts=(planned_by[line.reference],),
        )


def paid_in_time(window: Window) -> Cases:
    """Households whose term of payment ended in the window, with whether they were paid by then."""
    term = timedelta(days=current_rulebook().assessment.payment_days)
    first, last = window.from_on - term, window.on - term
    settled = Q(signed_on__range=(first, last)) | Q(decided_on__range=(first, last))
    codes = list(
        Household.objects.filter(
            code__startswith=window.city[:4], code__in=subjects_where(settled, known=window.known)
        ).order_by("code").values_list("code", flat=True)
    )
    clients = dict(Project.objects.filter(code__startswith=window.city[:4]).values_list("code", "client_id"))
    found: dict[str, list[CountedCase]] = defaultdict(list)
    for code, dates in sorted(milestones_of(codes, known=window.known).items()):
        days = [day for one in (Milestone.SIGNED, Milestone.DECIDED) if (day := dates.get(one)) is not None]
        due_on = min(days) + term
        paid_on = dates.get(Milestone.PAID)
        if window.holds(due_on):
            found[clients[project_of(code)]].append(CountedCase(
                subject=code, done=int(paid_on is not None and paid_on <= due_on), due_on=due_on,
                done_on=_until(paid_on, window.on),
            ))
    return found


def _until(day: date | None, last: date) -> date | None:
    return day if day is not None and day <= last else None
