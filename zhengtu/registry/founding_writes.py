"""Rows of a new campaign, written whole: lists, projects, sections, parcels, buildings, households."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import shapely

from zhengtu.ledger.bulk_rows import copy_rows
from zhengtu.registry.models import (
    Building,
    Campaign,
    Deadline,
    Household,
    Outline,
    Parcel,
    Participation,
    Project,
    Section,
    StartList,
)

SHAPE_FIELDS = ("shape", "west", "south", "east", "north")


def insert_campaign(
    *,
    campaign: Campaign,
    projects: Iterable[Project],
    participations: Iterable[Participation],
    lists: Mapping[str, tuple[StartList, Sequence[str]]],
    sections: Iterable[Section],
    deadlines: Iterable[Deadline],
) -> None:
    """Insert a campaign down to its sections; ``lists`` maps a list's code to the list and its projects' codes."""
    campaign.save(force_insert=True)
    Project.objects.bulk_create(projects)
    Participation.objects.bulk_create(participations)
    StartList.objects.bulk_create([entry for entry, _ in lists.values()])
    member = StartList.projects.through
    member.objects.bulk_create(
        [member(startlist_id=code, project_id=project) for code, (_, codes) in lists.items() for project in codes]
    )
    Section.objects.bulk_create(sections)
    Deadline.objects.bulk_create(deadlines)


def shape_columns(shapes: Any) -> list[tuple[Any, ...]]:
    """(WKB, west, south, east, north) of each shape, in the order of ``SHAPE_FIELDS``."""
    return [
        (wkb, *map(float, box)) for wkb, box in zip(shapely.to_wkb(shapes), shapely.bounds(shapes), strict=True)
    ]


def replace_outlines(
    shapes: Mapping[str, Any], *, source: str, at: datetime, is_demonstration: bool = False
) -> None:
    """Put these outlines (division code -> shape) in the place of whatever those divisions had."""
    columns = shape_columns(np.array(list(shapes.values()), dtype=object))
    Outline.objects.bulk_create(
        [
            Outline(
                jurisdiction_id=code, source=source, loaded_at=at, is_demonstration=is_demonstration,
                **dict(zip(SHAPE_FIELDS, shape, strict=True)),
            )
            for code, shape in zip(shapes, columns, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["jurisdiction"],
        update_fields=[*SHAPE_FIELDS, "source", "loaded_at", "is_demonstration"],
    )


def insert_parcels(rows: Iterable[Sequence[Any]]) -> int:
    """Rows of (code, section, map_number, area_m2, *shape columns)."""
    return copy_rows(Parcel, fields=("code", "section_id", "map_number", "name", "area_m2", *SHAPE_FIELDS), rows=rows)


def insert_buildings(rows: Iterable[Sequence[Any]]) -> int:
    """Rows of (code, section, parcel, map_number, use, floors, floor_area_m2, *shape columns)."""
    fields = ("code", "section_id", "parcel_id", "map_number", "use", "floors", "floor_area_m2", *SHAPE_FIELDS)
    return copy_rows(Building, fields=fields, rows=rows)


HOUSEHOLD_FIELDS = (
    "code", "section_id", "parcel_id", "building_id", "room", "personal_sealed", "name_masked", "name_index",
    "identity_masked", "identity_index", "address", "use", "members", "registered_area_m2", "unregistered_area_m2",
    "land_area_m2",
)


def insert_households(rows: Iterable[Sequence[Any]]) -> int:
    """Rows in the order of ``HOUSEHOLD_FIELDS``, personal data sealed."""
    return copy_rows(Household, fields=HOUSEHOLD_FIELDS, rows=rows)
