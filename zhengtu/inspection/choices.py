"""What a form about inspections offers: inspectors, where they recuse themselves, and places of the city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhengtu.accounts.models import Posting, Unit
from zhengtu.accounts.queries import people_called, unit_names
from zhengtu.core.authority.actor import Actor
from zhengtu.inspection.inspectors import inspectors_of
from zhengtu.inspection.models import Recusal
from zhengtu.inspection.reach import sees_unreleased
from zhengtu.registry.models import Section

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class InspectorRow:
    """Somebody who may be drawn, and where they are not.

    Attributes:
        posts: jurisdictions where they hold or held a post. declared: (jurisdiction, reason) of what was declared.
    """

    person: str
    name: str
    posts: Sequence[str]
    declared: Sequence[Pair]


@dataclass(frozen=True, slots=True)
class ProjectPlaces:
    """A project with its sections, each (code, name, English name)."""

    code: str
    name: Pair
    sections: Sequence[tuple[str, Pair]]


def inspector_rows(actor: Actor, city: str, *, on: date) -> list[InspectorRow]:
    """Everybody who may be drawn in a city, for whoever sees unreleased inspections there; nobody for others."""
    if not sees_unreleased(actor, city):
        return []
    pool = inspectors_of(city, on=on)
    names = people_called(one.person for one in pool)
    declared: dict[str, list[Pair]] = {}
    for row in Recusal.objects.filter(inspector__in=names).order_by("jurisdiction"):
        declared.setdefault(row.inspector_id, []).append((row.jurisdiction, row.reason))
    posts: dict[str, set[str]] = {}
    for person, unit in Posting.objects.filter(person__in=names).values_list("person", "unit"):
        if not unit.startswith(city):
            posts.setdefault(person, set()).add(unit[:6])
    return [
        InspectorRow(one.person, names[one.person], sorted(posts.get(one.person, ())), declared.get(one.person, []))
        for one in pool
    ]


def jurisdictions_of(city: str) -> list[tuple[str, Pair]]:
    """Jurisdictions of a city that have sections: (code, names)."""
    codes = Section.objects.filter(code__startswith=city[:4]).values("jurisdiction").distinct()
    found = sorted(Unit.objects.filter(code__in=codes).exclude(code=city).values_list("code", flat=True))
    names = unit_names(found)
    return [(code, names.get(code, (code, code))) for code in found]


def project_places(city: str) -> list[ProjectPlaces]:
    """Projects of a city with their sections, by code; names of public works are no secret."""
    found: dict[str, ProjectPlaces] = {}
    rows = Section.objects.filter(code__startswith=city[:4]).select_related("project").only(
        "code", "name", "name_en", "project__code", "project__name", "project__name_en"
    )
    held: dict[str, list[tuple[str, Pair]]] = {}
    for row in rows.order_by("project", "code"):
        sections = held.setdefault(row.project_id, [])
        sections.append((row.code, (row.name, row.name_en)))
        names = (row.project.name, row.project.name_en)
        found.setdefault(row.project_id, ProjectPlaces(row.project_id, names, sections))
    return list(found.values())


def place_names(codes: Sequence[str]) -> dict[str, Pair]:
    """Code -> names of sections among them."""
    rows = Section.objects.filter(code__in=codes).values_list("code", "name", "name_en")
    return {code: (name, name_en) for code, name, name_en in rows}
