"""Deeds in a case: the unit states its case and appeals, whoever decides decides, on appeal too, and closes.

A case of praise takes the same steps as one of blame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from zhengtu.accountability.facts import lives_of
from zhengtu.accountability.models import Case
from zhengtu.accountability.queries import DECIDE, STATE, reasons_against, standing_of, subject_of_case
from zhengtu.accountability.telling import tell_decided, tell_stated
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.masking import mask_identifiers_in
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.fact_kinds import checked_attributes, evidence_reasons
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.rulebook import current_rulebook

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
    *, actor: Actor, code: str, outcome: str, reason: str, files: Sequence[OfferedFile], now: datetime
) -> str:
    """Decide a case on the decision's paper; returns the deed's key.

    Args:
        outcome: a choice of ``case_decided`` that the rulebook gives to the case's tone.

    Raises:
        Refused: no right, the unit is not heard yet, the own statement, decided or over already, no outcome of that
            tone, no reason, or no ``decision`` as evidence.
    """
    given = {"outcome": outcome, "reason": reason}
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
    *, actor: Actor, code: str, outcome: str, reason: str, files: Sequence[OfferedFile], now: datetime
) -> str:
    """Decide the appeal; returns the deed's key.

    Args:
        outcome: ``upheld`` sets the decision aside, ``dismissed`` leaves it.

    Raises:
        Refused: no right, no appeal waits, no outcome or reason, or no ``decision`` as evidence.
    """
    given = {"outcome": outcome, "reason": reason}
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
        clean = {
            name: mask_identifiers_in(value.strip()) if isinstance(value, str) else value
            for name, value in given.items()
        }
        attributes, reasons = checked_attributes(fact_kind, clean)
        if any(len(value) > TEXT_LIMIT for value in clean.values()):
            reasons.append(_reason("long", N_("The text is too long."), N_("Attach the rest as a file.")))
        allowed = current_rulebook().accountability.outcomes[row.tone]
        if kind == "case_decided" and not reasons and clean["outcome"] not in allowed:
            reasons.append(_reason(
                "tone", N_("That cannot be decided in a case of this kind."), N_("Choose an outcome from the form.")
            ))
        reasons += evidence_reasons(fact_kind, attached=[file.kind for file in files])
        kept = kept_files(files, reasons)
        fact = NewFact("case", code, kind, deed.recorded_on, attributes)
        return row, deed.record(facts=[fact], evidence=kept)


def _reason(code: str, message: str, remedy: str) -> Reason:
    return Reason(code=f"accountability.{code}", message=message, remedy=remedy)
