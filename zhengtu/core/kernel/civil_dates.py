"""Civil dates in Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_IN_EVERY_MONTH = 28
"""Every month has this day."""


def civil_date(*, at: datetime) -> date:
    """The civil date in Asia/Shanghai of an aware instant.

    Raises:
        ValueError: when the instant carries no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(SHANGHAI).date()


def whole_months_between(*, start: date, end: date) -> int:
    """Completed months from ``start`` to ``end``; 0 when ``end`` is not later.

    A month is complete on the corresponding day, or on the month's last day where it has none
    (Civil Code, art. 202).
    """
    if end <= start:
        return 0
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def add_months(start: date, months: int) -> date:
    """The corresponding day ``months`` later, or that month's last day (Civil Code, art. 202)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if start.day <= _IN_EVERY_MONTH:
        return date(year, month + 1, start.day)
    following = date(year + 1, 1, 1) if month == 11 else date(year, month + 2, 1)
    last_day = (following - date.resolution).day
    return date(year, month + 1, min(start.day, last_day))
