"""Rows of the registry as plain values, for deciding what an import changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import orjson
from django.db import connection

from zhengtu.core.authority.actor import Actor
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.ledger.models import ChainHead
from zhengtu.ledger.projection import milestone_dates
from zhengtu.registry.models import Building, Household, Parcel, Project, Section
from zhengtu.registry.queries import households_for, sections_for

IMPORT_VERB = "survey.import"


class HeldHousehold(NamedTuple):
    """A registered household; areas as texts with two decimals, None where unknown."""

    code: str
    section: str
    parcel: str | None
    building: str | None
    room: str
    personal_sealed: bytes
    name_index: str
    identity_index: str
    address: str
    use: str
    members: int | None
    registered_area_m2: str | None
    unregistered_area_m2: str | None
    land_area_m2: str | None


class HeldStep(NamedTuple):
    """The standing fact of one kind of a household."""

    reference: str
    happened_on: date
    attributes: dict[str, Any]


@dataclass(slots=True)
class RegistryState:
    """What a project holds, as far as the actor may import into it.

    Attributes:
        project: its code.
        campaign_start_on: steps from that day on are recorded with evidence.
        today: the civil date.
        sections: code -> name, those in scope.
        households: code -> household, of these sections.
        parcels: section -> code or name -> codes.
        buildings: codes of these sections.
        last_numbers: section -> highest household number given.
    """

    project: str
    campaign_start_on: date
    today: date
    sections: dict[str, str]
    households: dict[str, HeldHousehold] = field(default_factory=dict)
    parcels: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    buildings: set[str] = field(default_factory=set)
    last_numbers: dict[str, int] = field(default_factory=dict)


def registry_state(*, project: Project, actor: Actor, today: date) -> RegistryState:
    """What the project's sections in the actor's scope hold."""
    sections = sections_for(actor, verb=IMPORT_VERB).filter(project=project).order_by("order", "code")
    names = dict(sections.values_list("code", "name"))
    state = RegistryState(project.code, project.campaign.start_on, today, names)
    columns = HeldHousehold._fields[:-3]
    attributes = [f"{name}_id" if name in ("section", "parcel", "building") else name for name in columns]
    areas = HeldHousehold._fields[-3:]
    rows = Household.objects.filter(section__in=names).order_by().values_list(*attributes, *areas)
    for row in rows.iterator(chunk_size=10_000):
        held = HeldHousehold(
            *row[:5], bytes(row[5]), *row[6:-3], *(None if a is None else f"{a:.2f}" for a in row[-3:])
        )
        state.households[held.code] = held
        number = int(held.code.rsplit("-H", 1)[1])
        if number > state.last_numbers.get(held.section, 0):
            state.last_numbers[held.section] = number
    for code, section, name in Parcel.objects.filter(section__in=names).values_list("code", "section_id", "name"):
        known = state.parcels.setdefault(section, {})
        known.setdefault(code, []).append(code)
        if name:
            known.setdefault(name, []).append(code)
    state.buildings = set(Building.objects.filter(section__in=names).values_list("code", flat=True))
    return state


def households_elsewhere(*, identity_indexes: Sequence[str], project: str) -> dict[str, list[str]]:
    """Identity index -> codes of households of other projects with the same identity number."""
    wanted = [index for index in set(identity_indexes) if index]
    if not wanted or not Household.objects.exclude(section__project=project).exists():
        return {}
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT h.identity_index, h.code FROM {Household._meta.db_table} h"
            f" JOIN {Section._meta.db_table} s ON s.code = h.section_id"
            " WHERE s.project_id <> %s AND h.identity_index = ANY(%s) ORDER BY h.code",
            [project, wanted],
        )
        for index, code in cursor.fetchall():
            found.setdefault(index, []).append(code)
    return found


def visible_households(*, codes: Iterable[str], actor: Actor) -> set[str]:
    """Those of the codes that the actor may see."""
    return set(households_for(actor).filter(code__in=list(codes)).values_list("code", flat=True))


def held_milestones(codes: Sequence[str]) -> dict[str, dict[Milestone, date]]:
    """Milestone dates of the households that have any."""
    return milestone_dates(codes)


def standing_steps(*, codes: Sequence[str], kinds: Sequence[str]) -> dict[tuple[str, str], HeldStep]:
    """(household, kind) -> its earliest standing fact; of a promise the latest."""
    if not codes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.subject, f.kind, f.deed_id || '/' || f.ordinal, f.happened_on, f.attributes::text"
            " FROM ledger_fact f WHERE f.subject = ANY(%s) AND f.kind = ANY(%s) AND NOT EXISTS"
            " (SELECT 1 FROM ledger_fact s WHERE s.supersedes = f.deed_id || '/' || f.ordinal AND s.supersedes <> '')"
            " ORDER BY f.happened_on, f.deed_id, f.ordinal",
            [list(codes), list(kinds)],
        )
        rows = cursor.fetchall()
    steps: dict[tuple[str, str], HeldStep] = {}
    for subject, kind, reference, happened_on, attributes in rows:
        if kind == "resettlement_promised" or (subject, kind) not in steps:
            steps[subject, kind] = HeldStep(reference, happened_on, orjson.loads(attributes))
    return steps


def chain_numbers(project: str) -> dict[str, int]:
    """Division -> number of its last deed, in the project's city: what shows that somebody recorded something."""
    return dict(ChainHead.objects.filter(chain__startswith=project[:4], number__gt=0).values_list("chain", "number"))
