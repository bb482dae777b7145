"""Runs of the options engine in reach, and the way to a new one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.campaign.models import RunStage
from zhengtu.resettlement.handed_out import handed_parts_for
from zhengtu.resettlement.options_runs import options_runs_for
from zhengtu.resettlement.plan_queries import filings_by_part, plans_for
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column

LIGHTS = {RunStage.QUEUED: "idle", RunStage.RUNNING: "running", RunStage.DONE: "green", RunStage.FAILED: "red"}


def _handed(request: HttpRequest) -> list[dict[str, Any]]:
    """Points handed out to the reader's projects, each with the plans drafted from its run."""
    parts = handed_parts_for(request.actor)  # type: ignore[attr-defined]
    plans = filings_by_part({one.run for one in parts}, plans_for(request.actor))  # type: ignore[attr-defined]
    return [
        {"told": one, "name": in_language(one.name), "point": one.point + 1, "plans": plans.get((one.run, one.part))}
        for one in parts
    ]


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
        "table": table.render_context(), "tab": "options", "handed": _handed(request),
    })
    return response
