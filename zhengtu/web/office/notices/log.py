"""The log of messages: what was sent, what waits, what failed and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.notices.failures import FAILURES
from zhengtu.notices.actions import send_again
from zhengtu.notices.models import ChannelKind, Delivery, DeliveryAttempt, DeliveryState
from zhengtu.notices.queries import (
    address_shown,
    attempts_of,
    channel_for,
    deliveries_for,
    delivery_for,
    shown_notices,
)
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.reason_text import rulebook_label
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter
from zhengtu.web.shared.templatetags.figures import named

_LIGHTS = {
    DeliveryState.WAITING: "running", DeliveryState.SENDING: "running", DeliveryState.SENT: "green",
    DeliveryState.UNCERTAIN: "yellow", DeliveryState.GIVEN_UP: "red", DeliveryState.EMPTY: "idle",
}
_OUTCOMES = {
    "sent": _("Sent"), "later": _("To be tried again"), "limited": _("To be tried again"),
    "uncertain": _("May have arrived"), "refused": _("Refused"),
}


@requires("account.manage")
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Messages on one's own channels and of the units whose channels one manages, the latest first."""
    today: date = request.today  # type: ignore[attr-defined]
    table = Table(
        name="messages", title=_("Messages sent"), request=request,
        rows=deliveries_for(request.actor, on=today),  # type: ignore[attr-defined]
        columns=[
            Column("due_at", _("Goes out"), kind="instant"),
            Column("owner", _("To"), sort="", value=owner_of, width=28),
            Column("kind", _("Channel"), sort="channel__kind", value=lambda row: row.channel.get_kind_display()),
            Column("notice_count", _("Notices"), kind="integer"),
            Column("state", _("Delivery"), kind="light", value=state_light),
            Column("attempts", _("Attempts made"), kind="integer"),
            Column("sent_at", _("Sent"), kind="instant"),
        ],
        filters=[
            Filter("state", _("Delivery"), kind="choice", choices=DeliveryState.choices),
            Filter("channel", _("Channel"), kind="choice", choices=ChannelKind.choices, paths=("channel__kind",)),
        ],
        row_href=lambda row: reverse("notice.delivery", args=[row.pk]),
        empty_text=_("No message left the platform yet."),
    )
    if table.wants_export:
        return table.export()
    return render(request, "notices/messages.html", {"table": table.render_context()})


def owner_of(delivery: Delivery) -> str:
    """The unit or the person whose channel it is."""
    channel = delivery.channel
    return named(channel.unit) if channel.unit else channel.person.name if channel.person else ""


def state_light(delivery: Delivery) -> tuple[str, str]:
    """How a message stands, as a light with its words."""
    return _LIGHTS[DeliveryState(delivery.state)], str(delivery.get_state_display())


@requires("account.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, number: int) -> HttpResponse:
    """One message with its attempts; a POST sends it again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    delivery = delivery_for(actor, number, on=request.today)  # type: ignore[attr-defined]
    if delivery is None:
        raise Http404
    reasons: list[Reason] = []
    if request.method == "POST":
        try:
            send_again(actor, delivery=delivery, now=request.now)  # type: ignore[attr-defined]
        except Refused as refused:
            reasons = list(refused.reasons)
        else:
            messages.success(request, gettext("The message goes out within a minute, outside quiet hours."))
            return redirect("notice.delivery", number=number)
    channel = channel_for(actor, delivery.channel_id)
    ended = delivery.state in (DeliveryState.GIVEN_UP, DeliveryState.UNCERTAIN)
    return render(request, "notices/message.html", {
        "delivery": delivery, "owner": owner_of(delivery), "light": state_light(delivery), "reasons": reasons,
        "address": address_shown(channel) if channel else "",
        "attempts": [_attempt(one) for one in attempts_of(delivery)],
        "may_repeat": ended and channel is not None, "count": delivery.notice_count,  # type: ignore[attr-defined]
        "notices": [
            (rulebook_label(group="notice_kind", id=notice.kind), notice.subject)
            for notice in shown_notices(actor, delivery)
        ],
    }, status=409 if reasons else 200)


def _attempt(attempt: DeliveryAttempt) -> dict[str, Any]:
    failure = FAILURES.get(attempt.error, "")
    return {
        "at": attempt.at, "outcome": _OUTCOMES.get(attempt.outcome, attempt.outcome),
        "why": gettext(failure) if failure else "", "code": attempt.answer_code,
    }
