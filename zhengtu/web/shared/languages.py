"""The half of a pair of texts that the reader wants."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language


def in_language(label: Sequence[str]) -> str:
    """One of (Chinese, English): English where the page is in English, Chinese otherwise."""
    return label[1 if (get_language() or "").startswith("en") else 0]
