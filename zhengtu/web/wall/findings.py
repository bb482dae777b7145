"""Findings of inspections on the map: a layer of its own, so that no tile carries what is not fed back yet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from zhengtu.inspection.site_findings import Finding
from zhengtu.inspection.truth_history import findings_for
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.reason_text import rulebook_label


@require_safe
@requires("inspection.read")
def findings(request: HttpRequest) -> JsonResponse:
    """Where findings were made, as far as they exist for the actor on the page's day, with words and photos.

    Each entry is ``position`` (longitude, latitude in degrees, WGS 84), ``code`` and ``href`` of the household,
    ``answer``, ``reported``, ``on``, ``inspection``, ``is_false``, ``is_released`` and addresses of ``photos``.
    """
    dates = as_of(request)
    found = findings_for(request.actor, on=dates.on)  # type: ignore[attr-defined]
    response = JsonResponse(
        {"findings": [_entry(one, dates) for one in found if one.position is not None]},
        json_dumps_params={"ensure_ascii": False},
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _entry(one: Finding, dates: AsOf) -> dict[str, Any]:
    kept = dates.query()
    return {
        "position": one.position, "code": one.household,
        "href": reverse("household.view", args=[one.household]) + ("" if kept == "?" else kept),
        "answer": rulebook_label(group="inspection_answer", id=f"{one.matter}.{one.found}"),
        "reported": gettext("reported: %(state)s") % {
            "state": rulebook_label(group="milestone", id=one.reported)
        },
        "on": one.found_on.isoformat(), "inspection": one.inspection, "is_false": bool(one.is_false),
        "is_released": one.released_on is not None and one.released_on <= dates.on,
        "photos": [reverse("truth.photo", args=[one.inspection, sha256]) for sha256 in one.photos],
    }
