"""The hash chain: whatever is changed changes a hash, and what only looks different does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from zhengtu.core.ledger.chain import (
    FIRST_PREVIOUS_HASH,
    ChainedDeed,
    ChainedFact,
    deed_hash,
    fact_bytes,
    facts_digest,
)

FACT = ChainedFact(1, "household", "220204-P0001-S01-H00001", "signed", date(2025, 2, 13),
                   {"amount_yuan": "430000.00", "option": "cash"}, "", True)
DEED = ChainedDeed(
    chain="220204", number=7, verb="fact.record", actor="220200-u-officer", posting="field_officer@220204",
    subject="220204-P0001-S01-H00001", recorded_at=datetime(2025, 2, 14, 1, 30, tzinfo=UTC), reasons=[],
    rulebook="f" * 64, facts_count=1, facts_digest=facts_digest([FACT]), evidence=[("agreement", "a" * 64, "p.pdf")],
    previous_hash=FIRST_PREVIOUS_HASH,
)


@pytest.mark.parametrize(
    "change",
    [
        {"ordinal": 2}, {"subject_kind": "section"}, {"subject": "220204-P0001-S01-H00002"}, {"kind": "vacated"},
        {"happened_on": date(2025, 2, 12)}, {"attributes": {"amount_yuan": "430000.01", "option": "cash"}},
        {"supersedes": "220204-D000000001/1"}, {"is_verified": False},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_part_of_a_fact_is_in_the_digest(change: dict[str, object]) -> None:
    assert facts_digest([replace(FACT, **change)]) != facts_digest([FACT])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"chain": "220202"}, {"number": 8}, {"verb": "fact.correct"}, {"actor": "x"}, {"posting": "x"},
        {"subject": "x"}, {"recorded_at": DEED.recorded_at + timedelta(microseconds=1)},
        {"reasons": [{"code": "x"}]}, {"rulebook": "0" * 64}, {"facts_count": 2}, {"facts_digest": "0" * 64},
        {"evidence": []}, {"evidence": [("photo", "a" * 64, "p.pdf")]},
        {"evidence": [("agreement", "b" * 64, "p.pdf")]}, {"evidence": [("agreement", "a" * 64, "q.pdf")]},
        {"previous_hash": "1" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_part_of_a_deed_is_in_its_hash(change: dict[str, object]) -> None:
    assert deed_hash(replace(DEED, **change)) != deed_hash(DEED)  # type: ignore[arg-type]


def test_the_order_of_facts_and_of_files_counts() -> None:
    other = replace(FACT, subject="220204-P0001-S01-H00002")
    assert facts_digest([FACT, other]) != facts_digest([other, FACT])
    files = [("agreement", "a" * 64, "p.pdf"), ("photo", "b" * 64, "q.jpg")]
    assert deed_hash(replace(DEED, evidence=files)) != deed_hash(replace(DEED, evidence=files[::-1]))


def test_the_order_of_attributes_and_the_time_zone_of_an_instant_do_not_count() -> None:
    turned = replace(FACT, attributes={"option": "cash", "amount_yuan": "430000.00"})
    assert fact_bytes(turned) == fact_bytes(FACT)
    shanghai = DEED.recorded_at.astimezone(timezone(timedelta(hours=8)))
    assert deed_hash(replace(DEED, recorded_at=shanghai)) == deed_hash(DEED)


def test_the_canonical_bytes_stay_what_they_are() -> None:
    # A change here breaks every chain that exists: never change it, add a second format instead.
    assert fact_bytes(FACT) == (
        b'[1,"household","220204-P0001-S01-H00001","signed","2025-02-13",'
        b'{"amount_yuan":"430000.00","option":"cash"},"",true]'
    )
    assert deed_hash(DEED) == "6b12c760902cb2c49b7b57879866fc77087000c57ece4b8e78bf926e2b58818e"
