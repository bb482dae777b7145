"""One upload: its progress, its columns, its report, and what is decided about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.survey_sheets.fields import FIELD_OF, FIELDS
from zhengtu.registry.models import ImportStage, SurveyImport
from zhengtu.registry.survey_import.examination import is_refused
from zhengtu.registry.survey_import.intake import upload_storage
from zhengtu.registry.survey_import.options import LayerKind, options_from
from zhengtu.registry.survey_queries import import_sections_for, imports_for, interrupted
from zhengtu.registry.survey_uploads import (
    cancel_import,
    check_again,
    confirm_import,
    confirm_mapping,
    marked_name,
)
from zhengtu.web.office.imports.stages import Standing
from zhengtu.web.office.imports.uploading import WORKBOOK_TYPE
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.reason_text import rulebook_label

_SHOWN_PROBLEMS = 200


def _upload(request: HttpRequest, number: int) -> SurveyImport:
    """The upload, if it is in the actor's scope.

    Raises:
        Http404: otherwise.
    """
    return get_object_or_404(imports_for(request.actor), pk=number)  # type: ignore[attr-defined]


@requires("survey.import")
@require_safe
def view(request: HttpRequest, number: int) -> HttpResponse:
    """The report of an upload, or how far it is."""
    return _page(request, _upload(request, number))


def _page(
    request: HttpRequest, upload: SurveyImport, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    report: dict[str, Any] = upload.report
    standing = Standing.of(upload, is_dead=bool(interrupted([upload])))
    counts = report.get("counts", {})
    is_ready = upload.stage == ImportStage.CHECKED and not standing.is_moving and not report.get("needs_mapping")
    context = {
        "upload": upload,
        "standing": standing,
        "report": report,
        "counts": counts,
        "reasons": reasons,
        "asks_for_columns": report.get("needs_mapping")
        and upload.stage == ImportStage.CHECKED
        and not standing.is_moving,
        "columns": _columns(report) if report.get("needs_mapping") else [],
        "fields": [(about.id, _(about.label), about.full_heading) for about in FIELDS],
        "is_ready": is_ready and not is_refused(report),
        "has_nothing_new": is_ready and not is_refused(report) and not _brings_anything(report),
        "totals": report.get("totals", ()),
        "problems": report.get("problems", ())[:_SHOWN_PROBLEMS],
        "problem_count": sum(total["count"] for total in report.get("totals", ())),
        "is_cut": sum(total["count"] for total in report.get("totals", ())) > _SHOWN_PROBLEMS,
        "changed_fields": [
            (_(FIELD_OF[name].label) if name in FIELD_OF else name, count)
            for name, count in report.get("changed_fields", {}).items()
        ],
        "steps": [(rulebook_label(group="fact", id=kind), count) for kind, count in report.get("steps", {}).items()],
        "wants_choices": bool(report.get("reasons")) or any(
            total["code"] == "sheet.section_missing" for total in report.get("totals", ())
        ),
        "has_marked_copy": upload_storage().exists(marked_name(upload)),
        "may_cancel": standing.is_moving or upload.stage == ImportStage.CHECKED,
        "may_check": not standing.is_moving and upload.stage != ImportStage.IMPORTED,
        "options": options_from(upload.options),
        "layer_kinds": [kind.value for kind in LayerKind],
        "sections": import_sections_for(request.actor, upload.project_id),  # type: ignore[attr-defined]
        "is_geometry": report.get("kind") == "geometry" or not report.get("kind"),
    }
    return render(request, "imports/report.html", context, status=status)


def _brings_anything(report: dict[str, Any]) -> bool:
    counts = report.get("counts", {})
    return bool(counts.get("new") or counts.get("changed") or report.get("steps"))


def _columns(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Headings with samples and the field proposed for each."""
    proposed = {heading: field_id for field_id, heading in report["mapping"].items()}
    return [
        {"heading": heading, "samples": report.get("samples", {}).get(heading, ()), "field": proposed.get(heading, "")}
        for heading in report["headings"]
    ]


@requires("survey.import")
@require_safe
def progress(request: HttpRequest, number: int) -> JsonResponse:
    """How far an upload is, for the page that waits."""
    upload = _upload(request, number)
    standing = Standing.of(upload, is_dead=bool(interrupted([upload])))
    return JsonResponse({"label": standing.label, "percent": standing.percent, "isMoving": standing.is_moving})


def _section_of(request: HttpRequest, upload: SurveyImport) -> str:
    """The section chosen for rows that name none, if it is in scope; else none."""
    sections = import_sections_for(request.actor, upload.project_id)  # type: ignore[attr-defined]
    chosen = sections.filter(code=request.POST.get("section", "")).first()
    return chosen.code if chosen else ""


@requires("survey.import")
@require_POST
def mapping(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm which column means what; remembered for the unit's next sheet of that kind."""
    upload = _upload(request, number)
    if not upload.report.get("headings"):
        raise Http404(number)
    chosen: dict[str, str] = {}
    for index, heading in enumerate(upload.report["headings"]):
        field_id = request.POST.get(f"column-{index}", "")
        if field_id in FIELD_OF:
            if field_id in chosen:
                label = _(FIELD_OF[field_id].label)
                messages.error(request, _("Two columns are mapped to “%(label)s”; choose one.") % {"label": label})
                return redirect("survey.import.report", number=number)
            chosen[field_id] = heading
    if "name" not in chosen:
        messages.error(request, _("Say which column holds the name of the head of household."))
        return redirect("survey.import.report", number=number)
    now: datetime = request.now  # type: ignore[attr-defined]
    actor = request.actor  # type: ignore[attr-defined]
    section = _section_of(request, upload)
    confirm_mapping(upload, mapping=chosen, actor=actor, now=now, section=section)
    return redirect("survey.import.report", number=number)


@requires("survey.import")
@require_POST
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Import what the report says."""
    upload = _upload(request, number)
    try:
        confirm_import(
            upload,
            actor=request.actor,
            accepts_warnings=bool(request.POST.get("accepts_warnings")),  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, upload, reasons=refused.reasons, status=409)
    return redirect("survey.import.report", number=number)


@requires("survey.import")
@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Stop an upload; nothing of it stays in the registry."""
    cancel_import(_upload(request, number))
    messages.info(request, _("The import stops; nothing of it is written."))
    return redirect("survey.import.report", number=number)


@requires("survey.import")
@require_POST
def check(request: HttpRequest, number: int) -> HttpResponse:
    """Check an upload again, with other choices or after an interruption."""
    upload = _upload(request, number)
    standing = Standing.of(upload, is_dead=bool(interrupted([upload])))
    if standing.is_moving or upload.stage == ImportStage.IMPORTED:
        messages.error(request, _("This upload is being worked on or was imported already."))
        return redirect("survey.import.report", number=number)
    epsg = request.POST.get("assumed_epsg", "")
    kind = request.POST.get("layer_kind", "")
    choices = replace(
        options_from(upload.options),
        sheet=request.POST.get("sheet", "").strip(),
        layer=request.POST.get("layer", "").strip(),
        layer_kind=kind if kind in set(LayerKind) else "",
        assumed_epsg=int(epsg) if epsg.isdigit() and len(epsg) <= 6 else None,
        section=_section_of(request, upload),
    )
    check_again(upload, options=choices)
    return redirect("survey.import.report", number=number)


@requires("survey.import")
@require_safe
def marked(request: HttpRequest, number: int) -> HttpResponseBase:
    """The user's own sheet with the doubtful cells marked."""
    upload, storage = _upload(request, number), upload_storage()
    if not storage.exists(marked_name(upload)):
        raise Http404(number)
    name = f"{upload.file_name.rsplit('.', 1)[0]}-marked.xlsx"
    return FileResponse(
        storage.open(marked_name(upload)), as_attachment=True, filename=name, content_type=WORKBOOK_TYPE
    )
