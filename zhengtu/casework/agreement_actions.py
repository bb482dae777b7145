"""Deeds of an agreement's life: drafted, checked by another, signed with its scan, cancelled, supplemented.

An agreement records its fact only when it is signed; before that a deed notes who did what. After that nothing of it
changes: a supplementary agreement goes the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from zhengtu.casework import writes
from zhengtu.casework.agreement_drafts import AgreedTerms, Draft, differences, drafted, drafted_under
from zhengtu.casework.agreement_queries import last_signed, open_agreement, option_in, statement_in
from zhengtu.casework.compensation_facts import compensation_cases_of, rules_for
from zhengtu.casework.models import Agreement, AgreementState
from zhengtu.casework.offered_files import OfferedFile, kept_files
from zhengtu.casework.offers import hands_reasons, other_reasons, recordable_kind, step_reasons
from zhengtu.casework.statements import statement_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.compensation.agreement_terms import lines_changed
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.fact_kinds import checked_attributes, evidence_reasons
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.ledger.act import NewFact, OpenDeed, act
from zhengtu.ledger.projection import milestone_dates
from zhengtu.registry.models import Household
from zhengtu.registry.queries import subject_of

_STATE_WORDS = {
    AgreementState.DRAFT: N_("Draft"), AgreementState.CHECKED: N_("Checked, not signed"),
    AgreementState.SIGNED: N_("Signed"), AgreementState.CANCELLED: N_("Voided"),
}


def draft_agreement(*, actor: Actor, household: Household, terms: AgreedTerms, now: datetime) -> Agreement:
    """Draft a household's agreement: the statement is computed, every term checked, and both frozen.

    Raises:
        Refused: no right, one is open or signed already, no statement can be made, a term or payee is missing.
    """
    with act(actor, "agreement.draft", on=subject_of(household.code), at=now) as deed:
        if Milestone.SIGNED in milestone_dates([household.code]).get(household.code, {}):
            raise Refused(
                _reason(
                    "signed_already", N_("The household has signed already."),
                    N_("What changes after signing is agreed in a supplementary agreement."),
                )
            )
        return _store(deed, household, terms)


def draft_supplement(*, actor: Actor, previous: Agreement, terms: AgreedTerms, now: datetime) -> Agreement:
    """Draft a supplementary agreement to the one that binds the household.

    Rewards for signing early go on to count from the day on which the first one was signed.

    Raises:
        Refused: as for a first agreement; also when the one before is not signed or not the last.
    """
    household = previous.household
    with act(actor, "agreement.draft", on=subject_of(household.code), at=now) as deed:
        binding = last_signed(household.code)
        if binding is None or binding.pk != previous.pk:
            raise Refused(
                _reason(
                    "not_binding", N_("Only the agreement that was signed last can be supplemented."),
                    N_("Open the household's latest signed agreement."),
                )
            )
        first_signed_on = _first_of(binding).signed_on
        terms = replace(terms, option=replace(terms.option, signed_on=first_signed_on))
        return _store(deed, household, terms, previous=binding)


def _store(
    deed: OpenDeed, household: Household, terms: AgreedTerms, *, previous: Agreement | None = None
) -> Agreement:
    held = open_agreement(household.code)
    if held is not None:
        raise Refused(
            _reason(
                "one_is_open", N_("Agreement %(number)s of the household is still open."),
                N_("Sign it, or cancel it before drafting another."), number=held.number,
            )
        )
    case = compensation_cases_of([household.code])[household.code]
    draft = drafted(
        household, case=case, rules=rules_for(case.facts.project), terms=terms,
        sequence=household.agreements.count() + 1, previous=previous,
    )
    key = deed.record(because=[drafted_reason(draft)])
    drafted_under([draft], person=deed.actor.person, on=deed.recorded_on, deed=key)
    writes.insert_agreements([draft.agreement], draft.payees)
    return draft.agreement


def drafted_reason(draft: Draft) -> Reason:
    """What a deed says of a draft."""
    return Reason(
        code="agreement.drafted",
        message=N_("Agreement %(number)s drafted over %(amount)s yuan, statement %(digest)s."),
        parameters={
            "number": draft.agreement.number, "amount": str(draft.agreement.amount_yuan),
            "digest": draft.agreement.statement_digest[:16],
        },
    )


def check_agreement(*, actor: Actor, number: str, now: datetime) -> str:
    """Check a draft: computed again from what is on file, by somebody who did not draft it; returns the deed's key.

    Raises:
        Refused: no right, the same person, no draft, or the statement comes out otherwise.
    """
    with act(actor, "agreement.check", on=subject_of(_household_of(number)), at=now) as deed:
        row = _held(number, AgreementState.DRAFT)
        if row.drafted_by == actor.person:
            raise Refused(
                _reason(
                    "own_draft", N_("You drafted this agreement; somebody else checks it."),
                    N_("Ask a colleague who had no part in it."),
                )
            )
        reasons = _recomputed(row, assumes=None, is_exact=True)
        reasons += hands_reasons(actor, verb="agreement.check", subject=row.household_id)
        if reasons:
            raise Refused(*reasons)
        said = Reason(
            code="agreement.checked", message=N_("Agreement %(number)s checked: the statement is the same."),
            parameters={"number": number},
        )
        key = deed.record(because=[said])
        writes.set_agreement(
            number, state=AgreementState.CHECKED, checked_by=actor.person, checked_on=deed.recorded_on,
            checked_deed=key,
        )
        return key


def sign_agreement(
    *, actor: Actor, number: str, signed_on: date, files: Sequence[OfferedFile], now: datetime
) -> str:
    """Record that a checked agreement was signed, with its scan; returns the deed's key.

    Raises:
        Refused: no right, not checked, the gate is shut, the scan is missing, or on that day the sum is another.
    """
    with act(actor, "agreement.sign", on=subject_of(_household_of(number)), at=now) as deed:
        row = _held(number, AgreementState.CHECKED)
        code, today = row.household_id, civil_date(at=now)
        kind = "agreement_supplemented" if row.previous_id else "signed"
        rules, step = recordable_kind(kind, subject=code)
        stored, reasons = checked_attributes(rules, _attributes(row))
        reasons += _recomputed(row, assumes=None if row.previous_id else signed_on, is_exact=False)
        fact = NewFact("household", code, kind, signed_on, stored)
        attached = [offered.kind for offered in files]
        if step is not None:
            dates = milestone_dates([code]).get(code, {})
            reasons += step_reasons(deed, fact, rules, attached=attached, dates=dates)
        else:
            reasons += other_reasons(rules, subject=code, happened_on=signed_on, today=today)
            reasons += evidence_reasons(rules, attached=attached)
        reasons += hands_reasons(actor, verb="agreement.sign", subject=code)
        if row.checked_by == actor.person:
            reasons.append(
                _reason(
                    "own_check", N_("You checked this agreement; somebody else signs it."),
                    N_("Ask a colleague who had no part in it."),
                )
            )
        key = deed.record(facts=[fact], evidence=kept_files(files, reasons))
        writes.set_agreement(number, state=AgreementState.SIGNED, signed_on=signed_on, signed_deed=key)
        return key


def cancel_agreement(*, actor: Actor, number: str, reason: str, now: datetime) -> str:
    """Cancel a draft or a checked agreement that was not signed; it stays readable. Returns the deed's key.

    Raises:
        Refused: no right, no reason given, or it is signed.
    """
    with act(actor, "agreement.draft", on=subject_of(_household_of(number)), at=now) as deed:
        _held(number, AgreementState.DRAFT, AgreementState.CHECKED)
        if not reason.strip():
            raise Refused(
                _reason("cancel_reason_missing", N_("Cancelling needs its reason."), N_("Write why it is not signed."))
            )
        said = Reason(
            code="agreement.cancelled", message=N_("Agreement %(number)s cancelled: %(reason)s"),
            parameters={"number": number, "reason": reason.strip()},
        )
        key = deed.record(because=[said])
        writes.set_agreement(number, state=AgreementState.CANCELLED, cancelled_deed=key)
        return key


def _household_of(number: str) -> str:
    return number.rpartition("-")[0]


def _held(number: str, *states: AgreementState) -> Agreement:
    """The agreement, locked, if it stands in one of these states."""
    row = Agreement.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if row is None or row.state not in states:
        raise Refused(
            _reason(
                "not_in_state", N_("The agreement is %(state)s; this cannot be done with it."),
                N_("Open it again: somebody may have moved it on."),
                state=f"label:{_STATE_WORDS[row.state]}" if row else "–",
            )
        )
    return row


def _first_of(agreement: Agreement) -> Agreement:
    while agreement.previous is not None:
        agreement = agreement.previous
    return agreement


def _attributes(row: Agreement) -> dict[str, str]:
    said = {
        "option": row.way, "amount_yuan": str(row.amount_yuan), "agreement_number": row.number,
        "statement_digest": row.statement_digest,
    }
    return {**said, "reason": row.reason} if row.previous_id else said


def _recomputed(row: Agreement, *, assumes: date | None, is_exact: bool) -> list[Reason]:
    """Why the frozen statement is not what the facts and rules on file give now.

    Args:
        assumes: the day of signing to compute it for; None takes the one that it was drafted for.
        is_exact: whether every word must be the same, or only what is paid and how it is computed.
    """
    frozen, option = statement_in(row), option_in(row)
    case = compensation_cases_of([row.household_id])[row.household_id]
    if assumes is not None:
        option = replace(option, signed_on=assumes)
    try:
        current = statement_of(case, option=option, rules=rules_for(case.facts.project))
    except Refused as refused:
        return list(refused.reasons)
    changed = lines_changed(frozen, current)
    if not changed and (not is_exact or current.digest == row.statement_digest):
        return []
    return [differences(changed, statement=frozen, current=current)]


def _reason(code: str, message: str, remedy: str, **parameters: object) -> Reason:
    return Reason(
        code=f"agreement.{code}", message=message, parameters=parameters, source="state-council-decree-590#25",
        remedy=remedy,
    )
