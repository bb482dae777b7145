"""Whole deeds on postings: appoint, end; on units: found one. Each is in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhengtu.accounts import queries, writes
from zhengtu.accounts.models import Person, Posting, Unit
from zhengtu.core.authority import actor as authority
from zhengtu.core.authority.appointments import MANAGE, appointment_reasons, exclusion_reasons
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of, is_code
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.act import OpenDeed, act
from zhengtu.ledger.rulebook import current_rulebook


@dataclass(frozen=True, slots=True)
class Post:
    """A post to fill.

    Attributes:
        subject: code of the one project, section or household it is for, or empty.
        until_on: first day without the post, or None.
    """

    unit: Unit
    role: str
    from_on: date
    until_on: date | None = None
    title: str = ""
    subject: str = ""


def appoint(actor: authority.Actor, *, person: Person, post: Post, now: datetime) -> Posting:
    """Give a person a post.

    Raises:
        Refused: when the actor may not, or the post cannot be held by that person then.
    """
    with act(actor, MANAGE, on=authority.Subject(code=post.unit.code), at=now) as deed:
        return _appointed(deed, actor, person, post)


def appoint_newcomer(
    actor: authority.Actor, *, username: str, name: str, password: str, post: Post, now: datetime
) -> Person:
    """Open an account with a password to be changed at the first sign-in, and give it a post.

    Raises:
        Refused: when the name is taken, or the post cannot be given.
    """
    with act(actor, MANAGE, on=authority.Subject(code=post.unit.code), at=now) as deed:
        city = city_of(post.unit.code)
        deed.lock([city])
        if queries.is_taken(username):
            raise Refused(
                Reason(
                    code="accounts.name_taken",
                    message=N_("The sign-in name “%(username)s” is taken."),
                    parameters={"username": username},
                    remedy=N_("Choose another one, or appoint the person who has it."),
                )
            )
        person = writes.insert_person(
            code=queries.next_person_code(city), username=username, name=name, password=password
        )
        _appointed(deed, actor, person, post)
        return person


def end_posting(actor: authority.Actor, *, posting: Posting, until_on: date, now: datetime) -> None:
    """Let a posting end before that day.

    Raises:
        Refused: when the actor may not, the day is past, or the posting is over by then.
    """
    with act(actor, MANAGE, on=authority.Subject(code=posting.unit_id), at=now) as deed:
        today = civil_date(at=now)
        if until_on < today:
            raise Refused(
                Reason(
                    code="posting.end_in_the_past",
                    message=N_("A posting cannot be ended backwards: %(on)s is before today, %(today)s."),
                    parameters={"on": until_on.isoformat(), "today": today.isoformat()},
                    remedy=N_("Choose today or a later day."),
                )
            )
        if posting.until_on is not None and posting.until_on <= until_on:
            raise Refused(
                Reason(
                    code="posting.over_already",
                    message=N_("The posting is over on %(on)s already."),
                    parameters={"on": posting.until_on.isoformat()},
                )
            )
        writes.end_posting(posting, until_on=until_on)
        deed.record(
            because=[
                Reason(
                    code="posting.ended",
                    message=N_("%(person)s no longer holds “%(role)s” in %(unit)s from %(on)s."),
                    parameters={
                        "person": f"{posting.person.name} ({posting.person_id})", "role": f"role:{posting.role}",
                        "unit": posting.unit.name, "on": until_on.isoformat(),
                    },
                )
            ]
        )


def found_unit(
    actor: authority.Actor, *, code: str, kind: str, name: str, short_name: str, name_en: str, superior: Unit | None,
    now: datetime,
) -> Unit:
    """Enter a unit.

    Raises:
        Refused: when the code has no valid shape or is taken, or the actor may not.
    """
    with act(actor, MANAGE, on=authority.Subject(code=code), at=now) as deed:
        if not is_code("unit", code) or queries.unit_exists(code):
            raise Refused(
                Reason(
                    code="unit.code",
                    message=N_("“%(code)s” cannot be a new unit's code."),
                    parameters={"code": code},
                    remedy=N_("Use an unused division code, alone or with a hyphen and lower-case letters."),
                )
            )
        unit = writes.insert_unit(
            code=code, kind=kind, name=name, short_name=short_name, name_en=name_en, superior=superior
        )
        deed.record(
            because=[
                Reason(
                    code="unit.founded", message=N_("The unit %(name)s (%(code)s) is entered."),
                    parameters={"name": name, "code": code},
                )
            ]
        )
        return unit


def console_actor(city: str) -> authority.Actor:
    """Whoever works at the machine's own console: they hold the database anyway, so the ledger at least names it."""
    return authority.Actor(
        person=f"{city}-console", postings=(authority.Posting(role="coordinator", unit=city),)
    )


def _appointed(deed: OpenDeed, actor: authority.Actor, person: Person, post: Post) -> Posting:
    rules = current_rulebook().authority
    wanted = authority.Posting(role=post.role, unit=post.unit.code, subject=post.subject)
    reasons = appointment_reasons(rules, actor=actor, person=person.code, posting=wanted)
    reasons += _period_reasons(post, today=deed.recorded_on)
    # Units have chains of their own: the person's row keeps two of them from giving posts that exclude each other.
    queries.locked_person_by_code(person.code)
    held = queries.postings_within(person, start=post.from_on, end=post.until_on)
    reasons += exclusion_reasons(rules, role=post.role, held_roles=[one.role for one in held])
    if any((one.role, one.unit_id, one.subject) == (post.role, post.unit.code, post.subject) for one in held):
        reasons.append(
            Reason(
                code="posting.twice",
                message=N_("%(person)s holds this post in that time already."),
                parameters={"person": person.name},
                remedy=N_("End the earlier posting first, or choose another time."),
            )
        )
    if reasons:
        raise Refused(*reasons)
    posting = writes.insert_posting(
        person=person, unit=post.unit, role=post.role, title=post.title, subject=post.subject,
        from_on=post.from_on, until_on=post.until_on,
    )
    deed.record(
        because=[
            Reason(
                code="posting.appointed",
                message=N_("%(person)s holds “%(role)s” in %(unit)s from %(on)s."),
                parameters={
                    "person": f"{person.name} ({person.code})", "role": f"role:{post.role}",
                    "unit": post.unit.name, "on": post.from_on.isoformat(),
                },
            )
        ]
    )
    return posting


def _period_reasons(post: Post, *, today: date) -> list[Reason]:
    reasons = []
    if post.from_on < today:
        reasons.append(
            Reason(
                code="posting.backwards",
                message=N_("A posting cannot begin backwards: %(on)s is before today, %(today)s."),
                parameters={"on": post.from_on.isoformat(), "today": today.isoformat()},
                remedy=N_("Choose today or a later day."),
            )
        )
    if post.until_on is not None and post.until_on <= post.from_on:
        reasons.append(
            Reason(
                code="posting.empty_period",
                message=N_("The posting would end on %(until)s, before it begins on %(on)s."),
                parameters={"until": post.until_on.isoformat(), "on": post.from_on.isoformat()},
                remedy=N_("Choose a later end, or none."),
            )
        )
    return reasons
