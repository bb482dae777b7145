"""Families that will soon be late by the months of the rule, by part of a project: what can still be prevented."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhengtu.accountability.queries import Approaching, approaching_for
from zhengtu.accounts.queries import unit_names
from zhengtu.core.authority.actor import Actor
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.accountability.words import name_of, opened_for, page_of
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label

_SHOWN = 50
"""Families of a part that are listed, the soonest; the number says how many there are."""


@requires("accountability.view")
@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """The countdown, the part with the soonest family first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    rules = current_rulebook().accountability
    parts: dict[str, list[Approaching]] = defaultdict(list)
    for one in approaching_for(actor, on=today, within_days=rules.countdown_days):
        parts[one.part].append(one)
    shown = {one.household for own in parts.values() for one in own[:_SHOWN]}
    opened = opened_for(actor, {*parts, *shown}, set())
    names = unit_names({unit for own in parts.values() for one in own for unit in one.units})
    return render(request, "accountability/countdown.html", {
        "tab": "countdown", "days": rules.countdown_days,
        "parts": [
            {
                "code": part, "name": name_of(part, opened), "count": len(own), "soonest": own[0].days_left,
                "units": [in_language(names[unit]) for unit in own[0].units if unit in names],
                "trigger": rulebook_label(group="trigger", id=own[0].trigger), "hidden": len(own) - len(own[:_SHOWN]),
                "rows": [{"one": one, "href": page_of(one.household, opened)} for one in own[:_SHOWN]],
            }
            for part, own in parts.items()
        ],
        "list_href": reverse("accountability.list"),
    })
