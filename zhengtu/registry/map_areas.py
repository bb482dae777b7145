"""Map areas: which ground an actor's map may show, cut so that nothing outside it ever leaves the server.

An area is a jurisdiction, or the part of one that an actor reaches. Each area has vector tiles of its
own, so a client enterprise downloads its own projects' shapes and no others.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256

from zhengtu.core.authority.actor import Actor
from zhengtu.registry.models import Section, TileSet
from zhengtu.registry.queries import scope_of, sections_for

VERB = "wall.view"


@dataclass(frozen=True, slots=True)
class MapArea:
    """A part of the map with tiles of its own.

    Attributes:
        key: the division code for a whole jurisdiction; for a part of it, the code, a dash and a
            digest of the sections in it.
        jurisdiction: the division code.
        sections: codes of the sections in the area, sorted; None for the whole jurisdiction.
    """

    key: str
    jurisdiction: str
    sections: tuple[str, ...] | None = None


def whole_area(jurisdiction: str) -> MapArea:
    """The area of a whole jurisdiction."""
    return MapArea(key=jurisdiction, jurisdiction=jurisdiction)


def part_area(*, jurisdiction: str, sections: list[str]) -> MapArea:
    """The area of some sections of a jurisdiction."""
    codes = tuple(sorted(sections))
    digest = sha256("\n".join(codes).encode()).hexdigest()[:16]
    return MapArea(key=f"{jurisdiction}-{digest}", jurisdiction=jurisdiction, sections=codes)


def map_areas(actor: Actor, *, verb: str = VERB) -> list[MapArea]:
    """The areas that the actor reaches, in the order of their division codes."""
    scope = scope_of(actor, verb=verb)
    reached: dict[str, list[str]] = defaultdict(list)
    for jurisdiction, code in sections_for(actor, verb=verb).order_by("code").values_list("jurisdiction_id", "code"):
        reached[jurisdiction].append(code)
    return [
        whole_area(jurisdiction)
        if any(jurisdiction.startswith(prefix) for prefix in scope.prefixes)
        else part_area(jurisdiction=jurisdiction, sections=sections)
        for jurisdiction, sections in sorted(reached.items())
    ]


def map_area(actor: Actor, *, key: str, verb: str = VERB) -> MapArea | None:
    """The area of that key, or None when the actor does not reach exactly it."""
    scope = scope_of(actor, verb=verb)
    if key.isdigit() and any(key.startswith(prefix) for prefix in scope.prefixes):
        # The common case, asked once for every range of bytes: no list of sections is needed.
        return whole_area(key) if Section.objects.filter(jurisdiction=key).exists() else None
    return next((area for area in map_areas(actor, verb=verb) if area.key == key), None)


def tile_versions(areas: list[MapArea]) -> dict[str, TileSet]:
    """Division code -> the published tiles of that jurisdiction, where there are any."""
    return {
        tiles.jurisdiction_id: tiles
        for tiles in TileSet.objects.filter(jurisdiction__in={area.jurisdiction for area in areas})
    }


def section_number(code: str) -> int:
    """The number of a section on the map of its jurisdiction: its project's number and its own.

    >>> section_number("220204-P0001-S01")
    1001
    """
    _, project, section = code.split("-")[:3]
    return int(project[1:]) * 1000 + int(section[1:])


def jurisdictions_with_sections() -> list[str]:
    """Division codes of all jurisdictions that have a section."""
    return sorted(set(Section.objects.order_by().values_list("jurisdiction_id", flat=True)))
