"""One request to a group robot: only to accepted addresses, no redirect followed, bounded in time and size."""

from __future__ import annotations

import time
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import orjson
from django.conf import settings

from zhengtu.core.notices.addresses import robot_reasons
from zhengtu.core.notices.robots import Answer, Outcome, robot_answer

_ANSWER_BYTES: Final = 4_096


class _NoRedirect(HTTPRedirectHandler):
    """A robot does not redirect; whoever does would lead the message elsewhere."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = build_opener(_NoRedirect)


def post_to_robot(maker: str, address: str, payload: Mapping[str, Any], *, signed: str = "") -> Answer:
    """Send the payload once.

    Args:
        address: as it was entered; it is checked again, for settings may have changed since.
        signed: the address with its signature, where the robot asks for one.

    Returns:
        What came of it. Unreachable means that nothing was sent; once the request went out, a broken connection is
        uncertain.
    """
    if robot_reasons(maker, address, origins=settings.WEBHOOK_ORIGINS):
        return Answer(Outcome.REFUSED, "address_foreign")
    request = Request(  # noqa: S310 - robot_reasons lets only https and the origins of the settings through
        signed or address, data=orjson.dumps(payload), method="POST",
        headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": "zhengtu"},
    )
    deadline = time.monotonic() + 2 * settings.WEBHOOK_TIMEOUT_SECONDS
    try:
        with _opener.open(request, timeout=settings.WEBHOOK_TIMEOUT_SECONDS) as response:
            return robot_answer(maker, status=response.status, body=_beginning(response, deadline))
    except HTTPError as error:
        with error:
            return robot_answer(maker, status=error.code, body=b"")
    except URLError as error:
        if isinstance(error.reason, ConnectionResetError | BrokenPipeError):
            return Answer(Outcome.UNCERTAIN, "cut_off")
        return Answer(Outcome.LATER, "unreachable")
    except (OSError, HTTPException):
        return Answer(Outcome.UNCERTAIN, "cut_off")


def _beginning(response: HTTPResponse, deadline: float) -> bytes:
    """As much of an answer as a robot's ever is; a slow one is left."""
    read = b""
    while len(read) < _ANSWER_BYTES and time.monotonic() < deadline:
        part = response.read1(_ANSWER_BYTES - len(read))
        if not part:
            break
        read += part
    return read
