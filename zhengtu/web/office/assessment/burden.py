"""What people type, month by month: a curve that falls or does not, and what was counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhengtu.assessment.burden import burden_months
from zhengtu.assessment.queries import TRY, cities_of
from zhengtu.core.assessment.burden import BurdenMonth, tendency
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import city_of
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.figure_text import grouped
from zhengtu.web.shared.reason_text import rulebook_label

_HEIGHT: Final = 120.0
_STEP: Final = 72
_KINDS: Final = 8


@requires("assessment.view")
@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """The burden of the city over the last twelve months."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    city = city_of(actor.postings[0].unit)
    months = burden_months(city, until=today)
    whole = [one for one in months if one.month != today.replace(day=1)]
    kinds: Counter[str] = Counter()
    for one in months:
        kinds.update(one.fields)
    total = sum(kinds.values())
    return render(request, "assessment/burden.html", {
        "months": months[::-1], "total": total, "tendency": tendency(whole), "tab": "burden",
        "charts": [
            chart for chart in (_chart(months, "per_household"), _chart(months, "per_step")) if chart["points"]
        ],
        "kinds": [
            {"name": rulebook_label(group="fact", id=kind), "fields": fields, "share": fields / total}
            for kind, fields in kinds.most_common(_KINDS)
        ],
        "this_month": today.replace(day=1), "may_try": bool(cities_of(actor, TRY)),
    })


def _chart(months: Sequence[BurdenMonth], what: str) -> dict[str, Any]:
    """One curve as points of a drawing; a month without a value breaks it."""
    values: list[float | None] = [getattr(one, what) for one in months]
    top = max((value for value in values if value is not None), default=0.0) or 1.0
    points = [
        {
            "x": _STEP // 2 + _STEP * place, "y": f"{_HEIGHT - _HEIGHT * value / top:.1f}", "month": one.month,
            "value": grouped(value, digits=1), "height": f"{_HEIGHT * value / top:.1f}",
        }
        for place, (one, value) in enumerate(zip(months, values, strict=True)) if value is not None
    ]
    return {
        "what": what, "points": points, "width": max(_STEP * len(months), _STEP), "height": int(_HEIGHT),
        "line": " ".join(f"{point['x']},{point['y']}" for point in points),
    }
