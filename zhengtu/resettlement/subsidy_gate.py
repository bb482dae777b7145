"""What every deed asks (settings.DEED_GATE): whatever money asks, and that no family is paid twice for the same days.

The division's chain is held while it is asked. A correction that would make two payments share a day is refused too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from zhengtu.core.compensation.subsidy_account import PaidPeriod
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.funds.payment_gate import deed_refusals as money_refusals
from zhengtu.ledger.act import NewFact
from zhengtu.registry.procedure_gate import REASONS_SHOWN
from zhengtu.resettlement.subsidy_payments import PAID, payments_of

_DAY: Final = timedelta(days=1)


def deed_refusals(facts: Sequence[NewFact], *, evidence: Collection[str], today: date) -> list[Reason]:
    """Why these facts may not be recorded together in one deed; empty when they may."""
    return [*money_refusals(facts, evidence=evidence, today=today), *twice_paid(facts)]


def twice_paid(facts: Sequence[NewFact]) -> list[Reason]:
    """For which families these facts would leave two payments that share a day."""
    new: dict[str, list[PaidPeriod]] = defaultdict(list)
    for fact in facts:
        if fact.kind == PAID:
            new[fact.subject].append(period_told(fact.attributes))
    if not new:
        return []
    superseded = {fact.supersedes for fact in facts if fact.supersedes}
    found: list[Reason] = []
    held: dict[str, list[PaidPeriod]] = defaultdict(list)
    for one in payments_of(sorted(new), on=date.max):
        if one.reference not in superseded:
            held[one.household].append(one.period)
    for household, periods in new.items():
        ordered = sorted([*held[household], *periods], key=lambda one: (one.from_on, one.until_on))
        found += [
            twice_reason(household, later, earlier) for earlier, later in pairwise(ordered)
            if later.from_on < earlier.until_on
        ]
        if len(found) >= REASONS_SHOWN:
            break
    return found


def period_told(attributes: dict[str, str]) -> PaidPeriod:
    """The period of a ``subsidy_paid``."""
    return PaidPeriod(
        date.fromisoformat(attributes["from_on"]), date.fromisoformat(attributes["until_on"]),
        Decimal(attributes["amount_yuan"]),
    )


def twice_reason(household: str, period: PaidPeriod, held: PaidPeriod) -> Reason:
    """Why a period may not be paid beside another."""
    return Reason(
        code="resettlement.paid_twice",
        message=N_("%(household)s: %(from)s to %(to)s shares days with the payment for %(held_from)s to %(held_to)s."),
        parameters={
            "household": household, "from": period.from_on.isoformat(), "to": (period.until_on - _DAY).isoformat(),
            "held_from": held.from_on.isoformat(), "held_to": (held.until_on - _DAY).isoformat(),
        },
        remedy=N_("Nobody is paid twice for the same days: give the days that are not paid yet."),
    )
