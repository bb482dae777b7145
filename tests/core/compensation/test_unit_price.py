"""A report's value comes back to the fen from area × price; parts add up to the whole; order is kept."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.compensation.unit_price import unit_price, value_shares
from zhengtu.core.kernel.money import product, total

AREAS = st.decimals(min_value="0.01", max_value="50000", places=2)
VALUES = st.decimals(min_value="0", max_value="900000000", places=2)


@pytest.mark.parametrize(
    ("value", "area", "price"),
    [
        ("366600.00", "70.50", "5200.00"),
        ("412000.00", "86.50", "4763.0058"),
        ("707777.26", "57.33", "12345.67"),
        ("0.00", "12.00", "0.00"),
    ],
)
def test_the_fewest_decimals_that_bring_the_value_back(value: str, area: str, price: str) -> None:
    assert str(unit_price(value=Decimal(value), area_m2=Decimal(area))) == price


@given(value=VALUES, area=AREAS)
def test_area_times_price_is_the_value_to_the_fen(value: Decimal, area: Decimal) -> None:
    assert product(area, unit_price(value=value, area_m2=area)) == value


@given(value=VALUES, other=VALUES, area=AREAS)
def test_prices_keep_the_order_of_values(value: Decimal, other: Decimal, area: Decimal) -> None:
    if value >= other:
        assert unit_price(value=value, area_m2=area) >= unit_price(value=other, area_m2=area)


@given(value=VALUES, areas=st.lists(st.one_of(st.just(Decimal(0)), AREAS), min_size=1, max_size=4))
def test_shares_add_up_to_the_value(value: Decimal, areas: list[Decimal]) -> None:
    shares = value_shares(value=value, areas_m2=areas)
    assert total(shares) == (value if any(areas) else 0)
    assert all(share == 0 for share, area in zip(shares, areas, strict=True) if not area)


def test_without_area_there_is_no_price() -> None:
    with pytest.raises(ValueError, match="area"):
        unit_price(value=Decimal(1), area_m2=Decimal(0))
