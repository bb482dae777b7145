"""A draw that nobody can steer and anybody can repeat: SHA-256 of a seed and the code of each candidate.

The seed is drawn by the machine before the list is closed; its SHA-256, the *commitment*, is published with the digest
of the list; the seed itself is published with the result. Whoever holds seed and list gets the same order with nothing
but ``sha256sum``: the line hashed is ``seed``, the purpose and the code, joined by one line feed each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final

_SEED: Final = re.compile(r"^[0-9a-f]{32,64}$")
_RESOLUTION: Final = 2**53


def commitment_of(seed: str) -> str:
    """What is published before the draw: the SHA-256 of the seed's characters.

    Raises:
        ValueError: when the seed is no hexadecimal text of 32 to 64 characters.
    """
    if not _SEED.match(seed):
        raise ValueError("a seed is 32 to 64 hexadecimal characters in lower case")
    return sha256(seed.encode()).hexdigest()


def digest_of_list(codes: Iterable[str]) -> str:
    """Fingerprint of a list whatever its order: the SHA-256 of its sorted codes, a line each.

    Raises:
        ValueError: when a code stands twice.
    """
    ordered = sorted(codes)
    if len(set(ordered)) != len(ordered):
        raise ValueError("a code stands twice in the list")
    return sha256("".join(f"{code}\n" for code in ordered).encode()).hexdigest()


def drawn_order(codes: Iterable[str], *, seed: str, purpose: str) -> list[str]:
    """The codes in the order of their hashes; the first n are a simple random sample of n.

    Args:
        purpose: what is drawn (``household``, ``inspector``), so that one seed serves independent draws.
    """
    return sorted(codes, key=lambda code: (_hash(seed, purpose, code), code))


def weighted_order(weights: Mapping[str, float], *, seed: str, purpose: str) -> list[str]:
    """The codes in a random order in which a greater weight tends to come sooner.

    The first n are a sample without replacement with chances that grow with the weight.

    Source: Efraimidis and Spirakis, Weighted random sampling with a reservoir, Information Processing Letters 97
    (2006): the key ``u ** (1 / w)``, greatest first.

    Raises:
        ValueError: when a weight is not above zero.
    """
    if any(not weight > 0 for weight in weights.values()):
        raise ValueError("a weight must be above zero")
    keys = {code: uniform_of(code, seed=seed, purpose=purpose) ** (1 / weight) for code, weight in weights.items()}
    return sorted(keys, key=lambda code: (-keys[code], code))


def uniform_of(code: str, *, seed: str, purpose: str) -> float:
    """A number strictly between 0 and 1 that seed, purpose and code fix, from the first 53 bits of the hash."""
    return (int(_hash(seed, purpose, code)[:16], 16) // 2**11 + 0.5) / _RESOLUTION


def _hash(seed: str, purpose: str, code: str) -> str:
    return sha256(f"{seed}\n{purpose}\n{code}".encode()).hexdigest()
