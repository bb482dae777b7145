"""Deeds of sponsorship: name and end a sponsor, tell of a visit, promise, prove a promise kept.

A promise is made by whoever sponsors the subject that day, and dated that day; evidence that it was kept counts from
the day on which it is recorded. So nobody can date either back, and no deed breaks a promise: the rule does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.fact_kinds import checked_attributes, evidence_reasons
from zhengtu.core.sponsorship.promises import Promise
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import subject_of
from zhengtu.sponsorship import writes
from zhengtu.sponsorship.checking import checked_fact
from zhengtu.sponsorship.facts import (
    ENDED,
    KEPT,
    NAMED,
    PROMISED,
    VISITED,
    above,
    is_followed,
    promises_of,
    sponsor_on,
    terms_of,
)
from zhengtu.sponsorship.queries import VISIT, candidates
from zhengtu.sponsorship.telling import tell_named

NAME: Final = "sponsor.name"


def name_sponsor(
    *, actor: Actor, subject: str, sponsor: str, files: Sequence[OfferedFile], now: datetime,
    from_on: date | None = None,
) -> str:
    """Name the sponsor of a project, section or household, with the meeting's minutes; returns the deed's key.

    Whoever sponsored it until then is succeeded in the same deed; promises not yet due pass to the successor.

    Args:
        sponsor: code of a person whose posts let them visit and promise there.
        from_on: the day the minutes say; None: today.

    Raises:
        Refused: no right, somebody who cannot, the same person, a wrong day, or no minutes.
    """
    with act(actor, NAME, on=subject_of(subject), at=now) as deed:
        day = from_on or deed.recorded_on
        held = writes.locked_sponsorship(subject)
        attributes, reasons = checked_attributes(current_rulebook().fact_kinds[NAMED], {"sponsor": sponsor})
        if sponsor not in {person.code for person in candidates(subject, on=deed.recorded_on)}:
            reasons.append(
                _reason("candidate", N_("This person has no post by which they could sponsor it."),
                        N_("Choose somebody from the list."))
            )
        if held is not None and held.sponsor_id == sponsor:
            reasons.append(_reason("same", N_("This person sponsors it already."), N_("Choose the successor.")))
        earliest = held.from_on if held is not None else date.min
        if not earliest <= day <= deed.recorded_on:
            reasons.append(
                _reason("day", N_("The day lies in the future or before the sponsor who is named."),
                        N_("Give the day of the meeting."))
            )
        reasons += evidence_reasons(current_rulebook().fact_kinds[NAMED], attached=[file.kind for file in files])
        kept = kept_files(files, reasons)
        kind = kind_of(subject)
        facts = [NewFact(kind, subject, NAMED, day, attributes)]
        if held is not None:
            ended = {"sponsor": held.sponsor_id, "reason": current_rulebook().sponsorship.succeeded}
            facts.insert(0, NewFact(kind, subject, ENDED, day, ended))
        key = deed.record(facts=facts, evidence=kept)
        if held is not None:
            writes.end_sponsorship(held, until_on=day)
        writes.insert_sponsorship(subject=subject, sponsor=sponsor, from_on=day, deed=key)
        tell_named(subject, sponsor=sponsor, deed=key, now=now)
        return key


def end_sponsorship(*, actor: Actor, subject: str, reason: str, now: datetime) -> str:
    """End a sponsorship without a successor; returns the deed's key.

    Raises:
        Refused: no right, nobody sponsors it, or no reason.
    """
    with act(actor, NAME, on=subject_of(subject), at=now) as deed:
        held = writes.locked_sponsorship(subject)
        if held is None:
            raise Refused(_reason("none", N_("Nobody sponsors it.")))
        fact = checked_fact(subject, ENDED, deed.recorded_on, {"sponsor": held.sponsor_id, "reason": reason}, "reason")
        key = deed.record(facts=[fact])
        writes.end_sponsorship(held, until_on=deed.recorded_on)
        return key


def record_visit(
    *, actor: Actor, subject: str, visited_on: date | None, result: str, files: Sequence[OfferedFile] = (),
    now: datetime,
) -> str:
    """Tell what came of a visit; returns the deed's key.

    Raises:
        Refused: no right, not its sponsor, a day ahead, or a text that is empty, long or about a person.
    """
    with act(actor, VISIT, on=subject_of(subject), at=now) as deed:
        reasons = _sponsor_reasons(actor, subject, on=deed.recorded_on)
        day = visited_on or deed.recorded_on
        if day > deed.recorded_on:
            reasons.append(_reason("ahead", N_("The visit lies ahead."), N_("Give the day on which it was.")))
        fact = checked_fact(subject, VISITED, day, {"result": result}, "result", reasons)
        return deed.record(facts=[fact], evidence=kept_files(files, []))


def promise(*, actor: Actor, subject: str, text: str, due_on: date | None, now: datetime) -> str:
    """Promise something for a subject until a day; returns the deed's key.

    Raises:
        Refused: no right, not its sponsor, no day ahead, or a text that is empty, long or about a person.
    """
    with act(actor, VISIT, on=subject_of(subject), at=now) as deed:
        reasons = _sponsor_reasons(actor, subject, on=deed.recorded_on)
        if due_on is not None and due_on < deed.recorded_on:
            reasons.append(_reason("due", N_("The day has passed already."), N_("Give a day from today on.")))
        given = {"promise": text, "due_on": due_on}
        fact = checked_fact(subject, PROMISED, deed.recorded_on, given, "promise", reasons)
        return deed.record(facts=[fact])


def keep_promise(
    *, actor: Actor, subject: str, promised: str, result: str, files: Sequence[OfferedFile], now: datetime
) -> str:
    """Prove that a promise was kept; returns the deed's key. Past its day it is kept late, and stays so.

    Args:
        promised: ``deed/ordinal`` of the promise.
        files: at least one, in the role ``other``.

    Raises:
        Refused: no right, not its sponsor, no such promise, proved already, no evidence, or a wrong text.
    """
    with act(actor, VISIT, on=subject_of(subject), at=now) as deed:
        reasons = _sponsor_reasons(actor, subject, on=deed.recorded_on)
        held = _promise(subject, promised, on=deed.recorded_on)
        if held is None:
            reasons.append(_reason("promise", N_("There is no such promise."), N_("Load the page anew.")))
        elif held.kept_on is not None:
            reasons.append(_reason("kept", N_("This promise is proved kept already.")))
        kind = current_rulebook().fact_kinds[KEPT]
        reasons += evidence_reasons(kind, attached=[file.kind for file in files])
        given = {"promised": promised, "result": result}
        fact = checked_fact(subject, KEPT, deed.recorded_on, given, "result", reasons)
        return deed.record(facts=[fact], evidence=kept_files(files, []))


def _promise(subject: str, reference: str, *, on: date) -> Promise | None:
    return next((one for one in promises_of([subject], on=on) if one.reference == reference), None)


def _sponsor_reasons(actor: Actor, subject: str, *, on: date) -> list[Reason]:
    """Why the actor does not speak for the subject: somebody else sponsors it, or it has no sponsor of its own."""
    if not is_followed(subject):
        return [
            _reason("not_followed", N_("It has no sponsor of its own and is no hard case."),
                    N_("Visit and promise on the page of its project, or ask for a sponsor to be named."))
        ]
    if actor.person == sponsor_on(subject, terms_of(above(subject)), on=on):
        return []
    return [
        _reason("not_sponsor", N_("Only whoever sponsors it visits and promises for it."),
                N_("Ask the coordinator to name you, with the minutes."))
    ]


def _reason(code: str, message: str, remedy: str = "") -> Reason:
    return Reason(code=f"sponsorship.{code}", message=message, remedy=remedy)
