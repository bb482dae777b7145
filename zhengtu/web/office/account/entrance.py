"""The front door: where a person starts, and in which language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from zhengtu.accounts.actions import choose_language
from zhengtu.web.shared.access import public
from zhengtu.web.shared.addresses import inner_target
from zhengtu.web.shared.navigation import first_place


@public
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the first area that the actor may open; strangers to the sign-in page."""
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    if request.user.must_change_password and request.actor.postings:  # type: ignore[attr-defined]
        return redirect("account.password")
    target = first_place(request.actor)  # type: ignore[attr-defined]
    return redirect(target) if target else render(request, "account/no_post.html")


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and, for those signed in, with the account."""
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        choose_language(person=request.user, language=code)
    response = redirect(inner_target(request, otherwise="/"))
    remember_language(response, code)
    return response


def remember_language(response: HttpResponse, code: str) -> None:
    """Set the language cookie for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 86400, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
