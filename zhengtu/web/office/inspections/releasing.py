"""The release: what will be told to whom, and the mayor's word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from zhengtu.core.inspection.authorisation import REGULATION
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.inspection.actions import release_inspection
from zhengtu.inspection.preview import release_preview
from zhengtu.web.office.cockpit.sentences import name_of
from zhengtu.web.office.inspections.forms import inspection_or_404
from zhengtu.web.office.inspections.words import names_for, site_lines, together
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.reason_text import rulebook_label


@requires("inspection.release")
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The preview; a POST releases."""
    page = inspection_or_404(request, code)
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        try:
            release_inspection(actor=request.actor, code=code, now=request.now)  # type: ignore[attr-defined]
            messages.success(request, gettext("Released: the inspected are told, findings and orders are entered."))
            return redirect("inspection.view", code=code)
        except Refused as refused:
            reasons = refused.reasons
    preview = release_preview(request.actor, code, now=request.now)  # type: ignore[attr-defined]
    if preview is None and not reasons:
        raise Http404
    names = names_for(())
    today: date = request.today  # type: ignore[attr-defined]
    return render(request, "inspections/release.html", {
        "one": page.standing, "reasons": reasons, "today": today,
        "missing": together(name_of(place, names) for place in preview.missing) if preview is not None else "",
        "consequences": [
            {
                "row": row, "name": name_of(row.jurisdiction, names), "told": together(row.told),
                "facts": [(rulebook_label(group="fact", id=kind), count) for kind, count in row.facts.items()],
                "false": [
                    line for line in site_lines(page.households.get(row.jurisdiction, ()), matter=page.standing.matter)
                    if line.row.is_false
                ],
            }
            for row in (preview.consequences if preview is not None else ())
        ],
        "source": f"{REGULATION}#16",
    }, status=409 if reasons else 200)
