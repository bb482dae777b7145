"""Days that people give in forms."""

from __future__ import annotations

from datetime import date


def day_or_none(text: str) -> date | None:
    """A day as a form's field sends it, year-month-day; None where it is empty or no date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
