"""A small drawing of where a household is: its parcel among its neighbours, as SVG paths in metres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Final

import shapely

from zhengtu.registry.models import Building, Parcel, Section

METRES_PER_DEGREE: Final = 111_320.0
_MARGIN_M: Final = 60.0
_SCALE_BARS_M: Final = (10, 20, 50, 100, 200, 500)


@dataclass(frozen=True, slots=True)
class Outline:
    """One path with the role it plays: ``section``, ``neighbour``, ``own`` or ``building``."""

    role: str
    path: str
    code: str


@dataclass(frozen=True, slots=True)
class PlaceDrawing:
    """A drawing with north up.

    Attributes:
        view_box: the SVG's view box, in metres.
        scale_bar_m: length of the bar, metres; it starts at ``bar_x``, ``bar_y``.
    """

    view_box: str
    outlines: Sequence[Outline]
    scale_bar_m: int
    bar_x: float
    bar_y: float
    stroke_m: float


def place_drawing(
    *, parcels: Sequence[Parcel], section: Section, building: Building | None
) -> PlaceDrawing | None:
    """Draw the first parcel as the household's own and the others around it; None without any shape."""
    if not parcels:
        return None
    own = parcels[0]
    west, south, east, north = own.west or 0.0, own.south or 0.0, own.east or 0.0, own.north or 0.0
    latitude = (south + north) / 2
    frame = MetreFrame(west=west, north=north, metres_per_longitude=METRES_PER_DEGREE * cos(radians(latitude)))
    outlines = [Outline("section", frame.path(section.shape), section.code)] if section.shape else []
    outlines += [Outline("neighbour", frame.path(parcel.shape), parcel.code) for parcel in parcels[1:]]
    outlines.append(Outline("own", frame.path(own.shape), own.code))
    if building is not None and building.shape:
        outlines.append(Outline("building", frame.path(building.shape), building.code))
    width_m = (east - west) * frame.metres_per_longitude
    height_m = (north - south) * METRES_PER_DEGREE
    # A frame of 3 : 2 around the parcel, so that every drawing fills the same place on the page.
    tall = max(height_m + 2 * _MARGIN_M, (width_m + 2 * _MARGIN_M) / 1.5)
    wide = tall * 1.5
    left, top = (width_m - wide) / 2, (height_m - tall) / 2
    bar = max((length for length in _SCALE_BARS_M if length <= wide / 4), default=_SCALE_BARS_M[0])
    return PlaceDrawing(
        view_box=f"{left:.1f} {top:.1f} {wide:.1f} {tall:.1f}",
        outlines=outlines,
        scale_bar_m=bar,
        bar_x=round(left + wide * 0.04, 1),
        bar_y=round(top + tall * 0.94, 1),
        stroke_m=round(wide / 400, 2),
    )


@dataclass(frozen=True, slots=True)
class MetreFrame:
    """Metres to the east and south of a parcel's north-western corner."""

    west: float
    north: float
    metres_per_longitude: float

    def path(self, wkb: bytes | memoryview | None) -> str:
        """The polygons as SVG path data."""
        rings = []
        for polygon in shapely.get_parts(shapely.from_wkb(bytes(wkb or b""))):
            for ring in (polygon.exterior, *polygon.interiors):
                points = " ".join(
                    f"{(x - self.west) * self.metres_per_longitude:.1f},{(self.north - y) * METRES_PER_DEGREE:.1f}"
                    for x, y in ring.coords[:-1]
                )
                rings.append(f"M{points}Z")
        return " ".join(rings)
