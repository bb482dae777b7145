"""Channels: one's own e-mail with its digest and quiet hours, and the group robots of the units one manages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.notices.notice import Urgency
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.notices.actions import (
    CHOICES,
    MANAGE,
    ChannelTerms,
    RobotAddress,
    add_robot,
    end_own_channel,
    end_robot,
    send_test,
    set_own_email,
)
from zhengtu.notices.models import Channel, ChannelKind
from zhengtu.notices.queries import (
    address_shown,
    channel_for,
    own_channels,
    robots_for,
    units_managed_by,
)
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.reason_text import rulebook_label

DIGEST_LABELS = {
    "role": _("As the rules say"), "at_once": _("At once"), "daily": _("Once a working day"),
    "weekly": _("Once a week"), "inbox": _("In the inbox alone"),
}


@requires("account.manage")
@sensitive_post_parameters("address")
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest) -> HttpResponse:
    """The channels; a POST sets one's own e-mail."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, actor)
    try:
        set_own_email(actor, address=request.POST.get("address", ""), terms=given_terms(request))
    except Refused as refused:
        return _page(request, actor, reasons=refused.reasons)
    messages.success(request, gettext("Your e-mail is set."))
    return redirect("notice.channels")


def _page(request: HttpRequest, actor: Actor, *, reasons: Sequence[Reason] = ()) -> HttpResponse:
    rules = current_rulebook().official_notices
    own = next(iter(own_channels(actor)), None)
    roles = sorted({posting.role for posting in actor.postings if posting.role in rules.roles})
    may_manage = bool(current_rulebook().authority.scope(actor=actor, verb=MANAGE))
    return render(request, "notices/channels.html", {
        "own": own, "own_address": address_shown(own) if own else "", "reasons": reasons, "given": request.POST,
        "choices": _choices(own), "quiet": rules.quiet_hours, "has_mail": bool(settings.EMAIL_HOST),
        "takes_mail": bool(roles), "rhythm": rules.rhythm,
        "digests": [
            {
                "role": rulebook_label(group="role", id=role),
                "soon": DIGEST_LABELS[rules.roles[role].soon], "routine": DIGEST_LABELS[rules.roles[role].routine],
            }
            for role in roles
        ],
        "kinds": _kinds_by_urgency(), "may_manage": may_manage,
        "robots": [(robot, address_shown(robot), DIGEST_LABELS[robot.digest]) for robot in robots_for(actor)],
    }, status=409 if reasons else 200)


def _kinds_by_urgency() -> list[tuple[str, str]]:
    """Urgency in words -> the kinds that have it, those aside which never leave the inbox."""
    names = {Urgency.URGENT: gettext("Urgent"), Urgency.SOON: gettext("Soon"), Urgency.ROUTINE: gettext("Routine")}
    kinds = [kind for kind in current_rulebook().official_notices.kinds.values() if not kind.inbox_only]
    comma = gettext(", ")
    return [
        (name, comma.join(rulebook_label(group="notice_kind", id=kind.id) for kind in kinds if kind.urgency == urgency))
        for urgency, name in names.items()
    ]


def _choices(channel: Channel | None, chosen: str = "") -> list[tuple[str, Any, bool]]:
    current = chosen or (channel.digest if channel else CHOICES[0])
    return [(str(id), DIGEST_LABELS[str(id)], str(id) == current) for id in CHOICES]


@requires(MANAGE)
@sensitive_post_parameters("address", "secret")
@require_http_methods(["GET", "HEAD", "POST"])
def robot(request: HttpRequest) -> HttpResponse:
    """Add a group robot of a unit."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        now: datetime = request.now  # type: ignore[attr-defined]
        try:
            add_robot(
                actor, unit=request.POST.get("unit", ""), kind=request.POST.get("kind", ""), now=now,
                robot=RobotAddress(
                    address=request.POST.get("address", "").strip(), secret=request.POST.get("secret", ""),
                    keyword=request.POST.get("keyword", ""), is_markdown=request.POST.get("format") != "text",
                ),
                terms=given_terms(request),
            )
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, gettext("The robot is added. Send it a test message to see that it speaks."))
            return redirect("notice.channels")
    return render(request, "notices/robot.html", {
        "units": units_managed_by(actor), "reasons": reasons, "given": request.POST,
        "kinds": [choice for choice in ChannelKind.choices if choice[0] != ChannelKind.EMAIL],
        "choices": _choices(None, request.POST.get("digest", "")),
        "quiet": current_rulebook().official_notices.quiet_hours,
    }, status=409 if reasons else 200)


@requires("account.manage")
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Let a channel carry nothing any more."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    channel = _channel(actor, number)
    try:
        if channel.unit_id is None:
            end_own_channel(actor, channel=channel)
        else:
            end_robot(actor, channel=channel, now=request.now)  # type: ignore[attr-defined]
    except Refused as refused:
        return _page(request, actor, reasons=refused.reasons)
    messages.success(request, gettext("The channel has ended and its address is forgotten."))
    return redirect("notice.channels")


@requires("account.manage")
@require_POST
def test(request: HttpRequest, number: int) -> HttpResponse:
    """Put a test message on its way."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        delivery = send_test(actor, channel=_channel(actor, number), now=request.now)  # type: ignore[attr-defined]
    except Refused as refused:
        return _page(request, actor, reasons=refused.reasons)
    messages.success(request, gettext("The test message goes out within a minute, outside quiet hours."))
    return redirect("notice.delivery", number=delivery.pk)


def _channel(actor: Actor, number: int) -> Channel:
    channel = channel_for(actor, number)
    if channel is None:
        raise Http404
    return channel


def given_terms(request: HttpRequest) -> ChannelTerms:
    """How often a channel is to speak, from the form.

    Raises:
        Refused: a time that cannot be read.
    """
    try:
        quiet_from, quiet_until = (
            time.fromisoformat(request.POST[name]) if request.POST.get(name) else None
            for name in ("quiet_from", "quiet_until")
        )
    except ValueError as error:
        raise Refused(Reason(
            "notices.time_unreadable", N_("A time of quiet hours cannot be read."), remedy=N_("Write it as 20:30."),
        )) from error
    return ChannelTerms(digest=request.POST.get("digest", CHOICES[0]), quiet_from=quiet_from, quiet_until=quiet_until)
