"""Generate the demonstration campaign: the same arguments give the same campaign, to the last digit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zhengtu.jobs.demonstration.facts import Told, collect_facts
from zhengtu.jobs.demonstration.ground import to_degrees, zone_outline
from zhengtu.jobs.demonstration.histories import Households, history
from zhengtu.jobs.demonstration.model import (
    HOUSEHOLD_USES,
    CampaignRecord,
    DemonstrationCampaign,
    ListRecord,
    MatterRecord,
    PersonRecord,
    ProjectRecord,
    UnitRecord,
)
from zhengtu.jobs.demonstration.people import PHONE_OF_NOBODY
from zhengtu.jobs.demonstration.procedure_steps import procedure_steps
from zhengtu.jobs.demonstration.script import ProjectScript, as_said, day_of, project_scripts, read_script
from zhengtu.jobs.demonstration.shapes import LaidProject, lay_out
from zhengtu.jobs.demonstration.tables import Tables, tables


def generate(
    *, households: int = 20_000, seed: int = 2025, today: date, with_geometry: bool = True
) -> DemonstrationCampaign:
    """Return the demonstration campaign with exactly `households` households on the day `today`.

    Without geometry no free ground is sought and all shapes are None; codes, people and histories are there all the
    same. Raises ValueError for fewer than 200 households and RuntimeError where the city has no more free ground.
    """
    laid = lay_out(
        project_scripts(households=households, seed=seed), households=households, seed=seed, placed=with_geometry
    )
    registry = tables(laid, seed=seed, today=today, with_geometry=with_geometry)
    scripts = [project.script for project in laid]
    told = list(_told(laid, registry, seed))
    return DemonstrationCampaign(
        seed=seed,
        today=today,
        units=_units(),
        people=_people(scripts, registry),
        campaign=_campaign(today),
        lists=_lists(scripts, today),
        projects=tuple(_project(project, today=today, with_geometry=with_geometry) for project in laid),
        matters=tuple(_matters(scripts, today)),
        sections=registry.sections,
        parcels=registry.parcels,
        buildings=registry.buildings,
        households=registry.households,
        facts=collect_facts(told, seed=seed, today=today),
        steps=tuple(
            step
            for project, one in zip(scripts, told, strict=True)
            for step in procedure_steps(project, one.history, one.homes, today=today)
        ),
    )


def _units() -> tuple[UnitRecord, ...]:
    return tuple(
        UnitRecord(
            code=unit["code"],
            name=unit["name"],
            name_en=unit["name_en"],
            kind=unit["kind"],
            parent=None if unit["kind"] == "city" else unit.get("parent", "220200"),
            coordinating=unit.get("coordinating", False),
            outline=zone_outline(unit["code"]),
        )
        for unit in read_script()["units"]
    )


def _people(scripts: list[ProjectScript], registry: Tables) -> tuple[PersonRecord, ...]:
    """Return the accounts; the family's is that of the first dwelling of the project that its entry names."""
    dwelling = registry.households.use == HOUSEHOLD_USES.index("dwelling")
    first = {
        script.code: start + int(np.argmax(dwelling[start:end]))
        for script, start, end in zip(scripts, registry.bounds[:-1], registry.bounds[1:], strict=True)
        if start < end
    }
    found = []
    for index, entry in enumerate(read_script()["people"]):
        row = first.get(entry.get("household_of", ""))
        found.append(
            PersonRecord(
                username=entry["username"],
                name=entry["name"] if row is None else registry.households.head_name[row],
                title=entry["title"],
                role=entry["role"],
                unit=entry["unit"],
                phone=str(PHONE_OF_NOBODY + index),
                household=None if row is None else str(registry.households.code[row]),
            )
        )
    return tuple(found)


def _campaign(today: date) -> CampaignRecord:
    entry = read_script()["campaign"]
    return CampaignRecord(
        code=entry["code"],
        name=entry["name"],
        name_en=entry["name_en"],
        start_on=day_of("campaign_start", today=today),
        end_on=day_of("campaign_end", today=today),
        speech_on=day_of("speech", today=today),
    )


def _lists(scripts: list[ProjectScript], today: date) -> tuple[ListRecord, ...]:
    return tuple(
        ListRecord(
            code=entry["code"],
            name=entry["name"],
            name_en=entry["name_en"],
            kind=entry["kind"],
            level=entry["level"],
            keeper=entry["keeper"],
            start_on=day_of(entry["start"], today=today) if "start" in entry else None,
            projects=tuple(script.code for script in scripts if entry["code"] in script.lists),
        )
        for entry in read_script()["lists"]
    )


def _project(laid: LaidProject, *, today: date, with_geometry: bool) -> ProjectRecord:
    script = laid.script
    starts = any("april" in code for code in script.lists)
    return ProjectRecord(
        code=script.code,
        name=script.name,
        name_en=script.name_en,
        kind=script.kind,
        regime=script.regime,
        client=script.client,
        lead_unit=script.lead_unit,
        joint_units=script.joint_units,
        jurisdictions=script.jurisdictions,
        sponsor=script.sponsor,
        start_on=day_of("april_start", today=today) if starts else None,
        deadline_on=day_of(script.deadline, today=today),
        deadline_goal=script.deadline_goal,
        in_speech=script.in_speech,
        overdue_resettlement=bool(script.overdue),
        geometry=_outline(laid.outlines) if with_geometry else None,
    )


def _outline(sections: list[BaseGeometry]) -> BaseGeometry:
    return shapely.transform(shapely.union_all(sections), to_degrees)


def _matters(scripts: list[ProjectScript], today: date) -> Iterator[MatterRecord]:
    for script in scripts:
        for matter in script.matters:
            yield MatterRecord(
                project=script.code,
                units=tuple(matter["units"]),
                text=matter["text"],
                due_on=day_of(matter["due"], today=today),
                as_said=matter.get("as_said", as_said(matter["due"])),
            )


def _told(laid: list[LaidProject], registry: Tables, seed: int) -> Iterator[Told]:
    households = registry.households
    dwelling = households.use == HOUSEHOLD_USES.index("dwelling")
    first_section = 0
    for project, first, end in zip(laid, registry.bounds[:-1], registry.bounds[1:], strict=True):
        rows = slice(int(first), int(end))
        building: Any = households.building[rows]
        homes = Households(
            section=households.section[rows] - first_section,
            building=building - building.min(),
            jurisdiction=project.jurisdictions,
            dwelling=dwelling[rows],
            registered_m2=households.registered_area_m2[rows],
            unregistered_m2=households.unregistered_area_m2[rows],
        )
        rng = np.random.default_rng([seed, 4, project.script.number])
        yield Told(
            history=history(rng, project.script, homes), homes=homes, regime=project.script.regime,
            first_section=first_section, first_household=int(first), unregistered=homes.unregistered_m2 > 0,
        )
        first_section += len(project.jurisdictions)
