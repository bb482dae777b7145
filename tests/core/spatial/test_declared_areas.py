"""The declared area of a parcel, in whatever unit its writer thought in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhengtu.core.spatial.declared_areas import HECTARE, MU, SQUARE_METRE, declared_area


@pytest.mark.parametrize(
    ("text", "area_m2", "unit", "agrees"),
    [
        ("0.7655", "7655.0000", HECTARE, True),
        ("0.7655公顷", "7655.0000", HECTARE, True),
        ("0.77", "7700.00", HECTARE, True),  # half a unit of the last digit is 50 m²
        ("7655.12", "7655.12", SQUARE_METRE, True),
        ("7655.12㎡", "7655.12", SQUARE_METRE, True),
        ("7655.12 m2", "7655.12", SQUARE_METRE, True),
        ("7700平方米", "7700", SQUARE_METRE, False),
        ("11.4827", "7655.13", MU, True),
        ("11.4827亩", "7655.13", MU, True),
        ("0.8000", "8000.0000", HECTARE, False),
        ("8000", "80000000", HECTARE, False),
    ],
)
def test_units(text: str, area_m2: str, unit: str, agrees: bool) -> None:
    read = declared_area(text=text, computed_m2=Decimal("7655.12"), tolerance=Decimal("0.001"))
    assert read is not None
    assert (read.unit, read.agrees) == (unit, agrees)
    assert read.area_m2 == pytest.approx(Decimal(area_m2), abs=Decimal("0.01"))


@pytest.mark.parametrize("text", ["", "约0.7", "0.7 头", "-1", "NaN", "1e5", "0,7"])
def test_what_is_no_area(text: str) -> None:
    assert declared_area(text=text, computed_m2=Decimal(7655), tolerance=Decimal("0.001")) is None
