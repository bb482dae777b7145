"""Reads of units, people and postings."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from zhengtu.accounts.models import Person, Posting, Unit
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
