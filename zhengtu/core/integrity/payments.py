"""Payments that keep just under a limit, one by one or in parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from zhengtu.core.integrity.findings import Finding, FindingRow, Rules, key_of, sorted_findings
from zhengtu.core.kernel.codes import project_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment (yuan) to a household."""

    household: str
    amount: Decimal
    on: date
    fact: str
    people: tuple[str, ...] = ()


def _row(payment: Paid) -> FindingRow:
    figures = ((N_("Paid on"), payment.on.isoformat()), (N_("Amount (yuan)"), f"{payment.amount:.2f}"))
    return FindingRow(payment.household, payment.fact, figures)


def _people(payments: Sequence[Paid]) -> tuple[str, ...]:
    return tuple(sorted({person for payment in payments for person in payment.people}))


def under_limit(payments: Iterable[Paid], *, rules: Rules) -> list[Finding]:
    """Projects whose payments crowd just under a limit while hardly any lie just above it.

    A sum just under a limit says nothing by itself; only the missing ones above it do.
    """
    rule = rules["under_limit"]
    margin, least, times = rule.number("margin_share"), rule.number("least_payments"), rule.number("times_above")
    by_project: dict[str, list[Paid]] = defaultdict(list)
    for payment in payments:
        by_project[project_of(payment.household)].append(payment)
    found = []
    for project, held in by_project.items():
        for limit in rule.numbers("limits_yuan"):
            below = [one for one in held if limit * (1 - margin) <= one.amount < limit]
            above = sum(limit <= one.amount < limit * (1 + margin) for one in held)
            if len(below) < least or len(below) < times * max(above, 1):
                continue
            below.sort(key=lambda one: (one.household, one.on, one.fact))
            sentence = Reason(
                code="integrity.under_limit",
                message=N_("%(below)s payments lie within %(margin)s%% under the limit of %(limit)s yuan, and "
                           "%(above)s as close above it."),
                parameters={
                    "below": len(below), "above": above, "margin": f"{(margin * 100).normalize():f}",
                    "limit": f"{limit:,.2f}",
                },
                source=rule.source,
                remedy=N_("Show the statements behind these sums and who approved them."),
            )
            rows = tuple(_row(one) for one in below)
            found.append(Finding(rule.id, key_of(rule.id, project, str(limit)), sentence, rows, _people(below)))
    return sorted_findings(found)


def split_payments(payments: Iterable[Paid], *, rules: Rules) -> list[Finding]:
    """Households paid in parts within a few days, each under a limit that their sum reaches."""
    rule = rules["split_payments"]
    window = timedelta(days=int(rule.number("window_days")))
    by_household: dict[str, list[Paid]] = defaultdict(list)
    for payment in payments:
        by_household[payment.household].append(payment)
    found = []
    for household, held in by_household.items():
        held.sort(key=lambda one: (one.on, one.fact))
        parts, limit = _widest_split(held, limits=rule.numbers("limits_yuan"), window=window)
        if limit is None:
            continue
        sentence = Reason(
            code="integrity.split_payments",
            message=N_("%(parts)s payments within %(days)s days, each under the limit of %(limit)s yuan, make "
                       "%(sum)s yuan together."),
            parameters={
                "parts": len(parts), "days": (parts[-1].on - parts[0].on).days, "limit": f"{limit:,.2f}",
                "sum": f"{sum((one.amount for one in parts), Decimal(0)):,.2f}",
            },
            source=rule.source,
            remedy=N_("Show that the agreement names these instalments, or who decided to divide the sum."),
        )
        rows = tuple(_row(one) for one in parts)
        found.append(Finding(rule.id, key_of(rule.id, household), sentence, rows, _people(parts)))
    return sorted_findings(found)


def _widest_split(
    held: Sequence[Paid], *, limits: Sequence[Decimal], window: timedelta
) -> tuple[list[Paid], Decimal | None]:
    """The payments of one window that stay under the highest limit which their sum reaches."""
    best: tuple[list[Paid], Decimal | None] = ([], None)
    for start, first in enumerate(held):
        within = [one for one in held[start:] if one.on <= first.on + window]
        for limit in limits:
            parts = [one for one in within if one.amount < limit]
            reaches = len(parts) > 1 and sum((one.amount for one in parts), Decimal(0)) >= limit
            if reaches and (best[1] is None or limit > best[1]):
                best = (parts, limit)
    return best
