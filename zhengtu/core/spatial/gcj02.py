"""From GCJ-02, the displaced coordinates of Chinese web maps, back to WGS 84.

The forward displacement is the one published in the eviltransform project (Krasovsky ellipsoid and
four sine series). It has no closed inverse; fixed-point iteration converges to well under a
millimetre because the displacement changes slowly.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from zhengtu.core.spatial.projections import FloatArray, GeometryArray

_SEMI_MAJOR_M: Final = 6378245.0
_ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
_STOP_DEGREES: Final = 1e-11
_MOST_ITERATIONS: Final = 30


def wgs84_to_gcj02(lonlat: FloatArray) -> FloatArray:
    """Displace coordinates as Chinese web maps do; outside China they stay.

    Args:
        lonlat: shape (n, 2), degrees.
    """
    lonlat = np.asarray(lonlat, dtype=np.float64)
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    x, y = lon - 105.0, lat - 35.0
    sines = (20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + sines
    north += (20 * np.sin(y * np.pi) + 40 * np.sin(y / 3 * np.pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * np.pi) + 320 * np.sin(y / 30 * np.pi)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + sines
    east += (20 * np.sin(x * np.pi) + 40 * np.sin(x / 3 * np.pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * np.pi) + 300 * np.sin(x / 30 * np.pi)) * 2 / 3
    radians = np.radians(lat)
    magic = 1 - _ECCENTRICITY_SQUARED * np.sin(radians) ** 2
    meridian = _SEMI_MAJOR_M * (1 - _ECCENTRICITY_SQUARED) / (magic * np.sqrt(magic))
    parallel = _SEMI_MAJOR_M / np.sqrt(magic) * np.cos(radians)
    shift = np.column_stack((np.degrees(east / parallel), np.degrees(north / meridian)))
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    return lonlat + np.where(inside[:, None], shift, 0.0)


def gcj02_to_wgs84(lonlat: FloatArray) -> FloatArray:
    """Undo the displacement; shape (n, 2), degrees."""
    displaced = np.asarray(lonlat, dtype=np.float64)
    guess = displaced.copy()
    for _ in range(_MOST_ITERATIONS):
        step = displaced - wgs84_to_gcj02(guess)
        guess += step
        if not step.size or float(np.max(np.abs(step))) < _STOP_DEGREES:
            break
    return guess


def geometries_from_gcj02(geometries: GeometryArray) -> GeometryArray:
    """GCJ-02 geometries as WGS 84 (drawn as CGCS2000, which differs by centimetres)."""
    moved: GeometryArray = shapely.transform(geometries, gcj02_to_wgs84)
    return moved
