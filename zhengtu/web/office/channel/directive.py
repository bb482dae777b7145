"""One directive out of the channel: filled in with unit, matter and day, confirmed once, in the mayor's own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from zhengtu.campaign.queries import names_in_reach
from zhengtu.channel.actions import set_directive
from zhengtu.channel.items import Item
from zhengtu.channel.reading import channel_city, reading_actor
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.rules.channel import SECRET
from zhengtu.directives.page_queries import units_to_charge
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.channel.door import channel_door
from zhengtu.web.office.channel.page import may_set, shown_channel, subject_name
from zhengtu.web.office.cockpit.sentences import name_of
from zhengtu.web.office.sponsorship.words import Places
from zhengtu.web.shared.reason_text import spoken_reason


@channel_door("directive", takes_post=True)
def view(request: HttpRequest) -> HttpResponse:
    """``?about=`` says what it follows; a POST sets it."""
    if not may_set(request):
        raise Http404
    if request.method != "POST":
        return _form(request)
    request.reader = reading_actor(request.actor, on=request.today)  # type: ignore[attr-defined]
    item = _item(request, request.POST.get("about", ""))
    try:
        code = set_directive(
            actor=request.actor, about=item.key, lead=request.POST.get("lead", ""),  # type: ignore[attr-defined]
            matter=request.POST.get("matter", ""), due_on=_day(request.POST.get("due_on", "")),
            places=() if item.kind in SECRET else item.places, now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _form(request, item=item, reasons=refused.reasons, status=409)
    messages.success(request, gettext("Directive %(code)s is set and given.") % {"code": code})
    return redirect("channel.view")


def _form(
    request: HttpRequest, *, item: Item | None = None, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    item = item or _item(request, request.GET.get("about", ""))
    rulebook, names = current_rulebook(), names_in_reach()
    today: date = request.today  # type: ignore[attr-defined]
    due_on = rulebook.calendar.add_working_days(today, rulebook.channel.workdays).on
    city = channel_city(request.actor)  # type: ignore[attr-defined]
    places = Places([item.subject]) if item.kind not in SECRET and "-D" not in item.subject else Places([])
    matter = rulebook.channel.matter(
        item.kind, due_on=due_on, unit=name_of(item.unit, names), number=item.number or item.subject,
        subject=subject_name(item, names, places),
    )
    return render(request, "channel/directive.html", {
        "item": item, "reasons": reasons, "is_secret": item.kind in SECRET,
        "text": spoken_reason(item.reason).message, "name": subject_name(item, names, places),
        "units": [(code, name_of(code, names)) for code in units_to_charge(city, setter=city)],
        "lead": request.POST.get("lead", item.unit), "matter": request.POST.get("matter", matter),
        "due_on": request.POST.get("due_on", due_on.isoformat()), "today": today.isoformat(),
    }, status=status)


def _item(request: HttpRequest, key: str) -> Item:
    """The item of that key on the page as it is now.

    Raises:
        Http404: there is none, or no directive follows it.
    """
    item = shown_channel(request).by_key.get(key)
    if item is None or not item.kind:
        raise Http404(key)
    return item


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
