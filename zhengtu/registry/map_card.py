"""The card of one place: what it is, where it belongs, and who of its households stands where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import kind_of, section_of
from zhengtu.core.ledger.milestones import Milestone, MilestoneDates, State, state_on
from zhengtu.ledger.milestone_queries import milestones_of
from zhengtu.registry.map_areas import VERB
from zhengtu.registry.models import Building, Household, Parcel, Section
from zhengtu.registry.queries import buildings_for, households_for, parcels_for, sections_for

SHOWN: Final = 40
"""Most households listed on one card."""


@dataclass(frozen=True, slots=True)
class HouseholdLine:
    """A household on a card: its code, room and state on the date; ``is_overdue`` when its new home is."""

    code: str
    room: str
    state: State | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """A section, parcel or building with its households, as far as the actor may see dossiers.

    Attributes:
        state_counts: households by state on the date, registered ones only.
        unregistered: households without registration by then.
        overdue: households whose promised home is overdue.
        households: the first of them; empty when the actor may not see dossiers here.
        codes: all its households, for counts; not to be shown.
    """

    kind: str
    code: str
    section: Section
    parcel: Parcel | None
    building: Building | None
    handed_over_on: date | None
    state_counts: dict[State, int]
    unregistered: int
    overdue: int
    households: tuple[HouseholdLine, ...]
    households_count: int
    codes: tuple[str, ...]


def place_card(actor: Actor, *, code: str, on: date, known: date | None) -> PlaceCard | None:
    """The card of that code, or None when there is no such place in reach.

    Args:
        on: states by the end of this day.
        known: as recorded by the end of this day; None for now.
    """
    try:
        kind = kind_of(code)
    except ValueError:
        return None
    parcel = building = None
    if kind == "parcel":
        parcel = parcels_for(actor, verb=VERB).filter(code=code).defer("shape").first()
    elif kind == "building":
        building = buildings_for(actor, verb=VERB).filter(code=code).select_related("parcel").first()
        parcel = building.parcel if building else None
    if kind not in ("section", "parcel", "building") or (kind != "section" and parcel is None and building is None):
        return None
    sections = sections_for(actor, verb=VERB).select_related("project", "jurisdiction")
    section = sections.filter(code=section_of(code)).first()
    if section is None:
        return None
    members = Household.objects.filter(**{kind: code}).order_by("code")
    rows = list(members.values_list("code", "room"))
    dates = milestones_of([row[0] for row in rows], known=known)
    lines = [
        HouseholdLine(row[0], row[1], state_on(dates.get(row[0], {}), on=on), is_overdue(dates.get(row[0], {}), on=on))
        for row in rows
    ]
    visible = set(households_for(actor).filter(**{kind: code}).order_by("code").values_list("code", flat=True)[:SHOWN])
    handed_over = milestones_of([section.code], known=known).get(section.code, {}).get(Milestone.HANDED_OVER)
    return PlaceCard(
        kind=kind, code=code, section=section, parcel=parcel, building=building,
        handed_over_on=handed_over if handed_over and handed_over <= on else None,
        state_counts={state: sum(line.state is state for line in lines) for state in State},
        unregistered=sum(line.state is None for line in lines),
        overdue=sum(line.is_overdue for line in lines),
        households=tuple(line for line in lines if line.code in visible),
        households_count=len(lines), codes=tuple(line.code for line in lines),
    )


def is_overdue(dates: MilestoneDates, *, on: date) -> bool:
    """Whether the promised home was due before that day and the household has not come home by its end."""
    promised, resettled = dates.get(Milestone.PROMISED), dates.get(Milestone.RESETTLED)
    return promised is not None and promised < on and (resettled is None or resettled > on)
