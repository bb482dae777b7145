"""The life of a directive, folded from its facts: where it is on a day, by what was known on a day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from zhengtu.core.directives.content import DirectiveContent
from zhengtu.core.directives.standing import OPEN_STATES, State

FINAL: Final = "final"
"""The kind of answer that says: it is done."""


@dataclass(frozen=True, slots=True)
class EventFile:
    """A file of evidence: its kind, name and SHA-256."""

    kind: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DirectiveEvent:
    """One fact of a directive, with the deed that recorded it.

    Attributes:
        directive: code of the directive or occurrence.
        kind: ``directive_set`` and so on, as in ``rulebook/facts.yaml``.
        on: the day it happened; recorded_on: the day from which it was known.
        by: code of the person who did it.
        reference: ``deed/ordinal``.
    """

    directive: str
    kind: str
    on: date
    recorded_on: date
    recorded_at: datetime
    by: str
    deed: str
    reference: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    evidence: Sequence[EventFile] = ()


@dataclass(frozen=True, slots=True)
class Life:
    """Where a directive is.

    Attributes:
        lead: code of the unit that leads now.
        assigned_on: the day of the last assignment; objections count from it.
        due_on: last day, extensions and returns included; first_due_on: before any.
        received: unit -> the day it received it; officers: unit -> responsible person.
        answered: unit -> the day of its last final answer that was not returned.
        reporters: people who answered; none of them checks or closes.
        answered_on: the day of the lead's final answer while it waits to be checked or is verified.
        first_assigned_on: the day of the first assignment; objections of jointly responsible units count from it.
        objections: jointly responsible unit -> the day of its objection, while nobody has decided; that of the lead
            is the state ``objected``.
        declined: unit -> the day on which its objection to this assignment was declined.
        released: unit -> the day on which its objection was accepted: it shares the duty no more.
        asks_until: the day that an extension is asked to, while nobody has decided.
        returned_on, chased_on: the last time, or None.
        ended_on: the day it was closed or cancelled.
    """

    state: State
    state_on: date
    lead: str
    set_on: date
    assigned_on: date
    number: str = ""
    due_on: date | None = None
    first_due_on: date | None = None
    received: Mapping[str, date] = field(default_factory=dict)
    officers: Mapping[str, str] = field(default_factory=dict)
    answered: Mapping[str, date] = field(default_factory=dict)
    reporters: frozenset[str] = frozenset()
    answered_on: date | None = None
    first_assigned_on: date | None = None
    objections: Mapping[str, date] = field(default_factory=dict)
    declined: Mapping[str, date] = field(default_factory=dict)
    released: Mapping[str, date] = field(default_factory=dict)
    asks_until: date | None = None
    asked_on: date | None = None
    extended_times: int = 0
    refused_times: int = 0
    returned_times: int = 0
    returned_on: date | None = None
    chased_times: int = 0
    chased_on: date | None = None
    closed_on: date | None = None
    ended_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is neither closed nor cancelled."""
        return self.state in OPEN_STATES

    @property
    def waits_for_setter(self) -> bool:
        """Whether the next move is that of whoever set it."""
        return self.is_open and (
            self.state in (State.SET, State.OBJECTED, State.REPORTED, State.VERIFIED) or self.asks_until is not None
        )


@dataclass
class _Fold:
    """A life while its facts are read."""

    content: DirectiveContent
    life: Life

    def set(self, **changes: Any) -> None:
        self.life = _replaced(self.life, changes)

    def move(self, state: State, on: date, **changes: Any) -> None:
        self.set(state=state, state_on=on, **changes)


def _replaced(life: Life, changes: Mapping[str, Any]) -> Life:
    values = {name: getattr(life, name) for name in Life.__slots__}
    return Life(**{**values, **changes})


def joint_units(content: DirectiveContent, life: Life) -> tuple[str, ...]:
    """The units that share the duty with the lead: those named when it was set, but who leads now or was released."""
    return tuple(unit for unit in content.joint if unit != life.lead and unit not in life.released)


def life_of(
    content: DirectiveContent, events: Iterable[DirectiveEvent], *, on: date, known: date | None = None
) -> Life | None:
    """The life of a directive by the end of a day, as known on a day; None where it was not yet set.

    Args:
        events: its facts, earliest first.
        known: what was recorded by the end of this day counts; None for all that is recorded now.
    """
    fold: _Fold | None = None
    for event in events:
        if event.on > on or (known is not None and event.recorded_on > known):
            continue
        if event.kind == "directive_set":
            fold = _Fold(content, _first(content, event.on))
        elif fold is not None:
            _HANDLERS[event.kind](fold, event)
    return fold.life if fold is not None else None


def occurrence_life(
    content: DirectiveContent,
    head: Life,
    events: Iterable[DirectiveEvent],
    *,
    opens_on: date,
    due_on: date,
    on: date,
    known: date | None = None,
) -> Life:
    """The life of one occurrence: it is received with its head, and answered and closed on its own.

    Args:
        opens_on: the day from which it is worked on: the day after the occurrence before.
        due_on: its last day.
    """
    state = State.RECEIVED if head.lead in head.received else State.ASSIGNED
    life = _replaced(
        _first(content, max(opens_on, head.set_on)),
        {
            "state": state, "lead": head.lead, "number": head.number, "due_on": due_on, "first_due_on": due_on,
            "received": head.received, "officers": head.officers, "released": head.released,
        },
    )
    fold = _Fold(content, life)
    for event in events:
        if event.on <= on and (known is None or event.recorded_on <= known):
            _HANDLERS[event.kind](fold, event)
    return ended_with(fold.life, head)


def ended_with(life: Life, above: Life) -> Life:
    """A part or occurrence whose whole was cancelled is cancelled with it, if it was open then."""
    if not life.is_open or above.ended_on is None or above.closed_on is not None:
        return life
    return _replaced(life, {"state": State.CANCELLED, "state_on": above.ended_on, "ended_on": above.ended_on})


def _first(content: DirectiveContent, on: date) -> Life:
    return Life(
        state=State.SET, state_on=on, lead=content.lead, set_on=on, assigned_on=on, due_on=content.due_on,
        first_due_on=content.due_on,
    )


_OF_UNITS: Final = ("received", "officers", "answered", "objections", "declined", "released")
"""What a life keeps unit by unit; a unit that leads anew, or no more, begins anew."""


def _without(held: Mapping[str, Any], units: Collection[str]) -> dict[str, Any]:
    return {unit: value for unit, value in held.items() if unit not in units}


def _day(event: DirectiveEvent, name: str = "due_on") -> date:
    return date.fromisoformat(str(event.attributes[name]))


def _assigned(fold: _Fold, event: DirectiveEvent) -> None:
    fold.move(
        State.ASSIGNED, event.on, assigned_on=event.on, first_assigned_on=event.on,
        number=str(event.attributes.get("number", "")),
    )


def _received(fold: _Fold, event: DirectiveEvent) -> None:
    unit = str(event.attributes["unit"])
    life = fold.life
    fold.set(
        received={**life.received, unit: event.on},
        officers={**life.officers, unit: str(event.attributes.get("officer", ""))},
    )
    if unit == life.lead and life.state in (State.SET, State.ASSIGNED):
        fold.move(State.RECEIVED, event.on)


def _objected(fold: _Fold, event: DirectiveEvent) -> None:
    unit = str(event.attributes["unit"])
    if unit == fold.life.lead:
        fold.move(State.OBJECTED, event.on)
    else:
        fold.set(objections={**fold.life.objections, unit: event.on})


def _reassigned(fold: _Fold, event: DirectiveEvent) -> None:
    lead = str(event.attributes["lead"])
    life = fold.life
    left_out = {life.lead, lead}
    fold.move(
        State.ASSIGNED, event.on, lead=lead, assigned_on=event.on, asks_until=None, asked_on=None, answered_on=None,
        **{name: _without(getattr(life, name), left_out) for name in _OF_UNITS},
    )


def _declined(fold: _Fold, event: DirectiveEvent) -> None:
    life = fold.life
    unit = str(event.attributes.get("unit") or life.lead)
    fold.set(declined={**life.declined, unit: event.on}, objections=_without(life.objections, {unit}))
    if unit == life.lead:
        fold.move(State.ASSIGNED, event.on)


def _released(fold: _Fold, event: DirectiveEvent) -> None:
    life, unit = fold.life, str(event.attributes["unit"])
    left = {name: _without(getattr(life, name), {unit}) for name in _OF_UNITS}
    fold.set(**{**left, "released": {**life.released, unit: event.on}})


def _reported(fold: _Fold, event: DirectiveEvent) -> None:
    unit = str(event.attributes["unit"])
    fold.set(reporters=fold.life.reporters | {event.by})
    if event.attributes.get("is_final") != FINAL:
        return
    fold.set(answered={**fold.life.answered, unit: event.on})
    if unit == fold.life.lead:
        fold.move(State.REPORTED, event.on, answered_on=event.on)


def _returned(fold: _Fold, event: DirectiveEvent) -> None:
    life = fold.life
    fold.move(
        State.RETURNED, event.on, due_on=_day(event), answered_on=None, returned_on=event.on,
        returned_times=life.returned_times + 1,
        answered=_without(life.answered, {life.lead}),
    )


def _verified(fold: _Fold, event: DirectiveEvent) -> None:
    fold.move(State.VERIFIED, event.on)


def _extension_asked(fold: _Fold, event: DirectiveEvent) -> None:
    fold.set(asks_until=_day(event), asked_on=event.on)


def _extended(fold: _Fold, event: DirectiveEvent) -> None:
    fold.set(
        due_on=_day(event), asks_until=None, asked_on=None, extended_times=fold.life.extended_times + 1
    )


def _extension_refused(fold: _Fold, event: DirectiveEvent) -> None:
    fold.set(asks_until=None, asked_on=None, refused_times=fold.life.refused_times + 1)


def _chased(fold: _Fold, event: DirectiveEvent) -> None:
    fold.set(chased_times=fold.life.chased_times + 1, chased_on=event.on)


def _closed(fold: _Fold, event: DirectiveEvent) -> None:
    fold.move(State.CLOSED, event.on, closed_on=event.on, ended_on=event.on, asks_until=None)


def _cancelled(fold: _Fold, event: DirectiveEvent) -> None:
    fold.move(State.CANCELLED, event.on, ended_on=event.on, asks_until=None)


def _archived(fold: _Fold, event: DirectiveEvent) -> None:
    fold.move(State.ARCHIVED, event.on)


_HANDLERS: Final[Mapping[str, Callable[[_Fold, DirectiveEvent], None]]] = {
    "directive_assigned": _assigned,
    "directive_received": _received,
    "directive_objected": _objected,
    "directive_reassigned": _reassigned,
    "directive_objection_declined": _declined,
    "directive_unit_released": _released,
    "directive_reported": _reported,
    "directive_returned": _returned,
    "directive_verified": _verified,
    "directive_extension_asked": _extension_asked,
    "directive_extended": _extended,
    "directive_extension_refused": _extension_refused,
    "directive_chased": _chased,
    "directive_closed": _closed,
    "directive_cancelled": _cancelled,
    "directive_archived": _archived,
}
KINDS: Final = ("directive_set", *_HANDLERS)
"""Every kind of fact of a directive, as ``rulebook/facts.yaml`` names them."""
