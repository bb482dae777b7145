"""Deeds on payment orders: prepare, amend, check, return, authorise, cancel; each under the division's chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from zhengtu.core.authority.actor import Actor
from zhengtu.core.funds.payments import (
    Hands,
    OrderState,
    OrderStep,
    frozen_reasons,
    state_after,
    step_reasons,
    verb_of,
)
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import grouped, total
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.funds import payment_writes as writes
from zhengtu.funds.claim_register import release
from zhengtu.funds.exclusive_hands import hands_refusals
from zhengtu.funds.models import OrderKind, PaymentOrder
from zhengtu.funds.ordering import OrderedSum, PreparedOrder, ordered_lines
from zhengtu.funds.payees import PayeeSource, own_payees
from zhengtu.ledger.act import OpenDeed, act
from zhengtu.registry.queries import subject_of


def prepare_order(
    *,
    actor: Actor,
    participation: str,
    sums: Sequence[OrderedSum],
    now: datetime,
    kind: str = OrderKind.TRANSFER,
    purpose: str = "",
    payees: PayeeSource = own_payees,
    leaves_out_refused: bool = False,
) -> PreparedOrder:
    """Make an order of one or many households.

    Args:
        sums: what to pay to whom; a household named twice is paid two instalments.
        kind: a transfer to the payees, or a deposit with a notary, which needs its reason as ``purpose``.
        payees: who is paid for each household; whoever knows agreements passes theirs.
        leaves_out_refused: for bulk runs: households that are refused are left out and told of, the rest is ordered.

    Raises:
        Refused: no right, nothing to pay, beyond what is due, no payee, paid already, or not yet lawful to pay.
    """
    with act(actor, "payment.prepare", on=subject_of(participation), at=now) as deed:
        _refuse(_purpose_reasons(kind, purpose))
        order = writes.insert_order(deed, participation=participation, kind=kind, purpose=purpose.strip())
        lines, refused = ordered_lines(deed, order=order, sums=sums, payees=payees)
        if not leaves_out_refused or not lines:
            _refuse([reason for reasons in refused.values() for reason in reasons] or _nothing_reasons(lines))
        writes.replace_lines(order, lines)
        release(refused)
        deed.record(because=[_about(order, lines)])
        writes.note_step(deed, order=order, step=OrderStep.PREPARE)
    return PreparedOrder(order.code, tuple(lines), refused)


def amend_order(
    *,
    actor: Actor,
    order: str,
    sums: Sequence[OrderedSum],
    now: datetime,
    purpose: str = "",
    payees: PayeeSource = own_payees,
) -> PreparedOrder:
    """Put other lines into a returned order; whoever amends is its maker from now on.

    Raises:
        Refused: the order was not returned, or for the reasons of ``prepare_order``.
    """
    with _step(actor, order, OrderStep.AMEND, now=now) as (deed, held):
        _refuse(_purpose_reasons(held.kind, purpose))
        before = set(held.lines.values_list("household_id", flat=True))
        lines, refused = ordered_lines(deed, order=held, sums=sums, payees=payees)
        _refuse([reason for reasons in refused.values() for reason in reasons] or _nothing_reasons(lines))
        writes.replace_lines(held, lines)
        release(before - {line.household for line in lines})
        writes.set_order(
            held, state=state_after(OrderStep.AMEND), maker_id=actor.person, checker_id=None, digest="",
            purpose=purpose.strip(),
        )
        deed.record(because=[_about(held, lines)])
        writes.note_step(deed, order=held, step=OrderStep.AMEND)
    return PreparedOrder(held.code, tuple(lines), {})


def check_order(*, actor: Actor, order: str, now: datetime) -> str:
    """Confirm an order's lines and freeze them; returns the deed's key.

    Raises:
        Refused: no right, not to be checked, or the checker made the order.
    """
    with _step(actor, order, OrderStep.CHECK, now=now) as (deed, held):
        digest = writes.digest_of(held)
        writes.set_order(held, state=state_after(OrderStep.CHECK), checker_id=actor.person, digest=digest)
        deed.record(because=[_about(held), _digest_reason(digest)])
        writes.note_step(deed, order=held, step=OrderStep.CHECK)
    return deed.id


def return_order(*, actor: Actor, order: str, reason: str, now: datetime) -> str:
    """Send an order back to its maker, with the reason; returns the deed's key.

    Raises:
        Refused: no right, nothing to return, no reason, or by whoever made or checked it.
    """
    with _step(actor, order, OrderStep.RETURN, now=now) as (deed, held):
        _refuse(_given_reasons(reason))
        writes.set_order(held, state=state_after(OrderStep.RETURN), checker_id=None, digest="")
        deed.record(because=[_about(held), _given(reason)])
        writes.note_step(deed, order=held, step=OrderStep.RETURN, reason=reason.strip())
    return deed.id


def authorise_order(*, actor: Actor, order: str, now: datetime) -> str:
    """Authorise a checked order, so that its file may go to the bank; returns the deed's key.

    Raises:
        Refused: no right, not checked, changed since, or by whoever made or checked it.
    """
    with _step(actor, order, OrderStep.AUTHORISE, now=now) as (deed, held):
        _refuse(frozen_reasons(digest=held.digest, now=writes.digest_of(held)))
        writes.set_order(held, state=state_after(OrderStep.AUTHORISE), authoriser_id=actor.person)
        deed.record(because=[_about(held), _digest_reason(held.digest)])
        writes.note_step(deed, order=held, step=OrderStep.AUTHORISE)
    return deed.id


def cancel_order(*, actor: Actor, order: str, reason: str, now: datetime) -> str:
    """Give an order up that nobody checked; its sums are free again; returns the deed's key.

    Raises:
        Refused: no right, checked already, or no reason.
    """
    with _step(actor, order, OrderStep.CANCEL, now=now) as (deed, held):
        _refuse(_given_reasons(reason))
        writes.set_order(held, state=state_after(OrderStep.CANCEL))
        release(held.lines.values_list("household_id", flat=True))
        deed.record(because=[_about(held), _given(reason)])
        writes.note_step(deed, order=held, step=OrderStep.CANCEL, reason=reason.strip())
    return deed.id


@contextmanager
def _step(actor: Actor, code: str, step: OrderStep, *, now: datetime) -> Iterator[tuple[OpenDeed, PaymentOrder]]:
    """A deed for one step of an order, refused unless this person may take it as the order stands under the lock."""
    seen = PaymentOrder.objects.get(pk=code)
    verb = verb_of(step, state=OrderState(seen.state))
    with act(actor, verb, on=subject_of(seen.participation), at=now) as deed:
        held = PaymentOrder.objects.select_for_update().get(pk=code)
        state = OrderState(held.state)
        _refuse(step_reasons(step, state=state, hands=hands_of(held), person=actor.person))
        if state != seen.state:
            raise Refused(
                Reason("payment.moved_on", N_("Somebody else moved the order on."), remedy=N_("Open it again."))
            )
        refuse_hands(deed, held)
        yield deed, held


def refuse_hands(deed: OpenDeed, order: PaymentOrder) -> None:
    """Stop whoever signed, valued or decided for one of the order's households.

    Raises:
        Refused: naming what they did.
    """
    households = order.lines.values_list("household_id", flat=True)
    _refuse([reason for reasons in hands_refusals(deed, households).values() for reason in reasons])


def hands_of(order: PaymentOrder) -> Hands:
    """Who made, checked and authorised the order."""
    return Hands(order.maker_id, order.checker_id or "", order.authoriser_id or "")


def _refuse(reasons: Sequence[Reason]) -> None:
    if reasons:
        raise Refused(*reasons)


def _about(order: PaymentOrder, lines: Sequence[writes.PayableLine] | None = None) -> Reason:
    amounts = (
        list(order.lines.values_list("amount_yuan", flat=True)) if lines is None
        else [line.amount_yuan for line in lines]
    )
    return Reason(
        code="payment.order", message=N_("Payment order %(order)s: %(lines)s lines, %(sum)s yuan."),
        parameters={"order": order.code, "lines": len(amounts), "sum": grouped(total(amounts))},
    )


def _digest_reason(digest: str) -> Reason:
    return Reason("payment.digest", N_("Digest of its lines: %(digest)s."), {"digest": digest})


def _given(reason: str) -> Reason:
    return Reason("payment.because", N_("Reason: %(reason)s"), {"reason": reason.strip()})


def _given_reasons(reason: str) -> list[Reason]:
    if reason.strip():
        return []
    return [Reason("payment.reason_missing", N_("This step needs a reason."), remedy=N_("Write why."))]


def _purpose_reasons(kind: str, purpose: str) -> list[Reason]:
    if kind != OrderKind.DEPOSIT or purpose.strip():
        return []
    return [
        Reason(
            "payment.deposit_reason", N_("A deposit needs the reason why the payee cannot be paid."),
            source="civil-code#570", remedy=N_("Write the reason, for instance that the payee refuses the money."),
        )
    ]


def _nothing_reasons(lines: Sequence[writes.PayableLine]) -> list[Reason]:
    if lines:
        return []
    return [
        Reason("payment.nothing_to_pay", N_("There is nothing to pay."), remedy=N_("Choose households with sums due."))
    ]
