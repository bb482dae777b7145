"""The walk by which a leak is found: every address, as everybody who must not know, before and after.

The walk is made while the secret is there, with every code of it, and again once it is taken back. What is answered
otherwise tells of it; an address that answers otherwise each time it is asked is reported by itself, so that none is
passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import product
from urllib.parse import urlencode
from zipfile import BadZipFile, ZipFile

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern
from pypdf import PdfReader

Pair = tuple[str, str]
"""(address, role)"""
Answer = tuple[int, str]
"""Status and fingerprint of what was answered."""

CHANGING = re.compile(
    rb'(name="csrfmiddlewaretoken" value=)"[^"]*"|(nonce=)"[^"]*"|("csrf_?[tT]oken":\s*)"[^"]*"'
    rb'|(content=)"[0-9A-Za-z]{64}"'
)
"""What differs between any two answers: tokens against forgery."""
TURNED_AWAY = (401, 403, 405)
"""The door's own answers; 401 stands for being led to the sign-in page."""
SIGN_IN = "/sign-in"
_STAMPS = ("docProps/core.xml",)


@dataclass(frozen=True)
class Known:
    """Values that a walker might put into an address.

    Attributes:
        values: name of an argument -> values to try, of whatever kind of thing.
        words: what to search for, filter by and sort by.
    """

    values: Mapping[str, Sequence[object]]
    words: Sequence[str]


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every pattern of the url configuration."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def arguments_of(pattern: URLPattern) -> list[str]:
    """Names of what stands in a pattern's places, however it is written."""
    if isinstance(pattern.pattern, RegexPattern):
        return list(pattern.pattern.regex.groupindex)
    return list(pattern.pattern.converters)


def every_address(known: Known, *, names: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Every address of the configuration with every known value in every place, and its lists filtered and exported.

    Args:
        names: only these; None: all that have a name.

    Returns:
        Name of an address -> each of it.
    """
    wanted = None if names is None else set(names)
    found: dict[str, list[str]] = {}
    for pattern in patterns():
        if not pattern.name or (wanted is not None and pattern.name not in wanted):
            continue
        for arguments in _filled(pattern, known):
            try:
                address = reverse(pattern.name, kwargs=arguments)
            except NoReverseMatch:
                continue
            held = found.setdefault(pattern.name, [])
            held.append(address)
            if not arguments:
                held += [f"{address}?{query}" for query in _queries(known)]
    return found


def _filled(pattern: URLPattern, known: Known) -> Iterator[dict[str, object]]:
    names = arguments_of(pattern)
    if not names:
        yield {}
        return
    first, *others = names
    beside = [known.values.get(other, known.values["code"][:1]) for other in others]
    for value in known.values.get(first, known.values["code"]):
        for held in product(*beside):
            yield {first: value, **dict(zip(others, held, strict=True))}


def _queries(known: Known) -> Iterator[str]:
    yield "format=xlsx"
    for word in known.words:
        yield urlencode({
            "q": word, "search": word, "subject": word, "verb": word, "kind": word, "sort": "-recorded_at",
        })


def walked(clients: Mapping[str, Client], pairs: Iterable[Pair]) -> dict[Pair, Answer]:
    """What everybody is answered at these addresses."""
    cache.clear()
    return {(address, role): _answer(clients[role], address) for address, role in pairs}


@dataclass(frozen=True)
class Found:
    """What a walk found: places that tell of the secret, and places that nothing can be said of."""

    walked: int
    names: frozenset[str]
    leaks: Sequence[str]
    unsteady: Sequence[str]


def leaks(
    clients: Mapping[str, Client], *, happens: Callable[[], object], known: Callable[[], Known],
    names: Iterable[str] | None = None,
) -> Found:
    """Addresses at which somebody is answered otherwise while something is so than once it is taken back.

    Args:
        happens: brings about what must not be learnt.
        known: the values to walk with, asked while it is so: whoever walks knows every code of it.
    """
    point = transaction.savepoint()
    happens()
    by_name = every_address(known(), names=names)
    addresses = dict.fromkeys(address for found in by_name.values() for address in found)
    after = walked(clients, [(address, role) for address in addresses for role in clients])
    transaction.savepoint_rollback(point)
    # Whom the door itself turns away learns nothing; that doors ask for no more than the verb is a test of its own.
    before = walked(clients, [pair for pair, (status, _) in after.items() if status not in TURNED_AWAY])
    told, unsteady = [], []
    for address, role in before:
        if after[address, role] != before[address, role]:
            again = _answer(clients[role], address)
            (told if again == before[address, role] else unsteady).append(f"{address} as {role}")
    return Found(walked=len(after), names=frozenset(by_name), leaks=told, unsteady=unsteady)


def _answer(client: Client, address: str) -> Answer:
    response = client.get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    digest = sha256(f"{response.status_code} {response.get('Location')} {response.get('Content-Type')}\n".encode())
    digest.update(_steady(body))
    is_door = response.get("Location", "").startswith(SIGN_IN)
    return (401 if is_door else response.status_code), digest.hexdigest()


def _steady(body: bytes) -> bytes:
    """The bytes without what no two answers share."""
    if body.startswith(b"PK\x03\x04"):
        try:
            with ZipFile(BytesIO(body)) as package:
                return b"".join(
                    name.encode() + package.read(name) for name in package.namelist() if name not in _STAMPS
                )
        except BadZipFile:
            return body
    if body.startswith(b"%PDF-"):  # its bytes hold the moment at which it was made
        return "\f".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages).encode()
    return CHANGING.sub(b"", body)
