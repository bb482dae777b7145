"""Accounts of transition subsidies added up: as a whole, and by whatever their families share."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final, TypeVar

from zhengtu.core.compensation.subsidy_account import SubsidyAccount, per_day
from zhengtu.core.kernel.money import EXACT, ZERO

Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)
_MONTHS_A_YEAR: Final = Decimal(12)


@dataclass(frozen=True, slots=True)
class SubsidyTotals:
    """Accounts added up: ``accrued - paid == owed - prepaid`` to the fen.

    Attributes:
        missing: families without a basis, which no sum contains; paid_without_basis: what they were paid.
        arrears: fallen due and not paid; not_due: accrued, and due on a later day; undated: accrued and unpaid where
            nothing on file says when it falls due. They are what is owed, but that arrears of what is to be paid ahead
            may be more than has accrued.
        former: shares of payers that no longer pay, beside the families.
    """

    families: int = 0
    missing: int = 0
    accrued: Decimal = ZERO
    overdue: Decimal = ZERO
    paid: Decimal = ZERO
    owed: Decimal = ZERO
    prepaid: Decimal = ZERO
    monthly: Decimal = ZERO
    paid_without_basis: Decimal = ZERO
    arrears: Decimal = ZERO
    not_due: Decimal = ZERO
    undated: Decimal = ZERO
    former: int = 0

    @property
    def is_unknown(self) -> bool:
        """Whether no family has a basis: then there is no sum, and nobody reads a nought."""
        return 0 < self.families == self.missing and not self.former

    @property
    def per_day(self) -> Decimal:
        """What one more day costs them all (yuan)."""
        return per_day(self.monthly)

    @property
    def per_year(self) -> Decimal:
        """What a year costs at the rates of the day (yuan)."""
        return self.monthly * _MONTHS_A_YEAR

    def __add__(self, other: SubsidyTotals) -> SubsidyTotals:
        return SubsidyTotals(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def totals_of(accounts: Iterable[SubsidyAccount]) -> SubsidyTotals:
    """Accounts added up; a share of a former payer adds its sums and is no family of its own."""
    found = _Sums()
    for one in accounts:
        found.add(one)
    return found.totals()


def totals_by(
    rows: Iterable[Row], *, key: Callable[[Row], Key], account: Callable[[Row], SubsidyAccount]
) -> dict[Key, SubsidyTotals]:
    """Totals of the rows that share a key, by key."""
    found: dict[Key, _Sums] = {}
    for row in rows:
        held = key(row)
        if held not in found:
            found[held] = _Sums()
        found[held].add(account(row))
    return {held: sums.totals() for held, sums in found.items()}


class _Sums:
    """Accounts added up one by one; a share of a former payer adds its sums and is no family of its own."""

    def __init__(self) -> None:
        self._families = self._missing = self._former = 0
        self._accrued = self._overdue = self._paid = self._owed = self._prepaid = self._monthly = ZERO
        self._arrears = self._not_due = self._undated = self._paid_without_basis = ZERO

    def add(self, one: SubsidyAccount) -> None:
        """Count one account."""
        add = EXACT.add
        self._former += one.is_former or sum(part.is_former for part in one.parts)
        self._families += not one.is_former
        if one.missing is not None:
            self._missing += not one.is_former
            self._paid_without_basis = add(self._paid_without_basis, one.paid)
            return
        self._accrued, self._overdue = add(self._accrued, one.accrued or ZERO), add(self._overdue, one.overdue or ZERO)
        self._paid, self._owed = add(self._paid, one.paid), add(self._owed, one.owed or ZERO)
        self._prepaid, self._monthly = add(self._prepaid, one.prepaid or ZERO), add(self._monthly, one.monthly or ZERO)
        self._arrears = add(self._arrears, one.arrears or ZERO)
        if one.is_dated:
            self._not_due = add(self._not_due, one.running or ZERO)
        else:
            self._undated = add(self._undated, one.running or ZERO)

    def totals(self) -> SubsidyTotals:
        """What they come to."""
        return SubsidyTotals(
            families=self._families, missing=self._missing, accrued=self._accrued, overdue=self._overdue,
            paid=self._paid, owed=self._owed, prepaid=self._prepaid, monthly=self._monthly,
            paid_without_basis=self._paid_without_basis, arrears=self._arrears, not_due=self._not_due,
            undated=self._undated, former=self._former,
        )
