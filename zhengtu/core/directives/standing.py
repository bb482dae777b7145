"""How a directive stands on a day: the value that lists, reviews, bulletins and reminders share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhengtu.core.kernel.reasons import Reason


class State(StrEnum):
    """Where a directive is in its life; folded from facts, never set."""

    SET = "set"
    ASSIGNED = "assigned"
    OBJECTED = "objected"
    RECEIVED = "received"
    REPORTED = "reported"
    RETURNED = "returned"
    VERIFIED = "verified"
    CLOSED = "closed"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


OPEN_STATES = (
    State.SET, State.ASSIGNED, State.OBJECTED, State.RECEIVED, State.REPORTED, State.RETURNED, State.VERIFIED,
)


class Colour(StrEnum):
    """The light of a directive (``rulebook/directives``): blue is due soon, idle is closed or not yet begun."""

    GREEN = "green"
    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"
    IDLE = "idle"


class Rung(StrEnum):
    """How far an overdue directive has climbed."""

    NONE = "none"
    UNIT_HEAD = "unit_head"
    COORDINATOR = "coordinator"
    VICE_MAYOR = "vice_mayor"
    MAYOR = "mayor"


@dataclass(frozen=True, slots=True)
class Progress:
    """What the ledger says of a directive's goal.

    Attributes:
        goal: signed, vacated, handed_over, started, launched or resettled, as deadlines name goals.
        unit_of_count: households, sections or projects.
    """

    goal: str
    done: int
    total: int
    unit_of_count: str


@dataclass(frozen=True, slots=True)
class DirectiveStanding:
    """One directive, or one occurrence of a recurring one, on a day.

    Attributes:
        code: ``220200-D0001``; a sub-item ``220200-D0001-02``; an occurrence ``220200-D0001-20250207``.
        number: as people write it, from the number register.
        setter: code of the unit that set it and alone may close it.
        lead: code of the unit that answers for it; joint: units that share the duty; assisting: those that help.
        officer: name of the responsible person that the lead named on receipt, or empty.
        due_on: last day, extensions included; None where none was said.
        first_due_on: the last day before any extension.
        overdue_workdays: working days past the last day while open; 0 otherwise.
        light_reason: the one sentence beside the light.
        waits_for: code of the unit whose move is next, or empty once closed.
        progress: what the ledger says, where it knows; None else.
        is_reached: whether the ledger shows the goal reached.
    """

    code: str
    number: str
    matter: str
    setter: str
    lead: str
    joint: Sequence[str]
    assisting: Sequence[str]
    officer: str
    projects: Sequence[str]
    set_on: date
    due_on: date | None
    first_due_on: date | None
    state: State
    state_on: date
    colour: Colour
    light_reason: Reason
    rung: Rung
    overdue_workdays: int
    waits_for: str
    progress: Progress | None = None
    is_reached: bool = False
    closed_on: date | None = None
    parent: str = ""
    occurrence_on: date | None = None
