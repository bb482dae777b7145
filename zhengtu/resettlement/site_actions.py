"""Deeds on sites: found a site, add a building with its homes, permits, money, stages of the works, homes on offer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from zhengtu.accounts.queries import unit_exists
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.act import OpenDeed, act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import project_exists
from zhengtu.resettlement import writes
from zhengtu.resettlement.models import Home, HomeStock, ResettlementBuilding, Site
from zhengtu.resettlement.queries import site_subject
from zhengtu.resettlement.recording import new_fact, reason
from zhengtu.resettlement.works import ACCEPTED, REACHED, stages_of

RECORD: Final = "site.record"
HIGHEST_FLOOR: Final = 200
_MOST_HOMES: Final = 9_999
_LONGEST_SITE_NAME, _LONGEST_ADDRESS, _LONGEST_BUILDING_NAME, _LONGEST_NUMBER = 120, 255, 64, 16
_LARGEST_M2: Final = Decimal(10_000)
_MOST_YUAN: Final = Decimal(10) ** 13
_REASONS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class NewHome:
    """A home about to be entered: floor from 1, number as on its door."""

    home_type: str
    area_m2: Decimal
    floor: int
    number: str


def found_site(
    *, actor: Actor, jurisdiction: str, client: str, name: str, address: str = "", projects: Sequence[str] = (),
    longitude: float | None = None, latitude: float | None = None, is_bought: bool = False, now: datetime,
) -> str:
    """Enter a site that a client builds, or existing homes that it bought; returns its code.

    Args:
        is_bought: then families choose there whose recorded wish is an existing home, and whose project is named.

    Raises:
        Refused: no right, a district of another city, no name or one that is taken, an unknown project, or a place that
            is none.
    """
    code = writes.next_site_code(jurisdiction)
    with act(actor, RECORD, on=Subject(code=code, clients=frozenset({client})), at=now) as deed:
        code = writes.next_site_code(jurisdiction)
        reasons = [*division_reasons(jurisdiction, client=client), *_site_name_reasons(name.strip(), jurisdiction)]
        if len(address.strip()) > _LONGEST_ADDRESS:
            reasons.append(reason("site_address", N_("The address of the site is too long."), N_("Shorten it.")))
        if is_bought and not projects:
            reasons.append(reason(
                "bought_for_nobody", N_("Homes that were bought are for families of projects, and none is named."),
                N_("Choose the projects whose families they were bought for."),
            ))
        reasons += [
            reason("project", N_("There is no project %(project)s."), N_("Choose projects of the list."), project=one)
            for one in projects if not project_exists(one)
        ]
        if (longitude is None) != (latitude is None) or not (
            -180 <= (longitude or 0) <= 180 and -90 <= (latitude or 0) <= 90
        ):
            reasons.append(reason("place", N_("The place is no pair of degrees."), N_("Enter longitude and latitude.")))
        if reasons:
            raise Refused(*reasons)
        deed.record(because=[reason("founded", N_("Site %(site)s, %(name)s."), site=code, name=name.strip())])
        writes.insert_sites(sites=[Site(
            code=code, name=name.strip(), client_id=client, address=address.strip(), projects=list(projects),
            longitude=longitude, latitude=latitude, is_bought=is_bought,
        )])
        return code


def add_building(
    *, actor: Actor, site: Site, name: str, planned_completion_on: date, homes: Sequence[NewHome],
    budget_yuan: Decimal | None = None, now: datetime,
) -> str:
    """Enter a building of a site with all its homes; returns its code.

    Raises:
        Refused: no right, no name or one that the site has, no budget above zero, no homes, two homes of one number, or
            a home whose area is not of its type.
    """
    with act(actor, RECORD, on=site_subject(site), at=now) as deed:
        reasons = [*_building_name_reasons(name.strip(), site), *homes_reasons(homes)]
        if budget_yuan is not None and not 0 < budget_yuan < _MOST_YUAN:
            reasons.append(reason("sum", N_("The sum is zero."), N_("Enter the budget in yuan, or leave it empty.")))
        if reasons:
            raise Refused(*reasons)
        code = writes.next_building_code(site.code)
        deed.record(because=[
            reason("built", N_("Building %(building)s with %(homes)s homes."), building=code, homes=len(homes))
        ])
        writes.insert_sites(sites=[], buildings=[ResettlementBuilding(
            code=code, site=site, name=name.strip(), floors=max(home.floor for home in homes),
            planned_completion_on=planned_completion_on, budget_yuan=budget_yuan,
        )], homes=[
            Home(
                code=f"{code}-U{place:04d}", building_id=code, home_type=home.home_type, area_m2=home.area_m2,
                floor=home.floor, number=home.number,
            )
            for place, home in enumerate(homes, start=1)
        ])
        return code


def homes_reasons(homes: Sequence[NewHome]) -> list[Reason]:
    """What is wrong with the homes of a building that is about to be entered."""
    if not 0 < len(homes) <= _MOST_HOMES:
        return [reason("homes", N_("A building has between 1 and 9,999 homes."), N_("Enter its homes."))]
    types = current_rulebook().resettlement.home_types
    numbers = Counter(home.number.strip() for home in homes)
    found = [
        reason("number", N_("Home %(number)s stands twice, or has no number."), N_("Correct the number."), number=one)
        for one, count in sorted(numbers.items()) if not 0 < len(one) <= _LONGEST_NUMBER or count > 1
    ]
    found += [
        reason("home_area", N_("Home %(number)s of %(area)s m² is not of its type, or has no floor."),
               N_("Correct area, type or floor."), number=home.number, area=home.area_m2)
        for home in homes
        if home.home_type not in types or not 0 < home.area_m2 < _LARGEST_M2
        or not types[home.home_type].holds(home.area_m2) or not 1 <= home.floor <= HIGHEST_FLOOR
    ]
    return found[:_REASONS_SHOWN]


def homes_by_floor(*, floors: int, doors: Sequence[Decimal]) -> list[NewHome]:
    """The homes of a building whose floors are alike: on each floor a door for every area (m²), numbered 101, 102, …"""
    rules = current_rulebook().resettlement
    return [
        NewHome(rules.type_of(area), area, floor, f"{floor}{door:02d}")
        for floor in range(1, floors + 1) for door, area in enumerate(doors, start=1)
    ]


def division_reasons(jurisdiction: str, *, client: str) -> list[Reason]:
    """Why a client may not build in a division: it is none of the client's city."""
    is_of_city = jurisdiction[:4] == client[:4] and not jurisdiction.endswith("00")
    if is_of_city and unit_exists(jurisdiction):
        return []
    return [reason(
        "division", N_("“%(value)s” is no district of the client's city."), N_("Choose one of the list."),
        value=jurisdiction,
    )]


def _site_name_reasons(name: str, jurisdiction: str) -> list[Reason]:
    if not 0 < len(name) <= _LONGEST_SITE_NAME:
        return [reason(
            "name", N_("A site needs a name, of at most 120 characters."), N_("Enter its name."),
        )]
    if Site.objects.filter(code__startswith=jurisdiction[:4], name=name).exists():
        return [reason(
            "name_taken", N_("There is a site “%(name)s” in this city already."), N_("Give it another name."), name=name
        )]
    return []


def _building_name_reasons(name: str, site: Site) -> list[Reason]:
    if not 0 < len(name) <= _LONGEST_BUILDING_NAME:
        return [reason("name", N_("A building needs a name, of at most 64 characters."), N_("Enter its name."))]
    if ResettlementBuilding.objects.filter(site=site, name=name).exists():
        return [reason(
            "name_taken", N_("The site has a building “%(name)s” already."), N_("Give it another name."), name=name
        )]
    return []


def record_permit(
    *, actor: Actor, site: Site, subject: str, permit: str, number: str, permitted_on: date,
    files: Sequence[OfferedFile], now: datetime,
) -> str:
    """Record a permit of a site or of one of its buildings; returns the deed's key.

    Raises:
        Refused: no right, a building of another site, no number, or no paper.
    """
    with act(actor, RECORD, on=site_subject(site), at=now) as deed:
        reasons = _of_site(site, subject)
        fact = new_fact(
            "site_permitted", subject, permitted_on, {"permit": permit, "number": number.strip()},
            today=deed.recorded_on, files=files, reasons=reasons,
        )
        return deed.record(facts=[fact], evidence=kept_files(files, reasons))


def record_funding(
    *, actor: Actor, site: Site, amount_yuan: object, source: str, arrived_on: date, files: Sequence[OfferedFile],
    now: datetime,
) -> str:
    """Record money that arrived for a site's works; returns the deed's key.

    Raises:
        Refused: no right, no sum above zero, no source, or no paper of the bank.
    """
    with act(actor, RECORD, on=site_subject(site), at=now) as deed:
        reasons: list[Reason] = []
        fact = new_fact(
            "site_funded", site.code, arrived_on, {"amount_yuan": amount_yuan, "source": source.strip()},
            today=deed.recorded_on, files=files, reasons=reasons,
        )
        if Decimal(fact.attributes.get("amount_yuan", "1")) <= 0:
            reasons.append(reason("sum", N_("The sum is zero."), N_("Enter what arrived, in yuan.")))
        return deed.record(facts=[fact], evidence=kept_files(files, reasons))


def reach_stage(
    *, actor: Actor, site: Site, building: str, stage: str, reached_on: date, files: Sequence[OfferedFile],
    now: datetime,
) -> str:
    """Record that a building reached a stage of its works, with a photo; returns the deed's key.

    Raises:
        Refused: no right, another site's building, a stage recorded already or out of order, works without a permit to
            build, or no photo.
    """
    with act(actor, RECORD, on=site_subject(site), at=now) as deed:
        reasons = _of_site(site, building)
        fact = new_fact(
            REACHED, building, reached_on, {"stage": stage}, today=deed.recorded_on, files=files, reasons=reasons
        )
        if not reasons:
            reasons += _stage_reasons(deed, building, stage, reached_on)
        return deed.record(facts=[fact], evidence=kept_files(files, reasons))


def _stage_reasons(deed: OpenDeed, building: str, stage: str, on: date) -> list[Reason]:
    row = ResettlementBuilding.objects.get(pk=building)
    held = {one.stage: one.on for one in stages_of([row], on=deed.recorded_on)[building]}
    ids = [one.id for one in current_rulebook().resettlement.stages]
    place = ids.index(stage)
    found = []
    if stage in held:
        found.append(reason(
            "stage_again", N_("“%(stage)s” is recorded for %(day)s."), N_("Correct the recorded fact instead."),
            stage=f"works_stage:{stage}", day=held[stage].isoformat(),
        ))
    before = [(id, held[id]) for id in ids[:place] if id in held and held[id] > on]
    after = [(id, held[id]) for id in ids[place + 1:] if id in held and held[id] < on]
    found += [
        reason(
            "stage_order", N_("“%(stage)s” on this day contradicts “%(other)s” on %(day)s."),
            N_("Stages follow one another; correct the day."), stage=f"works_stage:{stage}",
            other=f"works_stage:{other}", day=day.isoformat(),
        )
        for other, day in (*before, *after)
    ]
    if "construction" not in held:
        found.append(reason(
            "no_permit", N_("No permit to build is on file."), N_("Record the construction permit first."),
        ))
    return found


def offer_stock(
    *, actor: Actor, city: str, client: str, name: str, home_type: str, area_m2: Decimal, count: int,
    price_yuan: Decimal, ready_on: date, now: datetime,
) -> str:
    """Enter existing homes that can be bought; returns the deed's key.

    Raises:
        Refused: no right, or a name, area, number or price that is none.
    """
    with act(actor, RECORD, on=Subject(code=city, clients=frozenset({client})), at=now) as deed:
        reasons = stock_reasons(name=name, home_type=home_type, area_m2=area_m2, count=count, price_yuan=price_yuan)
        if reasons:
            raise Refused(*reasons)
        key = deed.record(because=[reason(
            "offered", N_("%(count)s homes in %(name)s are on offer, %(price)s yuan each."), count=count, name=name,
            price=price_yuan,
        )])
        writes.insert_stock([HomeStock(
            city=city, name=name.strip(), home_type=home_type, area_m2=area_m2, count=count, price_yuan=price_yuan,
            ready_on=ready_on, offered_on=deed.recorded_on, deed=key,
        )])
        return key


def stock_reasons(
    *, name: str, home_type: str, area_m2: Decimal, count: int, price_yuan: Decimal
) -> list[Reason]:
    """What is wrong with an offer of existing homes."""
    types = current_rulebook().resettlement.home_types
    found = []
    if not name.strip():
        found.append(reason("name", N_("An offer needs a name."), N_("Enter where the homes are.")))
    if home_type not in types or not types[home_type].holds(area_m2):
        found.append(reason(
            "home_area", N_("A home of %(area)s m² is not of the type “%(type)s”."),
            N_("Correct the area or the type."), area=area_m2, type=f"home_type:{home_type}",
        ))
    if count < 1 or price_yuan <= 0:
        found.append(reason(
            "offer", N_("The number of homes and the price are above zero."), N_("Correct number and price."),
        ))
    return found


def is_accepted(building: str, *, on: date) -> bool:
    """Whether a building passed its acceptance by a day, so that its homes may be handed over."""
    row = ResettlementBuilding.objects.get(pk=building)
    return any(one.stage == ACCEPTED for one in stages_of([row], on=on)[building])


def _of_site(site: Site, subject: str) -> list[Reason]:
    if subject == site.code or ResettlementBuilding.objects.filter(pk=subject, site=site).exists():
        return []
    return [
        reason("other_site", N_("%(subject)s is no part of this site."), N_("Load the page anew."), subject=subject)
    ]
