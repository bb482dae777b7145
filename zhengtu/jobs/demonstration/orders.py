"""The demonstration's payment orders: one in each state, made, checked, authorised and answered by the real actions."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.core.files.base import ContentFile
from django.utils.translation import gettext, override

from zhengtu.accounts.queries import actor_of, person_called
from zhengtu.casework.paid_payees import agreement_payees
from zhengtu.core.authority.actor import Actor
from zhengtu.core.funds.payments import Payee
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.reasons import Refused
from zhengtu.funds.bank_files import bank_file
from zhengtu.funds.models import OrderKind
from zhengtu.funds.ordering import OrderedSum
from zhengtu.funds.paying import record_reply
from zhengtu.funds.payment_actions import authorise_order, check_order, prepare_order, return_order
from zhengtu.funds.payment_queries import due_households, payable_parts
from zhengtu.funds.reply_reading import EXECUTED, NOT_EXECUTED, REPLY_COLUMNS

PAYERS: Final = (
    ("railway_maker", "railway_checker", "client_railway"), ("guokai_maker", "guokai_checker", "client_guokai"),
    ("finance_maker", "finance_checker", "finance_bureau"),
)
_LINES: Final = 2
_NOTARY: Final = Payee("江城公证处提存专户（演示）", "9999000099999999999")
_RETURN_REASON: Final = "第2户与产权人姓名不符，请核对（演示）"
_DEPOSIT_REASON: Final = "收款人拒绝受领（演示）"
_FAILURE: Final = "户名与账号不符（演示）"


@dataclass(frozen=True, slots=True)
class Hands:
    """Maker, checker and authoriser of one paying unit."""

    maker: Actor
    checker: Actor
    authoriser: Actor


def order_payments(*, now: datetime) -> int:
    """Make orders in every state for each paying unit, where most is due that may be paid; returns how many."""
    made = 0
    for usernames in PAYERS:
        people = [person_called(username) for username in usernames]
        hands = Hands(*(actor_of(person, on=civil_date(at=now)) for person in people if person is not None))
        parts = [(code, due_households(code)) for code, _ in payable_parts(hands.maker)]
        for part in sorted(parts, key=lambda part: -len(part[1])):
            ordered = _orders_of(hands, *_named(part), now=now)
            made += ordered
            if ordered:
                break
    return made


def _named(part: tuple[str, Sequence[object]]) -> tuple[str, list[OrderedSum]]:
    code, due = part
    return code, [OrderedSum(one.household.code, one.balance.open_yuan) for one in due]  # type: ignore[attr-defined]


def _orders_of(hands: Hands, part: str, sums: list[OrderedSum], *, now: datetime) -> int:
    """An order settled in part, one with the bank, one to be authorised, one to be checked, one returned, a deposit."""
    made, clock = 0, now
    for state in ("answered", "authorised", "checked", "prepared", "returned", "deposit"):
        chosen, sums = sums[:_LINES], sums[_LINES:]
        if not chosen:
            break
        clock += timedelta(seconds=1)
        try:
            order = _prepared(hands, part, chosen, state=state, now=clock)
        except Refused:
            continue  # households that the law does not let be paid yet
        made += 1
        _carried_to(state, hands, order, now=clock)
    return made


def _prepared(hands: Hands, part: str, sums: list[OrderedSum], *, state: str, now: datetime) -> str:
    if state == "deposit":
        one = OrderedSum(sums[0].household, sums[0].amount_yuan, payees=(_NOTARY,))
        return prepare_order(
            actor=hands.maker, participation=part, sums=[one], kind=OrderKind.DEPOSIT, purpose=_DEPOSIT_REASON, now=now
        ).code
    return prepare_order(
        actor=hands.maker, participation=part, sums=sums, now=now, payees=agreement_payees, leaves_out_refused=True
    ).code


def _carried_to(state: str, hands: Hands, order: str, *, now: datetime) -> None:
    if state == "prepared":
        return
    if state == "returned":
        return_order(actor=hands.checker, order=order, reason=_RETURN_REASON, now=now)
        return
    check_order(actor=hands.checker, order=order, now=now)
    if state in ("answered", "authorised"):
        authorise_order(actor=hands.authoriser, order=order, now=now)
    if state == "answered":
        file = bank_file(actor=hands.authoriser, order=order, layout="csv", now=now)
        reply = ContentFile(_reply_to(file.content, now=now), name="reply.csv")
        record_reply(actor=hands.maker, order=order, file=reply, name=f"{order}-reply.csv", now=now)


def _reply_to(content: bytes, *, now: datetime) -> bytes:
    """What the bank answers: all executed but the last line, whose account it does not find."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:-1]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    with override("zh-hans"):
        writer.writerow([gettext(heading) for heading in REPLY_COLUMNS.values()])
        for number, (reference, _payee, account, amount, _purpose) in enumerate(rows, start=1):
            failed = number == len(rows) > 1
            result = gettext(NOT_EXECUTED[0] if failed else EXECUTED[0])
            writer.writerow([
                reference, account, f"{Decimal(amount):.2f}", result, civil_date(at=now).isoformat(),
                f"{number:08d}", _FAILURE if failed else "",
            ])
    return text.getvalue().encode()
