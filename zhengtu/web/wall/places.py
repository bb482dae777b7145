"""One place of the map: its card, and search by words."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhengtu.campaign.corridors import has_corridor
from zhengtu.campaign.plan_queries import section_plan_row
from zhengtu.campaign.queries import unit_names_in_both
from zhengtu.core.ledger.milestones import State
from zhengtu.directives.page_queries import directives_about
from zhengtu.registry.map_card import PlaceCard, place_card
from zhengtu.registry.map_search import finds
from zhengtu.registry.models import Section
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.beside_cleared import Beside, beside, counts_below
from zhengtu.web.shared.blocker_text import blocker_line
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.palette import STATE_COLOURS
from zhengtu.web.shared.reason_text import rulebook_label, spoken_reason
from zhengtu.web.wall.page import href_of, is_english

_DIRECTIVES_SHOWN = 4


@require_safe
@requires("wall.view")
def card(request: HttpRequest, code: str) -> HttpResponse:
    """The card of a section, parcel or building as a fragment of a page; 404 out of scope."""
    dates = as_of(request)
    place = place_card(request.actor, code=code, on=dates.on, known=dates.known)  # type: ignore[attr-defined]
    if place is None:
        raise Http404(code)
    kept = dates.query()
    kept = "" if kept == "?" else kept
    project = place.section.project_id
    is_corridor = has_corridor(request.actor, project)  # type: ignore[attr-defined]
    return render(request, "wall/card.html", {
        "place": place, "dates": dates,
        "section_href": _kept(href_of("section.view", place.section.code), kept),
        "project_href": _kept(href_of("project.view", project), kept),
        "corridor_href": _kept(href_of("corridor.view", project), kept) if is_corridor else "",
        "counts": [
            (rulebook_label(group="state", id=state), STATE_COLOURS[state], place.state_counts[state])
            for state in State if place.state_counts[state]
        ],
        "households": [
            (line, _kept(href_of("household.view", line.code), kept), STATE_COLOURS[line.state or "unregistered"])
            for line in place.households
        ],
        "beside": _beside(place, dates),
        **_light(request, place.section.code, dates), **_directives(request, place.section, dates),
    })


def _beside(place: PlaceCard, dates: AsOf) -> Beside:
    """What is known of the truth of the place's cleared figure; households of a section can be listed."""
    if place.kind == "section":
        return beside(counts_below([place.code], dates), dates, section=place.code)
    return beside(counts_below(place.codes, dates), dates, is_listed=False)


def _light(request: HttpRequest, section: str, dates: AsOf) -> dict[str, Any]:
    """The light of the place's section with its sentence and blocker, where the actor sees its plan."""
    plan = section_plan_row(
        request.actor, section, on=dates.on, known=dates.known,  # type: ignore[attr-defined]
    )
    light = plan.section_lights.get(section) if plan else None
    if plan is None or light is None:
        return {}
    names = {**unit_names_in_both(), **plan.section_names}
    return {
        "light": str(light.colour), "sentence": spoken_reason(light.reason).message,
        "blocker": blocker_line(light.blocker, names=names, on=dates.on) if light.blocker else None,
        "plan_href": href_of("schedule.of", plan.code),
    }


def _directives(request: HttpRequest, section: Section, dates: AsOf) -> dict[str, Any]:
    """The open directives about the place's section or its project that the actor may see, the most urgent first."""
    found = directives_about(request.actor, section.code, on=dates.on, known=dates.known)  # type: ignore[attr-defined]
    rows = [row for row in found if row.is_open]
    kept = dates.query()
    names = unit_names_in_both()
    return {
        "directives": [
            {
                "row": row, "why": spoken_reason(row.light_reason).message,
                "lead": in_language(names.get(row.lead, (row.lead, row.lead))),
                "href": _kept(href_of("directive.view", row.code), "" if kept == "?" else kept),
            }
            for row in rows[:_DIRECTIVES_SHOWN]
        ],
        "directives_count": len(rows),
        "directives_href": _kept(href_of("directive.list"), dates.query(project=section.project_id)),
    }


def _kept(href: str, query: str) -> str:
    return f"{href}{query}" if href else ""


@require_safe
@requires("wall.view")
def search(request: HttpRequest) -> HttpResponse:
    """``?q=``: what the words name, as JSON."""
    found = finds(request.actor, words=request.GET.get("q", ""))  # type: ignore[attr-defined]
    english = is_english()
    response = JsonResponse({
        "finds": [
            {
                "kind": find.kind, "code": find.code,
                "title": find.title_en if english and find.title_en else find.title,
                "detail": find.detail if find.detail != find.title else "", "box": find.box,
            }
            for find in found
        ]
    }, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "private, no-store"
    return response
