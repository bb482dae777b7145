"""Who is told, what stands in an inbox, which channels there are and what became of their deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from zhengtu.accounts.queries import actors_posted
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.notices.models import Notice

INBOX_ROWS = 500
"""So many notices an inbox shows; older ones stay in the database."""


def recipients(
    *, on: date, unit: str = "", role: str = "", verb: str = "", subject: Subject | None = None
) -> list[str]:
    """Codes of the people to tell: active, posted on that day, and let to see the subject.

    Args:
        unit: only who is posted in that unit, with a post that names no single subject.
        role: only who holds that role, in the unit where one is given.
        verb: what the subject is seen with; people who do not reach it are left out.
        subject: what the notice is about; without one, what is given to the unit.

    Without a verb everybody of the unit and role is named; ``keep_notices`` then leaves out who may not see it.

    Raises:
        ValueError: when neither a unit nor a verb says whom.
    """
    if not unit and not (verb and subject):
        raise ValueError("recipients are chosen by unit, or by verb and subject")
    authority = current_rulebook().authority
    roles = {id for id, may in authority.roles.items() if (not role or id == role) and (not verb or verb in may)}
    actors = actors_posted(on=on, unit=unit, roles=roles)
    if not verb:
        return [actor.person for actor in actors]
    about = subject if subject is not None else subject_of_notice(unit, [unit])
    return [actor.person for actor in actors if authority.scope(actor=actor, verb=verb).covers(about)]


def subject_of_notice(code: str, units: Iterable[str]) -> Subject:
    """What decides who may see a notice: its subject, with the units it is given to, built for or led by."""
    named = frozenset(units)
    return Subject(code=code, clients=named, leads=named, units=named)


def may_read(actor: Actor, notice: Notice) -> bool:
    """Whether the notice is the actor's own and today's postings still show its subject."""
    rulebook = current_rulebook()
    kind = rulebook.official_notices.kinds.get(notice.kind)
    if kind is None or notice.person_id != actor.person:
        return False
    return rulebook.authority.scope(actor=actor, verb=kind.verb).covers(
        subject_of_notice(notice.subject, notice.units)
    )


def inbox_for(actor: Actor, *, is_unread: bool | None = None, kinds: Iterable[str] | None = None) -> list[Notice]:
    """The actor's notices that may still be read, unread first, then the latest first.

    Args:
        is_unread: only these, or only read ones; None for both.
        kinds: only these kinds; None for all.
    """
    rows = Notice.objects.filter(person=actor.person)
    if is_unread is not None:
        rows = rows.filter(read_at__isnull=is_unread)
    if kinds is not None:
        rows = rows.filter(kind__in=set(kinds))
    latest = list(rows.order_by("-made_at", "-pk")[:INBOX_ROWS])
    readable = [notice for notice in latest if may_read(actor, notice)]
    return sorted(readable, key=lambda notice: notice.read_at is not None)


def unread_count(actor: Actor) -> int:
    """How many unread notices stand in the actor's inbox."""
    return len(inbox_for(actor, is_unread=True))


def notice_for(actor: Actor, number: int) -> Notice | None:
    """One of the actor's own notices that may still be read; None otherwise."""
    notice = Notice.objects.filter(pk=number, person=actor.person).first()
    return notice if notice is not None and may_read(actor, notice) else None
