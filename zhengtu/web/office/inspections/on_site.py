"""The screens for a telephone on site: today's houses in the order of a walk, and the form for one house."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from zhengtu.core.authority.actor import Actor
from zhengtu.core.inspection.route import by_number, visiting_order
from zhengtu.core.inspection.site import SitePosition
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.inspection.actions import record_visit
from zhengtu.inspection.queries import InspectionPage, InspectionStanding, SiteRow, own_visits
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.cockpit.sentences import name_of
from zhengtu.web.office.inspections.forms import given_files, inspection_or_404
from zhengtu.web.office.inspections.words import (
    SiteLine,
    answer_label,
    asks,
    matter_label,
    names_for,
    site_lines,
)
from zhengtu.web.shared.access import requires

_VERB = "inspection.record"


@requires(_VERB)
@require_safe
def today_list(request: HttpRequest) -> HttpResponse:
    """The houses to which whoever is signed in was drawn to go: section after section, those seen at the end."""
    today: date = request.today  # type: ignore[attr-defined]
    visits = own_visits(request.actor, on=today)  # type: ignore[attr-defined]
    return render(request, "inspections/on_site.html", {
        "inspections": [_to_do(one, rows, today=today) for one, rows in visits], "today": today,
    })


def _to_do(one: InspectionStanding, rows: Sequence[SiteRow], *, today: date) -> dict[str, Any]:
    left = [row for row in rows if row.is_false is None]
    return {
        "one": one, "matter": matter_label(one.matter), "asks": asks(one.matter), "count": len(rows),
        "seen": len(rows) - len(left), "groups": _walk(left, matter=one.matter),
        "done": site_lines([row for row in rows if row.is_false is not None], matter=one.matter),
        "is_open": one.from_on <= today <= one.until_on, "is_early": today < one.from_on,
    }


def _walk(rows: Sequence[SiteRow], *, matter: str) -> list[tuple[str, str, list[SiteLine]]]:
    """(place, section, houses) in the order of a walk, houses by their number."""
    held: dict[str, list[SiteRow]] = defaultdict(list)
    for row in rows:
        held[row.section].append(row)
    order = visiting_order({
        section: [row.house for row in found if row.house is not None] for section, found in held.items()
    })
    names = names_for(order)
    return [
        (
            name_of(section[:6], names), name_of(section, names),
            site_lines(sorted(held[section], key=lambda row: (by_number(row.address), row.household)), matter=matter),
        )
        for section in order
    ]


@requires(_VERB)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, code: str, household: str) -> HttpResponse:
    """The form for one drawn house."""
    page = inspection_or_404(request, code)
    row = next((row for rows in page.households.values() for row in rows if row.household == household), None)
    if row is None:
        raise Http404
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        try:
            _record(request, page, row)
            said = answer_label(page.standing.matter, request.POST.get("found", ""))
            messages.success(request, gettext("Recorded: %(address)s – %(found)s") % {
                "address": row.address or row.household, "found": said,
            })
            return redirect("inspection.on_site")
        except Refused as refused:
            reasons = refused.reasons
    return render(request, "inspections/record.html", {
        **_fields(request, page, row), "reasons": reasons,
    }, status=409 if reasons else 200)


def _record(request: HttpRequest, page: InspectionPage, row: SiteRow) -> None:
    given = request.POST
    record_visit(
        actor=request.actor, code=page.standing.code, household=row.household,  # type: ignore[attr-defined]
        found=given.get("found", ""), photos=given_files(request, "photos", kind="photo"), position=_position(given),
        now=request.now, note=given.get("note", ""),  # type: ignore[attr-defined]
    )


def _position(given: Mapping[str, str]) -> SitePosition | None:
    """The position as the device told it; None where it told none."""
    longitude, latitude = (_degrees(given.get(name, "")) for name in ("longitude", "latitude"))
    if longitude is None or latitude is None:
        return None
    return SitePosition(longitude, latitude, _degrees(given.get("accuracy_m", "")))


def _degrees(text: str) -> float | None:
    try:
        return float(text) if text.strip() else None
    except ValueError:
        return None


def _fields(request: HttpRequest, page: InspectionPage, row: SiteRow) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    one = page.standing
    (line,) = site_lines([row], matter=one.matter)
    answers = current_rulebook().inspection.matters[one.matter].answers
    return {
        "one": one, "row": row, "line": line, "asks": asks(one.matter), "given": request.POST,
        "answers": [
            (answer.id, answer_label(one.matter, answer.id), answer.is_false is None) for answer in answers.values()
        ],
        "is_team": actor.person in {person for person, _ in page.teams.get(row.jurisdiction, ())},
        "is_done": row.is_false is not None, "is_open": one.from_on <= today <= one.until_on,
        "place": name_of(row.jurisdiction, names_for(())),
    }
