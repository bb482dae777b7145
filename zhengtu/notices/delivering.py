"""Delivers what is due: claimed by one worker, noted before the attempt, so that nobody is told twice in silence.

``sending`` is committed before anything leaves. Whoever dies after that leaves it so, and what came of the attempt is
then uncertain (``docs/decisions/0009-uncertain-deliveries.md``): a group is not told again unless somebody who manages
the channel says so; an e-mail is sent once more under the same Message-ID, and says that it may be a second copy.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import transaction

from zhengtu.accounts.sealing import unseal
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.notices.messages import OutgoingMessage
from zhengtu.core.notices.robots import (
    Answer,
    Outcome,
    dingtalk_payload,
    signed_address,
    wecom_payload,
)
from zhengtu.core.notices.timing import is_quiet, next_allowed, retry_at
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.notices.composing import language_of, message_of
from zhengtu.notices.failing import tell_of_failure
from zhengtu.notices.mailing import send_email
from zhengtu.notices.models import Channel, ChannelKind, Delivery, DeliveryAttempt, DeliveryState
from zhengtu.notices.planning import gather_waiting, quiet_hours_of
from zhengtu.notices.webhook import post_to_robot

_log = logging.getLogger(__name__)

AT_MOST = 200
"""So many deliveries one run attempts; the next run goes on."""


def deliver_due(*, clock: Callable[[], datetime], at_most: int = AT_MOST) -> Counter[str]:
    """Attempt what is due, each once; returns how many came to which state.

    A server that cannot be reached is left alone for the rest of the run, and a robot that asks for less as well.
    """
    counts: Counter[str] = Counter()
    kinds, channels = set[str](), set[int]()
    if not settings.EMAIL_HOST:
        kinds.add(ChannelKind.EMAIL)
    settle_interrupted(now=clock())
    while sum(counts.values()) < at_most:
        delivery = _claimed(now=clock(), without_kinds=kinds, without_channels=channels)
        if delivery is None:
            break
        answer = _attempted(delivery, now=clock())
        counts[_noted(delivery, answer, now=clock())] += 1
        if answer is not None and answer.error == "unreachable":
            kinds.add(delivery.channel.kind)
        if answer is not None and answer.outcome is Outcome.LIMITED:
            channels.add(delivery.channel_id)
    return counts


def settle_interrupted(*, now: datetime) -> int:
    """Note as uncertain what was left in the middle of an attempt by a worker that ended; returns how many."""
    lease = timedelta(minutes=current_rulebook().official_notices.retries.lease_minutes)
    left = Delivery.objects.filter(state=DeliveryState.SENDING, attempted_at__lt=now - lease)
    found = list(left.select_related("channel__person"))
    for delivery in found:
        _noted(delivery, Answer(Outcome.UNCERTAIN, "interrupted"), now=now)
    return len(found)


def _claimed(
    *, now: datetime, without_kinds: Collection[str], without_channels: Collection[int]
) -> Delivery | None:
    """The next due delivery, noted as being sent; workers step over one another's."""
    with transaction.atomic(durable=True):
        due = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("channel__person")
            .filter(state=DeliveryState.WAITING, due_at__lte=now, channel__is_active=True)
            .exclude(channel__kind__in=without_kinds).exclude(channel__in=without_channels).order_by("due_at", "pk")
        )
        while (delivery := due.first()) is not None:
            quiet = quiet_hours_of(delivery.channel)
            if not is_quiet(now, quiet=quiet):
                break
            delivery.due_at = next_allowed(now, quiet=quiet)
            delivery.save(update_fields=["due_at"])
        if delivery is None:
            return None
        gather_waiting(delivery, now=now)
        delivery.state, delivery.attempted_at = DeliveryState.SENDING, now
        delivery.attempts += 1
        delivery.save(update_fields=["state", "attempted_at", "attempts"])
        return delivery


def _attempted(delivery: Delivery, *, now: datetime) -> Answer | None:
    """What came of the attempt; None where nothing was left to tell."""
    try:
        message = message_of(delivery, today=civil_date(at=now))
        if message is None:
            return None
        return _sent(delivery, message, now)
    except Exception as error:  # noqa: BLE001 - whatever it is, the others wait; what came of this one is not known
        # Neither the message nor the traceback of the error: both may tell the address.
        _log.error("delivery %s: %s", delivery.pk, type(error).__name__)
        return Answer(Outcome.UNCERTAIN, "interrupted")


def _sent(delivery: Delivery, message: OutgoingMessage, now: datetime) -> Answer:
    channel = delivery.channel
    try:
        held = unseal(channel.address_sealed)
    except InvalidTag:
        return Answer(Outcome.REFUSED, "address_unreadable")
    if channel.kind == ChannelKind.EMAIL:
        return send_email(
            message, to=held["address"], message_id=delivery.message_id, language=language_of(channel)
        )
    if channel.kind == ChannelKind.WECOM:
        return post_to_robot(
            channel.kind, held["address"], wecom_payload(message, is_markdown=held["is_markdown"])
        )
    signed = (
        signed_address(held["address"], secret=held["secret"], timestamp_ms=int(now.timestamp() * 1000))
        if held["secret"] else ""
    )
    payload = dingtalk_payload(message, is_markdown=held["is_markdown"], keyword=held["keyword"])
    return post_to_robot(channel.kind, held["address"], payload, signed=signed)


def _noted(delivery: Delivery, answer: Answer | None, *, now: datetime) -> str:
    """Write down what came of an attempt, and tell who manages the channel what cannot be delivered."""
    with transaction.atomic():
        held = Delivery.objects.select_for_update(of=("self",)).select_related("channel__person").get(pk=delivery.pk)
        if held.state != DeliveryState.SENDING or held.attempts != delivery.attempts:
            return held.state  # another worker settled it meanwhile
        if answer is None:
            held.state = DeliveryState.EMPTY
        else:
            _follow(held, held.channel, answer, now)
            DeliveryAttempt.objects.create(
                delivery=held, at=held.attempted_at, outcome=answer.outcome, error=answer.error,
                answer_code=answer.code,
            )
            if held.state in (DeliveryState.GIVEN_UP, DeliveryState.UNCERTAIN):
                tell_of_failure(held, error=answer.error, now=now)
        held.save(update_fields=["state", "due_at", "sent_at", "may_repeat"])
        return held.state


def _follow(held: Delivery, channel: Channel, answer: Answer, now: datetime) -> None:
    """The state that follows from an answer, and when it is tried again."""
    if answer.outcome is Outcome.SENT:
        held.state, held.sent_at = DeliveryState.SENT, now
        return
    if answer.outcome is Outcome.REFUSED:
        held.state = DeliveryState.GIVEN_UP
        return
    if answer.outcome is Outcome.UNCERTAIN:
        if channel.kind != ChannelKind.EMAIL or held.may_repeat:
            held.state = DeliveryState.UNCERTAIN
            return
        held.may_repeat = True
    again_at = retry_at(
        now, attempts=held.attempts, rules=current_rulebook().official_notices.retries,
        quiet=quiet_hours_of(channel), is_limited=answer.outcome is Outcome.LIMITED,
    )
    if not channel.is_active:
        held.state = DeliveryState.EMPTY
    elif again_at is None:
        held.state = DeliveryState.GIVEN_UP
    else:
        held.state, held.due_at = DeliveryState.WAITING, again_at
