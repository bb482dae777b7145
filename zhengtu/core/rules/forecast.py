"""The part of the rulebook about forecasts: how much data an answer needs, and how far ahead it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from zhengtu.core.forecast.rules import OutlookRules
from zhengtu.core.rules.reading import RulebookInvalid, known_source, read_entries

_FILE: Final = "forecast/rules.yaml"
_CONFIDENCES: Final = ("verified", "secondary", "design")
_SHARES: Final = ("finished_share", "series_share")
_LEAST_SAMPLES: Final = 100
"""Fewer courses could not tell the 95th of a hundred from the last."""


def load_forecast(folder: Path, *, sources: Mapping[str, tuple[str, str]]) -> OutlookRules:
    """Read and check ``forecast/rules.yaml``.

    Raises:
        RulebookInvalid: naming the entry that is wrong.
    """
    raw = read_entries(folder / "forecast" / "rules.yaml")
    if raw.get("confidence") not in _CONFIDENCES:
        raise RulebookInvalid(f"{_FILE}: confidence is one of {', '.join(_CONFIDENCES)}")
    if raw.get("source"):
        known_source(raw["source"], sources=sources, where=_FILE)
    numbers = raw.get("forecast")
    names = [field.name for field in fields(OutlookRules)]
    if not isinstance(numbers, dict) or sorted(numbers) != sorted(names):
        raise RulebookInvalid(f"{_FILE}: forecast holds exactly {', '.join(names)}")
    rules = OutlookRules(**{name: _number(numbers[name], name) for name in names})
    if rules.weekly_weeks > rules.horizon_weeks:
        raise RulebookInvalid(f"{_FILE}: weekly_weeks lies within horizon_weeks")
    if rules.samples < _LEAST_SAMPLES:
        raise RulebookInvalid(f"{_FILE}: samples is at least {_LEAST_SAMPLES}")
    return rules


def _number(value: Any, name: str) -> Any:
    if isinstance(value, bool):
        raise RulebookInvalid(f"{_FILE}: {name} is a number, not {value!r}")
    if name in _SHARES:
        if not isinstance(value, int | float) or not 0 < value <= 1:
            raise RulebookInvalid(f"{_FILE}: {name} lies above 0 and up to 1, not at {value!r}")
        return float(value)
    if not isinstance(value, int) or value < 1:
        raise RulebookInvalid(f"{_FILE}: {name} is a whole number of at least 1, not {value!r}")
    return value
