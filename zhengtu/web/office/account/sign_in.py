"""Signing in by password and, where set up, one-time code; signing out."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhengtu.accounts.actions import Attempt, note_sign_out, try_code, try_password
from zhengtu.web.office.account.entrance import remember_language
from zhengtu.web.shared.access import public
from zhengtu.web.shared.addresses import client_address, inner_target
from zhengtu.web.shared.figure_text import minute

_PENDING = "pending_sign_in"
_PENDING_SECONDS = 300


@public
@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page: first the password, then the one-time code of those who have set it up."""
    if request.user.is_authenticated:
        return redirect(inner_target(request, otherwise=settings.LOGIN_REDIRECT_URL))
    now: datetime = request.now  # type: ignore[attr-defined]
    pending = _pending_person(request, now)
    if request.method == "GET":
        if "again" in request.GET:
            request.session.pop(_PENDING, None)
            pending = ""
        return _page(request, asks_code=bool(pending))
    address = client_address(request)
    if pending and "code" in request.POST:
        attempt = try_code(person_code=pending, code=request.POST["code"], address=address, now=now)
    else:
        attempt = try_password(
            username=request.POST.get("username", ""), password=request.POST.get("password", ""),
            address=address, now=now,
        )
    return _answer(request, attempt, asked_code=bool(pending) and "code" in request.POST)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if request.user.is_authenticated:
        note_sign_out(
            person=request.user, address=client_address(request), now=request.now  # type: ignore[attr-defined]
        )
    logout(request)
    return redirect(settings.LOGIN_URL)


def _answer(request: HttpRequest, attempt: Attempt, *, asked_code: bool) -> HttpResponse:
    now: datetime = request.now  # type: ignore[attr-defined]
    if attempt.needs_code and attempt.person is not None:
        request.session.cycle_key()
        request.session[_PENDING] = {"person": attempt.person.code, "at": int(now.timestamp())}
        return _page(request, asks_code=True)
    if attempt.person is None:
        if attempt.locked_until is not None:
            request.session.pop(_PENDING, None)
            problem = gettext("Too many failures. Try again after %(until)s.") % {"until": minute(attempt.locked_until)}
            return _page(request, asks_code=False, problem=problem, status=429)
        problem = gettext("The one-time code is wrong or was used already.") if asked_code else gettext(
            "Name or password is wrong."
        )
        return _page(request, asks_code=asked_code, problem=problem, status=403)
    person = attempt.person
    request.session.pop(_PENDING, None)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session["signed_in_at"] = request.session["last_seen"] = int(now.timestamp())
    response = redirect(inner_target(request, otherwise=settings.LOGIN_REDIRECT_URL))
    if person.language:
        remember_language(response, person.language)
    return response


def _pending_person(request: HttpRequest, now: datetime) -> str:
    """The person whose password held within the last five minutes in this session, or nothing."""
    pending = request.session.get(_PENDING)
    if not pending:
        return ""
    if now.timestamp() - pending["at"] > _PENDING_SECONDS:
        del request.session[_PENDING]
        return ""
    return str(pending["person"])


def _page(request: HttpRequest, *, asks_code: bool, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "asks_code": asks_code,
        "problem": problem,
        "next": inner_target(request, otherwise=""),
        "username": request.POST.get("username", ""),
        "has_expired": "expired" in request.GET,
    }
    return render(request, "registration/sign_in.html", context, status=status)
