"""Marking of English message templates for translation, without translating them."""

from __future__ import annotations


def N_(message: str) -> str:
    """Mark a message template for extraction; whoever shows it translates it."""
    return message
