"""Where an inspector does not inspect: former posts, and what was declared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.inspection.actions import declare_recusal
from zhengtu.inspection.choices import inspector_rows, jurisdictions_of
from zhengtu.web.office.cockpit.sentences import name_of
from zhengtu.web.office.inspections.forms import city_for
from zhengtu.web.office.inspections.words import names_for, together
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language

_VERB: Final = "inspection.plan"


@requires(_VERB)
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest) -> HttpResponse:
    """Everybody who may be drawn, and the form that declares a recusal."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    city, reasons = city_for(actor, _VERB), _declared(request)
    if reasons is None:
        messages.success(request, gettext("The recusal is declared; it counts from the next draw on."))
        return redirect("inspection.recusals")
    names = names_for(())
    rows = inspector_rows(actor, city, on=today)
    return render(request, "inspections/recusals.html", {
        "inspectors": [
            {
                "row": row, "posts": together(name_of(place, names) for place in row.posts),
                "declared": [(name_of(place, names), why) for place, why in row.declared],
            }
            for row in rows
        ],
        "jurisdictions": [(code, in_language(pair)) for code, pair in jurisdictions_of(city)],
        "given": request.POST, "reasons": reasons,
    }, status=409 if reasons else 200)


def _declared(request: HttpRequest) -> Sequence[Reason] | None:
    """Why what was sent cannot be declared; nothing where nothing was sent, None once it is declared."""
    if request.method != "POST":
        return ()
    given = request.POST
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        declare_recusal(
            actor=actor, inspector=given.get("inspector", ""),
            jurisdiction=given.get("jurisdiction", "") or city_for(actor, _VERB), why=given.get("why", ""),
            now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return refused.reasons
    return None
