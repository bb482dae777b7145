"""Runs of the options engine in reach, and the way to a new one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.campaign.models import RunStage
from zhengtu.resettlement.options_runs import options_runs_for
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column

LIGHTS = {RunStage.QUEUED: "idle", RunStage.RUNNING: "running", RunStage.DONE: "green", RunStage.FAILED: "red"}


@requires("options.try")
@require_safe
def view(request: HttpRequest) -> HttpResponseBase:
    """Runs in reach, the latest first."""
    table = Table(
        name="resettlement-options", title=_("Resettlement options"), request=request,
        rows=options_runs_for(request.actor),  # type: ignore[attr-defined]
        row_href=lambda row: reverse("options.view", args=[row.pk]), empty_text=_("No options have been tried yet."),
        columns=[
            Column("title", _("What is tried"), width=36),
            Column("projects", _("Projects"), kind="integer", value=lambda row: len(row.projects), sort=""),
            Column("on", _("Facts of"), kind="date"),
            Column("stage", _("State"), kind="light", value=lambda row: (LIGHTS[row.stage], row.get_stage_display())),
            Column("asked_by", _("Asked by"), value=lambda row: row.asked_by.name, sort="asked_by__name"),
            Column("asked_at", _("Asked at"), kind="instant"),
        ],
    )
    if table.wants_export:
        return table.export()
    response: HttpResponse = render(request, "resettlement_options/list.html", {
        "table": table.render_context(), "tab": "options",
    })
    return response
