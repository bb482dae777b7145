"""What was paid: the bank's reply matched line by line, deposits with a notary, signed receipts; each one deed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.base import File

from zhengtu.core.authority.actor import Actor
from zhengtu.core.funds.payments import OrderState, OrderStep, frozen_reasons, step_reasons
from zhengtu.core.funds.reply_matching import LineMatch, OrderedLine, Outcome, ReplyLine, match_reply
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import ZERO
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.funds import payment_writes as writes
from zhengtu.funds.balances import balances_of
from zhengtu.funds.claim_register import release
from zhengtu.funds.exclusive_hands import RECORDING_VERB
from zhengtu.funds.models import BankReply, LineState, OrderKind, PaymentLine, PaymentOrder
from zhengtu.funds.ordering import payment_kind
from zhengtu.funds.payment_actions import hands_of, refuse_hands
from zhengtu.funds.reply_reading import read_reply
from zhengtu.ledger.act import NewFact, OpenDeed, act
from zhengtu.ledger.evidence_intake import OfferedFile, kept_files
from zhengtu.ledger.models import Fact
from zhengtu.registry.queries import subject_of


def record_reply(*, actor: Actor, order: str, file: File, name: str, now: datetime) -> BankReply:
    """Match a reply with its order and what is due; record what was paid, note what failed, list what differs.

    Everything accepted is one deed with the reply as its evidence. What is not accepted stays under way.

    Raises:
        Refused: no right, not authorised, a file that cannot be read, or one that says nothing new.
    """
    lines = _read(file, name)
    seen = PaymentOrder.objects.get(pk=order)
    with act(actor, RECORDING_VERB, on=subject_of(seen.participation), at=now) as deed:
        held = _answerable(deed, order)
        if held.kind == OrderKind.DEPOSIT:
            raise Refused(_deposit_by_certificate())
        matches = _matched(held, lines, today=civil_date(at=now))
        if all(match.outcome is Outcome.REPEATED for match in matches):
            raise Refused(_nothing_new())
        files = kept_files([OfferedFile("payment_voucher", name, file)], [])
        facts, matches = _accepted(deed, held, matches)
        deed.record(facts=facts, evidence=files, because=[_counted(held, matches)])
        reply = writes.insert_reply(deed, order=held, file_name=Path(name).name[:255], matches=matches)
        writes.note_step(deed, order=held, step=OrderStep.ANSWER)
        writes.settle_if_answered(held)
        release(_households(held, matches, Outcome.FAILED))
    return reply


def record_deposit(
    *, actor: Actor, order: str, certificate: OfferedFile, deposited_on: date, now: datetime
) -> str:
    """Record that the money of an authorised deposit lies with the notary; returns the deed's key.

    Raises:
        Refused: no right, no authorised deposit, no certificate, a day before the authorisation, or a shut gate.
    """
    seen = PaymentOrder.objects.get(pk=order)
    with act(actor, RECORDING_VERB, on=subject_of(seen.participation), at=now) as deed:
        held = _answerable(deed, order)
        if held.kind != OrderKind.DEPOSIT:
            raise Refused(_no_deposit())
        reasons = _day_reasons(held, deposited_on)
        kind = payment_kind(held.participation, kind=held.kind)
        lines = list(held.lines.filter(state=LineState.PENDING).order_by("reference"))
        facts = [
            NewFact("household", line.household_id, kind, deposited_on, {"amount_yuan": str(line.amount_yuan)})
            for line in lines
        ]
        files = kept_files([replace(certificate, kind="deposit_certificate")], reasons)
        _mark(deed, held, [line.reference for line in lines], facts)
        deed.record(facts=facts, evidence=files, because=[_why(held)])
        writes.note_step(deed, order=held, step=OrderStep.ANSWER)
        writes.settle_if_answered(held)
    return deed.id


def confirm_receipt(*, actor: Actor, line: PaymentLine, receipt: OfferedFile, signed_on: date, now: datetime) -> str:
    """Record that the family signed for a payment, with the signed receipt; returns the deed's key.

    Raises:
        Refused: no right, nothing paid on this line, signed before it was paid, or signed for already.
    """
    with act(actor, RECORDING_VERB, on=subject_of(line.household_id), at=now) as deed:
        held = PaymentLine.objects.select_for_update().get(pk=line.pk)
        reasons = _receipt_reasons(held, signed_on=signed_on, today=civil_date(at=now))
        files = kept_files([replace(receipt, kind="payment_receipt")], reasons)
        fact = NewFact(
            "household", held.household_id, "payment_received", signed_on,
            {"reference": held.reference, "amount_yuan": str(held.amount_yuan)},
        )
        return deed.record(facts=[fact], evidence=files)


def _read(file: File, name: str) -> list[ReplyLine]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "reply"
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        file.seek(0)
        return read_reply(path=path, name=name)


def _answerable(deed: OpenDeed, order: str) -> PaymentOrder:
    held = PaymentOrder.objects.select_for_update().get(pk=order)
    state, person = OrderState(held.state), deed.actor.person
    reasons = step_reasons(OrderStep.ANSWER, state=state, hands=hands_of(held), person=person)
    reasons = reasons or frozen_reasons(digest=held.digest, now=writes.digest_of(held))
    if reasons:
        raise Refused(*reasons)
    refuse_hands(deed, held)
    return held


def authorised_on(order: PaymentOrder) -> date:
    """The day on which the order was authorised."""
    step = order.steps.filter(step=OrderStep.AUTHORISE).select_related("deed").order_by("-pk")[0]
    return step.deed.recorded_on


def _matched(order: PaymentOrder, lines: Sequence[ReplyLine], *, today: date) -> list[LineMatch]:
    ordered = {
        line.reference: OrderedLine(
            line.reference, line.household_id, line.amount_yuan, line.account_index,
            is_answered=line.state != LineState.PENDING,
        )
        for line in order.lines.all()
    }
    balances = balances_of(sorted({line.household for line in ordered.values()}))
    return match_reply(
        lines, ordered=ordered, authorised_on=authorised_on(order), today=today,
        open_yuan={
            code: max(ZERO, (balance.due_yuan or ZERO) - balance.paid_yuan) for code, balance in balances.items()
        },
    )


def _accepted(
    deed: OpenDeed, order: PaymentOrder, matches: Sequence[LineMatch]
) -> tuple[list[NewFact], list[LineMatch]]:
    """Mark what was answered; facts of what was paid. A payment that the gate refuses becomes a mismatch."""
    writes.mark_failed(order, {
        match.line.reference: match.line.failure for match in matches if match.outcome is Outcome.FAILED
    })
    paid = [match for match in matches if match.outcome is Outcome.PAID]
    facts = _facts(order, paid)
    _mark(deed, order, [match.line.reference for match in paid], facts)
    if not facts or not deed.gate_reasons(facts, evidence=["payment_voucher"]):
        return facts, list(matches)
    refused = {
        match.line.reference: reasons for match, fact in zip(paid, facts, strict=True)
        if (reasons := deed.gate_reasons([fact], evidence=["payment_voucher"]))
    }
    writes.unmark(order, refused)
    kept = [match for match in paid if match.line.reference not in refused]
    facts = _facts(order, kept)
    _mark(deed, order, [match.line.reference for match in kept], facts)
    return facts, [
        replace(match, outcome=Outcome.MISMATCH, reasons=refused[match.line.reference])
        if match.line.reference in refused and match.outcome is Outcome.PAID else match
        for match in matches
    ]


def _facts(order: PaymentOrder, paid: Sequence[LineMatch]) -> list[NewFact]:
    households = dict(order.lines.values_list("reference", "household_id"))
    kind = payment_kind(order.participation, kind=order.kind)
    return [
        NewFact(
            "household", households[match.line.reference], kind, match.line.booked_on or authorised_on(order),
            {"amount_yuan": str(match.line.amount_yuan)},
        )
        for match in paid
    ]


def _mark(deed: OpenDeed, order: PaymentOrder, references: Sequence[str], facts: Sequence[NewFact]) -> None:
    """Mark lines as paid by the facts about to be recorded, so that they no longer count as under way."""
    key = deed.prepare(facts).deed
    writes.mark_paid(order, {
        reference: f"{key}/{ordinal}" for ordinal, reference in enumerate(references, start=1)
    })


def _households(order: PaymentOrder, matches: Sequence[LineMatch], outcome: Outcome) -> list[str]:
    references = [match.line.reference for match in matches if match.outcome is outcome]
    return list(order.lines.filter(reference__in=references).values_list("household_id", flat=True))


def _day_reasons(order: PaymentOrder, day: date) -> list[Reason]:
    if day >= authorised_on(order):
        return []
    return [
        Reason(
            "payment.before_authorised", N_("The order was authorised on %(on)s only."),
            {"on": authorised_on(order).isoformat()}, remedy=N_("Correct the day."),
        )
    ]


def _receipt_reasons(line: PaymentLine, *, signed_on: date, today: date) -> list[Reason]:
    if line.state != LineState.PAID:
        return [Reason("payment.not_paid", N_("Nothing was paid on this line yet."))]
    deed, _, ordinal = line.fact.rpartition("/")
    paid_on = Fact.objects.get(deed_id=deed, ordinal=int(ordinal)).happened_on
    if not paid_on <= signed_on <= today:
        return [
            Reason(
                "payment.receipt_day", N_("A receipt is signed between %(first)s and %(last)s."),
                {"first": paid_on.isoformat(), "last": today.isoformat()}, remedy=N_("Correct the day."),
            )
        ]
    if Fact.objects.filter(
        subject=line.household_id, kind="payment_received", attributes__reference=line.reference
    ).exists():
        return [Reason("payment.signed_for", N_("This payment is signed for already."))]
    return []


def _counted(order: PaymentOrder, matches: Sequence[LineMatch]) -> Reason:
    counts: Mapping[Outcome, int] = defaultdict(int, {
        outcome: sum(match.outcome is outcome for match in matches) for outcome in Outcome
    })
    paid: Decimal = sum((match.line.amount_yuan for match in matches if match.outcome is Outcome.PAID), ZERO)
    return Reason(
        "payment.reply",
        N_("Reply to %(order)s: %(paid)s paid (%(sum)s yuan), %(failed)s not executed, %(mismatch)s not accepted."),
        {
            "order": order.code, "paid": counts[Outcome.PAID], "failed": counts[Outcome.FAILED],
            "mismatch": counts[Outcome.MISMATCH], "sum": f"{paid:,.2f}",
        },
    )


def _why(order: PaymentOrder) -> Reason:
    return Reason("payment.because", N_("Reason: %(reason)s"), {"reason": order.purpose})


def _nothing_new() -> Reason:
    return Reason("payment_reply.nothing_new", N_("Every line of this reply was answered before."))


def _deposit_by_certificate() -> Reason:
    return Reason(
        "payment.deposit_certificate", N_("A deposit is proven by the notary's certificate, not by the bank."),
        source="civil-code#570", remedy=N_("Upload the certificate of the deposit."),
    )


def _no_deposit() -> Reason:
    return Reason(
        "payment.no_deposit", N_("This order is a transfer; no certificate of deposit belongs to it."),
        remedy=N_("Upload the bank's reply."),
    )
