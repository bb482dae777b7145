"""Proof that the ledger is whole: every chain, every fact and every evidence file recomputed.

Everything is streamed in key order, so that memory does not grow with the ledger. Of each chain the first break is
named; what follows a break proves nothing and is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any, NamedTuple

import orjson
from django.db import connection
from psycopg import Connection
from psycopg.types.json import set_json_loads

from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.ledger.chain import FIRST_PREVIOUS_HASH, ChainedDeed, ChainedFact, deed_hash, fact_bytes
from zhengtu.ledger.files import evidence_is_intact
from zhengtu.ledger.models import ChainHead
from zhengtu.ledger.snapshot import one_snapshot

Progress = Callable[[str, int, int], None]
"""Told what is being looked at (``deeds`` or ``files``), how much is done and how much there is about."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: number and hash of its last deed."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain or an evidence file is not what was recorded.

    Attributes:
        where: key of the deed, ``deed/ordinal`` of the fact, or the deed and the SHA-256 of the file.
        what: one English sentence.
    """

    chain: str
    where: str
    what: str


@dataclass(slots=True)
class Verification:
    """What was looked at and what was found."""

    chains: int = 0
    deeds: int = 0
    facts: int = 0
    files: int = 0
    heads: dict[str, Head] = field(default_factory=dict)
    breaks: list[Break] = field(default_factory=list)


class _DeedRow(NamedTuple):
    id: str
    chain: str
    number: int
    verb: str
    actor: str
    posting: str
    subject: str
    recorded_at: datetime
    recorded_on: Any
    reasons: Any
    rulebook: str
    facts_count: int
    facts_digest: str
    previous_hash: str
    hash: str


_DEED_COLUMNS = ", ".join(_DeedRow._fields)
_FACT_COLUMNS = "deed_id, ordinal, subject_kind, subject, kind, happened_on, attributes, supersedes, is_verified"


def verify(*, earlier: Mapping[str, Head] | None = None, progress: Progress | None = None) -> Verification:
    """Recompute every chain and every evidence file from what is stored.

    Args:
        earlier: heads kept from an earlier run; a chain that no longer holds them was cut or rewritten.
        progress: called now and then.

    Returns:
        counts, the chains' heads, and the first break of each chain and of its files.
    """
    found = Verification()
    with one_snapshot():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), coalesce(sum(facts_count), 0) FROM ledger_deed")
            deeds, facts = cursor.fetchone()
        _verify_chains(found, earlier or {}, lambda done: progress and progress("deeds", done, deeds + facts))
        _verify_files(found, progress)
    return found


def _stream(name: str, sql: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a query through a cursor on the server, in batches."""
    driver: Connection[Any] = connection.connection
    with driver.cursor(name=name) as cursor:
        set_json_loads(orjson.loads, cursor)
        cursor.itersize = 5000
        cursor.execute(sql)
        yield from cursor


def _verify_chains(found: Verification, earlier: Mapping[str, Head], tell: Callable[[int], object]) -> None:
    stored = {head.chain: Head(head.number, head.hash) for head in ChainHead.objects.order_by("chain")}
    facts = _FactsInStep(_stream("facts", f"SELECT {_FACT_COLUMNS} FROM ledger_fact ORDER BY deed_id, ordinal"))
    evidence = _Evidence(_stream(
        "evidence", "SELECT deed_id, ordinal, kind, file_id, name FROM ledger_evidence ORDER BY deed_id, ordinal"
    ))
    deeds = map(_DeedRow._make, _stream("deeds", f"SELECT {_DEED_COLUMNS} FROM ledger_deed ORDER BY id"))
    seen: set[str] = set()
    for chain, rows in groupby(deeds, key=lambda deed: deed.chain):
        seen.add(chain)
        found.chains += 1
        broken = _walk(chain, rows, facts, evidence, found, stored, earlier, tell)
        if broken is not None:
            found.breaks.append(broken)
    for chain in sorted({*stored, *earlier} - seen):
        last = max(stored.get(chain, Head(0, "")).number, earlier.get(chain, Head(0, "")).number)
        if last:
            found.breaks.append(Break(chain, f"{chain}-D{1:09d}", f"all {last} deeds of the chain are missing"))
    facts.skip_rest()
    broken_chains = {broken.chain for broken in found.breaks}
    for stray in facts.strays:
        if stray[:6] in broken_chains:
            continue
        found.breaks.append(Break(stray[:6], stray, "the fact belongs to no recorded deed"))


def _walk(
    chain: str,
    rows: Iterator[_DeedRow],
    facts: _FactsInStep,
    evidence: _Evidence,
    found: Verification,
    stored: Mapping[str, Head],
    earlier: Mapping[str, Head],
    tell: Callable[[int], object],
) -> Break | None:
    """Follow one chain to its end; the first break, or None."""
    previous, number = FIRST_PREVIOUS_HASH, 0
    broken: Break | None = None
    before = earlier.get(chain)
    for deed in rows:
        digest, count, gap = facts.of(deed.id)
        pairs = evidence.of(deed.id)
        if broken is not None:
            continue
        number += 1
        found.deeds += 1
        found.facts += count
        if found.deeds % 500 == 0:
            tell(found.deeds + found.facts)
        what = _deed_break(deed, chain, number, previous, digest, count, pairs)
        if what:
            broken = Break(chain, _where(deed, chain, number, count, gap), what)
        elif before is not None and number == before.number and deed.hash != before.hash:
            broken = Break(chain, deed.id, "the chain was rewritten: the deed had another hash when its head was kept")
        previous = deed.hash
    if broken is not None:
        return broken
    head = stored.get(chain)
    if head is None:
        return Break(chain, f"{chain}-D{number:09d}", "the head of the chain is missing")
    if (head.number, head.hash) != (number, previous):
        return Break(chain, f"{chain}-D{number + 1:09d}",
                     f"the chain ends at deed {number}, but its head says {head.number}")
    if before is not None and number < before.number:
        return Break(chain, f"{chain}-D{number + 1:09d}",
                     f"the chain was cut: it ended at deed {before.number} when its head was kept, now at {number}")
    found.heads[chain] = Head(number, previous)
    return None


def _where(deed: _DeedRow, chain: str, number: int, count: int, gap: int) -> str:
    """The missing deed, the fact that is missing or too many, or the deed itself."""
    if deed.number != number:
        return f"{chain}-D{number:09d}"
    if count != deed.facts_count:
        return f"{deed.id}/{min(gap, deed.facts_count + 1)}"
    return deed.id


def _deed_break(
    deed: _DeedRow, chain: str, number: int, previous: str, digest: str, count: int,
    evidence: list[tuple[str, str, str]],
) -> str:
    """Why this deed is not the one that was recorded as the chain's next, or nothing."""
    if deed.number != number:
        return f"the deed is missing; the next one recorded is {deed.id}"
    if deed.id != f"{chain}-D{number:09d}":
        return "the deed's key does not fit its chain and number"
    if deed.recorded_on != civil_date(at=deed.recorded_at):
        return "the day of recording does not fit the instant of recording"
    if count < deed.facts_count:
        return f"{deed.facts_count - count} of its {deed.facts_count} facts are missing"
    if count > deed.facts_count:
        return f"{count - deed.facts_count} facts were added to its {deed.facts_count}"
    if digest != deed.facts_digest:
        return "one of its facts was changed"
    if deed.previous_hash != previous:
        return "it does not follow the deed before it"
    recomputed = deed_hash(
        ChainedDeed(
            chain=deed.chain, number=deed.number, verb=deed.verb, actor=deed.actor, posting=deed.posting,
            subject=deed.subject, recorded_at=deed.recorded_at, reasons=deed.reasons, rulebook=deed.rulebook,
            facts_count=deed.facts_count, facts_digest=deed.facts_digest, evidence=evidence,
            previous_hash=deed.previous_hash,
        )
    )
    return "" if recomputed == deed.hash else "the deed or its list of evidence was changed"


class _FactsInStep:
    """Facts in the order of their deeds, digested deed by deed."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._groups = groupby(rows, key=lambda row: row[0])
        self._next: tuple[str, Iterator[tuple[Any, ...]]] | None = next(self._groups, None)
        self.strays: list[str] = []

    def of(self, deed: str) -> tuple[str, int, int]:
        """Digest and count of a deed's facts, and the first ordinal out of order, or the one after the last."""
        while self._next is not None and self._next[0] < deed:
            self._stray()
        digest, count, gap = sha256(), 0, 0
        if self._next is not None and self._next[0] == deed:
            for _, *columns in self._next[1]:
                count += 1
                if not gap and columns[0] != count:
                    gap = count
                digest.update(fact_bytes(ChainedFact(*columns)))
                digest.update(b"\n")
            self._next = next(self._groups, None)
        return digest.hexdigest(), count, gap or count + 1

    def skip_rest(self) -> None:
        """Whatever still comes belongs to no deed."""
        while self._next is not None:
            self._stray()

    def _stray(self) -> None:
        assert self._next is not None
        deed, rows = self._next
        first = next(iter(rows))
        if not self.strays or not self.strays[-1].startswith(deed[:6]):
            self.strays.append(f"{deed}/{first[1]}")
        self._next = next(self._groups, None)


class _Evidence:
    """Kind, SHA-256 and name of evidence files in the order of their deeds."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, deed: str) -> list[tuple[str, str, str]]:
        while self._next is not None and self._next[0] < deed:
            self._next = next(self._rows, None)
        files = []
        while self._next is not None and self._next[0] == deed:
            files.append((self._next[2], self._next[3], self._next[4]))
            self._next = next(self._rows, None)
        return files


def _verify_files(found: Verification, progress: Progress | None) -> None:
    """Read every evidence file once; of each chain the first that is gone or changed is named."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT file_id) FROM ledger_evidence")
        (total,) = cursor.fetchone()
    broken: set[str] = set()
    rows = _stream("files", "SELECT file_id, min(deed_id) FROM ledger_evidence GROUP BY file_id ORDER BY 2, 1")
    for digest, deed in rows:
        found.files += 1
        if progress and found.files % 50 == 0:
            progress("files", found.files, total)
        intact = evidence_is_intact(digest)
        if not intact and deed[:6] not in broken:
            broken.add(deed[:6])
            what = "the evidence file is gone" if intact is None else "the evidence file was changed"
            found.breaks.append(Break(deed[:6], f"{deed} {digest}", what))
