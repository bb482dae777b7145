"""The application to the court: checklist, self-check, earliest day and window, what is in the way, and the bundle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhengtu.casework.court import EVIDENCE, CourtFile, PaperLine, answer_ground, court_file, file_paper
from zhengtu.casework.court_bundle import court_bundle
from zhengtu.casework.notices import notice_subject, notices_of
from zhengtu.casework.queries import household_for
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household
from zhengtu.registry.queries import subject_of
from zhengtu.web.office.dossier.recording import Field, given_files
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import as_of
from zhengtu.web.shared.reason_text import rulebook_label

_TEXT_LIMIT = 300


@requires("ledger.view")
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The application as it stands; a POST files one paper or answers one line of the self-check."""
    household = _household_or_404(request, code, verb="ledger.view")
    if request.method != "POST":
        return _page(request, household)
    try:
        deed = _recorded(request, household)
    except Refused as refused:
        return _page(request, household, reasons=refused.reasons, status=409)
    messages.success(request, _("Recorded as deed %(deed)s.") % {"deed": deed})
    return redirect("court.view", code=household.code)


@requires("fact.record_decision")
@require_POST
def bundle(request: HttpRequest, code: str) -> HttpResponse:
    """The whole application as one archive, or everything that it lacks."""
    household = _household_or_404(request, code, verb="fact.record_decision")
    given = {name.removeprefix("ask-"): value[:_TEXT_LIMIT] for name, value in request.POST.items()}
    try:
        content = court_bundle(
            actor=request.actor, household=household, given=given, now=request.now  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, household, reasons=refused.reasons, status=409)
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="court-{household.code}.zip"'
    response["Cache-Control"] = "private, no-store"
    return response


def _household_or_404(request: HttpRequest, code: str, *, verb: str) -> Household:
    household = household_for(request.actor, code, verb=verb)  # type: ignore[attr-defined]
    if household is None:
        raise Http404
    return household


def _recorded(request: HttpRequest, household: Household) -> str:
    common: dict[str, Any] = {
        "actor": request.actor, "household": household, "now": request.now,  # type: ignore[attr-defined]
        "happened_on": request.today, "files": given_files(request),  # type: ignore[attr-defined]
    }
    if "ground" in request.POST:
        return answer_ground(**common, ground=request.POST["ground"], applies=request.POST.get("applies", ""))
    return file_paper(**common, document=request.POST.get("document", ""))


def _page(
    request: HttpRequest, household: Household, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    dates = as_of(request)
    held = court_file(household.code, on=dates.on, known=dates.known)
    may_record = current_rulebook().authority.may(
        actor=request.actor, verb="fact.record_decision", subject=subject_of(household.code)  # type: ignore[attr-defined]
    ) is None
    context: dict[str, Any] = {
        "household": household, "dates": dates, "held": held, "reasons": reasons, "evidence_name": EVIDENCE,
        "may_record": may_record and dates.is_today,
    }
    if held is not None:
        regime = held.case.procedure.regime
        context |= {
            "papers": _lines(held.papers, f"court_document:{regime}"),
            "grounds": _lines(held.grounds, f"refusal_ground:{regime}"),
            "papers_done": sum(line.is_whole for line in held.papers),
            "grounds_done": sum(line.is_whole for line in held.grounds),
            "way": _way(held, dates.on),
            "fields": _fields(request, household, held),
            "uncertain_years": sorted({
                *(held.window.remedies_end.uncertain_years if held.window.remedies_end else ()),
                *(held.window.last.uncertain_years if held.window.last else ()),
            }),
        }
    return render(request, "court/application.html", context, status=status)


def _lines(lines: Sequence[PaperLine], prefix: str) -> list[dict[str, Any]]:
    group, _sep, regime = prefix.partition(":")
    return [
        {"line": line, "name": rulebook_label(group=group, id=f"{regime}.{line.item.id}")} for line in lines
    ]


def _way(held: CourtFile, on: date) -> list[dict[str, Any]]:
    """The days of the way to the court: remedies, earliest application, last day."""
    window = held.window
    return [
        {"name": _("Last remedy ends"), "on": window.remedies_end.on if window.remedies_end else None},
        {"name": _("Earliest lawful application"), "on": window.earliest_on},
        {"name": _("Last day to apply"), "on": window.last.on if window.last else None},
        {"name": _("Applied on"), "on": held.applied_on},
    ]


def _fields(request: HttpRequest, household: Household, held: CourtFile) -> list[Field]:
    subject = notice_subject(request.actor, household.code)  # type: ignore[attr-defined]
    if subject is None:
        return []
    notice = next((one for one in notices_of(subject, is_family=False) if one.step == held.step.id), None)
    return [] if notice is None else [
        Field(
            f"ask-{ask.name}", rulebook_label(group="notice_ask", id=f"{notice.regime}.{notice.id}.{ask.name}"),
            ask.type, True, request.POST.get(f"ask-{ask.name}", ""),
        )
        for ask in notice.asks.values()
    ]


