"""Bulk runs: started for a project or a section, followed while they work, found again with their one workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from zhengtu.casework.agreement_queries import runs_for
from zhengtu.casework.agreement_runs import is_dead, result_name, result_storage, start_run
from zhengtu.casework.models import AgreementRun, RunStage
from zhengtu.core.compensation.agreement_terms import AgreedDates
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.registry.queries import projects_for, sections_for
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.given_days import day_or_none

_SHOWN = 50
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LIGHTS = {RunStage.QUEUED: "idle", RunStage.RUNNING: "running", RunStage.DONE: "green", RunStage.FAILED: "yellow"}


@requires("agreement.draft")
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Runs so far and the form that starts one."""
    if request.method != "POST":
        return _page(request)
    actor, given = request.actor, request.POST  # type: ignore[attr-defined]
    project = get_object_or_404(projects_for(actor, verb="agreement.draft"), pk=given.get("project", ""))
    section = None
    if given.get("section"):
        sections = sections_for(actor, verb="agreement.draft").filter(project=project)
        section = get_object_or_404(sections, pk=given["section"])
    dates = AgreedDates(*(day_or_none(given.get(name, "")) for name in ("sign_on", "pay_by", "move_out_by")))
    try:
        run = start_run(
            actor=actor, project=project, section=section, dates=dates, now=request.now  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, reasons=refused.reasons, status=409)
    return redirect("agreement.run", number=run.pk)


def _page(request: HttpRequest, *, reasons: Sequence[Reason] = (), status: int = 200) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    context = {
        "runs": [(run, _LIGHTS[RunStage(run.stage)]) for run in runs_for(actor)[:_SHOWN]], "reasons": reasons,
        "projects": projects_for(actor, verb="agreement.draft").order_by("code"),
        "sections": sections_for(actor, verb="agreement.draft").order_by("code"),
        "given": {
            "project": request.POST.get("project", request.GET.get("project", "")),
            "section": request.POST.get("section", ""),
            "sign_on": request.POST.get("sign_on") or today.isoformat(),
            "pay_by": request.POST.get("pay_by") or (today + timedelta(days=10)).isoformat(),
            "move_out_by": request.POST.get("move_out_by") or (today + timedelta(days=15)).isoformat(),
        },
    }
    return render(request, "compensation/runs.html", context, status=status)


def _run(request: HttpRequest, number: int) -> AgreementRun:
    return get_object_or_404(runs_for(request.actor), pk=number)  # type: ignore[attr-defined]


@requires("agreement.draft")
@require_safe
def view(request: HttpRequest, number: int) -> HttpResponse:
    """How far a run is, or what came of it."""
    run = _run(request, number)
    context = {
        "run": run, "is_dead": is_dead(run, now=request.now),  # type: ignore[attr-defined]
        "is_moving": run.stage in (RunStage.QUEUED, RunStage.RUNNING), "percent": _percent(run),
        "light": _LIGHTS[RunStage(run.stage)], "has_result": result_storage().exists(result_name(run)),
    }
    return render(request, "compensation/run.html", context)


@requires("agreement.draft")
@require_safe
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """How far a run is, for the page's bar."""
    run = _run(request, number)
    is_moving = run.stage in (RunStage.QUEUED, RunStage.RUNNING)
    is_moving = is_moving and not is_dead(run, now=request.now)  # type: ignore[attr-defined]
    return JsonResponse(
        {"isMoving": is_moving, "percent": _percent(run), "label": str(RunStage(run.stage).label)}
    )


def _percent(run: AgreementRun) -> int:
    return 100 * run.done_count // run.household_count if run.household_count else 0


@requires("agreement.draft")
@require_safe
def result(request: HttpRequest, number: int) -> HttpResponseBase:
    """The run's workbook."""
    run = _run(request, number)
    if not result_storage().exists(result_name(run)):
        raise Http404
    name = f"agreements-{run.project_id}-{run.pk}.xlsx"
    return FileResponse(
        result_storage().open(result_name(run)), as_attachment=True, filename=name, content_type=_WORKBOOK
    )
