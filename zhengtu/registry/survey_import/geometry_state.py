"""What a project holds on the map, as far as the actor may import into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from zhengtu.core.authority.actor import Actor
from zhengtu.core.spatial.projections import GeometryArray
from zhengtu.registry.facts import IMPORT_VERB
from zhengtu.registry.models import Building, Parcel, Project, Section
from zhengtu.registry.queries import scope_of, sections_for
from zhengtu.registry.survey_import.options import LayerKind

_COMPARED = {
    LayerKind.SECTION: ("name", "shape", "west", "south", "east", "north"),
    LayerKind.PARCEL: ("name", "declared_area_m2", "area_m2", "shape", "west", "south", "east", "north"),
    LayerKind.BUILDING: (
        "parcel_id",
        "use",
        "floors",
        "floor_area_m2",
        "shape",
        "west",
        "south",
        "east",
        "north",
    ),
}


@dataclass(slots=True)
class GeometryState:
    """Shapes and names that a layer is compared with.

    Attributes:
        project: its code.
        outline: shape of the project, or None.
        sections: code -> name, those in scope.
        outlines: section -> shape, where it has one.
        held: code -> columns of the registered things of the layer's kind.
        names: section -> name -> codes.
        last_numbers: section -> highest number given.
        last_section_numbers: jurisdiction -> highest section number of the project.
        jurisdictions: code or name -> code, of the divisions in scope that take part.
        parcels: section -> code or name -> code.
    """

    project: str
    outline: Any = None
    sections: dict[str, str] = field(default_factory=dict)
    outlines: dict[str, Any] = field(default_factory=dict)
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    last_numbers: dict[str, int] = field(default_factory=dict)
    last_section_numbers: dict[str, int] = field(default_factory=dict)
    jurisdictions: dict[str, str] = field(default_factory=dict)
    parcels: dict[str, dict[str, str]] = field(default_factory=dict)

    def section_named(self, name: str) -> str:
        """The section of that code or name, or empty; an ambiguous name names none."""
        if name in self.sections:
            return name
        found = [code for code, known in self.sections.items() if known == name]
        return found[0] if len(found) == 1 and name else ""

    def named(self, section: str, name: str) -> list[str]:
        """Codes of the registered things of that name in the section."""
        return self.names.get(section, {}).get(name, []) if name else []

    def jurisdiction_named(self, name: str) -> str:
        """The division of that code or name, or empty."""
        return self.jurisdictions.get(name, "")

    def parcel_of(self, name: str, section: str) -> str | None:
        """The parcel of that code or name in the section."""
        return self.parcels.get(section, {}).get(name)

    def sections_at(self, geometries: GeometryArray) -> list[str]:
        """The section in whose outline each geometry's inner point lies, or empty."""
        codes = list(self.outlines)
        result = [""] * len(geometries)
        if not codes:
            return result
        usable = shapely.is_valid(geometries) & ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
        points = np.full(len(geometries), None, dtype=object)
        points[usable] = shapely.point_on_surface(geometries[usable])
        tree = shapely.STRtree(np.array([self.outlines[code] for code in codes], dtype=object))
        for position, section in zip(*tree.query(points, predicate="within"), strict=True):
            result[int(position)] = result[int(position)] or codes[int(section)]
        return result


def geometry_state(*, project: Project, actor: Actor, kind: LayerKind) -> GeometryState:
    """What the project's sections in the actor's scope hold of that kind."""
    state = GeometryState(project.code, outline=_shape(project.shape))
    for section in sections_for(actor, verb=IMPORT_VERB).filter(project=project).order_by("order", "code"):
        state.sections[section.code] = section.name
        outline = _shape(section.shape)
        if outline is not None and shapely.is_valid(outline):
            state.outlines[section.code] = outline
    for code in project.sections.values_list("code", flat=True):
        number = int(code.rsplit("-S", 1)[1])
        state.last_section_numbers[code[:6]] = max(state.last_section_numbers.get(code[:6], 0), number)
    prefixes = scope_of(actor, verb=IMPORT_VERB).prefixes
    for part in project.participations.select_related("jurisdiction"):
        unit = part.jurisdiction
        if any(unit.code.startswith(prefix) for prefix in prefixes):
            state.jurisdictions |= dict.fromkeys((unit.code, unit.name, unit.short_name), unit.code)
    _read_held(state, kind)
    if kind is LayerKind.BUILDING:
        for code, section, name in Parcel.objects.filter(section__in=state.sections).values_list(
            "code", "section_id", "name"
        ):
            state.parcels.setdefault(section, {}).update({code: code} | ({name: code} if name else {}))
    return state


def _read_held(state: GeometryState, kind: LayerKind) -> None:
    model: Any = {LayerKind.SECTION: Section, LayerKind.PARCEL: Parcel, LayerKind.BUILDING: Building}[kind]
    rows = model.objects.filter(
        **{"code__in" if kind is LayerKind.SECTION else "section__in": list(state.sections)}
    ).order_by("code")
    for row in rows.values("code", *_COMPARED[kind]).iterator(chunk_size=10_000):
        code = row.pop("code")
        row["shape"] = None if row["shape"] is None else bytes(row["shape"])
        state.held[code] = row
        if kind is LayerKind.SECTION:
            continue
        section, _, tail = code.rpartition("-")
        state.last_numbers[section] = max(state.last_numbers.get(section, 0), int(tail[1:]))
        if row.get("name"):
            state.names.setdefault(section, {}).setdefault(row["name"], []).append(code)


def _shape(blob: bytes | memoryview | None) -> Any:
    return None if blob is None else shapely.from_wkb(bytes(blob))
