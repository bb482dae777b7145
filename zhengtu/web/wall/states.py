"""What the map is coloured by: states on a date, and the days on which states were reached."""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from zhengtu.registry.ledger_days import BASE, ledger_position
from zhengtu.registry.map_areas import MapArea, map_areas, tile_versions
from zhengtu.registry.map_states import LEVELS, RANKS, area_days, states_on
from zhengtu.registry.models import TileSet
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.wall.packing import MEDIA_TYPE, Array, packed

Reached = list[tuple[MapArea, TileSet | None]]


def _reached(request: HttpRequest) -> Reached:
    areas = map_areas(request.actor)  # type: ignore[attr-defined]
    tiles = tile_versions(areas)
    return [(area, tiles.get(area.jurisdiction)) for area in areas]


def _etag(request: HttpRequest, reached: Reached, dates: AsOf) -> str:
    """Changes with every deed, with new tiles, and with what the actor reaches."""
    parts = [request.get_full_path(), ledger_position(), str(dates.on), str(dates.known)]
    parts += [f"{area.key}:{tiles.version if tiles else ''}" for area, tiles in reached]
    return f'"{sha256("|".join(parts).encode()).hexdigest()[:32]}"'


def _answer(request: HttpRequest, content: bytes, etag: str) -> HttpResponse:
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie"
    return response


@require_safe
@requires("wall.view")
def states(request: HttpRequest) -> HttpResponseBase:
    """``?on=&known=&level=parcel,section``: one byte per place, by map number or by index in the wall's index.

    Each byte is the rank of the state in ``RANKS`` with 0x80 set where a household is overdue. Beside
    parcels, buildings and households stands ``<level>_section``: the index plus one of each one's section; beside
    parcels and buildings ``<level>_ordinal``: the number their code ends with (plus a million for six digits).
    """
    dates, reached = as_of(request), _reached(request)
    etag = _etag(request, reached, dates)
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    asked = [level for level in request.GET.get("level", "section,parcel").split(",") if level in LEVELS]
    areas = []
    for area, tiles in reached:
        days = area_days(area, known=dates.known, tiles=tiles, on=dates.on)
        arrays: dict[str, Array] = {}
        for level in asked:
            arrays[level] = states_on(days, level=level, on=dates.on)
            if level == "household":
                arrays["household_section~"] = (days.households.section + 1).astype("uint16")
            elif level != "section":
                places = days.parcels if level == "parcel" else days.buildings
                arrays |= {f"{level}_section~": places.section, f"{level}_ordinal~": places.ordinal}
        areas.append((area.key, arrays))
    head = {
        "on": dates.on.isoformat(), "known": dates.known.isoformat() if dates.known else None, "ranks": RANKS,
    }
    return _answer(request, packed(head, areas), etag)


@require_safe
@requires("wall.view")
def days(request: HttpRequest) -> HttpResponseBase:
    """``?known=``: for every household the days of reaching each state, so that the browser can play the campaign.

    ``reached`` holds seven planes, one per state: the days from ``base`` of reaching it or a later one
    (65535: not yet), each after the first as difference to the plane before. ``fallen`` are the indexes of households
    whose house was lived in again, by that day (``fallen_on``), and ``fallen_reached`` the planes that are theirs from
    then on.
    """
    dates, reached = as_of(request), _reached(request)
    etag = _etag(request, reached, dates)
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    areas = []
    for area, tiles in reached:
        found = area_days(area, known=dates.known, tiles=tiles)
        held = found.households
        planes = held.reached.T.copy()
        planes[1:] -= held.reached.T[:-1]
        arrays: dict[str, Array] = {
            "reached": planes.ravel(),
            "section~": held.section.astype("uint16"), "parcel~": held.parcel, "building~": held.building,
            "overdue_from~": held.overdue_from, "overdue_until~": held.overdue_until, "handed_over": held.handed_over,
            "fallen": held.fallen, "fallen_on": held.fallen_on, "fallen_reached": held.fallen_reached.T.ravel(),
        }
        areas.append((area.key, arrays))
    head = {"base": BASE.isoformat(), "known": dates.known.isoformat() if dates.known else None}
    return _answer(request, packed(head, areas), etag)
