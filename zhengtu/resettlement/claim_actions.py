"""Deeds on claims among payers: open one for what was advanced, record what was repaid, settle what is left.

The family comes first: it was paid or housed already, and nothing here changes that. Whoever advanced, or the family's
district, opens the claim and says what was repaid; what is not going to be repaid is settled by a decision of the city.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from zhengtu.accounts.queries import unit_exists
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.codes import city_of, is_code, jurisdiction_of, project_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import ZERO, grouped
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.resettlement.claims import ClaimAccount, ClaimStep, move_reasons
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.queries import Reach
from zhengtu.registry.models import Household
from zhengtu.registry.queries import project_exists
from zhengtu.resettlement.claims import WHAT, advanced_payments, claim_standing, claim_subject, unclaimed
from zhengtu.resettlement.models import AdvanceClaim
from zhengtu.resettlement.recording import new_fact, reason
from zhengtu.resettlement.writes import insert_claim, next_claim_code

RECORD: Final = "advance.record"
SETTLE: Final = "advance.settle"
TEXT_LIMIT: Final = 1_000
"""Characters of a ground or an outcome."""


@dataclass(frozen=True, slots=True)
class Advance:
    """What was advanced.

    Attributes:
        about: code of the family, or of the project as a whole.
        what: ``subsidy``, ``home`` or ``money``.
        amount: yuan; None for a subsidy: the sum of its payments.
        advanced_by, claimed_from: codes of units.
        payment: for a subsidy, the fact or deed of the payments to families.
    """

    about: str
    what: str
    amount: Decimal | None
    advanced_by: str
    claimed_from: str
    advanced_on: date | None
    ground: str
    payment: str = ""


def open_claim(*, actor: Actor, advance: Advance, files: Sequence[OfferedFile], now: datetime) -> str:
    """Open a claim for what was advanced; returns its code.

    Raises:
        Refused: no right, no such family, project or unit, one unit on both sides, no ground or paper, or payments that
            are claimed already or that the agreed payer made itself.
    """
    about = advance.about.strip()
    subject = Subject(code=about, clients=frozenset({advance.advanced_by} - {""}))
    with act(actor, RECORD, on=subject, at=now) as deed:
        city = city_of(about)
        deed.lock([city])
        reasons = _advance_reasons(advance, about, today=deed.recorded_on)
        amount = advance.amount
        if advance.what == "subsidy" and not reasons:
            amount = _paid(advance, about, on=deed.recorded_on, reasons=reasons)
        if not reasons:
            reasons += move_reasons(ClaimAccount(opened=amount or ZERO), amount or ZERO)
        code = next_claim_code(city)
        given = {"amount_yuan": "" if amount is None else str(amount), "payment": advance.payment.strip()}
        fact = new_fact(
            ClaimStep.OPENED, code, advance.advanced_on or deed.recorded_on, given, today=deed.recorded_on,
            files=files, reasons=reasons,
        )
        kept = kept_files(files, reasons)
        insert_claim(AdvanceClaim(
            code=code, project=project_of(about), household=about if is_code("household", about) else "",
            what=advance.what, amount_yuan=amount or ZERO, advanced_by_id=advance.advanced_by,
            claimed_from_id=advance.claimed_from, advanced_on=fact.happened_on, ground=advance.ground.strip(),
        ))
        deed.record(facts=[fact], evidence=kept)
        return code


def _advance_reasons(advance: Advance, about: str, *, today: date) -> list[Reason]:
    found = []
    known = Household.objects.filter(pk=about).exists() if is_code("household", about) else (
        is_code("project", about) and project_exists(about)
    )
    if not known:
        found.append(reason(
            "claim_about", N_("There is no family or project %(code)s."), N_("Give the code as its page shows it."),
            code=about[:40],
        ))
    for unit in (advance.advanced_by, advance.claimed_from):
        if not (unit.startswith(about[:4]) and unit_exists(unit)):
            found.append(reason(
                "claim_unit", N_("No unit of the city is called “%(value)s”."), N_("Choose a unit from the list."),
                value=unit[:40],
            ))
    if advance.advanced_by == advance.claimed_from:
        found.append(reason(
            "claim_itself", N_("A unit has no claim against itself."), N_("Choose who is held to owe it."),
        ))
    if advance.what not in WHAT:
        found.append(reason("claim_what", N_("What was advanced is missing."), N_("Choose one of the three.")))
    if advance.advanced_on is None or advance.advanced_on > today:
        found.append(reason(
            "claim_day", N_("The day of the advance is missing or lies ahead."), N_("Give the day of the payment."),
        ))
    if not advance.ground.strip() or len(advance.ground) > TEXT_LIMIT:
        found.append(reason(
            "claim_ground", N_("Why the other unit is held to owe it is missing, or longer than %(limit)s characters."),
            N_("Name the agreement, the document or the decision."), limit=TEXT_LIMIT,
        ))
    return found


def _paid(advance: Advance, about: str, *, on: date, reasons: list[Reason]) -> Decimal:
    """The sum of the payments that the claim stands for; into ``reasons`` why there is none."""
    reach = _reach(about)
    mine = [one for one in unclaimed(reach, on=on) if one.payment == advance.payment.strip()]
    exact = [
        one for one in mine if one.paid_by == advance.advanced_by and one.agreed == advance.claimed_from
    ]
    if exact:
        total = sum((one.amount for one in exact), ZERO)
        if advance.amount is not None and advance.amount != total:
            reasons.append(reason(
                "claim_differs", N_("The payments come to %(total)s yuan, not %(given)s."),
                N_("A claim for a subsidy is what the family was paid, to the fen."), total=grouped(total),
                given=grouped(advance.amount),
            ))
        return total
    if mine:
        reasons.append(reason(
            "claim_payer", N_("These payments were made by another unit, or another owes them by the agreement."),
            N_("Choose the two units as the payment and the agreement name them."),
        ))
    elif any(
        advance.payment.strip() in (fact.reference, fact.deed_id) for fact, _ in advanced_payments(reach, on=on)
    ):
        reasons.append(reason("claim_twice", N_("A claim stands for these payments already.")))
    else:
        reasons.append(reason(
            "claim_payment", N_("There is no payment to a family here that another made than its agreement names."),
            N_("Record the payment to the family first; the claim follows it."),
        ))
    return ZERO


def _reach(about: str) -> Reach:
    if is_code("household", about):
        return Reach(codes=(about,))
    codes = Household.objects.filter(section__project=about).values_list("code", flat=True)
    return Reach(codes=tuple(codes))


def repay_claim(
    *, actor: Actor, code: str, amount: Decimal, repaid_on: date | None, files: Sequence[OfferedFile], now: datetime
) -> str:
    """Record that a claim was repaid in whole or in part; returns the deed's key.

    Raises:
        LookupError: there is no such claim.
        Refused: no right, more than is open, a day before the advance or ahead, or no bank receipt.
    """
    return _move(actor, RECORD, code, ClaimStep.REPAID, {"amount_yuan": str(amount)}, amount, repaid_on, files, now)


def settle_claim(
    *, actor: Actor, code: str, amount: Decimal, outcome: str, files: Sequence[OfferedFile], now: datetime
) -> str:
    """Settle by decision a part of a claim that is not going to be repaid, or all of it; returns the deed's key.

    Raises:
        LookupError: there is no such claim.
        Refused: no right, more than is open, no outcome, or no paper of the decision.
    """
    given = {"amount_yuan": str(amount), "outcome": outcome.strip()[:TEXT_LIMIT]}
    return _move(actor, SETTLE, code, ClaimStep.SETTLED, given, amount, None, files, now)


def _move(
    actor: Actor, verb: str, code: str, step: ClaimStep, given: dict[str, str], amount: Decimal, on: date | None,
    files: Sequence[OfferedFile], now: datetime,
) -> str:
    subject = claim_subject(claim_standing(code).row)
    with act(actor, verb, on=subject, at=now) as deed:
        deed.lock([jurisdiction_of(code)])
        claim = claim_standing(code)
        day = on or deed.recorded_on
        reasons = move_reasons(claim.account, amount)
        if day < claim.row.advanced_on:
            reasons.append(reason(
                "claim_before", N_("The claim was advanced on %(day)s only."), N_("Give the day of the receipt."),
                day=claim.row.advanced_on.isoformat(),
            ))
        fact: NewFact = new_fact(step, code, day, given, today=deed.recorded_on, files=files, reasons=reasons)
        return deed.record(facts=[fact], evidence=kept_files(files, reasons))
