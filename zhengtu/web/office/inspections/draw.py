"""The draw of an inspection: what was committed to before, what was drawn, and how a second person draws again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from zhengtu.core.inspection.replay import DrawDocument, checks, written
from zhengtu.core.kernel.published import Check
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.inspection.actions import draw_inspection
from zhengtu.inspection.models import InspectionForm
from zhengtu.inspection.published import draw_document
from zhengtu.inspection.queries import InspectionPage, InspectionStage
from zhengtu.web.office.cockpit.sentences import Names, name_of
from zhengtu.web.office.inspections.forms import inspection_or_404, may
from zhengtu.web.office.inspections.words import names_for, site_lines, strata_of, together
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.downloads import made_response
from zhengtu.web.shared.reason_text import rulebook_label


@requires("inspection.read")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The draw, whole or the part that whoever looks may see."""
    return _shown(request, inspection_or_404(request, code))


@requires("inspection.plan")
@require_POST
def draw_now(request: HttpRequest, code: str) -> HttpResponse:
    """Close the list and draw."""
    page = inspection_or_404(request, code)
    try:
        draw_inspection(actor=request.actor, code=code, now=request.now)  # type: ignore[attr-defined]
    except Refused as refused:
        return _shown(request, page, reasons=refused.reasons)
    messages.success(request, gettext("Households and inspectors are drawn; whoever goes is told."))
    return redirect("inspection.draw", code=code)


@requires("inspection.read")
@require_safe
def download(request: HttpRequest, code: str, format: str) -> HttpResponse:
    """The draw as the file that is drawn again (``json``), or its list of codes, a line each (``txt``).

    ``?stratum=`` keeps the codes of one stratum.
    """
    today: date = request.today  # type: ignore[attr-defined]
    document = draw_document(request.actor, code, on=today)  # type: ignore[attr-defined]
    if document is None:
        raise Http404
    if format == "json":
        return made_response(written(document).encode(), name=f"{code}-draw.json", media_type="application/json")
    stratum = request.GET.get("stratum", "")
    codes = sorted(one for held in document.strata if stratum in ("", held.key) for one in held.codes)
    if not codes:
        raise Http404
    name = f"{code}-{stratum.replace('/', '-')}.txt" if stratum else f"{code}-list.txt"
    return made_response("".join(f"{one}\n" for one in codes).encode(), name=name, media_type="text/plain")


def _shown(request: HttpRequest, page: InspectionPage, *, reasons: Sequence[Reason] = ()) -> HttpResponse:
    today: date = request.today  # type: ignore[attr-defined]
    one = page.standing
    document = draw_document(request.actor, one.code, on=today)  # type: ignore[attr-defined]
    may_draw = one.stage is InspectionStage.PLANNED and may(
        request.actor, "inspection.plan", one.code  # type: ignore[attr-defined]
    )
    return render(request, "inspections/draw.html", {
        "page": page, "one": one, "reasons": reasons, "may_draw": may_draw, "is_day_over": one.as_of_on < today,
        "is_patrol": one.form == InspectionForm.PATROL, "document": document,
        **(_drawn(page, document) if document is not None else {}),
    }, status=409 if reasons else 200)


def _drawn(page: InspectionPage, document: DrawDocument) -> dict[str, Any]:
    names = names_for([one.key[:6] for one in document.strata])
    rows = [row for place in page.standing.jurisdictions for row in page.households[place]]
    strata = strata_of(document, rows, names)
    first = next((one for one in document.strata if one.drawn), None)
    return {
        "pairs": list(zip([one.key for one in document.strata if one.key[:6] in page.households], strata, strict=True)),
        "teams": [(name_of(place, names), together(name for _, name in team)) for place, team in page.teams.items()],
        "lines": [
            (name_of(place, names), site_lines(page.households[place], matter=page.standing.matter))
            for place in page.standing.jurisdictions
        ],
        "checks": [(_spoken(check, names), check.agrees) for check in checks(document)], "is_part": document.is_part,
        "listed": sum(len(one.codes) for one in document.strata), "example": first,
        "example_name": f"{page.standing.code}-{first.key.replace('/', '-')}.txt" if first is not None else "",
    }


def _spoken(check: Check, names: Names) -> str:
    """What was drawn again, in words; a stratum bears its names instead of its key."""
    given = dict(check.parameters)
    if stratum := str(given.get("stratum", "")):
        place, _slash, state = stratum.partition("/")
        given["stratum"] = f"{name_of(place, names)} · {rulebook_label(group='milestone', id=state)}"
    return gettext(check.what) % given
