"""One review: its agenda with figures and reasons, and beginning, cancelling and closing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from zhengtu.accounts.queries import unit_names
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.reviews.actions import begin_review, cancel_review, close_review
from zhengtu.reviews.models import Review, ReviewStage
from zhengtu.reviews.queries import (
    HOLD,
    agenda_for,
    matters_for,
    plans_ready,
    review_for,
    review_subject,
    sees_whole,
)
from zhengtu.web.office.reviews.listing import LIGHTS
from zhengtu.web.office.reviews.words import dates_of, kept_counts, matter_lines, review_name
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language


@requires("review.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The agenda: as it was put once the review began, before that as it is proposed."""
    return page(request, code)


def page(request: HttpRequest, code: str, *, reasons: Sequence[Reason] = ()) -> HttpResponse:
    """The page of a review, with the reasons why something was refused."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    review = review_or_404(request, code)
    is_planned = review.stage == ReviewStage.PLANNED
    are_plans_ready = plans_ready(review, today=today) if is_planned else True
    agenda = agenda_for(actor, review, today=today)
    names = unit_names(review.attending)
    return render(request, "reviews/review.html", {
        "review": review, "name": review_name(review), "agenda": agenda, "matters": matter_lines(agenda, today=today),
        "kept": kept_counts(agenda), "is_whole": sees_whole(actor, review), "may_hold": may_hold(actor, review),
        "attending": gettext(", ").join(in_language(names.get(unit, (unit, unit))) for unit in review.attending),
        "light": LIGHTS[ReviewStage(review.stage)], "is_planned": is_planned,
        "is_running": review.stage == ReviewStage.RUNNING, "is_held": review.stage == ReviewStage.HELD,
        "is_provisional": is_planned and review.as_of_on >= today, "are_plans_ready": are_plans_ready,
        "is_its_day": review.held_on == today, "agenda_dates": dates_of(agenda, today=today),
        "decided": sum(len(row.decisions) for row in matters_for(actor, review)), "reasons": reasons,
    }, status=409 if reasons else 200)


def review_or_404(request: HttpRequest, code: str) -> Review:
    """The review in the actor's scope; what lies out of scope does not exist."""
    review = review_for(request.actor, code)  # type: ignore[attr-defined]
    if review is None:
        raise Http404(code)
    return review


def may_hold(actor: Actor, review: Review) -> bool:
    """Whether the actor may begin, record and close this review."""
    return current_rulebook().authority.may(actor=actor, verb=HOLD, subject=review_subject(review)) is None


@requires("review.hold")
@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze the agenda and lead into the room."""
    said = gettext("The review has begun; its agenda is put.")
    return _done(request, code, begin_review, to="review.room", said=said)


@requires("review.hold")
@require_POST
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Cancel a planned review, with the reason."""
    given, said = request.POST.get("reason", ""), gettext("The review is cancelled.")
    return _done(request, code, cancel_review, to="review.view", said=said, reason=given)


@requires("review.hold")
@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Set what was decided, keep the minutes and tell those who attended."""
    said = gettext("The review is closed: its decisions are set, its minutes released.")
    return _done(request, code, close_review, to="review.minutes", said=said)


def _done(
    request: HttpRequest, code: str, deed: Callable[..., Any], *, to: str, said: str, **more: str
) -> HttpResponse:
    review_or_404(request, code)
    try:
        deed(actor=request.actor, code=code, now=request.now, **more)  # type: ignore[attr-defined]
    except Refused as refused:
        return page(request, code, reasons=refused.reasons)
    messages.success(request, said)
    return redirect(to, code=code)
