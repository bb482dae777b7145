"""The instruction for an inspection, given in the platform by whoever heads the government."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.inspection.actions import authorise_inspection
from zhengtu.inspection.queries import instructions_for
from zhengtu.web.office.inspections.forms import city_for
from zhengtu.web.shared.access import requires

_VERB = "inspection.authorise"


@requires(_VERB)
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest) -> HttpResponse:
    """The form, below it the instructions that wait for their plan."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    words = request.POST.get("words", "")
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        try:
            authorise_inspection(
                actor=actor, city=city_for(actor, _VERB), words=words, now=request.now,  # type: ignore[attr-defined]
            )
            messages.success(request, gettext("The instruction is given; the inspection office is told."))
            return redirect(_VERB)
        except Refused as refused:
            reasons = refused.reasons
    return render(request, "inspections/authorise.html", {
        "words": words, "waiting": instructions_for(actor), "reasons": reasons,
    }, status=409 if reasons else 200)
