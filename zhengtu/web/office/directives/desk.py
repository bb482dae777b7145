"""What waits on the actor's own desk, and how all directives in reach stand in figures that lead to their rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_safe

from zhengtu.campaign.queries import names_in_reach
from zhengtu.core.authority.actor import Actor
from zhengtu.core.directives.standing import BY_URGENCY, Colour, DirectiveStanding
from zhengtu.directives import page_queries, queries
from zhengtu.web.office.cockpit.sentences import Names, name_of
from zhengtu.web.office.directives import words
from zhengtu.web.office.directives.listing import due_within
from zhengtu.web.office.directives.piles import PILES, own_units
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of

DAYS_AHEAD: Final = 7


@requires("directive.view")
@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """The desk of the actor's units."""
    actor, dates = request.actor, as_of(request)  # type: ignore[attr-defined]
    names = names_in_reach()
    rows = queries.directives_for(actor, on=dates.on, known=dates.known)
    return render(request, "directives/desk.html", {
        "dates": dates, "tab": "desk", "units": [name_of(unit, names) for unit in own_units(actor)],
        "figures": _figures(rows, dates), "piles": _piles(rows, actor, names, dates),
        "has_any": bool(rows), "may_set": page_queries.may(actor, "directive.set"),
        "reads_texts": page_queries.reads_texts(actor),
    })


def _figures(rows: Sequence[DirectiveStanding], dates: AsOf) -> list[dict[str, Any]]:
    """Figures over everything in reach; each leads to its rows."""
    soon = due_within(rows, start=dates.on, end=dates.on + timedelta(days=DAYS_AHEAD))
    still = [row for row in rows if words.is_open(row)]

    def figure(name: str, found: Sequence[DirectiveStanding], **filters: object) -> dict[str, Any]:
        return {"name": name, "count": len(found), "href": reverse("directive.list") + dates.query(**filters)}

    return [
        figure(pgettext("directives", "Open"), still, stage="open"),
        figure(gettext("Due within seven days"), soon, stage="open", due_on_from=dates.on.isoformat(),
               due_on_to=(dates.on + timedelta(days=DAYS_AHEAD)).isoformat()),
        figure(gettext("Overdue"), [row for row in rows if row.overdue_workdays], overdue=1),
        figure(gettext("Red light"), [row for row in rows if row.colour == Colour.RED], light="red"),
        figure(gettext("Closed or cancelled"), [row for row in rows if not words.is_open(row)], stage="closed"),
    ]


def _piles(
    rows: Sequence[DirectiveStanding], actor: Actor, names: Names, dates: AsOf
) -> list[dict[str, Any]]:
    """What waits for the actor, the most urgent first in each pile."""
    ordered = sorted(rows, key=_urgency(dates))
    piles = []
    for id, pile in PILES.items():
        found = pile.of(ordered, actor)
        if found:
            piles.append({
                "title": pile.title, "action": pile.action, "count": len(found),
                "href": reverse("directive.list") + dates.query(pile=id),
                "lines": [line(row, names, dates) for row in found],
            })
    return piles


def _urgency(dates: AsOf) -> Callable[[DirectiveStanding], tuple[int, Any, str]]:
    far = dates.on.replace(year=dates.on.year + 50, day=1)
    return lambda row: (BY_URGENCY.index(row.colour), row.due_on or far, row.code)


def line(row: DirectiveStanding, names: Names, dates: AsOf) -> dict[str, Any]:
    """One directive as a line of a list beside other things: light, number, matter, who and until when."""
    lamp, why = words.light_of(row)
    return {
        "row": row, "light": lamp, "why": why, "href": words.page_of(row.code, dates), "lead": name_of(row.lead, names),
        "is_counting": words.is_open(row) and row.answered_on is None,
        "state": words.state_label(row.state), "waits_for": words.short_unit(row.waits_for, names),
    }
