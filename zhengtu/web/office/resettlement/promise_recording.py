"""The promise to one family: how it stands, telling a home and a day, and answering a breach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import subject_of
from zhengtu.resettlement.promise_actions import ASSIGN, TEXT_LIMIT, answer_breach, answer_subject, tell_home
from zhengtu.resettlement.promises import FamilyPromise, answers_about, part_of, promise_for
from zhengtu.resettlement.queries import site_of
from zhengtu.resettlement.telling import HomeOffer, offers_of
from zhengtu.web.office.dossier.recording import given_files
from zhengtu.web.office.resettlement.promise_words import HomeWords, home_text, state_cell, type_label, wish_label
from zhengtu.web.shared.access import opens, requires
from zhengtu.web.shared.as_of import as_of

_OFFERS_SHOWN: Final = 300


@requires("resettlement.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The promise to a family on the page's dates, with the forms for whoever may."""
    return _page(request, code)


@requires("home.assign")
@require_POST
def tell(request: HttpRequest, code: str) -> HttpResponse:
    """Record the home and the day that the family was told."""
    _promise_or_404(request, code)
    home, _sign, site = request.POST.get("home", "").partition("@")
    try:
        tell_home(
            actor=request.actor, household=code, home=home, site=site,  # type: ignore[attr-defined]
            expected_on=day_given(request, "expected_on"), now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, code, reasons=refused.reasons, status=409)
    messages.success(request, _("Recorded; the family reads it on its page."))
    return redirect("promise.household", code)


@requires("home.assign")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """What was done about breaches to a family, a district's part of a project or a site; a POST records a measure."""
    subject = _answerable_or_404(request, code)
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        try:
            answer_breach(
                actor=request.actor, subject=code, measure=request.POST.get("measure", ""),  # type: ignore[attr-defined]
                files=given_files(request), now=request.now,  # type: ignore[attr-defined]
            )
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("Recorded."))
            return redirect("promise.answer", code)
    dates = as_of(request)
    return render(request, "resettlement/promise_answer.html", {
        "code": code, "kind": kind_of(subject.code), "dates": dates, "reasons": reasons, "given": request.POST,
        "answers": answers_about([code], on=dates.on, known=dates.known).get(code, ()), "limit": TEXT_LIMIT,
        "shows_deeds": opens(request.actor, "ledger.view"),  # type: ignore[attr-defined]
        "back": reverse("promise.household", args=[code]) if kind_of(code) == "household" else "",
    }, status=409 if reasons else 200)


def day_given(request: HttpRequest, field: str) -> date | None:
    """A day of the form; None where it is missing or no date."""
    try:
        return date.fromisoformat(request.POST.get(field, ""))
    except ValueError:
        return None


def _answerable_or_404(request: HttpRequest, code: str) -> Subject:
    try:
        subject = answer_subject(code)
    except LookupError as error:
        raise Http404(code) from error
    if not _may(request.actor, subject):  # type: ignore[attr-defined]
        raise Http404(code)
    return subject


def _may(actor: Actor, subject: Subject) -> bool:
    return current_rulebook().authority.may(actor=actor, verb=ASSIGN, subject=subject) is None


def _promise_or_404(request: HttpRequest, code: str) -> FamilyPromise:
    dates = as_of(request)
    found = promise_for(request.actor, code, on=dates.on, known=dates.known)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(code)
    return found


def _page(request: HttpRequest, code: str, *, reasons: Sequence[Reason] = (), status: int = 200) -> HttpResponse:
    promise = _promise_or_404(request, code)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    words = HomeWords([promise])
    colour, state = state_cell(promise)
    may_tell = dates.is_today and _may(actor, subject_of(code))
    return render(request, "resettlement/promise_household.html", {
        "promise": promise, "code": code, "dates": dates, "reasons": reasons, "given": request.POST,
        "colour": colour, "state": state, "home": words.home(promise.named), "may_tell": may_tell,
        "days": _days(promise), "wish": wish_label(promise.waiting.wish),
        "offers": [_offer(one) for one in offers_of(promise, on=dates.on, limit=_OFFERS_SHOWN)] if may_tell else (),
        "answer_links": _answer_links(actor, promise) if dates.is_today else (),
        "shows_deeds": opens(actor, "ledger.view"),
        "dossier_href": reverse("household.view", args=[code]) + dates.query(),
        "subsidy_href": reverse("subsidy.household", args=[code]) + dates.query(),
    }, status=status)


def _days(promise: FamilyPromise) -> list[Any]:
    """The early, middle and late day of the forecast; empty where there is none."""
    outlook = promise.outlook
    return [outlook.day_at(level) for level in current_rulebook().promises.levels] if outlook else []


def _offer(offer: HomeOffer) -> dict[str, Any]:
    """A choice of the form: the home, and the first day that may be told for it."""
    name = home_text(offer.home) if offer.home else f"{offer.site_name} · {type_label(offer.type)}"
    return {
        "value": offer.code if offer.home else f"{offer.type}@{offer.site}", "name": name, "first_on": offer.first_on,
        "area_m2": offer.home.area_m2 if offer.home else None,
    }


def _answer_links(actor: Actor, promise: FamilyPromise) -> list[tuple[str, str]]:
    """Where the actor may tell a measure: about the family, its district's part of the project, its site."""
    links = [(promise.household, _("Answer for this family"))]
    links.append((part_of(promise.waiting), _("Answer for all families of the project in this district")))
    if promise.named.site:
        links.append((site_of(promise.named.site), _("Answer for all families of the site")))
    found = []
    for code, label in links:
        try:
            if _may(actor, answer_subject(code)):
                found.append((reverse("promise.answer", args=[code]), label))
        except LookupError:
            continue
    return found
