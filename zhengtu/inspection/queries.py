"""Reads of inspections; every door asks for the actor, but those for figures and documents.

What is not released exists for nobody below the mayor and the inspection office: it is absent from every answer here,
as a code is that was never given.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Prefetch, QuerySet

from zhengtu.core.authority.actor import Actor
from zhengtu.core.inspection.authorisation import last_day_to_object
from zhengtu.core.kernel.codes import jurisdiction_of, section_of
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.inspection.models import Conclusion, Drawn, Inspection, InspectionTeam, Instruction, Objection
from zhengtu.inspection.reach import inspection_seen, inspections_seen, part_of, sees_unreleased, sees_whole
from zhengtu.inspection.site_findings import Finding, findings, inspected_strata, photos_of
from zhengtu.ledger.models import Evidence
from zhengtu.ledger.projection import milestone_dates
from zhengtu.ledger.queries import Reach
from zhengtu.registry.models import Household

__all__ = [
    "ConclusionRow", "Finding", "InspectionPage", "InspectionStage", "InspectionStanding", "SiteRow",
    "conclusions_for", "drawn_of", "evidence_of_inspection", "findings", "inspected_strata", "inspection_for",
    "inspections_for", "instruction_papers", "instructions_for", "own_visits", "papers_of", "stage_of",
]


class InspectionStage(StrEnum):
    """Where an inspection stands; it follows from its days and conclusions."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    CONCLUDED = "concluded"
    RELEASED = "released"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class InspectionStanding:
    """One inspection as the actor sees it; the counts are of the part that they see.

    Attributes:
        places: codes of jurisdictions, projects or sections of the plan; only own ones for whoever sees a part.
        asked: households that the plan wants seen; drawn: drawn; seen: visited; false: found not to be as reported;
        untold: visited, and nothing could be told.
    """

    code: str
    form: str
    matter: str
    title: str
    places: tuple[str, ...]
    from_on: date
    until_on: date
    as_of_on: date
    stage: InspectionStage
    asked: int
    drawn: int
    seen: int
    false: int
    untold: int
    jurisdictions: tuple[str, ...]
    released_on: date | None
    open_objections: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One household of the draw: what was reported, and what was found.

    Attributes:
        reported_on: the day that is held of the reported state; None where it was taken back since.
        position: west and north of where it was checked, degrees (WGS 84); None before.
        accuracy_m, distance_m: metres: of the position, and of it from the house.
        photos: SHA-256 of each photo.
        deed: the deed of the check; empty before it.
        corrected_by: deed of the objection that put another finding in its place, or empty.
        house: longitude and latitude of the middle of the house or its parcel; None where it has no shape.
    """

    household: str
    jurisdiction: str
    section: str
    address: str
    stratum: str
    ordinal: int
    reported: str
    reported_on: date | None
    found: str
    is_false: bool | None
    found_at: datetime | None
    found_by: str
    found_by_name: str
    position: tuple[float, float] | None
    accuracy_m: float | None
    distance_m: float | None
    note: str
    photos: tuple[str, ...]
    deed: str
    corrected_by: str
    house: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class ConclusionRow:
    """What is told to one jurisdiction, with its objection.

    Attributes:
        seen, false, untold: households of the jurisdiction.
        object_until_on: the last day to object; None before release.
        objection: None where nobody objected.
    """

    inspection: str
    matter: str
    title: str
    jurisdiction: str
    text: str
    repair: str
    repair_until_on: date | None
    written_by: str
    directive: str
    drawn: int
    seen: int
    false: int
    untold: int
    released_on: date | None
    object_until_on: date | None
    objection: Objection | None


@dataclass(frozen=True, slots=True)
class InspectionPage:
    """One inspection with all that the actor sees of it.

    Attributes:
        seed: empty before the draw. list_digest, drawn_sha256: empty before it, and for whoever sees a part.
        teams: jurisdiction -> (code, name) of who goes there.
        households: jurisdiction -> its rows in the order of the draw.
    """

    standing: InspectionStanding
    instruction: str
    instruction_by: str
    instruction_on: date
    planned_by: str
    planned_at: datetime
    commitment: str
    seed: str
    list_digest: str
    drawn_sha256: str
    sizes: Mapping[str, int]
    teams: Mapping[str, Sequence[tuple[str, str]]]
    households: Mapping[str, Sequence[SiteRow]]
    conclusions: Sequence[ConclusionRow]


def inspections_for(actor: Actor, *, on: date) -> list[InspectionStanding]:
    """Inspections that exist for the actor on a day, the latest first."""
    rows = _with_parts(inspections_seen(actor, on=on))
    return [_standing(row, part=part_of(actor, row.code), on=on) for row in rows]


def inspection_for(actor: Actor, code: str, *, on: date) -> InspectionPage | None:
    """One of them; None where there is none, or none for the actor."""
    row = _with_parts(inspections_seen(actor, on=on)).filter(pk=code).first()
    if row is None:
        return None
    part, is_whole = part_of(actor, code), sees_whole(actor, code)
    teams: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for team in InspectionTeam.objects.filter(inspection=row).select_related("inspector").order_by("inspector"):
        if part.covers(team.jurisdiction):
            teams[team.jurisdiction].append((team.inspector_id, team.inspector.name))
    households: dict[str, list[SiteRow]] = defaultdict(list)
    for site in drawn_of(code, part=part):
        households[site.jurisdiction].append(site)
    is_drawn = row.drawn_on is not None
    return InspectionPage(
        standing=_standing(row, part=part, on=on), instruction=row.instruction, instruction_by=row.instruction_by,
        instruction_on=row.instruction_on, planned_by=row.planned_by.name, planned_at=row.planned_at,
        commitment=row.commitment, seed=row.seed if is_drawn else "",
        list_digest=row.list_digest if is_whole else "", drawn_sha256=row.drawn_sha256 if is_whole else "",
        sizes={key: size for key, size in row.sizes.items() if key[:6] in households},
        teams=teams, households=households, conclusions=_conclusions([row], part=part, on=on),
    )


def conclusions_for(actor: Actor, *, on: date, is_released: bool | None = True) -> list[ConclusionRow]:
    """Conclusions that exist for the actor on a day, the latest inspection first.

    Args:
        is_released: only released ones; False: only those that are not; None: both.
    """
    rows = inspections_seen(actor, on=on)
    if is_released is not None:
        rows = rows.filter(released_on__lte=on) if is_released else rows.exclude(released_on__lte=on)
    found = []
    for row in _with_parts(rows):
        found += _conclusions([row], part=part_of(actor, row.code), on=on)
    return found


def instructions_for(actor: Actor) -> list[Instruction]:
    """Instructions given in the platform that wait for their plan, the latest first."""
    rows = Instruction.objects.exclude(code__in=Inspection.objects.values("code")).select_related("given_by")
    return [row for row in rows.order_by("-given_on", "code") if sees_unreleased(actor, row.code)]


def own_visits(actor: Actor, *, on: date) -> list[tuple[InspectionStanding, list[SiteRow]]]:
    """Inspections under way in whose teams the actor goes, each with the households of their jurisdictions."""
    found = []
    for row in _with_parts(inspections_seen(actor, on=on).filter(teams__inspector=actor.person).distinct()):
        standing = _standing(row, part=part_of(actor, row.code), on=on)
        if standing.stage is not InspectionStage.UNDER_WAY or not sees_unreleased(actor, row.code):
            continue
        places = row.teams.filter(inspector=actor.person).values_list("jurisdiction", flat=True)
        found.append((standing, drawn_of(row.code, part=Reach(prefixes=tuple(places)))))
    return found


def drawn_of(code: str, *, jurisdiction: str = "", part: Reach | None = None) -> list[SiteRow]:
    """Households of the draw in its order; the caller has asked whether the inspection may be seen.

    Args:
        jurisdiction: only there; part: only what lies within it.
    """
    rows = Drawn.objects.filter(inspection=code).select_related("found_by").order_by("stratum", "ordinal")
    if jurisdiction:
        rows = rows.filter(household__startswith=jurisdiction)
    if part is not None:
        rows = rows.filter(part.condition("household"))
    held = list(rows)
    houses = Household.objects.filter(code__in=[row.household for row in held]).select_related("building", "parcel")
    known = {house.code: house for house in houses.defer("personal_sealed")}
    photos = photos_of({row.deed for row in held if row.deed})
    days = milestone_dates([row.household for row in held])
    return [
        _site(
            row, house=known.get(row.household), photos=photos.get(row.deed, ()),
            reported_on=days.get(row.household, {}).get(Milestone(row.reported)),
        )
        for row in held
    ]


def evidence_of_inspection(actor: Actor, code: str, sha256: str, *, on: date) -> Evidence | None:
    """A file of an inspection that exists for the actor, within the part that they see; None otherwise."""
    row = inspection_seen(actor, code, on=on)
    if row is None:
        return None
    part = part_of(actor, code)
    deeds = set(row.drawn.filter(part.condition("household")).exclude(deed="").values_list("deed", flat=True))
    for one in Objection.objects.filter(conclusion__inspection=row).select_related("conclusion"):
        if part.covers(one.conclusion.jurisdiction):
            deeds |= {one.deed, one.decision_deed}
    if sees_unreleased(actor, code):
        deeds |= set(Evidence.objects.filter(file=sha256, deed__facts__subject=code).values_list("deed_id", flat=True))
    rows = Evidence.objects.filter(file=sha256, deed__in=deeds - {""}).select_related("file")
    return rows.order_by("deed", "ordinal").first()


def papers_of(deeds: Collection[str]) -> list[Evidence]:
    """Papers kept with these deeds, but for photos; the caller has asked whether they may be seen."""
    rows = Evidence.objects.filter(deed__in=deeds).exclude(kind="photo").select_related("file")
    return list(rows.order_by("deed", "ordinal"))


def instruction_papers(actor: Actor, code: str) -> list[Evidence]:
    """The written instruction of a plan, for whoever sees it before its release."""
    rows = Evidence.objects.filter(kind="instruction", deed__facts__subject=code).select_related("file")
    return list(rows.distinct()) if sees_unreleased(actor, code) else []


def stage_of(row: Inspection, *, on: date) -> InspectionStage:
    """Where an inspection stands on a day."""
    if row.cancelled_on is not None and row.cancelled_on <= on:
        return InspectionStage.CANCELLED
    if row.released_on is not None and row.released_on <= on:
        return InspectionStage.RELEASED
    if row.drawn_on is None or row.drawn_on > on:
        return InspectionStage.PLANNED
    places = {jurisdiction_of(one.household) for one in row.drawn.all()}
    concluded = {one.jurisdiction for one in row.conclusions.all()}
    return InspectionStage.CONCLUDED if places <= concluded else InspectionStage.UNDER_WAY


def _with_parts(rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    conclusions = Conclusion.objects.select_related("written_by", "objection").order_by("jurisdiction")
    return rows.prefetch_related("drawn", Prefetch("conclusions", queryset=conclusions))


def _standing(row: Inspection, *, part: Reach, on: date) -> InspectionStanding:
    mine = [one for one in row.drawn.all() if part.covers(one.household)]
    counts = _counts(mine)
    is_whole = row.code.startswith(part.prefixes)
    objections = [_objection_of(one) for one in row.conclusions.all() if part.covers(one.jurisdiction)]
    return InspectionStanding(
        code=row.code, form=row.form, matter=row.matter, title=row.title, from_on=row.from_on, until_on=row.until_on,
        places=tuple(place for place in row.places if is_whole or part.covers(place)), as_of_on=row.as_of_on,
        stage=stage_of(row, on=on), asked=row.households if is_whole else len(mine), drawn=len(mine),
        seen=counts["seen"], false=counts["false"], untold=counts["untold"],
        jurisdictions=tuple(sorted({jurisdiction_of(one.household) for one in mine})), released_on=row.released_on,
        open_objections=sum(one is not None and not one.outcome for one in objections), is_whole=is_whole,
    )


def _counts(rows: Iterable[Drawn]) -> Counter[str]:
    counts: Counter[str] = Counter(drawn=0, seen=0, false=0, untold=0)
    for row in rows:
        counts["drawn"] += 1
        if row.found:
            counts["seen"] += 1
            counts["false"] += row.is_false is True
            counts["untold"] += row.is_false is None
    return counts


def _objection_of(conclusion: Conclusion) -> Objection | None:
    return getattr(conclusion, "objection", None)


def _conclusions(rows: Iterable[Inspection], *, part: Reach, on: date) -> list[ConclusionRow]:
    found = []
    for row in rows:
        for one in row.conclusions.all():
            if not part.covers(one.jurisdiction):
                continue
            counts = _counts(held for held in row.drawn.all() if held.household.startswith(one.jurisdiction))
            released_on = row.released_on if row.released_on is not None and row.released_on <= on else None
            found.append(ConclusionRow(
                inspection=row.code, matter=row.matter, title=row.title, jurisdiction=one.jurisdiction, text=one.text,
                repair=one.repair, repair_until_on=one.repair_until_on, written_by=one.written_by.name,
                directive=one.directive, drawn=counts["drawn"], seen=counts["seen"], false=counts["false"],
                untold=counts["untold"], released_on=released_on,
                object_until_on=last_day_to_object(served_on=released_on) if released_on is not None else None,
                objection=_objection_of(one),
            ))
    return found


def _middle_of(house: Household | None) -> tuple[float, float] | None:
    for shape in (house and house.building, house and house.parcel):
        if shape is not None and shape.west is not None:
            return ((shape.west + shape.east) / 2, (shape.south + shape.north) / 2)
    return None


def _site(
    row: Drawn, *, house: Household | None, photos: Sequence[str], reported_on: date | None
) -> SiteRow:
    position = (row.longitude, row.latitude) if row.longitude is not None and row.latitude is not None else None
    return SiteRow(
        household=row.household, jurisdiction=jurisdiction_of(row.household), section=section_of(row.household),
        address=house.address if house is not None else "", stratum=row.stratum, ordinal=row.ordinal,
        reported=str(Milestone(row.reported)), reported_on=reported_on, found=row.found, is_false=row.is_false,
        found_at=row.found_at,
        found_by=row.found_by_id or "",
        found_by_name=row.found_by.name if row.found_by is not None else "", position=position,
        accuracy_m=row.accuracy_m, distance_m=row.distance_m, note=row.note, photos=tuple(photos), deed=row.deed,
        corrected_by=row.corrected_by, house=_middle_of(house),
    )
