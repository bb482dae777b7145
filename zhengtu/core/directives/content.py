"""What a directive says: the content that never changes, and its fingerprint as the ledger keeps it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from zhengtu.core.kernel.plain_values import plain


@dataclass(frozen=True, slots=True)
class DirectiveContent:
    """A directive as it was set.

    Attributes:
        setter: code of the unit that set it.
        lead: code of the unit it was given to first; later ones follow from facts.
        due_on: last day; None of a recurring one.
        due_text: the words that said so.
        rrule: recurrence by RFC 5545 without its start, or empty.
        rrule_from: first day on which it may fall due; rrule_until: first day without it, or None.
        goal: what the ledger knows of it, or empty.
        projects: codes of projects or sections that it is about.
        parent: code of the directive of which it is a part, or empty.
        source: SHA-256 of the text out of which it was read, or empty; span: its place there.
    """

    code: str
    setter: str
    lead: str
    joint: Sequence[str]
    assisting: Sequence[str]
    matter: str
    due_kind: str
    due_on: date | None
    due_text: str = ""
    rrule: str = ""
    rrule_from: date | None = None
    rrule_until: date | None = None
    urgency: str = "normal"
    goal: str = ""
    projects: Sequence[str] = ()
    parent: str = ""
    source: str = ""
    span: tuple[int, int] | None = None
    review: str = ""

    @property
    def is_recurring(self) -> bool:
        """Whether it falls due again and again."""
        return bool(self.rrule)

    @property
    def responsible(self) -> tuple[str, ...]:
        """Units that it was given to and that answer for it."""
        return (self.lead, *self.joint)


def fingerprint(content: DirectiveContent) -> str:
    """SHA-256 of the content as canonical JSON (sorted keys, no blanks, UTF-8)."""
    text = json.dumps(plain(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
