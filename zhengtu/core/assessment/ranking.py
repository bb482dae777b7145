"""Ranks with their movement, and which differences are real: units whose intervals overlap are not told apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from zhengtu.core.assessment.scoring import Scorecard


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit's place.

    Attributes:
        rank: 1 is best; equal scores share a rank, and the next one counts on.
        best_rank, worst_rank: places it might hold, given how sure the scores are.
        moved: places won since the last ranking, below zero for lost; None where it was not ranked then.
    """

    unit: str
    per_hundred: Decimal
    rank: int
    best_rank: int
    worst_rank: int
    moved: int | None


def ranked(cards: Iterable[Scorecard], *, before: Mapping[str, int] | None = None) -> list[Ranked]:
    """Units by score, best first; a unit of which nothing counts is left out."""
    scored = [(card, card.per_hundred) for card in cards]
    rows = sorted(
        ((card, score) for card, score in scored if score is not None), key=lambda row: (-row[1], row[0].unit)
    )
    ends = {card.unit: (_per_hundred(card, card.low), _per_hundred(card, card.high)) for card, _ in rows}
    found = []
    for card, score in rows:
        low, high = ends[card.unit]
        others = [ends[other.unit] for other, _ in rows if other.unit != card.unit]
        rank = 1 + sum(other > score for _, other in rows)
        held = (before or {}).get(card.unit)
        found.append(Ranked(
            unit=card.unit, per_hundred=score, rank=rank,
            best_rank=1 + sum(other_low > high for other_low, _ in others),
            worst_rank=1 + sum(other_high >= low for _, other_high in others),
            moved=None if held is None else held - rank,
        ))
    return found


def _per_hundred(card: Scorecard, points: Decimal) -> Decimal:
    return points * 100 / card.of_points
