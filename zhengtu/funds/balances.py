"""What households are owed, folded from the facts: due, paid or deposited, and in orders under way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db.models import Q, Sum

from zhengtu.core.funds.payments import UNDER_WAY, Balance
from zhengtu.core.kernel.money import ZERO
from zhengtu.funds.models import LineState, PaymentLine
from zhengtu.ledger.models import Fact

COMMITMENTS: Final = ("signed", "decided", "agreement_supplemented")
PAYMENTS: Final = ("paid", "compensation_deposited", "land_compensation_deposited")
MONEY_KINDS: Final = (*COMMITMENTS, *PAYMENTS)


@dataclass(frozen=True, slots=True)
class MoneyFact:
    """A standing fact that names what is due or paid."""

    reference: str
    subject: str
    kind: str
    happened_on: date
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def amount_yuan(self) -> Decimal | None:
        """The sum it names; None where an old record names none."""
        try:
            return Decimal(str(self.attributes["amount_yuan"]))
        except (KeyError, InvalidOperation):
            return None


def money_facts(households: Sequence[str], *, known: date | None = None) -> dict[str, list[MoneyFact]]:
    """Standing facts of money by household, in the order in which they happened and were recorded."""
    rows = Fact.objects.filter(Q(kind__in=MONEY_KINDS) | ~Q(supersedes=""), subject__in=households)
    if known is not None:
        rows = rows.filter(deed__recorded_on__lte=known)
    found: dict[str, list[MoneyFact]] = defaultdict(list)
    ordered = list(rows.order_by("happened_on", "deed__recorded_at", "deed_id", "ordinal").values_list(
        "deed_id", "ordinal", "subject", "kind", "happened_on", "attributes", "supersedes"
    ))
    superseded = {supersedes for *_, supersedes in ordered if supersedes}
    for deed, ordinal, subject, kind, happened_on, attributes, _ in ordered:
        reference = f"{deed}/{ordinal}"
        if kind in MONEY_KINDS and reference not in superseded:
            found[subject].append(MoneyFact(reference, subject, kind, happened_on, attributes))
    return found


def balance_of(facts: Iterable[MoneyFact], *, pending_yuan: Decimal = ZERO) -> Balance:
    """Due by the last agreement, supplement or decision; paid by the sum of payments and deposits.

    A payment of history that names no sum counts as the whole of what is due.
    """
    held = list(facts)
    commitments = [fact for fact in held if fact.kind in COMMITMENTS]
    due = commitments[-1].amount_yuan if commitments else None
    paid = ZERO
    for fact in held:
        if fact.kind in PAYMENTS:
            amount = fact.amount_yuan
            paid = max(paid, due or ZERO) if amount is None else paid + amount
    return Balance(due, paid, pending_yuan)


def balances_of(
    households: Sequence[str], *, known: date | None = None, leaving_out: str = ""
) -> dict[str, Balance]:
    """The balance of each household.

    Args:
        known: count only facts recorded by this day; what is under way is always today's.
        leaving_out: an order whose lines do not count as under way.
    """
    facts = money_facts(households, known=known)
    pending = pending_sums(households, leaving_out=leaving_out)
    return {
        code: balance_of(facts.get(code, ()), pending_yuan=pending.get(code, ZERO)) for code in households
    }


def pending_sums(households: Sequence[str], *, leaving_out: str = "") -> dict[str, Decimal]:
    """Household -> sum of the unanswered lines of orders under way."""
    lines = PaymentLine.objects.filter(
        household__in=households, state=LineState.PENDING, order__state__in=UNDER_WAY
    ).exclude(order=leaving_out)
    return dict(lines.order_by().values_list("household").annotate(sum=Sum("amount_yuan")))
