"""Importing lists of entitlements, sites, homes and homes on offer: all lines of a file in one deed, or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.fact_kinds import checked_attributes, order_reasons
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import AttachedFile, keep_local_file
from zhengtu.ledger.projection import milestone_dates
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household
from zhengtu.registry.queries import project_exists, subject_of
from zhengtu.registry.survey_import.intake import MEDIA_TYPES, local_file
from zhengtu.resettlement import writes
from zhengtu.resettlement.facts import AGREED
from zhengtu.resettlement.family_actions import RECORD as RECORD_FAMILY
from zhengtu.resettlement.family_actions import terms_reasons
from zhengtu.resettlement.list_reading import (
    CORRECT,
    NO_NUMBER,
    NOT_HELD,
    PROBLEMS_SHOWN,
    TWICE,
    UNKNOWN,
    HousingList,
    Line,
    read_list,
)
from zhengtu.resettlement.models import Home, HomeStock, ResettlementBuilding, Site
from zhengtu.resettlement.queries import site_subject
from zhengtu.resettlement.recording import reason
from zhengtu.resettlement.site_actions import RECORD as RECORD_SITE
from zhengtu.resettlement.site_actions import division_reasons

_FIELDS: Final = {
    "payer": "payer", "home_type": "home_type", "home_area": "home_area_m2", "site": "site", "rule": "rule",
    "multiplier": "overdue_multiplier", "cash": "cash_yuan",
    **{name: name for name in ("rooms", "persons", "pay_every_months")},
}
"""Code of what does not hold of an agreement's terms -> the column it stands in."""
TOO_EARLY: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: %(value)s lies ahead, or before the family signed."
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: lines of the list, and the deed."""

    lines: int
    deed: str


def import_entitlements(*, actor: Actor, jurisdiction: str, path: Path, name: str, now: datetime) -> Imported:
    """Record what the families of a division are owed, by a list; the one agreed last counts for each.

    Raises:
        Refused: no right; or the file with everything that is wrong in it; nothing of it is then written.
    """
    subject = subject_of(jurisdiction)
    listed = list_of(actor, RECORD_FAMILY, subject, kind="entitlements", path=path, name=name)
    with act(actor, RECORD_FAMILY, on=subject, at=now) as deed:
        facts, reasons = _entitled(listed, jurisdiction=jurisdiction, today=deed.recorded_on)
        if reasons:
            raise Refused(*reasons[:PROBLEMS_SHOWN])
        key = deed.record(facts=facts, evidence=[_kept(path, name, kind="resettlement_agreement")])
        return Imported(len(listed.lines), key)


def _entitled(listed: HousingList, *, jurisdiction: str, today: date) -> tuple[list[NewFact], list[Reason]]:
    rules = current_rulebook()
    kind, codes = rules.fact_kinds[AGREED], [line.told["household"] for line in listed.lines]
    known = set(Household.objects.filter(code__in=codes, code__startswith=f"{jurisdiction}-").values_list(
        "code", flat=True
    ))
    dates = milestone_dates(sorted(known))
    facts: list[NewFact] = []
    reasons: list[Reason] = []
    seen: set[str] = set()
    for line in listed.lines:
        code, told = line.told["household"], dict(line.told)
        if code not in known:
            reasons.append(listed.problem(line.row, "household", UNKNOWN, code))
            continue
        if code in seen:
            reasons.append(listed.problem(line.row, "household", TWICE, code))
        seen.add(code)
        on = date.fromisoformat(told.pop("agreed_on"))
        told.pop("household")
        told["home_type"] = told.get("home_type") or rules.resettlement.type_of(Decimal(told["home_area_m2"]))
        if order_reasons(kind, happened_on=on, today=today, dates=dates.get(code, {}), corrects=False):
            reasons.append(listed.problem(line.row, "agreed_on", TOO_EARLY, on.isoformat()))
        attributes, wrong = checked_attributes(kind, told)
        fields = [str(one.parameters["field"]).rpartition(".")[2] for one in wrong]
        reasons += [listed.problem(line.row, name, NO_NUMBER, told.get(name, "")) for name in fields]
        reasons += _contradictions(listed, line, attributes)
        facts.append(NewFact("household", code, AGREED, on, attributes))
    return facts, reasons


def _contradictions(listed: HousingList, line: Line, attributes: Mapping[str, Any]) -> list[Reason]:
    found = []
    for one in terms_reasons(attributes, city=f"{line.told['household'][:4]}00"):
        column = _FIELDS[one.code.rpartition(".")[2]]
        found.append(listed.problem(line.row, column, NOT_HELD, attributes.get(column, "")))
    return found


def import_homes(*, actor: Actor, site: Site, path: Path, name: str, now: datetime) -> Imported:
    """Enter buildings of a site with their homes, by a list of homes.

    Raises:
        Refused: no right; or the file with everything that is wrong in it; nothing of it is then written.
    """
    subject = site_subject(site)
    listed = list_of(actor, RECORD_SITE, subject, kind="homes", path=path, name=name)
    with act(actor, RECORD_SITE, on=subject, at=now) as deed:
        by_building: dict[str, list[Line]] = defaultdict(list)
        for line in listed.lines:
            by_building[line.told["building"]].append(line)
        reasons = _homes_reasons(listed, by_building, site)
        if reasons:
            raise Refused(*reasons[:PROBLEMS_SHOWN])
        buildings, homes = _built(site, by_building)
        key = deed.record(evidence=[_kept(path, name, kind="ledger_sheet")], because=[reason(
            "homes_entered", N_("%(buildings)s buildings with %(homes)s homes of site %(site)s."),
            buildings=len(buildings), homes=len(homes), site=site.code,
        )])
        writes.insert_sites(sites=[], buildings=buildings, homes=homes)
        return Imported(len(listed.lines), key)


def _homes_reasons(listed: HousingList, by_building: Mapping[str, list[Line]], site: Site) -> list[Reason]:
    types = current_rulebook().resettlement.home_types
    held = set(ResettlementBuilding.objects.filter(site=site).values_list("name", flat=True))
    found = []
    for name, lines in by_building.items():
        if name in held:
            found.append(listed.problem(
                lines[0].row, "building", N_(
                    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
                    "“%(value)s” is a building of the site already."
                ), name,
            ))
        numbers: set[str] = set()
        for line in lines:
            told = line.told
            if told["number"] in numbers:
                found.append(listed.problem(line.row, "number", TWICE, told["number"]))
            numbers.add(told["number"])
            if Decimal(told["floor"]) != int(Decimal(told["floor"])) or Decimal(told["floor"]) > 200:
                found.append(listed.problem(line.row, "floor", NO_NUMBER, told["floor"]))
            if "home_type" in told and not types[told["home_type"]].holds(Decimal(told["area_m2"])):
                found.append(listed.problem(line.row, "home_type", NOT_HELD, told["home_type"]))
            if told["planned_completion_on"] != lines[0].told["planned_completion_on"]:
                found.append(listed.problem(line.row, "planned_completion_on", NOT_HELD, told["planned_completion_on"]))
    return found


def _built(
    site: Site, by_building: Mapping[str, list[Line]]
) -> tuple[list[ResettlementBuilding], list[Home]]:
    rules = current_rulebook().resettlement
    first = int(writes.next_building_code(site.code).rpartition("-Z")[2])
    buildings, homes = [], []
    for place, (name, lines) in enumerate(by_building.items()):
        code = f"{site.code}-Z{first + place:02d}"
        buildings.append(ResettlementBuilding(
            code=code, site=site, name=name[:64], floors=max(int(Decimal(line.told["floor"])) for line in lines),
            planned_completion_on=date.fromisoformat(lines[0].told["planned_completion_on"]),
        ))
        homes += [
            Home(
                code=f"{code}-U{number:04d}", building_id=code, area_m2=Decimal(line.told["area_m2"]),
                home_type=line.told.get("home_type") or rules.type_of(Decimal(line.told["area_m2"])),
                floor=int(Decimal(line.told["floor"])), number=line.told["number"][:16],
            )
            for number, line in enumerate(lines, start=1)
        ]
    return buildings, homes


def import_sites(
    *, actor: Actor, jurisdiction: str, client: str, path: Path, name: str, now: datetime
) -> Imported:
    """Enter sites of a division that a client builds, by a list.

    Raises:
        Refused: no right; or the file with everything that is wrong in it; nothing of it is then written.
    """
    subject = Subject(code=jurisdiction, clients=frozenset({client}))
    listed = list_of(actor, RECORD_SITE, subject, kind="sites", path=path, name=name)
    with act(actor, RECORD_SITE, on=subject, at=now) as deed:
        reasons = division_reasons(jurisdiction, client=client)
        names = set(Site.objects.filter(code__startswith=jurisdiction[:4]).values_list("name", flat=True))
        for line in listed.lines:
            told = line.told
            if told["name"] in names:
                reasons.append(listed.problem(line.row, "name", TWICE, told["name"]))
            names.add(told["name"])
            if "project" in told and not project_exists(told["project"]):
                reasons.append(listed.problem(line.row, "project", UNKNOWN, told["project"]))
            if ("longitude" in told) != ("latitude" in told) or Decimal(told.get("longitude", "0")) > 180:
                reasons.append(listed.problem(line.row, "longitude", NOT_HELD, told.get("longitude", "")))
            if Decimal(told.get("latitude", "0")) > 90:
                reasons.append(listed.problem(line.row, "latitude", NOT_HELD, told["latitude"]))
        if reasons:
            raise Refused(*reasons[:PROBLEMS_SHOWN])
        first = int(writes.next_site_code(jurisdiction)[-4:])
        rows = [
            Site(
                code=f"{jurisdiction}-T{first + place:04d}", name=line.told["name"][:120], client_id=client,
                address=line.told.get("address", "")[:255],
                projects=[line.told["project"]] if "project" in line.told else [],
                longitude=float(line.told["longitude"]) if "longitude" in line.told else None,
                latitude=float(line.told["latitude"]) if "latitude" in line.told else None,
            )
            for place, line in enumerate(listed.lines)
        ]
        key = deed.record(evidence=[_kept(path, name, kind="ledger_sheet")], because=[
            reason("sites_entered", N_("%(sites)s sites."), sites=len(rows))
        ])
        writes.insert_sites(sites=rows)
        return Imported(len(rows), key)


def import_stock(*, actor: Actor, city: str, client: str, path: Path, name: str, now: datetime) -> Imported:
    """Enter existing homes that can be bought in a city, by a list.

    Raises:
        Refused: no right; or the file with everything that is wrong in it; nothing of it is then written.
    """
    subject = Subject(code=city, clients=frozenset({client}))
    listed = list_of(actor, RECORD_SITE, subject, kind="stock", path=path, name=name)
    rules = current_rulebook().resettlement
    with act(actor, RECORD_SITE, on=subject, at=now) as deed:
        reasons = []
        for line in listed.lines:
            if Decimal(line.told["count"]) != int(Decimal(line.told["count"])):
                reasons.append(listed.problem(line.row, "count", NO_NUMBER, line.told["count"]))
            kind = line.told.get("home_type")
            if kind and not rules.home_types[kind].holds(Decimal(line.told["area_m2"])):
                reasons.append(listed.problem(line.row, "home_type", NOT_HELD, kind, CORRECT))
        if reasons:
            raise Refused(*reasons[:PROBLEMS_SHOWN])
        key = deed.record(evidence=[_kept(path, name, kind="ledger_sheet")], because=[
            reason("stock_entered", N_("%(lines)s offers of existing homes."), lines=len(listed.lines))
        ])
        writes.insert_stock([
            HomeStock(
                city=city, name=line.told["name"][:120], area_m2=Decimal(line.told["area_m2"]),
                home_type=line.told.get("home_type") or rules.type_of(Decimal(line.told["area_m2"])),
                count=int(Decimal(line.told["count"])), price_yuan=Decimal(line.told["price_yuan"]),
                ready_on=date.fromisoformat(line.told["ready_on"]), offered_on=deed.recorded_on, deed=key,
            )
            for line in listed.lines
        ])
        return Imported(len(listed.lines), key)


def list_of(actor: Actor, verb: str, subject: Subject, *, kind: str, path: Path, name: str) -> HousingList:
    """The list, read before the division's chain is held; who may not act is refused by ``act`` with a note of it.

    Raises:
        Refused: naming everything that is wrong in the file.
    """
    if current_rulebook().authority.may(actor=actor, verb=verb, subject=subject) is not None:
        return HousingList(kind, name, "", ())
    return read_list(kind=kind, path=path, name=name, city=f"{subject.code[:4]}00")


def _kept(path: Path, name: str, *, kind: str) -> AttachedFile:
    """The file itself, as evidence of what it said."""
    source = replace(local_file(path), name=name)
    kept = keep_local_file(source.path, kind=kind, media_type=MEDIA_TYPES[source.kind()])
    return replace(kept, name=Path(name).name[:255])
