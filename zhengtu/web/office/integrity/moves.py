"""A police list of household-register moves: compared with the register, not kept."""

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

from zhengtu.campaign.register_moves import city_to_compare, import_moves, usual_headings
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.web.shared.access import requires

_MEGABYTE = 1024 * 1024


@requires("move.import")
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest) -> HttpResponse:
    """The form; a POST compares the list with the register of the actor's city."""
    if request.method != "POST":
        return _page(request)
    actor = request.actor  # type: ignore[attr-defined]
    now: datetime = request.now  # type: ignore[attr-defined]
    file = request.FILES.get("file")
    if not city_to_compare(actor):
        raise PermissionDenied("move.import")
    if file is None:
        return _page(request, reasons=[
            Reason("import.no_file", N_("No file was chosen."), remedy=N_("Choose a file and upload it again."))
        ], status=400)
    try:
        done = import_moves(actor=actor, city=city_to_compare(actor), file=file, name=file.name or "", now=now)
    except Refused as refused:
        return _page(request, reasons=refused.reasons, status=409)
    messages.success(request, _(
        "%(matched)s moves recorded as deed %(deed)s; %(known)s were known, %(undated)s of %(rows)s rows had no day."
    ) % {
        "matched": done.matched, "deed": done.deed, "known": done.known, "undated": done.undated, "rows": done.rows,
    })
    return redirect("move.import")


def _page(request: HttpRequest, *, reasons: Sequence[Reason] = (), status: int = 200) -> HttpResponse:
    identity, day = usual_headings()
    context = {
        "reasons": reasons, "limit_mb": settings.UPLOAD_LIMIT_BYTES // _MEGABYTE, "identity": identity, "day": day,
    }
    return render(request, "integrity/moves.html", context, status=status)
