"""The wall itself: the page, and the index of what its map names."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from zhengtu.campaign.plan_queries import sees_plans
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import city_of
from zhengtu.registry.map_areas import map_areas, tile_versions
from zhengtu.registry.map_index import (
    campaign_in_reach,
    map_deadlines,
    map_jurisdictions,
    map_lists,
    map_projects,
    map_sections,
)
from zhengtu.registry.map_states import HANDED_OVER, RANKS
from zhengtu.registry.outlines_reading import NAMES, outlines
from zhengtu.registry.tiles import request_tiles
from zhengtu.web.shared.access import opens, requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.beside_cleared import Beside, districts
from zhengtu.web.shared.palette import GROUND, LATE_COLOUR, LIGHT_COLOURS, STATE_COLOURS
from zhengtu.web.shared.reason_text import rulebook_label
from zhengtu.web.shared.templatetags.figures import PLAN_LIGHTS
from zhengtu.web.wall.filters import WallFilter


def rank_labels() -> list[str]:
    """What each rank on the map is called, in the current language."""
    return [
        gettext("No household registered") if rank == "unregistered"
        else rulebook_label(group="milestone", id=rank) if rank == HANDED_OVER
        else rulebook_label(group="state", id=rank)
        for rank in RANKS
    ]


def is_english() -> bool:
    """Whether names are shown in English."""
    return (get_language() or "").startswith("en")


def href_of(name: str, *arguments: str) -> str:
    """The address of a page, or nothing where this installation has no such page."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


@require_safe
@requires("wall.view")
def view(request: HttpRequest) -> HttpResponse:
    """The map over the whole window; everything it shows is in the address."""
    actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    campaign = campaign_in_reach(actor)
    settings = {
        "on": dates.on.isoformat(), "known": dates.known.isoformat() if dates.known else "",
        "today": dates.today.isoformat(), "english": is_english(),
        "campaign": {"start": campaign.start_on.isoformat(), "end": campaign.end_on.isoformat()} if campaign else None,
        "ranks": [
            {"id": rank, "label": label, "colour": STATE_COLOURS[rank], "css": rank.replace("_", "-")}
            for rank, label in zip(RANKS, rank_labels(), strict=True)
        ],
        "late": LATE_COLOUR, "ground": GROUND, "urls": _urls(actor), "texts": _texts(),
        "lights": [
            {"id": name, "label": str(PLAN_LIGHTS[name]), "colour": colour} for name, colour in LIGHT_COLOURS.items()
        ] if sees_plans(actor) else [],
    }
    return render(request, "wall/wall.html", {
        "settings": settings, "dates": dates, "campaign": campaign, "lists": map_lists(actor),
        "jurisdictions": map_jurisdictions(actor), "projects": map_projects(actor),
        "filter": WallFilter.of_query(request.GET), "ranks": settings["ranks"], "english": is_english(),
        "cleared": _cleared(actor, dates), "shows_findings": request.GET.get("findings") == "1",
        "lights": settings["lights"], "is_by_light": request.GET.get("colour") == "light",
    })


def _cleared(actor: Actor, dates: AsOf) -> list[tuple[str, Beside]]:
    """Each district's cleared figure with what is known of its truth."""
    names = {code: name_en if is_english() else name for code, name, name_en in map_jurisdictions(actor)}
    found = districts(actor, dates, verb="wall.view")
    return [(names.get(code, code), one) for code, one in found.items()]


def _urls(actor: Actor) -> dict[str, str]:
    return {
        **({"findings": reverse("wall.findings")} if opens(actor, "inspection.read") else {}),
        "index": reverse("wall.index"), "states": reverse("wall.states"), "days": reverse("wall.days"),
        "search": reverse("wall.search"), "card": reverse("wall.card", args=["CODE"]), "print": reverse("wall.print"),
        "lights": reverse("wall.lights"),
        "districts": reverse("wall.outlines", args=["districts"]), "rivers": reverse("wall.outlines", args=["rivers"]),
    }


def _texts() -> dict[str, str]:
    """Texts that the page's script shows."""
    return {
        "play": gettext("Play"), "pause": gettext("Pause"), "loading": gettext("Loading…"),
        "failed": gettext("The map could not be loaded. Check the connection and load the page again."),
        "no_webgl": gettext("This browser cannot draw the map (WebGL is off). The lists show the same data."),
        "no_tiles": gettext("The map of %s is being prepared; load the page again in a minute."),
        "nothing_found": gettext("Nothing found."), "no_place": gettext("This has no place on the map."),
        "computing": gettext("Plans of this day are being computed: %s of %s."),
        "overdue": gettext("new home overdue"), "households": gettext("households"),
        "project": gettext("Project"), "section": gettext("Section"), "parcel": gettext("Parcel"),
        "building": gettext("Building"), "household": gettext("Household"),
        "photo": gettext("Photo of the finding"), "finding": gettext("Finding of inspection"),
        "unreleased": gettext("not fed back yet"),
        "today": gettext("today"), "day_zero": gettext("on this day"), "all_states": gettext("all"),
    }


@require_safe
@requires("wall.view")
def index(request: HttpRequest) -> HttpResponse:
    """Areas with their tiles, and the sections, projects, lists and deadlines in reach."""
    actor = request.actor  # type: ignore[attr-defined]
    areas = map_areas(actor)
    tiles = tile_versions(areas)
    for area in areas:
        if area.jurisdiction not in tiles:
            request_tiles(area.jurisdiction)
    sections, projects = map_sections(actor), map_projects(actor)
    english = is_english()
    names = {project.code: project.name_en if english else project.name for project in projects}
    names |= {section.code: names[section.project] for section in sections if section.project in names}
    content: dict[str, Any] = {
        "areas": [
            {
                "key": area.key, "jurisdiction": area.jurisdiction,
                "tiles": reverse("wall.tiles", args=[area.key, tiles[area.jurisdiction].version])
                if area.jurisdiction in tiles else None,
                "sections": [section.code for section in sections if section.jurisdiction == area.jurisdiction],
            }
            for area in areas
        ],
        "jurisdictions": {code: name_en if english else name for code, name, name_en in map_jurisdictions(actor)},
        "sections": [
            {
                "code": section.code, "number": section.number, "project": section.project,
                "name": section.name_en if english and section.name_en else section.name,
                "jurisdiction": section.jurisdiction, "at": section.at, "box": section.box,
            }
            for section in sections
        ],
        "projects": [
            {
                "code": project.code, "name": names[project.code],
                "lists": [held.code for held in project.start_lists.all()],
            }
            for project in projects
        ],
        "deadlines": [
            {
                "on": deadline.due_on.isoformat(), "name": deadline.name_en if english else deadline.name,
                "of": names.get(deadline.of, ""),
            }
            for deadline in map_deadlines(actor)
        ],
    }
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
@requires("wall.view")
def ground(request: HttpRequest, name: str) -> HttpResponse:
    """Outlines of the districts or rivers of the city that the actor's areas lie in."""
    if name not in NAMES:
        raise Http404(name)
    cities = {city_of(area.jurisdiction) for area in map_areas(request.actor)}  # type: ignore[attr-defined]
    features = [feature for city in sorted(cities) for feature in outlines(city=city, name=name)["features"]]
    response = JsonResponse(
        {"type": "FeatureCollection", "features": features}, json_dumps_params={"ensure_ascii": False}
    )
    response["Cache-Control"] = "private, max-age=3600"
    return response
