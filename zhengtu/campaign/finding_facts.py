"""From ledger and register to what the detectors look at, one project at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import Q

from zhengtu.accounts.sealing import search_indexes, unseal
from zhengtu.core.integrity.agreements import Hand, ValuedAt
from zhengtu.core.integrity.documents import Claim, Inventoried, Said
from zhengtu.core.integrity.freeze import ANNOUNCEMENT_KINDS, FREEZE_KINDS, RegisterMove, Registration
from zhengtu.core.integrity.identities import OwnerFile
from zhengtu.core.integrity.payments import Paid
from zhengtu.core.kernel.codes import section_of
from zhengtu.ledger.models import Deed, Fact, Milestones
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Building, Household, Participation
from zhengtu.registry.procedure_cases import participation_of

SETTLING_KINDS: Final = ("signed", "agreement_supplemented", "decided")
_HOUSEHOLD_KINDS: Final = (
    "registered", "surveyed", "valued", *SETTLING_KINDS, "paid", "item_inventoried", "register_move_reported",
    "withdrawn",
)
_PLACE_KINDS: Final = (*FREEZE_KINDS, "expropriation_announced", "withdrawn")
_PAPERS: Final = ("surveyed", "valued", "signed")
_BATCH: Final = 5_000


class FactRow(NamedTuple):
    """One fact with who recorded it when."""

    reference: str
    subject: str
    kind: str
    happened_on: date
    attributes: Mapping[str, Any]
    is_verified: bool
    recorded_on: date
    person: str
    is_superseded: bool


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """Everything of one project that the detectors look at.

    Attributes:
        parts: prefixes of the codes of its households, one for each jurisdiction.
        by_kind: kind -> standing facts about households, in the order in which they happened.
        registrations: all versions of the register, corrected ones included.
        freezes, announced: participation -> day.
        sign_by: participation or section -> last day of the signing period.
    """

    project: str
    parts: Sequence[str]
    households: Sequence[Household]
    by_kind: Mapping[str, Sequence[FactRow]]
    registrations: Sequence[FactRow]
    freezes: Mapping[str, date] = field(default_factory=dict)
    announced: Mapping[str, date] = field(default_factory=dict)
    sign_by: Mapping[str, date] = field(default_factory=dict)


def project_facts(project: str) -> ProjectFacts:
    """What the ledger and the register hold of a project."""
    households = list(
        Household.objects.filter(section__project=project)
        .only("code", "section_id", "building_id", "parcel_id", "room", "registered_area_m2", "unregistered_area_m2",
              "land_area_m2", "identity_index")
        .order_by("pk")
    )
    parts = [part.code for part in Participation.objects.filter(project=project)]
    within = Q(pk__in=[])
    for part in parts:
        within |= Q(subject__startswith=f"{part}-") | Q(subject=part)
    rows = list(_fact_rows(within, (*_HOUSEHOLD_KINDS, *_PLACE_KINDS)))
    standing = [row for row in rows if not row.is_superseded and row.kind != "withdrawn"]
    by_kind: dict[str, list[FactRow]] = defaultdict(list)
    for row in standing:
        by_kind[row.kind].append(row)
    return ProjectFacts(
        project=project, parts=[f"{part}-" for part in parts], households=households, by_kind=by_kind,
        registrations=[row for row in rows if row.kind == "registered"],
        freezes=_earliest(by_kind, FREEZE_KINDS), announced=_earliest(by_kind, ANNOUNCEMENT_KINDS),
        sign_by={
            row.subject: date.fromisoformat(row.attributes["sign_by"])
            for row in by_kind.get("expropriation_announced", ()) if row.attributes.get("sign_by")
        },
    )


def _fact_rows(within: Q, kinds: Sequence[str]) -> Iterator[FactRow]:
    values = list(
        Fact.objects.filter(within, kind__in=kinds)
        .order_by("happened_on", "deed__recorded_at", "deed_id", "ordinal")
        .values_list(
            "deed_id", "ordinal", "subject", "kind", "happened_on", "attributes", "is_verified", "deed__recorded_on",
            "deed__actor", "supersedes",
        )
    )
    superseded = {supersedes for *_, supersedes in values if supersedes}
    for deed, ordinal, *rest, _supersedes in values:
        subject, kind, happened_on, attributes, is_verified, recorded_on, person = rest
        reference = f"{deed}/{ordinal}"
        yield FactRow(
            reference, subject, kind, happened_on, attributes, is_verified, recorded_on, person,
            reference in superseded,
        )


def _earliest(by_kind: Mapping[str, Sequence[FactRow]], kinds: Iterable[str]) -> dict[str, date]:
    """Participation -> the first day on which one of the kinds happened."""
    found: dict[str, date] = {}
    for kind in kinds:
        for row in by_kind.get(kind, ()):
            day = row.attributes.get("published_from")
            on = min(row.happened_on, date.fromisoformat(day)) if day else row.happened_on
            part = participation_of(row.subject)
            found[part] = min(on, found.get(part, on))
    return found


def amount_of(row: FactRow) -> Decimal:
    """The sum that a fact names (yuan)."""
    return Decimal(str(row.attributes["amount_yuan"]))


def registrations(facts: ProjectFacts) -> list[Registration]:
    """Every version of the register of every household."""
    places = {row.code: row.building_id or "" for row in facts.households}
    found = []
    for row in facts.registrations:
        areas = [row.attributes.get(name) for name in ("registered_area_m2", "unregistered_area_m2")]
        known = [Decimal(str(area)) for area in areas if area not in (None, "")]
        found.append(
            Registration(
                household=row.subject, section=section_of(row.subject), participation=participation_of(row.subject),
                place=places.get(row.subject, ""), entered_on=row.happened_on, recorded_on=row.recorded_on,
                area_m2=sum(known, Decimal(0)) if known else None, members=row.attributes.get("members"),
                fact=row.reference,
            )
        )
    return found


def register_moves(facts: ProjectFacts) -> list[RegisterMove]:
    """Moves that the police reported."""
    return [
        RegisterMove(
            row.subject, participation_of(row.subject), date.fromisoformat(row.attributes["moved_in_on"]),
            row.reference,
        )
        for row in facts.by_kind.get("register_move_reported", ())
    ]


def valuations(facts: ProjectFacts) -> list[ValuedAt]:
    """Valuations that name the market price of similar property; the latest of each household."""
    latest = {row.subject: row for row in facts.by_kind.get("valued", ())}
    return [
        ValuedAt(
            row.subject, Decimal(str(row.attributes["value_yuan"])), Decimal(str(row.attributes["market_value_yuan"])),
            row.happened_on, row.reference, (row.person,),
        )
        for row in latest.values() if row.attributes.get("market_value_yuan")
    ]


def payments(facts: ProjectFacts) -> list[Paid]:
    """Every payment to a household."""
    return [
        Paid(row.subject, amount_of(row), row.happened_on, row.reference, (row.person,))
        for row in facts.by_kind.get("paid", ())
    ]


def floor_area_papers(facts: ProjectFacts) -> list[Said]:
    """Floor areas that the register, the survey, the valuation and the agreement name; the latest paper of each.

    A paper may name the registered area or that with what is not registered; the register is taken as the
    nearer of both.
    """
    papers: dict[str, dict[str, Said]] = defaultdict(dict)
    for kind in _PAPERS:
        for row in facts.by_kind.get(kind, ()):
            if row.attributes.get("floor_area_m2"):
                area = str(row.attributes["floor_area_m2"])
                papers[row.subject][kind] = Said(row.subject, kind, area, row.reference)
    registered = {row.subject: row for row in facts.by_kind.get("registered", ())}
    for household, said in papers.items():
        row = registered.get(household)
        if row is None or not row.attributes.get("registered_area_m2"):
            continue
        alone = Decimal(str(row.attributes["registered_area_m2"]))
        both = alone + Decimal(str(row.attributes.get("unregistered_area_m2") or 0))
        named = Decimal(next(iter(said.values())).value)
        nearer = min((alone, both), key=lambda area: abs(area - named))
        said["registered"] = Said(household, "registered", str(nearer), row.reference)
    return [one for said in papers.values() for one in said.values()]


def building_claims(facts: ProjectFacts) -> tuple[list[Claim], dict[str, Decimal]]:
    """Registered floor area of households by building, and the floor areas as surveyed."""
    claims = [
        Claim(row.code, row.building_id, row.registered_area_m2)
        for row in facts.households if row.building_id and row.registered_area_m2
    ]
    floors = Building.objects.filter(section__project=facts.project, floor_area_m2__isnull=False)
    return claims, dict(floors.values_list("code", "floor_area_m2"))


def inventory(facts: ProjectFacts) -> list[Inventoried]:
    """Attachments that were counted, with the household's land."""
    land = {row.code: row.land_area_m2 or Decimal(0) for row in facts.households}
    return [
        Inventoried(
            row.subject, row.attributes["item"], Decimal(str(row.attributes["quantity"])),
            land.get(row.subject, Decimal(0)), row.reference,
        )
        for row in facts.by_kind.get("item_inventoried", ())
    ]


def hands(project: str) -> list[Hand]:
    """Who did on which household what may exclude something else."""
    verbs = {verb for pair in current_rulebook().authority.exclusive for verb in pair}
    within = Q(pk__in=[])
    for part in Participation.objects.filter(project=project):
        within |= Q(subject__startswith=f"{part.code}-")
    by_fact = Fact.objects.filter(within, subject_kind="household", deed__verb__in=verbs).values_list(
        "subject", "deed__verb", "deed__actor", "happened_on", "deed_id", "ordinal"
    )
    found = [
        Hand(subject, verb, person, on, f"{deed}/{ordinal}")
        for subject, verb, person, on, deed, ordinal in by_fact
    ]
    alone = Deed.objects.filter(within, verb__in=verbs, facts_count=0, subject__contains="-H")
    found += [
        Hand(subject, verb, person, on, deed)
        for subject, verb, person, on, deed in alone.values_list("subject", "verb", "actor", "recorded_on", "id")
    ]
    return found


def owner_files(city: str) -> Iterator[OwnerFile]:
    """Every household of a city with its identity and account as keyed hashes; nothing of it is kept."""
    prefix = city[:4]
    registered = dict(
        Milestones.objects.filter(subject__startswith=prefix, subject_kind="household")
        .values_list("subject", "registered_on")
    )
    rows = Household.objects.filter(code__startswith=prefix).order_by("pk").values_list(
        "code", "identity_index", "personal_sealed"
    )
    batch: list[tuple[str, str, str]] = []
    for code, identity, sealed in rows.iterator(chunk_size=_BATCH):
        account = "".join(str(unseal(sealed).get("account") or "").split()).upper()
        batch.append((code, identity, account))
    indexes = search_indexes(account for _, _, account in batch)
    for (code, identity, _), index in zip(batch, indexes, strict=True):
        yield OwnerFile(code, identity, index, registered.get(code))
