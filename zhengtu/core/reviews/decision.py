"""A decision as it is recorded in the room: who, what, by when; a draft until the review is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    Attributes:
        id: number within its review, from 1; never given twice.
        lead: code of the unit that answers for it. joint: units that share the duty. assisting: those that help.
        due_on: its last day.
        goal: what the ledger knows of it for ``projects``, as deadlines name goals; empty: it is reported by hand.
        code: of the directive once it is set; empty until then.
    """

    id: int
    lead: str
    matter: str
    due_on: date
    joint: Sequence[str] = ()
    assisting: Sequence[str] = ()
    projects: Sequence[str] = ()
    goal: str = ""
    code: str = ""
