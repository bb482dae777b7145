"""The form that plans a review: one of the rhythm, or a special one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from zhengtu.accounts.queries import role_holders_in_city
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.reviews.rhythm import SPECIAL
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.reviews.actions import next_free_day, plan_review
from zhengtu.reviews.queries import HOLD, units_of_city
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.given_days import day_or_none
from zhengtu.web.shared.languages import in_language


@requires("review.hold")
def view(request: HttpRequest) -> HttpResponse:
    """``?rhythm=`` chooses the rhythm, ``?on=`` the day; a POST plans the review."""
    given = request.POST if request.method == "POST" else request.GET
    rhythms = current_rulebook().reviews.rhythms
    rhythm = given.get("rhythm", "")
    if rhythm not in rhythms:
        rhythm = next(iter(rhythms))
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        try:
            code = _plan(request, rhythm)
            messages.success(request, gettext("The review is planned; those who attend are told."))
            return redirect("review.view", code=code)
        except Refused as refused:
            reasons = refused.reasons
    return render(
        request, "reviews/plan.html", {**_form(request, rhythm), "reasons": reasons}, status=409 if reasons else 200
    )


def _plan(request: HttpRequest, rhythm: str) -> str:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = request.POST
    begins_at = given.get("begins_at", "")
    return plan_review(
        actor=actor, city=_city(actor), rhythm=rhythm, held_on=day_or_none(given.get("held_on", "")),
        topic=given.get("topic", ""), attending=given.getlist("attending"), place=given.get("place", "")[:64],
        begins_at=_time(begins_at), chair=given.get("chair", ""), now=request.now,  # type: ignore[attr-defined]
    )


def _form(request: HttpRequest, rhythm: str) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    rhythms, city = current_rulebook().reviews.rhythms, _city(actor)
    plan = rhythms[rhythm]
    is_sent = request.method == "POST"
    chosen = request.POST.getlist("attending") if is_sent else None
    day = day_or_none(request.POST.get("held_on", "") if is_sent else request.GET.get("day", ""))
    free = next_free_day(city, plan, after=date.fromordinal(today.toordinal() - 1))
    holders = {role: role_holders_in_city(role, city=city, on=today) for role in _chairs()}
    chairs = [(person, role) for role, people in holders.items() for person in people]
    first = next((person.code for person, role in chairs if role == plan.chair), "")
    return {
        "rhythms": [(id, in_language(one.label)) for id, one in rhythms.items()], "rhythm": rhythm,
        "is_special": rhythm == SPECIAL, "held_on": day or free or today,
        "begins_at": request.POST.get("begins_at") or f"{plan.begins_at:%H:%M}",
        "place": request.POST.get("place") or in_language(plan.place), "topic": request.POST.get("topic", ""),
        "chairs": chairs, "chair": request.POST.get("chair", first),
        "units": [
            (unit, unit.code in chosen if chosen is not None else unit.kind in plan.attends)
            for unit in units_of_city(city)
        ],
    }


def _chairs() -> list[str]:
    """Roles that may hold a review."""
    authority = current_rulebook().authority
    return [role for role, may in authority.roles.items() if HOLD in may]


def _city(actor: Actor) -> str:
    """The city of the post that holds reviews."""
    scope = current_rulebook().authority.scope(actor=actor, verb=HOLD)
    return city_of(min(scope.prefixes, default=actor.postings[0].unit))


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        return None
