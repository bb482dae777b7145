"""From loose rings to polygons: shells, holes and islands by containment, never by number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from zhengtu.core.spatial.projections import FloatArray, GeometryArray


def _inner_points(polygons: GeometryArray, rings: Sequence[FloatArray]) -> GeometryArray:
    """A point inside each ring; of a ring that crosses itself, its first vertex."""
    points = np.array([shapely.Point(ring[0]) for ring in rings], dtype=object)
    sound = shapely.is_valid(polygons)
    points[sound] = shapely.point_on_surface(polygons[sound])
    return points


def polygon_from_rings(rings: Sequence[FloatArray]) -> shapely.Polygon | shapely.MultiPolygon:
    """One polygon, or several where rings lie apart; rings nested an odd number of times are holes.

    Args:
        rings: arrays of shape (n, 2), n >= 3, closed or not.

    Returns:
        The geometry as drawn: crossing rings give an invalid geometry, nothing is mended.
    """
    polygons = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    if len(polygons) == 1:
        return polygons[0]
    sizes = shapely.area(polygons)
    inner, outer = shapely.STRtree(polygons).query(_inner_points(polygons, rings), predicate="intersects")
    nested = sizes[outer] > sizes[inner]
    inner, outer = inner[nested], outer[nested]
    depth = np.bincount(inner, minlength=len(polygons))
    holes: dict[int, list[FloatArray]] = {int(i): [] for i in np.flatnonzero(depth % 2 == 0)}
    for hole in np.flatnonzero(depth % 2 == 1):
        around = [int(i) for i in outer[inner == hole] if depth[i] == depth[hole] - 1]
        if around:
            holes[min(around, key=lambda i: float(sizes[i]))].append(rings[int(hole)])
        else:  # rings that cross each other; keep it visible, validation names it
            holes[int(hole)] = []
    parts = [shapely.Polygon(rings[shell], inside) for shell, inside in holes.items()]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
