"""The one mechanism of every write: a deed.

``act`` asks whether the actor may, opens one durable transaction, holds the division's chain, and
refuses to commit unless the deed was recorded exactly once. A refusal rolls everything back and is
then noted in a small transaction of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger import writes
from zhengtu.ledger.files import AttachedFile
from zhengtu.ledger.projection import project_facts
from zhengtu.ledger.rulebook import current_rulebook


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact about to be recorded; attributes as ``checked_attributes`` stores them."""

    subject_kind: str
    subject: str
    kind: str
    happened_on: date
    attributes: dict[str, Any] = field(default_factory=dict)
    supersedes: str = ""
    is_verified: bool = True


class DeedGate(Protocol):
    """Whoever knows the statutory cases says why facts may not be recorded; the registry does (settings.DEED_GATE)."""

    def __call__(self, facts: Sequence[NewFact], *, evidence: Collection[str], today: date) -> list[Reason]: ...


@cache
def _gate() -> DeedGate:
    gate: DeedGate = import_string(settings.DEED_GATE)
    return gate


class DeedProjection(Protocol):
    """What an app derives of the facts of a deed in its transaction (settings.DEED_PROJECTIONS)."""

    def __call__(self, facts: Sequence[NewFact], *, deed: str) -> None: ...


@cache
def _projections() -> tuple[DeedProjection, ...]:
    return tuple(import_string(path) for path in settings.DEED_PROJECTIONS)


class OpenDeed:
    """A deed between its opening and its recording."""

    def __init__(self, *, actor: Actor, verb: str, on: Subject, at: datetime) -> None:
        self.actor, self.verb, self.on, self.at = actor, verb, on, at
        self.recorded_on = civil_date(at=at)
        self.chain = jurisdiction_of(on.code)
        self.id = ""
        self._head = writes.locked_chain_head(self.chain)

    def lock(self, jurisdictions: Sequence[str]) -> None:
        """Also hold the chains of these divisions, so that nothing there changes before the commit."""
        for division in sorted(set(jurisdictions) - {self.chain}):
            writes.locked_chain_head(division)

    def gate_reasons(self, facts: Sequence[NewFact], *, evidence: Collection[str]) -> list[Reason]:
        """Why ``record`` would refuse these facts with files of these kinds."""
        return _gate()(facts, evidence=evidence, today=self.recorded_on)

    def prepare(self, facts: Sequence[NewFact]) -> writes.PreparedFacts:
        """Facts made ready for ``record`` without asking the database, which may be busy meanwhile."""
        return writes.prepared_facts(facts, deed=writes.next_deed(self._head))

    def record(
        self,
        *,
        facts: Sequence[NewFact] | writes.PreparedFacts = (),
        evidence: Sequence[AttachedFile] = (),
        because: Sequence[Reason] = (),
    ) -> str:
        """Write the deed with its facts and evidence and project its milestones.

        Returns:
            The deed's key.

        Raises:
            Refused: when a fact would record a step that its case does not carry on that day.
            RuntimeError: when the deed was recorded already.
        """
        if self.id:
            raise RuntimeError("a deed is recorded once")
        prepared = facts if isinstance(facts, writes.PreparedFacts) else self.prepare(facts)
        refused = self.gate_reasons(prepared.facts, evidence=[file.kind for file in evidence])
        if refused:
            raise Refused(*refused)
        self.id = writes.insert_deed(
            head=self._head,
            verb=self.verb,
            actor=self.actor.person,
            posting="; ".join(f"{p.role}@{p.unit}" for p in self.actor.postings)[:128],
            subject=self.on.code,
            recorded_at=self.at,
            recorded_on=self.recorded_on,
            reasons=[writes.reason_as_json(reason) for reason in because],
            rulebook=current_rulebook().fingerprint,
            facts=prepared,
            evidence=evidence,
        )
        project_facts(prepared.facts, deed=self.id, recorded_on=self.recorded_on)
        for projection in _projections():
            projection(prepared.facts, deed=self.id)
        return self.id


@contextmanager
def act(
    actor: Actor, verb: str, *, on: Subject, at: datetime, joins_transaction: bool = False
) -> Iterator[OpenDeed]:
    """Open a deed.

    Args:
        actor: who acts, with today's postings.
        verb: a verb of ``authority.yaml``.
        on: what the act is on; its division's chain takes the deed.
        at: the instant, aware; it becomes the deed's time of recording.
        joins_transaction: only for loading a whole demonstration, of which all deeds stand or fall together.

    Raises:
        Refused: when the actor may not, or when the body refuses; nothing is then written but the refusal.
    """
    try:
        reason = current_rulebook().authority.may(actor=actor, verb=verb, subject=on)
        if reason is not None:
            raise Refused(reason)
        with transaction.atomic(durable=not joins_transaction):
            deed = OpenDeed(actor=actor, verb=verb, on=on, at=at)
            yield deed
            if not deed.id:
                raise RuntimeError(f"the deed {verb} on {on.code} was not recorded")
    except Refused as refused:
        writes.insert_refusal(actor=actor.person, verb=verb, subject=on.code, at=at, reasons=refused.reasons)
        raise
