"""One appeal: what it disputes, the statement with its evidence, and the decision of the inspection office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from zhengtu.assessment.actions import decide_appeal
from zhengtu.assessment.behind import is_watched, openings, sees_findings
from zhengtu.assessment.models import Appeal, AppealRemedy, AppealState
from zhengtu.assessment.queries import DECIDE, appeal_for, may, published_cards, scheme_of
from zhengtu.campaign.finding_queries import evidence_of_deeds
from zhengtu.core.assessment.scheme import Measure
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.web.office.assessment.words import (
    about_case,
    fact_page,
    period_of,
    scheme_name,
    subject_name,
    subject_page,
)
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label

LIGHTS = {AppealState.OPEN: "running", AppealState.UPHELD: "green", AppealState.DISMISSED: "idle"}


@requires("assessment.view")
def view(request: HttpRequest, number: int) -> HttpResponse:
    """The appeal; a POST decides it."""
    row = appeal_for(request.actor, number)  # type: ignore[attr-defined]
    if row is None:
        raise Http404(str(number))
    city = city_of(row.assessment_id)
    may_decide = may(request.actor, DECIDE, city=city)  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, row, may_decide=may_decide)
    if not may_decide:
        raise PermissionDenied(DECIDE)
    try:
        decide_appeal(
            actor=request.actor, appeal=number, outcome=request.POST.get("outcome", ""),  # type: ignore[attr-defined]
            remedy=request.POST.get("remedy", ""), decision=request.POST.get("decision", ""),
            now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, row, may_decide=may_decide, reasons=refused.reasons, status=409)
    messages.success(request, gettext("The appeal is decided."))
    return redirect("assessment.decide", number=number)


def _page(
    request: HttpRequest, row: Appeal, *, may_decide: bool, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    criterion = scheme_of(row.assessment).criterion(row.criterion)
    is_event = criterion is not None and criterion.measure is Measure.EVENTS
    return render(request, "assessment/appeal.html", {
        "row": row, "scheme": scheme_name(row.assessment), "period": period_of(row.assessment),
        "unit": in_language((row.unit.name, row.unit.name_en or row.unit.name)),
        "criterion": rulebook_label(group="result", id=row.criterion), "line": _line(request, row),
        "light": LIGHTS[AppealState(row.state)], "files": evidence_of_deeds([row.deed]).get(row.deed, []),
        "may_decide": may_decide and row.state == AppealState.OPEN, "reasons": reasons, "given": request.POST,
        "remedies": [one for one in AppealRemedy.choices if not is_event or one[0] == AppealRemedy.LEFT_OUT],
    }, status=status)


def _line(request: HttpRequest, row: Appeal) -> dict[str, Any]:
    """The disputed case or event as it was published."""
    actor, city = request.actor, city_of(row.assessment_id)  # type: ignore[attr-defined]
    held = next((one for one in published_cards(row.assessment) if one.unit == row.unit_id), None)
    known = held.measured.get(row.criterion) if held else None
    cases = [case for case in known.cases if case.reference == row.reference] if known else []
    events = [event for event in known.events if event.reference == row.reference] if known else []
    subject = next((one.subject for one in (*cases, *events)), "")
    facts = [fact for case in cases for fact in case.facts] + [event.reference for event in events]
    is_veiled = not sees_findings(actor, city=city, unit=row.unit_id) and (
        any(is_watched(about=case.about) for case in cases) or any(is_watched(event=event.kind) for event in events)
    )
    subject = "" if is_veiled else subject
    opened = openings(actor, subjects={subject} - {""}, facts=[*facts, row.decided_fact])
    told = [about_case(case) for case in cases]
    told += [rulebook_label(group="result_event", id=f"{row.criterion}.{event.kind}") for event in events]
    return {
        "name": subject_name(subject, opened) if subject or is_veiled else row.reference,
        "href": subject_page(subject, opened) if subject else "", "about": next(iter(told), ""),
        "case": cases[0] if cases else None, "event": events[0] if events else None,
        "facts": [page for one in facts if (page := fact_page(one, opened))],
        "decided": fact_page(row.decided_fact, opened) if row.decided_fact else "",
    }
