"""The conclusion for one jurisdiction, beside what was reported and what was found there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from zhengtu.core.directives.draft import MATTER_LIMIT
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.inspection.actions import write_conclusion
from zhengtu.inspection.models import InspectionForm
from zhengtu.inspection.published import draw_document
from zhengtu.inspection.queries import InspectionPage
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.inspections.forms import given_day, inspection_or_404
from zhengtu.web.office.inspections.page import place_block
from zhengtu.web.office.inspections.words import matter_label, names_for
from zhengtu.web.shared.access import requires


@requires("inspection.conclude")
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, code: str, area: str) -> HttpResponse:
    """The form; a POST writes the conclusion, anew until it is released."""
    page = inspection_or_404(request, code)
    if area not in page.households:
        raise Http404
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        try:
            _write(request, code, area)
            messages.success(request, gettext("The conclusion is written; it stays in the house until it is released."))
            return redirect("inspection.view", code=code)
        except Refused as refused:
            reasons = refused.reasons
    return render(
        request, "inspections/conclude.html", {**_fields(request, page, area), "reasons": reasons},
        status=409 if reasons else 200,
    )


def _write(request: HttpRequest, code: str, area: str) -> None:
    repair = request.POST.get("repair", "")
    write_conclusion(
        actor=request.actor, code=code, jurisdiction=area, text=request.POST.get("text", ""),  # type: ignore[attr-defined]
        repair=repair, repair_until_on=given_day(request, "repair_until_on") if repair.strip() else None,
        now=request.now,  # type: ignore[attr-defined]
    )


def _fields(request: HttpRequest, page: InspectionPage, area: str) -> dict[str, Any]:
    today: date = request.today  # type: ignore[attr-defined]
    code = page.standing.code
    document = draw_document(request.actor, code, on=today)  # type: ignore[attr-defined]
    block = place_block(request, page, area, names=names_for(()), document=document)
    held = block.conclusion
    days = current_rulebook().inspection.repair_days
    until_on = held.repair_until_on if held is not None and held.repair_until_on else today + timedelta(days=days)
    given = request.POST
    return {
        "page": page, "one": page.standing, "block": block, "matter": matter_label(page.standing.matter),
        "text": given.get("text", held.text if held is not None else ""),
        "repair": given.get("repair", held.repair if held is not None else ""),
        "repair_until_on": given.get("repair_until_on", until_on.isoformat()), "limit": MATTER_LIMIT,
        "is_patrol": page.standing.form == InspectionForm.PATROL,
    }
