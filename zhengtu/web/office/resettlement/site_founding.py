"""Entering a site, and a building of a site with its homes, one by one; many come by lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengtu.accounts.queries import divisions_of, unit_names
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import projects_for
from zhengtu.resettlement.models import Site
from zhengtu.resettlement.queries import site_for, site_subject
from zhengtu.resettlement.recording import reason
from zhengtu.resettlement.site_actions import HIGHEST_FLOOR, RECORD, add_building, found_site, homes_by_floor
from zhengtu.web.office.resettlement.family_recording import day_told
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language

DOORS: Final = 4
"""Lines of the form of a building: so many homes of one area on every floor."""
_MOST_DOORS: Final = 40


@requires("site.record")
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """The form of a new site; a POST enters it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given, reasons = _given(request), list[Reason]()
    clients = sorted(current_rulebook().authority.scope(actor=actor, verb=RECORD).clients)
    if request.method == "POST":
        try:
            client = given.get("client") or clients[0]
            code = found_site(
                actor=actor, jurisdiction=_division(given), client=client,
                name=given.get("name", ""), address=given.get("address", ""), projects=request.POST.getlist("projects"),
                longitude=_degrees(given, "longitude"), latitude=_degrees(given, "latitude"),
                is_bought="is_bought" in given,
                now=request.now,  # type: ignore[attr-defined]
            )
        except Refused as refused:
            reasons = list(refused.reasons)
        else:
            messages.success(request, _("The site is entered; enter its buildings next."))
            return redirect(reverse("site.view", args=[code]))
    names = unit_names(clients)
    return render(request, "resettlement/site_new.html", {
        "given": given, "reasons": reasons, "clients": [(one, in_language(names[one])) for one in clients],
        "divisions": [
            (code, in_language(pair)) for city in sorted({one[:4] for one in clients})
            for code, pair in divisions_of(f"{city}00")
        ],
        "projects": list(projects_for(actor, verb=RECORD).order_by("code")),
        "chosen": request.POST.getlist("projects"),
    }, status=409 if reasons else 200)


@requires("site.record")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a new building with homes that are alike on every floor; a POST enters them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    site = _site(request, code)
    given, reasons = _given(request), list[Reason]()
    if request.method == "POST":
        try:
            building = add_building(
                actor=actor, site=site, name=given.get("name", ""),
                planned_completion_on=day_told(given, "planned_completion_on"),
                homes=homes_by_floor(floors=_whole(given, "floors", most=HIGHEST_FLOOR), doors=_doors(given)),
                budget_yuan=_number(given, "budget_yuan"), now=request.now,  # type: ignore[attr-defined]
            )
        except Refused as refused:
            reasons = list(refused.reasons)
        else:
            messages.success(request, _("The building is entered with its homes."))
            return redirect(reverse("site.building", args=[building]))
    return render(request, "resettlement/building_new.html", {
        "site": site, "given": given, "reasons": reasons,
        "lines": [
            {"number": one, "count": given.get(f"count_{one}", ""), "area": given.get(f"area_{one}", "")}
            for one in range(1, DOORS + 1)
        ],
        "types": [in_language(one.label) for one in current_rulebook().resettlement.home_types.values()],
    }, status=409 if reasons else 200)


def _site(request: HttpRequest, code: str) -> Site:
    """A site that the actor reaches and builds at; else there is no such page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    site = site_for(actor, code, on=request.today)  # type: ignore[attr-defined]
    if site is None or current_rulebook().authority.may(actor=actor, verb=RECORD, subject=site_subject(site)):
        raise Http404
    return site


def _given(request: HttpRequest) -> dict[str, str]:
    return {name: value.strip() for name, value in request.POST.items() if isinstance(value, str)}


def _division(given: Mapping[str, str]) -> str:
    code = given.get("jurisdiction", "")
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        raise Refused(reason("division", N_("The district is missing."), N_("Choose one of the list.")))
    return code


def _number(given: Mapping[str, str], name: str) -> Decimal | None:
    """A number of the form, or None where the field is empty.

    Raises:
        Refused: when it is no number.
    """
    text = given.get(name, "").replace(",", "").replace("，", "")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > Decimal(10) ** 15 or len(text) > 24:
        raise Refused(reason(
            "number_told", N_("“%(value)s” is no number."), N_("Write digits, with a point before decimals."),
            value=text[:40],
        ))
    return number


def _degrees(given: Mapping[str, str], name: str) -> float | None:
    number = _number(given, name)
    return None if number is None else float(number)


def _whole(given: Mapping[str, str], name: str, *, most: int) -> int:
    number = _number(given, name)
    if number is None or number != int(number) or not 1 <= number <= most:
        raise Refused(reason(
            "count_told", N_("The number of floors or of homes on a floor is a whole number from 1 to %(most)s."),
            N_("Correct the number."), most=most,
        ))
    return int(number)


def _doors(given: Mapping[str, str]) -> Sequence[Decimal]:
    """The areas of a floor's homes, door by door."""
    doors: list[Decimal] = []
    for line in range(1, DOORS + 1):
        count, area = given.get(f"count_{line}", ""), _number(given, f"area_{line}")
        if not count and area is None:
            continue
        if area is None or area <= 0:
            raise Refused(reason(
                "area_told", N_("Line %(line)s has no area above zero."), N_("Enter the built area of one home in m²."),
                line=line,
            ))
        doors += [area.quantize(Decimal("0.01"))] * _whole(given, f"count_{line}", most=_MOST_DOORS)
    return doors
