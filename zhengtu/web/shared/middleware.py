"""Middleware: content security, and who acts in this request."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from django.conf import settings

from zhengtu.accounts.queries import actor_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date

Handler = Callable[[HttpRequest], HttpResponse]

_POLICY = (
    "default-src 'self'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


class ContentSecurityPolicy:
    """Only this server's own files run; no page calls out."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", _POLICY)
        return response


class SignedInActor:
    """Sets ``request.actor`` and ``request.now``; a view is closed to strangers unless marked public."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()
        request.today = civil_date(at=request.now)
        request.actor = Actor(person="")
        if request.user.is_authenticated:
            last = request.session.get("last_seen", 0)
            if last and request.now.timestamp() - last > settings.SESSION_IDLE_SECONDS:
                logout(request)
            else:
                request.session["last_seen"] = int(request.now.timestamp())
                request.actor = actor_of(request.user, on=request.today)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Send strangers to the sign-in page unless the view is marked ``is_public``."""
        if getattr(view, "is_public", False) or request.user.is_authenticated:
            return None
        return redirect(f"{settings.LOGIN_URL}")
