"""Reads of units, people and postings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from zhengtu.accounts.models import Person, Posting, SignInOutcome, SignInRecord, Unit, UnitKind
from zhengtu.accounts.sealing import search_index
from zhengtu.accounts.sign_in import ADDRESS_WINDOW, FAILURES_PER_ADDRESS
from zhengtu.core.authority import actor as authority
from zhengtu.ledger.rulebook import current_rulebook


def postings_on(day: date) -> QuerySet[Posting]:
    """Postings in force on that day."""
    return Posting.objects.filter(from_on__lte=day).filter(Q(until_on__isnull=True) | Q(until_on__gt=day))


def actor_of(person: Person, *, on: date) -> authority.Actor:
    """The person as an actor with that day's postings; an inactive person has none."""
    if not person.is_active:
        return authority.Actor(person=person.code)
    postings = postings_on(on).filter(person=person).order_by("id")
    return authority.Actor(
        person=person.code,
        postings=tuple(
            authority.Posting(role=posting.role, unit=posting.unit_id, subject=posting.subject) for posting in postings
        ),
    )


def actors_posted(
    *, on: date, unit: str = "", roles: Iterable[str] | None = None, people: Iterable[str] | None = None
) -> list[authority.Actor]:
    """Active people with that day's postings, in order of their codes.

    Args:
        unit: only who is posted in that unit; empty for any.
        roles: only who holds one of them, and there where a unit is given; None for any.
        people: only these codes; None for any.
    """
    held = postings_on(on).filter(person__is_active=True)
    if people is not None:
        held = held.filter(person__in=set(people))
    chosen = held.filter(subject="", unit=unit) if unit else held
    if roles is not None:
        chosen = chosen.filter(role__in=set(roles))
    found: dict[str, list[authority.Posting]] = {}
    for posting in held.filter(person__in=chosen.values("person")).order_by("person", "id"):
        found.setdefault(posting.person_id, []).append(
            authority.Posting(role=posting.role, unit=posting.unit_id, subject=posting.subject)
        )
    return [authority.Actor(person=code, postings=tuple(postings)) for code, postings in found.items()]


def units_for(actor: authority.Actor, *, verb: str = "organisation.view") -> QuerySet[Unit]:
    """Units that the actor reaches with the verb; whoever may look at units sees at least their own."""
    scope = current_rulebook().authority.scope(actor=actor, verb=verb)
    own = [posting.unit for posting in actor.postings] if scope and verb == "organisation.view" else []
    reach = Q(pk__in=own)
    for prefix in scope.prefixes:
        reach |= Q(code__startswith=prefix)
    return Unit.objects.filter(reach).order_by("code")


def unit_choices(city: str) -> list[tuple[str, str, str]]:
    """Code, Chinese and English name of every unit of a city, by name."""
    return list(Unit.objects.filter(code__startswith=city[:4]).order_by("name").values_list("code", "name", "name_en"))


def unit_names(codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Code -> (Chinese name, English name) of units that one's own postings name."""
    rows = Unit.objects.filter(code__in=set(codes)).values_list("code", "name", "name_en")
    return {code: (name, name_en or name) for code, name, name_en in rows}


_FAILURES = (SignInOutcome.WRONG_PASSWORD, SignInOutcome.WRONG_CODE, SignInOutcome.UNKNOWN)
_UNKNOWN_MEMORY = timedelta(days=2)


def locked_person(username: str) -> Person | None:
    """The active person with that sign-in name, row-locked until the transaction ends."""
    return Person.objects.select_for_update().filter(username=username, is_active=True).first()


def locked_person_by_code(code: str) -> Person | None:
    """The active person with that code, row-locked until the transaction ends."""
    return Person.objects.select_for_update().filter(pk=code, is_active=True).first()


def name_in_records(username: str) -> str:
    """The sign-in name as records keep it; an unknown one only as a keyed hash, for it may be a mistyped password."""
    return username if Person.objects.filter(username=username).exists() else f"?{search_index(username)[:16]}"


def failures_of_unknown(name: str, *, until: datetime) -> tuple[int, datetime | None]:
    """Failures under an unknown name in the last two days, and the latest of them."""
    times = list(
        SignInRecord.objects.filter(at__gt=until - _UNKNOWN_MEMORY, username=name, outcome=SignInOutcome.UNKNOWN)
        .order_by("-at").values_list("at", flat=True)[:32]
    )
    return len(times), times[0] if times else None


def failures_from(address: str | None, *, until: datetime) -> int:
    """Failures from one address within the window that ends then."""
    return _failures_from(address, until).count() if address else 0


def address_free_at(address: str | None, *, until: datetime) -> datetime:
    """When so many of an address's failures have left the window that it may try again."""
    times = _failures_from(address, until).order_by("-at").values_list("at", flat=True)
    return times[FAILURES_PER_ADDRESS - 1] + ADDRESS_WINDOW


def _failures_from(address: str | None, until: datetime) -> QuerySet[SignInRecord]:
    return SignInRecord.objects.filter(at__gt=until - ADDRESS_WINDOW, address=address, outcome__in=_FAILURES)


def sign_ins_of(person: Person, *, limit: int = 50) -> list[SignInRecord]:
    """The person's own sign-in records, latest first."""
    return list(SignInRecord.objects.filter(person=person).order_by("-at")[:limit])


def is_taken(username: str) -> bool:
    """Whether somebody signs in with that name."""
    return Person.objects.filter(username=username).exists()


def next_person_code(city: str) -> str:
    """The next free code of a person of the city; call it with the city's chain held."""
    last = Person.objects.filter(code__regex=rf"^{city}-u\d+$").order_by(Length("code").desc(), "-code").first()
    number = int(last.code.rpartition("u")[2]) + 1 if last else 1
    return f"{city}-u{number:04d}"


def postings_within(person: Person, *, start: date, end: date | None) -> list[Posting]:
    """The person's postings in force on any day of the half-open period; ``end`` None is open."""
    postings = Posting.objects.filter(person=person).filter(Q(until_on__isnull=True) | Q(until_on__gt=start))
    return list(postings.filter(from_on__lt=end) if end is not None else postings)


def divisions_of(city: str) -> list[tuple[str, tuple[str, str]]]:
    """(code, (Chinese, English) name) of the districts and zones of a city that are on file, by code."""
    kinds = (UnitKind.DISTRICT, UnitKind.DEVELOPMENT_ZONE)
    rows = Unit.objects.filter(code__startswith=city[:4], kind__in=kinds).order_by("code")
    return [(code, (name, name_en or name)) for code, name, name_en in rows.values_list("code", "name", "name_en")]


def unit_exists(code: str) -> bool:
    """Whether a unit has that code."""
    return Unit.objects.filter(pk=code).exists()


def unit_of(code: str) -> Unit | None:
    """The unit with that code; for the machine's own console."""
    return Unit.objects.filter(pk=code).first()


def person_called(username: str) -> Person | None:
    """The active person who signs in with that name."""
    return Person.objects.filter(username=username.strip().lower(), is_active=True).first()


def postings_for(actor: authority.Actor, *, on: date, verb: str = "organisation.view") -> QuerySet[Posting]:
    """Postings in the actor's units that are in force that day or begin later."""
    postings = Posting.objects.filter(unit__in=units_for(actor, verb=verb))
    return (
        postings.filter(Q(until_on__isnull=True) | Q(until_on__gt=on))
        .select_related("person", "unit")
        .order_by("unit__code", "role", "person__code")
    )


def holder_of(role: str, *, unit: str, on: date) -> Person | None:
    """Somebody who holds that role in that unit on a day, without a subject of its own; None where nobody does."""
    posting = postings_on(on).filter(role=role, unit=unit, subject="").select_related("person").order_by("id").first()
    return posting.person if posting is not None else None


def person_by_code(code: str) -> Person | None:
    """The active person with that code."""
    return Person.objects.filter(pk=code, is_active=True).first()


def role_holder_in_city(role: str, *, city: str, on: date) -> Person | None:
    """Somebody who holds that role in a unit of the city itself, the first posted first; None where nobody does."""
    posting = (
        postings_on(on).filter(role=role, unit__code__startswith=city, subject="", person__is_active=True)
        .select_related("person").order_by("id").first()
    )
    return posting.person if posting is not None else None


def role_holders_in_city(role: str, *, city: str, on: date) -> list[Person]:
    """Everybody who holds that role in a unit of the city itself, by code."""
    codes = postings_on(on).filter(role=role, unit__code__startswith=city, subject="").values("person")
    return list(Person.objects.filter(pk__in=codes, is_active=True).order_by("code"))


def first_post(person: Person, *, on: date) -> Posting | None:
    """The post that the person has held longest on a day, with its unit; None where there is none."""
    return postings_on(on).filter(person=person).select_related("unit").order_by("id").first()


def people_called(codes: Iterable[str]) -> dict[str, str]:
    """Code -> name of people, whether or not they are still active."""
    return dict(Person.objects.filter(pk__in=set(codes)).values_list("code", "name"))


def first_posts(people: Iterable[str], *, on: date) -> dict[str, str]:
    """Code of a person -> the title of the post that they have held longest on a day, where it has one."""
    rows = postings_on(on).filter(person__in=set(people)).exclude(title="").order_by("-id")
    return dict(rows.values_list("person", "title"))
