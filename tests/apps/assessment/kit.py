"""The test campaign with a scheme over January or February 2025, and the points that one unit has."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from tests.factories import CHUANYING, CITY, TODAY, actor_with, at
from zhengtu.assessment.actions import adopt_assessment, publish_assessment
from zhengtu.assessment.scoring_units import cards
from zhengtu.core.assessment.scheme import Scheme
from zhengtu.core.assessment.unit_card import UnitCard
from zhengtu.ledger.rulebook import current_rulebook

DISTRICTS: Final = "districts-2025"
CLIENTS: Final = "clients-2025"
JANUARY: Final = (date(2025, 1, 1), date(2025, 2, 1))
QUARTER: Final = (date(2025, 1, 1), date(2025, 4, 1))


def scheme(id: str = DISTRICTS) -> Scheme:
    """A scheme of the rulebook."""
    return current_rulebook().assessment.schemes[id]


def card_of(
    unit: str = CHUANYING, *, id: str = DISTRICTS, period: tuple[date, date] = QUARTER, known: date | None = None
) -> UnitCard:
    """A unit's card over the period."""
    made = cards(CITY, scheme=scheme(id), from_on=period[0], until_on=period[1], known=known)
    return next(card for card in made if card.unit == unit)


def points(criterion: str, unit: str = CHUANYING, *, id: str = DISTRICTS) -> Decimal:
    """What a unit has for one criterion in the first quarter."""
    return card_of(unit, id=id).card.of(criterion)


def adopted(id: str = DISTRICTS, *, period: tuple[date, date] = JANUARY, on: date = date(2025, 1, 6)) -> str:
    """An assessment adopted by the mayor; returns its code."""
    return adopt_assessment(
        actor=actor_with("mayor"), city=CITY, scheme=id, from_on=period[0], until_on=period[1], now=at(on)
    )


def published(id: str = DISTRICTS, *, period: tuple[date, date] = JANUARY, on: date = TODAY) -> str:
    """The same, published; returns its code."""
    code = adopted(id, period=period)
    publish_assessment(actor=actor_with("mayor"), code=code, now=at(on))
    return code
