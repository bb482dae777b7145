"""Every inspection that exists for whoever looks, by where it stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhengtu.core.authority.actor import Actor
from zhengtu.inspection.queries import InspectionStage, InspectionStanding, inspections_for, instructions_for
from zhengtu.web.office.cockpit.sentences import Names
from zhengtu.web.office.inspections.words import (
    STAGE_LIGHTS,
    STAGE_WORDS,
    form_label,
    matter_label,
    names_for,
    place_label,
    together,
)
from zhengtu.web.shared.access import opens, requires


@requires("inspection.read")
@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """``?state=`` keeps those that stand so; without it all, the latest plan first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    every = inspections_for(actor, on=today)
    state = request.GET.get("state", "")
    shown = [one for one in every if one.stage == state] if state in STAGE_WORDS else every
    names = names_for(place for one in shown for place in one.places)
    counts = [(stage, word, sum(one.stage is stage for one in every)) for stage, word in STAGE_WORDS.items()]
    return render(request, "inspections/list.html", {
        "lines": [_line(one, names) for one in shown], "state": state if state in STAGE_WORDS else "",
        "tabs": [tab for tab in counts if tab[2]], "count": len(every), "waiting": instructions_for(actor),
        "may_plan": opens(actor, "inspection.plan"), "may_authorise": opens(actor, "inspection.authorise"),
        "may_record": opens(actor, "inspection.record"), "sees_unreleased": opens(actor, "inspection.view"),
    })


def _line(one: InspectionStanding, names: Names) -> dict[str, Any]:
    where = one.places or one.jurisdictions
    return {
        "standing": one, "form": form_label(one.form), "matter": matter_label(one.matter),
        "light": STAGE_LIGHTS[one.stage], "stage": STAGE_WORDS[one.stage],
        "places": together(place_label(place, names) for place in where),
        "is_drawn": one.stage is not InspectionStage.PLANNED and one.drawn,
    }
