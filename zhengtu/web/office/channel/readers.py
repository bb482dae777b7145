"""Who reads the channel, and who read or tried to read it; for the mayor alone."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from zhengtu.accounts.queries import first_posts
from zhengtu.channel.actions import end_reader, name_reader
from zhengtu.channel.queries import named_readers, people_to_name, readings
from zhengtu.channel.reading import NAME, channel_city
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.web.office.channel.door import channel_door
from zhengtu.web.shared.reason_text import rulebook_label


@channel_door("readers", verb=NAME, takes_post=True)
def view(request: HttpRequest) -> HttpResponse:
    """The lists; a POST names a reader."""
    if request.method != "POST":
        return _page(request)
    try:
        name_reader(
            actor=request.actor, reader=request.POST.get("reader", ""), now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, reasons=refused.reasons, status=409)
    messages.success(request, gettext("From now on this person reads the channel."))
    return redirect("channel.readers")


@channel_door("", verb=NAME, takes_post=True)
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End somebody's reading."""
    try:
        end_reader(
            actor=request.actor, number=number, reason=request.POST.get("reason", ""),  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, reasons=refused.reasons, status=409)
    messages.success(request, gettext("This person reads the channel no more."))
    return redirect("channel.readers")


def _page(request: HttpRequest, *, reasons: Sequence[Reason] = (), status: int = 200) -> HttpResponse:
    city = channel_city(request.actor)  # type: ignore[attr-defined]
    today = request.today  # type: ignore[attr-defined]
    people = people_to_name(request.actor, on=today)  # type: ignore[attr-defined]
    posts = first_posts([one.code for one in people], on=today)
    return render(request, "channel/readers.html", {
        "readers": named_readers(city, on=today), "reasons": reasons,
        "people": [(one.code, one.name, posts.get(one.code, "")) for one in people],
        "readings": [
            (one, rulebook_label(group="choice", id=f"channel_read.part.{one.part}") if one.part else "")
            for one in readings(city)
        ],
    }, status=status)
