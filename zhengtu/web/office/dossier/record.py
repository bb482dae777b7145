"""Recording facts of a section or project; a household's are recorded in its dossier."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from zhengtu.campaign.reach import reach_of
from zhengtu.casework.facts import history_of, vacancy_of
from zhengtu.casework.queries import record_subject_for
from zhengtu.casework.timeline import timeline_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.registry.models import Household, Participation, Project, Section
from zhengtu.registry.queries import subject_of
from zhengtu.web.office.cockpit.sentences import subject_href
from zhengtu.web.office.dossier.recording import record_from, record_panel
from zhengtu.web.office.dossier.timeline import shown_timeline
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.addresses import inner_target
from zhengtu.web.shared.as_of import as_of


@requires("household.view")
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The facts of a section, project or part of one, and the panel; a household's code leads to its dossier."""
    subject = record_subject_for(request.actor, code)  # type: ignore[attr-defined]
    if subject is None:
        raise Http404
    if isinstance(subject, Household):
        return redirect("household.view", code=subject.code)
    if request.method != "POST":
        return _page(request, subject)
    try:
        deed = record_from(request, subject=subject.code)
    except Refused as refused:
        return _page(request, subject, reasons=refused.reasons, status=409)
    return redirect(inner_target(request, otherwise=f"{reverse('fact.record', args=[subject.code])}#{deed}"))


def _page(
    request: HttpRequest, subject: Section | Participation | Project, *, reasons: Sequence[Reason] = (),
    status: int = 200,
) -> HttpResponse:
    dates = as_of(request)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    timeline = timeline_of(
        actor,
        subject=subject_of(subject.code),
        history=history_of(subject.code, known=dates.known),
        on=dates.on,
        evidence_reach=reach_of(actor, verb="evidence.view"),
    )
    context = {
        "subject": subject,
        "named_by": subject.jurisdiction if isinstance(subject, Participation) else subject,
        "subject_href": subject_href(subject.code, dates),
        "project": None if isinstance(subject, Project) else subject.project,
        "vacancy": vacancy_of(subject.code) if isinstance(subject, Section) else None,
        "dates": dates,
        "timeline": shown_timeline(timeline),
        "panel": record_panel(request, subject=subject.code, reasons=reasons) if dates.is_today else None,
    }
    return render(request, "dossier/record.html", context, status=status)
