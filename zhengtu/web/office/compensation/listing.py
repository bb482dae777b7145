"""The list of agreements in scope, by project, district, way and standing; and what is asked of whom."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.casework.agreement_queries import agreements_for
from zhengtu.casework.compensation_documents import spoken_way
from zhengtu.core.compensation.facts import Mode
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.cockpit.sentences import is_english
from zhengtu.web.office.compensation.standing import STANDINGS
from zhengtu.web.office.records.filters import district_filter, project_filter
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter


@require_safe
@requires("household.view")
def view(request: HttpRequest) -> HttpResponseBase:
    """Agreements in reach, the latest first."""
    actor = request.actor  # type: ignore[attr-defined]
    rows = agreements_for(actor).select_related("household__section__project", "household__section__jurisdiction")
    table = Table(
        name="agreements", title=_("Agreements"), request=request, sort="-drafted_on", rows=rows, columns=_columns(),
        filters=_filters(request), row_href=lambda row: reverse("agreement.view", args=[row.number]),
        empty_text=_("No agreement has been drafted yet."),
    )
    if table.wants_export:
        return table.export()
    may_draft = bool(current_rulebook().authority.scope(actor=actor, verb="agreement.draft"))
    return render(
        request, "compensation/agreements.html", {"table": table.render_context(), "may_draft": may_draft}
    )


def _filters(request: HttpRequest) -> list[Filter]:
    actor, verb = request.actor, "household.view"  # type: ignore[attr-defined]
    return [
        Filter("number", _("Number or address"), paths=("number", "household__address")),
        district_filter(
            actor, verb=verb, apply=lambda rows, code: rows.filter(household__section__jurisdiction=code)
        ),
        project_filter(actor, verb=verb, apply=lambda rows, code: rows.filter(household__section__project=code)),
        Filter("section", _("Section"), paths=("household__section__code", "household__section__name")),
        Filter(
            "standing", _("Standing"), kind="choice", choices=[(id, label) for id, (label, _tone) in STANDINGS.items()]
        ),
        Filter(
            "way", _("Way of compensation"), kind="choice",
            choices=[(mode.value, spoken_way(mode)) for mode in (Mode.CASH, Mode.EXCHANGE)],
        ),
        Filter("amount", _("Sum (yuan)"), kind="numbers", paths=("amount_yuan",)),
        Filter("signed_on", _("Signed on"), kind="dates"),
    ]


def _columns() -> list[Column]:
    def named(thing: Any) -> str:
        return thing.name_en if is_english() and thing.name_en else thing.name

    return [
        Column("number", _("Number"), kind="code", width=30),
        Column("owner", _("Owner"), value=lambda row: row.household.name_masked, sort=""),
        Column("project", _("Project"), value=lambda row: named(row.household.section.project),
               sort="household__section__project", width=26),
        Column("section", _("Section"), value=lambda row: named(row.household.section), sort="household__section",
               width=22),
        Column("district", _("District"), value=lambda row: named(row.household.section.jurisdiction),
               sort="household__section__jurisdiction", is_shown=False),
        Column("standing", _("Standing"), value=lambda row: str(STANDINGS[row.standing][0])),
        Column("way", _("Way of compensation"), value=lambda row: spoken_way(row.way)),
        Column("amount_yuan", _("Sum"), kind="money", unit=_("yuan"), width=18),
        Column("paid_yuan", _("Paid"), kind="money", unit=_("yuan"), width=18),
        Column("drafted_on", _("Drafted on"), kind="date"),
        Column("checked_on", _("Checked on"), kind="date", is_shown=False),
        Column("signed_on", _("Signed on"), kind="date"),
        Column("pay_by", _("Paid by"), kind="date", is_shown=False),
        Column("move_out_by", _("Moves out by"), kind="date", is_shown=False),
    ]
