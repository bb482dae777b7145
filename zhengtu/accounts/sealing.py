"""Encryption at rest of what identifies people, and keyed hashes to find them by an exact value."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from hashlib import sha256
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_BYTES = 12


@cache
def _key(purpose: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=b"zhengtu", info=purpose.encode())
    return derivation.derive(settings.PERSONAL_DATA_KEY.encode())


@cache
def _cipher() -> AESGCM:
    return AESGCM(_key("sealing"))


def seal(values: dict[str, Any]) -> bytes:
    """Encrypt a JSON object with AES-256-GCM: a random nonce, then the ciphertext with its tag."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher().encrypt(nonce, orjson.dumps(values), None)


def unseal(sealed: bytes) -> dict[str, Any]:
    """Decrypt what ``seal`` made.

    Raises:
        cryptography.exceptions.InvalidTag: when the bytes or the key are not the same.
    """
    raw = bytes(sealed)
    values: dict[str, Any] = orjson.loads(_cipher().decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None))
    return values


def search_index(value: str) -> str:
    """A keyed hash (32 hex digits) by which an exact value is found without being stored; empty stays empty."""
    value = "".join(value.split()).upper()
    return hmac.new(_key("search"), value.encode(), sha256).hexdigest()[:32] if value else ""


def seal_all(objects: Sequence[dict[str, Any]]) -> list[bytes]:
    """Many JSON objects sealed, each under a nonce of its own."""
    encrypt, nonces = _cipher().encrypt, os.urandom(_NONCE_BYTES * len(objects))
    sealed = []
    for start, values in zip(range(0, len(nonces), _NONCE_BYTES), objects, strict=True):
        nonce = nonces[start : start + _NONCE_BYTES]
        sealed.append(nonce + encrypt(nonce, orjson.dumps(values), None))
    return sealed


def search_indexes(values: Iterable[str]) -> list[str]:
    """``search_index`` of many values that hold no blanks and no small letters; equal values are hashed once."""
    keyed = _keyed_hash("search")
    known: dict[str, str] = {"": ""}
    indexes = []
    for value in values:
        index = known.get(value)
        if index is None:
            index = known[value] = keyed(value.encode())
        indexes.append(index)
    return indexes


def personal_digest(values: dict[str, Any]) -> str:
    """A keyed hash (32 hex digits) over who a household is, by which a fact proves it without telling it."""
    return _keyed_hash("personal digest")(orjson.dumps(values, option=orjson.OPT_SORT_KEYS))


def personal_digests(objects: Iterable[dict[str, Any]]) -> list[str]:
    """``personal_digest`` of many."""
    keyed = _keyed_hash("personal digest")
    return [keyed(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)) for values in objects]


@cache
def _keyed_hash(purpose: str) -> Callable[[bytes], str]:
    """HMAC-SHA256 cut to 32 hex digits; the two halves of the key are hashed once, not once per message."""
    key = _key(purpose).ljust(sha256().block_size, b"\0")
    inner_key = sha256(bytes(byte ^ 0x36 for byte in key))
    outer_key = sha256(bytes(byte ^ 0x5C for byte in key))

    def keyed(message: bytes) -> str:
        inner, outer = inner_key.copy(), outer_key.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.hexdigest()[:32]

    return keyed
