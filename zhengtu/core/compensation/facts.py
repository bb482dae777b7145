"""What is known of a household and what it has chosen: the whole input of a statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from zhengtu.core.compensation.parameters import STANDARD_SET

ZERO_AREA: Final = Decimal(0)


class Regime(StrEnum):
    """The statutory regime."""

    STATE_LAND = "STATE_LAND"
    COLLECTIVE_LAND = "COLLECTIVE_LAND"
    LEGACY_DEMOLITION = "LEGACY_DEMOLITION"


class Use(StrEnum):
    """What a building is used for, as registered or recognised."""

    DWELLING = "dwelling"
    SHOP = "shop"
    STORAGE = "storage"
    NON_DWELLING = "non_dwelling"


class Standing(StrEnum):
    """What the registration, or the investigation of what is unregistered, has found."""

    REGISTERED = "registered"
    RECOGNISED = "recognised"
    TEMPORARY = "temporary"
    TEMPORARY_EXPIRED = "temporary_expired"
    UNAUTHORISED = "unauthorised"
    UNDETERMINED = "undetermined"


COMPENSABLE: Final = frozenset({Standing.REGISTERED, Standing.RECOGNISED})


class Mode(StrEnum):
    """How the household chose to be compensated; ``resite`` is a new homestead, on collective land."""

    CASH = "cash"
    EXCHANGE = "exchange"
    RESITE = "resite"


class Transition(StrEnum):
    """Where the household lives until it is resettled."""

    NONE = "none"
    FEE = "fee"
    TURNOVER = "turnover"


@dataclass(frozen=True, slots=True)
class Building:
    """A building or a unit in one.

    Attributes:
        floor_area_m2: registered or recognised area.
        appraised_per_m2: yuan per m² by the household valuation, land-use right included (state-owned land).
        market_per_m2: market price of similar property on the day of announcement (yuan per m²).
        replacement_cost: yuan, replacement cost at present condition, of a temporary or a rural building.
        approved_months, remaining_months: of a temporary building's permit, on the day of announcement.
        is_inside_homestead: lies within the lawful homestead (collective land).
    """

    code: str
    use: Use
    standing: Standing
    floor_area_m2: Decimal
    appraised_per_m2: Decimal | None = None
    market_per_m2: Decimal | None = None
    replacement_cost: Decimal | None = None
    approved_months: int = 0
    remaining_months: int = 0
    is_inside_homestead: bool = True
    structure: str = ""
    built_year: int | None = None
    floor: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the household.

    Attributes:
        reference: stands for the person where the name is masked.
        hardships: keys of the hardship table, e.g. ``low_income``, ``disability``.
        loses_farmland: is to be covered by social security as a farmer whose land was taken.
    """

    name: str
    reference: str = ""
    hardships: frozenset[str] = frozenset()
    loses_farmland: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A thing attached to land or house: counted, or appraised as a whole (yuan)."""

    kind: str
    quantity: Decimal = Decimal(1)
    appraised: Decimal | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sum in yuan that a valuer or mover put on one item: ``fittings``, ``equipment_moving``."""

    item: str
    amount: Decimal
    evidence: str


@dataclass(frozen=True, slots=True)
class Business:
    """What is needed to compensate a business for standing still.

    Attributes:
        monthly_profit: yuan after tax, mean of the period that the local method names.
        assessed_loss: yuan by valuation, where there is one.
        stoppage_months: expected stoppage when the title is exchanged.
        has_licence, pays_tax: licence at this address, taxes paid.
    """

    monthly_profit: Decimal | None = None
    assessed_loss: Decimal | None = None
    stoppage_months: Decimal | None = None
    has_licence: bool = False
    pays_tax: bool = False


@dataclass(frozen=True, slots=True)
class Land:
    """Collective land taken: price zone, land class, area in m², and the crop on it."""

    code: str
    zone: str
    land_class: str
    area_m2: Decimal
    crop: str = ""
    crop_area_m2: Decimal = ZERO_AREA


@dataclass(frozen=True, slots=True)
class Homestead:
    """A rural homestead as the appraisal ledger holds it.

    Attributes:
        legal_area_m2: lawful area (合法宅基地面积).
        control_area_m2: control standard area (控制标准面积).
        built_area_m2: footprint of lawful buildings in it; the rest counts as unbuilt.
        household_splits: further households that the village recognises as split off.
    """

    legal_area_m2: Decimal
    control_area_m2: Decimal
    built_area_m2: Decimal = ZERO_AREA
    household_splits: int = 0


@dataclass(frozen=True, slots=True)
class ReplacementHouse:
    """A house taken in exchange; its price (yuan per m²) is of the same value date as the house given up."""

    code: str
    floor_area_m2: Decimal
    price_per_m2: Decimal


@dataclass(frozen=True, slots=True)
class HouseholdFacts:
    """One household as surveyed, recognised and valued.

    Attributes:
        place: division code of the jurisdiction, e.g. ``220204``.
        project: code of the project, whose adopted scheme applies.
        parameter_set: the pilot that the project elects, or ``standard``.
        signing_opens_on: first day of the signing period; the day itself is not counted.
        stairwell_signed_on: day on which the last household of the stairwell signed.
        pieces: local items counted by piece, by parameter id.
        is_sole_home: has no other dwelling.
    """

    code: str
    place: str
    regime: Regime
    project: str = ""
    parameter_set: str = STANDARD_SET
    members: tuple[Member, ...] = ()
    buildings: tuple[Building, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    quotes: tuple[Quote, ...] = ()
    business: Business | None = None
    lands: tuple[Land, ...] = ()
    homestead: Homestead | None = None
    pieces: Mapping[str, Decimal] = field(default_factory=dict)
    is_sole_home: bool = False
    signing_opens_on: date | None = None
    stairwell_signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """What the household chose, and when it acted.

    Attributes:
        transition_months: agreed transition in months, when houses are exchanged and not ready.
        replacements: houses taken in exchange.
        signed_on, vacated_on: None while not done: a reward tied to it is then left out, and said to be.
        takes_voucher: takes a housing voucher for the cash.
    """

    mode: Mode
    transition: Transition = Transition.NONE
    transition_months: int = 0
    replacements: tuple[ReplacementHouse, ...] = ()
    signed_on: date | None = None
    vacated_on: date | None = None
    takes_voucher: bool = False
