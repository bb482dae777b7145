"""Reads of units, people and postings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from zhengtu.accounts.models import Person, Posting, SignInOutcome, SignInRecord, Unit
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


def units_for(actor: authority.Actor) -> QuerySet[Unit]:
    """Units that the actor may see."""
    scope = current_rulebook().authority.scope(actor=actor, verb="organisation.view")
    reach = Q(pk__in=[])
    for prefix in scope.prefixes:
        reach |= Q(code__startswith=prefix)
    return Unit.objects.filter(reach).order_by("code")


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
