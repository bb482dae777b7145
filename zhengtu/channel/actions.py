"""Deeds of the channel: each reading of it, naming and ending readers, a directive out of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from zhengtu.accounts.queries import actor_of, person_by_code
from zhengtu.channel import writes
from zhengtu.channel.reading import NAME, VIEW, channel_city, forget_reader, is_named, reading_actor
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.directives.draft import DirectiveDraft, DraftDue
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.fact_kinds import checked_attributes
from zhengtu.directives.actions import set_directives
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.ledger.writes import insert_refusal


def record_reading(*, actor: Actor, part: str, as_of_on: date, now: datetime) -> Actor:
    """Record that somebody reads a part of the channel: who, when, what, for which day. Returns the reading actor.

    Args:
        actor: with their own posts alone.
        part: ``page``, ``export``, ``directive`` or ``readers``.

    Raises:
        Refused: the channel is not theirs to read; that is recorded as a refused attempt.
    """
    city = channel_city(actor)
    reader = reading_actor(actor, on=civil_date(at=now)) or actor
    with act(reader, VIEW, on=Subject(code=city), at=now) as deed:
        given = {"part": part, "as_of": as_of_on}
        deed.record(facts=[_fact(city, "channel_read", deed.recorded_on, given)])
    return reader


def record_refusal(*, actor: Actor, verb: str, now: datetime) -> None:
    """Keep that somebody tried what is not theirs: to read the channel, or to see who reads it."""
    city = Subject(code=channel_city(actor))
    reason = current_rulebook().authority.may(actor=actor, verb=verb, subject=city)
    insert_refusal(actor=actor.person, verb=verb, subject=city.code, at=now, reasons=[reason] if reason else [])


def name_reader(*, actor: Actor, reader: str, now: datetime) -> str:
    """The mayor names somebody to read the channel beside the mayor; returns the deed's key.

    Raises:
        Refused: not the mayor, an unknown person or one without a post in the city, or named already.
    """
    city = channel_city(actor)
    with act(actor, NAME, on=Subject(code=city), at=now) as deed:
        person = person_by_code(reader)
        posts = actor_of(person, on=deed.recorded_on).postings if person is not None else ()
        # A family's or an appraiser's post is for one thing: the whole city is not theirs to read.
        if not any(one.unit.startswith(city[:4]) and not one.subject for one in posts) or reader == actor.person:
            raise Refused(_reason("person", N_("This person cannot be named."), N_("Choose somebody from the list.")))
        if is_named(reader, city=city, on=deed.recorded_on):
            raise Refused(_reason("named", N_("This person reads the channel already.")))
        key = deed.record(facts=[_fact(city, "channel_reader_named", deed.recorded_on, {"reader": reader})])
        writes.insert_reader(
            city=city, reader=reader, named_by=actor.person, from_on=deed.recorded_on, deed=key
        )
        forget_reader(reader)
        return key


def end_reader(*, actor: Actor, number: int, reason: str, now: datetime) -> str:
    """The mayor ends somebody's reading of the channel, from now on; returns the deed's key.

    Raises:
        Refused: not the mayor, nobody of that number, or no reason.
    """
    city = channel_city(actor)
    with act(actor, NAME, on=Subject(code=city), at=now) as deed:
        row = writes.locked_reader(number, city=city)
        if row is None:
            raise Refused(_reason("nobody", N_("This person does not read the channel.")))
        given = {"reader": row.reader_id, "reason": reason.strip()}
        key = deed.record(facts=[_fact(city, "channel_reader_ended", deed.recorded_on, given)])
        writes.end_reader(row, until_on=deed.recorded_on)
        forget_reader(row.reader_id)
        return key


def set_directive(
    *, actor: Actor, about: str, lead: str, matter: str, due_on: date | None, places: Sequence[str] = (), now: datetime
) -> str:
    """The mayor sets a directive out of the channel, in the mayor's own words; returns its code.

    Nothing in the directive leads back to what it followed: that link is kept for the channel alone.

    Args:
        about: kind and key of what it follows, as the channel's page names it.
        places: projects that it is about; empty where that would tell of an inspection.

    Raises:
        Refused: no right, or something is wrong with the directive.
    """
    due = DraftDue(kind="date", on=due_on) if due_on is not None else DraftDue()
    draft = DirectiveDraft(lead=lead, matter=matter, due=due, projects=tuple(places))
    (code,) = set_directives(actor=actor, drafts=[draft], now=now)
    writes.insert_directive(about=about, directive=code)
    return code


def _fact(city: str, kind: str, on: date, given: dict[str, Any]) -> NewFact:
    attributes, reasons = checked_attributes(current_rulebook().fact_kinds[kind], given)
    if reasons:
        raise Refused(*reasons)
    return NewFact("jurisdiction", city, kind, on, attributes)


def _reason(code: str, message: str, remedy: str = "") -> Reason:
    return Reason(code=f"channel.{code}", message=message, remedy=remedy)
