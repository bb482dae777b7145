"""Plans in short for what is derived from them on behalf of everybody: no actor, and no money in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from zhengtu.campaign.models import Outlook
from zhengtu.campaign.outlook_basis import basis_of
from zhengtu.campaign.outlook_runs import compute_parts, request_outlooks
from zhengtu.campaign.plan_values import PlanRow
from zhengtu.campaign.plans_without_money import without_money
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.plain_values import value_from


def plan_rows_of(
    codes: Sequence[str], *, on: date, known: date | None, computes: bool
) -> dict[str, PlanRow]:
    """Part of a project -> its plan in short as of a day, as known on a day (None: now).

    Args:
        codes: parts of one city.
        computes: whether plans that are missing or older than the last change are computed at once; else they are
            queued, and of the missing ones nothing is given.
    """
    if not codes:
        return {}
    fresh = basis_of(city_of(codes[0]), known=known)
    held = _held(codes, on=on, known=known)
    stale = [code for code in codes if code not in held or held[code].basis != fresh]
    if stale and computes:
        compute_parts(stale, on=on, known=known, now=timezone.now())
        held |= _held(stale, on=on, known=known)
    elif stale:
        request_outlooks(city_of(codes[0]), on=on, known=known)
    return {code: value_from(PlanRow, without_money(outlook.row)) for code, outlook in held.items()}


def _held(codes: Sequence[str], *, on: date, known: date | None) -> dict[str, Outlook]:
    rows = Outlook.objects.filter(code__in=codes, on=on, known_on=known).defer("view")
    return {outlook.code: outlook for outlook in rows}
