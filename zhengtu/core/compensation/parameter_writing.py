"""Parameters' values as plain data, in the form that ``value_from`` reads: for forms, schemes and stored trials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from zhengtu.core.compensation.parameters import Value
from zhengtu.core.compensation.schedules import Charge, Tier


def value_as_plain(value: Value) -> Any:
    """The inverse of ``value_from``: numbers as text, absent parts left out."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {key: f"{number:f}" for key, number in value.items()}
    if isinstance(value, Charge):
        return _parts(value)
    return {"measure": value.measure.value, "tiers": [_parts(tier) for tier in value.tiers]}


def _parts(item: Charge | Tier) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in fields(item):
        held = getattr(item, part.name)
        if isinstance(held, Decimal):
            found[part.name] = f"{held:f}"
        elif held is not None:
            found[part.name] = held if isinstance(held, int) else str(held)
    return found
