"""A drawing of lots for homes: fingerprint, closed list, order, and how anybody draws it again."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.resettlement.lot_replay import checks, fingerprint, written
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.resettlement.choosing_order import who_choose
from zhengtu.resettlement.lot_actions import DRAW, close_list, draw_lots, published
from zhengtu.resettlement.models import LotDraw
from zhengtu.resettlement.register import draw_for, reached_households
from zhengtu.web.office.resettlement.family_recording import offered
from zhengtu.web.shared.access import requires


@requires("resettlement.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The drawing, as far as it is."""
    return _page(request, _draw(request, code))


def _page(
    request: HttpRequest, draw: LotDraw, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    may_draw = current_rulebook().authority.may(actor=actor, verb=DRAW, subject=Subject(code=draw.code)) is None
    document = published(draw) if draw.drawn_on is not None else None
    choosing = who_choose(draw.site_id, on=request.today)  # type: ignore[attr-defined]
    return render(request, "resettlement/lots.html", {
        "draw": draw, "document": document, "reasons": reasons, "may_draw": may_draw,
        "fingerprint": fingerprint(document) if document else "",
        "checks": [(_(check.what), check.agrees) for check in checks(document)] if document else [],
        "seen": reached_households(actor, draw.households), "choosing": sorted(choosing),
        "left": set(choosing),
    }, status=status)


def _draw(request: HttpRequest, code: str) -> LotDraw:
    draw = draw_for(request.actor, code, on=request.today)  # type: ignore[attr-defined]
    if draw is None:
        raise Http404
    return draw


@requires("lot.draw")
@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close and publish the list: everybody who chooses a home of the site."""
    draw = _draw(request, code)
    families = request.POST.get("households", "").split()
    try:
        close_list(
            actor=request.actor, draw=code, households=families, files=offered(request),  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, draw, reasons=refused.reasons, status=409)
    messages.success(request, _("The list is closed and published."))
    return redirect(reverse("lots.view", args=[code]))


@requires("lot.draw")
@require_POST
def draw_now(request: HttpRequest, code: str) -> HttpResponse:
    """Reveal the seed and draw."""
    draw = _draw(request, code)
    try:
        draw_lots(actor=request.actor, draw=code, now=request.now)  # type: ignore[attr-defined]
    except Refused as refused:
        return _page(request, draw, reasons=refused.reasons, status=409)
    messages.success(request, _("Drawn."))
    return redirect(reverse("lots.view", args=[code]))


@requires("resettlement.view")
@require_safe
def download(request: HttpRequest, code: str) -> HttpResponse:
    """The published drawing, for drawing it again elsewhere."""
    draw = _draw(request, code)
    if draw.drawn_on is None:
        raise Http404
    response = HttpResponse(written(published(draw)), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{draw.code}-lots.json"'
    return response
