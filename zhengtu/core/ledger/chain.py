"""The hash chain: canonical bytes of facts and deeds, and their SHA-256.

A deed's hash covers its own fields, the digest of its facts in order, the SHA-256 of every
evidence file and the hash of the deed before it on the same division's chain. Changing, adding,
removing or reordering anything changes a hash further on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final

import orjson

FIRST_PREVIOUS_HASH: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class ChainedFact:
    """A fact as the chain sees it.

    Attributes:
        ordinal: place within its deed, from 1.
        attributes: JSON values; numbers with a fraction travel as text, never as floats.
        supersedes: ``deed/ordinal`` of the fact it corrects, or empty.
    """

    ordinal: int
    subject_kind: str
    subject: str
    kind: str
    happened_on: date
    attributes: Mapping[str, Any]
    supersedes: str
    is_verified: bool


def fact_bytes(fact: ChainedFact) -> bytes:
    """Canonical bytes of one fact: a JSON array with sorted keys."""
    return orjson.dumps(
        [
            fact.ordinal, fact.subject_kind, fact.subject, fact.kind, fact.happened_on,
            fact.attributes, fact.supersedes, fact.is_verified,
        ],
        option=orjson.OPT_SORT_KEYS,
    )


def fact_bytes_of(
    ordinal: int, subject_kind: str, subject: str, kind: str, happened_on: date, attributes: bytes, supersedes: str,
    is_verified: bool,
) -> bytes:
    """``fact_bytes`` of a fact whose attributes are JSON bytes with sorted keys already; for many facts at once."""
    return orjson.dumps(
        [ordinal, subject_kind, subject, kind, happened_on, orjson.Fragment(attributes), supersedes, is_verified]
    )


def facts_digest(facts: Iterable[ChainedFact]) -> str:
    """SHA-256 over the facts in the order given."""
    digest = sha256()
    for fact in facts:
        digest.update(fact_bytes(fact))
        digest.update(b"\n")
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class ChainedDeed:
    """A deed as the chain sees it; ``evidence`` holds (kind, SHA-256, name) of each file in order."""

    chain: str
    number: int
    verb: str
    actor: str
    posting: str
    subject: str
    recorded_at: datetime
    reasons: Sequence[Any]
    rulebook: str
    facts_count: int
    facts_digest: str
    evidence: Sequence[tuple[str, str, str]]
    previous_hash: str


def deed_hash(deed: ChainedDeed) -> str:
    """SHA-256 of the deed's canonical bytes, the previous hash among them."""
    recorded_at = deed.recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    return sha256(
        orjson.dumps(
            [
                deed.chain, deed.number, deed.verb, deed.actor, deed.posting, deed.subject, recorded_at,
                deed.reasons, deed.rulebook, deed.facts_count, deed.facts_digest,
                [list(file) for file in deed.evidence], deed.previous_hash,
            ],
            option=orjson.OPT_SORT_KEYS,
        )
    ).hexdigest()
