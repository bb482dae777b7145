"""What is wrong with parcel geometries, found in bulk. Reports, never mends.

All functions take arrays in EPSG:4490 and measure in metres in a plane of the layer's own middle. Parcels
that merely touch are neighbours; an overlap or an overhang counts from 0.05 m² upwards, so that the
millimetres by which two surveys of one corner differ are no finding.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from zhengtu.core.spatial.problems import (
    ParameterValue,
    Severity,
    SurveyProblem,
    SurveyProblemCode,
)
from zhengtu.core.spatial.projections import (
    CGCS2000,
    FloatArray,
    GeometryArray,
    areas_m2,
    plane_at,
    transform,
)

DEFAULT_TOLERANCE_M2: Final = 0.05
_LEAST_AREA_M2: Final = 0.01
_AREAS: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_REASON: Final = re.compile(r"(?P<reason>[^\[]*)(\[(?P<lon>\S+) (?P<lat>[^\]\s]+)\s*.*\])?")
_INTERIORS_MEET: Final = "T********"


@dataclass(frozen=True, slots=True, eq=False)
class ParcelArray:
    """Geometries under examination, with where they come from.

    Attributes:
        geometries: EPSG:4490, None where missing.
        rows: for the problems; by default 1, 2, 3 …
        file: for the problems.
        layer: for the problems.
    """

    geometries: GeometryArray
    rows: NDArray[np.int64] | None = None
    file: str | None = None
    layer: str | None = None

    def row(self, index: int) -> int:
        """The row of the feature at a position."""
        return index + 1 if self.rows is None else int(self.rows[index])

    def problem(
        self,
        code: SurveyProblemCode,
        index: int,
        **params: ParameterValue,
    ) -> SurveyProblem:
        """An error of the feature at a position."""
        return SurveyProblem(code, params, self.file, layer=self.layer, row=self.row(index))


def usable_areas(geometries: GeometryArray) -> NDArray[np.bool_]:
    """Which are present, valid, finite and non-empty polygons: those that can be compared."""
    finite = np.isfinite(shapely.bounds(geometries)).all(axis=1)
    areas = np.isin(shapely.get_type_id(geometries), _AREAS)
    usable: NDArray[np.bool_] = finite & areas & shapely.is_valid(geometries)
    return usable


def check_geometries(parcels: ParcelArray) -> tuple[SurveyProblem, ...]:
    """Every geometry by itself: missing, empty, no area type, not finite, invalid, without area.

    One problem per geometry, the most telling; in row order.
    """
    geometries = parcels.geometries
    problems: list[SurveyProblem] = []
    missing = shapely.is_missing(geometries)
    empty = shapely.is_empty(geometries)
    not_area = ~np.isin(shapely.get_type_id(geometries), _AREAS)
    finite = np.isfinite(shapely.bounds(geometries)).all(axis=1)
    valid = shapely.is_valid(geometries)
    usable = ~(missing | empty | not_area) & finite & valid
    sizes = np.full(len(geometries), np.inf)
    sizes[usable] = areas_m2(geometries[usable])
    for index in np.flatnonzero(~usable | (sizes < _LEAST_AREA_M2)).tolist():
        if missing[index]:
            problems.append(parcels.problem(SurveyProblemCode.GEOMETRY_MISSING, index))
        elif empty[index]:
            problems.append(parcels.problem(SurveyProblemCode.GEOMETRY_EMPTY, index))
        elif not_area[index]:
            kind = geometries[index].geom_type
            problems.append(parcels.problem(SurveyProblemCode.GEOMETRY_NOT_AREA, index, kind=kind))
        elif not finite[index]:
            problems.append(parcels.problem(SurveyProblemCode.GEOMETRY_NOT_FINITE, index))
        elif not valid[index]:
            params = invalidity(geometries[index])
            problems.append(parcels.problem(SurveyProblemCode.GEOMETRY_INVALID, index, **params))
        else:
            problems.append(parcels.problem(SurveyProblemCode.GEOMETRY_WITHOUT_AREA, index))
    return tuple(problems)


def invalidity(geometry: shapely.Geometry) -> dict[str, ParameterValue]:
    """Why a geometry is invalid: ``reason`` (a msgid behind ``label:``) and the place, lon and lat."""
    match = _REASON.fullmatch(shapely.is_valid_reason(geometry))
    if match is None:
        return {"reason": "label:Topology Validation Error", "lon": "", "lat": ""}
    reason = f"label:{match['reason'].strip()}"
    if match["lon"] is None:
        return {"reason": reason, "lon": "", "lat": ""}
    return {
        "reason": reason,
        "lon": f"{float(match['lon']):.7f}",
        "lat": f"{float(match['lat']):.7f}",
    }


def check_duplicates(parcels: ParcelArray) -> tuple[SurveyProblem, ...]:
    """Geometries drawn twice, whatever their starting point and direction; each names the first of its kind."""
    present = np.flatnonzero(np.isfinite(shapely.bounds(parcels.geometries)).all(axis=1))
    shapes = shapely.to_wkb(shapely.normalize(parcels.geometries[present]))
    first_seen: dict[bytes, int] = {}
    problems = []
    for index, shape in zip(present.tolist(), shapes.tolist(), strict=True):
        first = first_seen.setdefault(shape, index)
        if first != index:
            code = SurveyProblemCode.GEOMETRY_DUPLICATE
            problems.append(parcels.problem(code, index, other_row=parcels.row(first)))
    return tuple(problems)


def in_common_plane(*, geometries: GeometryArray, usable: NDArray[np.bool_]) -> GeometryArray:
    """The geometries in metres, in the plane of the median of the usable ones; the others become None.

    An outline that is valid in degrees may cross itself by a hair in the plane; its copy here is cleaned so
    that it can be measured. One too far away for the plane becomes None.
    """
    result: GeometryArray = np.full(len(geometries), None, dtype=object)
    if usable.any():
        bounds = shapely.bounds(geometries[usable])
        middle = float(np.median((bounds[:, 0] + bounds[:, 2]) / 2))
        plane = plane_at(longitude=middle)
        moved = transform(geometries=geometries[usable], source=CGCS2000, target=plane)
        moved[~np.isfinite(shapely.bounds(moved)).all(axis=1)] = None
        crossing = ~shapely.is_valid(moved) & ~shapely.is_missing(moved)
        moved[crossing] = shapely.buffer(moved[crossing], 0)
        result[usable] = moved
    return result


def overlapping_pairs(
    *, geometries: GeometryArray, tolerance_m2: float = DEFAULT_TOLERANCE_M2
) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
    """Pairs of geometries that share more than a tolerated area.

    Args:
        geometries: EPSG:4490; those that are not usable areas are left out.
        tolerance_m2: shared areas up to this are none.

    Returns:
        First positions, second positions (greater than the first), shared areas in m²; in order.
    """
    plane = in_common_plane(geometries=geometries, usable=usable_areas(geometries))
    first, second = shapely.STRtree(plane).query(plane)
    once = first < second
    first, second = first[once], second[once]
    boxes = shapely.bounds(plane)
    low = np.maximum(boxes[first, :2], boxes[second, :2])
    high = np.minimum(boxes[first, 2:], boxes[second, 2:])
    near = np.prod(np.clip(high - low, 0, None), axis=1) > tolerance_m2
    first, second = first[near], second[near]
    shapely.prepare(plane)
    meeting = shapely.relate_pattern(plane[first], plane[second], _INTERIORS_MEET)
    first, second = first[meeting], second[meeting]
    shared = shapely.area(shapely.intersection(plane[first], plane[second]))
    over = shared > tolerance_m2
    first, second, shared = first[over], second[over], shared[over]
    order = np.lexsort((second, first))
    return first[order], second[order], shared[order]


def check_overlaps(parcels: ParcelArray, *, tolerance_m2: float = DEFAULT_TOLERANCE_M2) -> tuple[SurveyProblem, ...]:
    """Parcels that lie on one another; one problem per pair, at the later row.

    Exact duplicates are ``check_duplicates``' business and are left out here.
    """
    first, second, shared = overlapping_pairs(geometries=parcels.geometries, tolerance_m2=tolerance_m2)
    one = shapely.normalize(parcels.geometries[first])
    other = shapely.normalize(parcels.geometries[second])
    different = ~shapely.equals_exact(one, other)
    code = SurveyProblemCode.PARCELS_OVERLAP
    return tuple(
        parcels.problem(code, int(j), other_row=parcels.row(int(i)), area_m2=f"{area:.2f}")
        for i, j, area in zip(first[different], second[different], shared[different], strict=True)
    )


def areas_outside_m2(*, geometries: GeometryArray, containers: GeometryArray) -> FloatArray:
    """How much of each geometry lies outside its container, in m².

    Args:
        geometries: EPSG:4490.
        containers: same length; the same object may stand for many geometries.

    Returns:
        NaN where either is not a usable area.
    """
    result = np.full(len(geometries), np.nan)
    places = {id(container): container for container in containers}
    unique = np.empty(len(places), dtype=object)
    unique[:] = list(places.values())
    position = {key: number for number, key in enumerate(places)}
    which = np.array([position[id(container)] for container in containers], dtype=np.int64)
    sound = usable_areas(unique)
    usable = usable_areas(geometries) & sound[which] if len(which) else np.zeros(0, dtype=bool)
    everything = np.concatenate([geometries, unique])
    plane = in_common_plane(geometries=everything, usable=np.concatenate([usable, sound]))
    drawn, around = plane[: len(geometries)], plane[len(geometries) :]
    shapely.prepare(around)
    covered = np.zeros(len(geometries), dtype=bool)
    covered[usable] = shapely.covers(around[which[usable]], drawn[usable])
    result[covered] = 0.0
    far = usable & shapely.is_missing(drawn)
    result[far] = areas_m2(geometries[far])
    crossing = usable & ~covered & ~far
    result[crossing] = shapely.area(shapely.difference(drawn[crossing], around[which[crossing]]))
    return result


def check_within(
    parcels: ParcelArray,
    *,
    containers: GeometryArray,
    container_names: Sequence[str],
    code: SurveyProblemCode,
    tolerance_m2: float = DEFAULT_TOLERANCE_M2,
) -> tuple[SurveyProblem, ...]:
    """Parcels that reach out of their project, section or jurisdiction.

    Args:
        parcels: the parcels.
        containers: for each parcel the polygon it must lie in, or None when it has none to lie in.
        container_names: for each parcel how that polygon is called, for the sentence.
        code: ``OUTSIDE_PROJECT``, ``OUTSIDE_SECTION`` or ``OUTSIDE_JURISDICTION``.
        tolerance_m2: overhangs up to this are none.

    Returns:
        One problem per parcel with the area outside and its share in percent; one warning per container
        that is itself invalid, whose parcels cannot be judged.
    """
    outside = areas_outside_m2(geometries=parcels.geometries, containers=containers)
    whole = areas_m2(parcels.geometries)
    problems: list[SurveyProblem] = []
    present = ~shapely.is_missing(containers)
    reported: set[int] = set()
    for index in np.flatnonzero(present & ~shapely.is_valid(containers)).tolist():
        if id(containers[index]) not in reported:
            reported.add(id(containers[index]))
            problems.append(_invalid_outline(containers[index], container_names[index], parcels))
    with np.errstate(invalid="ignore"):
        stray = np.flatnonzero(outside > tolerance_m2)
    for index in stray.tolist():
        share = min(100.0, 100 * float(outside[index] / whole[index]))
        params: dict[str, ParameterValue] = {
            "container": container_names[index],
            "area_m2": f"{outside[index]:.2f}",
            "percent": f"{share:.1f}",
        }
        problems.append(parcels.problem(code, index, **params))
    return tuple(problems)


def _invalid_outline(outline: shapely.Geometry, name: str, parcels: ParcelArray) -> SurveyProblem:
    params = invalidity(outline) | {"name": name}
    code = SurveyProblemCode.OUTLINE_INVALID
    return SurveyProblem(code, params, parcels.file, layer=parcels.layer, severity=Severity.WARNING)


def displaced_outlines(
    parcels: ParcelArray,
    *,
    names: Sequence[str],
    references: Mapping[str, shapely.Geometry],
    least_agreement: float = 0.9,
) -> tuple[SurveyProblem, ...]:
    """Outlines that do not lie where an official outline of the same name lies.

    This finds files that open without error, look plausible and are in the wrong place.

    Args:
        parcels: the outlines, EPSG:4490.
        names: their names or codes, in order.
        references: trusted outlines by the same names, EPSG:4490.
        least_agreement: common area over united area below which an outline counts as displaced.

    Returns:
        One problem per displaced outline, with the shift of its middle in km east and north; one warning
        per reference that is invalid and cannot serve.
    """
    problems: list[SurveyProblem] = []
    for index, name in enumerate(names):
        reference = references.get(name)
        if reference is None:
            continue
        pair = np.array([parcels.geometries[index], reference], dtype=object)
        sound = usable_areas(pair)
        if not sound[1]:
            problems.append(_invalid_outline(reference, name, parcels))
        if not sound.all():
            continue
        drawn, true = in_common_plane(geometries=pair, usable=sound)
        agreement = drawn.intersection(true).area / drawn.union(true).area
        if agreement < least_agreement:
            shift = np.array(drawn.centroid.coords[0]) - np.array(true.centroid.coords[0])
            params: dict[str, ParameterValue] = {
                "name": name,
                "east_km": f"{shift[0] / 1000:+.1f}",
                "north_km": f"{shift[1] / 1000:+.1f}",
                "percent": f"{100 * agreement:.0f}",
            }
            problems.append(parcels.problem(SurveyProblemCode.OUTLINE_DISPLACED, index, **params))
    return tuple(problems)
