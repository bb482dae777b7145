"""The days of moving festivals, computed anew from the moon and the sun, and as the announced holidays have them."""

from __future__ import annotations

from datetime import date, timedelta
from math import floor, radians, sin
from pathlib import Path

import pytest

from zhengtu.core.language.due_rules import DueRules
from zhengtu.core.rules.rulebook import load_rulebook

RULES: DueRules = load_rulebook(Path(__file__).resolve().parents[3] / "rulebook").due
FESTIVALS = {festival.id: festival for festival in RULES.festivals.values()}
YEARS = range(2015, 2041)
SECONDS_OF_CLOCK = 70
"""Terrestrial time is ahead of the civil clock by about so much in these years."""


def longitude_of_the_sun(at: float) -> float:
    """Apparent longitude in degrees at a Julian day (Meeus, Astronomical Algorithms, ch. 25, to 0.01 degrees)."""
    t = (at - 2451545) / 36525
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t
    anomaly = radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (
        (1.914602 - 0.004817 * t) * sin(anomaly) + (0.019993 - 0.000101 * t) * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    return (mean + centre - 0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * t))) % 360


def new_moon(k: int) -> float:
    """Julian day of the k-th new moon after January 2000 (Meeus, ch. 49, main terms: within a few minutes)."""
    t = k / 1236.85
    e = 1 - 0.002516 * t
    m = radians(2.5534 + 29.1053567 * k)
    n = radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    f = radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    o = radians(124.7746 - 1.56375588 * k)
    terms = (
        (-0.4072, n), (0.17241 * e, m), (0.01608, 2 * n), (0.01039, 2 * f), (0.00739 * e, n - m),
        (-0.00514 * e, n + m), (0.00208 * e * e, 2 * m), (-0.00111, n - 2 * f), (-0.00057, n + 2 * f),
        (0.00056 * e, 2 * n + m), (-0.00042, 3 * n), (0.00042 * e, m + 2 * f), (0.00038 * e, m - 2 * f),
        (-0.00024 * e, 2 * n - m), (-0.00017, o), (0.000325, radians(299.77 + 0.107408 * k)),
    )
    return 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t + sum(a * sin(angle) for a, angle in terms)


def in_beijing(at: float) -> date:
    return date.fromordinal(floor(at - SECONDS_OF_CLOCK / 86400 + 8 / 24 + 0.5) - 1721425)


def solar_term(year: int, longitude: int) -> date:
    start = date(year, 1, 1).toordinal() + 1721424.5
    low = start + ((longitude - 280) % 360) / 360 * 365.2422 - 4
    high = low + 8
    for _ in range(50):
        middle = (low + high) / 2
        if (longitude_of_the_sun(middle) - longitude + 180) % 360 < 180:
            low = middle
        else:
            high = middle
    return in_beijing(low)


def first_days(year: int) -> dict[int, date]:
    """Lunar month -> its first day, from the eleventh month of the year before; leap months left out (GB/T 33661)."""
    near = floor((year - 2000) * 12.3685) - 18
    moons = [in_beijing(new_moon(k)) for k in range(near, near + 36)]
    first = max(place for place, day in enumerate(moons) if day <= solar_term(year - 1, 270))
    last = max(place for place, day in enumerate(moons) if day <= solar_term(year, 270))
    principal = [solar_term(at, longitude) for at in (year - 1, year) for longitude in range(0, 360, 30)]
    has_leap, number, found = last - first == 13, 11, {11: moons[first]}
    for place in range(first + 1, last):
        if has_leap and not any(moons[place] <= day < moons[place + 1] for day in principal):
            has_leap = False
            continue
        number = number % 12 + 1
        found[number] = moons[place]
    return found


@pytest.mark.parametrize("year", YEARS)
def test_moving_festivals_follow_from_moon_and_sun(year: int) -> None:
    months = first_days(year)
    assert FESTIVALS["spring_festival"].days[year] == months[1]
    assert FESTIVALS["lantern"].days[year] == months[1] + timedelta(days=14)
    assert FESTIVALS["dragon_boat"].days[year] == months[5] + timedelta(days=4)
    assert FESTIVALS["mid_autumn"].days[year] == months[8] + timedelta(days=14)
    assert FESTIVALS["qingming"].days[year] == solar_term(year, 15)


@pytest.mark.parametrize("festival", ["spring_festival", "qingming", "dragon_boat", "mid_autumn", "national_day"])
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_each_lies_within_its_announced_holiday(festival: str, year: int) -> None:
    held = FESTIVALS[festival]
    name = RULES.calendar.holiday_name(held.days[year])
    assert name is not None
    assert any(one[:2] in name[0] for one in held.names)


def test_the_next_spring_festival_is_the_first_one_after_a_day() -> None:
    assert RULES.next_festival("spring_festival", after=date(2025, 1, 28)) == date(2025, 1, 29)
    assert RULES.next_festival("spring_festival", after=date(2025, 1, 29)) == date(2026, 2, 17)
    assert RULES.next_festival("spring_festival", after=date(2040, 2, 12)) is None
