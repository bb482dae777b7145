"""The demonstration campaign as plain values: what `generate` returns and the loader writes.

Small things (units, people, projects) are tuples of frozen records. Large things (parcels, households, facts) are
tables of columns: equally long numpy arrays whose cross references are row indexes into the other tables, so that a
million households fit in memory and can be written in bulk. Codes are the primary keys of the registry:
``sections.code[households.section]`` gives each household's section code.

Areas are m² with two decimals, money is whole yuan, dates are civil dates in Asia/Shanghai (``datetime64[D]``, NaT
where there is none). Geometry is shapely polygons in CGCS2000 geographic coordinates (EPSG:4490), longitude first;
a geometry column is None where the campaign was generated without geometry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from shapely.geometry.base import BaseGeometry

Dates = npt.NDArray[np.datetime64]
Indexes = npt.NDArray[np.int32]
Codes = npt.NDArray[np.str_]
Areas = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]

SUBJECT_KINDS: tuple[str, ...] = ("section", "household")
FACT_KINDS: tuple[str, ...] = (
    "registered",
    "surveyed",
    "unregistered_recognised",
    "valued",
    "valuation_report_served",
    "options_offered",
    "land_options_offered",
    "signed",
    "decided",
    "decision_served",
    "land_decision_served",
    "paid",
    "vacated",
    "demolished",
    "handed_over",
    "resettlement_promised",
    "resettled",
)
OPTIONS: tuple[str, ...] = ("", "cash", "exchange")
HOUSEHOLD_USES: tuple[str, ...] = ("dwelling", "shop", "office", "production")
BUILDING_USES: tuple[str, ...] = ("dwelling", "shop", "office", "production", "outbuilding")
PARCEL_USES: tuple[str, ...] = ("dwelling", "homestead", "production", "farmland", "public", "military")

RegimeCode = Literal["STATE_LAND", "COLLECTIVE_LAND", "LEGACY_DEMOLITION"]
UnitKind = Literal["city", "district", "development_zone", "department", "enterprise", "command_post"]
Role = Literal[
    "mayor",
    "vice_mayor",
    "coordinator",
    "inspector",
    "district_leader",
    "field_officer",
    "client",
    "department",
    "appraiser",
    "auditor",
    "family",
]


@dataclass(frozen=True)
class UnitRecord:
    """A body that can be responsible. `outline` is set only for the zones, whose outlines are invented."""

    code: str
    name: str
    name_en: str
    kind: UnitKind
    parent: str | None
    coordinating: bool = False
    outline: BaseGeometry | None = None


@dataclass(frozen=True)
class PersonRecord:
    """A demonstration account with its one posting; `household` names the file a family account may read."""

    username: str
    name: str
    title: str
    role: Role
    unit: str
    phone: str
    household: str | None = None


@dataclass(frozen=True)
class CampaignRecord:
    """The drive. `speech_on` is the day of the mobilisation meeting on the demonstration's own calendar."""

    code: str
    name: str
    name_en: str
    start_on: date
    end_on: date
    speech_on: date


@dataclass(frozen=True)
class ListRecord:
    """A start list or a supervision list with its projects in order; `level` is nation, province or city."""

    code: str
    name: str
    name_en: str
    kind: Literal["start", "supervision"]
    level: Literal["nation", "province", "city"]
    keeper: str
    start_on: date | None
    projects: tuple[str, ...]


@dataclass(frozen=True)
class MatterRecord:
    """An open matter of a project: who must do what, by when; `as_said` is the deadline in the speech's words."""

    project: str
    units: tuple[str, ...]
    text: str
    due_on: date | None
    as_said: str | None


@dataclass(frozen=True)
class ProjectRecord:
    """A public work that needs land. `jurisdictions` are the district or zone codes it lies in, in order.

    `kind` is one of railway, expressway, urban_road, park, shanty_town, resettlement, public_service, industry;
    `deadline_goal` one of handed_over, launched, resettled. Projects that are not in the speech are invented.
    """

    code: str
    name: str
    name_en: str
    kind: str
    regime: RegimeCode
    client: str
    lead_unit: str
    joint_units: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    sponsor: str
    start_on: date | None
    deadline_on: date
    deadline_goal: str
    in_speech: bool
    overdue_resettlement: bool
    geometry: BaseGeometry | None


@dataclass(frozen=True)
class SectionTable:
    """Sections (节点). `project` indexes projects; `note` is empty or a remark; `order` counts within the project."""

    code: Codes
    project: Indexes
    jurisdiction: Codes
    order: npt.NDArray[np.int32]
    name: list[str]
    note: list[str]
    deadline_on: Dates
    geometry: Geometries | None

    def __len__(self) -> int:
        """Return the number of sections."""
        return len(self.code)


@dataclass(frozen=True)
class ParcelTable:
    """Parcels; `section` indexes sections, `use` indexes PARCEL_USES, `area_m2` is the area on the projected plane."""

    code: Codes
    section: Indexes
    use: npt.NDArray[np.uint8]
    area_m2: Areas
    geometry: Geometries | None

    def __len__(self) -> int:
        """Return the number of parcels."""
        return len(self.code)


@dataclass(frozen=True)
class BuildingTable:
    """Buildings; `parcel` indexes parcels, `use` indexes BUILDING_USES, `floor_area_m2` is footprint times floors."""

    code: Codes
    parcel: Indexes
    use: npt.NDArray[np.uint8]
    floors: npt.NDArray[np.uint8]
    floor_area_m2: Areas
    geometry: Geometries | None

    def __len__(self) -> int:
        """Return the number of buildings."""
        return len(self.code)


@dataclass(frozen=True)
class HouseholdTable:
    """Affected households; all people are invented. `use` indexes HOUSEHOLD_USES.

    `floor_area_m2` is the sum of `registered_area_m2` and `unregistered_area_m2`. `identity_number` is 18 characters
    under the division prefix 999999, which no division has; `phone` begins with 100, which no network assigns. `room`
    is empty outside blocks of flats; `land_area_m2` is the household's part of its parcel.
    """

    code: Codes
    section: Indexes
    parcel: Indexes
    building: Indexes
    head_name: list[str]
    identity_number: Codes
    phone: Codes
    address: list[str]
    room: list[str]
    members: npt.NDArray[np.uint8]
    use: npt.NDArray[np.uint8]
    floor_area_m2: Areas
    registered_area_m2: Areas
    unregistered_area_m2: Areas
    land_area_m2: Areas

    def __len__(self) -> int:
        """Return the number of households."""
        return len(self.code)


@dataclass(frozen=True)
class FactTable:
    """Dated facts in the order in which they were recorded.

    `subject_kind` indexes SUBJECT_KINDS, `subject` is the row of the subject in its table, `kind` indexes FACT_KINDS.
    Attributes are columns: `amount_yuan` (-1 none; the value of a valuation, the sum of a signing, decision or
    payment), `option` (index into OPTIONS, set on signings) and `promised_on` (NaT none).
    """

    subject_kind: npt.NDArray[np.uint8]
    subject: Indexes
    kind: npt.NDArray[np.uint8]
    happened_on: Dates
    recorded_on: Dates
    amount_yuan: npt.NDArray[np.int64]
    option: npt.NDArray[np.uint8]
    promised_on: Dates

    def __len__(self) -> int:
        """Return the number of facts."""
        return len(self.kind)

    def attributes(self, row: int) -> dict[str, Any]:
        """Return the attributes of one fact as a dictionary ready for JSON.

        The amount is named ``value_yuan`` on a valuation and ``amount_yuan`` elsewhere; absent attributes are left out.
        """
        found: dict[str, Any] = {}
        if self.amount_yuan[row] >= 0:
            name = "value_yuan" if FACT_KINDS[self.kind[row]] == "valued" else "amount_yuan"
            found[name] = int(self.amount_yuan[row])
        if self.option[row]:
            found["option"] = OPTIONS[self.option[row]]
        if not np.isnat(self.promised_on[row]):
            found["promised_on"] = str(self.promised_on[row])
        return found


@dataclass(frozen=True)
class StepRecord:
    """A statutory step of a project's part in one jurisdiction, recorded on the day it happened."""

    participation: str
    kind: str
    happened_on: date
    attributes: dict[str, Any]


@dataclass(frozen=True)
class DemonstrationCampaign:
    """The whole demonstration: everything invented but the districts and what the speech says."""

    seed: int
    today: date
    units: tuple[UnitRecord, ...]
    people: tuple[PersonRecord, ...]
    campaign: CampaignRecord
    lists: tuple[ListRecord, ...]
    projects: tuple[ProjectRecord, ...]
    matters: tuple[MatterRecord, ...]
    sections: SectionTable
    parcels: ParcelTable
    buildings: BuildingTable
    households: HouseholdTable
    facts: FactTable
    steps: tuple[StepRecord, ...]

    def subject_codes(self) -> Codes:
        """Return the code of each fact's subject, in the order of the facts."""
        facts = self.facts
        codes = np.empty(len(facts), dtype=self.households.code.dtype)
        for kind, table in enumerate((self.sections.code, self.households.code)):
            rows = facts.subject_kind == kind
            codes[rows] = table[facts.subject[rows]]
        return codes

    def recording_days(self) -> Iterator[tuple[date, slice]]:
        """Yield each day on which facts were recorded, in order, with the slice of the fact table of that day."""
        days = self.facts.recorded_on
        if not len(days):
            return
        starts = np.flatnonzero(np.r_[True, days[1:] != days[:-1]])
        for start, end in zip(starts, np.r_[starts[1:], len(days)], strict=True):
            yield days[start].astype(object), slice(int(start), int(end))
