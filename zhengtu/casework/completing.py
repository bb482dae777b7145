"""History from before the platform: completed by one person, verified by another.

Whoever completes it attaches the papers and fills in what is missing by a correction; the fact stays not verified.
Somebody else then compares it with the paper file, and the gate asks of it what it asks of any fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zhengtu.casework.facts import RecordedFact, evidence_kinds_behind, history_of
from zhengtu.casework.offers import recordable_kind
from zhengtu.casework.timeline import superseded_reasons
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.fact_kinds import checked_attributes, evidence_reasons
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.models import Deed
from zhengtu.registry.queries import subject_of


def is_completed(
    fact: RecordedFact, *, happened_on: date, attributes: dict[str, object], files: Sequence[object]
) -> bool:
    """Whether a correction of the fact changes or adds anything; to unverified history papers alone are something."""
    is_changed = happened_on != fact.happened_on or attributes != dict(fact.attributes)
    return is_changed or (bool(files) and not fact.is_verified)


def replacing(fact: RecordedFact, *, happened_on: date, attributes: dict[str, object]) -> NewFact:
    """The fact that takes a recorded one's place; what was not verified stays so."""
    return NewFact(
        fact.subject_kind, fact.subject, fact.kind, happened_on, attributes, supersedes=fact.reference,
        is_verified=fact.is_verified,
    )


def verify_fact(*, actor: Actor, fact: RecordedFact, now: datetime) -> str:
    """Put a verified fact in the place of an unverified one, after comparing it with the paper file.

    Returns:
        The key of the deed.

    Raises:
        Refused: no right, something is missing or contradicts the procedure, or the same person entered it.
    """
    rules, step = recordable_kind(fact.kind, subject=fact.subject)
    with act(actor, "fact.correct", on=subject_of(fact.subject), at=now) as deed:
        history = history_of(fact.subject)
        reasons = superseded_reasons(fact, history=history) + _own_reasons(actor, fact, history=history)
        if fact.is_verified:
            reasons.append(Reason("casework.is_verified", N_("This fact is verified already.")))
        if step is None:
            held = evidence_kinds_behind(fact, history=history)
            reasons += [*checked_attributes(rules, fact.attributes)[1], *evidence_reasons(rules, attached=held)]
        verified = NewFact(
            fact.subject_kind, fact.subject, fact.kind, fact.happened_on, dict(fact.attributes),
            supersedes=fact.reference,
        )
        if reasons:
            raise Refused(*reasons, *deed.gate_reasons([verified], evidence=[]))
        compared = Reason("casework.because", N_("Compared with the paper file and found to be so."))
        return deed.record(facts=[verified], because=[compared])


def _own_reasons(actor: Actor, fact: RecordedFact, *, history: Sequence[RecordedFact]) -> list[Reason]:
    """Why this person may not verify it: they entered it, or one of the entries that it corrects."""
    by_reference = {known.reference: known for known in history}
    deeds = {fact.deed}
    while fact.supersedes in by_reference:
        fact = by_reference[fact.supersedes]
        deeds.add(fact.deed)
    if not Deed.objects.filter(pk__in=deeds, actor=actor.person).exists():
        return []
    return [
        Reason(
            code="casework.own_entry", message=N_("Nobody verifies what they entered themselves."),
            remedy=N_("Have it compared with the paper file by another person."),
        )
    ]
