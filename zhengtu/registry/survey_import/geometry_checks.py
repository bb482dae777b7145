"""What is wrong with a survey layer's shapes: by themselves, with one another, and with the registry."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from zhengtu.core.spatial.problems import Severity, SurveyProblem, SurveyProblemCode
from zhengtu.core.spatial.projections import areas_m2, square_metres
from zhengtu.core.spatial.survey_layer import LonLatBox, SurveyLayer, place_problems
from zhengtu.core.spatial.validation import (
    ParcelArray,
    check_duplicates,
    check_geometries,
    check_overlaps,
    check_within,
    overlapping_pairs,
)
from zhengtu.core.survey_sheets.problems import SheetProblem
from zhengtu.registry.survey_import.geometry_state import GeometryState
from zhengtu.registry.survey_import.options import LayerKind

_OUTLINES = Path(__file__).resolve().parents[1] / "outlines"
_REFUSED_OUTSIDE_PERCENT = 50.0
_DECLARED_TOLERANCE = Decimal("0.02")
_OWN_CHECK = {SurveyProblemCode.DECLARED_AREA_DIFFERS, SurveyProblemCode.DECLARED_AREA_UNIT}
Finding = SurveyProblem | SheetProblem


def check_layer(
    *, kind: LayerKind, layer: SurveyLayer, state: GeometryState, codes: Sequence[str], sections: Sequence[str]
) -> list[Finding]:
    """Everything that is wrong with the shapes of a layer.

    Invalid shapes, doubles, overlaps and shapes elsewhere refuse their rows. Buildings may touch and overlap in plan
    (a passage, an eave), and a shape that reaches a little out of its section or project is a question for the
    surveyor: those are warnings.
    """
    shapes = ParcelArray(layer.geometries, layer.rows, layer.file, layer.layer)
    found: list[Finding] = [*check_geometries(shapes), *check_duplicates(shapes)]
    overlaps = check_overlaps(shapes)
    found += overlaps if kind is not LayerKind.BUILDING else [replace(o, severity=Severity.WARNING) for o in overlaps]
    box = _expected_box(state)
    if box is not None:
        found += place_problems(
            geometries=layer.geometries, rows=layer.rows, expected_box=box, file=layer.file, layer=layer.layer
        )
    if kind is not LayerKind.BUILDING:
        found += _overlaps_with_registered(shapes, state, codes)
    found += _outside(kind, shapes, state, sections)
    return found


def check_declared_areas(*, layer: SurveyLayer, declared: Sequence[Decimal | None]) -> list[SheetProblem]:
    """Declared areas (m²) that differ from the computed ones by more than 2 %: warnings.

    A boundary-point file's own declarations are judged by its reader, to the digit.
    """
    if any(problem.code in _OWN_CHECK for problem in layer.problems):
        return []
    findings = []
    for row, given, computed in zip(layer.rows.tolist(), declared, areas_m2(layer.geometries).tolist(), strict=True):
        if given is None or not np.isfinite(computed) or computed <= 0:
            continue
        area = square_metres(computed)
        if abs(given - area) > area * _DECLARED_TOLERANCE:
            parameters = {"declared_m2": str(given), "computed_m2": str(area)}
            findings.append(SheetProblem("declared_area_differs", row, "declared_area_m2", parameters, False))
    return findings


def _expected_box(state: GeometryState) -> LonLatBox | None:
    """Where shapes of the project may lie at all: the city's outline."""
    return _city_box(f"{state.project[:4]}00")


@cache
def _city_box(city: str) -> LonLatBox | None:
    path = _OUTLINES / f"{city}.geojson"
    if not path.exists():
        return None
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    west, south, east, north = shapely.total_bounds([shapely.from_geojson(json.dumps(f["geometry"])) for f in features])
    return float(west), float(south), float(east), float(north)


def _overlaps_with_registered(
    shapes: ParcelArray, state: GeometryState, codes: Sequence[str]
) -> Iterator[SheetProblem]:
    """Overlaps with registered shapes that the layer does not replace."""
    others = [(code, row["shape"]) for code, row in state.held.items() if row["shape"] and code not in set(codes)]
    if not others:
        return
    registered = shapely.from_wkb(np.array([shape for _, shape in others], dtype=object))
    together = np.concatenate([shapes.geometries, registered])
    size = len(shapes.geometries)
    first, second, shared = overlapping_pairs(geometries=together)
    between = (first < size) & (second >= size)
    for one, other, area in zip(first[between], second[between], shared[between], strict=True):
        parameters = {"code": others[int(other) - size][0], "area_m2": f"{area:.2f}"}
        yield SheetProblem("overlaps_registered", shapes.row(int(one)), "", parameters)


def _outside(
    kind: LayerKind, shapes: ParcelArray, state: GeometryState, sections: Sequence[str]
) -> Iterator[SurveyProblem]:
    """Shapes that reach out of their section, or where that has no outline, out of the project."""
    containers: Any = np.full(len(sections), None, dtype=object)
    names = [""] * len(sections)
    codes = [SurveyProblemCode.OUTSIDE_PROJECT] * len(sections)
    for position, section in enumerate(sections):
        outline = state.outlines.get(section) if kind is not LayerKind.SECTION else None
        if outline is not None:
            containers[position], names[position] = outline, state.sections.get(section, section)
            codes[position] = SurveyProblemCode.OUTSIDE_SECTION
        elif state.outline is not None:
            containers[position], names[position] = state.outline, state.project
    for code in dict.fromkeys(codes):
        chosen: Any = np.full(len(sections), None, dtype=object)
        for position, each in enumerate(codes):
            if each is code:
                chosen[position] = containers[position]
        for problem in check_within(shapes, containers=chosen, container_names=names, code=code):
            percent = float(str(problem.params.get("percent", "0")))
            mild = problem.severity is Severity.WARNING or percent < _REFUSED_OUTSIDE_PERCENT
            yield replace(problem, severity=Severity.WARNING) if mild else problem
