"""Deeds about a resettlement plan: draft it out of a point, submit, return, approve, file, follow by directives."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhengtu.core.kernel.reasons import Refused
from zhengtu.resettlement.handed_out import drafting_run_for
from zhengtu.resettlement.plan_actions import approve_plan, draft_plan, file_plan, follow_plan, return_plan, submit_plan
from zhengtu.web.office.resettlement_options.handed import handed_page
from zhengtu.web.office.resettlement_options.plan import plan_or_404, plan_page
from zhengtu.web.office.resettlement_options.run import point_of, run_or_404, run_page
from zhengtu.web.shared.access import requires


@requires("resettlement_plan.draft")
@require_POST
def draft(request: HttpRequest, number: int) -> HttpResponseBase:
    """Draft a plan of one project out of the chosen point."""
    actor, part = request.actor, request.POST.get("part", "")  # type: ignore[attr-defined]
    run = drafting_run_for(actor, number, part=part)
    if run is None or not run.result:
        raise Http404(number)
    point = point_of(request, run)
    try:
        code = draft_plan(actor=actor, run=run, point=point, part=part, now=request.now)  # type: ignore[attr-defined]
    except Refused as refused:
        if run.handed_point == point:
            return handed_page(request, number, part, reasons=refused.reasons, status=409)
        return run_page(request, run_or_404(request, number), reasons=refused.reasons, status=409)
    messages.success(request, _("The plan is drafted."))
    return redirect("resettlement_plan.view", code=code)


@requires("resettlement_plan.draft")
@require_POST
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """Hand the draft to whoever approves it."""
    return _done(request, code, submit_plan, _("The plan is submitted."))


@requires("resettlement_plan.approve")
@require_POST
def send_back(request: HttpRequest, code: str) -> HttpResponse:
    """Return the plan with the reason."""
    deed = partial(return_plan, reason=request.POST.get("reason", ""))
    return _done(request, code, deed, _("The plan is returned."))


@requires("resettlement_plan.approve")
@require_POST
def approve(request: HttpRequest, code: str) -> HttpResponse:
    """Approve the plan; its document is kept."""
    return _done(request, code, approve_plan, _("The plan is approved."))


@requires("resettlement_plan.file")
@require_POST
def file(request: HttpRequest, code: str) -> HttpResponse:
    """File the plan with the inspection office."""
    return _done(request, code, file_plan, _("The plan is filed."))


@requires("directive.set")
@require_POST
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """Set a directive for each milestone."""
    return _done(request, code, follow_plan, _("Each milestone is now followed as a directive."))


def _done(request: HttpRequest, code: str, deed: Callable[..., object], said: str) -> HttpResponse:
    """The deed done and said, or the plan's page with the reasons against it."""
    plan = plan_or_404(request, code)
    try:
        deed(actor=request.actor, code=code, now=request.now)  # type: ignore[attr-defined]
    except Refused as refused:
        return plan_page(request, plan, reasons=refused.reasons, status=409)
    messages.success(request, said)
    return redirect("resettlement_plan.view", code=code)
