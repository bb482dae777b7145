"""The channel's page and its workbook: unreleased findings, discrepancies, promises broken, what the mayor decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengtu.campaign.queries import names_in_reach
from zhengtu.channel.items import Channel, Item, channel_of
from zhengtu.channel.queries import directives_about, may_name
from zhengtu.channel.reading import channel_city
from zhengtu.core.authority.actor import Actor
from zhengtu.core.inspection.discrepancy import Discrepancy
from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.publication.models import BulletinStage
from zhengtu.publication.queries import bulletins_for, kind_of_bulletin
from zhengtu.web.office.channel.door import channel_door
from zhengtu.web.office.cockpit.sentences import kept, name_of
from zhengtu.web.office.sponsorship.words import Places
from zhengtu.web.shared.access import opens
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.reason_text import rulebook_label, spoken_reason
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column

_PAGES: Final = {
    "inspection": "inspection.view", "directive": "directive.view", "bulletin": "bulletin.view",
    "project": "sponsorship.of", "participation": "schedule.of", "section": "sponsorship.of",
    "household": "sponsorship.of", "case": "case.view", "assessment": "assessment.view",
}
_URGENCY: Final = ("red", "yellow", "running")


@channel_door("page")
def view(request: HttpRequest) -> HttpResponse:
    """The page as of a day; each opening of it is recorded."""
    dates = as_of(request)
    held = shown_channel(request)
    names = names_in_reach()
    items = [*held.found, *held.promises, *held.decisions]
    places, set_before = _places(items), directives_about([item.key for item in items])
    given = {"names": names, "places": places, "dates": dates, "set_before": set_before, "request": request}
    return render(request, "channel/page.html", {
        "dates": dates, "may_name": may_name(request.actor), "may_set": may_set(request),  # type: ignore[attr-defined]
        "may_export": opens(request.actor, "channel.view"),  # type: ignore[attr-defined]
        "found": [item_line(item, **given) for item in held.found if item.kind == "finding"],
        "districts": [
            {**item_line(item, **given), "known": known, "bar": _bar(known)}
            for item in held.found
            if item.kind == "discrepancy" and (known := held.discrepancies.get(item.unit)) is not None
        ],
        "promises": [item_line(item, **given) for item in held.promises],
        "decisions": [item_line(item, **given) for item in _by_urgency(held.decisions)],
    })


@channel_door("export")
def export(request: HttpRequest) -> HttpResponseBase:
    """Everything of the page as one sheet; for the mayor alone."""
    if not opens(request.actor, "channel.view"):  # type: ignore[attr-defined]
        raise Http404
    held = shown_channel(request)
    names, items = names_in_reach(), [*held.found, *held.promises, *held.decisions]
    places = _places(items)
    table = Table(
        name="channel", title=_("Mayor's channel"), request=request, rows=items, export_verb="channel.view",
        columns=[
            Column("part", _("Part"), value=lambda item: _part(item), width=18),
            Column("subject", _("What it is about"), value=lambda item: subject_name(item, names, places), width=30),
            Column("light", _("Light"), kind="light", value=lambda item: (item.light, "")),
            Column("text", _("What is so"), value=lambda item: spoken_reason(item.reason).message, width=60),
            Column("unit", _("Unit"), value=lambda item: name_of(item.unit, names) if item.unit else None, width=20),
            Column("since_on", _("Since"), kind="date"),
            Column("due_on", _("Due on"), kind="date"),
        ],
    )
    return table.export()


def shown_channel(request: HttpRequest) -> Channel:
    """The channel of the reader's city on the page's day, with the bulletins that wait for the mayor."""
    dates = as_of(request)
    reader: Actor = request.reader  # type: ignore[attr-defined]
    city = channel_city(request.actor)  # type: ignore[attr-defined]
    held = channel_of(city, reader=reader, on=dates.on)
    waiting = _bulletins(request, on=dates.on)
    return Channel(
        held.inspections, held.conclusions, held.discrepancies, held.found, held.promises,
        [*held.decisions, *waiting], held.by_key | {item.key: item for item in waiting},
    )


def _bulletins(request: HttpRequest, *, on: date) -> list[Item]:
    """Reports submitted for a release that nobody but the mayor gives."""
    authority = current_rulebook().authority
    items = []
    for row in bulletins_for(request.reader).filter(stage=BulletinStage.SUBMITTED):  # type: ignore[attr-defined]
        verb = kind_of_bulletin(row).release
        if [role for role, may in authority.roles.items() if verb in may] != ["mayor"]:
            continue
        label = rulebook_label(group="bulletin", id=row.kind)
        items.append(
            Item(
                key=f"bulletin:{row.code}", kind="", subject=row.code, light="yellow", since_on=row.from_on,
                reason=Reason(
                    "channel.bulletin", N_("%(kind)s: submitted, it waits for its release."), {"kind": label}
                ),
            )
        )
    return items


def may_set(request: HttpRequest) -> bool:
    """Whether the reader sets directives out of the channel: the mayor does."""
    return may_name(request.actor) and as_of(request).is_today  # type: ignore[attr-defined]


def item_line(
    item: Item, *, names: Mapping[str, tuple[str, str]], places: Places, dates: AsOf,
    set_before: Mapping[str, Sequence[tuple[str, str]]], request: HttpRequest,
) -> dict[str, Any]:
    """An item as a line: light, what it is about, the sentence, the unit, directives set out of it."""
    return {
        "item": item, "name": subject_name(item, names, places), "href": subject_href(item, request, dates),
        "text": spoken_reason(item.reason).message, "unit": name_of(item.unit, names) if item.unit else "",
        "set": [(reverse("directive.view", args=[code]), number) for code, number in set_before.get(item.key, ())],
    }


def subject_name(item: Item, names: Mapping[str, tuple[str, str]], places: Places) -> str:
    """The name of what an item is about."""
    kind = kind_of(item.subject)
    if item.number or item.title:
        return item.number or item.title
    return places.name(item.subject) if kind in ("project", "participation", "section", "household") else name_of(
        item.subject, names
    )


def subject_href(item: Item, request: HttpRequest, dates: AsOf) -> str:
    """The page of what an item is about, where the reader's own posts open it; else nothing."""
    kind = kind_of(item.subject)
    name = _PAGES.get(kind, "")
    verbs = {"inspection": "inspection.view", "directive": "directive.view", "bulletin": "inspection.view"}
    if not name or not opens(request.actor, verbs.get(kind, "sponsor.view")):  # type: ignore[attr-defined]
        return ""
    try:
        return reverse(name, args=[item.subject]) + kept(dates)
    except NoReverseMatch:
        return ""


def _places(items: Iterable[Item]) -> Places:
    kinds = ("project", "participation", "section", "household")
    return Places(item.subject for item in items if kind_of(item.subject) in kinds)


def _part(item: Item) -> str:
    parts = {
        "finding": gettext("Unreleased findings"), "discrepancy": gettext("Discrepancy by district"),
        "sponsor_promise": gettext("Promises broken"), "review_promise": gettext("Promises broken"),
    }
    return parts.get(item.kind, gettext("For the mayor to decide"))


def _by_urgency(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (_URGENCY.index(item.light), item.due_on or date.max, item.key))


def _bar(known: Discrepancy) -> dict[str, str]:
    """Where the interval begins, how long it is and where its middle lies, in per cent of what is reported."""
    low, middle, high = (round(100 * one, 1) for one in known.rates())
    return {"low": f"{low}", "length": f"{max(high - low, 0.5):.1f}", "middle": f"{middle}"}
