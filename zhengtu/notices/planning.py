"""Which channels carry a new notice and when; what goes out at the same time becomes one message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from django.db.models import Q

from zhengtu.core.authority.actor import Actor
from zhengtu.core.notices.notice import Urgency
from zhengtu.core.notices.rules import Digest, NoticeRules, QuietHours
from zhengtu.core.notices.timing import goes_out_at
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.notices.models import Channel, Delivery, DeliveryState, Notice


def units_told(reader: Actor, verb: str) -> frozenset[str]:
    """The reader's own units in whose name the verb is held; a post for one subject tells its unit nothing."""
    roles = current_rulebook().authority.roles
    return frozenset(
        posting.unit for posting in reader.postings if not posting.subject and verb in roles.get(posting.role, {})
    )


def quiet_hours_of(channel: Channel) -> QuietHours:
    """The channel's own quiet hours, or the rulebook's."""
    if channel.quiet_from is None or channel.quiet_until is None:
        return current_rulebook().official_notices.quiet_hours
    return QuietHours(start=channel.quiet_from, end=channel.quiet_until)


def plan_deliveries(notices: Sequence[Notice], *, readers: Mapping[str, Actor], now: datetime) -> None:
    """Let every channel that leads to a reader carry the new notices; call it inside a transaction."""
    rules = current_rulebook().official_notices
    notices = [notice for notice in notices if not rules.kind(notice.kind).inbox_only]
    if not notices:
        return
    told = {notice.pk: _groups_of(notice, readers[notice.person_id], rules) for notice in notices}
    channels = Channel.objects.filter(
        Q(person__in=readers) | Q(unit__in=frozenset().union(*told.values())), is_active=True
    )
    # The row lock keeps two workers from opening two messages for one digest, or telling a group a key twice.
    for channel in channels.select_for_update(of=("self",)).order_by("pk"):
        for notice in notices:
            is_own = channel.person_id is not None and channel.person_id == notice.person_id
            if is_own or channel.unit_id in told[notice.pk]:
                _carry(channel, notice, readers[notice.person_id], rules, now)


def _groups_of(notice: Notice, reader: Actor, rules: NoticeRules) -> frozenset[str]:
    """Units whose group robots may say it."""
    kind = rules.kind(notice.kind)
    if not kind.for_groups:
        return frozenset()
    return units_told(reader, kind.verb) & frozenset(notice.units)


def _carry(channel: Channel, notice: Notice, reader: Actor, rules: NoticeRules, now: datetime) -> None:
    own = None if channel.digest == "role" else Digest(channel.digest)
    urgency = Urgency(notice.urgency)
    if channel.person_id:
        roles = [posting.role for posting in reader.postings]
        digest = rules.personal_digest(kind=notice.kind, urgency=urgency, roles=roles, own=own)
    else:
        if Delivery.objects.filter(channel=channel, notices__key=notice.key).exists():
            return  # the group was told when a colleague was
        digest = rules.group_digest(kind=notice.kind, urgency=urgency, own=own)
    due_at = goes_out_at(
        now, digest=digest, rhythm=rules.rhythm, quiet=quiet_hours_of(channel), calendar=current_rulebook().calendar
    )
    if due_at is not None:
        open_message(channel, due_at=due_at).notices.add(notice)


def gather_waiting(delivery: Delivery, *, now: datetime) -> None:
    """Let a message that was never attempted carry what waits on its channel as well; call it with its row held.

    What came minutes apart then reaches the reader as one, and a robot is not asked to speak ten times a minute.
    """
    if delivery.is_test or delivery.attempts or delivery.may_repeat:
        return
    others = Delivery.objects.select_for_update(skip_locked=True).filter(
        channel=delivery.channel_id, state=DeliveryState.WAITING, due_at__lte=now, attempts=0, is_test=False,
        may_repeat=False,
    ).exclude(pk=delivery.pk)
    for other in others:
        delivery.notices.add(*other.notices.all())
        other.notices.clear()
        other.delete()


def open_message(channel: Channel, *, due_at: datetime, is_test: bool = False) -> Delivery:
    """The message of the channel for that instant, if no attempt was made yet; otherwise a new one."""
    waiting = Delivery.objects.select_for_update().filter(
        channel=channel, state=DeliveryState.WAITING, due_at=due_at, attempts=0, may_repeat=False,
        is_test=is_test,
    )
    return waiting.order_by("pk").first() or Delivery.objects.create(
        channel=channel, due_at=due_at, is_test=is_test, message_id=uuid4().hex
    )

