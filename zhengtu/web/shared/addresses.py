"""Addresses: queries with some parameters changed, and targets that stay inside this server."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme


def changed_query(query: QueryDict, changes: Mapping[str, object]) -> str:
    """``?…`` with the changed parameters; None or an empty text takes one out, a list repeats it.

    Any change but that of the page goes back to the first page.
    """
    changed = query.copy()
    if "page" not in changes:
        changed.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            changed.pop(name, None)
        elif isinstance(value, list | tuple):
            changed.setlist(name, [str(one) for one in value])
        else:
            changed[name] = str(value)
    return f"?{changed.urlencode()}" if changed else "?"


def inner_target(request: HttpRequest, *, otherwise: str) -> str:
    """Where ``next`` points if that lies on this server, else the given address."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_inner = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_inner else otherwise


def client_address(request: HttpRequest) -> str | None:
    """The network address of whoever asks; behind the TLS proxy, the one that the proxy itself saw."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_TLS else ""
    text = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(text))
    except ValueError:
        return None
