"""Corridors: all of them with what cuts them, one as a strip with its ranked table, and the networks they form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.campaign.corridors import CorridorPage, OutstandingSection, corridor_overview, corridor_page
from zhengtu.core.spatial.corridors import Opening
from zhengtu.core.spatial.networks import Network
from zhengtu.registry.corridor_queries import VERB
from zhengtu.registry.models import ProjectKind
from zhengtu.web.office.cockpit.sentences import kept, name_of, short_name_of, state_label
from zhengtu.web.office.records.filters import district_filter, project_filter
from zhengtu.web.office.schedule.parts import names_for
from zhengtu.web.office.teams.strip import households_text, kilometres, section_name, strip_of
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.figure_text import grouped
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column

NETWORK_NAMES = {"railway": _("Railway network"), "road": _("Road network")}


@require_safe
@requires("schedule.view")
def listing(request: HttpRequest) -> HttpResponseBase:
    """All corridors in reach, longest first, and every section that cuts one."""
    dates = as_of(request)
    actor = request.actor  # type: ignore[attr-defined]
    found = corridor_overview(actor, on=dates.on, known=dates.known)
    names = names_for(request.actor)  # type: ignore[attr-defined]
    table = Table(
        name="corridors", title=_("What to hand over first"), request=request, rows=found.outstanding,
        columns=_section_columns(dates, names),
        filters=[
            project_filter(actor, verb=VERB, apply=lambda rows, code: [row for row in rows if row.project == code]),
            district_filter(
                actor, verb=VERB,
                apply=lambda rows, code: [row for row in rows if row.standing.jurisdiction == code],
            ),
        ],
        empty_text=_("No outstanding section cuts a corridor."), per_page=20,
        source=_("Register of sections, milestones of the ledger, axes of the registered land"),
    )
    if table.wants_export:
        return table.export()
    strips = [
        {
            "one": one, "href": reverse("corridor.view", args=[one.project.code]) + kept(dates),
            "kind": ProjectKind(one.project.kind).label,
            "strip": strip_of(one, found.standings, dates) if one.corridor.is_strip else None,
            "length": kilometres(one.corridor.length_m), "free": kilometres(one.corridor.free_m),
            "longest": kilometres(one.corridor.longest_m), "gaps": len(one.corridor.gaps),
        }
        for one in sorted(found.corridors, key=lambda one: -one.corridor.length_m)
    ]
    return render(request, "teams/corridors.html", {
        "table": table.render_context(), "dates": dates, "strips": strips, "tab": "corridors",
        "networks": [_network(kind, network, names, dates) for kind, network in found.networks],
    })


@require_safe
@requires("schedule.view")
def view(request: HttpRequest, code: str) -> HttpResponseBase:
    """One corridor in reach."""
    dates = as_of(request)
    page = corridor_page(request.actor, code, on=dates.on, known=dates.known)  # type: ignore[attr-defined]
    if page is None:
        raise Http404(code)
    names = names_for(request.actor)  # type: ignore[attr-defined]
    sections = Table(
        name="corridor-sections", title=_("Outstanding sections"), request=request, rows=page.outstanding,
        columns=_section_columns(dates, names, with_project=False), per_page=200,
        empty_text=_("Every section of the corridor is handed over."),
    )
    if sections.wants_export:
        return sections.export()
    corridor = page.whole.corridor
    return render(request, "teams/corridor.html", {
        "dates": dates, "tab": "corridors", "project": page.whole.project, "page": page, "corridor": corridor,
        "kind": ProjectKind(page.whole.project.kind).label,
        "strip": strip_of(page.whole, page.standings, dates) if corridor.is_strip else None,
        "length": kilometres(corridor.length_m), "free": kilometres(corridor.free_m),
        "longest": kilometres(corridor.longest_m),
        "without_shape": [section_name(page.standings[one]) for one in corridor.without_shape],
        "table": sections.render_context(),
        "parcels": _parcels(page), "parcel_free": kilometres(page.by_parcels.free_m),
        "parcel_longest": kilometres(page.by_parcels.longest_m),
        "networks": [_network(kind, network, names, dates) for kind, network in page.networks],
    })


PARCELS_SHOWN = 60


def _parcels(page: CorridorPage) -> dict[str, Any]:
    """The parcels that open most alone, and how many more there are."""
    openings = [one for one in page.by_parcels.openings if one.opens_m >= 1]
    return {
        "count": len(page.by_parcels.openings), "opening": len(openings), "shown": [
            {
                "code": one.codes[0], "name": page.parcel_names.get(one.codes[0], ""), "opening": one,
                "from_km": kilometres(one.from_m, digits=3), "to_km": kilometres(one.to_m, digits=3),
                "households": households_text(one.households_left),
            }
            for one in openings[:PARCELS_SHOWN]
        ],
    }


def _section_columns(
    dates: AsOf, names: Mapping[str, tuple[str, str]], *, with_project: bool = True
) -> list[Column]:
    def opening(row: OutstandingSection) -> Opening:
        return row.opening

    return [
        Column(
            "name", _("Section"), width=28, value=lambda row: section_name(row.standing),
            href=lambda row: reverse("section.view", args=[row.standing.code]) + kept(dates),
        ),
        Column("code", _("Code"), kind="code", width=22, value=lambda row: row.standing.code, is_shown=False),
        Column(
            "project", _("Project"), width=28, is_shown=with_project, value=lambda row: name_of(row.project, names),
            href=lambda row: reverse("corridor.view", args=[row.project]) + kept(dates),
        ),
        Column("jurisdiction", _("District"), value=lambda row: short_name_of(row.standing.jurisdiction, names)),
        Column("from_km", _("Begins at"), kind="decimal", unit="km", value=lambda row: _km(opening(row).from_m)),
        Column("to_km", _("Ends at"), kind="decimal", unit="km", value=lambda row: _km(opening(row).to_m)),
        Column("state", _("State"), value=lambda row: state_label(row.standing.state)),
        Column(
            "households_left", _("Not vacated"), kind="integer", unit=_("households"),
            value=lambda row: opening(row).households_left or None,
            href=lambda row: reverse("household.list") + dates.query(section=row.standing.code),
        ),
        Column("opens_m", _("Opens"), kind="integer", unit="m", value=lambda row: round(opening(row).opens_m)),
        Column(
            "joins_km", _("Continuous then"), kind="decimal", unit="km",
            value=lambda row: _km(opening(row).joins_m),
        ),
        Column(
            "per_household", _("Opened per household"), kind="integer", unit="m",
            value=lambda row: round(opening(row).opens_m_per_household),
        ),
    ]


def _km(metres: float) -> object:
    return round(metres / 1000, 2)


def _network(
    kind: str, network: Network, names: Mapping[str, tuple[str, str]], dates: AsOf
) -> dict[str, Any]:
    """A network in words: how much hangs together, and each gap with what closing it brings."""
    return {
        "name": NETWORK_NAMES[kind], "network": network,
        "corridors": [
            (name_of(code, names), reverse("corridor.view", args=[code]) + kept(dates)) for code in network.corridors
        ],
        "length": kilometres(network.length_m), "free": kilometres(network.free_m),
        "largest": kilometres(network.parts_m[0]) if network.parts_m else kilometres(0.0),
        "parts": len(network.parts_m),
        "gaps": [
            {
                "corridor": name_of(gap.corridor, names), "span": _span(gap.gap),
                "households": households_text(gap.gap.households_left), "opens": grouped(gap.opens_m, digits=0),
                "joins": kilometres(gap.joins_m), "closes_ring": gap.closes_ring,
                "sections": _sections(gap.gap.codes, names),
            }
            for gap in network.gaps
        ],
    }


def _span(gap: Opening) -> str:
    return f"{kilometres(gap.from_m)}–{kilometres(gap.to_m)}"


def _sections(codes: Sequence[str], names: Mapping[str, tuple[str, str]]) -> str:
    """Names of the sections of a gap, its first and its last; the number of one out of reach."""
    short = [name_of(code, names) if code in names else code.split("-")[-1] for code in codes]
    return short[0] if len(short) == 1 else gettext("%(first)s to %(last)s") % {"first": short[0], "last": short[-1]}
