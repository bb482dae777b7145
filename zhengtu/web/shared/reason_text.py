"""Reasons in the user's language, as the screens show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from zhengtu.core.kernel.reasons import Reason
from zhengtu.ledger.reason_text import SpokenReason, rulebook_label, spoken_reason, spoken_source, spoken_value

__all__ = ["SpokenReason", "rulebook_label", "spoken_of_places", "spoken_reason", "spoken_source", "spoken_value"]

_PLACES = ("section", "subject")


def spoken_of_places(reason: Reason, name_of: Callable[[str], str]) -> SpokenReason:
    """A reason with the names of the places that it tells of in the place of their codes."""
    given = {
        name: name_of(str(value)) if name in _PLACES else value for name, value in reason.parameters.items()
    }
    return spoken_reason(replace(reason, parameters=given))
