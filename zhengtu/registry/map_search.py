"""Search on the map: projects, sections, parcels and households in reach, with the place to fly to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Max, Min, Q

from zhengtu.core.authority.actor import Actor
from zhengtu.registry.map_areas import VERB
from zhengtu.registry.queries import buildings_for, households_for, parcels_for, projects_for, sections_for

SHOWN: Final = 6
"""Most finds of one kind."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Find:
    """Something found; ``box`` is west, south, east, north in degrees, or None without a shape."""

    kind: str
    code: str
    title: str
    title_en: str
    detail: str
    box: Box | None


def finds(actor: Actor, *, words: str) -> list[Find]:
    """What the words name, best known first: by code, name of project or section, address.

    Households only as far as the actor may see dossiers.
    """
    words = " ".join(words.split())
    if len(words) < 2:
        return []
    by_name = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code__istartswith=words)
    projects = projects_for(actor, verb=VERB).filter(by_name | Q(code__iendswith=words)).order_by("code")
    sections = sections_for(actor, verb=VERB).filter(by_name | Q(project__name__icontains=words)).order_by("code")
    found = [*_project_finds(projects[:SHOWN], actor), *_section_finds(sections[:SHOWN])]
    if words[:1].isdigit() and "-" in words:
        for kind, rows in (("parcel", parcels_for(actor, verb=VERB)), ("building", buildings_for(actor, verb=VERB))):
            found += [
                Find(kind, row.code, row.code, row.code, "", _box(row))
                for row in rows.filter(code__istartswith=words).defer("shape").order_by("code")[:SHOWN]
            ]
    found += _household_finds(actor, words)
    return found


def _project_finds(projects: Iterable[Any], actor: Actor) -> Iterable[Find]:
    for project in projects:
        box = sections_for(actor, verb=VERB).filter(project=project, west__isnull=False).aggregate(
            west=Min("west"), south=Min("south"), east=Max("east"), north=Max("north")
        )
        yield Find(
            "project", project.code, project.name, project.name_en, project.code,
            None if box["west"] is None else (box["west"], box["south"], box["east"], box["north"]),
        )


def _section_finds(sections: Any) -> Iterable[Find]:
    for section in sections.select_related("project").defer("shape", "project__shape"):
        yield Find(
            "section", section.code, f"{section.project.name} {section.name}",
            f"{section.project.name_en} {section.name_en}".strip(), section.code, _box(section),
        )


def _household_finds(actor: Actor, words: str) -> Iterable[Find]:
    rows = households_for(actor).filter(Q(code__istartswith=words) | Q(address__icontains=words))
    rows = rows.select_related("parcel", "building").defer("parcel__shape", "building__shape", "personal_sealed")
    for household in rows.order_by("code")[:SHOWN]:
        place = household.building or household.parcel
        yield Find(
            "household", household.code, household.address or household.code, household.address or household.code,
            household.code, _box(place) if place is not None else None,
        )


def _box(row: Any) -> Box | None:
    return None if row.west is None else (row.west, row.south, row.east, row.north)
