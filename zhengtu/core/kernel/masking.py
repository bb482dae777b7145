"""Masking of what identifies a person: enough stays to recognise a case, not to find the person."""

from __future__ import annotations

import re
from typing import Final

_IDENTIFIER: Final = re.compile(r"(?<![\dA-Za-z])(\d{17}[\dXx]|\d{15,19}|1\d{10})(?![\dA-Za-z])")
_BEFORE_NUMBER: Final = re.compile(r"[^\d#]*")


def mask_name(name: str) -> str:
    """The family name with a star for each further character; a company keeps its last two characters."""
    name = name.strip()
    if len(name) <= 1:
        return name
    if len(name) > 4:
        return f"{name[:2]}{'*' * (len(name) - 4)}{name[-2:]}"
    return name[0] + "*" * (len(name) - 1)


def mask_identity(number: str) -> str:
    """The first three and last two characters of an identity or account number."""
    number = number.strip()
    if len(number) <= 6:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"


def mask_phone(number: str) -> str:
    """The first three and last two digits of a phone number."""
    return mask_identity(number)


def mask_address(address: str) -> str:
    """The first characters of an address before any number, at most six and at most a third; then always six stars."""
    address = address.strip()
    start = _BEFORE_NUMBER.match(address)
    shown = start.group()[: min(6, len(address) // 3)] if start else ""
    return f"{shown}{'*' * 6}" if address else ""


def mask_identifiers_in(text: str) -> str:
    """The text with every identity, phone or account number masked."""
    return _IDENTIFIER.sub(lambda found: mask_identity(found.group()), text)
