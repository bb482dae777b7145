"""Service of notices at a place: what must be served on whom, what is served or runs, who is left; with a map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.casework.service_lists import (
    ServicePlace,
    ServiceRow,
    parcels_at,
    sections_at,
    service_place_for,
    service_rows,
    worst_by_parcel,
)
from zhengtu.core.procedure.serving import ServiceState
from zhengtu.registry.owners import JOINT
from zhengtu.web.office.cockpit.sentences import is_english, kept
from zhengtu.web.office.service.map_drawing import PARCELS_LIMIT, service_map
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.reason_text import rulebook_label, spoken_reason
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

STATE_LABELS: Final[Mapping[ServiceState, Promise]] = {
    ServiceState.UNSERVED: _("not yet lawfully served"),
    ServiceState.UNVERIFIED: _("served by imported history, not verified"),
    ServiceState.ANNOUNCED: _("announced, still running"),
    ServiceState.SERVED: _("lawfully served"),
}
STATE_LIGHTS: Final[Mapping[ServiceState, str]] = {
    ServiceState.UNSERVED: "yellow", ServiceState.UNVERIFIED: "idle", ServiceState.ANNOUNCED: "running",
    ServiceState.SERVED: "green",
}


@requires("household.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponseBase:
    """The services due at a section or a part of a project, as a list, a workbook and a map."""
    actor = request.actor  # type: ignore[attr-defined]
    place = service_place_for(actor, code)
    if place is None:
        raise Http404
    dates = as_of(request)
    rows = service_rows(actor, place.code, today=dates.on, known=dates.known)
    table = Table(
        name="services", title=_("Service of notices"), request=request, rows=rows, columns=_columns(dates),
        filters=_filters(rows), row_href=lambda row: reverse("household.view", args=[row.code]) + kept(dates),
        empty_text=_("Nothing has to be served here yet."),
    )
    if table.wants_export:
        return table.export()
    shown: Sequence[ServiceRow] = list(table.rows)
    drawing = service_map(
        parcels=parcels_at(place.code, limit=PARCELS_LIMIT + 1), sections=sections_at(place.code),
        states=worst_by_parcel(shown),
    )
    context: dict[str, Any] = {
        "place": place, "dates": dates, "table": table.render_context(), "drawing": drawing,
        "cards": _cards(request, rows), "labels": {str(state): label for state, label in STATE_LABELS.items()},
        "sections": _section_links(place, dates),
    }
    return render(request, "service/place.html", context)


def _cards(request: HttpRequest, rows: Sequence[ServiceRow]) -> list[dict[str, Any]]:
    counts = Counter(row.due.state for row in rows)
    return [
        {"label": label, "count": counts[state], "state": str(state), "css": str(state)}
        for state, label in STATE_LABELS.items()
    ]


def _section_links(place: ServicePlace, dates: AsOf) -> list[tuple[str, str]]:
    if place.section is not None:
        return []
    return [
        (section.name_en if is_english() and section.name_en else section.name,
         reverse("service.view", args=[section.code]) + kept(dates))
        for section in sections_at(place.code)
    ]


def _filters(rows: Sequence[ServiceRow]) -> list[Filter]:
    steps = list(dict.fromkeys(row.due.step.id for row in rows))
    return [
        Filter(
            "state", _("Service"), kind="choice", choices=[(str(state), text) for state, text in STATE_LABELS.items()],
            apply=lambda rows, state: [row for row in rows if row.due.state == state],
        ),
        Filter(
            "document", _("Document"), kind="choice",
            choices=[(step, rulebook_label(group="step", id=step)) for step in steps],
            apply=lambda rows, step: [row for row in rows if row.due.step.id == step],
        ),
        Filter("place", _("Code or address"), paths=("household__code", "household__address")),
        Filter("served", _("Served on"), kind="dates", paths=("due__served_on",)),
    ]


def _columns(dates: AsOf) -> list[Column]:
    def owner(row: ServiceRow) -> str:
        share = f" · {row.owner.share}" if row.owner.share != JOINT else ""
        return f"{row.owner.ordinal} {row.owner.name_masked}{share}"

    def state(row: ServiceRow) -> tuple[str, str]:
        why = " ".join(spoken_reason(reason).message for reason in row.due.reasons)
        return STATE_LIGHTS[row.due.state], why or str(STATE_LABELS[row.due.state])

    def method(row: ServiceRow) -> str:
        fact = row.due.fact
        given = str(fact.attributes.get("method", "")) if fact else ""
        kind = row.due.step.recorded_by
        return rulebook_label(group="choice", id=f"{kind}.method.{given}") if given else ""

    return [
        Column("code", _("Household"), kind="code", width=26),
        Column("owner", _("Owner"), value=owner),
        Column("address", _("Address"), value=lambda row: row.household.address, width=30),
        Column("document", _("Document"), value=lambda row: rulebook_label(group="step", id=row.due.step.id), width=24),
        Column("state", _("Service"), kind="light", value=state, width=28),
        Column("method", _("Method"), value=method),
        Column("done_on", _("Handed over, posted or announced on"), kind="date",
               value=lambda row: row.due.fact.happened_on if row.due.fact else None),
        Column("served_on", _("Counts as served on"), kind="date", value=lambda row: row.due.served_on),
        Column("deed", _("Proof"), kind="code", value=lambda row: row.deed,
               href=lambda row: reverse("deed.view", args=[row.deed]) if row.deed else ""),
    ]
