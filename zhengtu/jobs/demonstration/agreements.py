"""The demonstration's agreements: one district's signings stand on drafts that were checked by another, others wait.

Every signing of the campaign in that district has its agreement; of the valued households that have chosen their way,
some have a draft, some a checked one, and one was cancelled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from zhengtu.casework.agreement_actions import drafted_reason
from zhengtu.casework.agreement_drafts import AgreedTerms, Draft, drafted, drafted_under
from zhengtu.casework.agreement_queries import households_by_code
from zhengtu.casework.compensation_facts import compensation_cases_of, rules_for
from zhengtu.casework.models import AgreementState
from zhengtu.casework.writes import insert_agreements, set_agreement
from zhengtu.core.compensation.agreement_terms import AgreedDates
from zhengtu.core.kernel.codes import jurisdiction_of, project_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.jobs.demonstration.settling import MOVES_WITHIN, Settled
from zhengtu.ledger.act import NewFact

DISTRICT: Final = "220204"
DRAFT_VERB: Final = "agreement.draft"
PAID_WITHIN: Final = timedelta(days=10)
DRAFTS_SHOWN: Final = 120


class Desk(Protocol):
    """Who records a deed without facts, in the loading's own transaction."""

    def note(self, verb: str, place: str, *, at: datetime, because: Sequence[Reason]) -> tuple[str, str]:
        """Record it; returns the deed's key and the person who did it."""
        ...


def has_agreements(place: str) -> bool:
    """Whether signings at a place stand on agreements."""
    return jurisdiction_of(place) == DISTRICT


def draft_for_signing(
    desk: Desk, facts: Sequence[NewFact], settled: Mapping[str, Settled], *, place: str, at: datetime
) -> None:
    """Draft and check what these facts sign, and put number and digest into them."""
    signing = {fact.subject: fact for fact in facts if fact.kind == "signed" and fact.subject in settled}
    households = households_by_code(list(signing))
    drafts = []
    for code, fact in signing.items():
        held = settled[code]
        terms = AgreedTerms(held.option, _dates(held.on))
        draft = drafted(
            households[code], case=held.case, rules=rules_for(project_of(code)), terms=terms, sequence=1
        )
        fact.attributes["agreement_number"] = draft.agreement.number
        fact.attributes["statement_digest"] = draft.agreement.statement_digest
        drafts.append(draft)
    if drafts:
        _store(desk, drafts, place=place, at=at)
        _check(desk, drafts, place=place, at=at)


def mark_signed(facts: Sequence[NewFact], *, deed: str) -> None:
    """The agreements that these facts name were signed by the deed that recorded them."""
    for fact in facts:
        if fact.kind == "signed" and "agreement_number" in fact.attributes:
            number = fact.attributes["agreement_number"]
            set_agreement(number, state=AgreementState.SIGNED, signed_on=fact.happened_on, signed_deed=deed)


def draft_open_ones(desk: Desk, codes: Sequence[str], *, today: date, at: datetime) -> None:
    """Drafts of valued households that have chosen: a third of them checked, and one of them cancelled."""
    codes = [code for code in codes if has_agreements(code)][:DRAFTS_SHOWN]
    cases, households = compensation_cases_of(codes), households_by_code(codes)
    drafts = []
    for code in codes:
        case = cases[code]
        if case.option is None:
            continue
        option = replace(case.option, signed_on=today, vacated_on=today + MOVES_WITHIN)
        terms = AgreedTerms(option, _dates(today))
        try:
            drafts.append(
                drafted(households[code], case=case, rules=rules_for(project_of(code)), terms=terms, sequence=1)
            )
        except Refused:
            continue  # not valued in time, or under the old regime
    if not drafts:
        return
    _store(desk, drafts, place=DISTRICT, at=at)
    _check(desk, drafts[::3], place=DISTRICT, at=at)
    cancelled = drafts[-1].agreement
    said = Reason(
        code="agreement.cancelled", message=N_("Agreement %(number)s cancelled: %(reason)s"),
        parameters={"number": cancelled.number, "reason": "被征收人要求改选补偿方式（演示）"},
    )
    key, _person = desk.note("agreement.draft", cancelled.household_id, at=at, because=[said])
    set_agreement(cancelled.number, state=AgreementState.CANCELLED, cancelled_deed=key)


def _dates(signed_on: date) -> AgreedDates:
    return AgreedDates(signed_on, signed_on + PAID_WITHIN, signed_on + MOVES_WITHIN)


def _store(desk: Desk, drafts: Sequence[Draft], *, place: str, at: datetime) -> None:
    key, person = desk.note("agreement.draft", place, at=at, because=[drafted_reason(draft) for draft in drafts])
    drafted_under(drafts, person=person, on=at.date(), deed=key)
    insert_agreements([draft.agreement for draft in drafts], [payee for draft in drafts for payee in draft.payees])


def _check(desk: Desk, drafts: Sequence[Draft], *, place: str, at: datetime) -> None:
    because = [
        Reason(
            code="agreement.checked", message=N_("Agreement %(number)s checked: the statement is the same."),
            parameters={"number": draft.agreement.number},
        )
        for draft in drafts
    ]
    key, person = desk.note("agreement.check", place, at=at, because=because)
    for draft in drafts:
        set_agreement(
            draft.agreement.number, state=AgreementState.CHECKED, checked_by=person, checked_on=at.date(),
            checked_deed=key,
        )
