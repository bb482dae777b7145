"""Deeds on a dedicated account: plan money, record what arrived, explain a difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import decimal_of
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.fact_kinds import checked_attributes, evidence_reasons, order_reasons
from zhengtu.funds.money_facts import ARRIVALS, PLANS, account_facts
from zhengtu.funds.reconciling import reconciliation_of
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import subject_of


def plan_money(
    *, actor: Actor, account: str, happened_on: date, attributes: Mapping[str, Any], files: Sequence[OfferedFile],
    now: datetime,
) -> str:
    """Plan one sum of one source for a due day, or plan a line again under its number; what was planned stays readable.

    A line planned as nothing is cancelled. An empty number gives the next free one.

    Returns:
        The deed's key.

    Raises:
        Refused: no right, a field missing or wrong, in the future, no paper.
    """
    with act(actor, "funds.plan", on=subject_of(account), at=now) as deed:
        held = account_facts([account], PLANS, on=date.max, known=None)[account]
        taken = {str(fact.attributes["plan_reference"]) for fact in held}
        given = dict(attributes)
        given["plan_reference"] = str(given.get("plan_reference") or "").strip() or _next_number(taken)
        stored, reasons = _checked(PLANS[0], happened_on, given, files, today=civil_date(at=now))
        if not reasons and decimal_of(stored["amount_yuan"]) == 0 and stored["plan_reference"] not in taken:
            reasons.append(_zero(PLANS[0]))
        latest = [fact for fact in held if fact.attributes["plan_reference"] == given["plan_reference"]]
        if latest and happened_on < latest[-1].happened_on:
            reasons.append(Reason(
                code="funds.plan_older", message=N_("Line %(line)s was planned again on %(held)s already."),
                parameters={"line": given["plan_reference"], "held": latest[-1].happened_on.isoformat()},
                remedy=N_("Give a day from then on."),
            ))
        kept = kept_files(files, reasons)
        return deed.record(facts=[NewFact("participation", account, PLANS[0], happened_on, stored)], evidence=kept)


def record_arrival(
    *, actor: Actor, account: str, happened_on: date, attributes: Mapping[str, Any], files: Sequence[OfferedFile],
    now: datetime,
) -> str:
    """Record money that came into a dedicated account, with the bank's receipt.

    Returns:
        The deed's key.

    Raises:
        Refused: no right, a field missing or wrong, nothing arrived, the bank reference recorded already, in the
            future, no receipt.
    """
    with act(actor, "funds.record", on=subject_of(account), at=now) as deed:
        stored, reasons = _checked(ARRIVALS[0], happened_on, attributes, files, today=civil_date(at=now))
        if not reasons and decimal_of(stored["amount_yuan"]) == 0:
            reasons.append(_zero(ARRIVALS[0]))
        held = account_facts([account], ARRIVALS, on=date.max, known=None)[account]
        reasons += [
            Reason(
                code="funds.recorded_twice",
                message=N_("The bank reference %(reference)s is recorded already, for %(held)s."),
                parameters={
                    "reference": fact.attributes["bank_reference"], "held": fact.happened_on.isoformat(),
                },
                remedy=N_("Look whether it is the same money; the reference of other money is another."),
            )
            for fact in held if fact.attributes["bank_reference"] == stored.get("bank_reference")
        ]
        kept = kept_files(files, reasons)
        return deed.record(
            facts=[NewFact("participation", account, ARRIVALS[0], happened_on, stored)], evidence=kept
        )


def explain_difference(*, actor: Actor, account: str, item: str, reason: str, now: datetime) -> str:
    """Record why a line of a statement has no record, or a recorded sum no line.

    Returns:
        The deed's key.

    Raises:
        Refused: no right, no reason given, or nothing there that has to be explained.
    """
    today = civil_date(at=now)
    with act(actor, "funds.record", on=subject_of(account), at=now) as deed:
        attributes = {"item": item, "reason": reason.strip()}
        stored, reasons = _checked("funds_difference_explained", today, attributes, (), today=today)
        found = reconciliation_of(account, on=today, known=None)
        if item not in found.unexplained_items:
            reasons.append(Reason(
                code="funds.nothing_to_explain", message=N_("This sum is matched or explained already."),
                remedy=N_("Open the reconciliation again."),
            ))
        if reasons:
            raise Refused(*reasons)
        fact = NewFact("participation", account, "funds_difference_explained", today, stored)
        return deed.record(facts=[fact])


def _checked(
    kind: str, happened_on: date, attributes: Mapping[str, Any], files: Sequence[OfferedFile], *, today: date
) -> tuple[dict[str, Any], list[Reason]]:
    """Attributes as they are stored, and what speaks against a fact of an account."""
    rules = current_rulebook().fact_kinds[kind]
    stored, reasons = checked_attributes(rules, attributes)
    reasons += order_reasons(rules, happened_on=happened_on, today=today, dates={}, corrects=False)
    reasons += evidence_reasons(rules, attached=[offered.kind for offered in files])
    return stored, reasons


def _next_number(taken: set[str]) -> str:
    return next(number for number in (f"{count:02d}" for count in range(1, len(taken) + 2)) if number not in taken)


def _zero(kind: str) -> Reason:
    return Reason(
        code="funds.nothing", message=N_("“%(kind)s” needs a sum above zero."), parameters={"kind": f"fact:{kind}"},
        remedy=N_("Fill it in as the form shows."),
    )
