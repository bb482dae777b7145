"""Who is told, what stands in an inbox, which channels there are and what became of their deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cryptography.exceptions import InvalidTag
from django.db.models import Count, Min, Q, QuerySet

from zhengtu.accounts.models import Unit
from zhengtu.accounts.queries import actors_posted, postings_on, units_for
from zhengtu.accounts.sealing import unseal
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.notices.addresses import masked_address
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.notices.models import Channel, Delivery, DeliveryAttempt, DeliveryState, Notice

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


def own_channels(actor: Actor) -> list[Channel]:
    """The actor's own channels in use."""
    return list(Channel.objects.filter(person=actor.person, is_active=True).order_by("pk"))


def channels_of_unit(unit: str) -> list[Channel]:
    """A unit's robots in use."""
    return list(Channel.objects.filter(unit=unit, is_active=True).order_by("pk"))


def units_managed_by(actor: Actor) -> QuerySet[Unit]:
    """Units whose robots the actor manages."""
    return units_for(actor, verb="notice.manage")


def robots_for(actor: Actor) -> list[Channel]:
    """Robots in use of the units whose channels the actor manages."""
    rows = Channel.objects.filter(unit__in=units_managed_by(actor), is_active=True).select_related("unit")
    return list(rows.order_by("unit__code", "pk"))


def channel_for(actor: Actor, number: int) -> Channel | None:
    """A channel in use that is the actor's own or a robot that the actor manages; None otherwise."""
    reach = Q(person=actor.person) | Q(unit__in=units_managed_by(actor))
    return Channel.objects.filter(reach, pk=number, is_active=True).select_related("unit", "person").first()


def deliveries_for(actor: Actor, *, on: date) -> QuerySet[Delivery]:
    """Messages on the actor's own channels, and of the units whose channels the actor manages.

    Of other people's e-mail whoever manages their unit sees whether it arrives, but neither address nor content.
    """
    units = units_managed_by(actor)
    people = postings_on(on).filter(unit__in=units).values("person")
    reach = Q(channel__person=actor.person) | Q(channel__unit__in=units) | Q(channel__person__in=people)
    rows = Delivery.objects.filter(reach).select_related("channel__unit", "channel__person")
    return rows.annotate(notice_count=Count("notices", distinct=True)).order_by("-due_at", "-pk")


def delivery_for(actor: Actor, number: int, *, on: date) -> Delivery | None:
    """One of those messages; None otherwise."""
    return deliveries_for(actor, on=on).filter(pk=number).first()


def attempts_of(delivery: Delivery) -> list[DeliveryAttempt]:
    """What came of each attempt, the latest first."""
    return list(delivery.log.order_by("-at", "-pk"))


def address_shown(channel: Channel) -> str:
    """A masked address; nothing where the channel has ended or its seal does not open any more."""
    try:
        return masked_address(unseal(channel.address_sealed)["address"]) if channel.is_active else ""
    except InvalidTag:
        return ""


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """How deliveries stand, for whoever runs the installation.

    Attributes:
        counts: state -> how many.
        channels: kind -> how many are in use.
        oldest_due_at: since when the longest waiting one is due; None where none is.
    """

    counts: dict[str, int]
    channels: dict[str, int]
    oldest_due_at: datetime | None


def delivery_status(*, now: datetime) -> DeliveryStatus:
    """How deliveries of the whole installation stand; for the machine's own console."""
    due = Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=now)
    channels = Channel.objects.filter(is_active=True).order_by("kind").values_list("kind")
    return DeliveryStatus(
        counts=dict(Delivery.objects.order_by("state").values_list("state").annotate(Count("pk"))),
        channels=dict(channels.annotate(Count("pk"))), oldest_due_at=due.aggregate(first=Min("due_at"))["first"],
    )


def shown_notices(actor: Actor, delivery: Delivery) -> list[Notice]:
    """What a message carries, as far as the actor's own posts show it; of other people's e-mail nothing."""
    if delivery.channel.person_id not in (None, actor.person):
        return []
    rulebook = current_rulebook()
    kinds = rulebook.official_notices.kinds
    return [
        notice for notice in delivery.notices.order_by("pk")
        if notice.kind in kinds and rulebook.authority.scope(actor=actor, verb=kinds[notice.kind].verb).covers(
            subject_of_notice(notice.subject, notice.units)
        )
    ]
