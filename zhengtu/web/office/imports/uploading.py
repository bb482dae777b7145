"""Uploads of ledgers and survey files: the form, the list, the template."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.registry.survey_import.intake import LimitedUpload, too_large
from zhengtu.registry.survey_import.options import ImportOptions
from zhengtu.registry.survey_import.workbooks import ledger_workbook
from zhengtu.registry.survey_queries import import_projects_for, imports_for, interrupted
from zhengtu.registry.survey_uploads import take_in_upload
from zhengtu.web.office.imports.stages import Standing
from zhengtu.web.shared.access import requires

_ENVELOPE_BYTES = 64 * 1024  # what a form around the file may take
_PER_PAGE = 25
_MEGABYTE = 1024 * 1024
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@csrf_exempt  # the size is asked before the body is read; `_take_in` checks the token then
@requires("survey.import")
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The upload form and the uploads of the actor's units; a POST takes a file in."""
    if request.method != "POST":
        return _page(request)
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if announced.isdigit() and int(announced) > settings.UPLOAD_LIMIT_BYTES + _ENVELOPE_BYTES:
        return _page(request, reasons=[too_large(int(announced))], status=413)
    request.upload_handlers.insert(0, LimitedUpload(request))
    return _take_in(request)


@csrf_protect
def _take_in(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    limited = request.upload_handlers[0]
    if isinstance(limited, LimitedUpload) and limited.is_over:
        return _page(request, reasons=[too_large(limited.received_bytes)], status=413)
    if file is None:
        missing = Reason(
            code="import.no_file", message=N_("No file was chosen."), remedy=N_("Choose a file and upload it again.")
        )
        return _page(request, reasons=[missing], status=400)
    now: datetime = request.now  # type: ignore[attr-defined]
    project = request.POST.get("project", "")
    try:
        upload = take_in_upload(
            file=file, name=file.name or "", project=project, actor=request.actor,  # type: ignore[attr-defined]
            options=ImportOptions(), now=now,
        )
    except Refused as refused:
        if any(reason.code.startswith("authority.") for reason in refused.reasons):
            raise Http404(project) from refused
        return _page(request, reasons=refused.reasons, status=400)
    return redirect("survey.import.report", number=upload.pk)


def _page(request: HttpRequest, *, reasons: Sequence[Reason] = (), status: int = 200) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    page = Paginator(imports_for(actor), _PER_PAGE).get_page(request.GET.get("page"))
    dead = interrupted(list(page.object_list))
    chosen = request.GET.get("project", "")
    context = {
        "projects": import_projects_for(actor), "chosen": chosen, "reasons": reasons, "page": page,
        "uploads": [(upload, Standing.of(upload, is_dead=upload.pk in dead)) for upload in page.object_list],
        "limit_bytes": settings.UPLOAD_LIMIT_BYTES, "limit_mb": settings.UPLOAD_LIMIT_BYTES // _MEGABYTE,
        "texts": {
            "tooLarge": _("The file has %(size)s MB; at most %(limit)s MB are accepted."),
            "sending": _("Uploading"),
        },
    }
    return render(request, "imports/imports.html", context, status=status)


@requires("survey.import")
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The ledger template."""
    response = HttpResponse(ledger_workbook(), content_type=WORKBOOK_TYPE)
    response["Content-Disposition"] = 'attachment; filename="ledger-template.xlsx"'
    return response
