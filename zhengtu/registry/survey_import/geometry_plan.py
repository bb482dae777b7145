"""What a survey layer would do to the registry: sections, parcels or buildings new, changed, unchanged, refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import shapely

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.spatial import problem_texts
from zhengtu.core.spatial.file_kinds import SurveyFileKind, survey_file_kind
from zhengtu.core.spatial.problems import Severity, SurveyFileRefused, SurveyProblem
from zhengtu.core.spatial.projections import areas_m2
from zhengtu.core.spatial.survey_layer import SurveyLayer
from zhengtu.core.spatial.vector_files import read_survey_layer, survey_layers
from zhengtu.core.survey_sheets.layer_columns import layer_kind, layer_mapping
from zhengtu.core.survey_sheets.problems import SheetProblem, reason_of, refuse_file
from zhengtu.registry.models import Project
from zhengtu.registry.survey_import.geometry_checks import check_declared_areas, check_layer
from zhengtu.registry.survey_import.geometry_state import GeometryState, geometry_state
from zhengtu.registry.survey_import.intake import SourceFile
from zhengtu.registry.survey_import.layer_values import LayerValues, values_of
from zhengtu.registry.survey_import.options import ImportOptions, LayerKind
from zhengtu.registry.survey_import.reporting import problem_rows, problem_totals

LETTERS = {LayerKind.PARCEL: "L", LayerKind.BUILDING: "B"}


@dataclass(slots=True)
class GeometryPlan:
    """The outcome of comparing a layer with the registry.

    Attributes:
        kind: what the features are.
        layer: as read.
        codes: code of each feature; of a new one the code it will get; empty where it has no place.
        new: rows to insert, columns by name.
        changed: rows to update: the code and the columns that differ.
        unchanged: how many features are registered just so.
        jurisdictions: divisions whose map changes.
        problems: everything found.
    """

    kind: LayerKind
    layer: SurveyLayer
    mapping: Mapping[str, str]
    layers: Sequence[str]
    codes: list[str] = field(default_factory=list)
    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    unchanged: int = 0
    jurisdictions: set[str] = field(default_factory=set)
    problems: list[SheetProblem] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """rows, new, changed, unchanged, refused, warnings."""
        refused = {problem.row for problem in self.problems if problem.is_refusal} - {0}
        return {
            "rows": len(self.layer),
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "refused": len(refused),
            "warnings": sum(1 for problem in self.problems if not problem.is_refusal),
        }

    def report(self) -> dict[str, Any]:
        """As it is stored and shown."""
        names = Counter(
            name for row in self.changed for name in row if name not in ("code", "west", "south", "east", "north")
        )
        return {
            "kind": "geometry",
            "file": self.layer.file,
            "sheet": self.layer.layer,
            "sheets": list(self.layers),
            "layer_kind": str(self.kind),
            "source_crs": self.layer.source_crs,
            "needs_mapping": False,
            "headings": list(self.layer.columns),
            "mapping": dict(self.mapping),
            "counts": self.counts,
            "changed_fields": dict(names),
            "sections": dict(Counter(c.rsplit("-", 1)[0] for c in self.codes if c)),
            "problems": problem_rows(
                self.problems, file=self.layer.file, sheet=self.layer.layer, headings=(), mapping=self.mapping
            ),
            "totals": problem_totals(self.problems),
        }


def as_sheet_problem(problem: SurveyProblem) -> SheetProblem:
    """A finding about geometry among the findings about rows."""
    return SheetProblem(
        f"spatial.{problem.code}",
        problem.row or 0,
        problem.field or "",
        problem.params,
        problem.severity is Severity.ERROR,
        problem_texts.reason_of(problem),
    )


def examine_geometry(
    *,
    source: SourceFile,
    project: Project,
    actor: Actor,
    options: ImportOptions,
    today: date,
    report: Callable[[float], None],
) -> GeometryPlan:
    """Read a survey layer and compare it with the registry.

    Raises:
        Refused: when the file cannot be taken, or it is not clear what its features are.
    """
    try:
        layers = [layer.name for layer in survey_layers(path=source.path)]
        layer = read_survey_layer(
            path=source.path,
            layer=options.layer or None,
            assumed_epsg=options.assumed_epsg,
        )
        is_boundary_file = survey_file_kind(path=source.path) is SurveyFileKind.BOUNDARY_POINTS
    except SurveyFileRefused as refused:
        raise Refused(problem_texts.reason_of(refused.problem)) from refused
    report(0.3)
    judged = "parcel" if is_boundary_file else layer_kind(layer.layer, source.name)
    chosen = options.layer_kind or judged
    if not chosen:
        refuse_file("layer_kind_unknown", layer=layer.layer)
    mapping = dict(options.mapping) if options.mapping else layer_mapping(layer.columns)
    plan = GeometryPlan(LayerKind(chosen), layer, mapping, layers)
    plan.problems += [as_sheet_problem(problem) for problem in layer.problems]
    state = geometry_state(project=project, actor=actor, kind=plan.kind)
    values = values_of(layer=layer, mapping=mapping)
    plan.problems += values.problems
    _locate(plan, state, values, options.section)
    report(0.5)
    sections = [code.rsplit("-", 1)[0] if plan.kind is not LayerKind.SECTION else code for code in plan.codes]
    plan.problems += [
        problem if isinstance(problem, SheetProblem) else as_sheet_problem(problem)
        for problem in check_layer(kind=plan.kind, layer=layer, state=state, codes=plan.codes, sections=sections)
    ]
    declared = values.columns.get("declared_area_m2")
    if declared:
        plan.problems += check_declared_areas(layer=layer, declared=declared)
    report(0.8)
    _compare(plan, state, values)
    plan.problems.sort(key=lambda problem: problem.row)
    return plan


def _locate(plan: GeometryPlan, state: GeometryState, values: LayerValues, default_section: str) -> None:
    """Give every feature its code: the registered one, or the next number of its section."""
    if plan.kind is LayerKind.SECTION:
        _locate_sections(plan, state, values)
        return
    inside = state.sections_at(plan.layer.geometries)
    numbers = dict(state.last_numbers)
    for position, row in enumerate(plan.layer.rows.tolist()):
        code, name = values.text("code", position), values.text("name", position)
        if code in state.held:
            plan.codes.append(code)
            continue
        section = _section_of_feature(plan, state, values, position, default_section, inside[position])
        known = state.named(section, code or name) or state.named(section, name) if section else []
        if len(known) > 1:
            plan.problems.append(SheetProblem("name_ambiguous", row, "name", {"value": name or code}))
        if not section or len(known) > 1:
            plan.codes.append("")
        elif known:
            plan.codes.append(known[0])
        else:
            numbers[section] = number = numbers.get(section, 0) + 1
            plan.codes.append(f"{section}-{LETTERS[plan.kind]}{number:05d}")


def _section_of_feature(
    plan: GeometryPlan, state: GeometryState, values: LayerValues, position: int, default: str, inside: str
) -> str:
    """The section a feature names, else the chosen one, else the one it lies in; reported when there is none."""
    row = int(plan.layer.rows[position])
    named = values.text("section", position)
    if named:
        found = state.section_named(named)
        if not found:
            plan.problems.append(SheetProblem("section_unknown", row, "section", {"value": named}))
        return found
    found = default or inside or (next(iter(state.sections)) if len(state.sections) == 1 else "")
    if not found or found not in state.sections:
        plan.problems.append(SheetProblem("section_not_located", row, "section"))
        return ""
    return found


def _locate_sections(plan: GeometryPlan, state: GeometryState, values: LayerValues) -> None:
    numbers = dict(state.last_section_numbers)
    for position, row in enumerate(plan.layer.rows.tolist()):
        code, name = values.text("code", position), values.text("name", position)
        found = state.section_named(code) or state.section_named(name)
        if found:
            plan.codes.append(found)
            continue
        jurisdiction = state.jurisdiction_named(values.text("jurisdiction", position))
        if not name or not values.text("jurisdiction", position):
            plan.problems.append(SheetProblem("section_new_name", row, "name"))
            plan.codes.append("")
        elif not jurisdiction:
            value = values.text("jurisdiction", position)
            plan.problems.append(SheetProblem("jurisdiction_unknown", row, "jurisdiction", {"value": value}))
            plan.codes.append("")
        else:
            numbers[jurisdiction] = number = numbers.get(jurisdiction, 0) + 1
            plan.codes.append(f"{jurisdiction}-{state.project.split('-')[1]}-S{number:02d}")


def _compare(plan: GeometryPlan, state: GeometryState, values: LayerValues) -> None:
    """Sort the features into new, changed and unchanged."""
    geometries = plan.layer.geometries
    present = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    blobs, boxes = shapely.to_wkb(geometries), shapely.bounds(geometries)
    areas = np.where(present, areas_m2(geometries), np.nan)
    refused = {problem.row for problem in plan.problems if problem.is_refusal}
    for position, code in enumerate(plan.codes):
        if not code or int(plan.layer.rows[position]) in refused:
            continue
        row = _row(plan, state, values, position, code)
        row |= {"shape": blobs[position]}
        row |= dict(zip(("west", "south", "east", "north"), map(float, boxes[position]), strict=True))
        if plan.kind is LayerKind.PARCEL:
            row["area_m2"] = Decimal(f"{areas[position]:.2f}")
        held = state.held.get(code)
        if held is None:
            plan.new.append(row)
        else:
            differing = {name: value for name, value in row.items() if name != "code" and held.get(name) != value}
            if not differing:
                plan.unchanged += 1
                continue
            plan.changed.append({"code": code, **differing})
        plan.jurisdictions.add(code[:6])


def _row(plan: GeometryPlan, state: GeometryState, values: LayerValues, position: int, code: str) -> dict[str, Any]:
    """The columns that the layer gives, by name."""
    is_new = code not in state.held
    row: dict[str, Any] = {"code": code}
    name = values.text("name", position) or (values.text("code", position) if plan.kind is LayerKind.PARCEL else "")
    if plan.kind is LayerKind.SECTION:
        if is_new:
            row |= {"project_id": state.project, "jurisdiction_id": code[:6], "name_en": "", "order": 0}
        if name or is_new:
            row["name"] = name
        return row
    if is_new:
        row["section_id"] = code.rsplit("-", 1)[0]
    if plan.kind is LayerKind.PARCEL:
        if (name and name != code) or is_new:
            row["name"] = name if name != code else ""
        if "declared_area_m2" in values.columns:
            row["declared_area_m2"] = values.columns["declared_area_m2"][position]
        elif is_new:
            row["declared_area_m2"] = None
        return row
    for column, empty in (("use", ""), ("floors", None), ("floor_area_m2", None)):
        if column in values.columns or is_new:
            given = values.columns.get(column)
            row[column] = given[position] if given is not None and given[position] is not None else empty
    if is_new or "parcel" in values.columns:
        row["parcel_id"] = state.parcel_of(
            values.text("parcel", position), row.get("section_id") or code.rsplit("-", 1)[0]
        )
    return row


def refuse_unless_whole(plan: GeometryPlan) -> None:
    """Refuse to carry out a plan in which anything is refused.

    Raises:
        Refused: with the first reasons.
    """
    reasons = [reason_of(problem) for problem in plan.problems if problem.is_refusal]
    if reasons:
        raise Refused(*reasons[:20])
