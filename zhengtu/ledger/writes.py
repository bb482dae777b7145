"""Plain row changes of the ledger; only ``act`` and the projections call them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson
from django.db import transaction

from zhengtu.core.kernel.masking import mask_identifiers_in
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.ledger.chain import FIRST_PREVIOUS_HASH, ChainedDeed, deed_hash, fact_bytes_of
from zhengtu.ledger.bulk_text import copy_lines
from zhengtu.ledger.files import AttachedFile
from zhengtu.ledger.models import ChainHead, Deed, Evidence, Fact, Refusal, StoredFile

if TYPE_CHECKING:
    from zhengtu.ledger.act import NewFact


@dataclass(frozen=True, slots=True)
class PreparedFacts:
    """Facts ready to be written under one deed: their digest and COPY lines."""

    deed: str
    facts: Sequence[NewFact]
    digest: str
    lines: list[str]


def next_deed(head: ChainHead) -> str:
    """The key of the deed that follows on a chain whose head is held."""
    return f"{head.chain}-D{head.number + 1:09d}"


def locked_chain_head(division: str) -> ChainHead:
    """The head of a division's chain, row-locked until the transaction ends."""
    ChainHead.objects.bulk_create([ChainHead(chain=division, hash=FIRST_PREVIOUS_HASH)], ignore_conflicts=True)
    return ChainHead.objects.select_for_update().get(chain=division)


def reason_as_json(reason: Reason) -> dict[str, Any]:
    """A reason as it is stored with a deed or a refusal.

    Whatever somebody typed lies in it for good, so numbers of people in it are masked.
    """
    parameters = {name: mask_identifiers_in(str(value)) for name, value in reason.parameters.items()}
    return {
        "code": reason.code, "message": reason.message, "parameters": parameters, "source": reason.source,
        "remedy": reason.remedy,
    }


def insert_deed(
    *,
    head: ChainHead,
    verb: str,
    actor: str,
    posting: str,
    subject: str,
    recorded_at: datetime,
    recorded_on: date,
    reasons: Sequence[dict[str, Any]],
    rulebook: str,
    facts: PreparedFacts,
    evidence: Sequence[AttachedFile],
) -> str:
    """Append one deed to the chain whose head is held, and return its key."""
    number = head.number + 1
    new_hash = deed_hash(
        ChainedDeed(
            chain=head.chain, number=number, verb=verb, actor=actor, posting=posting, subject=subject,
            recorded_at=recorded_at, reasons=reasons, rulebook=rulebook, facts_count=len(facts.facts),
            facts_digest=facts.digest, evidence=[(e.kind, e.sha256, e.name) for e in evidence], previous_hash=head.hash,
        )
    )
    deed = Deed.objects.create(
        id=facts.deed, chain=head.chain, number=number, verb=verb, actor=actor, posting=posting,
        subject=subject, recorded_at=recorded_at, recorded_on=recorded_on, reasons=list(reasons), rulebook=rulebook,
        facts_count=len(facts.facts), facts_digest=facts.digest, previous_hash=head.hash, hash=new_hash,
    )
    StoredFile.objects.bulk_create(
        [StoredFile(sha256=e.sha256, size_bytes=e.size_bytes, media_type=e.media_type) for e in evidence],
        ignore_conflicts=True,
    )
    Evidence.objects.bulk_create(
        [
            Evidence(deed=deed, ordinal=ordinal, kind=e.kind, file_id=e.sha256, name=e.name)
            for ordinal, e in enumerate(evidence, start=1)
        ]
    )
    _copy_facts(facts.lines)
    head.number, head.hash = number, new_hash
    head.save(update_fields=["number", "hash"])
    return deed.id


def prepared_facts(facts: Sequence[NewFact], *, deed: str) -> PreparedFacts:
    """Digest and COPY lines of facts; each fact's attributes are put into JSON once for both. Asks no database."""
    digest, lines = sha256(), []
    for ordinal, fact in enumerate(facts, start=1):
        attributes = orjson.dumps(fact.attributes, option=orjson.OPT_SORT_KEYS)
        digest.update(
            fact_bytes_of(
                ordinal, fact.subject_kind, fact.subject, fact.kind, fact.happened_on, attributes, fact.supersedes,
                fact.is_verified,
            )
        )
        digest.update(b"\n")
        # Inside JSON the backslash is the only character that means something to COPY.
        text = attributes.decode().replace("\\", "\\\\")
        lines.append(
            f"{deed}\t{ordinal}\t{fact.subject_kind}\t{fact.subject}\t{fact.kind}\t{fact.happened_on}\t{text}\t"
            f"{fact.supersedes}\t{'t' if fact.is_verified else 'f'}\n"
        )
    return PreparedFacts(deed, facts, digest.hexdigest(), lines)


def _copy_facts(lines: Sequence[str]) -> None:
    copy_lines(
        Fact,
        fields=(
            "deed_id", "ordinal", "subject_kind", "subject", "kind", "happened_on", "attributes", "supersedes",
            "is_verified",
        ),
        lines=lines,
    )


def insert_refusal(
    *, actor: str, verb: str, subject: str, at: datetime, reasons: Iterable[Reason]
) -> None:
    """Note an attempt that was refused, in a transaction of its own."""
    with transaction.atomic():
        Refusal.objects.create(
            actor=actor, verb=verb, subject=subject, at=at, reasons=[reason_as_json(reason) for reason in reasons]
        )
