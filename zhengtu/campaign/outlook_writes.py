"""Rows of computed plans and forecasts: put in the place of what stood, and cleared once nobody looks at them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from zhengtu.campaign.models import Outlook


@dataclass(frozen=True, slots=True)
class ComputedOutlook:
    """One part, section or wider reach as it was computed, in plain form; ``row`` is empty but for parts."""

    code: str
    row: dict[str, Any]
    view: dict[str, Any]


def put_outlooks(
    computed: Iterable[ComputedOutlook], *, on: date, known: date | None, basis: str, at: datetime
) -> None:
    """What was computed for a pair of dates, in the place of what stood there."""
    # One row in a statement: of several, texts of some hundred kilobytes would be escaped once more as an array.
    with transaction.atomic():
        for one in computed:
            row = Outlook(
                code=one.code, on=on, known_on=known, basis=basis, row=one.row, view=one.view, computed_at=at
            )
            Outlook.objects.bulk_create(
                [row], update_conflicts=True, unique_fields=["code", "on", "known_on"],
                update_fields=["basis", "row", "view", "computed_at"],
            )


def clear_outlooks(*, before: datetime, today: date) -> int:
    """Forget what was computed before an instant for days that are over; it is computed again when asked for."""
    old = Outlook.objects.filter(Q(computed_at__lt=before) & ~Q(on=today))
    return int(old.delete()[0])
