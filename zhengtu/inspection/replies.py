"""The family's own reply: whether it has moved out, as it says itself on its own dossier."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.models import Fact
from zhengtu.registry.queries import scope_of, subject_of

VERB: Final = "reply.give"
KIND: Final = "family_replied"
NOTE_LIMIT: Final = 1000
"""Characters of a note."""


def may_reply(actor: Actor, household: str) -> bool:
    """Whether the household is the actor's own."""
    return scope_of(actor, verb=VERB).covers(Subject(code=household))


def last_reply(household: str) -> Fact | None:
    """What the family said last, or None."""
    return Fact.objects.filter(subject=household, kind=KIND).order_by("-deed__recorded_at", "-ordinal").first()


def reply(*, actor: Actor, household: str, is_cleared: bool | None, note: str, now: datetime) -> str:
    """Record the family's own word of today; what it said before stays readable. Returns the deed's key.

    Args:
        is_cleared: whether it has moved out; None where the form says nothing.

    Raises:
        Refused: another household, no answer, or a note that is too long.
    """
    with act(actor, VERB, on=subject_of(household), at=now) as deed:
        if is_cleared is None:
            raise Refused(Reason(
                "reply.answer", N_("The form does not say whether you have moved out."), {},
                remedy=N_("Choose one of the two answers."),
            ))
        if len(note) > NOTE_LIMIT:
            raise Refused(Reason(
                "reply.note", N_("The note has %(length)s characters; at most %(limit)s are kept."),
                {"length": len(note), "limit": NOTE_LIMIT}, remedy=N_("Write it shorter."),
            ))
        attributes = {"is_cleared": "yes" if is_cleared else "no"}
        if note.strip():
            attributes["note"] = note.strip()
        return deed.record(facts=[NewFact("household", household, KIND, civil_date(at=now), attributes)])
