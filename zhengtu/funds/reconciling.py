"""The statements of a dedicated account against what is recorded: matches, and what is left over on both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from zhengtu.core.funds.reconciliation import Movement, Reconciliation, StatementLine, reconcile
from zhengtu.funds.models import BankStatement, BankStatementLine
from zhengtu.funds.money_facts import ARRIVALS, EXPLANATIONS, AccountFact, account_facts, household_payments
from zhengtu.ledger.rulebook import current_rulebook


@dataclass(frozen=True, slots=True)
class Difference:
    """Something left over: ``item`` names it in an explanation; ``explained`` is that, or None.

    Exactly one of ``line`` and ``movement`` is given.
    """

    item: str
    on: date
    amount_yuan: Decimal
    line: BankStatementLine | None
    movement: Movement | None
    explained: AccountFact | None


@dataclass(frozen=True, slots=True)
class Break:
    """Between two lines of the statements something is missing: the balances do not follow one another."""

    after_on: date
    before_on: date
    closing_yuan: Decimal
    opening_yuan: Decimal


@dataclass(frozen=True, slots=True)
class AccountReconciliation:
    """Everything about the statements of one account by a day.

    Attributes:
        first_on, last_on: days that the statements cover; recorded sums outside are not yet due to be matched.
        difference_yuan: recorded balance on ``last_on`` less the bank's; None without statements.
        pending: recorded sums after the last line.
    """

    statements: Sequence[BankStatement]
    matched: Reconciliation
    lines: Mapping[str, BankStatementLine]
    differences: Sequence[Difference]
    breaks: Sequence[Break]
    first_on: date | None
    last_on: date | None
    bank_balance_yuan: Decimal | None
    ledger_balance_yuan: Decimal | None
    pending: int

    @property
    def difference_yuan(self) -> Decimal | None:
        if self.bank_balance_yuan is None or self.ledger_balance_yuan is None:
            return None
        return self.ledger_balance_yuan - self.bank_balance_yuan

    @property
    def unexplained(self) -> list[Difference]:
        """What still needs a reason."""
        return [difference for difference in self.differences if difference.explained is None]

    @property
    def unexplained_items(self) -> set[str]:
        return {difference.item for difference in self.unexplained}


def reconciliation_of(account: str, *, on: date, known: date | None) -> AccountReconciliation:
    """The reconciliation of one account by the end of a day, with what was recorded by ``known`` (None: now)."""
    lines = _lines(account, on=on, known=known)
    facts = account_facts([account], (*ARRIVALS, *EXPLANATIONS), on=on, known=known)[account]
    movements = _movements(account, facts, on=on, known=known)
    explained = {str(fact.attributes["item"]): fact for fact in facts if fact.kind in EXPLANATIONS}
    by_key = {f"line:{line.key}": line for line in lines}
    window = current_rulebook().funds.window_days
    matched = reconcile(
        (StatementLine(key, line.booked_on, line.amount_yuan, line.reference) for key, line in by_key.items()),
        movements, window_days=window,
    )
    first_on, last_on = (lines[0].booked_on, lines[-1].booked_on) if lines else (None, None)
    covered = [m for m in matched.movements if first_on is not None and last_on is not None and m.on <= last_on]
    differences = [
        Difference(line.key, line.on, line.amount_yuan, by_key[line.key], None, explained.get(line.key))
        for line in matched.lines
    ] + [
        Difference(m.key, m.on, m.amount_yuan, None, m, explained.get(m.key)) for m in covered
    ]
    return AccountReconciliation(
        statements=_statements(account, known=known), matched=matched, lines=by_key,
        differences=sorted(differences, key=lambda one: (one.on, one.item)), breaks=_breaks(lines),
        first_on=first_on, last_on=last_on, bank_balance_yuan=lines[-1].balance_yuan if lines else None,
        ledger_balance_yuan=(
            sum((m.amount_yuan for m in movements if m.on <= last_on), Decimal("0.00")) if last_on else None
        ),
        pending=len(matched.movements) - len(covered) if lines else 0,
    )


def _statements(account: str, *, known: date | None) -> list[BankStatement]:
    rows = BankStatement.objects.filter(participation=account).select_related("deed").order_by("-last_on", "-id")
    return list(rows if known is None else rows.filter(deed__recorded_on__lte=known))


def _lines(account: str, *, on: date, known: date | None) -> list[BankStatementLine]:
    """Lines in the order of the bank."""
    rows = BankStatementLine.objects.filter(participation=account, booked_on__lte=on)
    if known is not None:
        rows = rows.filter(statement__deed__recorded_on__lte=known)
    return list(rows.order_by("booked_on", "statement__first_on", "id"))


def _movements(
    account: str, facts: Sequence[AccountFact], *, on: date, known: date | None
) -> list[Movement]:
    arrivals = [
        Movement(
            fact.reference, fact.happened_on, Decimal(fact.attributes["amount_yuan"]),
            reference=str(fact.attributes["bank_reference"]),
        )
        for fact in facts if fact.kind in ARRIVALS
    ]
    return arrivals + [
        Movement(reference, day, -amount, batch=deed)
        for reference, day, amount, deed in household_payments(account, on=on, known=known)
    ]


def _breaks(lines: Sequence[BankStatementLine]) -> list[Break]:
    """Places where the next line's opening balance is not the balance before it."""
    return [
        Break(before.booked_on, line.booked_on, before.balance_yuan, line.balance_yuan - line.amount_yuan)
        for before, line in pairwise(lines)
        if line.balance_yuan - line.amount_yuan != before.balance_yuan
    ]
