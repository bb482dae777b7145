"""Rows of computed plans and forecasts: put in the place of what stood, and cleared once nobody looks at them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q

from zhengtu.campaign.models import Outlook


def put_outlook(
    *, code: str, on: date, known: date | None, basis: str, row: dict[str, Any], view: dict[str, Any], at: datetime
) -> None:
    """One part, or one wider reach, on a pair of dates."""
    values = {"basis": basis, "row": row, "view": view, "computed_at": at}
    Outlook.objects.update_or_create(code=code, on=on, known_on=known, defaults=values)


def clear_outlooks(*, before: datetime, today: date) -> int:
    """Forget what was computed before an instant for days that are over; it is computed again when asked for."""
    old = Outlook.objects.filter(Q(computed_at__lt=before) & ~Q(on=today))
    return int(old.delete()[0])
