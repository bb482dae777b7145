"""The words of a delivery: what is still to be told, in the language of whoever reads it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override

from zhengtu.accounts.queries import actor_of
from zhengtu.core.notices.messages import OutgoingItem, OutgoingMessage, outgoing_text
from zhengtu.core.notices.notice import Urgency
from zhengtu.ledger.reason_text import rulebook_label
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.notices.models import Channel, Delivery, Notice
from zhengtu.notices.queries import may_read

_ORDER = {urgency: position for position, urgency in enumerate((Urgency.URGENT, Urgency.SOON, Urgency.ROUTINE))}


def language_of(channel: Channel) -> str:
    """The language of whoever reads the channel; a group reads the installation's."""
    return (channel.person.language if channel.person else "") or settings.LANGUAGE_CODE


def message_of(delivery: Delivery, *, today: date) -> OutgoingMessage | None:
    """What the delivery says today; None where nothing is left to tell.

    A person's message leaves out what was read in the inbox meanwhile and what the person's posts no longer show.
    """
    with override(language_of(delivery.channel)):
        if delivery.is_test:
            return _message(gettext("Zhengtu: test message"), [], opening=gettext("Messages reach this channel."))
        notices = sorted(_left_to_tell(delivery, today), key=lambda one: (_ORDER[Urgency(one.urgency)], one.pk))
        if not notices:
            return None
        items = [_item(notice, delivery.channel) for notice in notices]
        heading = ngettext("Zhengtu: %(count)s notice", "Zhengtu: %(count)s notices", len(items)) % {
            "count": len(items),
        }
        opening = gettext(
            "This message may reach you a second time: it is not known whether the first one arrived."
        ) if delivery.may_repeat else ""
        return _message(heading, items, opening=opening)


def _left_to_tell(delivery: Delivery, today: date) -> list[Notice]:
    notices = list(delivery.notices.all())
    person = delivery.channel.person
    if person is None:
        kinds = current_rulebook().official_notices.kinds
        return [notice for notice in notices if notice.kind in kinds and kinds[notice.kind].for_groups]
    actor = actor_of(person, on=today)
    return [notice for notice in notices if notice.read_at is None and may_read(actor, notice)]


def _item(notice: Notice, channel: Channel) -> OutgoingItem:
    """A line about a notice; a person's link goes through the inbox and marks it as read there."""
    kind = current_rulebook().official_notices.kind(notice.kind)
    text = outgoing_text(
        kind_label=rulebook_label(group="notice_kind", id=notice.kind),
        code=notice.subject if kind.tells_code else "", parameters=notice.parameters,
        quoted=gettext("“%(title)s”"), due=gettext("due %(on)s"),
    )
    path = reverse("notice.open", args=[notice.pk]) if channel.person_id else notice.path
    return OutgoingItem(text=text, link=settings.PUBLIC_ADDRESS + path, is_urgent=notice.urgency == Urgency.URGENT)


def _message(heading: str, items: list[OutgoingItem], *, opening: str) -> OutgoingMessage:
    return OutgoingMessage(
        heading=heading, items=tuple(items), opening=opening, open_word=gettext("Open"),
        more=gettext("and %(count)s more in the inbox"), inbox_link=settings.PUBLIC_ADDRESS + reverse("notice.inbox"),
        closing=gettext("Sent by Zhengtu. Who gets what and when is set under “Notice channels”."),
    )
