"""Who reads the mayor's channel: the mayor, and whom the mayor named; for everybody else it does not exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils import timezone

from zhengtu.channel.models import ChannelReader
from zhengtu.core.authority.actor import Actor, Posting, Subject
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of
from zhengtu.ledger.rulebook import current_rulebook

VIEW: Final = "channel.view"
NAME: Final = "channel.name"
READER: Final = "channel_reader"
"""The role that a named reader has within the channel and nowhere else; no posting holds it."""


def channel_city(actor: Actor) -> str:
    """The city whose channel the actor would read."""
    return city_of(actor.postings[0].unit if actor.postings else actor.person)


def reading_actor(actor: Actor, *, on: date) -> Actor | None:
    """The actor as they read the channel: the mayor, or with what the mayor lets a named reader see; else None."""
    city = channel_city(actor)
    if current_rulebook().authority.scope(actor=actor, verb=VIEW).covers(Subject(code=city)):
        return actor
    if not actor.postings or not is_named(actor.person, city=city, on=on):
        return None
    return replace(actor, postings=(*actor.postings, Posting(role=READER, unit=city)))


def reads(actor: Actor) -> bool:
    """Whether somebody with a post is named to read their city's channel today, as the navigation asks on every page.

    Remembered for a minute, so that not every page asks; the page itself asks anew each time.
    """
    if not actor.postings:
        return False
    key = f"channel:{actor.person}"
    known = cache.get(key)
    if known is None:
        known = is_named(actor.person, city=channel_city(actor), on=civil_date(at=timezone.now()))
        cache.set(key, known, timeout=60)
    return bool(known)


def forget_reader(person: str) -> None:
    """Let the navigation ask anew whether somebody reads the channel."""
    cache.delete(f"channel:{person}")


def is_named(person: str, *, city: str, on: date) -> bool:
    """Whether the mayor named the person to read it, in force on that day."""
    return readers_of(city, on=on).filter(reader=person).exists()


def readers_of(city: str, *, on: date) -> QuerySet[ChannelReader]:
    """Who is named to read a city's channel on a day."""
    in_force = Q(from_on__lte=on) & (Q(until_on=None) | Q(until_on__gt=on))
    return ChannelReader.objects.filter(in_force, city=city).select_related("reader", "named_by").order_by("pk")
