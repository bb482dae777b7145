"""From a report's value in yuan to prices per m², such that area × price gives the value back to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from zhengtu.core.kernel.money import EXACT, ZERO, product, total

FEWEST_PLACES: Final = 2
MOST_PLACES: Final = 20


def unit_price(*, value: Decimal, area_m2: Decimal) -> Decimal:
    """The price per m² with the fewest decimals, at least two, for which area × price rounds to ``value``.

    A report names a whole value; its price per m² seldom comes out to the fen. Rounded to two decimals it would
    bring the value back wrong, so decimals are added until it comes back right: four are enough below 100 m², six
    below 10,000 m². Prices keep the order of the values they come from, so that no comparison with a market price
    is turned round by rounding.

    Raises:
        ValueError: when there is no area.
    """
    if area_m2 <= 0:
        raise ValueError("a price per m² needs an area")
    exact = EXACT.divide(value, area_m2)
    for places in range(FEWEST_PLACES, MOST_PLACES):
        price = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=EXACT)
        if product(area_m2, price) == value:
            return price
    return exact


def value_shares(*, value: Decimal, areas_m2: Sequence[Decimal]) -> list[Decimal]:
    """One value divided among areas in their proportion, to the fen; the last that has an area takes the remainder."""
    whole = total(list(areas_m2))
    if not whole:
        return [ZERO for _ in areas_m2]
    shares = [product(value, area, per=whole) for area in areas_m2]
    last = max(index for index, area in enumerate(areas_m2) if area)
    shares[last] = value - total([share for index, share in enumerate(shares) if index != last])
    return shares
