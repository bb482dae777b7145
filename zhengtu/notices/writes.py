"""Row changes of notices, channels and deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from django.db import transaction

from zhengtu.accounts.queries import actors_posted, locked_person_by_code
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.notices.notice import NewNotice
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.notices.models import Channel, Delivery, DeliveryState, Notice
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


def insert_channel(
    *,
    kind: str,
    address_sealed: bytes,
    digest: str,
    quiet_from: time | None,
    quiet_until: time | None,
    person: str | None = None,
    unit: str | None = None,
    deed: str = "",
) -> Channel:
    """Keep a channel of a person or of a unit."""
    return Channel.objects.create(
        kind=kind, person_id=person, unit_id=unit, address_sealed=address_sealed, digest=digest,
        quiet_from=quiet_from, quiet_until=quiet_until, deed=deed,
    )


def set_terms(channel: Channel, *, digest: str, quiet_from: time | None, quiet_until: time | None) -> None:
    """Change how often a channel speaks; what waits already keeps its hour."""
    channel.digest, channel.quiet_from, channel.quiet_until = digest, quiet_from, quiet_until
    channel.save(update_fields=["digest", "quiet_from", "quiet_until"])


def set_address(channel: Channel, address_sealed: bytes) -> None:
    """Let a channel lead to another address; what waits on it goes there."""
    Channel.objects.filter(pk=channel.pk).update(address_sealed=address_sealed)


def lock_person(code: str) -> None:
    """Hold the person's row until the transaction ends."""
    locked_person_by_code(code)


def locked_active(channel: Channel) -> bool:
    """Whether the channel is in use; its row is held until the transaction ends."""
    return Channel.objects.select_for_update(of=("self",)).filter(pk=channel.pk, is_active=True).exists()


def retire(channel: Channel) -> bool:
    """End a channel and forget its address; what waits on it is not sent. Returns whether it was in use."""
    with transaction.atomic():
        if not locked_active(channel):
            return False
        Channel.objects.filter(pk=channel.pk).update(is_active=False, address_sealed=b"")
        Delivery.objects.filter(channel=channel, state=DeliveryState.WAITING).update(state=DeliveryState.EMPTY)
        return True


def reopen(delivery: Delivery, *, now: datetime) -> bool:
    """Let a delivery that ended without certain success wait again; returns whether it had ended so."""
    ended = Delivery.objects.filter(
        pk=delivery.pk, state__in=(DeliveryState.GIVEN_UP, DeliveryState.UNCERTAIN), channel__is_active=True
    )
    was_uncertain = delivery.state == DeliveryState.UNCERTAIN
    return bool(ended.update(
        state=DeliveryState.WAITING, due_at=now, attempts=0, may_repeat=delivery.may_repeat or was_uncertain
    ))
