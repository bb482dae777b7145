"""How a directive stands on a day: the value that lists, reviews, bulletins and reminders share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

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


BY_URGENCY: Final = (Colour.RED, Colour.YELLOW, Colour.BLUE, Colour.GREEN, Colour.IDLE)
"""The lights, the most urgent first."""


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
class PlanOfGoal:
    """What the plans of the places that are left say about the goal.

    Attributes:
        colour: the most urgent light of these plans (``core.planning``).
        probability: that the least probable of them meets its deadline, 0 to 1; None where nothing is forecast.
        earliest_on: the latest of their earliest honest days; None where some plan has none.
        reason: the sentence beside the most urgent light.
    """

    colour: str
    probability: float | None
    earliest_on: date | None
    reason: Reason


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
        closed_on: the day it was closed; None while open, and where it was cancelled.
        parent: code of the directive of which it is a part or occurrence, or empty.
        occurrence_on: the day that the rule names, of an occurrence; None else.
        rrule: recurrence of a recurring directive, which is judged by its occurrences alone; empty else.
        goal: what the ledger knows of it, or empty.
        urgency: id in ``rulebook/directives``.
        answered_on: the day of the lead's final answer while it waits to be checked or is verified.
        asks_until: the day that an extension is asked to, while nobody has decided.
        not_received, not_answered: responsible units that have not received it, or not finally answered it.
        returned_times, chased_times: how often an answer was returned, and how often it was chased.
        returned_on, chased_on, asked_on: the last time, or None.
        extended_times, refused_times: how often more time was granted, and how often it was not.
        objection_was_declined: whether an objection of the lead to this assignment was decided against.
        objections: jointly responsible unit -> the day of its objection, while nobody has decided.
        declined, released: jointly responsible unit -> the day on which its objection was declined or accepted.
        runs_by_law: whether a statutory period is all that the goal waits for; then it is never late.
        plan: what the plan of its goal says; None without one.
        review: code of the review that decided it, or empty.
        source: key of the text out of which it was read, or None.
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
    rrule: str = ""
    goal: str = ""
    urgency: str = "normal"
    answered_on: date | None = None
    asks_until: date | None = None
    not_received: Sequence[str] = ()
    not_answered: Sequence[str] = ()
    returned_times: int = 0
    chased_times: int = 0
    returned_on: date | None = None
    chased_on: date | None = None
    asked_on: date | None = None
    extended_times: int = 0
    refused_times: int = 0
    objection_was_declined: bool = False
    objections: Mapping[str, date] = field(default_factory=dict)
    declined: Mapping[str, date] = field(default_factory=dict)
    released: Mapping[str, date] = field(default_factory=dict)
    runs_by_law: bool = False
    plan: PlanOfGoal | None = None
    review: str = ""
    source: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is neither closed nor cancelled."""
        return self.state in OPEN_STATES

    @property
    def is_overdue(self) -> bool:
        """Whether it is open and its last day has passed without an answer in time."""
        return self.is_open and self.overdue_workdays > 0
