"""Search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from zhengtu.casework.search import search
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import as_of


@requires("household.view")
@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """What the typed text finds in scope; a full household code leads straight to the dossier."""
    text = request.GET.get("q", "").strip()[:100]
    hits = search(request.actor, text)  # type: ignore[attr-defined]
    if [household.code for household in hits.households] == [text.upper()]:
        return redirect("household.view", code=hits.households[0].code)
    return render(request, "dossier/search.html", {"text": text, "hits": hits, "dates": as_of(request)})
