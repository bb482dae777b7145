"""Deeds, evidence and refusals in an actor's reach: what a figure comes down to in the end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from zhengtu.accounts.queries import people_called
from zhengtu.campaign.reach import reach_of
from zhengtu.core.authority.actor import Actor
from zhengtu.ledger import queries as ledger
from zhengtu.ledger.models import Deed, Evidence, Fact, Refusal
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rulebook import current_rulebook

VERB: Final = "ledger.view"
FACTS_SHOWN: Final = 500


@dataclass(frozen=True, slots=True)
class DeedFile:
    """One deed as the actor may see it.

    Attributes:
        facts: facts within reach, the first ``FACTS_SHOWN`` of them.
        facts_in_reach: how many facts lie within reach.
        evidence: its files; may be opened only if ``may_open_evidence``.
        before: the deed before on the same chain, whether or not it is within reach; None for the first.
    """

    deed: Deed
    facts: Sequence[Fact]
    facts_in_reach: int
    evidence: Sequence[Evidence]
    may_open_evidence: bool
    before: Deed | None
    before_in_reach: bool
    actor_name: str


def ledger_reach(actor: Actor, *, verb: str = VERB) -> Reach:
    """What the actor reaches in the ledger: places, and what is given to their units (settings.LEDGER_REACH)."""
    reach = reach_of(actor, verb=verb)
    if not current_rulebook().authority.scope(actor=actor, verb=verb):
        return reach
    given: Callable[[Actor], Collection[str]] = import_string(settings.LEDGER_REACH)
    return replace(reach, codes=tuple(sorted({*reach.codes, *given(actor)})))


def deeds_for(actor: Actor, *, known: date | None = None) -> QuerySet[Deed]:
    """Deeds in reach, the latest first."""
    return ledger.deeds_within(ledger_reach(actor), until=known)


def deeds_about(actor: Actor, subject: str, *, known: date | None = None) -> QuerySet[Deed]:
    """Deeds about one subject in reach, the latest first; none where the subject is out of reach."""
    reach = ledger_reach(actor)
    if not reach.covers(subject):
        return Deed.objects.none()
    return ledger.deeds_of(subject, known=known).exclude(verb__in=reach.unseen_verbs)


def facts_about(actor: Actor, subject: str, *, on: date, known: date | None = None) -> list[Fact]:
    """Facts of one subject in reach that happened by a day, earliest first; none where it is out of reach."""
    reach = ledger_reach(actor)
    if not reach.covers(subject):
        return []
    rows = ledger.facts_of(subject, known=known).exclude(deed__verb__in=reach.unseen_verbs)
    return list(rows.filter(happened_on__lte=on))


def deed_file(actor: Actor, deed: str) -> DeedFile | None:
    """One deed in reach, or None."""
    reach = ledger_reach(actor)
    row = ledger.deeds_within(reach).filter(pk=deed).first()
    if row is None:
        return None
    facts = ledger.facts_of_deed(row.id, reach=reach)
    before = ledger.previous_deed(row)
    return DeedFile(
        deed=row, facts=list(facts[:FACTS_SHOWN]), facts_in_reach=facts.count(),
        evidence=list(row.evidence.select_related("file").order_by("ordinal")),
        may_open_evidence=ledger.deeds_with_open_evidence(ledger_reach(actor, verb="evidence.view"))
        .filter(pk=row.id).exists(),
        before=before,
        before_in_reach=before is not None and ledger.deeds_within(reach).filter(pk=before.id).exists(),
        actor_name=people_called([row.actor]).get(row.actor, row.actor),
    )


def evidence_for(actor: Actor, sha256: str, *, deed: str = "") -> Evidence | None:
    """The file as evidence of a deed that the actor may open it by; None where there is no such deed."""
    reach = ledger_reach(actor, verb="evidence.view")
    deeds = ledger.deeds_with_open_evidence(reach, sha256=sha256)
    if deed:
        deeds = deeds.filter(pk=deed)
    return (
        Evidence.objects.filter(file=sha256, deed__in=deeds.values("pk")).select_related("file")
        .order_by("deed", "ordinal").first()
    )


def refusals_for(actor: Actor) -> QuerySet[Refusal]:
    """Refused attempts on something in reach, the latest first."""
    return ledger.refusals_within(ledger_reach(actor))
