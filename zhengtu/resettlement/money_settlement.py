"""A family comes home by money: the sum that its agreement names is paid, and it waits no longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.funds.exclusive_hands import hands_refusals
from zhengtu.ledger.act import act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import subject_of
from zhengtu.resettlement.queries import Waiting, waiting
from zhengtu.resettlement.recording import new_fact, reason
from zhengtu.resettlement.subsidy_actions import RECORD
from zhengtu.resettlement.subsidy_payments import SETTLED_IN_MONEY

VOUCHER: Final = "payment_voucher"


def settle_in_money(
    *, actor: Actor, household: str, paid_on: date, amount_yuan: Decimal, files: Sequence[OfferedFile], now: datetime
) -> str:
    """Record that a family's settlement in money was paid, with its voucher; returns the deed's key.

    Raises:
        Refused: no right; no family that waits; no right to money, another way on record or a home assigned; another
            sum than agreed; somebody who recorded its case; or no voucher.
    """
    with act(actor, RECORD, on=subject_of(household), at=now) as deed:
        reasons: list[Reason] = []
        fact = new_fact(
            SETTLED_IN_MONEY, household, paid_on, {"amount_yuan": str(amount_yuan)}, today=deed.recorded_on,
            files=files, reasons=reasons,
        )
        family = next(iter(waiting(Reach(codes=(household,)), on=deed.recorded_on)), None)
        reasons += _faults(household, family, amount_yuan)
        reasons += hands_refusals(deed, [household]).get(household, ())
        return deed.record(facts=[fact], evidence=kept_files(files, reasons))


def sum_to_settle(actor: Actor, household: str, *, on: date) -> Decimal | None:
    """What the actor would pay the family so; None where it may not, or nothing lets the family come home by money."""
    if current_rulebook().authority.may(actor=actor, verb=RECORD, subject=subject_of(household)) is not None:
        return None
    family = next(iter(waiting(Reach(codes=(household,)), on=on)), None)
    terms = None if family is None else family.terms
    if family is None or terms is None or not terms.may_choose_cash:
        return None
    return terms.cash_yuan if family.wish in ("", "cash") and not family.home else None


def _faults(household: str, family: Waiting | None, amount_yuan: Decimal) -> list[Reason]:
    if family is None:
        return [reason("not_waiting", N_("Household %(household)s waits for no home."), household=household)]
    terms, found = family.terms, []
    if terms is None or not terms.may_choose_cash or terms.cash_yuan is None:
        found.append(reason(
            "no_cash", N_("The agreement gives this family no right to money instead of a home."),
            N_("Supplement the agreement with the right and the sum first."),
        ))
    elif terms.cash_yuan != amount_yuan:
        found.append(reason(
            "cash_differs", N_("The agreement names %(agreed)s yuan, not %(given)s."),
            N_("Correct the sum, or record the supplement to the agreement first."),
            agreed=f"{terms.cash_yuan:,.2f}", given=f"{amount_yuan:,.2f}",
        ))
    if family.wish not in ("", "cash"):
        found.append(reason(
            "against_wish", N_("The family chose another way on record: %(way)s."),
            N_("Record a new wish with its form first."), way=f"choice:way_chosen.way.{family.wish}",
        ))
    if family.home:
        found.append(reason(
            "has_home", N_("The family has home %(home)s."), N_("Record that it gives the home back first."),
            home=family.home,
        ))
    return found
