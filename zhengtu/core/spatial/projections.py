"""CGCS2000 planes and measures: 3-degree Gauss-Krüger zones, bulk transformation, areas, lengths, GCJ-02.

Zone arithmetic: zone n has the central meridian 3n°E; EPSG 4488 + n has the zone number in front of
the easting (42 544 231.809), EPSG 4509 + n has not (544 231.809). Everything here is in x, y order:
longitude, latitude and easting, northing, whatever order the authority declares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum
from functools import lru_cache
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

GeometryArray = NDArray[np.object_]
FloatArray = NDArray[np.float64]

CGCS2000: Final = 4490
FIRST_ZONE: Final = 25
LAST_ZONE: Final = 45
_PREFIXED_BASE: Final = 4488
_BARE_BASE: Final = 4509
_ZONE_WIDTH_DEGREES: Final = 3
_AREA_STEP: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class GaussKruegerPlane:
    """A CGCS2000 3-degree Gauss-Krüger plane.

    Attributes:
        zone: zone number, 25 to 45.
        prefixed: whether eastings carry the zone number in front.
    """

    zone: int
    prefixed: bool = True

    def __post_init__(self) -> None:
        """Refuse zones that do not exist.

        Raises:
            ValueError: when the zone is not 25 to 45.
        """
        if not FIRST_ZONE <= self.zone <= LAST_ZONE:
            raise ValueError(f"no 3-degree zone {self.zone}: CGCS2000 has {FIRST_ZONE} to {LAST_ZONE}")

    @property
    def epsg(self) -> int:
        """EPSG code of the plane."""
        return (_PREFIXED_BASE if self.prefixed else _BARE_BASE) + self.zone

    @property
    def central_meridian(self) -> int:
        """Degrees east."""
        return self.zone * _ZONE_WIDTH_DEGREES


def plane_of_epsg(epsg: int | None) -> GaussKruegerPlane | None:
    """The 3-degree plane with that EPSG code, or None when the code is another's."""
    for base, prefixed in ((_PREFIXED_BASE, True), (_BARE_BASE, False)):
        if epsg is not None and FIRST_ZONE <= epsg - base <= LAST_ZONE:
            return GaussKruegerPlane(zone=epsg - base, prefixed=prefixed)
    return None


def zone_of_longitude(longitude: float) -> int:
    """The 3-degree zone whose meridian is nearest; 126.55°E is in zone 42."""
    return int(np.floor(longitude / _ZONE_WIDTH_DEGREES + 0.5))


class AxisPattern(IntEnum):
    """What two columns of numbers are, judged by their size; the first column is the file's X."""

    UNRECOGNISED = 0
    NORTHING_PREFIXED_EASTING = 1
    PREFIXED_EASTING_NORTHING = 2
    NORTHING_EASTING = 3
    EASTING_NORTHING = 4
    LATITUDE_LONGITUDE = 5
    LONGITUDE_LATITUDE = 6

    @property
    def swapped(self) -> bool:
        """Whether east stands in the first column, against the statutory order."""
        return self in (
            AxisPattern.PREFIXED_EASTING_NORTHING,
            AxisPattern.EASTING_NORTHING,
            AxisPattern.LONGITUDE_LATITUDE,
        )

    @property
    def prefixed(self) -> bool:
        """Whether the easting carries the zone number."""
        return self in (AxisPattern.NORTHING_PREFIXED_EASTING, AxisPattern.PREFIXED_EASTING_NORTHING)

    @property
    def geographic(self) -> bool:
        """Whether the numbers are degrees."""
        return self in (AxisPattern.LATITUDE_LONGITUDE, AxisPattern.LONGITUDE_LATITUDE)


def axis_patterns(*, first: FloatArray, second: FloatArray) -> NDArray[np.int8]:
    """Classify each coordinate pair by magnitude alone; values are ``AxisPattern``.

    The ranges cover China (3 to 54°N, 73 to 136°E) and do not overlap, except for bare coordinates
    south of 9°N, where a northing is as small as an easting: those are left unrecognised.
    """

    def prefixed(v: FloatArray) -> NDArray[np.bool_]:
        within = np.mod(v, 1e6)
        return (v >= FIRST_ZONE * 1e6) & (v < (LAST_ZONE + 1) * 1e6) & (within > 1e5) & (within < 9e5)

    def bare(v: FloatArray) -> NDArray[np.bool_]:
        return (v > 1e5) & (v < 9e5)

    def northing(v: FloatArray) -> NDArray[np.bool_]:
        return (v >= 1e6) & (v < 7e6)

    def any_northing(v: FloatArray) -> NDArray[np.bool_]:
        return (v > 2e5) & (v < 7e6)

    def latitude(v: FloatArray) -> NDArray[np.bool_]:
        return (v > 0) & (v < 60)

    def longitude(v: FloatArray) -> NDArray[np.bool_]:
        return (v > 70) & (v < 140)

    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    result = np.zeros(a.shape, dtype=np.int8)
    result[any_northing(a) & prefixed(b)] = AxisPattern.NORTHING_PREFIXED_EASTING
    result[prefixed(a) & any_northing(b)] = AxisPattern.PREFIXED_EASTING_NORTHING
    result[northing(a) & bare(b)] = AxisPattern.NORTHING_EASTING
    result[bare(a) & northing(b)] = AxisPattern.EASTING_NORTHING
    result[latitude(a) & longitude(b)] = AxisPattern.LATITUDE_LONGITUDE
    result[longitude(a) & latitude(b)] = AxisPattern.LONGITUDE_LATITUDE
    return result


def zone_prefix(easting: float) -> int:
    """The zone number in front of a prefixed easting: 42 for 42 544 231.809."""
    return int(easting // 1_000_000)


@lru_cache(maxsize=256)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(CRS.from_user_input(source), CRS.from_user_input(target), always_xy=True)


def _crs_text(crs: int | str) -> str:
    return f"EPSG:{crs}" if isinstance(crs, int) else crs


def transform(*, geometries: GeometryArray, source: int | str, target: int | str) -> GeometryArray:
    """Transform an array of geometries at once; missing ones stay missing.

    Args:
        geometries: shapely geometries in x, y order.
        source: EPSG code, or a text that PROJ understands.
        target: likewise.

    Returns:
        New geometries; coordinates that have no image become infinite.

    Raises:
        pyproj.exceptions.CRSError: when a reference system is unknown.
    """
    if _crs_text(source) == _crs_text(target):
        return np.array(geometries, dtype=object)
    change = _transformer(_crs_text(source), _crs_text(target)).transform
    moved: GeometryArray = shapely.transform(geometries, change, interleaved=False)
    return moved


def plane_at(*, longitude: float) -> int | str:
    """The plane to measure in at a longitude: EPSG of the prefixed zone, outside China its like."""
    zone = zone_of_longitude(longitude)
    if FIRST_ZONE <= zone <= LAST_ZONE:
        return GaussKruegerPlane(zone=zone).epsg
    return f"+proj=tmerc +lat_0=0 +lon_0={zone * _ZONE_WIDTH_DEGREES} +k=1 +x_0=500000 +ellps=GRS80 +units=m"


def _measured(geometries: GeometryArray, measure: Callable[[GeometryArray], FloatArray]) -> FloatArray:
    """Measure each geometry in the zone of its own middle, one transformation per zone."""
    array = np.asarray(geometries, dtype=object)
    result = np.zeros(array.shape, dtype=np.float64)
    bounds = shapely.bounds(array)
    middle = (bounds[..., 0] + bounds[..., 2]) / 2
    usable = np.isfinite(middle) & (np.abs(middle) <= 180)
    zones = np.floor(np.where(usable, middle, 0) / _ZONE_WIDTH_DEGREES + 0.5).astype(np.int64)
    for zone in np.unique(zones[usable]):
        chosen = usable & (zones == zone)
        plane = plane_at(longitude=float(zone * _ZONE_WIDTH_DEGREES))
        with np.errstate(invalid="ignore"):  # what has no image in the plane has NaN
            result[chosen] = measure(transform(geometries=array[chosen], source=CGCS2000, target=plane))
    result[~usable & ~(shapely.is_missing(array) | shapely.is_empty(array))] = np.nan
    return result


def areas_m2(geometries: GeometryArray) -> FloatArray:
    """Plane areas in m² of EPSG:4490 geometries, each in the 3-degree zone it lies in.

    Missing and empty geometries have 0; unusable coordinates give NaN.
    """
    return _measured(geometries, shapely.area)


def lengths_m(geometries: GeometryArray) -> FloatArray:
    """Plane lengths (of polygons: perimeters) in m of EPSG:4490 geometries, zone by zone."""
    return _measured(geometries, shapely.length)


def square_metres(value: float) -> Decimal:
    """A computed area as Decimal m², rounded half up to 0.01."""
    return Decimal(repr(float(value))).quantize(_AREA_STEP, rounding=ROUND_HALF_UP)
