"""Whose move it is now: the one thing that holds up the chain that decides the date, with its clock.

In this order: money that is short, where payment is part of that chain; frozen ground, where demolition is next; then
whoever has to take the next step of the chain. A difficult matter of the ledger gives the district's move its clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.plan import Blocker, BlockerKind, PlannedActivity
from zhengtu.core.planning.plan_case import Homecoming, OpenMatter, PlanCase, Stage
from zhengtu.core.procedure.acts import Act, Actor

_DAY: Final = timedelta(days=1)
_KINDS: Final[Mapping[str, BlockerKind]] = {
    Actor.COURT: BlockerKind.COURT, Actor.RECONSIDERATION_BODY: BlockerKind.COURT,
    Actor.HIGHER_GOVERNMENT: BlockerKind.APPROVAL, Actor.APPRAISER: BlockerKind.APPRAISER,
    Actor.EXPERT_COMMITTEE: BlockerKind.APPRAISER,
}


def blocker_of(chain: Sequence[PlannedActivity], case: PlanCase) -> Blocker:
    """The blocker of a chain of bars that are not over, the first one being what comes next."""
    head = chain[0]
    payment = next((bar for bar in chain if bar.stage is Stage.PAYMENT), None)
    if case.money.is_short and payment is not None:
        return _money(payment, case)
    if head.stage is Stage.DEMOLITION and case.on.month in case.frozen_months:
        return _weather(head, case)
    if _is_funding(head, case):
        return _named(BlockerKind.CLIENT_MONEY, head, case, unit=case.money.payer or case.responsible.get("client", ""))
    kind = BlockerKind.APPRAISER if head.stage is Stage.VALUATION else _KINDS.get(head.actor, BlockerKind.DISTRICT)
    matter = _matter(head, case) if kind is BlockerKind.DISTRICT else None
    return _named(kind, head, case, unit=head.responsible) if matter is None else _difficult(matter, head, case)


def _money(payment: PlannedActivity, case: PlanCase) -> Blocker:
    money = case.money
    known = {"subject": payment.subject, "since": (money.late_since or case.on).isoformat()}
    message = N_("Money for what is signed and decided is short since %(since)s.")
    if money.expected_on is not None:
        message = N_("Money for what is signed and decided is short since %(since)s; it is planned for %(expected)s.")
        known["expected"] = money.expected_on.isoformat()
    return Blocker(
        kind=BlockerKind.CLIENT_MONEY, since=min(money.late_since or case.on, case.on), until=payment.late_start_on,
        unit=money.payer or case.responsible.get("client", ""),
        reason=Reason("planning.money_short", message, known, payment.source),
    )


def _weather(head: PlannedActivity, case: PlanCase) -> Blocker:
    first, last = case.on, case.on
    while (first - _DAY).month in case.frozen_months and len(case.frozen_months) < 12:
        first -= _DAY
    while (last + _DAY).month in case.frozen_months and len(case.frozen_months) < 12:
        last += _DAY
    return Blocker(
        kind=BlockerKind.WEATHER, since=first, until=last, unit=head.responsible,
        reason=Reason(
            "planning.frozen", N_("The ground is frozen until %(last)s; nothing is demolished before."),
            {"last": last.isoformat()},
        ),
    )


def homes_blocker(homes: Homecoming, case: PlanCase) -> Blocker:
    """Households wait for homes that the jurisdiction has to bring them to, since the first promise broken."""
    return Blocker(
        kind=BlockerKind.DISTRICT, since=min(homes.overdue_since or case.on, case.on), until=None,
        unit=case.responsible.get("district", case.jurisdiction),
        reason=Reason(
            "planning.homes", N_("%(waiting)s households wait for the homes promised to them."),
            {"waiting": homes.waiting},
        ),
    )


def _is_funding(head: PlannedActivity, case: PlanCase) -> bool:
    step = case.procedure.steps.get(head.step) if case.procedure is not None and head.step else None
    return step is not None and step.act is Act.FUNDS_IN_ACCOUNT


def _named(kind: BlockerKind, head: PlannedActivity, case: PlanCase, *, unit: str) -> Blocker:
    since = min(_since(head, case.on), case.on)
    if head.stage is not None:
        message = N_("%(what)s in %(subject)s is next: %(left)s of %(all)s households left.")
        named: dict[str, object] = {
            "what": f"stage:{head.stage}", "subject": head.subject, "left": head.households_left,
            "all": head.households,
        }
    elif head.step:
        message, named = N_("“%(what)s” is next, possible since %(since)s."), {
            "what": f"step:{head.step}", "since": since.isoformat()
        }
    else:
        message, named = N_("The handing over of %(subject)s is next."), {"subject": head.subject}
    until = head.late_end_on if head.actual_start_on is not None else head.late_start_on
    return Blocker(
        kind=kind, since=since, until=until, unit=unit, reason=Reason("planning.next", message, named, head.source)
    )


def _since(head: PlannedActivity, on: date) -> date:
    """The day from which it could be done: where everything before it was there, or it began."""
    known = [day for day in (head.actual_start_on, head.ready_on) if day is not None]
    return max(known, default=on)


def _matter(head: PlannedActivity, case: PlanCase) -> OpenMatter | None:
    """The earliest difficult matter of the place, of what lies in it, or of all of it."""
    found = [
        one for one in case.matters
        if one.subject.startswith(head.subject) or head.subject.startswith(one.subject)
    ]
    return min(found, key=lambda one: (one.due_on or date.max, one.since), default=None)


def _difficult(matter: OpenMatter, head: PlannedActivity, case: PlanCase) -> Blocker:
    return Blocker(
        kind=BlockerKind.DISTRICT, since=min(matter.since, case.on), until=matter.due_on or head.late_start_on,
        unit=matter.responsible or head.responsible,
        reason=Reason(
            "planning.matter", N_("An open matter of %(subject)s since %(since)s: %(matter)s (deed %(deed)s)."),
            {
                "subject": matter.subject, "since": matter.since.isoformat(), "matter": matter.matter,
                "deed": matter.deed,
            },
        ),
    )
