"""What of the subsidies falls due in the months to come, by the rhythm on file; nothing else is called due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhengtu.core.compensation.subsidy_account import DueInstalment, instalments_after
from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.kernel.money import ZERO
from zhengtu.core.kernel.reasons import Refused
from zhengtu.resettlement.subsidies import SubsidyRow


@dataclass(frozen=True, slots=True)
class DueMonth:
    """Instalments of all families that fall due in a calendar month (yuan); starts_on: its first day."""

    starts_on: date
    first_due_on: date
    families: int
    amount: Decimal


def instalments_of(row: SubsidyRow, *, until: date) -> list[DueInstalment]:
    """What falls due to a family after the day of its account, if it waits until then.

    Sums are by the rule, whatever was paid ahead; nothing where a basis is missing.
    """
    if row.terms is None:
        return []
    try:
        return list(instalments_after(row.terms, row.account.on, until=until))
    except Refused:
        return []


def months_due(rows: Iterable[SubsidyRow], *, on: date, months: int) -> Sequence[DueMonth]:
    """What falls due month by month in so many months after a day; months without any are left out."""
    found: dict[date, tuple[date, set[str], Decimal]] = {}
    for row in rows:
        for one in instalments_of(row, until=add_months(on, months)):
            day = one.instalment.due_on
            first, families, amount = found.get(day.replace(day=1), (day, set(), ZERO))
            found[day.replace(day=1)] = (min(first, day), families | {row.household}, amount + one.amount)
    return [
        DueMonth(starts_on, first, len(families), amount)
        for starts_on, (first, families, amount) in sorted(found.items())
    ]
