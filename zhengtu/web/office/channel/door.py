"""The door of the channel: every reading is a deed, a refused one a refusal that looks as if there were no page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from zhengtu.channel.actions import record_reading, record_refusal
from zhengtu.channel.queries import may_name
from zhengtu.channel.reading import NAME, VIEW, reading_actor
from zhengtu.core.authority.actor import Actor
from zhengtu.web.shared.as_of import as_of

View = Callable[..., HttpResponseBase]
_AHEAD: Final = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
"""Headers by which a browser says that nobody looks yet."""


def channel_door(part: str, *, verb: str = VIEW, takes_post: bool = False) -> Callable[[View], View]:
    """Open a page of the channel to the mayor and named readers, with ``verb`` ``channel.name`` to the mayor alone.

    A GET is recorded once before anything is shown. What is fetched ahead of a look shows nothing and is no reading;
    nor is a HEAD. For everybody else there is no such page (404); their GET is kept as a refused attempt.

    Args:
        part: what is read, as ``channel_read`` names it; empty for what is only posted to.
    """

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor: Actor = request.actor  # type: ignore[attr-defined]
            reader = reading_actor(actor, on=request.today)  # type: ignore[attr-defined]
            if reader is None or (verb == NAME and not may_name(actor)):
                if request.method == "GET" and not _is_ahead(request):
                    record_refusal(actor=actor, verb=verb, now=request.now)  # type: ignore[attr-defined]
                raise Http404
            if request.method == "POST" and takes_post:
                return view(request, *args, **kwargs)
            if request.method not in ("GET", "HEAD") or not part:
                return HttpResponseNotAllowed(["GET"] if part else ["POST"])
            if request.method == "HEAD":
                return HttpResponse()
            if _is_ahead(request):
                return HttpResponse(status=204)
            request.reader = record_reading(  # type: ignore[attr-defined]
                actor=actor, part=part, as_of_on=as_of(request).on, now=request.now,  # type: ignore[attr-defined]
            )
            return view(request, *args, **kwargs)

        guarded.verb = verb  # type: ignore[attr-defined]
        return guarded

    return door


def _is_ahead(request: HttpRequest) -> bool:
    """Whether the browser asks before anybody has chosen to look."""
    said = (request.headers.get(name, "").lower() for name in _AHEAD)
    return any("prefetch" in word or "prerender" in word or "preview" in word for word in said)

