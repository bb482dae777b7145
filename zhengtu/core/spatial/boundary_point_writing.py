"""Boundary-point files (勘测定界界址点坐标 TXT) written for submission."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import shapely

from zhengtu.core.spatial.projections import (
    CGCS2000,
    FloatArray,
    GaussKruegerPlane,
    transform,
)

_LINE_END: Final = "\r\n"
_COORDINATE_DECIMALS: Final = 3
_M2_PER_HECTARE: Final = 10_000


@dataclass(frozen=True, slots=True)
class ParcelOutline:
    """A parcel to write.

    Attributes:
        code: 地块编号.
        name: 地块名称.
        geometry: polygon or multipolygon in EPSG:4490.
        map_sheet: 图幅号.
        land_use: 地块用途.
    """

    code: str
    name: str
    geometry: shapely.Polygon | shapely.MultiPolygon
    map_sheet: str = ""
    land_use: str = ""


def write_boundary_points(
    *,
    parcels: Sequence[ParcelOutline],
    plane: GaussKruegerPlane,
    produced_by: str,
    produced_on: date,
    encoding: str = "gb18030",
) -> bytes:
    """Write parcels as a boundary-point file: northing before easting, millimetres, hectares, CRLF.

    Each ring repeats its first point under the same label; the outer ring has number 1, every further
    ring the next. The area is that of the written (rounded) coordinates. The format has no quoting, so
    commas inside texts become full-width ones and line ends become spaces.

    Raises:
        ValueError: when a geometry is missing, empty or no polygon, or has no image in the plane.
    """
    lines = [
        "[属性描述]",
        "格式版本号=1.01",
        f"数据产生单位={_one_line(produced_by)}",
        f"数据产生日期={produced_on.year}-{produced_on.month}-{produced_on.day}",
        "坐标系=2000国家大地坐标系",
        "几度分带=3",
        "投影类型=高斯克吕格",
        "计量单位=米",
        f"带号={plane.zone}",
        "精度=0.001",
        "转换参数=,,,,,,",
        "[地块坐标]",
    ]
    geometries = np.array([parcel.geometry for parcel in parcels], dtype=object)
    drawn = transform(geometries=geometries, source=CGCS2000, target=plane.epsg)
    for parcel, geometry in zip(parcels, drawn, strict=True):
        lines.extend(_parcel_lines(parcel, geometry))
    return (_LINE_END.join(lines) + _LINE_END).encode(encoding)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _text_field(text: str) -> str:
    return _one_line(text).replace(",", "，").replace("@", "＠")


def _parcel_lines(parcel: ParcelOutline, geometry: shapely.Geometry) -> Iterator[str]:
    """The parcel line and its point lines."""
    if not isinstance(geometry, (shapely.Polygon, shapely.MultiPolygon)) or geometry.is_empty:
        raise ValueError(f"parcel {parcel.code}: only polygons can be written")
    rounded = shapely.transform(geometry, lambda xy: np.round(xy, _COORDINATE_DECIMALS))
    rings: list[FloatArray] = [shapely.get_coordinates(ring) for ring in _rings(rounded)]
    if not all(np.isfinite(ring).all() for ring in rings):
        raise ValueError(f"parcel {parcel.code}: the coordinates do not fit the plane")
    fields = (
        str(sum(len(ring) for ring in rings)),
        f"{rounded.area / _M2_PER_HECTARE:.4f}",
        _text_field(parcel.code),
        _text_field(parcel.name),
        "面",
        _text_field(parcel.map_sheet),
        _text_field(parcel.land_use),
        "",
        "@",
    )
    yield ",".join(fields)
    label = 0
    for number, ring in enumerate(rings, start=1):
        first = label + 1
        for index, (easting, northing) in enumerate(ring, start=1):
            closing = index == len(ring)
            label = label if closing else label + 1
            shown = first if closing else label
            yield f"J{shown},{number},{northing:.3f},{easting:.3f}"


def _rings(geometry: shapely.Geometry) -> Iterator[shapely.LinearRing]:
    for polygon in getattr(geometry, "geoms", [geometry]):
        yield polygon.exterior
        yield from polygon.interiors
