"""The register as its pages show it: families with their homes, sites with their buildings, photos and drawings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhengtu.campaign.reach import reach_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import is_code
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.core.resettlement.works import CompletionForecast
from zhengtu.ledger.milestone_queries import milestones_of
from zhengtu.ledger.models import Evidence, Fact
from zhengtu.ledger.queries import Reach, standing_facts
from zhengtu.registry.models import Household
from zhengtu.resettlement.addresses import lived_at
from zhengtu.resettlement.facts import SETTLED, TITLE, VIEW, held_homes, reach_around, terms_within
from zhengtu.resettlement.models import Home, HomeAssignment, LotDraw, ResettlementBuilding, Site
from zhengtu.resettlement.promises import Told, told_within
from zhengtu.resettlement.queries import (
    HomeStanding,
    HomeState,
    Waiting,
    homes_by_site,
    homes_of,
    site_of,
    sites_for,
    waiting,
)
from zhengtu.resettlement.works import PERMITTED, REACHED, StageReached, forecasts_of, stages_of


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A family that waits, as the register lists it: who it is and where it lives stays masked.

    Attributes:
        address: of the home that it gave up.
        lives_at: where it lives now, masked; lives_since: since when, or None where no address is on file.
        told: the home and day that it was told last, or None; a home that is told need not be assigned.
    """

    waits: Waiting
    name_masked: str
    address: str
    lives_at: str
    lives_since: date | None
    told: Told | None

    @property
    def building(self) -> str:
        """Code of the building of its home, or empty."""
        return self.waits.home.rpartition("-U")[0]

    def __getattr__(self, name: str) -> object:
        """Everything that the waiting itself says."""
        return getattr(self.waits, name)


@dataclass(frozen=True, slots=True)
class HomeRow:
    """A family that has come home: its home, and what of it is settled and registered.

    Attributes:
        home: the home handed over, or None where it came home another way.
        agreed_area_m2: None where no entitlement is on file.
        settled, title: the facts that say so, or None.
    """

    household: str
    name_masked: str
    address: str
    home: Home | None
    home_on: date
    agreed_area_m2: Decimal | None
    settled: Fact | None
    title: Fact | None


@dataclass(frozen=True, slots=True)
class BuildingStanding:
    """A building with its stages, when it will be completed, and its homes by state."""

    building: ResettlementBuilding
    stages: Sequence[StageReached]
    forecast: CompletionForecast
    homes: Mapping[HomeState, int]
    planned_on: date

    @property
    def count(self) -> int:
        """Homes in it."""
        return sum(self.homes.values())

    @property
    def likely_on(self) -> date:
        """The day by which it is completed as likely as not."""
        return self.forecast.day_at(0.5)

    @property
    def safe_on(self) -> date:
        """The day by which it is completed with nine chances of ten."""
        return self.forecast.day_at(0.9)

    @property
    def is_done(self) -> bool:
        """Whether it passed its acceptance."""
        return not self.forecast.under_way


@dataclass(frozen=True, slots=True)
class SitePhoto:
    """A photo of the works: its file, the building, stage and day of the fact that it proves."""

    sha256: str
    name: str
    media_type: str
    deed: str
    subject: str
    stage: str
    on: date


@dataclass(frozen=True, slots=True)
class Arrival:
    """Money that arrived for a site's works (yuan)."""

    on: date
    amount_yuan: Decimal
    source: str
    deed: str


@dataclass(frozen=True, slots=True)
class SiteStanding:
    """A site with its buildings, permits of the whole, money, photos and drawings."""

    site: Site
    buildings: Sequence[BuildingStanding]
    permits: Sequence[StageReached]
    arrivals: Sequence[Arrival]
    photos: Sequence[SitePhoto]
    draws: Sequence[LotDraw]
    families: int

    @property
    def homes(self) -> Counter[HomeState]:
        """Homes by state over all buildings."""
        return sum((Counter(one.homes) for one in self.buildings), Counter())

    @property
    def arrived_yuan(self) -> Decimal:
        """All money that arrived."""
        return sum((one.amount_yuan for one in self.arrivals), Decimal(0))

    @property
    def budget_yuan(self) -> Decimal:
        """What its buildings cost; buildings without a budget count for nothing."""
        return sum((one.building.budget_yuan or Decimal(0) for one in self.buildings), Decimal(0))


def register_rows(actor: Actor, *, on: date, known: date | None = None) -> list[RegisterRow]:
    """The families in reach that wait on a day, by code."""
    return _rows(waiting(reach_of(actor, verb=VIEW), on=on, known=known), on=on, known=known)


def register_row(actor: Actor, household: str, *, on: date, known: date | None = None) -> RegisterRow | None:
    """One of them, or None where it waits for nothing or the actor does not reach it."""
    reach = reach_of(actor, verb=VIEW)
    if not is_code("household", household) or not reach.covers(household):
        return None
    rows = waiting(reach, on=on, known=known, households=[household])
    return next(iter(_rows(rows, on=on, known=known)), None)


def home_row(actor: Actor, household: str, *, on: date, known: date | None = None) -> HomeRow | None:
    """A family that came home by a day, or None where it has not or the actor does not reach it."""
    if not is_code("household", household) or not reach_of(actor, verb=VIEW).covers(household):
        return None
    home_on = milestones_of([household], known=known).get(household, {}).get(Milestone.RESETTLED)
    reach = Reach(codes=(household,))
    terms, held = terms_within(reach, on=on, known=known).get(household), held_homes(reach, on=on, known=known)
    if home_on is None or home_on > on or not (terms or held):
        return None
    told = {fact.kind: fact for fact in standing_facts((SETTLED, TITLE), reach=reach, on=on, known=known)}
    code = held[household].home if household in held else ""
    row = Household.objects.get(pk=household)
    return HomeRow(
        household=household, name_masked=row.name_masked, address=row.address, home_on=home_on,
        home=Home.objects.select_related("building__site").filter(pk=code).first(),
        agreed_area_m2=terms.home_area_m2 if terms else None, settled=told.get(SETTLED), title=told.get(TITLE),
    )


def _rows(rows: Sequence[Waiting], *, on: date, known: date | None) -> list[RegisterRow]:
    codes = [one.household for one in rows]
    people = {
        code: (name, address) for code, name, address in
        Household.objects.filter(reach_around(codes).condition("code")).values_list("code", "name_masked", "address")
    }
    told = told_within(reach_around(codes), on=on, known=known)
    lived = {code: held[0] for code, held in lived_at(codes, on=on, known=known).items()}
    return [
        RegisterRow(
            one, *people[one.household],
            *((held.masked, held.since_on) if (held := lived.get(one.household)) else ("", None)),
            told.get(one.household),
        )
        for one in rows
    ]


def reached_households(actor: Actor, households: Collection[str]) -> set[str]:
    """Those of some households that the actor reaches."""
    reach = reach_of(actor, verb=VIEW)
    return {code for code in households if reach.covers(code)}


def site_standings(sites: Sequence[Site], *, on: date, known: date | None = None) -> list[SiteStanding]:
    """Sites with everything that their pages show."""
    codes = {site.code for site in sites}
    every = list(ResettlementBuilding.objects.filter(site__in=codes).order_by("code"))
    forecasts = forecasts_of(every, on=on, known=known)
    stages = stages_of(every, on=on, known=known)
    cities = {f"{site.code[:4]}00" for site in sites}
    families = Counter(one.site for city in cities for one in waiting(city, on=on, known=known) if one.site)
    homes = homes_by_site(codes, on=on, known=known)
    facts = standing_facts(
        (PERMITTED, "site_funded", REACHED), reach=reach_around([*codes, *(one.code for one in every)]), on=on,
        known=known,
    )
    photos, draws = _photos(facts), list(LotDraw.objects.filter(site__in=codes).order_by("-code"))
    found = []
    for site in sites:
        counts: dict[str, Counter[HomeState]] = {}
        for home in homes[site.code]:
            counts.setdefault(home.home.building_id, Counter())[home.state] += 1
        own = [fact for fact in facts if site_of(fact.subject) == site.code]
        found.append(SiteStanding(
            site=site, families=families[site.code],
            buildings=[
                BuildingStanding(
                    one, stages[one.code], forecasts[one.code],
                    counts.get(one.code, Counter()), one.planned_completion_on,
                )
                for one in every if one.site_id == site.code
            ],
            permits=[
                StageReached(str(fact.attributes["permit"]), fact.happened_on, fact.deed_id,
                             str(fact.attributes["number"]))
                for fact in own if fact.kind == PERMITTED and fact.subject == site.code
            ],
            arrivals=[
                Arrival(fact.happened_on, Decimal(fact.attributes["amount_yuan"]), str(fact.attributes["source"]),
                        fact.deed_id)
                for fact in own if fact.kind == "site_funded"
            ],
            photos=[photo for photo in photos if site_of(photo.subject) == site.code],
            draws=[draw for draw in draws if draw.site_id == site.code],
        ))
    return found


def _photos(facts: Sequence[Fact]) -> list[SitePhoto]:
    """Pictures that stand behind stages of the works, the latest first; lists and papers are none."""
    by_deed = {fact.deed_id: fact for fact in facts if fact.kind == REACHED}
    rows = Evidence.objects.filter(
        deed__in=list(by_deed), kind="site_photo", file__media_type__startswith="image/"
    ).select_related("file")
    found = [
        SitePhoto(
            row.file_id, row.name, row.file.media_type, row.deed_id, by_deed[row.deed_id].subject,
            str(by_deed[row.deed_id].attributes["stage"]), by_deed[row.deed_id].happened_on,
        )
        for row in rows
    ]
    return sorted(found, key=lambda photo: (photo.on, photo.deed), reverse=True)


def building_for(actor: Actor, code: str, *, on: date) -> ResettlementBuilding | None:
    """A building of a site in the actor's reach."""
    sites = sites_for(actor, on=on)
    return ResettlementBuilding.objects.filter(pk=code, site__in=sites.values("pk")).select_related("site").first()


def homes_in(building: ResettlementBuilding, *, on: date, known: date | None = None) -> list[HomeStanding]:
    """Homes of a building with their state on a day."""
    return [one for one in homes_of(building.site_id, on=on, known=known) if one.home.building_id == building.code]


def draw_for(actor: Actor, code: str, *, on: date) -> LotDraw | None:
    """A drawing of a site in the actor's reach."""
    sites = sites_for(actor, on=on)
    return LotDraw.objects.filter(pk=code, site__in=sites.values("pk")).select_related("site").first()


def free_homes(site: str, *, home_type: str = "") -> list[Home]:
    """Homes of a site that nobody has now, those of the type first."""
    taken = HomeAssignment.objects.filter(home__building__site=site).values("home")
    rows = Home.objects.filter(building__site=site).exclude(pk__in=taken).select_related("building").order_by("code")
    return sorted(rows, key=lambda one: one.home_type != home_type)


def sites_in(city: str) -> list[Site]:
    """Every site of a city, by code; for jobs and for choosing one."""
    return list(Site.objects.filter(code__startswith=city[:4]).order_by("code"))
