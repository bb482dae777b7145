"""The doors of all screens: every view names the verb that it needs, or says that it is public."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from zhengtu.core.authority.actor import Actor
from zhengtu.ledger.rulebook import current_rulebook

View = Callable[..., HttpResponse]


def requires(verb: str) -> Callable[[View], View]:
    """Close a view to whoever reaches nothing at all with the verb (403).

    Which rows the actor then sees is decided by the query that fetches them; a row out of scope is 404.
    """

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not opens(request.actor, verb):  # type: ignore[attr-defined]
                raise PermissionDenied(verb)
            return view(request, *args, **kwargs)

        guarded.verb = verb  # type: ignore[attr-defined]
        return guarded

    return door


def opens(actor: Actor, verb: str) -> bool:
    """Whether the actor reaches anything at all with the verb."""
    return bool(current_rulebook().authority.scope(actor=actor, verb=verb))


def public(view: View) -> View:
    """Mark a view that strangers may open."""
    view.is_public = True  # type: ignore[attr-defined]
    return view
