"""The life line of a directive: set, assigned, received, in hand, answered, checked, closed, archived, with days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtu.core.directives.standing import State

_STEPS: Final = (
    # (name, kinds of fact that date it, states in which it is the next)
    (pgettext_lazy("step of a directive", "Set"), ("directive_set",), ()),
    (
        pgettext_lazy("step of a directive", "Assigned"), ("directive_assigned", "directive_reassigned"),
        (State.SET, State.OBJECTED),
    ),
    (pgettext_lazy("step of a directive", "Received"), ("directive_received",), (State.ASSIGNED,)),
    (pgettext_lazy("step of a directive", "In hand"), ("directive_received", "directive_returned"), ()),
    (pgettext_lazy("step of a directive", "Answered"), ("directive_reported",), (State.RECEIVED, State.RETURNED)),
    (pgettext_lazy("step of a directive", "Checked"), ("directive_verified",), (State.REPORTED,)),
    (pgettext_lazy("step of a directive", "Closed"), ("directive_closed", "directive_cancelled"), (State.VERIFIED,)),
    (pgettext_lazy("step of a directive", "Filed"), ("directive_archived",), (State.CLOSED, State.CANCELLED)),
)
_REACHED: Final = {
    State.SET: 1, State.ASSIGNED: 2, State.OBJECTED: 1, State.RECEIVED: 4, State.REPORTED: 5, State.RETURNED: 4,
    State.VERIFIED: 6, State.CLOSED: 7, State.CANCELLED: 7, State.ARCHIVED: 8,
}
"""State -> how many steps are done; a returned answer goes back to the hand."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the life line; ``on`` is the day it was last done."""

    name: object
    on: date | None
    is_done: bool
    is_next: bool
    note: object = ""


def life_line(state: State, dated: Iterable[tuple[str, date]], *, is_cancelled: bool = False) -> list[Step]:
    """The eight steps.

    Args:
        dated: (kind of fact, day), in order.
        is_cancelled: whether it was cancelled: nothing comes next but filing.
    """
    days = dict(dated)
    reached = _REACHED[state]
    steps = []
    for place, (name, kinds, before) in enumerate(_STEPS):
        is_done = place < reached and not (is_cancelled and not _any(days, kinds))
        steps.append(Step(
            name=name, on=_last(days, kinds) if is_done else None, is_done=is_done, is_next=state in before,
            note=_note(state, place, is_cancelled=is_cancelled),
        ))
    return steps


def _any(days: dict[str, date], kinds: Sequence[str]) -> bool:
    return any(kind in days for kind in kinds)


def _last(days: dict[str, date], kinds: Sequence[str]) -> date | None:
    return max((days[kind] for kind in kinds if kind in days), default=None)


def _note(state: State, place: int, *, is_cancelled: bool) -> object:
    if state == State.OBJECTED and place == 2:
        return _("objected to")
    if state == State.RETURNED and place == 4:
        return _("returned")
    return _("cancelled") if is_cancelled and place == 6 else ""
