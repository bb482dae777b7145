"""A minimal campaign in the test database: two districts, one project, two sections, six households.

Everything is fictitious and the same on every run. The sections lie near 126.55° E 43.84° N, their
households stand on parcels of about 20 m by 25 m. Facts are recorded through deeds, with evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from unittest.mock import patch

from django.core.files.base import ContentFile
from django.test import Client
from shapely import Polygon, box, to_wkb

from zhengtu.accounts.models import Person, Posting, Unit, UnitKind
from zhengtu.accounts.queries import actor_of
from zhengtu.accounts.sealing import seal, search_index
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.core.kernel.codes import jurisdiction_of, kind_of, project_of
from zhengtu.core.kernel.masking import mask_identity, mask_name
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import keep_file
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import (
    Building,
    Campaign,
    Deadline,
    DeadlineGoal,
    Household,
    Parcel,
    Participation,
    Project,
    ProjectKind,
    Regime,
    Section,
    StartList,
    StartListKind,
)
from zhengtu.registry.queries import subject_of

TODAY: Final = date(2025, 2, 14)
NOW: Final = datetime(2025, 2, 14, 9, 30, tzinfo=SHANGHAI)

CITY: Final = "220200"
CHUANYING: Final = "220204"
LONGTAN: Final = "220203"
CHANGYI: Final = "220202"
HIGH_TECH_ZONE: Final = "220272"
RAILWAY_INVESTMENT: Final = "220200-railway-investment"
TRANSPORT_BUREAU: Final = "220200-transport-bureau"
APPRAISER: Final = "220200-appraiser-jiangcheng"

CAMPAIGN: Final = "220200-C001"
PROJECT: Final = "220200-P0001"
CHUANYING_SECTION: Final = "220204-P0001-S01"
CHANGYI_SECTION: Final = "220202-P0001-S01"

ROLE_UNITS: Final[Mapping[str, str]] = {
    "mayor": CITY, "vice_mayor": CITY, "coordinator": CITY, "inspector": CITY, "auditor": CITY,
    "district_leader": CHUANYING, "field_officer": CHUANYING, "client": RAILWAY_INVESTMENT,
    "department": TRANSPORT_BUREAU, "appraiser": APPRAISER, "family": CHUANYING,
}
"""Where a person of each role is posted when nothing else is asked."""

_UNITS: Final = (
    (CITY, UnitKind.CITY, "吉林市", "吉林市", "Jilin City", None),
    (CHANGYI, UnitKind.DISTRICT, "昌邑区", "昌邑", "Changyi District", CITY),
    (LONGTAN, UnitKind.DISTRICT, "龙潭区", "龙潭", "Longtan District", CITY),
    (CHUANYING, UnitKind.DISTRICT, "船营区", "船营", "Chuanying District", CITY),
    (HIGH_TECH_ZONE, UnitKind.DEVELOPMENT_ZONE, "高新技术产业开发区", "高新", "High-tech Zone", CITY),
    (RAILWAY_INVESTMENT, UnitKind.ENTERPRISE, "铁路投资公司", "铁投公司", "Railway Investment Company", CITY),
    (TRANSPORT_BUREAU, UnitKind.DEPARTMENT, "市交通运输局", "交通局", "Transport Bureau", CITY),
    (APPRAISER, UnitKind.APPRAISER, "江城房地产评估公司", "江城评估", "Jiangcheng Appraisers", CITY),
)
_NAMES: Final = ("王建国", "李秀兰", "张伟民", "刘淑珍", "陈玉梅", "杨志强", "赵丽华", "黄海涛", "周文静", "吴国栋")

ANNOUNCED_ON: Final = date(2024, 12, 20)
CHOSEN_APPRAISER: Final = "江城房地产评估公司"
_PROJECT_STEPS: Final[Sequence[tuple[str, date, Mapping[str, Any]]]] = (
    ("public_interest_established", date(2024, 8, 1), {"ground": "infrastructure"}),
    ("plans_conform", date(2024, 8, 8), {}),
    ("scope_announced", date(2024, 8, 15), {}),
    ("freeze_notified", date(2024, 8, 15), {"until": "2025-08-14"}),
    ("survey_results_published", date(2024, 9, 20), {"published_from": "2024-09-20"}),
    ("buildings_recognised", date(2024, 9, 27), {"unresolved_count": 0}),
    ("scheme_drafted", date(2024, 9, 30), {}),
    ("scheme_reviewed", date(2024, 10, 8), {}),
    ("scheme_published", date(2024, 10, 10), {"published_from": "2024-10-10"}),
    ("stability_assessed", date(2024, 10, 25), {"level": "low"}),
    ("opinions_registered", date(2024, 11, 12), {"households": 3, "objecting_households": 0}),
    ("opinions_published", date(2024, 11, 15), {}),
    (
        "funds_in_account", date(2024, 11, 20),
        {"account": "0001", "balance_yuan": "9000000.00", "budget_yuan": "8000000.00"},
    ),
    ("legality_reviewed", date(2024, 11, 29), {}),
    ("expropriation_decided", date(2024, 12, 19), {}),
    (
        "expropriation_announced", ANNOUNCED_ON,
        {"published_from": "2024-12-20", "sign_by": "2025-01-31", "remedies_stated": "yes"},
    ),
    ("appraiser_choice_invited", date(2024, 12, 20), {"choose_by": "2024-12-30"}),
    ("appraiser_chosen", date(2024, 12, 27), {"appraiser": CHOSEN_APPRAISER, "method": "consultation"}),
    (
        "preliminary_valuation_published", date(2025, 1, 6),
        {"published_from": "2025-01-06", "published_until": "2025-01-10"},
    ),
    ("results_published", date(2025, 1, 20), {}),
)

_STEPS: Final[Mapping[str, Mapping[str, str]]] = {
    "surveyed": {"note": "双方到场"},
    "valued": {"value_yuan": "412000.00", "appraiser": CHOSEN_APPRAISER, "value_on": ANNOUNCED_ON.isoformat()},
    "signed": {"option": "cash", "amount_yuan": "430000.00"},
    "decided": {"amount_yuan": "425000.00"},
    "paid": {"amount_yuan": "430000.00"},
    "vacated": {},
    "demolished": {},
}
_RECORDING_ROLES: Final = {
    "survey.import": "field_officer", "fact.record": "field_officer", "agreement.sign": "field_officer",
    "fact.record_valuation": "appraiser", "fact.record_decision": "district_leader",
    "fact.record_payment": "client", "matter.manage": "coordinator", "fact.correct": "field_officer",
    "violation.record": "inspector", "move.import": "inspector", "inspection.find": "inspector",
    "funds.plan": "client", "funds.record": "client", "schedule.decide": "coordinator",
    "source.import": "inspector", "reply.give": "family", "resettlement.record": "field_officer",
    "home.assign": "district_leader", "subsidy.record": "client",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What ``build_campaign`` made."""

    campaign: Campaign
    project: Project
    chuanying: Section
    changyi: Section
    households: tuple[Household, ...]
    """Three of 船营区, then three of 昌邑区; all registered on 2025-01-06."""


def at(day: date) -> datetime:
    """Half past nine of that day in Shanghai."""
    return datetime.combine(day, time(9, 30), tzinfo=SHANGHAI)


def build_units() -> dict[str, Unit]:
    """The city with three districts, a zone, a client, a department and an appraiser, by code."""
    for code, kind, name, short_name, name_en, superior in _UNITS:
        Unit.objects.get_or_create(
            code=code,
            defaults={
                "kind": kind, "name": name, "short_name": short_name, "name_en": name_en, "superior_id": superior,
            },
        )
    return {unit.code: unit for unit in Unit.objects.all()}


def person_with(role: str, unit: str = "", subject: str = "") -> Person:
    """A person who holds exactly this post since 2025-01-01; the same person on every call."""
    unit = unit or ROLE_UNITS[role]
    build_units()
    name = "-".join(part for part in (role.replace("_", "-"), unit, subject.lower()) if part)
    person, is_new = Person.objects.get_or_create(
        code=f"220200-u-{name}"[:64],
        defaults={"username": name[:64], "name": f"{current_rulebook().label(group='role', id=role, language='zh')}甲"},
    )
    if is_new:
        person.set_unusable_password()
        person.save()
        Posting.objects.create(person=person, unit_id=unit, role=role, subject=subject, from_on=date(2025, 1, 1))
    return person


def actor_with(role: str, unit: str = "", subject: str = "", on: date = TODAY) -> Actor:
    """The same person as an actor of that day."""
    return actor_of(person_with(role, unit, subject), on=on)


def signed_in_client(person: Person, **options: Any) -> Client:
    """A test browser in which that person is signed in."""
    client = Client(**options)
    client.force_login(person)
    return client


def rectangle(west: float, south: float, width_m: float, height_m: float) -> Polygon:
    """A rectangle from its south-western corner in degrees, with sides in metres (rough, for tests)."""
    return box(west, south, west + width_m / 80_300, south + height_m / 111_100)


def _shape(polygon: Polygon) -> dict[str, Any]:
    west, south, east, north = polygon.bounds
    return {"shape": to_wkb(polygon), "west": west, "south": south, "east": east, "north": north}


def build_project(*, number: int = 1, client: str = RAILWAY_INVESTMENT, **fields: Any) -> Project:
    """A railway project of the test campaign, led by the transport bureau and due on 2025-03-15."""
    build_units()
    campaign, _ = Campaign.objects.get_or_create(
        code=CAMPAIGN,
        defaults={
            "name": "征收攻坚百日行动", "name_en": "Hundred days of expropriation",
            "start_on": date(2025, 1, 1), "end_on": date(2025, 4, 30),
        },
    )
    code = f"{CITY}-P{number:04d}"
    values = {
        "campaign": campaign, "name": f"西环线{number}号工程", "name_en": f"West Ring Line {number}",
        "kind": ProjectKind.RAILWAY, "regime": Regime.STATE_LAND, "client_id": client, "lead_id": TRANSPORT_BUREAU,
        **_shape(rectangle(126.54, 43.83, 3_000, 1_500)), **fields,
    }
    project = Project.objects.create(code=code, **values)
    Deadline.objects.create(
        campaign=campaign, project=project, goal=DeadlineGoal.HANDED_OVER, due_on=date(2025, 3, 15),
        name=f"{project.name}全线交地", name_en=f"{project.name_en}: all land handed over",
    )
    return project


def build_section(project: Project, jurisdiction: str, *, number: int = 1, west: float = 126.55) -> Section:
    """A section of 400 m by 300 m whose south-western corner is at ``west``, 43.84° N."""
    Participation.objects.get_or_create(
        project=project, jurisdiction_id=jurisdiction,
        defaults={"is_lead": not project.participations.filter(is_lead=True).exists()},
    )
    unit = Unit.objects.get(code=jurisdiction)
    return Section.objects.create(
        code=f"{jurisdiction}-{project.code.split('-')[1]}-S{number:02d}", project=project, jurisdiction=unit,
        name=f"{unit.short_name}段", name_en=f"{unit.name_en} section", order=number,
        **_shape(rectangle(west, 43.84, 400, 300)),
    )


def identity_number(number: int) -> str:
    """A fictitious identity number with a right check digit, of a person born in 1970."""
    body = f"22020419700101{number:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def personal_data(number: int) -> dict[str, str]:
    """Who the household of that running number is; fictitious."""
    name = _NAMES[number % len(_NAMES)]
    return {
        "name": name, "identity_number": identity_number(number),
        "phone": f"1390432{number:04d}", "account": f"62220208000{number:08d}",
    }


def build_household(section: Section, *, number: int, person_number: int | None = None) -> Household:
    """A household on its own parcel and in its own building, not yet registered by a fact."""
    parcel_shape = rectangle((section.west or 0) + number * 30 / 80_300, (section.south or 0) + 0.0002, 20, 25)
    last = Parcel.objects.filter(code__startswith=jurisdiction_of(section.code)).count()
    parcel = Parcel.objects.create(
        code=f"{section.code}-L{number:05d}", section=section, name=f"{number}号地块", map_number=last + 1,
        declared_area_m2=Decimal("500.00"), area_m2=Decimal("500.00"), **_shape(parcel_shape),
    )
    house_shape = rectangle(parcel_shape.bounds[0] + 4 / 80_300, parcel_shape.bounds[1] + 4 / 111_100, 10, 10)
    building = Building.objects.create(
        code=f"{section.code}-B{number:05d}", section=section, parcel=parcel, map_number=last + 1,
        use="dwelling", floors=1, floor_area_m2=Decimal("100.00"), **_shape(house_shape),
    )
    personal = personal_data(number if person_number is None else person_number)
    return Household.objects.create(
        code=f"{section.code}-H{number:05d}", section=section, parcel=parcel, building=building, room=f"{number}室",
        personal_sealed=seal(personal), name_masked=mask_name(personal["name"]),
        name_index=search_index(personal["name"]), identity_masked=mask_identity(personal["identity_number"]),
        identity_index=search_index(personal["identity_number"]), address=f"{section.name}青年路{number}号", members=3,
        registered_area_m2=Decimal("86.50"), unregistered_area_m2=Decimal("12.00"), land_area_m2=Decimal("500.00"),
    )


def build_campaign() -> Scene:
    """City, units, campaign, start list, project 220200-P0001 with a section in 船营区 and one in 昌邑区."""
    project = build_project()
    start_list = StartList.objects.create(
        code="220200-C001-420", campaign=project.campaign, name="420开工项目", name_en="Starts on 20 April",
        kind=StartListKind.START, start_on=date(2025, 4, 20),
    )
    start_list.projects.add(project)
    chuanying = build_section(project, CHUANYING)
    changyi = build_section(project, CHANGYI, west=126.556)
    households = [build_household(chuanying, number=number) for number in (1, 2, 3)]
    households += [build_household(changyi, number=number, person_number=number + 3) for number in (1, 2, 3)]
    for section in (chuanying, changyi):
        members = [household for household in households if household.section_id == section.code]
        register(members, on=date(2025, 1, 6))
    return Scene(
        campaign=project.campaign, project=project, chuanying=chuanying, changyi=changyi, households=tuple(households)
    )


def announce(*jurisdictions: str, project: str = PROJECT) -> None:
    """The statutory steps of the project in these jurisdictions, from the public interest to the published results."""
    for jurisdiction in jurisdictions or (CHUANYING, CHANGYI):
        participation = f"{jurisdiction}-{project.split('-')[1]}"
        rules = current_rulebook().fact_kinds
        evidence = [
            keep_file(
                ContentFile(f"{participation} {kind}".encode()), kind=kind, name=f"{kind}.txt", media_type="text/plain"
            )
            for kind in dict.fromkeys(kind for step, _, _ in _PROJECT_STEPS for kind in rules[step].evidence)
        ]
        unregistered = Household.objects.filter(
            section__project=project, section__jurisdiction=jurisdiction, unregistered_area_m2__gt=0
        )
        facts = [
            NewFact(
                "household", household.code, "unregistered_recognised", date(2024, 9, 27),
                {"recognised_area_m2": str(household.unregistered_area_m2)},
            )
            for household in unregistered
        ]
        facts += [NewFact("participation", participation, kind, on, dict(given)) for kind, on, given in _PROJECT_STEPS]
        actor = recording_actor("fact.record_decision", participation)
        with act(actor, "fact.record_decision", on=subject_of(participation), at=at(date(2025, 1, 20))) as deed:
            deed.record(facts=facts, evidence=evidence)


def serve_valuation(household: Household | str, *, on: date = date(2025, 1, 13)) -> None:
    """The valuation report is served on the household and both ways are offered on that day."""
    code = household if isinstance(household, str) else household.code
    record(code, "valuation_report_served", on, {
        "served_on": on.isoformat(), "method": "direct", "owner": 1, "is_signed": "yes",
    })
    record(code, "options_offered", on, {"offered": "cash_and_exchange"})


def recording_actor(verb: str, subject: str) -> Actor:
    """Somebody who may do that to the subject."""
    role = _RECORDING_ROLES[verb]
    if role in ("field_officer", "district_leader"):
        return actor_with(role, jurisdiction_of(subject))
    if role == "appraiser":
        return actor_with(role, subject=project_of(subject))
    if role == "client":
        return actor_with(role, Project.objects.get(code=project_of(subject)).client_id)
    return actor_with(role, subject=subject) if role == "family" else actor_with(role)


def register(households: Sequence[Household], *, on: date) -> str:
    """One deed that registers the households of one section, as an import does; returns its key."""
    section = households[0].section_id
    facts = [
        NewFact(
            "household", household.code, "registered", on,
            {
                "use": household.use, "members": household.members,
                "registered_area_m2": str(household.registered_area_m2),
                "unregistered_area_m2": str(household.unregistered_area_m2),
                "land_area_m2": str(household.land_area_m2), "personal_digest": household.identity_index,
            },
        )
        for household in households
    ]
    sheet = keep_file(
        ContentFile(f"{section} ledger".encode()), kind="ledger_sheet", name=f"{section}.csv", media_type="text/csv"
    )
    actor = recording_actor("survey.import", section)
    with act(actor, "survey.import", on=subject_of(section), at=at(on)) as deed:
        return deed.record(facts=facts, evidence=[sheet])


def record(
    subject: str,
    kind: str,
    on: date,
    attributes: Mapping[str, Any] | None = None,
    *,
    recorded_at: datetime | None = None,
    supersedes: str = "",
    is_verified: bool = True,
) -> str:
    """Record one fact straight into the ledger, with the evidence that its kind needs; returns the deed's key.

    No gate is asked here: so a test can also build what every deed would refuse.
    """
    rules = current_rulebook().fact_kinds[kind]
    evidence = [
        keep_file(
            ContentFile(f"{kind} {subject} {on} {needed}".encode()),
            kind=needed, name=f"{needed}.txt", media_type="text/plain",
        )
        for needed in rules.evidence
    ]
    fact = NewFact(
        kind_of(subject), subject, kind, on, dict(_STEPS.get(kind, {}) if attributes is None else attributes),
        supersedes, is_verified,
    )
    actor = recording_actor(rules.verb, subject)
    with (
        patch("zhengtu.ledger.act._gate", return_value=lambda facts, **_: []),
        act(actor, rules.verb, on=subject_of(subject), at=recorded_at or at(on)) as deed,
    ):
        return deed.record(facts=[fact], evidence=evidence)


def advance(household: Household | str, *, to: str, start_on: date = date(2025, 1, 10)) -> dict[str, date]:
    """Take a registered household lawfully up to that step, two days apart; returns the dates.

    The way goes over signing; ``to="decided"`` goes over a decision instead.
    """
    code = household if isinstance(household, str) else household.code
    way = [step for step in _STEPS if step != ("signed" if to == "decided" else "decided")]
    dates: dict[str, date] = {}
    for position, kind in enumerate(way[: way.index(to) + 1]):
        dates[kind] = start_on + timedelta(days=2 * position)
        record(code, kind, dates[kind])
    return dates
