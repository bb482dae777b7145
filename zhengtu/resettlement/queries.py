"""Who waits for a home and on which terms, what is built, who has which home, what is for sale.

``waiting`` and ``homes_of`` know nothing of who asks: they take a reach or a site that a door gave. The ``*_for`` are
the doors to rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet

from zhengtu.campaign.reach import reach_of
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.codes import project_of
from zhengtu.core.ledger.lateness import months_late as months_begun
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.ledger.milestone_queries import milestones_of
from zhengtu.ledger.models import Fact, Milestones
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Project
from zhengtu.registry.queries import scope_of
from zhengtu.resettlement.facts import (
    RELEASED,
    VIEW,
    HeldHome,
    Terms,
    hardships_within,
    held_homes,
    wishes_within,
)
from zhengtu.resettlement.kept import homes_on, terms_on
from zhengtu.resettlement.models import Entitlement, Home, HomeAssignment, HomeStock, Site


@dataclass(frozen=True, slots=True)
class Waiting:
    """A household that waits for its home on a day.

    Attributes:
        project, jurisdiction, client: codes; section: code.
        due_on: the promised day (milestone ``promised``), or None where none is on file.
        months_late: begun months past that day as the figures count them: it exceeds n months where this is greater
            than n; 0 while not late.
        terms: what it is owed, or None where no entitlement is on file; then no subsidy can be reckoned.
        wish: ``building``, ``purchase``, ``cash`` or empty.
        hardships: kinds that were recognised of somebody in it.
        home: code of the home that it was assigned, or empty.
    """

    household: str
    project: str
    jurisdiction: str
    section: str
    client: str
    due_on: date | None
    months_late: int
    terms: Terms | None
    wish: str
    hardships: tuple[str, ...]
    home: str

    @property
    def payer(self) -> str:
        """Code of the unit that pays the subsidy, or empty where no entitlement is on file."""
        return self.terms.payer if self.terms else ""

    @property
    def payer_kind(self) -> str:
        """Kind of that unit, or empty."""
        return self.terms.payer_kind if self.terms else ""

    @property
    def home_type(self) -> str:
        """Type of home that it is owed, or empty."""
        return self.terms.home_type if self.terms else ""

    @property
    def site(self) -> str:
        """Code of the agreed site, or empty."""
        return self.terms.site if self.terms else ""

    @property
    def is_late(self) -> bool:
        """Whether the promised day has passed."""
        return self.months_late > 0

    @property
    def is_vulnerable(self) -> bool:
        """Whether a recognised hardship puts it first."""
        return bool(self.hardships)


class HomeState(StrEnum):
    """What has become of a home by a day."""

    FREE = "free"
    ASSIGNED = "assigned"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, slots=True)
class HomeStanding:
    """A home with its state on a day; household: who has it, or empty; since: the day of the state, or None."""

    home: Home
    state: HomeState
    household: str = ""
    by: str = ""
    since: date | None = None


def months_late(due_on: date | None, *, on: date) -> int:
    """Begun months past the promised day; it exceeds n months where the result is greater than n.

    So the bands of the overdue wall agree with ``core.ledger.figures`` on every day.
    """
    return 0 if due_on is None else months_begun(due_on, on=on)


def waiting(
    reach: Reach | str, *, on: date, known: date | None = None, households: Collection[str] | None = None
) -> list[Waiting]:
    """Every household that is owed a home and has not come home by a day, by code.

    Owed is what was promised (milestone ``promised``) or what an entitlement on file says; who signed after the day
    does not count.

    Args:
        reach: households that may be seen, or the code of a city or division for all of its.
        known: what was recorded by the end of this day counts; None for all that is recorded now.
        households: only these, where given.
    """
    within = Reach(prefixes=(_prefix(reach),)) if isinstance(reach, str) else reach
    if households is not None:
        within = Reach(codes=tuple(code for code in households if within.covers(code)))
    terms = terms_on(within, on=on, known=known)
    dates = _promised(within, terms, on=on, known=known)
    wishes, hardships = wishes_within(within, on=on, known=known), hardships_within(within, on=on, known=known)
    homes = homes_on(within, on=on, known=known)
    clients = dict(Project.objects.values_list("code", "client_id"))
    found = []
    for household, due_on in sorted(dates.items()):
        division, number, section, _ = household.split("-")
        project = project_of(household)
        found.append(
            Waiting(
                household=household, project=project, jurisdiction=division, section=f"{division}-{number}-{section}",
                client=clients[project], due_on=due_on, months_late=months_late(due_on, on=on),
                terms=terms.get(household), wish=wishes.get(household, ""), hardships=hardships.get(household, ()),
                home=homes[household].home if household in homes else "",
            )
        )
    return found


def _prefix(code: str) -> str:
    return code[:4] if code.endswith("00") and len(code) == 6 else code


def _promised(
    reach: Reach, terms: Collection[str], *, on: date, known: date | None
) -> dict[str, date | None]:
    """Household -> promised day (None: none on file) of those who are owed a home and have none yet."""
    if known is not None:
        return _promised_as_known(reach, terms, on=on, known=known)
    owed = Q(promised_on__isnull=False) | Q(subject__in=Entitlement.objects.values("household"))
    rows = Milestones.objects.filter(reach.condition("subject"), owed, subject_kind="household").values_list(
        "subject", "promised_on", "signed_on", "decided_on", "resettled_on"
    )
    found: dict[str, date | None] = dict.fromkeys(terms)
    for household, promised_on, signed_on, decided_on, home_on in rows:
        is_agreed = household in terms or (promised_on is not None and (
            _is_reached(signed_on, on) or _is_reached(decided_on, on) or promised_on < on
        ))
        if is_agreed and not _is_reached(home_on, on):
            found[household] = promised_on
        else:
            found.pop(household, None)
    return found


def _is_reached(day: date | None, on: date) -> bool:
    return day is not None and day <= on


def _promised_as_known(reach: Reach, terms: Collection[str], *, on: date, known: date) -> dict[str, date | None]:
    kinds = [kind.id for kind in current_rulebook().fact_kinds.values() if kind.milestone is Milestone.PROMISED]
    rows = Fact.objects.filter(reach.condition("subject"), kind__in=kinds, deed__recorded_on__lte=known)
    codes = sorted({*rows.values_list("subject", flat=True).distinct(), *terms})
    found: dict[str, date | None] = {}
    for code, reached in milestones_of(codes, known=known).items():
        agreed = min(reached.get(name, date.max) for name in (Milestone.SIGNED, Milestone.DECIDED))
        promised = reached.get(Milestone.PROMISED)
        is_agreed = agreed <= on or (promised is not None and promised < on) or code in terms
        is_owed = promised is not None or code in terms
        if is_agreed and is_owed and not reached.get(Milestone.RESETTLED, date.max) <= on:
            found[code] = promised
    return found


def waiting_for(actor: Actor, *, on: date, known: date | None = None, verb: str = VIEW) -> list[Waiting]:
    """The households in the actor's reach that wait on a day."""
    return waiting(reach_of(actor, verb=verb), on=on, known=known)


def sites_for(actor: Actor, *, on: date, verb: str = VIEW) -> QuerySet[Site]:
    """Sites in the actor's reach: of its divisions, its own as a client, and those that its projects' families go to.

    Args:
        on: kept for those who ask of a past day; a site is on file for good.
    """
    scope = scope_of(actor, verb=verb)
    within = Q(pk__in=[])
    for prefix in scope.prefixes:
        within |= Q(code__startswith=prefix)
    if scope.clients:
        within |= Q(client__in=scope.clients)
    led = Q(client__in=scope.clients) | Q(lead__in=scope.leads)
    if scope.clients or scope.leads:
        for project in Project.objects.filter(led).values_list("code", flat=True):
            within |= Q(projects__contains=[project])
    named = [code for code in scope.subjects if "-P" in code]
    for project in {project_of(code) for code in named}:
        within |= Q(projects__contains=[project])
    return Site.objects.filter(within).select_related("client").prefetch_related("buildings").order_by("code")


def site_for(actor: Actor, code: str, *, on: date, verb: str = VIEW) -> Site | None:
    """One site, or None where the actor does not reach it."""
    return sites_for(actor, on=on, verb=verb).filter(pk=code).first()


def site_subject(site: Site) -> Subject:
    """A site with what decides who may act on it."""
    return Subject(code=site.code, clients=frozenset({site.client_id}))


def homes_of(site: Site | str, *, on: date, known: date | None = None) -> list[HomeStanding]:
    """Homes of a site by code with their state on a day."""
    code = site if isinstance(site, str) else site.code
    return homes_by_site([code], on=on, known=known)[code]


def homes_by_site(
    sites: Collection[str], *, on: date, known: date | None = None
) -> dict[str, list[HomeStanding]]:
    """Site -> its homes by code with their state on a day; for many sites as few questions as for one."""
    holders = _holders_of(sites, on=on, known=known)
    resettled = _resettled([one.household for one in holders.values()], on=on, known=known)
    found: dict[str, list[HomeStanding]] = {site: [] for site in sites}
    for home in Home.objects.filter(building__site__in=sites).select_related("building").order_by("code"):
        standings, held = found[home.building.site_id], holders.get(home.code)
        if held is None:
            standings.append(HomeStanding(home, HomeState.FREE))
            continue
        handed_over_on = resettled.get(held.household)
        state = HomeState.ASSIGNED if handed_over_on is None else HomeState.HANDED_OVER
        since = held.assigned_on if handed_over_on is None else handed_over_on
        standings.append(HomeStanding(home, state, held.household, held.by, since))
    return found


def _holders_of(sites: Collection[str], *, on: date, known: date | None) -> dict[str, HeldHome]:
    """Home -> who has it on a day, of some sites."""
    rows = HomeAssignment.objects.filter(home__building__site__in=sites)
    if known is None and not rows.filter(assigned_on__gt=on).exists():
        # Who gave a home back since is not in the projection: only on a past day does that make a difference.
        released = Fact.objects.filter(kind=RELEASED, happened_on__gt=on).values_list("attributes__home", flat=True)
        if not any(site_of(home) in sites for home in released):
            kept = (HeldHome(one.home_id, one.household_id, one.by, one.assigned_on, one.fact) for one in rows)
            return {one.home: one for one in kept}
    reach = Reach(prefixes=tuple(sorted({site[:4] for site in sites})))
    held = held_homes(reach, on=on, known=known) if sites else {}
    return {one.home: one for one in held.values() if site_of(one.home) in sites}


def site_of(code: str) -> str:
    """The site of a building or home, by its code."""
    return code[:12]


def _resettled(households: Sequence[str], *, on: date, known: date | None) -> dict[str, date]:
    if known is not None:
        found = milestones_of(households, known=known)
        days = {code: dates.get(Milestone.RESETTLED) for code, dates in found.items()}
        return {code: day for code, day in days.items() if day is not None and day <= on}
    rows = Milestones.objects.filter(subject__in=households, resettled_on__lte=on)
    return dict(rows.values_list("subject", "resettled_on"))


def stock(city: str, *, on: date) -> list[HomeStock]:
    """Existing homes on offer in a city on a day, the cheapest per m² first."""
    rows = HomeStock.objects.filter(city=city, offered_on__lte=on).filter(Q(until_on=None) | Q(until_on__gt=on))
    return sorted(rows, key=lambda one: (one.price_yuan / one.area_m2, one.name, one.pk))
