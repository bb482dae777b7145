"""Frozen values to plain JSON and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.kernel.plain_values import plain, value_from


class Tone(StrEnum):
    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Note:
    on: date
    tone: Tone
    weight: Decimal = Decimal(0)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    name: tuple[str, str]
    at: datetime
    notes: Sequence[Note]
    by_tone: Mapping[Tone, Note] = field(default_factory=dict)
    pairs: Mapping[Tone, tuple[date, str]] = field(default_factory=dict)
    months: frozenset[int] = frozenset()
    last: Note | None = None
    share: float | None = None


notes = st.builds(
    Note, on=st.dates(), tone=st.sampled_from(Tone), weight=st.decimals(allow_nan=False, allow_infinity=False),
    text=st.none() | st.text(),
)
scores = st.builds(
    Score, name=st.tuples(st.text(), st.text()), at=st.datetimes(), notes=st.lists(notes, max_size=3).map(tuple),
    by_tone=st.dictionaries(st.sampled_from(Tone), notes),
    pairs=st.dictionaries(st.sampled_from(Tone), st.tuples(st.dates(), st.text())),
    months=st.frozensets(st.integers(1, 12)), last=st.none() | notes,
    share=st.none() | st.floats(0, 1),
)


@given(scores)
def test_what_is_written_reads_back_as_the_same_value(score: Score) -> None:
    assert value_from(Score, orjson.loads(orjson.dumps(plain(score)))) == score


def test_a_field_that_was_added_since_takes_its_default() -> None:
    held = plain(Note(date(2025, 3, 15), Tone.HIGH, Decimal("1.50"), "x"))
    del held["text"]
    assert value_from(Note, held) == Note(date(2025, 3, 15), Tone.HIGH, Decimal("1.50"))


def test_a_field_that_is_gone_since_is_left_aside() -> None:
    held = plain(Note(date(2025, 3, 15), Tone.LOW)) | {"colour": "red"}
    assert value_from(Note, held) == Note(date(2025, 3, 15), Tone.LOW)


def test_a_missing_value_without_a_default_is_refused() -> None:
    with pytest.raises(TypeError, match="tone"):
        value_from(Note, {"on": "2025-03-15"})
    with pytest.raises(ValueError, match="middle"):
        value_from(Note, {"on": "2025-03-15", "tone": "middle"})


def test_what_has_no_plain_form_is_refused() -> None:
    with pytest.raises(TypeError, match="complex has no plain form"):
        plain([1j])
