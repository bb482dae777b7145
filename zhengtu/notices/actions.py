"""Whole acts on channels: one's own e-mail, a unit's group robots, a test, sending again.

A robot is set and ended by a deed, for it speaks in a unit's name. One's own e-mail changes nothing but one's own
account, like a password: no deed. Addresses are sealed; no deed, log or page tells more than a masked one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.conf import settings
from django.db import transaction

from zhengtu.accounts.queries import unit_of
from zhengtu.accounts.sealing import seal
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.notices.addresses import ROBOTS, email_reasons, masked_address, robot_reasons
from zhengtu.core.notices.rules import Digest
from zhengtu.ledger.act import act
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.notices import writes
from zhengtu.notices.failing import KIND_NAMES, MANAGE
from zhengtu.notices.models import Channel, ChannelKind, Delivery, DeliveryState
from zhengtu.notices.planning import open_message
from zhengtu.notices.queries import channels_of_unit, own_channels

OWN = "account.manage"
ROLE = "role"
CHOICES = (ROLE, Digest.AT_ONCE, Digest.DAILY, Digest.WEEKLY)
SECRET_CHARACTERS, KEYWORD_CHARACTERS, ROBOTS_OF_A_UNIT = 200, 30, 5


@dataclass(frozen=True, slots=True)
class ChannelTerms:
    """How often a channel speaks.

    Attributes:
        digest: ``role`` for what the rulebook says, else a choice for everything that is not urgent.
        quiet_from: with ``quiet_until`` the channel's own quiet hours; both None for the rulebook's.
    """

    digest: str = ROLE
    quiet_from: time | None = None
    quiet_until: time | None = None


@dataclass(frozen=True, slots=True)
class RobotAddress:
    """Where a robot listens.

    Attributes:
        address: webhook address with its key.
        secret: of a signed DingTalk robot, or empty.
        keyword: one of a DingTalk robot's keywords, or empty.
        is_markdown: whether it is sent markdown; plain text otherwise.
    """

    address: str
    secret: str = ""
    keyword: str = ""
    is_markdown: bool = True


def set_own_email(actor: Actor, *, address: str, terms: ChannelTerms) -> Channel:
    """Let one's own notices follow by e-mail; an empty address keeps the one there is.

    Raises:
        Refused: no right, no mailbox, or terms that contradict themselves.
    """
    _demand_own(actor, actor.person)
    address = address.strip()
    with transaction.atomic():
        writes.lock_person(actor.person)  # so that two forms sent at once make one channel
        held = own_channels(actor)
        reasons = _terms_reasons(terms)
        if address or not held:
            reasons += email_reasons(address, domains=settings.EMAIL_DOMAINS)
        if reasons:
            raise Refused(*reasons)
        if held:
            writes.set_terms(held[0], digest=terms.digest, quiet_from=terms.quiet_from, quiet_until=terms.quiet_until)
            if address:
                writes.set_address(held[0], seal({"address": address}))
            return held[0]
        return writes.insert_channel(
            kind=ChannelKind.EMAIL, person=actor.person, address_sealed=seal({"address": address}),
            digest=terms.digest, quiet_from=terms.quiet_from, quiet_until=terms.quiet_until,
        )


def end_own_channel(actor: Actor, *, channel: Channel) -> None:
    """Let one's own channel carry nothing any more; what waits on it stays in the inbox alone.

    Raises:
        Refused: when it is somebody else's.
    """
    _demand_own(actor, channel.person_id or "")
    writes.retire(channel)


def add_robot(
    actor: Actor, *, unit: str, kind: str, robot: RobotAddress, terms: ChannelTerms, now: datetime
) -> Channel:
    """Let a unit's group be told by a robot.

    Raises:
        Refused: no right in the unit, an address that is not the messenger's, or too many robots.
    """
    with act(actor, MANAGE, on=Subject(code=unit), at=now) as deed:
        reasons = _terms_reasons(terms) + _robot_reasons(kind, robot)
        if len(channels_of_unit(unit)) >= ROBOTS_OF_A_UNIT:
            reasons.append(Reason(
                "notices.too_many_robots", N_("The unit has %(count)s robots already."), {"count": ROBOTS_OF_A_UNIT},
                remedy=N_("End one of them first."),
            ))
        if reasons:
            raise Refused(*reasons)
        deed.record(because=[Reason(
            "notices.robot_added", N_("%(kind)s %(address)s speaks for %(unit)s from now on."),
            {"kind": f"label:{KIND_NAMES[kind]}", "address": masked_address(robot.address), "unit": _named(unit)},
        )])
        return writes.insert_channel(
            kind=kind, unit=unit, digest=terms.digest, quiet_from=terms.quiet_from, quiet_until=terms.quiet_until,
            deed=deed.id, address_sealed=seal({
                "address": robot.address, "secret": robot.secret.strip(), "keyword": robot.keyword.strip(),
                "is_markdown": robot.is_markdown,
            }),
        )


def end_robot(actor: Actor, *, channel: Channel, now: datetime) -> str:
    """Let a unit's robot carry nothing any more; returns the deed's key.

    Raises:
        Refused: no right in the unit, or it has ended already.
    """
    with act(actor, MANAGE, on=Subject(code=channel.unit_id or ""), at=now) as deed:
        if not writes.retire(channel):
            raise Refused(Reason("notices.ended_already", N_("This channel has ended already.")))
        deed.record(because=[Reason(
            "notices.robot_ended", N_("%(kind)s no longer speaks for %(unit)s."),
            {"kind": f"label:{KIND_NAMES[channel.kind]}", "unit": _named(channel.unit_id or "")},
        )])
        return deed.id


def send_test(actor: Actor, *, channel: Channel, now: datetime) -> Delivery:
    """Put a test message on its way; it waits for the end of quiet hours and counts like any other.

    Raises:
        Refused: no right, the channel has ended, or a test waits already.
    """
    _demand_channel(actor, channel)
    with transaction.atomic():
        if not writes.locked_active(channel):
            raise Refused(Reason("notices.ended_already", N_("This channel has ended already.")))
        waiting = channel.deliveries.filter(
            is_test=True, state__in=(DeliveryState.WAITING, DeliveryState.SENDING)
        )
        if waiting.exists():
            raise Refused(Reason(
                "notices.test_waits", N_("A test message waits already."),
                remedy=N_("See in the log what becomes of it."),
            ))
        return open_message(channel, due_at=now, is_test=True)


def send_again(actor: Actor, *, delivery: Delivery, now: datetime) -> None:
    """Try once more what was given up, or what may have arrived; the message then says that it may be a second one.

    Raises:
        Refused: no right, the channel has ended, or the delivery stands otherwise.
    """
    _demand_channel(actor, delivery.channel)
    if not delivery.channel.is_active or not writes.reopen(delivery, now=now):
        raise Refused(Reason(
            "notices.not_to_repeat", N_("Only what was given up or may have arrived is sent again."),
            remedy=N_("Load the page anew to see how the message stands."),
        ))


def _named(code: str) -> str:
    """The unit's name with its code, as the ledger tells it."""
    unit = unit_of(code)
    return f"{unit.name} ({code})" if unit is not None else code


def _demand_own(actor: Actor, person: str) -> None:
    reason = current_rulebook().authority.may(actor=actor, verb=OWN, subject=Subject(code=person))
    if reason is not None or person != actor.person:
        raise Refused(reason or Reason("notices.not_own", N_("This is somebody else's channel.")))


def _demand_channel(actor: Actor, channel: Channel) -> None:
    """Own channels are one's own matter; a robot that of who manages the unit's channels."""
    if channel.person_id is not None:
        _demand_own(actor, channel.person_id)
        return
    reason = current_rulebook().authority.may(
        actor=actor, verb=MANAGE, subject=Subject(code=channel.unit_id or "")
    )
    if reason is not None:
        raise Refused(reason)


def _terms_reasons(terms: ChannelTerms) -> list[Reason]:
    reasons = []
    if terms.digest not in CHOICES:
        reasons.append(Reason("notices.digest", N_("Choose how often the channel speaks.")))
    if (terms.quiet_from is None) != (terms.quiet_until is None):
        reasons.append(Reason(
            "notices.quiet_hours", N_("Quiet hours need both a beginning and an end."),
            remedy=N_("Give both, or neither for the usual quiet hours."),
        ))
    return reasons


def _robot_reasons(kind: str, robot: RobotAddress) -> list[Reason]:
    if kind not in ROBOTS:
        return [Reason("notices.robot_kind", N_("Choose the messenger."))]
    reasons = robot_reasons(kind, robot.address, origins=settings.WEBHOOK_ORIGINS)
    if len(robot.secret) > SECRET_CHARACTERS or not robot.secret.isascii():
        reasons.append(Reason("notices.secret", N_("The signing secret is not one of DingTalk's.")))
    if len(robot.keyword) > KEYWORD_CHARACTERS or not (robot.keyword.isprintable() or not robot.keyword):
        reasons.append(Reason(
            "notices.keyword", N_("A keyword has at most %(count)s characters."), {"count": KEYWORD_CHARACTERS},
        ))
    return reasons
