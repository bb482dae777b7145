"""Row changes of notices and deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhengtu.accounts.queries import actors_posted
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.notices.notice import NewNotice
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.notices.models import Notice
from zhengtu.notices.planning import plan_deliveries, units_told
from zhengtu.notices.queries import subject_of_notice


def keep_notices(notices: Sequence[NewNotice], *, now: datetime) -> int:
    """Put notices into the inboxes of those who may see what they are about, and plan what follows by other ways.

    A person is told a key once, whoever tells it and however many tell it at the same time. Whoever may not see the
    subject (by the verb of the kind), left the post or is unknown gets nothing. It joins a transaction under way.

    Returns:
        How many notices are new.

    Raises:
        ValueError: when the rulebook does not hold a kind.
    """
    rules = current_rulebook().official_notices
    wanted = {(notice.person, notice.key): notice for notice in reversed(notices) if rules.kind(notice.kind)}
    people = {person for person, _ in wanted}
    with transaction.atomic():
        readers = {actor.person: actor for actor in actors_posted(on=civil_date(at=now), people=people)}
        known = set(
            Notice.objects.filter(person__in=people, key__in={key for _, key in wanted}).values_list("person", "key")
        )
        kept = []
        for person, key in sorted(wanted.keys() - known):  # in one order, so that two at once wait for each other
            reader = readers.get(person)
            row = _kept(wanted[person, key], reader, now) if reader is not None else None
            if row is not None:
                kept.append(row)
        plan_deliveries(kept, readers=readers, now=now)
    return len(kept)


def _kept(notice: NewNotice, reader: Actor, now: datetime) -> Notice | None:
    """The new row; None where the reader may not see the subject or somebody else kept it just now."""
    rulebook = current_rulebook()
    kind = rulebook.official_notices.kind(notice.kind)
    units = sorted(notice.units or units_told(reader, kind.verb))
    reach = rulebook.authority.scope(actor=reader, verb=kind.verb)
    if not reach.covers(subject_of_notice(notice.subject, units)):
        return None
    row, is_new = Notice.objects.get_or_create(
        person_id=notice.person, key=notice.key,
        defaults={
            "kind": notice.kind, "message": notice.message, "parameters": dict(notice.parameters),
            "path": notice.path, "subject": notice.subject, "units": units,
            "urgency": notice.urgency or kind.urgency, "made_at": now,
        },
    )
    return row if is_new else None


def mark_read(notice: Notice, *, now: datetime) -> None:
    """Keep when the reader first opened it."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=now)


def mark_all_read(numbers: Sequence[int], *, person: str, now: datetime) -> int:
    """Mark a person's notices of these numbers as read; returns how many were not."""
    return Notice.objects.filter(person=person, pk__in=numbers, read_at__isnull=True).update(read_at=now)
