"""Deeds in a case: the unit states its case and appeals, whoever decides decides, on appeal too, and closes.

A case of praise takes the same steps as one of blame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from zhengtu.accountability.facts import CHANGED, lives_of
from zhengtu.accountability.models import Case
from zhengtu.accountability.queries import (
    DECIDE,
    STATE,
    CaseStanding,
    reasons_against,
    standing_of,
    subject_of_case,
)
from zhengtu.accountability.telling import tell_decided, tell_stated
from zhengtu.core.assessment.accountability import CaseState
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.masking import mask_identifiers_in
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.fact_kinds import checked_attributes, evidence_reasons
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.rulebook import current_rulebook

LAPSE: Final = "says_lapse"
TEXT_LIMIT: Final = 4_000
"""Characters of a statement or reason."""


def state_case(*, actor: Actor, code: str, text: str, files: Sequence[OfferedFile], now: datetime) -> str:
    """State the unit's case with its written statement and evidence; returns the deed's key.

    Raises:
        Refused: no right, decided or over already, no text, or no ``statement`` as evidence.
    """
    row, deed = _done(actor, STATE, code, "state", "case_stated", {"statement": text}, files, now)
    tell_stated(row, deed=deed, is_appeal=False, now=now)
    return deed


def decide_case(
    *, actor: Actor, code: str, outcome: str, reason: str, files: Sequence[OfferedFile], now: datetime,
    says_lapse: bool = False,
) -> str:
    """Decide a case on the decision's paper; returns the deed's key.

    Args:
        outcome: a choice of ``case_decided`` that the rulebook gives to the case's tone.
        says_lapse: whether the decision says that the unit was told of its period and made no statement within it;
            it must where that is so, and cannot where it is not. The deed then keeps the period's last day.

    Raises:
        Refused: no right, the unit was not told or has days left to be heard, the lapse is not said or not so, the own
            statement, decided or over already, no outcome of that tone, no reason, or no ``decision`` as evidence.
    """
    given = {"outcome": outcome, "reason": reason, LAPSE: says_lapse}
    row, deed = _done(actor, DECIDE, code, "decide", "case_decided", given, files, now)
    tell_decided(row, deed=deed, now=now)
    return deed


def appeal_decision(*, actor: Actor, code: str, reason: str, files: Sequence[OfferedFile], now: datetime) -> str:
    """Appeal for the unit against the decision, once and within its days; returns the deed's key.

    Raises:
        Refused: no right, nothing decided, too late, appealed already, no reason, or no ``statement`` as evidence.
    """
    row, deed = _done(actor, STATE, code, "appeal", "case_appealed", {"reason": reason}, files, now)
    tell_stated(row, deed=deed, is_appeal=True, now=now)
    return deed


def decide_appeal(
    *, actor: Actor, code: str, outcome: str, reason: str, files: Sequence[OfferedFile], now: datetime,
    instead: str = "",
) -> str:
    """Decide the appeal; returns the deed's key.

    Args:
        outcome: ``upheld`` sets the decision aside, ``changed`` puts another in its place, ``dismissed`` leaves it.
        instead: of a changed one, what is decided now, as in ``decide_case``.

    Raises:
        Refused: no right, no appeal waits, no outcome or reason, another decision missing or out of place, or no
            ``decision`` as evidence.
    """
    given = {"outcome": outcome, "reason": reason, "instead": instead}
    row, deed = _done(actor, DECIDE, code, "decide_appeal", "case_appeal_decided", given, files, now)
    tell_decided(row, deed=deed, now=now)
    return deed


def close_case(*, actor: Actor, code: str, now: datetime) -> str:
    """Close a case; returns the deed's key.

    Raises:
        Refused: no right, the unit's statement or the decision is missing, an appeal waits or is still possible.
    """
    row, deed = _done(actor, DECIDE, code, "close", "case_closed", {}, (), now)
    tell_decided(row, deed=deed, now=now)
    return deed


def _done(
    actor: Actor, verb: str, code: str, what: str, kind: str, given: Mapping[str, Any],
    files: Sequence[OfferedFile], now: datetime,
) -> tuple[Case, str]:
    """Record one step of a case, the city's chain held meanwhile."""
    row = Case.objects.select_related("unit").filter(pk=code).first()
    with act(actor, verb, on=subject_of_case(row) if row else Subject(code=code), at=now) as deed:
        if row is None:
            raise Refused(_reason("unknown", N_("There is no such case."), N_("Open it from the list.")))
        case = standing_of(row, lives_of([code])[code], on=deed.recorded_on)
        reasons = reasons_against(what, case, person=actor.person, on=deed.recorded_on)
        if reasons:
            raise Refused(*reasons)
        fact_kind = current_rulebook().fact_kinds[kind]
        lapse, because = _lapse(case, given)
        clean = {name: mask_identifiers_in(value.strip()) for name, value in given.items() if isinstance(value, str)}
        attributes, reasons = checked_attributes(fact_kind, {**clean, **lapse})
        if any(len(value) > TEXT_LIMIT for value in clean.values()):
            reasons.append(_reason("long", N_("The text is too long."), N_("Attach the rest as a file.")))
        reasons = reasons or _outcome_reasons(case, kind, attributes)
        reasons += evidence_reasons(fact_kind, attached=[file.kind for file in files])
        kept = kept_files(files, reasons)
        fact = NewFact("case", code, kind, deed.recorded_on, attributes)
        return row, deed.record(facts=[fact], evidence=kept, because=because)


def _lapse(case: CaseStanding, given: Mapping[str, Any]) -> tuple[dict[str, str], list[Reason]]:
    """What a decision without a statement keeps of the period that passed, and the reason that says so in its deed.

    Raises:
        Refused: the decision does not say it, or says it of a unit that was heard.
    """
    if LAPSE not in given:
        return {}, []
    told_on, until_on = case.life.told_on, case.heard_until
    if case.state is not CaseState.LAPSED or told_on is None or until_on is None:
        if given[LAPSE]:
            raise Refused(_reason(
                "not_lapsed", N_("The unit has stated its case; the decision cannot say that it has not."),
                N_("Read its statement and decide on it."),
            ))
        return {}, []
    days = {"told_on": told_on.isoformat(), "until": until_on.isoformat()}
    if not given[LAPSE]:
        raise Refused(Reason(
            code="accountability.lapse_unsaid", parameters=days,
            message=N_("The unit was told on %(told_on)s that it might state its case until %(until)s, and has not; a "
                       "decision without its statement has to say so."),
            remedy=N_("Say it in the decision and tick that it does, or wait for the statement."),
        ))
    return {"lapsed_on": days["until"]}, [Reason(
        code="accountability.lapsed", parameters=days,
        message=N_("The unit was told on %(told_on)s that it might state its case until %(until)s; no statement came."),
        source=current_rulebook().accountability.hearing.source,
    )]


def _outcome_reasons(case: CaseStanding, kind: str, attributes: Mapping[str, Any]) -> list[Reason]:
    """Why that cannot be decided in a case of this tone, at first or on appeal."""
    is_changed = attributes.get("outcome") == CHANGED
    if kind == "case_appeal_decided" and is_changed != ("instead" in attributes):
        return [_reason(
            "instead", N_("A changed decision names the one that takes its place, and no other does."),
            N_("Choose what is decided instead, or another outcome of the appeal."),
        )]
    chosen = attributes.get("instead") if kind == "case_appeal_decided" else attributes.get("outcome")
    if chosen is None or kind not in ("case_decided", "case_appeal_decided"):
        return []
    if chosen not in current_rulebook().accountability.outcomes[case.row.tone]:
        return [_reason(
            "tone", N_("That cannot be decided in a case of this kind."), N_("Choose an outcome from the form.")
        )]
    if is_changed and chosen == case.life.outcome:
        return [_reason(
            "same", N_("That is what stands decided already."), N_("Leave the decision as it stands instead.")
        )]
    return []


def _reason(code: str, message: str, remedy: str) -> Reason:
    return Reason(code=f"accountability.{code}", message=message, remedy=remedy)
