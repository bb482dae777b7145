"""Reasons in the user's language, as the screens show them."""

from __future__ import annotations

from zhengtu.ledger.reason_text import SpokenReason, rulebook_label, spoken_reason, spoken_source, spoken_value

__all__ = ["SpokenReason", "rulebook_label", "spoken_reason", "spoken_source", "spoken_value"]
