"""Every assessment in scope."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from zhengtu.assessment.models import Assessment
from zhengtu.assessment.queries import TRY, assessments_for, cities_of
from zhengtu.web.office.assessment.words import period_of, scheme_name
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter


def standing_of(row: Assessment) -> tuple[str, str]:
    """The light of an assessment and its meaning."""
    if row.published_on is not None:
        return "green", pgettext("assessment", "Published")
    return "running", pgettext("assessment", "Under way")


@requires("assessment.view")
@require_safe
def view(request: HttpRequest) -> HttpResponseBase:
    """Assessments in scope, the latest first."""
    actor = request.actor  # type: ignore[attr-defined]
    table = Table(
        name="assessments", title=_("Assessments"), rows=assessments_for(actor), request=request,
        row_href=lambda row: reverse("assessment.view", args=[row.code]),
        empty_text=_("No assessment is open to you yet."),
        columns=[
            Column("from_on", pgettext_lazy("assessment", "Period"), value=period_of, width=26),
            Column("scheme", _("Scheme"), value=scheme_name, width=40),
            Column("state", pgettext_lazy("assessment", "State"), kind="light", value=standing_of, sort="published_on"),
            Column("adopted_on", _("Adopted on"), kind="date"),
            Column("adopted_by", _("Adopted by"), value=lambda row: row.adopted_by.name, sort="adopted_by__name"),
            Column("published_on", _("Published on"), kind="date"),
            Column("code", _("Code"), kind="code"),
        ],
        filters=[Filter("from_on", _("First day"), kind="dates")],
    )
    if table.wants_export:
        return table.export()
    return render(request, "assessment/list.html", {
        "table": table.render_context(), "tab": "list", "may_try": bool(cities_of(actor, TRY)),
    })
