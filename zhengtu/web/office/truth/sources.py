"""Lists of independent sources: taken over by the inspection office, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.inspection.source_lists import KIND, LISTED, city_of_lists, headings, import_sources
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language

_MEGABYTE = 1024 * 1024


@requires("source.import")
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest) -> HttpResponse:
    """The form; a POST records what the list says of the actor's city."""
    if request.method != "POST":
        return _page(request)
    actor = request.actor  # type: ignore[attr-defined]
    now: datetime = request.now  # type: ignore[attr-defined]
    file, city = request.FILES.get("file"), city_of_lists(actor)
    if not city:
        raise PermissionDenied("source.import")
    if file is None:
        return _page(request, reasons=[
            Reason("import.no_file", N_("No file was chosen."), remedy=N_("Choose a file and upload it again."))
        ], status=400)
    try:
        done = import_sources(
            actor=actor, city=city, source=request.POST.get("source", ""), file=file, name=file.name or "", now=now
        )
    except Refused as refused:
        return _page(request, reasons=refused.reasons, status=409)
    messages.success(request, _("%(recorded)s of %(rows)s rows recorded as deed %(deed)s; %(known)s were known.") % {
        "recorded": done.recorded, "rows": done.rows, "deed": done.deed, "known": done.known,
    })
    return redirect("source.import")


def _page(request: HttpRequest, *, reasons: Sequence[Reason] = (), status: int = 200) -> HttpResponse:
    rules = current_rulebook()
    lists, choices = rules.inspection.source_lists, rules.fact_kinds[KIND].attributes["source"]
    return render(request, "truth/sources.html", {
        "reasons": reasons, "limit_mb": settings.UPLOAD_LIMIT_BYTES // _MEGABYTE, "headings": headings(),
        "yes": lists.yes[0], "no": lists.no[0], "chosen": request.POST.get("source", ""),
        "sources": [(str(one), in_language(choices.choices[one])) for one in LISTED],
    }, status=status)
