"""Corridors for the screens: what cuts them, with the states of their sections, and the networks they form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zhengtu.campaign.facts import SectionStanding
from zhengtu.campaign.queries import section_standings
from zhengtu.campaign.reach import reach_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.spatial.corridors import Corridor, Opening
from zhengtu.core.spatial.networks import Network
from zhengtu.registry.corridor_queries import (
    CORRIDOR_KINDS,
    VERB,
    ProjectCorridor,
    corridor_for,
    corridors_for,
    networks_among,
)
from zhengtu.registry.queries import projects_for


@dataclass(frozen=True, slots=True)
class OutstandingSection:
    """A section that is not handed over, with what it would open alone on its corridor."""

    project: str
    opening: Opening
    standing: SectionStanding


@dataclass(frozen=True, slots=True)
class CorridorOverview:
    """Every corridor in reach.

    Attributes:
        standings: section code -> its figures.
        outstanding: all sections that cut a corridor, the most metres opened per household left first.
        networks: kind (``railway`` or ``road``) and network.
    """

    corridors: Sequence[ProjectCorridor]
    standings: Mapping[str, SectionStanding]
    outstanding: Sequence[OutstandingSection]
    networks: Sequence[tuple[str, Network]]


@dataclass(frozen=True, slots=True)
class CorridorPage:
    """One corridor with its sections, the parcels that cut it, and the network it belongs to."""

    whole: ProjectCorridor
    standings: Mapping[str, SectionStanding]
    outstanding: Sequence[OutstandingSection]
    by_parcels: Corridor
    parcel_names: Mapping[str, str]
    networks: Sequence[tuple[str, Network]]


def corridor_overview(actor: Actor, *, on: date, known: date | None) -> CorridorOverview:
    """All corridors in reach on a day."""
    corridors = corridors_for(actor, on=on, known=known)
    standings = _standings(actor, [one.project.code for one in corridors], on=on, known=known)
    outstanding = [found for one in corridors for found in _outstanding(one, standings)]
    outstanding.sort(key=lambda one: (-round(one.opening.opens_m_per_household, 1), one.opening.codes))
    return CorridorOverview(
        corridors=corridors, standings=standings, outstanding=outstanding, networks=networks_among(corridors),
    )


def corridor_page(actor: Actor, project: str, *, on: date, known: date | None) -> CorridorPage | None:
    """One corridor in reach on a day; None where there is none."""
    detail = corridor_for(actor, project, on=on, known=known)
    if detail is None:
        return None
    standings = _standings(actor, [project], on=on, known=known)
    networks = networks_among(corridors_for(actor, on=on, known=known))
    return CorridorPage(
        whole=detail.whole, standings=standings, outstanding=_outstanding(detail.whole, standings),
        by_parcels=detail.by_parcels, parcel_names=detail.parcel_names,
        networks=[(kind, network) for kind, network in networks if project in network.corridors],
    )


def has_corridor(actor: Actor, project: str) -> bool:
    """Whether the actor may look at a corridor of that project."""
    return projects_for(actor, verb=VERB).filter(pk=project, kind__in=CORRIDOR_KINDS).exists()


def _standings(
    actor: Actor, projects: Sequence[str], *, on: date, known: date | None
) -> dict[str, SectionStanding]:
    found = section_standings(reach_of(actor, verb=VERB), on=on, known=known, condition=Q(project__in=projects))
    return {standing.code: standing for standing in found}


def _outstanding(one: ProjectCorridor, standings: Mapping[str, SectionStanding]) -> list[OutstandingSection]:
    if not one.corridor.is_strip:
        return []
    return [
        OutstandingSection(project=one.project.code, opening=opening, standing=standings[opening.codes[0]])
        for opening in one.corridor.openings
    ]
