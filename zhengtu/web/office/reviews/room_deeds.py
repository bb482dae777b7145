"""What the room page sends: show a matter, note it, decide, take back, raise. Answers as page or, for scripts, JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.reviews.decision import Decision
from zhengtu.reviews.queries import review_for
from zhengtu.reviews.room import decide, note_matter, raise_matter, show_matter, undecide
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.reason_text import spoken_reason

SCRIPT = "X-Room"
"""Header by which the page's script asks for JSON."""


@requires("review.hold")
@require_POST
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Put a matter before the room."""
    ordinal = _number(request.POST.get("ordinal", ""))
    return _answer(request, code, show_matter, ordinal=ordinal)


@requires("review.hold")
@require_POST
def note(request: HttpRequest, code: str, ordinal: int) -> HttpResponse:
    """Keep a note, and whether the matter is dealt with."""
    given = request.POST
    return _answer(
        request, code, note_matter, ordinal=ordinal, note=given.get("note", ""), is_dealt=bool(given.get("is_dealt")),
        seen_note=given.get("seen_note"),
    )


@requires("review.hold")
@require_POST
def decide_one(request: HttpRequest, code: str, ordinal: int) -> HttpResponse:
    """Record a decision: who, what, by when."""
    given = request.POST
    try:
        due_on = date.fromisoformat(given.get("due_on", ""))
    except ValueError:
        missing = Reason("reviews.decision_day", N_("A decision needs its last day."), remedy=N_("Choose the day."))
        return _refused(request, code, Refused(missing))
    decision = Decision(
        id=0, lead=given.get("lead", ""), matter=given.get("matter", ""), due_on=due_on,
        joint=tuple(given.getlist("joint")), goal=given.get("goal", ""),
    )
    return _answer(
        request, code, decide, ordinal=ordinal, decision=decision, now=request.now  # type: ignore[attr-defined]
    )


@requires("review.hold")
@require_POST
def undecide_one(request: HttpRequest, code: str, ordinal: int) -> HttpResponse:
    """Take a decision back."""
    return _answer(request, code, undecide, ordinal=ordinal, decision=_number(request.POST.get("decision", "")))


@requires("review.hold")
@require_POST
def raise_one(request: HttpRequest, code: str) -> HttpResponse:
    """Add a matter that was raised in the room, and show it."""
    given = request.POST

    def raised(*, actor: Any, code: str) -> int:
        ordinal = raise_matter(actor=actor, code=code, title=given.get("title", ""), units=given.getlist("units"))
        show_matter(actor=actor, code=code, ordinal=ordinal)
        return ordinal

    return _answer(request, code, raised)


def _answer(request: HttpRequest, code: str, done: Callable[..., Any], **given: Any) -> HttpResponse:
    """Do it; then 200 with what came of it for a script, the room page again for everybody else."""
    actor = request.actor  # type: ignore[attr-defined]
    if review_for(actor, code) is None:
        raise Http404(code)
    try:
        made = done(actor=actor, code=code, **given)
    except Refused as refused:
        return _refused(request, code, refused)
    return JsonResponse({"made": made}) if request.headers.get(SCRIPT) else redirect("review.room", code=code)


def _refused(request: HttpRequest, code: str, refused: Refused) -> HttpResponse:
    """The reasons: for a script with 409, else above the room page."""
    said = [spoken_reason(reason) for reason in refused.reasons]
    lines = [f"{one.message} {one.remedy}".strip() for one in said]
    if request.headers.get(SCRIPT):
        return JsonResponse({"reasons": lines}, status=409)
    for line in lines:
        messages.error(request, line)
    return redirect("review.room", code=code)


def _number(text: str) -> int:
    """A whole number from a form; -1 for anything else, which no matter has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
