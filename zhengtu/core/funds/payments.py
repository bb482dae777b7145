"""Payment orders: their states, who may take the next step, how much may be ordered, and how a sum is divided.

An order goes through three pairs of hands: somebody makes it, somebody else checks it, a third person authorises it.
Only then does a file go to the bank. Whatever was checked is frozen under a digest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import EXACT, FEN, ZERO, grouped, to_fen, total
from zhengtu.core.kernel.reasons import Reason

CEILING_SOURCE: Final = "state-council-decree-590#27(1)"


class OrderState(StrEnum):
    """Where an order stands."""

    PREPARED = "prepared"
    RETURNED = "returned"
    CHECKED = "checked"
    AUTHORISED = "authorised"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class OrderStep(StrEnum):
    """What can be done to an order."""

    PREPARE = "prepare"
    AMEND = "amend"
    CANCEL = "cancel"
    CHECK = "check"
    RETURN = "return"
    AUTHORISE = "authorise"
    SEND = "send"
    ANSWER = "answer"


STATE_LABELS: Final[Mapping[OrderState, str]] = {
    OrderState.PREPARED: N_("To be checked"), OrderState.RETURNED: N_("Returned"),
    OrderState.CHECKED: N_("To be authorised"), OrderState.AUTHORISED: N_("Awaiting the bank"),
    OrderState.SETTLED: N_("Settled"), OrderState.CANCELLED: N_("Cancelled"),
}

UNDER_WAY: Final = (OrderState.PREPARED, OrderState.RETURNED, OrderState.CHECKED, OrderState.AUTHORISED)
"""States in which an order's unanswered lines count as pending."""

_FROM: Final[Mapping[OrderStep, tuple[OrderState, ...]]] = {
    OrderStep.AMEND: (OrderState.RETURNED,),
    OrderStep.CANCEL: (OrderState.PREPARED, OrderState.RETURNED),
    OrderStep.CHECK: (OrderState.PREPARED,),
    OrderStep.RETURN: (OrderState.PREPARED, OrderState.CHECKED),
    OrderStep.AUTHORISE: (OrderState.CHECKED,),
    OrderStep.SEND: (OrderState.AUTHORISED, OrderState.SETTLED),
    OrderStep.ANSWER: (OrderState.AUTHORISED,),
}
_TO: Final[Mapping[OrderStep, OrderState]] = {
    OrderStep.PREPARE: OrderState.PREPARED, OrderStep.AMEND: OrderState.PREPARED,
    OrderStep.CANCEL: OrderState.CANCELLED, OrderStep.CHECK: OrderState.CHECKED,
    OrderStep.RETURN: OrderState.RETURNED, OrderStep.AUTHORISE: OrderState.AUTHORISED,
}
_VERBS: Final[Mapping[OrderStep, tuple[str, ...]]] = {
    OrderStep.PREPARE: ("payment.prepare",), OrderStep.AMEND: ("payment.prepare",),
    OrderStep.CANCEL: ("payment.prepare",), OrderStep.CHECK: ("payment.check",),
    OrderStep.RETURN: ("payment.check", "payment.authorise"), OrderStep.AUTHORISE: ("payment.authorise",),
    OrderStep.SEND: ("payment.authorise",), OrderStep.ANSWER: ("fact.record_payment",),
}


@dataclass(frozen=True, slots=True)
class Hands:
    """Who did what to an order so far; empty where nobody did."""

    maker: str
    checker: str = ""
    authoriser: str = ""

    @property
    def are_distinct(self) -> bool:
        """Whether nobody appears twice."""
        held = [person for person in (self.maker, self.checker, self.authoriser) if person]
        return len(held) == len(set(held))


def verb_of(step: OrderStep, *, state: OrderState) -> str:
    """The verb by which a step is taken; an order is returned by whoever would take its next step."""
    verbs = _VERBS[step]
    return verbs[-1] if state is OrderState.CHECKED else verbs[0]


def state_after(step: OrderStep) -> OrderState:
    """Where an order stands after a step that moves it."""
    return _TO[step]


def step_reasons(step: OrderStep, *, state: OrderState, hands: Hands, person: str) -> list[Reason]:
    """Why this person may not take this step now; none when they may.

    Args:
        hands: who made and checked the order as it stands.
        person: code of whoever would take the step.
    """
    if state not in _FROM[step]:
        return [
            Reason(
                code="payment.wrong_state",
                message=N_("The order is “%(state)s”; this step is not open."),
                parameters={"state": f"label:{STATE_LABELS[state]}"},
                remedy=N_("Open the order again to see what is next."),
            )
        ]
    earlier = {
        OrderStep.CHECK: (hands.maker,), OrderStep.AUTHORISE: (hands.maker, hands.checker),
        OrderStep.RETURN: (hands.maker, hands.checker),
    }.get(step, ())
    if person in [held for held in earlier if held]:
        return [
            Reason(
                code="payment.same_hands",
                message=N_("Whoever made or checked an order does not take its next step."),
                remedy=N_("Making, checking and authorising take three different people."),
            )
        ]
    return []


def frozen_reasons(*, digest: str, now: str) -> list[Reason]:
    """Why an order is not what was checked: its lines no longer have the digest."""
    if digest == now:
        return []
    return [
        Reason(
            code="payment.lines_changed", message=N_("The lines of the order are not those that were checked."),
            remedy=N_("Return the order and have it checked again."),
        )
    ]


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """What the digest of an order holds of a line: the payee's account by its keyed hash alone."""

    reference: str
    household: str
    amount_yuan: Decimal
    payee_index: str
    account_index: str


def lines_digest(lines: Sequence[FrozenLine], *, kind: str) -> str:
    """SHA-256 over an order's kind and lines, in the order of their references."""
    digest = sha256(f"{kind}\n".encode())
    for line in sorted(lines, key=lambda one: one.reference):
        digest.update(
            "\x1f".join(
                (line.reference, line.household, str(to_fen(line.amount_yuan)), line.payee_index, line.account_index)
            ).encode()
            + b"\n"
        )
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Balance:
    """What one household is owed: due by agreement or decision, paid or deposited, and in orders under way.

    ``due_yuan`` is None while nothing is promised, or where old records name no sum.
    """

    due_yuan: Decimal | None = None
    paid_yuan: Decimal = ZERO
    pending_yuan: Decimal = ZERO

    @property
    def open_yuan(self) -> Decimal:
        """What may still be ordered."""
        if self.due_yuan is None:
            return ZERO
        return max(ZERO, self.due_yuan - self.paid_yuan - self.pending_yuan)

    @property
    def excess_yuan(self) -> Decimal:
        """By how much paid and pending sums exceed what is due; zero where no sum is due that could be exceeded."""
        if self.due_yuan is None:
            return ZERO
        return max(ZERO, self.paid_yuan + self.pending_yuan - self.due_yuan)


def ceiling_reasons(household: str, *, balance: Balance, amount_yuan: Decimal) -> list[Reason]:
    """Why a household may not be ordered this sum: it is none, or goes beyond what is due."""
    if amount_yuan <= 0 or amount_yuan != to_fen(amount_yuan):
        return [
            Reason(
                code="payment.no_sum", message=N_("%(household)s: %(amount)s is no sum to be paid."),
                parameters={"household": household, "amount": str(amount_yuan)},
                remedy=N_("Give a sum in yuan, to the fen, above zero."),
            )
        ]
    if balance.due_yuan is None:
        return [
            Reason(
                code="payment.nothing_due",
                message=N_("%(household)s: no agreement or decision names a sum."),
                parameters={"household": household}, source=CEILING_SOURCE,
                remedy=N_("Sign the agreement or record the decision first."),
            )
        ]
    if amount_yuan > balance.open_yuan:
        return [
            Reason(
                code="payment.above_due",
                message=N_(
                    "%(household)s: %(amount)s yuan exceed what is open. Due %(due)s, paid %(paid)s, "
                    "in orders under way %(pending)s yuan."
                ),
                parameters={
                    "household": household, "amount": grouped(amount_yuan), "due": grouped(balance.due_yuan),
                    "paid": grouped(balance.paid_yuan), "pending": grouped(balance.pending_yuan),
                },
                source=CEILING_SOURCE,
                remedy=N_("Order at most what is open, or sign a supplementary agreement first."),
            )
        ]
    return []


def excess_reasons(household: str, *, before: Balance, after: Balance) -> list[Reason]:
    """Why facts may not be recorded: with them more would be paid or ordered than is due.

    An excess that stood before is not held against facts that do not add to it.
    """
    pulled = before.due_yuan is not None and after.due_yuan is None and after.paid_yuan + after.pending_yuan > 0
    if not pulled and after.excess_yuan <= before.excess_yuan:
        return []
    return [
        Reason(
            code="payment.excess",
            message=N_(
                "%(household)s: paid %(paid)s and in orders under way %(pending)s yuan would exceed the "
                "%(due)s yuan then due."
            ),
            parameters={
                "household": household, "paid": grouped(after.paid_yuan), "pending": grouped(after.pending_yuan),
                "due": grouped(after.due_yuan or ZERO),
            },
            source=CEILING_SOURCE,
            remedy=N_("Cancel the order under way, or correct the payment; what is paid never exceeds what is due."),
        )
    ]


@dataclass(frozen=True, slots=True)
class Payee:
    """Who receives money of a household, with the part that falls to them.

    Attributes:
        share: weight among the household's payees; equal weights divide evenly.
    """

    name: str
    account: str
    share: Decimal = Decimal(1)


def payee_reasons(household: str, *, payees: Sequence[Payee]) -> list[Reason]:
    """Why these payees cannot be paid: none, no name, no account, no share."""
    if payees and all(one.name.strip() and one.account.strip() and one.share > 0 for one in payees):
        return []
    return [
        Reason(
            code="payment.no_payee", message=N_("%(household)s: payee or account is missing."),
            parameters={"household": household},
            remedy=N_("Complete the payee in the agreement or the register, or deposit the money with a notary."),
        )
    ]


def divided(amount_yuan: Decimal, *, shares: Sequence[Decimal]) -> list[Decimal]:
    """A sum divided by shares, to the fen; what rounding leaves over goes, fen by fen, to the largest remainders.

    Raises:
        ValueError: without a positive share.
    """
    weight = total(list(shares))
    if not shares or weight <= 0 or min(shares) < 0:
        raise ValueError("a sum is divided among positive shares")
    exact = [EXACT.divide(EXACT.multiply(amount_yuan, share), weight) for share in shares]
    parts = [part.quantize(FEN, rounding=ROUND_DOWN, context=EXACT) for part in exact]
    left = int((amount_yuan - total(parts)) / FEN)
    by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_remainder[:left]:
        parts[index] += FEN
    return parts
