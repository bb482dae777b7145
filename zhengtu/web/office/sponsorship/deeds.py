"""Deeds of sponsorship and hard cases; what is refused comes back on the page with what was written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from zhengtu.casework.queries import household_for
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.kernel.reasons import Refused
from zhengtu.sponsorship.actions import end_sponsorship, keep_promise, name_sponsor, promise, record_visit
from zhengtu.sponsorship.case_actions import describe_case, reply_to_case, solve_case, try_remedy
from zhengtu.web.office.dossier.recording import given_files
from zhengtu.web.office.sponsorship.page import page_or_404, sponsorship_page
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.reason_text import spoken_reason


@requires("sponsor.name")
@require_POST
def name(request: HttpRequest, code: str) -> HttpResponse:
    """Name the sponsor, or the successor."""
    return _done(request, code, gettext("The sponsor is named and told."), lambda actor: name_sponsor(
        actor=actor, subject=code, sponsor=request.POST.get("sponsor", ""), files=given_files(request),
        from_on=_day(request, "from_on"), now=request.now,  # type: ignore[attr-defined]
    ))


@requires("sponsor.name")
@require_POST
def end(request: HttpRequest, code: str) -> HttpResponse:
    """End a sponsorship without a successor."""
    return _done(request, code, gettext("The sponsorship is ended."), lambda actor: end_sponsorship(
        actor=actor, subject=code, reason=request.POST.get("reason", ""), now=request.now,  # type: ignore[attr-defined]
    ))


@requires("sponsor.visit")
@require_POST
def visit(request: HttpRequest, code: str) -> HttpResponse:
    """Tell what came of a visit."""
    return _done(request, code, gettext("The visit is recorded."), lambda actor: record_visit(
        actor=actor, subject=code, visited_on=_day(request, "visited_on"), result=request.POST.get("result", ""),
        files=given_files(request), now=request.now,  # type: ignore[attr-defined]
    ))


@requires("sponsor.visit")
@require_POST
def make_promise(request: HttpRequest, code: str) -> HttpResponse:
    """Promise something until a day."""
    return _done(request, code, gettext("The promise is recorded."), lambda actor: promise(
        actor=actor, subject=code, text=request.POST.get("promise", ""), due_on=_day(request, "due_on"),
        now=request.now,  # type: ignore[attr-defined]
    ))


@requires("sponsor.visit")
@require_POST
def keep(request: HttpRequest, code: str) -> HttpResponse:
    """Prove a promise kept."""
    return _done(request, code, gettext("The evidence is recorded."), lambda actor: keep_promise(
        actor=actor, subject=code, promised=request.POST.get("promised", ""), result=request.POST.get("result", ""),
        files=given_files(request), now=request.now,  # type: ignore[attr-defined]
    ))


@requires("hard_case.describe")
@require_POST
def describe(request: HttpRequest, code: str) -> HttpResponse:
    """Describe a cause of a hard case."""
    return _case_done(request, code, gettext("The cause is recorded."), lambda actor: describe_case(
        actor=actor, household=code, cause=request.POST.get("cause", ""), described=request.POST.get("described", ""),
        now=request.now,  # type: ignore[attr-defined]
    ))


@requires("hard_case.describe")
@require_POST
def remedy(request: HttpRequest, code: str) -> HttpResponse:
    """Tell what came of a remedy."""
    return _case_done(request, code, gettext("The remedy is recorded."), lambda actor: try_remedy(
        actor=actor, household=code, remedy=request.POST.get("remedy", ""), result=request.POST.get("result", ""),
        files=given_files(request), now=request.now,  # type: ignore[attr-defined]
    ))


@requires("hard_case.describe")
@require_POST
def solve(request: HttpRequest, code: str) -> HttpResponse:
    """Tell how a case was solved."""
    return _case_done(request, code, gettext("The case is solved."), lambda actor: solve_case(
        actor=actor, household=code, result=request.POST.get("result", ""), files=given_files(request),
        now=request.now,  # type: ignore[attr-defined]
    ))


@requires("reply.give")
@require_POST
def reply(request: HttpRequest, code: str) -> HttpResponse:
    """The family's reply to its own entry; back to its page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if household_for(actor, code, verb="reply.give") is None:
        raise Http404(code)
    try:
        reply_to_case(
            actor=actor, household=code, text=request.POST.get("text", ""),
            now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        for reason in refused.reasons:
            spoken = spoken_reason(reason)
            messages.error(request, f"{spoken.message} {spoken.remedy}".strip())
    else:
        messages.success(request, gettext("Your reply is recorded; it will be answered."))
    return redirect(f"{reverse('household.view', args=[code])}#entry")


def _case_done(request: HttpRequest, code: str, told: str, deed: Callable[[Actor], str]) -> HttpResponse:
    page_or_404(request, code)
    if kind_of(code) != "household":
        raise Http404(code)
    return _done(request, code, told, deed)


def _done(request: HttpRequest, code: str, told: str, deed: Callable[[Actor], str]) -> HttpResponse:
    page_or_404(request, code)
    try:
        deed(request.actor)  # type: ignore[attr-defined]
    except Refused as refused:
        return sponsorship_page(request, code, reasons=refused.reasons, status=409)
    messages.success(request, told)
    return redirect("sponsorship.of", code)


def _day(request: HttpRequest, field: str) -> date | None:
    try:
        return date.fromisoformat(request.POST.get(field, ""))
    except ValueError:
        return None
