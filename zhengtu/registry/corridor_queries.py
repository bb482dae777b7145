"""Corridors of railways, expressways and roads on a day: from registered shapes and recorded milestones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import shapely
from django.db.models import Count, QuerySet

from zhengtu.core.authority.actor import Actor
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.core.spatial.corridors import Corridor, LandPiece, corridor_of
from zhengtu.core.spatial.networks import Network, networks_of
from zhengtu.ledger.milestone_queries import milestones_of, not_reached, reached, subjects_where
from zhengtu.registry.models import Household, Parcel, Project, ProjectKind, Section
from zhengtu.registry.queries import parcels_for, projects_for, sections_for

VERB: Final = "schedule.view"
CORRIDOR_KINDS: Final = (ProjectKind.RAILWAY, ProjectKind.EXPRESSWAY, ProjectKind.URBAN_ROAD)
NETWORKS: Final = {"railway": (ProjectKind.RAILWAY,), "road": (ProjectKind.EXPRESSWAY, ProjectKind.URBAN_ROAD)}
"""Kinds of corridor that hang together where they meet; a railway and a road pass over each other."""


@dataclass(frozen=True, slots=True)
class ProjectCorridor:
    """A project's corridor as far as it was asked for.

    Attributes:
        sections: code -> section, in their order along the corridor; without their shapes.
        pieces: the same sections with their land.
        is_whole: whether all of the project's sections are on it.
    """

    project: Project
    sections: Mapping[str, Section]
    pieces: Sequence[LandPiece]
    corridor: Corridor
    is_whole: bool


@dataclass(frozen=True, slots=True)
class CorridorDetail:
    """One corridor by sections and, within outstanding sections, by parcels.

    Attributes:
        by_parcels: the corridor cut only where households have not vacated their parcels.
        parcel_names: code -> name, of the outstanding parcels.
    """

    whole: ProjectCorridor
    by_parcels: Corridor
    parcel_names: Mapping[str, str]


def corridors_for(actor: Actor, *, on: date, known: date | None = None) -> list[ProjectCorridor]:
    """The corridors in reach, by code; of each the sections in reach."""
    projects = projects_for(actor, verb=VERB).filter(kind__in=CORRIDOR_KINDS).defer("shape").order_by("code")
    return _corridors(list(projects), sections_for(actor, verb=VERB), on=on, known=known)


def corridor_for(actor: Actor, project: str, *, on: date, known: date | None = None) -> CorridorDetail | None:
    """One corridor in reach; None where there is none."""
    found = projects_for(actor, verb=VERB).filter(kind__in=CORRIDOR_KINDS, code=project).defer("shape")
    corridors = _corridors(list(found), sections_for(actor, verb=VERB), on=on, known=known)
    if not corridors:
        return None
    (whole,) = corridors
    outstanding = [piece.code for piece in whole.pieces if not piece.is_free]
    parcels, names = _parcels(parcels_for(actor, verb=VERB).filter(section__in=outstanding), on=on, known=known)
    return CorridorDetail(
        whole=whole, by_parcels=corridor_of(whole.pieces, parcels=parcels), parcel_names=names,
    )


def networks_among(corridors: Sequence[ProjectCorridor]) -> list[tuple[str, Network]]:
    """(kind of network, network) of these corridors that meet."""
    return [
        (name, network)
        for name, members in NETWORKS.items()
        for network in networks_of({one.project.code: one.pieces for one in corridors if one.project.kind in members})
    ]


def corridor_openings(
    projects: Iterable[str], *, on: date, known: date | None = None
) -> Mapping[str, Decimal]:
    """Outstanding section -> metres of continuous corridor that its handing over alone opens, to the metre.

    Sections of projects that are no corridor, or whose land is no strip, are absent; asks no actor.
    """
    rows = Section.objects.filter(project__in=list(projects), project__kind__in=CORRIDOR_KINDS)
    found = {}
    for pieces in _pieces(rows, on=on, known=known).values():
        corridor = corridor_of(pieces)
        if corridor.is_strip:
            found.update({one.codes[0]: metres(one.opens_m) for one in corridor.openings})
    return found


def metres(length_m: float) -> Decimal:
    """A measured length to the metre."""
    return Decimal(repr(float(length_m))).quantize(Decimal(1), rounding=ROUND_HALF_UP)


def _corridors(
    projects: Sequence[Project], rows: QuerySet[Section], *, on: date, known: date | None
) -> list[ProjectCorridor]:
    codes = [project.code for project in projects]
    pieces = _pieces(rows.filter(project__in=codes), on=on, known=known)
    sections: dict[str, dict[str, Section]] = {}
    for section in rows.filter(project__in=codes).defer("shape").select_related("jurisdiction").order_by(*_ALONG):
        sections.setdefault(section.project_id, {})[section.code] = section
    of_all = Section.objects.filter(project__in=codes).order_by()
    totals = dict(of_all.values_list("project").annotate(count=Count("code")))
    return [
        ProjectCorridor(
            project=project, sections=sections[project.code], pieces=pieces[project.code],
            corridor=corridor_of(pieces[project.code]),
            is_whole=totals[project.code] == len(sections[project.code]),
        )
        for project in projects if project.code in pieces
    ]


_ALONG: Final = ("project", "order", "code")


def _pieces(rows: QuerySet[Section], *, on: date, known: date | None) -> dict[str, list[LandPiece]]:
    """Project -> its sections in order, with what the ledger says of them on the day."""
    found = list(rows.order_by(*_ALONG).values_list("project_id", "code", "shape"))
    dates = milestones_of([code for _, code, _ in found], known=known)
    left = dict(_left(on=on, known=known).filter(section__in=[code for _, code, _ in found]).values_list("section")
                .annotate(count=Count("code")).order_by())
    pieces: dict[str, list[LandPiece]] = {}
    for project, code, shape in found:
        handed_over = dates.get(code, {}).get(Milestone.HANDED_OVER)
        pieces.setdefault(project, []).append(
            LandPiece(
                code=code, shape=None if shape is None else shapely.from_wkb(bytes(shape)),
                is_free=handed_over is not None and handed_over <= on, households_left=left.get(code, 0),
            )
        )
    return pieces


def _parcels(
    rows: QuerySet[Parcel], *, on: date, known: date | None
) -> tuple[dict[str, list[LandPiece]], dict[str, str]]:
    """Section -> its parcels on which a household has not vacated, and their names."""
    left = dict(_left(on=on, known=known).filter(parcel__in=rows.values("code")).values_list("parcel")
                .annotate(count=Count("code")).order_by())
    parcels: dict[str, list[LandPiece]] = {}
    names = {}
    found = rows.filter(code__in=left).order_by("code").values_list("code", "section_id", "name", "shape")
    for code, section, name, shape in found:
        names[code] = name
        land = None if shape is None else shapely.from_wkb(bytes(shape))
        parcels.setdefault(section, []).append(
            LandPiece(code=code, shape=land, is_free=False, households_left=left[code])
        )
    return parcels, names


def _left(*, on: date, known: date | None) -> QuerySet[Household]:
    """Registered households that have neither vacated nor been demolished by the end of the day."""
    condition = reached(Milestone.REGISTERED, on=on)
    for milestone in (Milestone.VACATED, Milestone.DEMOLISHED):
        condition &= not_reached(milestone, on=on)
    return Household.objects.filter(code__in=subjects_where(condition, known=known))
