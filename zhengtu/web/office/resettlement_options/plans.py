"""Resettlement plans in reach."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.resettlement.models.options import FilingStage
from zhengtu.resettlement.plan_queries import part_names, plans_for
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

LIGHTS = {
    FilingStage.DRAFT: "idle", FilingStage.SUBMITTED: "yellow", FilingStage.APPROVED: "running",
    FilingStage.FILED: "green",
}


@requires("resettlement.view")
@require_safe
def view(request: HttpRequest) -> HttpResponseBase:
    """Plans, the latest first."""
    names = part_names(request.actor)  # type: ignore[attr-defined]
    table = Table(
        name="resettlement-plans", title=_("Resettlement plans"), request=request,
        rows=plans_for(request.actor),  # type: ignore[attr-defined]
        row_href=lambda row: reverse("resettlement_plan.view", args=[row.pk]),
        empty_text=_("No resettlement plan has been drafted yet."),
        columns=[
            Column("code", _("Resettlement plan"), kind="code"), Column("title", _("Out of"), width=32),
            Column("project", _("Project"), width=28,
                   value=lambda row: in_language(names.get(row.project, (row.project, row.project)))),
            Column("families", _("Families"), kind="integer", value=lambda row: row.content["families"], sort=""),
            Column("stage", _("State"), kind="light", value=lambda row: (LIGHTS[row.stage], row.get_stage_display())),
            Column("drafted_by", _("Drafted by"), value=lambda row: row.drafted_by.name, sort="drafted_by__name"),
            Column("drafted_at", _("Drafted at"), kind="instant"),
        ],
        filters=[
            Filter("code", _("Resettlement plan")),
            Filter("stage", _("State"), kind="choice", choices=FilingStage.choices),
        ],
    )
    if table.wants_export:
        return table.export()
    response: HttpResponse = render(request, "resettlement_options/plans.html", {
        "table": table.render_context(), "tab": "plans",
    })
    return response
