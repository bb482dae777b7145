"""What I answer for: my projects with their lights, hard cases with the next lawful step, promises due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhengtu.campaign.queries import names_in_reach
from zhengtu.campaign.records import ProjectRow, project_rows
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import project_of
from zhengtu.core.sponsorship.hard_cases import HardCase
from zhengtu.core.sponsorship.promises import PromiseState
from zhengtu.registry.procedure_cases import participation_of
from zhengtu.sponsorship.queries import (
    Sponsored,
    hard_cases_for,
    households_of,
    own_sponsorships,
    promises_of_person,
    sponsors_of,
)
from zhengtu.web.office.cockpit.sentences import plan_href, short_name_of
from zhengtu.web.office.sponsorship.words import Places, case_line, page_of, promise_lines
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.reason_text import spoken_reason

_STANDING = (PromiseState.BROKEN, PromiseState.OPEN)


@requires("sponsor.view")
@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """The actor's own page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    own = own_sponsorships(actor, on=dates.on, known=dates.known)
    promises = [
        one for one in promises_of_person(actor.person, on=dates.on, known=dates.known) if one.state in _STANDING
    ]
    cases = [case for case in _own_cases(actor, own, dates) if case.is_open]
    places = Places({
        *(one.subject for one in own), *(one.promise.subject for one in promises), *(case.household for case in cases),
    })
    sponsors = sponsors_of([case.household for case in cases], on=dates.on)
    return render(request, "sponsorship/mine.html", {
        "dates": dates, "tab": "mine", "has_any": bool(own or promises),
        "projects": _projects(actor, own, places, dates),
        "cases": [case_line(case, places, dates, sponsors) for case in cases],
        "promises": promise_lines(promises, places, dates),
    })


def _own_cases(actor: Actor, own: Sequence[Sponsored], dates: AsOf) -> list[HardCase]:
    """Hard cases of what the actor sponsors, the most urgent first."""
    every = hard_cases_for(actor, on=dates.on, known=dates.known) if own else []
    found = {case.household: case for one in own for case in households_of(one.subject, every)}
    order = ("red", "yellow", "green", "idle")
    return sorted(found.values(), key=lambda case: (order.index(case.light), case.last_step_on, case.household))


def _projects(actor: Actor, own: Sequence[Sponsored], places: Places, dates: AsOf) -> list[dict[str, Any]]:
    """Projects and sections that the actor sponsors, with the light of their plan."""
    wanted = [one for one in own if one.kind != "household"]
    if not wanted:
        return []
    codes = {project_of(one.subject) for one in wanted}
    rows = {row.code: row for row in project_rows(actor, on=dates.on, known=dates.known) if row.code in codes}
    names = names_in_reach()
    return [
        {
            "one": one, "name": places.name(one.subject), "place": places.lies_in(one.subject),
            "href": page_of(one.subject, dates), **_standing(one, rows.get(project_of(one.subject)), names, dates),
        }
        for one in wanted
    ]


def _standing(
    one: Sponsored, row: ProjectRow | None, names: dict[str, tuple[str, str]], dates: AsOf
) -> dict[str, Any]:
    """Light and sentence of what is sponsored, of a whole project its most urgent part, and how far it is."""
    if row is None:
        return {}
    own = one.subject if one.kind == "participation" else participation_of(one.subject)
    plan = row.worst if one.kind == "project" else next((plan for plan in row.plans if plan.code == own), None)
    given: dict[str, Any] = {"row": row if one.kind == "project" or len(row.plans) == 1 else None}
    if plan is not None:
        given |= {
            "light": str(plan.light.colour), "why": spoken_reason(plan.light.reason).message,
            "plan_href": plan_href(plan.code, dates),
            "part": short_name_of(plan.jurisdiction, names) if one.kind == "project" and len(row.plans) > 1 else "",
        }
    return given
