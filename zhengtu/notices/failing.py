"""What cannot be delivered is told in the inbox: to whoever manages the channel, and to the person whose it is."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from zhengtu.accounts.queries import postings_on
from zhengtu.core.authority.actor import Subject
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.notices.failures import FAILURES
from zhengtu.core.notices.notice import NewNotice
from zhengtu.notices.models import Channel, Delivery, DeliveryState
from zhengtu.notices.queries import recipients
from zhengtu.notices.writes import keep_notices

MANAGE = "notice.manage"
KIND_NAMES = {"email": N_("E-mail"), "wecom": N_("WeCom robot"), "dingtalk": N_("DingTalk robot")}


def place_of(channel: Channel, *, now: datetime) -> str:
    """The unit that answers for the channel: the robot's, or that of the person's first post today."""
    if channel.unit_id is not None:
        return str(channel.unit_id)
    posting = postings_on(civil_date(at=now)).filter(person=channel.person_id).order_by("pk").first()
    return posting.unit_id if posting is not None else str(channel.person_id)


def tell_of_failure(delivery: Delivery, *, error: str, now: datetime) -> None:
    """Tell of it once a day and channel; these notices stay in the inbox, so that none of them fails in turn."""
    channel, today = delivery.channel, civil_date(at=now)
    place = place_of(channel, now=now)
    is_given_up = delivery.state == DeliveryState.GIVEN_UP
    kind, message = (
        ("delivery_given_up", N_("A message by %(channel)s of %(owner)s was not delivered: %(why)s"))
        if is_given_up else
        ("delivery_uncertain", N_("Whether a message by %(channel)s of %(owner)s arrived is not known: %(why)s"))
    )
    parameters = {
        "channel": f"label:{KIND_NAMES[channel.kind]}",
        "owner": channel.unit.name if channel.unit else channel.person.name if channel.person else "",
        "why": f"label:{FAILURES[error]}",
    }
    key = f"channel/{channel.pk}/{delivery.state}/{today.isoformat()}"
    managers = recipients(on=today, verb=MANAGE, subject=Subject(code=place))
    notices = [
        NewNotice(
            person=person, key=key, kind=kind, message=message, parameters=parameters,
            path=reverse("notice.delivery", args=[delivery.pk]), subject=place,
        )
        for person in managers
    ]
    if channel.person_id is not None and is_given_up and channel.person_id not in managers:
        notices.append(NewNotice(
            person=channel.person_id, key=key, kind="channel_silent", message=message, parameters=parameters,
            path=reverse("notice.channels"), subject=channel.person_id,
        ))
    keep_notices(notices, now=now)
