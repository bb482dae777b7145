"""Who sponsors what, how promises stand, and the hard cases; every door but those for jobs asks for the actor.

Nothing here counts visits or ranks anybody by activity: what is shown is what was found, promised, kept and unsettled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from zhengtu.accounts.models import Person
from zhengtu.accounts.queries import actors_posted, first_posts, people_called, role_holders_in_city
from zhengtu.campaign.reach import reach_of
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.codes import kind_of, project_of
from zhengtu.core.sponsorship.hard_cases import DESCRIBED, HardCase, hard_case
from zhengtu.core.sponsorship.promises import Promise, PromiseState, Term, answers_for, in_order
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household, Participation, Project, Section
from zhengtu.registry.queries import participations_for, subject_of
from zhengtu.sponsorship.facts import (
    VIEW,
    Visit,
    above,
    case_facts_of,
    files_within,
    followed,
    levels_of,
    promises_of,
    sponsor_on,
    sponsorships_within,
    terms_of,
    visits_to,
)
from zhengtu.sponsorship.models import Sponsorship

VISIT = "sponsor.visit"


@dataclass(frozen=True, slots=True)
class Sponsored:
    """A project, section or household with whoever sponsors it.

    Attributes:
        sponsor, name, title: code, name and title of the sponsor.
        broken, open: how many promises about it are broken, and how many are open, on the day.
    """

    subject: str
    sponsor: str
    name: str
    title: str
    from_on: date
    deed: str
    broken: int
    open: int

    @property
    def kind(self) -> str:
        """``project``, ``participation``, ``section`` or ``household``."""
        return kind_of(self.subject)


@dataclass(frozen=True, slots=True)
class PromiseStanding:
    """A promise on a day with who answers for it, and whom it reaches once it is broken.

    Attributes:
        sponsor: code of who answers; name: theirs.
        superiors: code -> name of the people above.
    """

    promise: Promise
    state: PromiseState
    sponsor: str
    name: str
    superiors: dict[str, str]


@dataclass(frozen=True, slots=True)
class SponsorshipPage:
    """Everything that the page of one project, section or household shows.

    Attributes:
        sponsor: who sponsors it itself; None where nobody does.
        wider: who sponsors the section or project that it lies in, the nearest; None where nobody does.
        terms: earlier and present sponsors with their names, the latest first.
        case: of a household, its hard case; None where none was described.
    """

    subject: str
    names: tuple[str, str]
    sponsor: Sponsored | None
    wider: Sponsored | None
    terms: Sequence[tuple[Term, str]]
    promises: Sequence[PromiseStanding]
    visits: Sequence[tuple[Visit, str]]
    case: HardCase | None


def sponsorships_for(actor: Actor, *, on: date, known: date | None = None) -> list[Sponsored]:
    """Every sponsorship in reach that is in force on a day, by subject."""
    return _with_promises(sponsorships_within(reach_of(actor, verb=VIEW), on=on), on=on, known=known)


def own_sponsorships(actor: Actor, *, on: date, known: date | None = None) -> list[Sponsored]:
    """What the actor sponsors on a day; also where their posts have changed since."""
    rows = [row for row in sponsorships_within(Reach(prefixes=("",)), on=on) if row.sponsor_id == actor.person]
    return _with_promises(rows, on=on, known=known)


def _with_promises(rows: Sequence[Sponsorship], *, on: date, known: date | None) -> list[Sponsored]:
    return _sponsored(rows, promises_of({row.subject for row in rows}, on=on, known=known), on=on)


def _sponsored(rows: Sequence[Sponsorship], promises: Iterable[Promise], *, on: date) -> list[Sponsored]:
    held: dict[str, list[PromiseState]] = defaultdict(list)
    for promise in promises:
        held[promise.subject].append(promise.state(on=on))
    posts = first_posts({row.sponsor_id for row in rows}, on=on)
    return [
        Sponsored(
            subject=row.subject, sponsor=row.sponsor_id, name=row.sponsor.name, title=posts.get(row.sponsor_id, ""),
            from_on=row.from_on, deed=row.deed, broken=held[row.subject].count(PromiseState.BROKEN),
            open=held[row.subject].count(PromiseState.OPEN),
        )
        for row in rows
    ]


def promises_about(
    subjects: Collection[str], *, on: date, known: date | None = None, states: Collection[PromiseState] = ()
) -> list[PromiseStanding]:
    """Promises about these subjects on a day, broken ones first; only those in the given states, where any is given."""
    held = [
        promise for promise in promises_of(subjects, on=on, known=known)
        if not states or promise.state(on=on) in states
    ]
    return _answered(held, terms_of({code for promise in held for code in above(promise.subject)}), on=on)


def _answered(held: Sequence[Promise], terms: dict[str, list[Term]], *, on: date) -> list[PromiseStanding]:
    """Each promise with who answers for it by the terms of its subject and of what that lies in."""
    answering = {one.reference: answers_for(one, levels_of(one.subject, terms), on=on) for one in held}
    superiors = {one.reference: _superiors(one.subject, answering[one.reference], terms, on=on) for one in held}
    names = people_called({*answering.values(), *(code for codes in superiors.values() for code in codes)})
    return [
        PromiseStanding(
            promise=one, state=one.state(on=on), sponsor=answering[one.reference],
            name=names.get(answering[one.reference], ""),
            superiors={code: names.get(code, "") for code in superiors[one.reference]},
        )
        for one in in_order(held, on=on)
    ]


def broken_promises(city: str, *, on: date, known: date | None = None) -> list[PromiseStanding]:
    """Promises of a city's sponsors that are broken on a day, the longest broken first; for jobs and the channel."""
    return promises_about(followed(city[:4]), on=on, known=known, states=(PromiseState.BROKEN,))


def city_promises(city: str, *, on: date, known: date | None = None) -> list[PromiseStanding]:
    """Every promise of a city's sponsors on a day; for jobs."""
    return promises_about(followed(city[:4]), on=on, known=known)


def promises_of_person(person: str, *, on: date, known: date | None = None) -> list[PromiseStanding]:
    """Promises that a person answers for on a day, broken ones first."""
    own = set(Sponsorship.objects.filter(sponsor=person).values_list("subject", flat=True))
    below = {code for city in {code[:4] for code in own} for code in followed(city) if own & set(above(code))}
    found = promises_about(own | below, on=on, known=known)
    return [one for one in found if one.sponsor == person]


def hard_cases_for(actor: Actor, *, on: date, known: date | None = None) -> list[HardCase]:
    """Hard cases in reach on a day, solved ones among them, by household."""
    return cases_of(files_within(reach_of(actor, verb=VIEW)), on=on, known=known)


def cases_of(households: Collection[str], *, on: date, known: date | None = None) -> list[HardCase]:
    """The hard cases of these households on a day; a household without one is left out."""
    if not households:
        return []
    terms = terms_of({code for household in households for code in above(household)})
    return _cases(households, terms, promises_of(households, on=on, known=known), on=on, known=known)


def _cases(
    households: Collection[str], terms: dict[str, list[Term]], promises: Iterable[Promise], *, on: date,
    known: date | None,
) -> list[HardCase]:
    rules = current_rulebook().sponsorship
    facts = case_facts_of(households, on=on, known=known)
    broken: dict[str, int] = defaultdict(int)
    for promise in promises:
        broken[promise.subject] += promise.state(on=on) is PromiseState.BROKEN
    described = {code for code, own in facts.items() if any(one.kind == DESCRIBED for one in own)}
    regimes = dict(
        Project.objects.filter(code__in={project_of(code) for code in described}).values_list("code", "regime")
    )
    found = [
        hard_case(
            code, facts.get(code, ()), rules=rules, regime=regimes.get(project_of(code), "").lower(), on=on,
            has_sponsor=bool(sponsor_on(code, terms, on=on)), broken_promises=broken[code],
        )
        for code in sorted(described)
    ]
    return [case for case in found if case is not None]


def page_for(
    actor: Actor, subject: str, *, on: date, known: date | None = None, place: Subject | None = None
) -> SponsorshipPage | None:
    """The page of a project, section or household in reach; None otherwise.

    Args:
        place: of a household, what decides who may act there, where it is at hand already.
    """
    try:
        names = subject_names([subject])
    except ValueError:
        return None
    if place is not None:
        is_reached = current_rulebook().authority.scope(actor=actor, verb=VIEW).covers(place)
    else:
        is_reached = reach_of(actor, verb=VIEW).covers(subject)
    if subject not in names or not is_reached:
        return None
    own, *wider = above(subject)
    rows = sponsorships_within(Reach(codes=(own, *wider)), on=on)
    promises = promises_of({own, *(row.subject for row in rows)}, on=on, known=known)
    held = {one.subject: one for one in _sponsored(rows, promises, on=on)}
    promised = [one for one in promises if one.subject == own]
    levels = terms_of((own, *wider))
    terms = [term for term in levels.get(own, ()) if term.from_on <= on]
    visits = visits_to(subject, on=on, known=known)
    people = people_called({*(term.sponsor for term in terms), *(visit.by for visit in visits)})
    cases = _cases([own], levels, promised, on=on, known=known) if kind_of(own) == "household" else ()
    return SponsorshipPage(
        subject=subject, names=names[subject], sponsor=held.get(own),
        wider=next((held[code] for code in wider if code in held), None),
        terms=[(term, people.get(term.sponsor, "")) for term in reversed(terms)],
        promises=_answered(promised, levels, on=on),
        visits=[(visit, people.get(visit.by, "")) for visit in visits], case=next(iter(cases), None),
    )


def case_of_family(household: str, *, on: date, known: date | None = None) -> HardCase | None:
    """A household's own case for its family; the caller has asked the door of the dossier."""
    return next(iter(cases_of([household], on=on, known=known)), None)


def candidates(subject: str, *, on: date) -> list[Person]:
    """People whose posts let them visit and promise there on a day: they can be named as its sponsor."""
    authority = current_rulebook().authority
    place = subject_of(subject)
    roles = {role for role, may in authority.roles.items() if VISIT in may}
    codes = [
        actor.person for actor in actors_posted(on=on, roles=roles)
        if authority.scope(actor=actor, verb=VISIT).covers(place)
    ]
    return list(Person.objects.filter(pk__in=codes).order_by("code"))


def subject_names(subjects: Iterable[str]) -> dict[str, tuple[str, str]]:
    """(Chinese, English) names of projects, their parts and sections, and a household's masked name, by code."""
    codes: dict[str, set[str]] = defaultdict(set)
    for code in subjects:
        codes[kind_of(code)].add(code)
    names = {}
    for model, kind in ((Project, "project"), (Section, "section")):
        rows = model.objects.filter(pk__in=codes[kind])
        names |= {code: (name, name_en or name) for code, name, name_en in rows.values_list("code", "name", "name_en")}
    parts = Participation.objects.filter(project__in={project_of(code) for code in codes["participation"]})
    for part in parts.select_related("project", "jurisdiction").defer("project__shape"):
        if part.code in codes["participation"]:
            unit = part.jurisdiction
            names[part.code] = (
                f"{part.project.name} · {unit.short_name or unit.name}",
                f"{part.project.name_en or part.project.name} · {unit.name_en or unit.name}",
            )
    for code, masked in Household.objects.filter(pk__in=codes["household"]).values_list("code", "name_masked"):
        names[code] = (masked, masked)
    return names


def parts_for(actor: Actor, project: str) -> list[str]:
    """Codes of the parts of a project in reach, by jurisdiction."""
    parts = participations_for(actor, verb=VIEW).filter(project=project).order_by("jurisdiction")
    return [part.code for part in parts]


def cities_with_sponsors() -> list[str]:
    """Cities in which anything is sponsored."""
    return sorted({f"{code[:4]}00" for code in Sponsorship.objects.values_list("subject", flat=True)})


def sponsors_of(subjects: Collection[str], *, on: date) -> dict[str, tuple[str, str]]:
    """Subject -> (code, name) of who sponsors it on a day, itself or with what it lies in; absent where nobody does."""
    terms = terms_of({code for subject in subjects for code in above(subject)})
    held = {subject: sponsor_on(subject, terms, on=on) for subject in subjects}
    names = people_called(set(held.values()))
    return {subject: (code, names.get(code, "")) for subject, code in held.items() if code}


def own_sponsors(subjects: Collection[str], *, on: date) -> dict[str, Sponsored]:
    """Subject -> who sponsors it itself on a day; absent where nobody does."""
    rows = sponsorships_within(Reach(codes=tuple(subjects)), on=on)
    return {one.subject: one for one in _with_promises(rows, on=on, known=None)}


def households_of(subject: str, cases: Iterable[HardCase]) -> list[HardCase]:
    """Those of the cases that lie in a project, a part of it or a section, or are the household itself."""
    return [
        case for case in cases
        if subject in above(case.household)
    ]


def _superiors(subject: str, sponsor: str, terms: dict[str, list[Term]], *, on: date) -> list[str]:
    """Who stands above a sponsor: the sponsor of what it lies in, else the roles that the rulebook names."""
    for code in above(subject)[1:]:
        wider = next((term.sponsor for term in terms.get(code, ()) if term.holds(on)), "")
        if wider and wider != sponsor:
            return [wider]
    rules = current_rulebook().sponsorship
    roles = {posting.role for actor in actors_posted(on=on, people=[sponsor]) for posting in actor.postings}
    above_them = {role for held in roles for role in rules.superiors.get(held, ())}
    city = f"{subject[:4]}00"
    people = [person.code for role in sorted(above_them) for person in role_holders_in_city(role, city=city, on=on)]
    return [code for code in dict.fromkeys(people) if code != sponsor]
