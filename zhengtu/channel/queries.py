"""Reads about the channel itself: its readers, its readings and refused attempts, directives set out of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from zhengtu.accounts.models import Person
from zhengtu.accounts.queries import actors_posted, people_called
from zhengtu.channel.models import ChannelDirective, ChannelReader
from zhengtu.channel.reading import NAME, VIEW, channel_city, readers_of
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.directives.page_queries import directive_numbers
from zhengtu.ledger.models import Deed, Fact, Refusal
from zhengtu.ledger.rulebook import current_rulebook

READINGS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the channel, or a refused attempt (``part`` is then empty)."""

    at: datetime
    name: str
    part: str
    as_of: str
    deed: str


def may_name(actor: Actor) -> bool:
    """Whether the actor is the one who names readers and sees who read it."""
    city = channel_city(actor)
    return current_rulebook().authority.may(actor=actor, verb=NAME, subject=Subject(code=city)) is None


def named_readers(city: str, *, on: date) -> list[ChannelReader]:
    """Who is named to read the channel on a day."""
    return list(readers_of(city, on=on))


def people_to_name(actor: Actor, *, on: date) -> list[Person]:
    """People with a post in the city for no single thing, who do not read the channel yet."""
    city = channel_city(actor)
    codes = {
        one.person for one in actors_posted(on=on)
        if any(post.unit.startswith(city[:4]) and not post.subject for post in one.postings)
    }
    taken = {actor.person, *readers_of(city, on=on).values_list("reader", flat=True)}
    return list(Person.objects.filter(pk__in=codes - taken).order_by("code"))


def readings(city: str) -> list[Reading]:
    """Readings and refused attempts, the latest first."""
    deeds = list(Deed.objects.filter(verb=VIEW, subject=city).order_by("-recorded_at", "-id")[:READINGS_SHOWN])
    facts = {fact.deed_id: fact for fact in Fact.objects.filter(deed__in=deeds, kind="channel_read")}
    refusals = list(Refusal.objects.filter(verb=VIEW, subject=city).order_by("-at", "-id")[:READINGS_SHOWN])
    names = people_called({*(deed.actor for deed in deeds), *(one.actor for one in refusals)})
    found = [
        Reading(
            deed.recorded_at, names.get(deed.actor, deed.actor), str(facts[deed.id].attributes["part"]),
            str(facts[deed.id].attributes["as_of"]), deed.id,
        )
        for deed in deeds if deed.id in facts
    ]
    found += [Reading(one.at, names.get(one.actor, one.actor), "", "", "") for one in refusals]
    return sorted(found, key=lambda one: one.at, reverse=True)[:READINGS_SHOWN]


def directives_about(keys: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Key of an item -> (code, number) of the directives that the mayor set out of it."""
    rows = ChannelDirective.objects.filter(about__in=keys).order_by("pk").values_list("about", "directive")
    held = list(rows)
    numbers = directive_numbers([code for _, code in held]) if held else {}
    found: dict[str, list[tuple[str, str]]] = {}
    for about, code in held:
        found.setdefault(about, []).append((code, numbers.get(code, code)))
    return found
