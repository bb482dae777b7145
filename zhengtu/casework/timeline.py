"""The timeline of one household, section or project: facts with their corrections, deeds and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zhengtu.accounts.models import Person
from zhengtu.casework.facts import RecordedFact, history_of
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.ledger.models import Deed, Evidence, Fact
from zhengtu.ledger.queries import Reach, deeds_with_open_evidence
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.procedure_cases import OWNERS_NAMED

IMPORTED_VERB = "survey.import"
"""Facts of this verb come with an import and are corrected by one."""
STANDING_VERBS = ("sponsor.name", "sponsor.visit", "reply.give")
"""Facts of these verbs stand as they were said: nobody mends a promise once its day has passed, or a family's word."""


@dataclass(frozen=True, slots=True)
class RecordedDeed:
    """The deed behind a fact, as the actor may see it.

    Attributes:
        recorded_by: name of whoever recorded it.
        post: role and unit of the first post held then, e.g. ``("field_officer", "220204")``.
        evidence: its files; empty where the actor may not open them.
        is_batch: whether it holds several facts.
        may_open: whether the actor may open the deed itself.
    """

    key: str
    recorded_at: datetime
    recorded_by: str
    post: tuple[str, str]
    reasons: Sequence[dict[str, Any]]
    evidence: Sequence[Evidence]
    may_open: bool
    is_batch: bool

    def evidence_for(self, kind: str) -> Sequence[Evidence]:
        """The files that prove a fact of that kind: of a deed with several facts, those that the kind asks for."""
        rules = current_rulebook().fact_kinds.get(kind)
        if not self.is_batch or rules is None:
            return self.evidence
        asked = [file for file in self.evidence if file.kind in rules.evidence]
        return asked or self.evidence


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A fact on the timeline with what it corrected.

    Attributes:
        earlier: the facts that it corrected, the latest first.
        withdrawn_by: the withdrawal that took it back, or None.
        may_correct: whether the actor may correct or withdraw it, or verify it where it is unverified history.
    """

    fact: RecordedFact
    deed: RecordedDeed
    earlier: Sequence[TimelineEntry] = ()
    withdrawn_by: TimelineEntry | None = None
    may_correct: bool = False

    @property
    def evidence(self) -> Sequence[Evidence]:
        """The files that prove this fact."""
        return self.deed.evidence_for(self.fact.kind)


def timeline_of(
    actor: Actor, *, subject: Subject, history: Sequence[RecordedFact], on: date, evidence_reach: Reach
) -> list[TimelineEntry]:
    """Facts of one subject that happened by a day, the latest first, each with what it corrected.

    Args:
        evidence_reach: what the actor reaches with ``evidence.view``; files of deeds beyond it are left out.
    """
    deeds = _deeds_behind(actor, history, subject=subject, evidence_reach=evidence_reach)
    by_reference = {fact.reference: fact for fact in history}
    successors = {fact.supersedes: fact for fact in history if fact.supersedes}
    entries = []
    for fact in history:
        successor = successors.get(fact.reference)
        if fact.is_withdrawal or (successor is not None and not successor.is_withdrawal):
            continue
        if _is_concealed(actor, fact.kind, subject=subject):
            continue
        chain = _corrected_by(fact, by_reference)
        if min(known.happened_on for known in (fact, *chain)) > on:
            continue
        entries.append(
            TimelineEntry(
                fact=fact,
                deed=deeds[fact.deed],
                earlier=[TimelineEntry(older, deeds[older.deed]) for older in chain],
                withdrawn_by=TimelineEntry(successor, deeds[successor.deed]) if successor else None,
                may_correct=successor is None and (
                    may_correct(actor, fact, subject=subject) or may_verify(actor, fact, subject=subject)
                ),
            )
        )
    return sorted(entries, key=lambda entry: (entry.fact.happened_on, entry.deed.recorded_at), reverse=True)


def _is_concealed(actor: Actor, kind: str, *, subject: Subject) -> bool:
    """Whether facts of that kind are not for the actor to see: they are what is being looked into."""
    rules = current_rulebook().fact_kinds.get(kind)
    return rules is not None and current_rulebook().authority.conceals(actor=actor, verb=rules.verb, subject=subject)


def _corrected_by(fact: RecordedFact, by_reference: dict[str, RecordedFact]) -> list[RecordedFact]:
    chain = []
    while fact.supersedes in by_reference:
        fact = by_reference[fact.supersedes]
        chain.append(fact)
    return chain


def may_correct(actor: Actor, fact: RecordedFact, *, subject: Subject) -> bool:
    """Whether the actor may correct or withdraw facts of that kind there."""
    rules = current_rulebook().fact_kinds.get(fact.kind)
    if rules is None or fact.is_withdrawal or fact.kind == OWNERS_NAMED:
        return False
    if rules.verb in (IMPORTED_VERB, *STANDING_VERBS):
        return False
    authority = current_rulebook().authority
    return all(
        authority.may(actor=actor, verb=verb, subject=subject) is None for verb in ("fact.correct", rules.verb)
    )


def may_verify(actor: Actor, fact: RecordedFact, *, subject: Subject) -> bool:
    """Whether it is the actor's to verify this piece of history: it is not verified, and they may correct there."""
    rules = current_rulebook().fact_kinds.get(fact.kind)
    if rules is None or rules.verb == IMPORTED_VERB or fact.is_verified or fact.is_withdrawal:
        return False
    return current_rulebook().authority.may(actor=actor, verb="fact.correct", subject=subject) is None


def _deeds_behind(
    actor: Actor, history: Iterable[RecordedFact], *, subject: Subject, evidence_reach: Reach
) -> dict[str, RecordedDeed]:
    rows = list(Deed.objects.filter(pk__in={fact.deed for fact in history}).prefetch_related("evidence__file"))
    names = dict(Person.objects.filter(pk__in={row.actor for row in rows}).values_list("code", "name"))
    may_open = current_rulebook().authority.may(actor=actor, verb="ledger.view", subject=subject) is None
    # A sheet that names people of other households too opens only to those who reach every one of them.
    open_files = deeds_with_open_evidence(evidence_reach).filter(pk__in=[row.id for row in rows])
    with_files = set(open_files.values_list("pk", flat=True))
    deeds = {}
    for row in rows:
        role, _, unit = row.posting.partition(";")[0].partition("@")
        deeds[row.id] = RecordedDeed(
            key=row.id, recorded_at=row.recorded_at, recorded_by=names.get(row.actor, row.actor), post=(role, unit),
            reasons=row.reasons, may_open=may_open,
            evidence=sorted(row.evidence.all(), key=lambda file: file.ordinal) if row.id in with_files else (),
            is_batch=row.facts_count > 1,
        )
    return deeds


def fact_with_key(deed: str, ordinal: int) -> RecordedFact | None:
    """The fact with that key, or None; whoever asks looks at what the actor may do with it."""
    subject = Fact.objects.filter(deed_id=deed, ordinal=ordinal).values_list("subject", flat=True).first()
    if subject is None:
        return None
    return next(fact for fact in history_of(subject) if (fact.deed, fact.ordinal) == (deed, ordinal))


def superseded_reasons(fact: RecordedFact, *, history: Iterable[RecordedFact]) -> list[Reason]:
    """Why a fact cannot be corrected any more: something was recorded in its place."""
    if any(later.supersedes == fact.reference for later in history):
        return [
            Reason(
                code="casework.superseded",
                message=N_("This fact has been corrected or withdrawn since."),
                remedy=N_("Go back to the page and correct what counts now."),
            )
        ]
    return []
