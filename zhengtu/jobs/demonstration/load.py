"""Writes the generated campaign into an empty database: organisation, registry and ledger, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
from django.contrib.auth.hashers import make_password
from django.db import transaction

from zhengtu.accounts.founding_writes import insert_organisation
from zhengtu.accounts.models import Person, Posting, Unit
from zhengtu.accounts.passwords import first_password
from zhengtu.accounts.sealing import seal, search_index
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.core.kernel.masking import mask_identity, mask_name
from zhengtu.jobs.demonstration.deeds import record_history
from zhengtu.jobs.demonstration.funding import record_funding
from zhengtu.jobs.demonstration.housing import Housing
from zhengtu.jobs.demonstration.model import BUILDING_USES, HOUSEHOLD_USES, DemonstrationCampaign
from zhengtu.jobs.demonstration.people import ACCOUNT_OF_NOBODY
from zhengtu.jobs.demonstration.policy import record_policy
from zhengtu.jobs.demonstration.resettlement import insert_housing
from zhengtu.jobs.demonstration.script import as_said
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry import founding_writes
from zhengtu.registry.models import (
    Campaign,
    Deadline,
    Participation,
    Project,
    Section,
    StartList,
)

Progress = Callable[[str], None]

DEADLINE_NAMES = {
    "handed_over": ("全部交地", "All land handed over"),
    "launched": ("全线启动征收", "Expropriation launched everywhere"),
    "resettled": ("群众安置到位", "Families resettled"),
    "started": ("如期开工", "Construction starts"),
    "vacated": ("全部腾空", "All vacated"),
    "signed": ("全部签约", "All signed"),
}


def load(
    demonstration: DemonstrationCampaign, *, now: datetime, say: Progress = lambda line: None
) -> dict[str, str]:
    """Write everything in one transaction.

    Args:
        now: the instant of loading, aware; no deed is dated later.
        say: told of each stage.

    Returns:
        Username -> password, drawn at random for each account and kept nowhere else.
    """
    passwords = {person.username: first_password() for person in demonstration.people}
    with transaction.atomic():
        say("organisation")
        codes = _insert_organisation(demonstration, passwords)
        say("projects and sections")
        _insert_campaign(demonstration)
        founding_writes.replace_outlines(
            {unit.code: unit.outline for unit in demonstration.units if unit.outline is not None},
            source="演示轮廓（虚构）", at=now, is_demonstration=True,
        )
        say("parcels, buildings and households")
        _insert_map(demonstration)
        founding_writes.insert_households(_household_rows(demonstration))
        say("resettlement sites and homes")
        housing = Housing(demonstration, current_rulebook().resettlement)
        insert_housing(housing)
        say("deeds and facts")
        record_history(demonstration, housing=housing, person_codes=codes, now=now)
        say("adopted schemes and a policy trial")
        record_policy(demonstration, person_codes=codes, now=now)
        say("plans, arrivals and bank statements")
        record_funding(demonstration, person_codes=codes, now=now)
    return passwords


def _insert_organisation(demonstration: DemonstrationCampaign, passwords: dict[str, str]) -> dict[str, str]:
    """Insert units, people and postings; returns username -> person code."""
    city = next(unit.code for unit in demonstration.units if unit.kind == "city")
    codes = {person.username: f"{city}-u{number:04d}" for number, person in enumerate(demonstration.people, start=1)}
    start = demonstration.campaign.start_on
    units = [
        Unit(
            code=unit.code, kind=unit.kind, name=unit.name, short_name=unit.name[:16], name_en=unit.name_en,
            superior_id=None if unit.kind == "city" else unit.parent or city,
        )
        for unit in demonstration.units
    ]
    people = [
        Person(
            code=codes[person.username], username=person.username, name=person.name,
            password=make_password(passwords[person.username]), phone_sealed=seal({"phone": person.phone}),
        )
        for person in demonstration.people
    ]
    postings = [
        Posting(
            person_id=codes[person.username], unit_id=person.unit, role=person.role, title=person.title,
            subject=subject, from_on=start,
        )
        for person in demonstration.people
        for subject in _posted_to(demonstration, person.username)
    ]
    postings += _payment_postings(demonstration, codes)
    insert_organisation(units=units, people=people, postings=postings)
    return codes


def _posted_to(demonstration: DemonstrationCampaign, username: str) -> list[str]:
    """The single things that a post is for: the family's household, a command post's or appraiser's projects."""
    person = next(person for person in demonstration.people if person.username == username)
    if person.household:
        return [person.household]
    if person.role == "appraiser":
        return [project.code for project in demonstration.projects]
    if person.role == "district_leader" and "-" in person.unit:
        # The unpinned post reaches no place; by it the command post receives and answers directives.
        return [*(project.code for project in demonstration.projects if project.lead_unit == person.unit), ""]
    return [""]


def _payment_postings(demonstration: DemonstrationCampaign, codes: dict[str, str]) -> list[Posting]:
    """Three people of the finance bureau pay for the clients that have no account of their own."""
    with_account = {person.unit for person in demonstration.people if person.role == "client"}
    clients = {project.client for project in demonstration.projects} - with_account
    return [
        Posting(
            person_id=codes[payer], unit_id=client, role="client", title="征收资金拨付",
            from_on=demonstration.campaign.start_on,
        )
        for client in sorted(clients)
        for payer in ("finance_bureau", "finance_maker", "finance_checker")
    ]


def _shape_of(shape: Any) -> dict[str, Any]:
    if shape is None:
        return {}
    columns = founding_writes.shape_columns(np.array([shape]))[0]
    return dict(zip(founding_writes.SHAPE_FIELDS, columns, strict=True))


def _insert_campaign(demonstration: DemonstrationCampaign) -> None:
    record, sections = demonstration.campaign, demonstration.sections
    founding_writes.insert_campaign(
        campaign=Campaign(
            code=record.code, name=record.name, name_en=record.name_en, start_on=record.start_on,
            end_on=record.end_on, is_demonstration=True,
        ),
        projects=[
            Project(
                code=project.code, campaign_id=record.code, name=project.name, name_en=project.name_en,
                kind=project.kind, regime=project.regime, client_id=project.client, lead_id=project.lead_unit,
                is_fictitious=not project.in_speech, **_shape_of(project.geometry),
            )
            for project in demonstration.projects
        ],
        participations=[
            Participation(project_id=project.code, jurisdiction_id=division, is_lead=position == 0)
            for project in demonstration.projects
            for position, division in enumerate(project.jurisdictions)
        ],
        lists={
            entry.code: (
                StartList(
                    code=entry.code, campaign_id=record.code, name=entry.name, name_en=entry.name_en,
                    kind=_list_kind(entry.kind, entry.level), start_on=entry.start_on,
                ),
                entry.projects,
            )
            for entry in demonstration.lists
        },
        sections=[
            Section(
                code=str(sections.code[row]), project_id=demonstration.projects[sections.project[row]].code,
                jurisdiction_id=str(sections.jurisdiction[row]), name=sections.name[row],
                name_en=f"Section {int(sections.order[row])}", order=int(sections.order[row]),
                **_shape_of(None if sections.geometry is None else sections.geometry[row]),
            )
            for row in range(len(sections))
        ],
        deadlines=list(_deadlines(demonstration)),
    )


def _list_kind(kind: str, level: str) -> str:
    if kind == "start":
        return "start"
    return "supervision_national" if level == "nation" else "supervision_provincial"


def _deadlines(demonstration: DemonstrationCampaign) -> Iterator[Deadline]:
    """Each project's own deadline, and the common start date of its start list."""
    source = "动员讲话；日期按演示日历换算"
    campaign = demonstration.campaign.code
    for project in demonstration.projects:
        name, name_en = DEADLINE_NAMES[project.deadline_goal]
        yield Deadline(
            campaign_id=campaign, project_id=project.code, goal=project.deadline_goal, due_on=project.deadline_on,
            name=name, name_en=name_en, source=source,
        )
    for entry in demonstration.lists:
        if entry.start_on is None:
            continue
        for code in entry.projects:
            yield Deadline(
                campaign_id=campaign, project_id=code, goal="started", due_on=entry.start_on,
                name=f"{entry.name}{DEADLINE_NAMES['started'][0]}", name_en=entry.name_en,
                source=as_said("april_start"),
            )


def _map_numbers(codes: Any) -> list[int]:
    """Consecutive numbers within each jurisdiction, in the order of the rows."""
    last: dict[str, int] = {}
    numbers = []
    for code in codes:
        division = jurisdiction_of(str(code))
        last[division] = last.get(division, 0) + 1
        numbers.append(last[division])
    return numbers


def _insert_map(demonstration: DemonstrationCampaign) -> None:
    sections, parcels, buildings = demonstration.sections, demonstration.parcels, demonstration.buildings
    if parcels.geometry is None or buildings.geometry is None:
        raise ValueError("the demonstration is loaded with its shapes")
    section_codes = sections.code[parcels.section].tolist()
    founding_writes.insert_parcels(
        (code, section, number, "", Decimal(f"{area:.2f}"), *shape)
        for code, section, number, area, shape in zip(
            parcels.code.tolist(), section_codes, _map_numbers(parcels.code), parcels.area_m2.tolist(),
            founding_writes.shape_columns(parcels.geometry), strict=True,
        )
    )
    founding_writes.insert_buildings(
        (code, section, parcel, number, BUILDING_USES[use], floors, Decimal(f"{area:.2f}"), *shape)
        for code, section, parcel, number, use, floors, area, shape in zip(
            buildings.code.tolist(), sections.code[parcels.section[buildings.parcel]].tolist(),
            parcels.code[buildings.parcel].tolist(), _map_numbers(buildings.code), buildings.use.tolist(),
            buildings.floors.tolist(), buildings.floor_area_m2.tolist(),
            founding_writes.shape_columns(buildings.geometry), strict=True,
        )
    )


def _household_rows(demonstration: DemonstrationCampaign) -> Iterator[tuple[Any, ...]]:
    households, parcels, buildings = demonstration.households, demonstration.parcels, demonstration.buildings
    columns = zip(
        households.code.tolist(), demonstration.sections.code[households.section].tolist(),
        _named(parcels.code, households.parcel), _named(buildings.code, households.building), households.room,
        households.head_name, households.identity_number.tolist(), households.phone.tolist(), households.address,
        households.use.tolist(), households.members.tolist(), households.registered_area_m2.tolist(),
        households.unregistered_area_m2.tolist(), households.land_area_m2.tolist(), strict=True,
    )
    for number, (code, section, parcel, building, room, name, identity, phone, address, use, members, registered,
                 unregistered, land) in enumerate(columns):
        yield (
            code, section, parcel, building, room,
            seal({
                "name": name, "identity_number": identity, "phone": phone, "bank": "演示银行",
                "account": f"{ACCOUNT_OF_NOBODY}{number:011d}",
            }),
            mask_name(name), search_index(name), mask_identity(identity), search_index(identity), address,
            HOUSEHOLD_USES[use], members, Decimal(f"{registered:.2f}"), Decimal(f"{unregistered:.2f}"),
            Decimal(f"{land:.2f}"),
        )


def _named(codes: Any, rows: Any) -> list[str | None]:
    """The code at each row index; None where the index is negative."""
    return [None if row < 0 else str(codes[row]) for row in rows.tolist()]
