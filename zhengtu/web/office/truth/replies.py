"""The family's own word on its own dossier: whether it has moved out."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhengtu.core.kernel.reasons import Refused
from zhengtu.inspection.replies import may_reply, reply
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.reason_text import spoken_reason


@requires("reply.give")
@require_POST
def give(request: HttpRequest, code: str) -> HttpResponse:
    """Record the answer of the form; another family's dossier is not there."""
    actor = request.actor  # type: ignore[attr-defined]
    now: datetime = request.now  # type: ignore[attr-defined]
    if not may_reply(actor, code):
        raise Http404(code)
    answer = {"yes": True, "no": False}.get(request.POST.get("is_cleared", ""))
    try:
        reply(actor=actor, household=code, is_cleared=answer, note=request.POST.get("note", ""), now=now)
    except Refused as refused:
        for reason in refused.reasons:
            told = spoken_reason(reason)
            messages.error(request, f"{told.message} {told.remedy}")
        return redirect("household.view", code=code)
    messages.success(request, _("Thank you. Your answer is recorded."))
    return redirect("household.view", code=code)
