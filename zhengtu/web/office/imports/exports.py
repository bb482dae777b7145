"""Households as a workbook that can be edited and imported again."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import projects_for, sections_for
from zhengtu.registry.survey_exports import EXPORT_VERB, UNMASK_VERB, full_export, masked_export
from zhengtu.web.office.imports.uploading import WORKBOOK_TYPE
from zhengtu.web.shared.access import requires


@requires("registry.export")
@require_http_methods(["GET", "HEAD", "POST"])
def households(request: HttpRequest) -> HttpResponse:
    """Choose what to take away; a POST gives the workbook, unmasked only with a purpose, which is recorded."""
    actor, now = request.actor, request.now  # type: ignore[attr-defined]
    scope = current_rulebook().authority.scope(actor=actor, verb=UNMASK_VERB)
    context = {
        "projects": projects_for(actor, verb=EXPORT_VERB).order_by("code"), "may_unmask": bool(scope),
        "chosen": request.POST.get("project") or request.GET.get("project", ""),
    }
    if request.method != "POST":
        return render(request, "imports/export.html", context)
    project = get_object_or_404(context["projects"], pk=request.POST.get("project", ""))
    section = request.POST.get("section", "").strip()
    if section:
        get_object_or_404(sections_for(actor, verb=EXPORT_VERB), pk=section, project=project)
    try:
        workbook = _workbook(request, project.code, section, now)
    except Refused as refused:
        return render(request, "imports/export.html", context | {"reasons": refused.reasons}, status=409)
    response = HttpResponse(workbook, content_type=WORKBOOK_TYPE)
    response["Content-Disposition"] = f'attachment; filename="households-{section or project.code}.xlsx"'
    return response


def _workbook(request: HttpRequest, project: str, section: str, now: datetime) -> bytes:
    actor = request.actor  # type: ignore[attr-defined]
    if request.POST.get("unmasked"):
        purpose = request.POST.get("purpose", "")[:500]
        return full_export(actor=actor, project=project, section=section, purpose=purpose, now=now)
    return masked_export(actor=actor, project=project, section=section)
