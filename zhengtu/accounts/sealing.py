"""Encryption at rest of what identifies people, and keyed hashes to find them by an exact value."""

from __future__ import annotations

import hmac
import os
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
