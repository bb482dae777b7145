"""A unit's card: its score with everything that the score was made from, and what upheld appeals changed of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any

from zhengtu.core.assessment.difficulty import expected_shares
from zhengtu.core.assessment.scheme import Scheme
from zhengtu.core.assessment.scoring import CountedCase, Measured, Scorecard, counted, scorecard
from zhengtu.core.kernel.plain_values import plain


class Remedy(StrEnum):
    """What an upheld appeal does: the disputed case or event is left out, or the case counts as done in time."""

    LEFT_OUT = "left_out"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Correction:
    """An upheld appeal against one case or event of a criterion.

    Attributes:
        reference: of the case or event, as the card names it.
        fact: ``deed/ordinal`` of the fact that decided it.
    """

    criterion: str
    reference: str
    remedy: Remedy
    on: date
    fact: str


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A score with what it was made from.

    Attributes:
        measured: criterion -> what is known of it.
        corrections: upheld appeals that are counted in.
    """

    card: Scorecard
    measured: Mapping[str, Measured]
    corrections: Sequence[Correction] = ()

    @property
    def unit(self) -> str:
        return self.card.unit


def unit_card(unit: str, *, scheme: Scheme, measured: Mapping[str, Measured]) -> UnitCard:
    """The card of a unit from what is known of it; what the scheme does not ask is left aside."""
    asked = {one.id: measured[one.id] for one in scheme.criteria if one.id in measured}
    return UnitCard(scorecard(unit, scheme=scheme, measured=asked), asked)


def with_expectations(cases: Mapping[str, Sequence[CountedCase]]) -> dict[str, list[CountedCase]]:
    """The cases of all units, each with how much of it units do on the whole with cases of its class."""
    due: Counter[tuple[str, str]] = Counter()
    done: Counter[tuple[str, str]] = Counter()
    for unit, own in cases.items():
        for case in own:
            due[unit, case.difficulty] += case.due
            done[unit, case.difficulty] += case.done
    shares = expected_shares(due, done)
    return {
        unit: [
            replace(case, expected=round(case.due * shares[unit, case.difficulty], 6))
            if (unit, case.difficulty) in shares else case
            for case in own
        ]
        for unit, own in cases.items()
    }


def corrected(held: UnitCard, corrections: Sequence[Correction], *, scheme: Scheme) -> UnitCard:
    """The card with upheld appeals counted in; expectations of other cases stay as they were published."""
    if not corrections:
        return held
    measured = dict(held.measured)
    for one in corrections:
        if one.criterion in measured:
            measured[one.criterion] = _corrected(measured[one.criterion], one)
    return replace(
        unit_card(held.unit, scheme=scheme, measured=measured),
        corrections=(*held.corrections, *corrections),
    )


def can_correct(held: UnitCard, *, criterion: str, reference: str) -> bool:
    """Whether the card has such a case or event: what an appeal can be about."""
    known = held.measured.get(criterion)
    if known is None:
        return False
    return any(case.reference == reference for case in known.cases) or any(
        event.reference == reference for event in known.events
    )


def cards_fingerprint(cards: Sequence[UnitCard]) -> str:
    """SHA-256 of cards as canonical JSON."""
    return fingerprint_of(plain(cards))


def fingerprint_of(value: Any) -> str:
    """SHA-256 of a plain value as canonical JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def differences(held: Sequence[UnitCard], made: Sequence[UnitCard]) -> list[tuple[str, str, str, str]]:
    """(unit, criterion, points as published, points as made again) of everything that differs.

    A criterion whose points are equal but whose cases differ is named too.
    """
    found = []
    mine, other = ({card.unit: card for card in cards} for cards in (held, made))
    for unit in sorted({*mine, *other}):
        one, two = mine.get(unit), other.get(unit)
        if one is None or two is None:
            found.append((unit, "", _total(one), _total(two)))
            continue
        for criterion in sorted({*one.measured, *two.measured}):
            if plain(one.measured.get(criterion)) != plain(two.measured.get(criterion)) or (
                one.card.of(criterion) != two.card.of(criterion)
            ):
                found.append((unit, criterion, str(one.card.of(criterion)), str(two.card.of(criterion))))
    return found


def _total(card: UnitCard | None) -> str:
    return "" if card is None else str(card.card.total)


def _corrected(known: Measured, correction: Correction) -> Measured:
    if known.events:
        return replace(
            known, events=tuple(event for event in known.events if event.reference != correction.reference)
        )
    if correction.remedy is Remedy.LEFT_OUT:
        return counted([case for case in known.cases if case.reference != correction.reference])
    return counted([
        replace(case, done=case.due) if case.reference == correction.reference else case for case in known.cases
    ])
