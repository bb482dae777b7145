"""Three things that must agree before a payment is recorded: what is due, what was ordered, what the bank answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from zhengtu.core.funds.payments import CEILING_SOURCE
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import ZERO, grouped
from zhengtu.core.kernel.reasons import Reason


class Outcome(StrEnum):
    """What a line of the bank's reply comes to."""

    PAID = "paid"
    FAILED = "failed"
    MISMATCH = "mismatch"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """A line of an authorised order. ``is_answered``: an earlier reply settled it."""

    reference: str
    household: str
    amount_yuan: Decimal
    account_index: str
    is_answered: bool = False


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """A line of the bank's reply; ``account_index`` is the keyed hash of the account as the bank writes it."""

    row: int
    reference: str
    amount_yuan: Decimal
    account_index: str
    account_masked: str
    is_executed: bool
    booked_on: date | None
    bank_reference: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class LineMatch:
    """A line of the reply with what it comes to, and why where it is not accepted."""

    line: ReplyLine
    outcome: Outcome
    reasons: Sequence[Reason] = field(default=())


def match_reply(
    replies: Sequence[ReplyLine],
    *,
    ordered: Mapping[str, OrderedLine],
    open_yuan: Mapping[str, Decimal],
    authorised_on: date,
    today: date,
) -> list[LineMatch]:
    """Each line of a reply matched with its order line and with what the household is due.

    Args:
        ordered: lines of the order by reference.
        open_yuan: household -> due less paid (orders under way not deducted); it shrinks with each accepted line.
        authorised_on: no payment is booked before this day.
        today: nor after this one.
    """
    counted = Counter(line.reference for line in replies)
    left = dict(open_yuan)
    matches = []
    for reply in replies:
        line = ordered.get(reply.reference)
        if line is not None and line.is_answered and counted[reply.reference] == 1:
            matches.append(LineMatch(reply, Outcome.REPEATED))
            continue
        reasons = _order_reasons(reply, line, times=counted[reply.reference])
        if line is not None and reply.is_executed and not reasons:
            reasons += _day_reasons(reply, authorised_on=authorised_on, today=today)
            reasons += _due_reasons(reply, open_yuan=left.get(line.household, ZERO))
        if reasons or line is None:
            matches.append(LineMatch(reply, Outcome.MISMATCH, reasons))
        elif reply.is_executed:
            left[line.household] = left.get(line.household, ZERO) - reply.amount_yuan
            matches.append(LineMatch(reply, Outcome.PAID))
        else:
            matches.append(LineMatch(reply, Outcome.FAILED))
    return matches


def _order_reasons(reply: ReplyLine, line: OrderedLine | None, *, times: int) -> list[Reason]:
    where: dict[str, object] = {"row": reply.row, "reference": reply.reference or "—"}
    if line is None:
        return [_reason("unknown_reference", N_("Row %(row)s: the order has no line %(reference)s."), where)]
    if times > 1:
        return [_reason("reference_twice", N_("Row %(row)s: the reply names %(reference)s more than once."), where)]
    reasons = []
    if reply.amount_yuan != line.amount_yuan:
        amounts = {**where, "ordered": grouped(line.amount_yuan), "answered": grouped(reply.amount_yuan)}
        reasons.append(
            _reason(
                "amount_differs",
                N_("Row %(row)s, %(reference)s: ordered %(ordered)s yuan, the bank answers %(answered)s yuan."),
                amounts,
            )
        )
    if reply.account_index != line.account_index:
        reasons.append(
            _reason("account_differs", N_("Row %(row)s, %(reference)s: the account is not the payee's."), where)
        )
    return reasons


def _day_reasons(reply: ReplyLine, *, authorised_on: date, today: date) -> list[Reason]:
    where: dict[str, object] = {"row": reply.row, "reference": reply.reference}
    if reply.booked_on is None:
        return [_reason("no_day", N_("Row %(row)s, %(reference)s: the day of payment is missing."), where)]
    if not authorised_on <= reply.booked_on <= today:
        where |= {
            "on": reply.booked_on.isoformat(), "first": authorised_on.isoformat(), "last": today.isoformat()
        }
        return [
            _reason(
                "day_outside",
                N_("Row %(row)s, %(reference)s: paid on %(on)s, which lies outside %(first)s to %(last)s."), where,
            )
        ]
    return []


def _due_reasons(reply: ReplyLine, *, open_yuan: Decimal) -> list[Reason]:
    if reply.amount_yuan <= open_yuan:
        return []
    return [
        Reason(
            code="payment_reply.above_due",
            message=N_("Row %(row)s, %(reference)s: %(amount)s yuan exceed the %(open)s yuan still due."),
            parameters={
                "row": reply.row, "reference": reply.reference, "amount": grouped(reply.amount_yuan),
                "open": grouped(max(ZERO, open_yuan)),
            },
            source=CEILING_SOURCE,
            remedy=N_("Compare the agreement with what was paid; have the bank take back what is too much."),
        )
    ]


def _reason(code: str, message: str, parameters: Mapping[str, object]) -> Reason:
    return Reason(
        code=f"payment_reply.{code}", message=message, parameters=dict(parameters),
        remedy=N_("Clear it with the bank and upload its corrected reply."),
    )
