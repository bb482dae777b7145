"""A point that was handed out, as the district of one project sees it: its own families, money and milestones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.resettlement.handed_out import hand_out, handed_part_for
from zhengtu.resettlement.plan_documents import home_types
from zhengtu.resettlement.plan_queries import filings_by_part, plans_for
from zhengtu.web.office.resettlement_options.families import family_table
from zhengtu.web.office.resettlement_options.run import point_of, run_or_404, run_page
from zhengtu.web.office.resettlement_options.words import money_rows, way_label
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language


@requires("options.hand_out")
@require_POST
def give(request: HttpRequest, number: int) -> HttpResponse:
    """Hand the chosen point out to the districts of the run's projects."""
    run = run_or_404(request, number)
    if not run.result:
        return redirect("options.view", number=number)
    point = point_of(request, run)
    try:
        hand_out(actor=request.actor, run=run, point=point, now=request.now)  # type: ignore[attr-defined]
    except Refused as refused:
        return run_page(request, run, reasons=refused.reasons, status=409)
    messages.success(request, _("Point %(point)s is handed out.") % {"point": point + 1})
    return redirect("options.view", number=number)


@requires("resettlement_plan.draft")
@require_safe
def view(request: HttpRequest, number: int, part: str) -> HttpResponseBase:
    """What a handed-out point holds for one of the reader's projects."""
    return handed_page(request, number, part)


def handed_page(
    request: HttpRequest, number: int, part: str, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponseBase:
    """The page, with the reasons why no plan could be drafted."""
    found = handed_part_for(request.actor, run=number, part=part)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(number)
    handed, content = found
    table = family_table(
        request, content["families_by_household"], name=f"resettlement-options-{number}-{part}", on=handed.on
    )
    if table.wants_export:
        return table.export()
    return render(request, "resettlement_options/handed.html", {
        "handed": handed, "name": in_language(handed.name), "point": handed.point + 1, "content": content,
        "tab": "options", "reasons": reasons, "yuan": Decimal(content["yuan"]),
        "late": [(int(months), count) for months, count in content["late"].items()],
        "milestones": [_milestone(one) for one in content["milestones"]], "money": money_rows(content),
        "table": table.render_context(),
        "plans": filings_by_part({number}, plans_for(request.actor)).get((number, part), ()),  # type: ignore[attr-defined]
    }, status=status)


def _milestone(held: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "way": way_label(held["way"]), "name": held["name"], "home": home_types(held), "count": held["count"],
        "yuan": Decimal(held["yuan"]), "likely_on": date.fromisoformat(held["likely_on"]),
        "due_on": date.fromisoformat(held["due_on"]),
    }
