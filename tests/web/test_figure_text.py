"""How figures, sums, shares and dates read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from zhengtu.web.shared.figure_text import day, grouped, minute, percent, wan


@pytest.mark.parametrize(
    ("value", "options", "text"),
    [
        (1234567, {}, "1,234,567"), (0, {}, "0"), (None, {}, "–"), ("", {}, "–"), (-12, {}, "−12"),
        (12, {"sign": True}, "+12"), (0, {"sign": True}, "0"), (Decimal("2.345"), {"digits": 2}, "2.35"),
        (Decimal("-0.001"), {"digits": 2}, "0.00"), (float("nan"), {}, "–"),
    ],
)
def test_figures(value: object, options: dict[str, int], text: str) -> None:
    assert grouped(value, **options) == text


def test_sums_in_ten_thousand_yuan() -> None:
    assert wan(Decimal("12345678.90")) == "1,234.57"


@pytest.mark.parametrize(
    ("value", "text"), [(0.5, "50.0%"), (1, "100.0%"), (0.99999, "99.9%"), (None, "–"), (0, "0.0%")]
)
def test_a_share_short_of_the_whole_is_never_a_hundred(value: float | None, text: str) -> None:
    assert percent(value) == text


def test_days_and_instants_are_those_of_shanghai() -> None:
    late = datetime(2025, 2, 14, 17, 0, tzinfo=UTC)
    assert day(late) == "2025-02-15"
    assert minute(late) == "2025-02-15 01:00"
    assert day(date(2025, 2, 14)) == "2025-02-14"
    assert day(None) == "–"
