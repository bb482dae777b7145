"""What waits for a unit, pile by pile: for each kind of move the directives that wait for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtu.core.authority.actor import Actor
from zhengtu.core.directives.standing import DirectiveStanding, State
from zhengtu.directives import page_queries
from zhengtu.directives.cases import ANSWER, CHECK, CLOSE, DIVIDE
from zhengtu.web.office.directives import words

_ANSWERS: Final = (ANSWER,)
_CHECKS: Final = (CHECK, DIVIDE)
_CLOSES: Final = (CLOSE, DIVIDE)


@dataclass(frozen=True, slots=True)
class Pile:
    """What waits for one kind of move.

    Attributes:
        action: what is to be done, in a word or two.
        verbs: whoever may do one of these for a unit makes the move for it.
        holds: whether a directive waits for that move by one of the given units.
    """

    title: object
    action: object
    verbs: Sequence[str]
    holds: Callable[[DirectiveStanding, Sequence[str]], bool]

    def of(self, rows: Iterable[DirectiveStanding], actor: Actor) -> list[DirectiveStanding]:
        """Those that wait for the actor, in their order; what only others of the unit may do is not among them."""
        own = page_queries.units_of_verbs(actor, self.verbs)
        return [row for row in rows if self.holds(row, own)]


def own_units(actor: Actor) -> list[str]:
    """The units in which the actor has a post."""
    return sorted({posting.unit for posting in actor.postings})


def _in_state(state: State) -> Callable[[DirectiveStanding, Sequence[str]], bool]:
    def holds(row: DirectiveStanding, own: Sequence[str]) -> bool:
        is_head = bool(row.rrule) and row.occurrence_on is None
        return row.state == state and row.waits_for in own and row.asks_until is None and not is_head

    return holds


def _to_receive(row: DirectiveStanding, own: Sequence[str]) -> bool:
    return words.is_open(row) and row.occurrence_on is None and any(unit in own for unit in row.not_received)


def _asks(row: DirectiveStanding, own: Sequence[str]) -> bool:
    return words.is_open(row) and row.asks_until is not None and row.setter in own


def _objects(row: DirectiveStanding, own: Sequence[str]) -> bool:
    is_objected = row.state == State.OBJECTED or bool(row.objections)
    return words.is_open(row) and row.occurrence_on is None and is_objected and row.setter in own


PILES: Final[Mapping[str, Pile]] = {
    "returned": Pile(_("Returned: to be done again"), _("Answer again"), _ANSWERS, _in_state(State.RETURNED)),
    "receive": Pile(_("To be received"), _("Receive"), _ANSWERS, _to_receive),
    "answer": Pile(
        _("In hand: to be answered"), pgettext_lazy("directives", "Answer"), _ANSWERS, _in_state(State.RECEIVED)
    ),
    "check": Pile(
        _("Answered: to be checked"), pgettext_lazy("directives", "Check"), _CHECKS, _in_state(State.REPORTED)
    ),
    "extension": Pile(_("Extension asked for: to be decided"), _("Decide"), _CHECKS, _asks),
    "objection": Pile(_("Objected to: to be decided"), _("Decide"), _CHECKS, _objects),
    "close": Pile(
        _("Verified: to be closed"), pgettext_lazy("directives", "Close"), _CLOSES, _in_state(State.VERIFIED)
    ),
}
"""In the order of the desk; the ids stand in addresses of the list."""
