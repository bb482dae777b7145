"""What an order may hold: each household's sum against what is due, its payees, its claims and the procedure's gate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from zhengtu.core.funds.payments import Payee, ceiling_reasons, divided, payee_reasons
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import total
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.procedure.steps import Act
from zhengtu.funds.balances import balances_of
from zhengtu.funds.claim_register import assets_of, claim
from zhengtu.funds.exclusive_hands import hands_refusals
from zhengtu.funds.models import OrderKind, PaymentOrder
from zhengtu.funds.payees import PayeeSource, account_index, payees_of
from zhengtu.funds.payment_writes import PayableLine
from zhengtu.ledger.act import NewFact, OpenDeed
from zhengtu.registry.models import Household
from zhengtu.registry.procedure_cases import participation_of, procedures_of

_EVIDENCE = {OrderKind.TRANSFER: "payment_voucher", OrderKind.DEPOSIT: "deposit_certificate"}


@dataclass(frozen=True, slots=True)
class OrderedSum:
    """A sum for a household.

    Attributes:
        other_property_reason: why the same owner is paid for another property, where that is so.
        payees: who receives it; empty for whom the order's source names.
    """

    household: str
    amount_yuan: Decimal
    other_property_reason: str = ""
    payees: Sequence[Payee] = ()


@dataclass(frozen=True, slots=True)
class PreparedOrder:
    """An order as it was made, and which households were left out, why."""

    code: str
    lines: tuple[PayableLine, ...]
    refused: Mapping[str, Sequence[Reason]]


def ordered_lines(
    deed: OpenDeed, *, order: PaymentOrder, sums: Sequence[OrderedSum], payees: PayeeSource
) -> tuple[list[PayableLine], dict[str, list[Reason]]]:
    """The lines of an order, and per household why it may not be in it; asked under the deed's lock."""
    wanted: dict[str, list[OrderedSum]] = defaultdict(list)
    for one in sums:
        wanted[one.household].append(one)
    rows = Household.objects.filter(pk__in=list(wanted))
    households = {one.code: one for one in rows if participation_of(one.code) == order.participation}
    refused: dict[str, list[Reason]] = {code: [_elsewhere(code)] for code in wanted if code not in households}
    balances = balances_of(list(households), leaving_out=order.code)
    named = payees_of(list(households.values()), source=payees)
    amounts = {code: total([one.amount_yuan for one in wanted[code]]) for code in households}
    for code in households:
        receiving = wanted[code][0].payees or named[code]
        reasons = [reason for one in wanted[code] if one.amount_yuan <= 0 for reason in ceiling_reasons(
            code, balance=balances[code], amount_yuan=one.amount_yuan
        )]
        reasons = reasons or ceiling_reasons(code, balance=balances[code], amount_yuan=amounts[code])
        reasons += payee_reasons(code, payees=receiving)
        if reasons:
            refused[code] = reasons
    refused |= hands_refusals(deed, [code for code in households if code not in refused])
    passed = [code for code in households if code not in refused]
    refused |= gate_refusals(deed, order=order, amounts={code: amounts[code] for code in passed})
    passed = [code for code in passed if code not in refused]
    refused |= _claim_refusals(deed, order, [households[code] for code in passed], wanted, named)
    lines = [
        line for code in sorted(households) if code not in refused
        for one in wanted[code] for line in _divided(one, one.payees or named[code])
    ]
    return lines, refused


def _divided(one: OrderedSum, payees: Sequence[Payee]) -> list[PayableLine]:
    parts = divided(one.amount_yuan, shares=[payee.share for payee in payees])
    return [
        PayableLine(one.household, part, payee, one.other_property_reason.strip())
        for part, payee in zip(parts, payees, strict=True) if part
    ]


def payment_kind(participation: str, *, kind: str) -> str:
    """The kind of fact by which a payment or deposit is recorded under the governing procedure."""
    project = f"{participation[:4]}00-{participation.split('-')[1]}"
    held = procedures_of([project]).get(project)
    wanted = Act.DEPOSIT if kind == OrderKind.DEPOSIT else Act.PAYMENT
    steps = [step for step in held[0].steps.values() if step.act is wanted] if held else []
    if steps:
        return steps[0].recorded_by
    return "compensation_deposited" if kind == OrderKind.DEPOSIT else "paid"


def gate_refusals(
    deed: OpenDeed, *, order: PaymentOrder, amounts: Mapping[str, Decimal]
) -> dict[str, list[Reason]]:
    """Household -> why a payment of the sum could not be recorded today; asked together, then singly where refused."""
    fact_kind = payment_kind(order.participation, kind=order.kind)
    evidence = [_EVIDENCE[OrderKind(order.kind)]]
    facts = {
        code: NewFact("household", code, fact_kind, deed.recorded_on, {"amount_yuan": str(amount)})
        for code, amount in amounts.items()
    }
    if not deed.gate_reasons(list(facts.values()), evidence=evidence):
        return {}
    found = {code: deed.gate_reasons([fact], evidence=evidence) for code, fact in facts.items()}
    return {
        code: [replace(reason, parameters={"household": code, **reason.parameters}) for reason in reasons]
        for code, reasons in found.items() if reasons
    }


def _claim_refusals(
    deed: OpenDeed, order: PaymentOrder, households: Sequence[Household], wanted: Mapping[str, Sequence[OrderedSum]],
    named: Mapping[str, Sequence[Payee]],
) -> dict[str, list[Reason]]:
    accounts = {} if order.kind == OrderKind.DEPOSIT else {
        one.code: account_index((wanted[one.code][0].payees or named[one.code])[0].account) for one in households
    }
    confirmed = [
        one.code for one in households if any(part.other_property_reason.strip() for part in wanted[one.code])
    ]
    assets = assets_of(households, accounts=accounts, other_property=confirmed)
    return claim(assets, order=order.code, on=deed.recorded_on)


def _elsewhere(code: str) -> Reason:
    return Reason(
        "payment.elsewhere", N_("%(household)s is no household of this part of the project."), {"household": code},
        remedy=N_("Choose households of the order's own project and district."),
    )
