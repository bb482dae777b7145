"""What families were paid of their transition subsidies, read from the facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from zhengtu.core.compensation.subsidy_account import PaidPeriod
from zhengtu.ledger.milestone_queries import facts_standing
from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Reach, standing_fact_rows

PAID: Final = "subsidy_paid"
SETTLED_IN_MONEY: Final = "cash_settled"
_FEW: Final = 200


@dataclass(frozen=True, slots=True)
class SubsidyPayment:
    """One payment as it was recorded.

    Attributes:
        period: the days that it is for, with its sum.
        payer: code of the unit that paid.
        reference: ``deed/ordinal`` of its fact.
    """

    household: str
    period: PaidPeriod
    paid_on: date
    payer: str
    deed: str
    reference: str


def payments_of(households: Sequence[str], *, on: date, known: date | None = None) -> list[SubsidyPayment]:
    """Payments to these households made by a day and neither corrected nor withdrawn, by period."""
    facts = standing_fact_rows((PAID,), reach=Reach(codes=tuple(households)), on=on, known=known)
    return sorted((_payment(fact) for fact in facts), key=lambda one: (one.household, one.period.from_on))


def _payment(fact: Fact) -> SubsidyPayment:
    told = fact.attributes
    period = PaidPeriod(
        date.fromisoformat(told["from_on"]), date.fromisoformat(told["until_on"]), Decimal(told["amount_yuan"])
    )
    return SubsidyPayment(
        household=fact.subject, period=period, paid_on=fact.happened_on, payer=told["payer"], deed=fact.deed_id,
        reference=fact.reference,
    )


def paid_sums(households: Sequence[str], *, on: date, known: date | None = None) -> dict[str, Decimal]:
    """Household -> what it was paid by a day (yuan), in one question however many there are."""
    rows = _standing(PAID, "f.subject, sum((f.attributes->>'amount_yuan')::numeric)", households, on, known,
                     then=" GROUP BY f.subject")
    asked = set(households)
    return {household: paid for household, paid in rows if household in asked}


def settled_in_money(households: Sequence[str], *, on: date, known: date | None = None) -> set[str]:
    """Those of the households that came home by a settlement in money."""
    return {subject for subject, in _standing(SETTLED_IN_MONEY, "f.subject", households, on, known)} & set(households)


def _standing(
    kind: str, columns: str, households: Sequence[str], on: date, known: date | None, *, then: str = ""
) -> list[tuple[Any, ...]]:
    """Facts about these households and others between them: a district's codes lie together, and a list is long."""
    if not households:
        return []
    standing, parameters = facts_standing(known, of_many=len(households) > _FEW)
    deeds = " JOIN ledger_deed d ON d.id = f.deed_id" if known is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM ledger_fact f{deeds} WHERE f.kind = '{kind}'"  # noqa: S608 - own words
            f" AND f.subject BETWEEN %s AND %s AND f.happened_on <= %s AND {standing}{then}",
            [min(households), max(households), on, *parameters],
        )
        return cursor.fetchall()
