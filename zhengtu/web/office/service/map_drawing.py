"""The map of who is not yet lawfully served: parcels of a place coloured by their least served owner, as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Final

from zhengtu.core.procedure.serving import ServiceState
from zhengtu.registry.models import Parcel, Section
from zhengtu.web.office.dossier.place_drawing import METRES_PER_DEGREE, MetreFrame

PARCELS_LIMIT: Final = 4_000
_MARGIN_SHARE: Final = 0.03


@dataclass(frozen=True, slots=True)
class DrawnParcel:
    """One parcel: its path, its state or nothing, and the household behind it."""

    path: str
    state: str
    household: str
    code: str


@dataclass(frozen=True, slots=True)
class ServiceMap:
    """A drawing with north up, in metres; ``is_cut`` says that parcels were left out."""

    view_box: str
    parcels: Sequence[DrawnParcel]
    sections: Sequence[tuple[str, str]]
    is_cut: bool


def service_map(
    *, parcels: Sequence[Parcel], sections: Sequence[Section], states: Mapping[str, tuple[ServiceState, str]]
) -> ServiceMap | None:
    """Draw the place; None without any shape. Parcels that have nothing due are drawn pale."""
    boxes = [
        (float(one.west), float(one.south), float(one.east), float(one.north))
        for one in (*parcels, *sections)
        if one.west is not None and one.south is not None and one.east is not None and one.north is not None
    ]
    if not parcels or not boxes:
        return None
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    frame = MetreFrame(
        west=west, north=north, metres_per_longitude=METRES_PER_DEGREE * cos(radians((south + north) / 2))
    )
    wide, tall = (east - west) * frame.metres_per_longitude, (north - south) * METRES_PER_DEGREE
    margin = max(wide, tall) * _MARGIN_SHARE
    return ServiceMap(
        view_box=f"{-margin:.0f} {-margin:.0f} {wide + 2 * margin:.0f} {tall + 2 * margin:.0f}",
        parcels=[
            DrawnParcel(frame.path(parcel.shape), *states.get(parcel.code, ("", "")), parcel.code)
            for parcel in parcels[:PARCELS_LIMIT]
        ],
        sections=[(section.code, frame.path(section.shape)) for section in sections],
        is_cut=len(parcels) > PARCELS_LIMIT,
    )
