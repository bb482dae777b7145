"""Writes the demonstration's resettlement: sites as rows, everything else as facts by the people whose work it is.

Agreements of families stand beside their promises, in the same deeds; permits, money and stages of the works are
recorded by who builds, homes that were handed over by the district. What was before the campaign is not verified.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.core.files.base import ContentFile

from zhengtu.core.authority.actor import Actor, Posting, Subject
from zhengtu.core.kernel.civil_dates import add_months, civil_date
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.core.ledger.fact_kinds import checked_attributes
from zhengtu.jobs.demonstration.housing import HANDED_BEFORE, SCRIPT, BuiltSite, Housing
from zhengtu.jobs.demonstration.model import FACT_KINDS, DemonstrationCampaign
from zhengtu.jobs.demonstration.staging import script_of
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import AttachedFile, keep_file
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.resettlement.models import Home, ResettlementBuilding, Site
from zhengtu.resettlement.writes import insert_sites

_PERMITS: Final = ("land", "planning", "construction")
_NUMBERS: Final = {"land": "演示地字第{}号", "planning": "演示建字第{}号", "construction": "演示施字第{}号"}


def insert_housing(housing: Housing) -> None:
    """Insert the rows of sites, buildings and homes."""
    insert_sites(
        sites=[
            Site(
                code=one.code, name=one.name, client_id=one.client, address=one.address, longitude=one.longitude,
                latitude=one.latitude, projects=list(one.projects),
            )
            for one in housing.sites
        ],
        buildings=[
            ResettlementBuilding(
                code=built.code, site_id=one.code, name=built.name, floors=built.floors,
                planned_completion_on=built.planned_on,
                budget_yuan=Decimal(script_of(SCRIPT)["building"]["yuan_per_m2"]) * sum(h.area_m2 for h in built.homes),
            )
            for one in housing.sites for built in one.buildings
        ],
        homes=[
            Home(
                code=home.code, building_id=built.code, home_type=home.home_type, area_m2=Decimal(home.area_m2),
                floor=home.floor, number=home.number,
            )
            for one in housing.sites for built in one.buildings for home in built.homes
        ],
    )


def facts_of_families(
    housing: Housing, demonstration: DemonstrationCampaign
) -> Iterator[tuple[NewFact, date]]:
    """Entitlements, hardships and wishes with the days of their recording; an entitlement stands beside its promise."""
    facts, codes = demonstration.facts, demonstration.subject_codes()
    promised = facts.kind == FACT_KINDS.index("resettlement_promised")
    rows = zip(
        codes[promised].tolist(), facts.happened_on[promised].tolist(), facts.recorded_on[promised].tolist(),
        strict=True,
    )
    for household, happened_on, recorded_on in rows:
        given = housing.entitlement(household)
        if given is not None:
            yield _fact("household", household, "entitlement_agreed", happened_on, given), recorded_on
    for household, kind in housing.hardships.items():
        on = demonstration.campaign.start_on - timedelta(days=90)
        told = {"hardship": kind, "member": 1}
        yield _fact("household", household, "hardship_recognised", on, told), demonstration.campaign.start_on
    for household, (on, way) in housing.wishes.items():
        yield _fact("household", household, "way_chosen", on, {"way": way}), on


def record_sites(
    housing: Housing, demonstration: DemonstrationCampaign, *, person_codes: dict[str, str], at: datetime
) -> None:
    """Permits, money and stages of every site, and the homes that were handed over, as history on the opening day."""
    before = civil_date(at=at) - timedelta(days=1)
    desk = _Desk(demonstration, person_codes, at)
    assigned: dict[str, list[NewFact]] = defaultdict(list)
    for site in housing.sites:
        facts = [fact for fact in _works_of(site) if fact.happened_on <= before]
        kinds = {paper for fact in facts for paper in current_rulebook().evidence_of(fact.kind)}
        desk.record(desk.builder(site.client), "site.record", site.code, facts, sorted(kinds), client=site.client)
        for home, household in site.given.items():
            resettled_on = housing.owed[household].resettled_on or before
            on = min(resettled_on - HANDED_BEFORE, before)
            assigned[jurisdiction_of(site.code)].append(
                _fact("household", household, "home_assigned", on, {"home": home, "by": "lot"}, is_verified=False)
            )
    for division, facts in sorted(assigned.items()):
        desk.record(desk.leader(division), "home.assign", division, facts, ["resettlement_agreement"])


def _works_of(site: BuiltSite) -> Iterator[NewFact]:
    number = 0
    for permit, on in site.permitted.items():
        yield _permit("site", site.code, permit, on, f"{site.code[-4:]}")
    first = min(min(one.stages.values()) for one in site.buildings)
    for place, share in enumerate(script_of(SCRIPT)["funded_shares"]):
        amount = (site.budget_yuan * Decimal(str(share)) / 10_000).quantize(Decimal(1)) * 10_000
        told = {"amount_yuan": f"{amount:.2f}", "source": ("专项债券", "企业自筹")[place % 2]}
        yield _fact("site", site.code, "site_funded", add_months(first, 12 * place), told, is_verified=False)
    for building in site.buildings:
        for stage, on in building.stages.items():
            number += 1
            if stage in _PERMITS:
                yield _permit("resettlement_building", building.code, stage, on, f"{site.code[-4:]}-{number:03d}")
            else:
                yield _fact(
                    "resettlement_building", building.code, "works_reached", on, {"stage": stage}, is_verified=False
                )


def _permit(kind: str, subject: str, permit: str, on: date, number: str) -> NewFact:
    told = {"permit": permit, "number": _NUMBERS[permit].format(f"{on.year}-{number}")}
    return _fact(kind, subject, "site_permitted", on, told, is_verified=False)


def _fact(
    subject_kind: str, subject: str, kind: str, on: date, given: dict[str, Any], *, is_verified: bool = True
) -> NewFact:
    """A fact whose attributes were checked as any user's are.

    Raises:
        ValueError: naming the subject and what is wrong.
    """
    attributes, reasons = checked_attributes(current_rulebook().fact_kinds[kind], given)
    if reasons:
        raise ValueError(f"{subject}: {reasons[0].in_english()}")
    return NewFact(subject_kind, subject, kind, on, attributes, is_verified=is_verified)


class _Desk:
    """Who records, and the papers."""

    def __init__(self, demonstration: DemonstrationCampaign, codes: dict[str, str], at: datetime) -> None:
        self._people, self._codes, self._at = demonstration.people, codes, at

    def builder(self, client: str) -> Actor:
        """Somebody of the unit that builds; the finance bureau stands in where it has no account."""
        builder = next((p.username for p in self._people if p.role == "client" and p.unit == client), "finance_bureau")
        return Actor(self._codes[builder], (Posting("client", client),))

    def leader(self, division: str) -> Actor:
        """The leader of a district or zone."""
        person = next(p for p in self._people if p.role == "district_leader" and p.unit == division)
        return Actor(self._codes[person.username], (Posting("district_leader", division),))

    def record(
        self, actor: Actor, verb: str, subject: str, facts: Sequence[NewFact], papers: Sequence[str], *,
        client: str = "",
    ) -> None:
        """One deed with a list of its facts for every paper."""
        on = Subject(code=subject, clients=frozenset({client} if client else ()))
        with act(actor, verb, on=on, at=self._at, joins_transaction=True) as deed:
            deed.record(facts=facts, evidence=[self._paper(kind, subject, facts) for kind in papers])

    def _paper(self, kind: str, subject: str, facts: Sequence[NewFact]) -> AttachedFile:
        rules = current_rulebook()
        label = rules.label(group="evidence", id=kind, language="zh")
        lines = [f"演示材料（虚构），{label}清单，{subject}", "编号,事项,日期"]
        lines += [
            f"{fact.subject},{rules.fact_kinds[fact.kind].label[0]},{fact.happened_on}" for fact in facts
            if kind in rules.evidence_of(fact.kind)
        ]
        content = ContentFile(("\n".join(lines) + "\n").encode("utf-8-sig"))
        name = f"{subject}-{kind}.csv"
        return keep_file(content, kind=kind, name=name, media_type="text/csv")
