"""What the map names: sections, projects, lists and deadlines in an actor's reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import shapely
from django.db.models import Max, Min, Q

from zhengtu.core.authority.actor import Actor
from zhengtu.registry.map_areas import VERB, section_number
from zhengtu.registry.models import Campaign, Deadline, Parcel, Project, Section, StartList
from zhengtu.registry.queries import jurisdictions_for, projects_for, sections_for

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class MapSection:
    """A section as the map needs it; ``at`` is where its label stands, ``box`` west, south, east, north."""

    code: str
    number: int
    name: str
    name_en: str
    project: str
    jurisdiction: str
    at: tuple[float, float] | None
    box: Box | None


@dataclass(frozen=True, slots=True)
class MapDeadline:
    """A deadline on the date axis; ``of`` is the code of the section, project or campaign."""

    due_on: date
    name: str
    name_en: str
    of: str


def map_sections(actor: Actor) -> list[MapSection]:
    """Sections in reach, in the order of their codes."""
    without_shape = sections_for(actor, verb=VERB).filter(shape__isnull=True)
    boxes = {
        row["section"]: (row["west"], row["south"], row["east"], row["north"])
        for row in Parcel.objects.filter(section__in=without_shape, west__isnull=False)
        .values("section")
        .annotate(west=Min("west"), south=Min("south"), east=Max("east"), north=Max("north"))
    }
    found = []
    rows = sections_for(actor, verb=VERB).order_by("code")
    for section in rows:
        shape = shapely.from_wkb(bytes(section.shape)) if section.shape else None
        box = boxes.get(section.code) if shape is None else shape.bounds
        if shape is not None:
            point = shape.representative_point()
            at = (point.x, point.y)
        else:
            at = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) if box else None
        found.append(
            MapSection(
                code=section.code, number=section_number(section.code), name=section.name, name_en=section.name_en,
                project=section.project_id, jurisdiction=section.jurisdiction_id, at=at, box=box,
            )
        )
    return found


def map_projects(actor: Actor) -> list[Project]:
    """Projects in reach with their lists, without shapes."""
    rows = projects_for(actor, verb=VERB).defer("shape").order_by("code")
    return list(rows.prefetch_related("start_lists"))


def map_lists(actor: Actor) -> list[StartList]:
    """Lists that hold a project in reach."""
    return list(StartList.objects.filter(projects__in=projects_for(actor, verb=VERB)).distinct().order_by("code"))


def map_jurisdictions(actor: Actor) -> list[tuple[str, str, str]]:
    """(code, short Chinese name, English name) of the jurisdictions in reach."""
    return [(unit.code, unit.short_name or unit.name, unit.name_en) for unit in jurisdictions_for(actor, verb=VERB)]


def map_deadlines(actor: Actor) -> list[MapDeadline]:
    """Deadlines of the campaign and of what is in reach, the earliest first."""
    projects = projects_for(actor, verb=VERB)
    campaigns = projects.order_by().values("campaign")
    rows = Deadline.objects.filter(
        Q(section__isnull=True, project__isnull=True, campaign__in=campaigns)
        | Q(section__isnull=True, project__in=projects)
        | Q(section__in=sections_for(actor, verb=VERB))
    ).order_by("due_on", "id")
    return [
        MapDeadline(row.due_on, row.name, row.name_en, row.section_id or row.project_id or row.campaign_id)
        for row in rows
    ]


def campaign_in_reach(actor: Actor) -> Campaign | None:
    """The latest campaign of the projects in reach."""
    return Campaign.objects.filter(projects__in=projects_for(actor, verb=VERB)).order_by("-start_on").first()


def first_section_of(actor: Actor, *, code: str) -> Section | None:
    """The section of that code when it is in reach."""
    return sections_for(actor, verb=VERB).filter(code=code).select_related("project", "jurisdiction").first()
