"""How far a check on site was made from the house."""

from __future__ import annotations

from math import inf, nan

import pytest

from zhengtu.core.inspection.site import SitePosition

HOUSE = (126.5500, 43.8400, 126.5502, 43.8402)


def test_inside_the_house_there_is_no_distance() -> None:
    assert SitePosition(126.5501, 43.8401).metres_to(HOUSE) == 0


@pytest.mark.parametrize(
    ("position", "metres"),
    [
        (SitePosition(126.5501, 43.8411), 100),  # 0.0009° north of it
        (SitePosition(126.5514, 43.8401), 96),  # 0.0012° east of it, where a degree is 80.3 km
        (SitePosition(126.5514, 43.8411), 139),
    ],
)
def test_metres_to_the_nearest_wall(position: SitePosition, metres: float) -> None:
    assert position.metres_to(HOUSE) == pytest.approx(metres, abs=1.5)


@pytest.mark.parametrize(
    "position",
    [
        SitePosition(nan, 43.8), SitePosition(126.5, inf), SitePosition(181.0, 0.0), SitePosition(0.0, -91.0),
        SitePosition(126.5, 43.8, -1.0), SitePosition(126.5, 43.8, inf),
    ],
)
def test_what_names_no_place(position: SitePosition) -> None:
    assert not position.is_on_earth()
    assert SitePosition(126.5, 43.8, 12.0).is_on_earth()
