"""States on the map: which state each parcel, building, section and household had on a date.

A place with several households stands where its least advanced household stands. A section that was
handed over stands at the end, whatever its households' files say. What has no registered household
stands at 0.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt

from zhengtu.core.ledger.milestones import State
from zhengtu.registry.ledger_days import (
    NEVER,
    Days,
    HouseholdDays,
    Numbers,
    Places,
    at_least,
    day_number,
    household_days,
    ledger_position,
    places,
)
from zhengtu.registry.map_areas import MapArea
from zhengtu.registry.models import TileSet

HANDED_OVER: Final = "handed_over"
RANKS: Final = ("unregistered", *(str(state) for state in State), HANDED_OVER)
"""Names of the states on the map by rank; the last only sections reach."""
OVERDUE_BIT: Final = 0x80
"""Set beside the rank of what holds a household that is overdue on the date."""
LEVELS: Final = ("section", "parcel", "building", "household")
_KEPT: Final = 24

States = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class AreaDays:
    """An area's households and what follows for its places.

    Attributes:
        parcel: (highest map number + 1, 7) days of reaching each state or further.
        building: the same by building number.
        section: (n, 8) by index into ``households.sections``; the last column is the hand-over.
        parcels: where each parcel lies, by map number; ``buildings`` likewise.
    """

    households: HouseholdDays
    parcel: Days
    building: Days
    section: Days
    parcels: Places
    buildings: Places


_kept: OrderedDict[tuple[object, ...], AreaDays] = OrderedDict()
_lock = Lock()


def area_days(
    area: MapArea, *, known: date | None, tiles: TileSet | None, on: date | None = None
) -> AreaDays:
    """An area's days, kept in this process until a deed or new tiles make them stale.

    Args:
        on: the day that is looked at: whose house was lived in again by then is not vacated; None where the fallen
            are told apart (``HouseholdDays.fallen``).
    """
    key = (area.key, known, tiles.version if tiles else "", ledger_position())
    days = _held(key)
    if days is None:
        households = household_days(area, known=known)
        days = _keep(key, days_of_places(
            households,
            parcels=places("parcel", sections=households.sections),
            buildings=places("building", sections=households.sections),
        ))
    fallen = days.households.fallen_by(on=on) if on is not None else 0
    if not fallen:
        return days
    return _held((*key, fallen)) or _keep((*key, fallen), days_of_places(
        days.households.with_fallen(fallen), parcels=days.parcels, buildings=days.buildings
    ))


def _held(key: tuple[object, ...]) -> AreaDays | None:
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def _keep(key: tuple[object, ...], days: AreaDays) -> AreaDays:
    with _lock:
        _kept[key] = days
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return days


def days_of_places(households: HouseholdDays, *, parcels: Places, buildings: Places) -> AreaDays:
    """What the households' days say of their parcels, buildings and sections."""
    of_section = _latest(households.section, households.reached, count=len(households.sections))
    return AreaDays(
        households=households,
        parcel=_latest(households.parcel, households.reached, count=len(parcels.section), without_zero=True),
        building=_latest(households.building, households.reached, count=len(buildings.section), without_zero=True),
        section=at_least(np.column_stack((of_section, households.handed_over)).astype(np.uint16)),
        parcels=parcels,
        buildings=buildings,
    )


def _latest(places: Numbers, days: Days, *, count: int, without_zero: bool = False) -> Days:
    """The latest day of any household in each place; ``NEVER`` where there is none."""
    latest = np.full((count, days.shape[1]), NEVER, dtype=np.uint16)
    if len(places):
        order = np.argsort(places, kind="stable")
        held, starts = np.unique(places[order], return_index=True)
        latest[held] = np.maximum.reduceat(days[order], starts, axis=0)
    if without_zero:
        latest[:1] = NEVER
    return latest


def ranks_on(days: Days, *, on: date) -> States:
    """The rank reached by the end of that day: how many of the ordered states have been reached."""
    return (days <= day_number(on)).sum(axis=1).astype(np.uint8)


def overdue_on(households: HouseholdDays, *, on: date) -> npt.NDArray[np.bool_]:
    """Which households were promised a home for an earlier day and have not come home."""
    day = day_number(on)
    return (households.overdue_from <= day) & (households.overdue_until > day)


def states_on(days: AreaDays, *, level: str, on: date) -> States:
    """Rank of each place of a level on a date, with ``OVERDUE_BIT`` where a household is overdue.

    Returns:
        One byte per place: by map number for parcels and buildings (place 0 is unused), by index for
        sections and households.
    """
    households = days.households
    overdue = overdue_on(households, on=on)
    if level == "household":
        return (ranks_on(households.reached, on=on) | (overdue * np.uint8(OVERDUE_BIT))).astype(np.uint8)
    reached = {"parcel": days.parcel, "building": days.building, "section": days.section}[level]
    states = ranks_on(reached, on=on)
    late = getattr(households, level)[overdue]
    states[late] |= OVERDUE_BIT
    if level != "section":
        states[:1] = 0
    return states
