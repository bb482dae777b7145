"""Which reference system a vector file is in: declared, assumed, contradicted by its own numbers, refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from zhengtu.core.spatial.problems import Severity, SurveyProblem, SurveyProblemCode, refuse
from zhengtu.core.spatial.projections import (
    CGCS2000,
    AxisPattern,
    GaussKruegerPlane,
    GeometryArray,
    axis_patterns,
    plane_of_epsg,
    transform,
    zone_prefix,
)

WGS84: Final = 4326
_OLD_DATUM_NAMES: Final = ("xian", "beijing")


@dataclass(frozen=True, slots=True)
class SourceSystem:
    """The reference system to read a layer in.

    Attributes:
        text: e.g. ``EPSG:4530``, or well-known text where there is no code.
        name: for people: the code, else the system's name.
        epsg: the code, or None.
        problems: what was found while deciding.
    """

    text: str
    name: str
    epsg: int | None
    problems: tuple[SurveyProblem, ...] = ()


def source_system(*, declared: str | None, assumed_epsg: int | None, file: str, layer: str | None) -> SourceSystem:
    """Decide the reference system of a layer.

    The file's own declaration wins; the assumption serves only where there is none.

    Args:
        declared: what the file says, or None.
        assumed_epsg: what the person says.
        file: for the problems.
        layer: for the problems.

    Raises:
        SurveyFileRefused: ``crs_missing``, ``crs_unreadable`` or ``old_datum``.
    """
    parsed = _parsed(declared, file, layer)
    if parsed is None:
        if assumed_epsg is None:
            refuse(code=SurveyProblemCode.CRS_MISSING, file=file, layer=layer)
        parsed = _parsed(f"EPSG:{assumed_epsg}", file, layer)
        assert parsed is not None
    datum = str(parsed.datum.name) if parsed.datum else ""
    if any(name in datum.lower() for name in _OLD_DATUM_NAMES):
        refuse(code=SurveyProblemCode.OLD_DATUM, file=file, layer=layer, datum=datum)
    epsg = parsed.to_epsg()
    name = f"EPSG:{epsg}" if epsg else str(parsed.name)
    problems: tuple[SurveyProblem, ...] = ()
    if assumed_epsg is not None and epsg != assumed_epsg:
        params = {"declared": name, "assumed": f"EPSG:{assumed_epsg}"}
        code = SurveyProblemCode.ASSUMED_CRS_IGNORED
        problems = (SurveyProblem(code, params, file, layer=layer, severity=Severity.WARNING),)
    return SourceSystem(f"EPSG:{epsg}" if epsg else parsed.to_wkt(), name, epsg, problems)


def _parsed(declared: str | None, file: str, layer: str | None) -> CRS | None:
    """The declared system; None when nothing usable is declared, as in GeoPackage's 'undefined' ones."""
    if not declared:
        return None
    try:
        crs = CRS.from_user_input(declared)
    except CRSError:
        refuse(code=SurveyProblemCode.CRS_UNREADABLE, file=file, layer=layer, declared=declared[:80])
    undefined = crs.is_engineering or "undefined" in crs.name.lower() or "unknown" in crs.name.lower()
    return None if undefined else crs


def check_magnitudes(*, geometries: GeometryArray, epsg: int | None, file: str, layer: str | None) -> None:
    """Refuse coordinates whose size contradicts the declared system.

    Raises:
        SurveyFileRefused: ``crs_contradicted`` when, say, EPSG:4530 is declared and the zone prefix is missing.
    """
    x, y = _typical_point(geometries)
    plane = plane_of_epsg(epsg)
    if np.isnan(x) or (plane is None and epsg not in (CGCS2000, WGS84)):
        return
    pattern = _pattern_at(x, y)
    if plane is None:
        fits = pattern is not AxisPattern.LONGITUDE_LATITUDE and abs(x) <= 180 and abs(y) <= 90
    elif plane.prefixed:
        fits = pattern is AxisPattern.NORTHING_PREFIXED_EASTING and zone_prefix(x) == plane.zone
    else:
        fits = pattern is AxisPattern.NORTHING_EASTING
    if not fits:
        refuse(
            code=SurveyProblemCode.CRS_CONTRADICTED,
            file=file,
            layer=layer,
            declared=f"EPSG:{epsg}",
            x=f"{x:.3f}",
            y=f"{y:.3f}",
        )


def in_cgcs2000(*, geometries: GeometryArray, system: SourceSystem, file: str, layer: str | None) -> GeometryArray:
    """The geometries in EPSG:4490.

    Raises:
        SurveyFileRefused: ``coordinates_out_of_range`` when the whole layer has no place on Earth;
            ``crs_unreadable`` when nothing leads from its system to CGCS2000.
    """
    try:
        moved = transform(geometries=geometries, source=system.text, target=CGCS2000)
    except ProjError:  # heights, other planets: systems without a way to CGCS2000
        refuse(code=SurveyProblemCode.CRS_UNREADABLE, file=file, layer=layer, declared=system.name)
    bounds = shapely.bounds(moved)
    placed = np.isfinite(bounds).all(axis=1) & (np.abs(bounds) <= (180, 90, 180, 90)).all(axis=1)
    holds_something = ~(shapely.is_missing(moved) | shapely.is_empty(moved))
    if holds_something.any() and not (placed & holds_something).any():
        x, y = _typical_point(geometries)
        refuse(
            code=SurveyProblemCode.COORDINATES_OUT_OF_RANGE,
            file=file,
            layer=layer,
            declared=system.name,
            x=f"{x:.3f}",
            y=f"{y:.3f}",
        )
    return moved


def system_of_drawing(
    *, geometries: GeometryArray, assumed_epsg: int | None, file: str, layer: str | None
) -> tuple[SourceSystem, bool]:
    """The system of coordinates that come with no declaration at all, and whether x and y are swapped.

    Drawings carry plain numbers; CGCS2000 planes are told by the size of the numbers.

    Raises:
        SurveyFileRefused: ``zone_unknown`` when eastings have no zone number and nothing is assumed;
            ``crs_missing`` when the numbers are no plane coordinates of China and nothing is assumed.
    """
    x, y = _typical_point(geometries)
    pattern = _pattern_at(x, y)
    assumed = plane_of_epsg(assumed_epsg)
    if pattern is AxisPattern.UNRECOGNISED:
        return source_system(declared=None, assumed_epsg=assumed_epsg, file=file, layer=layer), False
    if pattern.prefixed:
        epsg = GaussKruegerPlane(zone=zone_prefix(y if pattern.swapped else x)).epsg
    elif pattern.geographic:
        epsg = CGCS2000
    elif assumed is not None:
        epsg = GaussKruegerPlane(zone=assumed.zone, prefixed=False).epsg
    else:
        refuse(code=SurveyProblemCode.ZONE_UNKNOWN, file=file, layer=layer)
    found = plane_of_epsg(epsg)
    agreed = found is not None and assumed is not None and found.zone == assumed.zone
    system = source_system(
        declared=f"EPSG:{epsg}", assumed_epsg=None if agreed else assumed_epsg, file=file, layer=layer
    )
    return system, pattern.swapped


def _typical_point(geometries: GeometryArray) -> tuple[float, float]:
    """The median middle of the features: stray ones do not move it. NaN when there is none."""
    bounds = shapely.bounds(geometries)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return float("nan"), float("nan")
    x, y = np.median((bounds[:, :2] + bounds[:, 2:]) / 2, axis=0)
    return float(x), float(y)


def _pattern_at(x: float, y: float) -> AxisPattern:
    return AxisPattern(int(axis_patterns(first=np.array([y]), second=np.array([x]))[0]))


def are_degrees(geometries: GeometryArray) -> bool:
    """Whether the coordinates can be degrees; true of a layer without any."""
    x, y = _typical_point(geometries)
    return not (abs(x) > 180 or abs(y) > 180)
