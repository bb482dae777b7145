"""The objection of an inspected jurisdiction, and its decision by somebody who took no part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from zhengtu.core.inspection.authorisation import REGULATION
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.inspection.actions import Decision, decide_objection, decision_due_on, object_to_conclusion
from zhengtu.inspection.models import ObjectionOutcome
from zhengtu.inspection.queries import ConclusionRow, InspectionPage, papers_of
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.cockpit.sentences import name_of
from zhengtu.web.office.inspections.forms import given_files, inspection_or_404
from zhengtu.web.office.inspections.words import answer_label, names_for, site_lines
from zhengtu.web.shared.access import requires


@requires("inspection.answer")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, code: str, area: str) -> HttpResponse:
    """The form of an objection: which findings, why, and the unit's statement."""
    page, conclusion = _conclusion_or_404(request, code, area)
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        try:
            object_to_conclusion(
                actor=request.actor, code=code, jurisdiction=area,  # type: ignore[attr-defined]
                households=request.POST.getlist("households"), why=request.POST.get("why", ""),
                files=given_files(request, "statement", kind="statement"), now=request.now,  # type: ignore[attr-defined]
            )
            messages.success(request, gettext("The objection is made; somebody decides who took no part."))
            return redirect("inspection.view", code=code)
        except Refused as refused:
            reasons = refused.reasons
    chosen = request.POST.getlist("households")
    lines = site_lines(page.households.get(area, ()), matter=page.standing.matter)
    return render(request, "inspections/object.html", {
        "one": page.standing, "conclusion": conclusion, "name": name_of(area, names_for(())), "reasons": reasons,
        "findings": [(line, line.row.household in chosen) for line in lines if line.row.is_false is not None],
        "why": request.POST.get("why", ""), "source": f"{REGULATION}#17",
    }, status=409 if reasons else 200)


@requires("inspection.review")
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, code: str, area: str) -> HttpResponse:
    """The form of the decision: upheld with what holds instead, or dismissed."""
    page, conclusion = _conclusion_or_404(request, code, area)
    objection = conclusion.objection
    if objection is None:
        raise Http404
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        try:
            decide_objection(
                actor=request.actor, code=code, jurisdiction=area, decision=_decision(request),  # type: ignore[attr-defined]
                now=request.now,  # type: ignore[attr-defined]
            )
            messages.success(request, gettext("The objection is decided; the jurisdiction is told."))
            return redirect("inspection.view", code=code)
        except Refused as refused:
            reasons = refused.reasons
    today: date = request.today  # type: ignore[attr-defined]
    matter = page.standing.matter
    lines = {line.row.household: line for line in site_lines(page.households.get(area, ()), matter=matter)}
    answers = current_rulebook().inspection.matters[matter].answers
    given = request.POST
    return render(request, "inspections/review.html", {
        "one": page.standing, "conclusion": conclusion, "objection": objection, "today": today, "reasons": reasons,
        "name": name_of(area, names_for(())), "due_on": decision_due_on(objection),
        "outcomes": ObjectionOutcome.choices, "outcome": given.get("outcome", ""), "why": given.get("why", ""),
        "source": f"{REGULATION}#17",
        "findings": [
            (lines[code], given.get(f"correct-{code}", "")) for code in objection.households if code in lines
        ],
        "answers": [(id, answer_label(matter, id)) for id in answers],
        "papers": papers_of([objection.deed]),
    }, status=409 if reasons else 200)


def _decision(request: HttpRequest) -> Decision:
    given, outcome = request.POST, request.POST.get("outcome", "")
    corrections = {
        name.removeprefix("correct-"): found for name, found in given.items()
        if name.startswith("correct-") and found
    }
    return Decision(
        outcome=outcome, why=given.get("why", ""), files=given_files(request, "decision", kind="decision"),
        corrections=corrections if outcome == ObjectionOutcome.UPHELD else {},
    )


def _conclusion_or_404(request: HttpRequest, code: str, area: str) -> tuple[InspectionPage, ConclusionRow]:
    page = inspection_or_404(request, code)
    conclusion = next((row for row in page.conclusions if row.jurisdiction == area), None)
    if conclusion is None or conclusion.released_on is None:
        raise Http404
    return page, conclusion
