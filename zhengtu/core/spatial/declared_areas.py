"""The area a boundary-point file declares, against the one its coordinates enclose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from zhengtu.core.kernel.messages import N_

HECTARE: Final = N_("hectares")
SQUARE_METRE: Final = N_("square metres")
MU: Final = N_("mu")
_M2_PER_UNIT: Final = {HECTARE: Decimal(10_000), SQUARE_METRE: Decimal(1), MU: Decimal(2000) / Decimal(3)}
_SUFFIXES: Final = {
    "": None,
    "公顷": HECTARE,
    "ha": HECTARE,
    "hm2": HECTARE,
    "hm²": HECTARE,
    "㎡": SQUARE_METRE,
    "m2": SQUARE_METRE,
    "m²": SQUARE_METRE,
    "平方米": SQUARE_METRE,
    "亩": MU,
}
_AREA: Final = re.compile(r"(?P<number>\d{1,12}(\.\d{0,8})?)\s*(?P<unit>.*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class DeclaredArea:
    """A declared area.

    Attributes:
        area_m2: what it says in m².
        unit: msgid of the unit it was taken to be in; hectares are the rule of the format.
        agrees: whether it is the computed area within rounding and tolerance.
    """

    area_m2: Decimal
    unit: str
    agrees: bool


def declared_area(*, text: str, computed_m2: Decimal, tolerance: Decimal) -> DeclaredArea | None:
    """Read a declared area and compare it.

    Hectares unless a unit is written; when hectares do not fit the computed area but square metres or
    mu do, it is taken as those.

    Args:
        text: the field as written, e.g. ``5.7089``, ``0.7655公顷``, ``7655.12㎡``.
        computed_m2: area of the drawn figure, m².
        tolerance: allowed difference as a share of the computed area, on top of the rounding of the
            last written digit.

    Returns:
        None when the text is no area.
    """
    match = _AREA.fullmatch(text.strip())
    if match is None or match["unit"].strip().lower() not in _SUFFIXES:
        return None
    number = Decimal(match["number"])
    rounding = Decimal(1).scaleb(int(number.as_tuple().exponent)) / 2

    def in_unit(unit: str) -> DeclaredArea:
        area_m2 = number * _M2_PER_UNIT[unit]
        allowed = rounding * _M2_PER_UNIT[unit] + computed_m2 * tolerance
        return DeclaredArea(area_m2, unit, abs(area_m2 - computed_m2) <= allowed)

    written = _SUFFIXES[match["unit"].strip().lower()]
    if written is not None:
        return in_unit(written)
    readings = [in_unit(unit) for unit in (HECTARE, SQUARE_METRE, MU)]
    return next((reading for reading in readings if reading.agrees), readings[0])
