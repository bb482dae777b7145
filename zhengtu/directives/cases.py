"""One directive with everything that decides what may be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from zhengtu.core.authority.actor import Actor
from zhengtu.core.directives.content import DirectiveContent
from zhengtu.core.directives.life_cycle import joint_units
from zhengtu.core.directives.next_deeds import OF_LEAD, OF_RESPONSIBLE, Case, DirectiveDeed
from zhengtu.core.directives.numbering import head_of, occurrence_number
from zhengtu.directives.assembling import Lived, lives_of, with_contents
from zhengtu.directives.goal_progress import Plans, goal_standings
from zhengtu.directives.models import Directive
from zhengtu.ledger.rulebook import current_rulebook

SET: Final = "directive.set"
ANSWER: Final = "directive.answer"
DIVIDE: Final = "directive.divide"
CHECK: Final = "directive.check"
CLOSE: Final = "directive.close"

_BY_SETTER: Final = {
    DirectiveDeed.REASSIGN: SET, DirectiveDeed.RELEASE: SET, DirectiveDeed.CLOSE: CLOSE, DirectiveDeed.CANCEL: CLOSE,
    DirectiveDeed.ARCHIVE: CLOSE,
}
"""Deeds of whoever set a directive; those not named here check it."""


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A directive, part or occurrence as it stands today.

    Attributes:
        is_part: whether a unit gave it to one below; then that unit does all that the setter does elsewhere.
        given: units that it was ever given to, and the one that set it; others do not learn what speaks against a deed.
        parts: how many parts it was ever divided into.
    """

    code: str
    row: Directive
    content: DirectiveContent
    case: Case
    is_part: bool
    given: frozenset[str]
    parts: int


def verb_of(deed: DirectiveDeed, *, is_part: bool) -> str:
    """The verb of ``authority.yaml`` by which a deed is done.

    A unit that divided a directive checks and closes its parts by the right to divide: the rights to check and close
    what the city set are not its own.
    """
    if deed in OF_RESPONSIBLE or deed in OF_LEAD:
        return DIVIDE if deed is DirectiveDeed.DIVIDE else ANSWER
    return DIVIDE if is_part else _BY_SETTER.get(deed, CHECK)


def units_of(actor: Actor, deed: DirectiveDeed, *, is_part: bool) -> frozenset[str]:
    """The actor's units for which they may do this."""
    return units_with(actor, verb_of(deed, is_part=is_part))


def units_with(actor: Actor, verb: str) -> frozenset[str]:
    """The units in which a post of the actor's, for no single thing, carries the verb."""
    roles = current_rulebook().authority.roles
    return frozenset(
        posting.unit for posting in actor.postings if not posting.subject and verb in roles.get(posting.role, {})
    )


def case_of(code: str, *, on: date) -> HeldCase | None:
    """The directive, part or occurrence of that code on a day; None where there is none."""
    head, turned_on = head_of(code)
    row = Directive.objects.filter(code=head).first()
    if row is None:
        return None
    above = ["-".join(head.split("-")[:end]) for end in range(2, head.count("-") + 1)]
    rows = with_contents(Directive.objects.filter(code__in=[head, *above]) | Directive.objects.filter(parent=head))
    lives = lives_of(rows, on=on, known=None)
    held = lives.get(head)
    if held is None:
        return None
    life, open_below = held.life, _open_below(held, lives, on=on)
    if turned_on is not None:
        turn = next((one for one in held.occurrences if one.code == code), None)
        if turn is None:
            return None
        life, open_below = turn.life, []
    whole = lives.get(held.content.parent)
    case = Case(
        life=life, setter=held.content.setter, joint=joint_units(held.content, life), open_below=open_below,
        is_recurring=held.content.is_recurring and turned_on is None, is_occurrence=turned_on is not None,
        is_reached=_is_reached(held, on=on), latest_on=whole.life.due_on if whole is not None else None,
    )
    return HeldCase(
        code=code, row=held.row, content=held.content, case=case, is_part=bool(held.content.parent),
        given=frozenset({held.content.setter, *(unit.unit_id for unit in held.row.units.all())}),
        parts=sum(one.parent_id == head for one in rows),
    )


def _open_below(held: Lived, lives: dict[str, Lived], *, on: date) -> list[str]:
    """Numbers of open parts, and of open occurrences that have fallen due or were answered."""
    rules = current_rulebook().directives
    parts = [one.life.number for one in lives.values() if one.content.parent == held.content.code and one.life.is_open]
    turns = [
        occurrence_number(rules, head=held.life.number, on=turn.on) for turn in held.occurrences
        if turn.life.is_open and (turn.life.answered_on is not None or (turn.life.due_on or on) <= on)
    ]
    return parts + turns


def _is_reached(held: Lived, *, on: date) -> bool:
    goals = goal_standings([(held.content, held.life)], on=on, known=None, plans=Plans.NONE)
    goal = goals.get(held.content.code)
    return goal is not None and goal.known.is_reached
