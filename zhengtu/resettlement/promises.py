"""The promise ledger: of every family that waits, which home is named, what day was told, and whether it holds.

All of it follows from facts: agreements, homes assigned and told, stages of the works, answers to breaches. A handful
of questions to the database for any number of families.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from django.db.models import Count

from zhengtu.campaign.reach import reach_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.resettlement.promises import (
    HomeOutlook,
    Naming,
    PromiseState,
    Supply,
    outlook_of,
    promise_state,
)
from zhengtu.core.resettlement.works import CompletionForecast
from zhengtu.ledger.models import Fact, Milestones
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.resettlement.facts import VIEW, ToldFact, reach_around, told_in_order
from zhengtu.resettlement.models import Entitlement, Home, HomeAssignment, ResettlementBuilding, Site
from zhengtu.resettlement.queries import Waiting, site_of, waiting, waiting_for
from zhengtu.resettlement.works import forecasts_of

TOLD: Final = "home_promised"
ANSWERED: Final = "breach_answered"


@dataclass(frozen=True, slots=True)
class Told:
    """A home and a day that a family was told: home: code of a home or id of a type; site: its code, or empty."""

    home: str
    site: str
    expected_on: date
    told_on: date
    deed: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was done about a breach; subject: the family, the project's part in its district, or the site."""

    measure: str
    subject: str
    on: date
    deed: str


@dataclass(frozen=True, slots=True)
class Named:
    """The home that is named: a home with its building, or a type at a site; type: id, or empty."""

    naming: Naming
    site: str = ""
    home: str = ""
    type: str = ""

    @property
    def building(self) -> str:
        """Code of the building, or empty where no home is named."""
        return building_of(self.home) if self.home else ""


@dataclass(frozen=True, slots=True)
class FamilyPromise:
    """A family that waits, with what it was promised.

    Attributes:
        told: what it was told last beside its agreement, or None.
        outlook: when the home will be there, None where no home is named or none is left.
        answers: measures about the family, its district's part of the project or its site, the latest first.
    """

    waiting: Waiting
    named: Named
    told: Told | None
    outlook: HomeOutlook | None
    chance: float | None
    state: PromiseState
    answers: Sequence[Answer] = ()

    @property
    def household(self) -> str:
        """Code of the family's file."""
        return self.waiting.household

    @property
    def promised_on(self) -> date | None:
        """The day that counts: the one told last, else the agreement's."""
        return promised_day(self.waiting, self.told)

    @property
    def is_breach(self) -> bool:
        """Whether the day has passed or is not going to hold."""
        return self.state in (PromiseState.BROKEN, PromiseState.FORESEEN)

    @property
    def is_answered(self) -> bool:
        """Whether something was done about it."""
        return bool(self.answers)


@dataclass(frozen=True, slots=True)
class PromiseCounts:
    """Families by where their promises stand.

    Attributes:
        assigned: have a home by lot, signing order or plan; named: were told a certain home that is not assigned yet;
            typed: a type at a site; unnamed: none of these.
        late: past the day of the agreement; broken: past the day that counts now.
    """

    families: int = 0
    assigned: int = 0
    named: int = 0
    typed: int = 0
    unnamed: int = 0
    broken: int = 0
    foreseen: int = 0
    undated: int = 0
    holds: int = 0
    later: int = 0
    late: int = 0
    unanswered: int = 0

    @property
    def breaches(self) -> int:
        """Promises that are broken or going to be."""
        return self.broken + self.foreseen


def building_of(home: str) -> str:
    """The building of a home, by its code."""
    return home.rpartition("-U")[0]


def part_of(family: Waiting) -> str:
    """The part of the project that lies in the family's district."""
    return f"{family.jurisdiction}-{family.project.partition('-')[2]}"


def promised_day(family: Waiting, told: Told | None) -> date | None:
    """The day told last, else the agreement's."""
    return told.expected_on if told is not None else family.due_on


def promises_for(actor: Actor, *, on: date, known: date | None = None) -> list[FamilyPromise]:
    """Every family in the actor's reach that waits on a day, by code."""
    return promises_of(waiting_for(actor, on=on, known=known), on=on, known=known)


def promises_of_parts(
    actor: Actor, parts: Collection[str], *, on: date, known: date | None = None
) -> list[FamilyPromise]:
    """Families of some parts of a project (their codes) that the actor reaches."""
    reach = reach_of(actor, verb=VIEW)
    seen = Reach(prefixes=tuple(sorted(f"{part}-" for part in parts if reach.covers(f"{part}-"))))
    return promises_of(waiting(seen, on=on, known=known), on=on, known=known) if seen else []


def promise_for(actor: Actor, household: str, *, on: date, known: date | None = None) -> FamilyPromise | None:
    """One family in the actor's reach; None where it is not, or waits for no home."""
    return promise_of(household, on=on, known=known) if reach_of(actor, verb=VIEW).covers(household) else None


def promise_of(household: str, *, on: date, known: date | None = None) -> FamilyPromise | None:
    """One family that a door gave; None where it waits for no home."""
    rows = waiting(Reach(codes=(household,)), on=on, known=known)
    return next(iter(promises_of(rows, on=on, known=known)), None)


def promises_of(families: Sequence[Waiting], *, on: date, known: date | None = None) -> list[FamilyPromise]:
    """What these families were promised, and whether it holds."""
    if not families:
        return []
    told = told_within(reach_around([one.household for one in families]), on=on, known=known)
    named = {one.household: named_of(one, told.get(one.household)) for one in families}
    answers = _answers(families, named, on=on, known=known)
    outlooks = Outlooks({one.site for one in named.values() if one.site}, on=on, known=known)
    rules, found = current_rulebook().promises, []
    for family in families:
        own, mine = told.get(family.household), named[family.household]
        outlook = outlooks.of(mine)
        day = promised_day(family, own)
        chance = None if day is None or outlook is None else outlook.chance_by(day)
        found.append(FamilyPromise(
            waiting=family, named=mine, told=own, outlook=outlook, chance=chance,
            state=promise_state(promised_on=day, on=on, chance=chance, rules=rules),
            answers=answers.get(family.household, ()),
        ))
    return found


def told_within(reach: Reach, *, on: date, known: date | None = None) -> dict[str, Told]:
    """Household -> what it was told last."""
    return {row.subject: told_of(row) for row in told_in_order((TOLD,), reach=reach, on=on, known=known)}


def told_to_others(home: str, *, household: str, on: date) -> bool:
    """Whether another family that waits was told this home last."""
    return any(one != household for one in told_homes(home, on=on).get(home, ()))


def told_homes(within: str, *, on: date, known: date | None = None) -> dict[str, list[str]]:
    """Home -> families that wait and were told it last, of a home, a building or a site."""
    rows = Fact.objects.filter(kind=TOLD, attributes__home__startswith=within)
    ever = Reach(codes=tuple(sorted(set(rows.values_list("subject", flat=True)))))
    if not ever:
        return {}
    told = {
        code: one.home for code, one in told_within(ever, on=on, known=known).items() if one.home.startswith(within)
    }
    found: dict[str, list[str]] = {}
    for family in waiting(Reach(codes=tuple(told)), on=on, known=known) if told else ():
        found.setdefault(told[family.household], []).append(family.household)
    return found


def told_of(fact: Fact | ToldFact) -> Told:
    """A ``home_promised`` as a value."""
    attributes = fact.attributes
    return Told(
        home=attributes["home"], site=attributes.get("site", ""),
        expected_on=date.fromisoformat(attributes["expected_on"]), told_on=fact.happened_on, deed=fact.deed_id,
    )


def named_of(family: Waiting, told: Told | None) -> Named:
    """The home that is named: assigned, else told, else as agreed."""
    if family.home:
        return Named(Naming.HOME, site_of(family.home), family.home, family.home_type)
    if told is not None and "-U" in told.home:
        return Named(Naming.HOME, site_of(told.home), told.home, family.home_type)
    if told is not None and told.site:
        return Named(Naming.TYPE, told.site, type=told.home)
    if family.site and family.home_type:
        return Named(Naming.TYPE, family.site, type=family.home_type)
    return Named(Naming.NONE, type=family.home_type)


def answers_about(subjects: Collection[str], *, on: date, known: date | None = None) -> dict[str, list[Answer]]:
    """Subject -> measures about it, the latest first."""
    found: dict[str, list[Answer]] = {}
    for row in reversed(told_in_order((ANSWERED,), reach=reach_around(subjects), on=on, known=known)):
        found.setdefault(row.subject, []).append(
            Answer(str(row.attributes["measure"]), row.subject, row.happened_on, row.deed_id)
        )
    return found


def _answers(
    families: Sequence[Waiting], named: dict[str, Named], *, on: date, known: date | None
) -> dict[str, Sequence[Answer]]:
    about = {
        one.household: tuple(code for code in (one.household, part_of(one), named[one.household].site) if code)
        for one in families
    }
    held = answers_about({code for codes in about.values() for code in codes}, on=on, known=known)
    return {
        household: sorted((one for code in codes for one in held.get(code, ())), key=lambda one: one.on, reverse=True)
        for household, codes in about.items()
        if any(code in held for code in codes)
    }


class Outlooks:
    """When homes at some sites will be there, as seen on a day; families that stand alike are reckoned once."""

    def __init__(self, sites: Collection[str], *, on: date, known: date | None = None) -> None:
        self._on = on
        buildings = list(ResettlementBuilding.objects.filter(site__in=sites).order_by("code")) if sites else []
        self._forecasts = forecasts_of(buildings, on=on, known=known) if buildings else {}
        self._sites = sorted(sites)
        self._reckoned: dict[Named, HomeOutlook | None] = {}

    def of(self, named: Named) -> HomeOutlook | None:
        """The outlook of a family with this home; None where none is named, or none of its type is left."""
        key = Named(named.naming, named.site, type=named.type) if not named.home else Named(
            named.naming, home=f"{named.building}-U"
        )
        if key not in self._reckoned:
            self._reckoned[key] = self._outlook(named)
        return self._reckoned[key]

    def forecast(self, building: str) -> CompletionForecast | None:
        """When a building will be completed."""
        return self._forecasts.get(building)

    def supply(self, site: str, type: str) -> tuple[int, int]:
        """Homes of a type at a site that nobody has, and families without a home that wait for one there."""
        return sum(self._free.get((site, type), {}).values()), self._families[site, type]

    def _outlook(self, named: Named) -> HomeOutlook | None:
        if named.naming is Naming.HOME:
            forecast = self._forecasts.get(named.building)
            return None if forecast is None else HomeOutlook(on=self._on, chances=forecast.chances)
        if named.naming is Naming.NONE:
            return None
        homes = self._free.get((named.site, named.type), {})
        supplies = [Supply(count, self._forecasts[building]) for building, count in homes.items()]
        return outlook_of(supplies, families=max(1, self._families[named.site, named.type]), on=self._on)

    @cached_property
    def _free(self) -> dict[tuple[str, str], dict[str, int]]:
        """Site and type -> building -> homes that nobody had by the day."""
        held = HomeAssignment.objects.filter(assigned_on__lte=self._on).values("home")
        rows = (
            Home.objects.filter(building__site__in=self._sites).exclude(pk__in=held)
            .values_list("building__site", "home_type", "building").annotate(Count("code")).order_by("building")
        )
        found: dict[tuple[str, str], dict[str, int]] = {}
        for site, kind, building, count in rows:
            found.setdefault((site, kind), {})[building] = count
        return found

    @cached_property
    def _families(self) -> Counter[tuple[str, str]]:
        """Site and type -> families that agreed on it by the day, have no home of their own and are not home."""
        held = HomeAssignment.objects.filter(assigned_on__lte=self._on).values("household")
        home = Milestones.objects.filter(resettled_on__lte=self._on).values("subject")
        rows = (
            Entitlement.objects.filter(site__in=self._sites, agreed_on__lte=self._on)
            .exclude(household__in=held).exclude(household__in=home)
            .values_list("site", "home_type").annotate(Count("household")).order_by("site")
        )
        return Counter({(site, kind): count for site, kind, count in rows})


def free_homes(sites: Collection[str]) -> dict[tuple[str, str], list[str]]:
    """Site and type -> codes of homes that nobody has."""
    rows = Home.objects.filter(building__site__in=sites, assignment=None).order_by("code")
    found: dict[tuple[str, str], list[str]] = {}
    for site, kind, code in rows.values_list("building__site", "home_type", "code"):
        found.setdefault((site, kind), []).append(code)
    return found


def counts_of(promises: Iterable[FamilyPromise]) -> PromiseCounts:
    """How many stand where."""
    rows = list(promises)
    states = Counter(one.state for one in rows)
    naming = Counter(one.named.naming for one in rows)
    assigned = sum(bool(one.waiting.home) for one in rows)
    return PromiseCounts(
        families=len(rows), assigned=assigned, named=naming[Naming.HOME] - assigned, typed=naming[Naming.TYPE],
        unnamed=naming[Naming.NONE],
        broken=states[PromiseState.BROKEN], foreseen=states[PromiseState.FORESEEN],
        undated=states[PromiseState.UNDATED], holds=states[PromiseState.HOLDS], later=states[PromiseState.LATER],
        late=sum(one.waiting.is_late for one in rows),
        unanswered=sum(one.is_breach and not one.is_answered for one in rows),
    )


def site_names(codes: Collection[str]) -> dict[str, str]:
    """Code -> name of sites."""
    return dict(Site.objects.filter(pk__in=codes).values_list("code", "name"))
