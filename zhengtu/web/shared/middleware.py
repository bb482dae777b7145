"""Middleware: content security, and who acts in this request."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.defaults import bad_request

from zhengtu.accounts.queries import actor_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date

Handler = Callable[[HttpRequest], HttpResponse]

_PRESENCE_SECONDS = 60
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


class UnstorableText:
    """Answers text that no database holds (NUL characters) with a plain refusal, wherever it came from."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """400 for what PostgreSQL says of such text; any other error goes on."""
        is_unstorable = isinstance(error, DataError | ValueError) and "NUL" in str(error)
        return bad_request(request, error) if is_unstorable else None


class SignedInActor:
    """Sets ``request.actor`` and ``request.now``; a view is closed to strangers unless marked public.

    Nothing that a signed-in person reads is kept by a browser, unless the view says how long it may be.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()
        request.today = civil_date(at=request.now)
        request.actor = Actor(person="")
        request.has_expired = False
        if request.user.is_authenticated:
            if _is_over(request):
                logout(request)
                request.has_expired = True
            else:
                _note_presence(request)
                request.actor = actor_of(request.user, on=request.today)
        response = self.get_response(request)
        if request.user.is_authenticated:
            # What a page says of people stays on no disk and in no back button once its reader has left.
            response.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Send strangers to the sign-in page, and those with a first password to the page where they change it."""
        if getattr(view, "is_public", False):
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        must_change = request.user.must_change_password and request.actor.postings
        if must_change and request.resolver_match.url_name != "account.password":
            return redirect("account.password")
        return None


def _is_over(request: HttpRequest) -> bool:
    """Whether the session rested too long or has reached its age."""
    now = request.now.timestamp()
    last_seen = request.session.get("last_seen", now)
    signed_in_at = request.session.get("signed_in_at", now)
    return now - last_seen > settings.SESSION_IDLE_SECONDS or now - signed_in_at > settings.SESSION_COOKIE_AGE


def _note_presence(request: HttpRequest) -> None:
    """Keep when the session was last used, once a minute, so that not every page writes a row."""
    now = int(request.now.timestamp())
    request.session.setdefault("signed_in_at", now)
    if now - request.session.get("last_seen", 0) >= _PRESENCE_SECONDS:
        request.session["last_seen"] = now


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page for somebody who reads, with the way back; a bare 401 for a script's request."""
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        return HttpResponse(status=401)
    query = {"next": request.get_full_path()} if request.method == "GET" and request.path != "/" else {}
    if request.has_expired:
        query["expired"] = "1"
    return redirect(f"{reverse(settings.LOGIN_URL)}{'?' if query else ''}{urlencode(query)}")
