"""Scenarios that were tried, and the way to a new one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.campaign.models import RunStage
from zhengtu.campaign.scenario_runs import scenarios_for
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column
from zhengtu.web.shared.templatetags.figures import named

LIGHTS = {
    RunStage.QUEUED: "idle", RunStage.RUNNING: "running", RunStage.DONE: "green", RunStage.FAILED: "red"
}


@requires("scenario.try")
@require_safe
def view(request: HttpRequest) -> HttpResponseBase:
    """Scenarios in reach, the latest first."""
    table = Table(
        name="scenarios", title=_("Scenarios"), rows=scenarios_for(request.actor), request=request,  # type: ignore[attr-defined]
        row_href=lambda row: reverse("scenario.view", args=[row.pk]), empty_text=_("No scenario has been tried yet."),
        columns=[
            Column("title", _("Scenario"), width=36),
            Column("project", _("Project"), value=lambda row: named(row.project), sort="project__code"),
            Column("subject", _("About"), kind="code"),
            Column("on", _("Facts of"), kind="date"),
            Column("stage", _("State"), kind="light", value=lambda row: (LIGHTS[row.stage], row.get_stage_display())),
            Column("asked_by", _("Asked by"), value=lambda row: row.asked_by.name, sort="asked_by__name"),
            Column("asked_at", _("Asked at"), kind="instant"),
        ],
    )
    if table.wants_export:
        return table.export()
    context = {"table": table.render_context(), "tab": "scenarios"}
    response: HttpResponse = render(request, "scenarios/list.html", context)
    return response
