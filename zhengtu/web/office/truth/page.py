"""How true the reported figures are: each district over time, the inspections and the findings behind it."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.campaign.queries import names_in_reach
from zhengtu.core.authority.actor import Actor
from zhengtu.inspection.queries import evidence_of_inspection
from zhengtu.inspection.truth_history import DistrictInspection, district_inspections, findings_for, most_due
from zhengtu.web.office.cockpit.sentences import kept, name_of
from zhengtu.web.office.truth.drawing import chart
from zhengtu.web.shared.access import opens, requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.beside_cleared import districts, whole
from zhengtu.web.shared.downloads import file_response
from zhengtu.web.shared.reason_text import rulebook_label
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

_READ: Final = "inspection.read"
_DUE_SHOWN: Final = 500
_FINDINGS_SHOWN: Final = 60


@require_safe
@requires(_READ)
def view(request: HttpRequest) -> HttpResponseBase:
    """Every district that the actor may see, with the inspections that tell of it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates, names = as_of(request), names_in_reach()
    entries = district_inspections(actor, on=dates.on)
    table = _table(request, entries, names, dates)
    if table.wants_export:
        return table.export()
    figures = districts(actor, dates, verb=_READ)
    found = findings_for(actor, on=dates.on, only_false=True)
    vacated = sorted(
        (one for one in entries if one.figure == "vacated"), key=lambda one: (one.jurisdiction, one.as_of_on)
    )
    charts = {code: list(group) for code, group in groupby(vacated, key=lambda one: one.jurisdiction)}
    return render(request, "truth/truth.html", {
        "dates": dates, "table": table.render_context(), "whole": whole(figures, dates),
        "districts": [
            {
                "code": code, "name": name_of(code, names), "beside": figures.get(code),
                "chart": chart(charts[code]) if code in charts else None,
                "vacated_href": reverse("household.list") + dates.query(district=code, reached="left_home"),
            }
            for code in sorted({*figures, *charts})
        ],
        "findings": [_finding(one, dates) for one in found[:_FINDINGS_SHOWN]], "findings_count": len(found),
        "patrol_href": reverse("truth.patrol") + kept(dates) if opens(actor, "inspection.plan") else "",
        "sources_href": reverse("source.import") if opens(actor, "source.import") else "",
    })


def _table(
    request: HttpRequest, entries: list[DistrictInspection], names: dict[str, tuple[str, str]], dates: AsOf
) -> Table:
    return Table(
        name="truth", title=_("Inspections of reported figures"), request=request, sort="-as_of_on", rows=entries,
        columns=[
            Column("inspection", _("Inspection"), kind="code"),
            Column("title", _("Title"), width=30),
            Column("jurisdiction", _("District"), value=lambda row: name_of(row.jurisdiction, names)),
            Column("figure", _("Reported figure"), value=lambda row: rulebook_label(group="milestone", id=row.figure)),
            Column("as_of_on", _("As of"), kind="date"),
            Column("released_on", _("Fed back on"), kind="date"),
            Column("reported", _("Reported"), kind="integer", unit=_("households")),
            Column("inspected", _("Seen"), kind="integer", unit=_("households")),
            Column("false", _("Not so"), kind="integer", unit=_("households")),
            Column("low", _("Not so of all, at least"), kind="share", value=lambda row: row.found.rates()[0]),
            Column("middle", _("Not so of all, middle"), kind="share", value=lambda row: row.found.rates()[1]),
            Column("high", _("Not so of all, at most"), kind="share", value=lambda row: row.found.rates()[2]),
            Column(
                "after", _("Figure after inspection"), kind="integer", unit=_("households"),
                value=lambda row: row.found.discounted,
            ),
        ],
        filters=[Filter(
            "district", _("District"), kind="choice", paths=("jurisdiction",),
            choices=[(code, name_of(code, names)) for code in sorted({one.jurisdiction for one in entries})],
        )],
    )


def _finding(one: Any, dates: AsOf) -> dict[str, Any]:
    """A finding with its words and the addresses of its photos."""
    return {
        "finding": one, "answer": rulebook_label(group="inspection_answer", id=f"{one.matter}.{one.found}"),
        "reported": rulebook_label(group="milestone", id=one.reported),
        "href": reverse("household.view", args=[one.household]) + kept(dates),
        "photos": [reverse("truth.photo", args=[one.inspection, sha256]) for sha256 in one.photos],
        "wall_href": reverse("wall.view") + dates.query(findings="1", place=one.household.rpartition("-")[0]),
    }


@require_safe
@requires("inspection.plan")
def patrol(request: HttpRequest) -> HttpResponseBase:
    """Vacated houses that still stand, those most due a look first: what a patrol is drawn from."""
    dates = as_of(request)
    table = Table(
        name="patrol", title=_("Vacated houses due a look"), request=request, sort="-weight",
        rows=most_due(request.actor, on=dates.on, count=_DUE_SHOWN),  # type: ignore[attr-defined]
        columns=[
            Column("household", _("Household"), kind="code", width=28,
                   href=lambda row: reverse("household.view", args=[row.household]) + kept(dates)),
            Column("address", _("Address"), width=36),
            Column("vacated_on", _("Vacated on"), kind="date"),
            Column("last_seen_on", _("Last seen empty on"), kind="date"),
            Column("weight", _("Weight in the draw"), kind="decimal"),
        ],
        filters=[Filter("household", _("Code or address"), paths=("household", "address"))],
    )
    if table.wants_export:
        return table.export()
    return render(request, "truth/patrol.html", {"table": table.render_context(), "dates": dates})


@require_safe
@requires(_READ)
def photo(request: HttpRequest, code: str, sha256: str) -> HttpResponseBase:
    """A photo of a finding, as far as the inspection exists for the actor; 404 otherwise."""
    dates = as_of(request)
    found = evidence_of_inspection(request.actor, code, sha256, on=dates.today)  # type: ignore[attr-defined]
    if found is None or found.kind != "photo":
        raise Http404(code)
    return file_response(sha256, name=found.name, media_type=found.file.media_type)
