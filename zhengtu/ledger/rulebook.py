"""The rulebook in force for this process."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from zhengtu.core.rules.compensation import CompensationRulebook, load_compensation
from zhengtu.core.rules.rulebook import Rulebook, load_rulebook


@cache
def current_rulebook() -> Rulebook:
    """The rulebook in the configured folder, read and checked once."""
    return load_rulebook(settings.RULEBOOK)


@cache
def current_compensation() -> CompensationRulebook:
    """Its compensation part: parameters with their history, heads and example schemes, read and checked once."""
    return load_compensation(settings.RULEBOOK)
