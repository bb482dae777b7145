"""Figures, sums, shares and dates as text; “–” stands for nothing, never 0."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from zhengtu.core.kernel.civil_dates import SHANGHAI

NOTHING: Final = "–"
_YUAN_PER_WAN: Final = Decimal(10_000)


def grouped(value: object, *, digits: int | None = None, sign: bool = False) -> str:
    """A number with grouped thousands.

    Args:
        digits: decimals to show, rounded half up; None keeps what the value has (none for whole numbers).
        sign: whether an increase shows its plus sign.
    """
    number = _number(value)
    if number is None:
        return NOTHING
    if digits is not None:
        number = number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    if number == 0:
        number = abs(number)
    text = f"{number:,f}".replace("-", "−")
    return f"+{text}" if sign and number > 0 else text


def wan(value: object, *, digits: int = 2) -> str:
    """Yuan as 万元 (ten thousand yuan) with grouped thousands."""
    number = _number(value)
    return NOTHING if number is None else grouped(number / _YUAN_PER_WAN, digits=digits)


def percent(value: object, *, digits: int = 1) -> str:
    """A share (0 to 1) as a percentage; a share short of the whole never rounds up to 100 %."""
    number = _number(value)
    if number is None:
        return NOTHING
    text = grouped(number * 100, digits=digits)
    if number < 1 and Decimal(text.replace(",", "").replace("−", "-")) >= 100:
        return f"{Decimal(100) - Decimal(1).scaleb(-digits):f}%"
    return f"{text}%"


def chance(value: object) -> str:
    """A probability (0 to 1) in whole percent; never 0 or 100, for it is counted over simulated courses."""
    number = _number(value)
    if number is None:
        return NOTHING
    if number < Decimal("0.01"):
        return "< 1%"
    if number > Decimal("0.99"):
        return "> 99%"
    return f"{grouped(number * 100, digits=0)}%"


def day(value: object) -> str:
    """A civil date as ``2025-02-14``; an instant gives its date in Asia/Shanghai."""
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date() if value.tzinfo else value.date()
    return value.isoformat() if isinstance(value, date) else NOTHING


def minute(value: object) -> str:
    """An instant as ``2025-02-14 09:30`` in Asia/Shanghai."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else NOTHING


def _number(value: object) -> Decimal | None:
    if value is None or value == "" or isinstance(value, bool):
        return None
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    return number if number.is_finite() else None
