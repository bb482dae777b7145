"""Who owes what of a family's subsidy, where its payer changed: each what accrued in its time.

A new payer owes what accrues from the day of the change on. What accrued before stays with the former one, unless the
deed says that debts go over (Civil Code, art. 551: a debt passes to another only as the creditor agrees, and the family
is the creditor). A begun month that counts whole falls to the payer in whose time it began. The shares of all payers
add up to the account of the family on every day, to the fen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from zhengtu.core.compensation.subsidy_account import (
    PaidPeriod,
    SubsidyAccount,
    WaitingTerms,
    accrued_until,
    due_for,
    due_until_on,
)
from zhengtu.core.kernel.money import ZERO


@dataclass(frozen=True, slots=True)
class PayerSpan:
    """From which day a unit pays.

    Attributes:
        from_on: of the first payer only its place counts, for it pays from the beginning.
        takes_debts: whether it took over what the payer before it owed on that day.
    """

    payer: str
    payer_kind: str
    from_on: date
    takes_debts: bool = False


@dataclass(frozen=True, slots=True)
class PaymentMade:
    """A payment to the family for the days of a period."""

    period: PaidPeriod
    paid_on: date


@dataclass(frozen=True, slots=True)
class PayerShare:
    """What one payer owes and was paid on its account; ``is_former`` in the account: it no longer pays."""

    payer: str
    payer_kind: str
    account: SubsidyAccount


def payer_spans(told: Iterable[PayerSpan]) -> tuple[PayerSpan, ...]:
    """Payers one after another from terms in their order; of the terms of one day the last count."""
    found: list[PayerSpan] = []
    for span in told:
        if found and found[-1].from_on == span.from_on:
            del found[-1]
        if found and found[-1].payer == span.payer:
            found[-1] = replace(found[-1], payer_kind=span.payer_kind)
        else:
            found.append(span)
    return tuple(found)


def holder_of(spans: Sequence[PayerSpan], day: date, *, on: date) -> PayerSpan:
    """Who owes, as of ``on``, what accrues on ``day``."""
    place = max((number for number, span in enumerate(spans) if number and span.from_on <= day), default=0)
    return spans[_holder(spans, place, on)]


def _holder(spans: Sequence[PayerSpan], place: int, on: date) -> int:
    while place + 1 < len(spans) and spans[place + 1].takes_debts and spans[place + 1].from_on <= on:
        place += 1
    return place


def divided(
    terms: WaitingTerms, account: SubsidyAccount, *, spans: Sequence[PayerSpan], payments: Sequence[PaymentMade]
) -> tuple[SubsidyAccount, tuple[PayerShare, ...]]:
    """The account with its parts, and the shares that they are of; see ``shares_of``."""
    shares = shares_of(terms, account, spans=spans, payments=payments)
    if len(shares) == 1:
        return account, shares
    return replace(account, parts=tuple(share.account for share in shares)), shares


@dataclass(slots=True)
class _Tally:
    accrued: Decimal = ZERO
    overdue: Decimal = ZERO
    due: Decimal = ZERO
    paid: Decimal = ZERO

    def add(self, other: _Tally) -> None:
        self.accrued += other.accrued
        self.overdue += other.overdue
        self.due += other.due
        self.paid += other.paid


def shares_of(
    terms: WaitingTerms, account: SubsidyAccount, *, spans: Sequence[PayerSpan], payments: Sequence[PaymentMade]
) -> tuple[PayerShare, ...]:
    """The account by payer, former ones first; the one of today last, who has what the others have not.

    Where the basis of the account is missing there is nothing to divide, and it stays with the payer of today.

    Args:
        account: as ``account_on`` has it, with these payments.
        spans: of payers until the day of the account, at least one.
    """
    today = spans[-1]
    if len(spans) == 1 or account.accrued is None or account.overdue is None or account.due is None:
        return (PayerShare(today.payer, today.payer_kind, account),)
    former: dict[str, _Tally] = defaultdict(_Tally)
    kinds: dict[str, str] = {}
    for span, tally in zip(spans, _tallies(terms, spans, payments, on=account.on), strict=True):
        if span.payer != today.payer:
            former[span.payer].add(tally)
            kinds[span.payer] = span.payer_kind
    shares = [
        PayerShare(payer, kinds[payer], SubsidyAccount(
            on=account.on, paid=one.paid, accrued=one.accrued, overdue=one.overdue, monthly=ZERO, due=one.due,
            is_dated=account.is_dated, rule=account.rule, is_former=True,
        ))
        for payer, one in former.items() if one.accrued or one.paid
    ]
    others = _Tally()
    for tally in former.values():
        others.add(tally)
    left = replace(
        account, paid=account.paid - others.paid, accrued=account.accrued - others.accrued,
        overdue=account.overdue - others.overdue, due=account.due - others.due,
    )
    return (*shares, PayerShare(today.payer, today.payer_kind, left))


def _tallies(
    terms: WaitingTerms, spans: Sequence[PayerSpan], payments: Sequence[PaymentMade], *, on: date
) -> list[_Tally]:
    """What each payer but the last holds of the debts of all times, and what was paid on it."""
    found = [_Tally() for _ in spans]
    paid = _paid_by_span(terms, spans, payments)
    reached = due_until_on(terms, on=on)
    before = (ZERO, ZERO, ZERO)
    for place in range(len(spans) - 1):
        day = spans[place + 1].from_on
        accrual = accrued_until(terms, day)
        after = (accrual.total, accrual.overdue, accrued_until(terms, min(day, reached)).total)
        debt, overdue, due = (later - earlier for later, earlier in zip(after, before, strict=True))
        before = after
        position = ZERO
        for holder, kept in _kept(spans, place, debt, paid[place]):
            end = position + kept
            found[holder].accrued += kept
            found[holder].overdue += end - max(position, min(end, debt - overdue))
            found[holder].due += max(ZERO, min(end, due) - position)
            position = end
    for parts in paid.values():
        for holder, amount in parts.items():
            found[holder].paid += amount
    return found


def _kept(
    spans: Sequence[PayerSpan], place: int, debt: Decimal, paid: dict[int, Decimal]
) -> Iterator[tuple[int, Decimal]]:
    """What each holder of a debt keeps of it, the oldest part first: what it had paid when the rest went over."""
    holder, left = place, debt
    while holder + 1 < len(spans) and spans[holder + 1].takes_debts:
        kept = min(left, paid.get(holder, ZERO))
        yield holder, kept
        left -= kept
        holder += 1
    yield holder, left


def _paid_by_span(
    terms: WaitingTerms, spans: Sequence[PayerSpan], payments: Sequence[PaymentMade]
) -> dict[int, dict[int, Decimal]]:
    """Place of the time that was paid for -> who held that debt on the day of payment -> sum.

    A payment across a change goes to the days before it first, up to what is due for them.
    """
    found: dict[int, dict[int, Decimal]] = {place: defaultdict(lambda: ZERO) for place in range(len(spans))}
    starts = [date.min, *(span.from_on for span in spans[1:])]
    ends = [*starts[1:], date.max]
    for payment in payments:
        period, left = payment.period, payment.period.amount
        pieces = [
            (place, PaidPeriod(max(period.from_on, start), min(period.until_on, end), ZERO))
            for place, (start, end) in enumerate(zip(starts, ends, strict=True))
            if max(period.from_on, start) < min(period.until_on, end)
        ]
        for number, (place, piece) in enumerate(pieces, start=1):
            part = left if number == len(pieces) else min(left, due_for(terms, piece))
            found[place][_holder(spans, place, payment.paid_on)] += part
            left -= part
    return found
