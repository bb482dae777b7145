"""Service of notices over a section or a part of a project: what on whom, how far, and who is not yet served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.procedure.serving import ServiceDue, ServiceState, services_due
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household, Parcel, Participation, Section
from zhengtu.registry.owners import HeldOwner, owners_of_all
from zhengtu.registry.procedure_cases import cases_of
from zhengtu.registry.queries import households_for, participations_for, sections_for


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One document for one owner of one household.

    Attributes:
        deed: key of the deed that proves the service, or empty.
    """

    household: Household
    owner: HeldOwner
    due: ServiceDue
    deed: str = ""

    @property
    def code(self) -> str:
        """The household's code."""
        return self.household.code


@dataclass(frozen=True, slots=True)
class ServicePlace:
    """A section or a part of a project whose services are asked for."""

    code: str
    section: Section | None
    participation: Participation


def service_place_for(actor: Actor, code: str) -> ServicePlace | None:
    """The section or part of a project with that code in the actor's reach, or None."""
    try:
        kind = kind_of(code)
    except ValueError:
        return None
    if kind == "section":
        section = sections_for(actor).select_related("project", "jurisdiction").filter(pk=code).first()
        if section is None:
            return None
        part = Participation.objects.select_related("project", "jurisdiction").filter(
            project=section.project_id, jurisdiction=section.jurisdiction_id
        ).first()
        return None if part is None else ServicePlace(code, section, part)
    if kind != "participation":
        return None
    jurisdiction, _, project = code.partition("-")
    parts = participations_for(actor).select_related("project", "jurisdiction")
    part = parts.filter(jurisdiction=jurisdiction, project__code__endswith=f"-{project}").first()
    return None if part is None else ServicePlace(code, None, part)


def service_rows(actor: Actor, place: str, *, today: date, known: date | None) -> list[ServiceRow]:
    """Every service that is due at a place by that day, household by household, in the order of the procedure."""
    households = list(
        households_for(actor).filter(code__startswith=f"{place}-").select_related("section").order_by("code")
    )
    return _rows(households, today=today, known=known)


def services_of(household: Household, *, today: date, known: date | None) -> list[ServiceRow]:
    """The services due to one household's owners."""
    return _rows([household], today=today, known=known)


def _rows(households: Sequence[Household], *, today: date, known: date | None) -> list[ServiceRow]:
    cases = cases_of([household.code for household in households], known=known)
    owners = owners_of_all(households)
    calendar = current_rulebook().calendar
    rows = []
    for household in households:
        case = cases.get(household.code)
        if case is None:
            continue
        held = owners[household.code]
        for due in services_due(
            facts=case.facts, procedure=case.procedure, calendar=calendar, owners=len(held), today=today
        ):
            deed = due.fact.reference.partition("/")[0] if due.fact else ""
            rows.append(ServiceRow(household, held[due.owner - 1], due, deed))
    return rows


def worst_by_parcel(rows: Sequence[ServiceRow]) -> dict[str, tuple[ServiceState, str]]:
    """Parcel -> its least served state among the rows, and the household that has it."""
    order = list(ServiceState)
    found: dict[str, tuple[ServiceState, str]] = {}
    for row in rows:
        parcel = row.household.parcel_id
        if parcel and (parcel not in found or order.index(row.due.state) < order.index(found[parcel][0])):
            found[parcel] = (row.due.state, row.code)
    return found


def parcels_at(place: str, *, limit: int) -> list[Parcel]:
    """Parcels of a place that have a shape, at most so many."""
    rows = Parcel.objects.filter(code__startswith=f"{place}-", shape__isnull=False)
    return list(rows.order_by("code")[:limit])


def sections_at(place: str) -> list[Section]:
    """The section, or the sections of the part of a project, that have a shape."""
    here = Q(code=place) | Q(code__startswith=f"{place}-")
    return list(Section.objects.filter(here, shape__isnull=False).order_by("code"))
