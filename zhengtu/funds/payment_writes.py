"""Row changes of payment orders; only actions call them, inside an open deed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from zhengtu.accounts.sealing import seal, search_index
from zhengtu.core.funds.payments import FrozenLine, OrderState, OrderStep, Payee, lines_digest
from zhengtu.core.funds.reply_matching import LineMatch
from zhengtu.core.kernel.codes import project_of
from zhengtu.core.kernel.masking import mask_identity, mask_name
from zhengtu.funds.models import (
    BankReply,
    BankReplyLine,
    LineState,
    PaymentLine,
    PaymentOrder,
    PaymentOrderStep,
    PaymentRun,
)
from zhengtu.funds.payees import account_index
from zhengtu.ledger.act import OpenDeed
from zhengtu.ledger.writes import reason_as_json

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class PayableLine:
    """A line about to be written: one payee of one household."""

    household: str
    amount_yuan: Decimal
    payee: Payee
    other_property_reason: str = ""


def insert_order(deed: OpenDeed, *, participation: str, kind: str, purpose: str) -> PaymentOrder:
    """An empty order with the participation's next number; the held chain keeps numbers apart."""
    last = PaymentOrder.objects.filter(participation=participation).aggregate(last=Max("code"))["last"]
    number = int(last.rpartition("-Z")[2]) + 1 if last else 1
    return PaymentOrder.objects.create(
        code=f"{participation}-Z{number:04d}", participation=participation, project_id=project_of(participation),
        kind=kind, purpose=purpose, maker_id=deed.actor.person,
    )


def replace_lines(order: PaymentOrder, lines: Sequence[PayableLine]) -> None:
    """Put these lines in the place of those that the order has."""
    order.lines.all().delete()
    PaymentLine.objects.bulk_create(
        [
            PaymentLine(
                order=order, reference=f"{order.code}-{number:05d}", household_id=line.household,
                amount_yuan=line.amount_yuan,
                payee_sealed=seal({"name": line.payee.name, "account": line.payee.account}),
                payee_masked=mask_name(line.payee.name)[:64], payee_index=search_index(line.payee.name),
                account_masked=mask_identity(line.payee.account)[:40],
                account_index=account_index(line.payee.account), other_property_reason=line.other_property_reason,
            )
            for number, line in enumerate(lines, start=1)
        ],
        batch_size=_BATCH,
    )


def set_order(order: PaymentOrder, **values: Any) -> None:
    """Change what is noted of an order."""
    PaymentOrder.objects.filter(pk=order.pk).update(**values)


def note_step(deed: OpenDeed, *, order: PaymentOrder, step: OrderStep, reason: str = "") -> None:
    """Note who took a step, under the deed just recorded."""
    PaymentOrderStep.objects.create(
        order=order, step=step, person_id=deed.actor.person, deed_id=deed.id, reason=reason[:500]
    )


def digest_of(order: PaymentOrder) -> str:
    """The digest of an order's lines as they are now."""
    rows = order.lines.values_list("reference", "household_id", "amount_yuan", "payee_index", "account_index")
    return lines_digest([FrozenLine(*row) for row in rows], kind=order.kind)


def mark_paid(order: PaymentOrder, facts: Mapping[str, str]) -> None:
    """Lines paid: reference -> deed/ordinal of the fact that says so."""
    lines = list(order.lines.filter(reference__in=facts))
    for line in lines:
        line.state, line.fact = LineState.PAID, facts[line.reference]
    PaymentLine.objects.bulk_update(lines, ["state", "fact"], batch_size=_BATCH)


def mark_failed(order: PaymentOrder, failures: Mapping[str, str]) -> None:
    """Lines that the bank did not execute: reference -> what it says."""
    lines = list(order.lines.filter(reference__in=failures))
    for line in lines:
        line.state, line.failure = LineState.FAILED, failures[line.reference][:255]
    PaymentLine.objects.bulk_update(lines, ["state", "failure"], batch_size=_BATCH)


def unmark(order: PaymentOrder, references: Iterable[str]) -> None:
    """Lines marked as paid whose fact the gate refuses: under way again, before the deed is recorded."""
    order.lines.filter(reference__in=list(references)).update(state=LineState.PENDING, fact="")


def settle_if_answered(order: PaymentOrder) -> None:
    """The order is settled once each of its lines is answered."""
    if not order.lines.filter(state=LineState.PENDING).exists():
        set_order(order, state=OrderState.SETTLED)


def insert_reply(deed: OpenDeed, *, order: PaymentOrder, file_name: str, matches: Sequence[LineMatch]) -> BankReply:
    """Keep a reply's lines with what each came to."""
    reply = BankReply.objects.create(order=order, deed_id=deed.id, file_name=file_name)
    BankReplyLine.objects.bulk_create(
        [
            BankReplyLine(
                reply=reply, row=match.line.row, reference=match.line.reference[:64],
                amount_yuan=match.line.amount_yuan, account_masked=match.line.account_masked[:40],
                booked_on=match.line.booked_on, bank_reference=match.line.bank_reference[:64], outcome=match.outcome,
                reasons=[reason_as_json(reason) for reason in match.reasons],
            )
            for match in matches
        ],
        batch_size=_BATCH,
    )
    return reply


def insert_run(*, participation: str, person: str, purpose: str, at: datetime) -> PaymentRun:
    """Note a bulk run."""
    return PaymentRun.objects.create(
        participation=participation, project_id=project_of(participation), started_by_id=person, started_at=at,
        beaten_at=at, purpose=purpose,
    )


def set_run(run_id: int, **values: Any) -> None:
    """Change what is noted of a run."""
    PaymentRun.objects.filter(pk=run_id).update(**values)


def claim_run(run_id: int, *, since: Sequence[str], to: str) -> bool:
    """Move a run on if it stands at one of the stages; false when somebody else did."""
    return bool(PaymentRun.objects.filter(pk=run_id, stage__in=since).update(stage=to))
