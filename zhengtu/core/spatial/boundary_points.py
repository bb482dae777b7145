"""Boundary-point files (勘测定界界址点坐标 TXT) read into parcels.

The statutory column order is X = northing, Y = easting; files written the other way round are
recognised by the size of the numbers, read rightly and reported. Old datums are refused: relabelling
1980西安 or 1954北京 coordinates as CGCS2000 displaces land by tens of metres.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from zhengtu.core.spatial.boundary_point_text import (
    ParcelLines,
    decode_boundary_text,
    sort_boundary_lines,
)
from zhengtu.core.spatial.boundary_rings import ParcelRings, parcel_rings
from zhengtu.core.spatial.declared_areas import HECTARE, declared_area
from zhengtu.core.spatial.file_kinds import DEFAULT_LIMITS, ReadLimits, file_bytes
from zhengtu.core.spatial.problems import (
    ParameterValue,
    Severity,
    SurveyProblem,
    SurveyProblemCode,
    refuse,
)
from zhengtu.core.spatial.projections import (
    CGCS2000,
    FIRST_ZONE,
    LAST_ZONE,
    AxisPattern,
    FloatArray,
    GaussKruegerPlane,
    areas_m2,
    axis_patterns,
    plane_of_epsg,
    square_metres,
    transform,
    zone_prefix,
)
from zhengtu.core.spatial.rings import polygon_from_rings

DEFAULT_AREA_TOLERANCE: Final = Decimal("0.001")
_FARTHEST_FROM_MERIDIAN_DEGREES: Final = 2.0  # half a zone, and half a degree for works across its edge
_OLD_DATUM: Final = re.compile(r"西安|北京|1980|1954|^\s*(19)?(80|54)|xi.?an|beijing", re.IGNORECASE)
_CGCS2000_NAME: Final = re.compile(r"2000|cgcs", re.IGNORECASE)
_GAUSS_KRUEGER_NAME: Final = re.compile(r"高斯|gauss|^\s*gk", re.IGNORECASE)
_GEOGRAPHIC_NAME: Final = re.compile(r"经纬度|大地坐标$|地理", re.IGNORECASE)
_LENGTH_UNITS: Final = frozenset({"", "米", "m", "meter", "metre", "度", "十进制度", "degree"})


@dataclass(frozen=True, slots=True)
class BoundaryHeader:
    """What a file says about itself; empty texts where it is silent.

    Attributes:
        zone: 带号, or None.
        attributes: every line of the header as written, these included.
    """

    format_version: str
    produced_by: str
    produced_on: str
    datum: str
    zone_width: str
    projection: str
    unit: str
    zone: int | None
    precision: str
    transformation: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BoundaryParcel:
    """A parcel of a boundary-point file.

    Attributes:
        row: line number of the parcel line.
        declared_area_m2: the declared area in m², or None when none is readable.
        area_m2: plane area in m² in the file's own projection (of degrees: in their zone).
        epsg: reference system of the coordinates as written; 4490 for degrees.
        point_count: different corners of all rings.
        geometry: polygon or multipolygon in EPSG:4490, longitude and latitude.
    """

    row: int
    code: str
    name: str
    shape_kind: str
    map_sheet: str
    land_use: str
    extra: tuple[str, ...]
    declared_area_m2: Decimal | None
    area_m2: Decimal
    epsg: int
    point_count: int
    geometry: shapely.Polygon | shapely.MultiPolygon


@dataclass(frozen=True, slots=True)
class BoundaryPointFile:
    """A boundary-point file as read. Parcels that could not be built are missing and have an error."""

    file: str
    encoding: str
    header: BoundaryHeader
    parcels: tuple[BoundaryParcel, ...]
    problems: tuple[SurveyProblem, ...]


def read_boundary_points(
    *,
    path: Path,
    assumed_epsg: int | None = None,
    area_tolerance: Decimal = DEFAULT_AREA_TOLERANCE,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> BoundaryPointFile:
    """Read a boundary-point file from disk; see ``parse_boundary_points``.

    Raises:
        SurveyFileRefused: also when the file is absent, empty or over the limit.
    """
    data = file_bytes(path=path, limits=limits)
    return parse_boundary_points(data=data, file=path.name, assumed_epsg=assumed_epsg, area_tolerance=area_tolerance)


def parse_boundary_points(
    *,
    data: bytes,
    file: str,
    assumed_epsg: int | None = None,
    area_tolerance: Decimal = DEFAULT_AREA_TOLERANCE,
) -> BoundaryPointFile:
    """Read the bytes of a boundary-point file.

    Args:
        data: the file, in UTF-8, UTF-16 with mark or GBK/GB18030.
        file: its name, for the problems.
        assumed_epsg: 4490 or a CGCS2000 3-degree plane, for files that name no coordinate system.
        area_tolerance: allowed share between declared and computed area.

    Raises:
        SurveyFileRefused: when it is no such file, on an old or local datum, or of unknown zone.
    """
    text, encoding = decode_boundary_text(data=data, file=file)
    lines = sort_boundary_lines(text=text, file=file)
    problems = list(lines.problems)
    header = _header(lines.attributes, file, assumed_epsg, problems)
    reading = _Reading(file, header, area_tolerance, problems)
    parcels = [parcel for each in lines.parcels if (parcel := reading.parcel(each)) is not None]
    if not lines.parcels:
        refuse(code=SurveyProblemCode.NO_BOUNDARY_POINTS, file=file)
    reading.report_cut()
    reading.report_swapped_axes()
    return BoundaryPointFile(file, encoding, header, tuple(parcels), tuple(problems))


def _header(
    attributes: Mapping[str, str], file: str, assumed_epsg: int | None, problems: list[SurveyProblem]
) -> BoundaryHeader:
    """The header, refused where it excludes a right reading."""

    def said(key: str) -> str:
        return attributes.get(key, "")

    datum = said("坐标系")
    plane = plane_of_epsg(assumed_epsg)
    _check_datum(datum, file, assumed_epsg)
    if said("计量单位").lower() not in _LENGTH_UNITS:
        refuse(code=SurveyProblemCode.LENGTH_UNIT_UNSUPPORTED, file=file, unit=said("计量单位"))
    if said("几度分带").strip("度 ") not in ("", "3", "3.0", "三"):
        refuse(code=SurveyProblemCode.ZONE_WIDTH_UNSUPPORTED, file=file, width=said("几度分带"))
    projection = said("投影类型")
    if projection and not (_GAUSS_KRUEGER_NAME.search(projection) or _GEOGRAPHIC_NAME.search(projection)):
        refuse(code=SurveyProblemCode.PROJECTION_UNSUPPORTED, file=file, projection=projection)
    zone = plane.zone if plane else None
    if said("带号"):
        written = re.fullmatch(r"(\d{1,2})\s*带?", said("带号"))
        if written and FIRST_ZONE <= int(written[1]) <= LAST_ZONE:
            zone = int(written[1])
        else:
            code, params = SurveyProblemCode.HEADER_ZONE_UNREADABLE, {"zone": said("带号")}
            problems.append(SurveyProblem(code, params, file, field="带号", severity=Severity.WARNING))
    transformation = said("转换参数")
    if re.search(r"[1-9]", transformation):
        code, params = SurveyProblemCode.TRANSFORMATION_DECLARED, {"parameters": transformation}
        problems.append(SurveyProblem(code, params, file, field="转换参数", severity=Severity.WARNING))
    return BoundaryHeader(
        format_version=said("格式版本号"),
        produced_by=said("数据产生单位"),
        produced_on=said("数据产生日期"),
        datum=datum,
        zone_width=said("几度分带"),
        projection=projection,
        unit=said("计量单位"),
        zone=zone,
        precision=said("精度"),
        transformation=transformation,
        attributes=dict(attributes),
    )


def _check_datum(datum: str, file: str, assumed_epsg: int | None) -> None:
    if _OLD_DATUM.search(datum):
        refuse(code=SurveyProblemCode.OLD_DATUM, file=file, field="坐标系", datum=datum)
    if not datum and assumed_epsg is None:
        refuse(code=SurveyProblemCode.CRS_MISSING, file=file, field="坐标系")
    if not datum and assumed_epsg != CGCS2000 and plane_of_epsg(assumed_epsg) is None:
        assumed = f"EPSG:{assumed_epsg}"
        refuse(code=SurveyProblemCode.DATUM_UNSUPPORTED, file=file, field="坐标系", datum=assumed)
    if datum and not _CGCS2000_NAME.search(datum):
        refuse(code=SurveyProblemCode.DATUM_UNSUPPORTED, file=file, field="坐标系", datum=datum)


class _Reading:
    """The parcels of one file, built one after another; problems gather in the shared list."""

    def __init__(
        self, file: str, header: BoundaryHeader, area_tolerance: Decimal, problems: list[SurveyProblem]
    ) -> None:
        self.file = file
        self.header = header
        self.area_tolerance = area_tolerance
        self.problems = problems
        self.swapped_rows: list[int] = []
        self.closed_rings = 0
        self.last_ring_open: int | None = None  # row of the parcel read last, if its last ring is open

    def problem(
        self,
        code: SurveyProblemCode,
        row: int,
        severity: Severity = Severity.ERROR,
        field: str | None = None,
        **params: ParameterValue,
    ) -> None:
        problem = SurveyProblem(code, params, self.file, row=row, field=field, severity=severity)
        self.problems.append(problem)

    def parcel(self, lines: ParcelLines) -> BoundaryParcel | None:
        """The parcel, or None when it is no area or has an error that leaves no figure."""
        count, area, code, name, shape_kind, map_sheet, land_use = lines.fixed
        if shape_kind in ("线", "点"):
            self.problem(SurveyProblemCode.SHAPE_NOT_AREA, lines.row, Severity.WARNING, name=name, kind=shape_kind)
            return None
        rings = parcel_rings(points=lines.points, file=self.file)
        self.problems.extend(rings.problems)
        self.closed_rings += rings.closed
        self.last_ring_open = None if rings.last_closed else lines.row
        self.check_count(lines, rings, count)
        if lines.damaged or not lines.points or not rings.rings:
            if not lines.points and not lines.damaged:
                self.problem(SurveyProblemCode.RING_TOO_SHORT, lines.row, point="", corners=0)
            return None
        pattern = self.pattern(lines)
        epsg = self.epsg(lines, pattern) if pattern else None
        if pattern is None or epsg is None:
            return None
        drawn = polygon_from_rings([ring if pattern.swapped else ring[:, ::-1] for ring in rings.rings])
        geometry = transform(geometries=np.array([drawn], dtype=object), source=epsg, target=CGCS2000)
        self.check_meridian(lines, geometry[0], epsg)
        plane_area = float(areas_m2(geometry)[0]) if pattern.geographic else drawn.area
        area_m2 = square_metres(plane_area)
        return BoundaryParcel(
            row=lines.row,
            code=code,
            name=name,
            shape_kind=shape_kind,
            map_sheet=map_sheet,
            land_use=land_use,
            extra=lines.extra,
            declared_area_m2=self.declared(lines.row, area, area_m2),
            area_m2=area_m2,
            epsg=epsg,
            point_count=sum(len(ring) for ring in rings.rings),
            geometry=geometry[0],
        )

    def check_count(self, lines: ParcelLines, rings: ParcelRings, declared: str) -> None:
        """The declared count may include the closing points or not, whether or not they are there.

        Where some rings are closed and some are not, a missing line is a missing line.
        """
        if not declared:
            return
        present = len(lines.points)
        allowed = {present, present - rings.closed}
        if not rings.closed:
            allowed.add(present + len(rings.rings))
        if not declared.isdecimal() or int(declared) not in allowed:
            code = SurveyProblemCode.POINT_COUNT_DIFFERS
            self.problem(code, lines.row, field="界址点数", declared=declared, present=present)

    def pattern(self, lines: ParcelLines) -> AxisPattern | None:
        """What the columns of this parcel are, None (with a problem) when they cannot be told."""
        first: FloatArray = np.array([point.first for point in lines.points])
        second: FloatArray = np.array([point.second for point in lines.points])
        patterns = axis_patterns(first=first, second=second)
        commonest = AxisPattern(Counter(patterns.tolist()).most_common(1)[0][0])
        odd = np.flatnonzero(patterns != commonest)
        if commonest is AxisPattern.UNRECOGNISED or odd.size:
            code = SurveyProblemCode.AXES_MIXED if odd.size else SurveyProblemCode.AXES_UNRECOGNISED
            point = lines.points[int(odd[0]) if odd.size else 0]
            self.problem(code, point.row, point=point.label, x=f"{point.first}", y=f"{point.second}")
            return None
        if commonest.swapped:
            self.swapped_rows.append(lines.row)
        return commonest

    def epsg(self, lines: ParcelLines, pattern: AxisPattern) -> int | None:
        """The plane of a parcel's coordinates, None (with a problem) when zones contradict.

        Raises:
            SurveyFileRefused: when neither coordinates nor header name the zone.
        """
        if pattern.geographic:
            return CGCS2000
        if not pattern.prefixed:
            if self.header.zone is None:
                refuse(code=SurveyProblemCode.ZONE_UNKNOWN, file=self.file, row=lines.row, field="带号")
            return GaussKruegerPlane(zone=self.header.zone, prefixed=False).epsg
        zones = {zone_prefix(p.first if pattern.swapped else p.second) for p in lines.points}
        if len(zones) > 1 or self.header.zone not in (None, *zones):
            self.problem(
                SurveyProblemCode.ZONE_CONTRADICTS_HEADER,
                lines.row,
                field="带号",
                header_zone=self.header.zone or "",
                zones=", ".join(str(zone) for zone in sorted(zones)),
            )
            return None
        return GaussKruegerPlane(zone=zones.pop()).epsg

    def check_meridian(self, lines: ParcelLines, geometry: shapely.Geometry, epsg: int) -> None:
        plane = plane_of_epsg(epsg)
        if plane is None:
            return
        west, _, east, _ = geometry.bounds
        distance = max(abs(west - plane.central_meridian), abs(east - plane.central_meridian))
        if distance > _FARTHEST_FROM_MERIDIAN_DEGREES:
            code = SurveyProblemCode.ZONE_FAR_FROM_MERIDIAN
            degrees = f"{distance:.1f}"
            self.problem(code, lines.row, Severity.WARNING, zone=plane.zone, degrees=degrees)

    def declared(self, row: int, text: str, area_m2: Decimal) -> Decimal | None:
        """The declared area in m², compared with the computed one."""
        if not text:
            return None
        read = declared_area(text=text, computed_m2=area_m2, tolerance=self.area_tolerance)
        field = "地块面积"
        if read is None:
            code = SurveyProblemCode.DECLARED_AREA_UNREADABLE
            self.problem(code, row, Severity.WARNING, field, text=text)
            return None
        if not read.agrees:
            code = SurveyProblemCode.DECLARED_AREA_DIFFERS
            params = {"declared_m2": read.area_m2, "computed_m2": area_m2}
            self.problem(code, row, Severity.WARNING, field, **params)
        elif read.unit != HECTARE:
            code = SurveyProblemCode.DECLARED_AREA_UNIT
            self.problem(code, row, Severity.WARNING, field, text=text, unit=f"label:{read.unit}")
        return square_metres(float(read.area_m2))

    def report_cut(self) -> None:
        """Files close all rings or none; one whose very last ring alone stays open was cut short."""
        if self.closed_rings and self.last_ring_open is not None:
            self.problem(SurveyProblemCode.LAST_RING_OPEN, self.last_ring_open)

    def report_swapped_axes(self) -> None:
        """One warning for the whole file: such files are swapped throughout."""
        if self.swapped_rows:
            code = SurveyProblemCode.AXES_SWAPPED
            self.problem(code, self.swapped_rows[0], Severity.WARNING, parcels=len(self.swapped_rows))
