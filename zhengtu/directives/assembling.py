"""From rows and facts to standings: directives, their parts and their occurrences, in few reads however many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from zhengtu.core.directives.content import DirectiveContent
from zhengtu.core.directives.judging import Turned, standing_of
from zhengtu.core.directives.life_cycle import DirectiveEvent, Life, ended_with, life_of, occurrence_life
from zhengtu.core.directives.numbering import occurrence_code, occurrence_number
from zhengtu.core.directives.recurrences import occurrences
from zhengtu.core.directives.standing import DirectiveStanding
from zhengtu.directives.contents import content_of
from zhengtu.directives.facts import Events, events_of
from zhengtu.directives.goal_progress import NOTHING_KNOWN, GoalStanding, Plans, goal_standings
from zhengtu.directives.models import Directive
from zhengtu.ledger.rulebook import current_rulebook

_UNKNOWN = GoalStanding(known=NOTHING_KNOWN)


@dataclass(frozen=True, slots=True)
class LivedOccurrence:
    """One occurrence with its life."""

    code: str
    on: date
    life: Life


@dataclass(frozen=True, slots=True)
class Lived:
    """A directive with its life and, where it recurs, the lives of its occurrences."""

    row: Directive
    content: DirectiveContent
    life: Life
    occurrences: Sequence[LivedOccurrence] = ()


def with_contents(rows: QuerySet[Directive]) -> list[Directive]:
    """Directives with what their contents are read from, by code: the whole before its parts."""
    return list(rows.prefetch_related("units").select_related("source").defer("source__text").order_by("code"))


def lives_of(rows: Sequence[Directive], *, on: date, known: date | None) -> dict[str, Lived]:
    """Code -> the directive's life by the end of a day; those not yet set are absent.

    A part whose whole was cancelled is cancelled with it; so the wholes of all parts have to be among the rows.
    """
    recurring = [row.code for row in rows if row.rrule]
    events = events_of([row.code for row in rows], on=on, known=known, recurring=recurring)
    found: dict[str, Lived] = {}
    for row in sorted(rows, key=lambda one: one.code):
        content = content_of(row)
        life = life_of(content, events.get(row.code, ()), on=on, known=known)
        if life is None:
            continue
        if row.parent_id in found:
            life = ended_with(life, found[row.parent_id].life)
        turns = _occurrences(content, life, events, on=on, known=known) if row.rrule else []
        found[row.code] = Lived(row, content, life, turns)
    return found


def _occurrences(
    content: DirectiveContent, head: Life, events: Events, *, on: date, known: date | None
) -> list[LivedOccurrence]:
    """Those that fell due by the day and the next one; none after the directive ended, none out of its time."""
    last = on if head.ended_on is None else min(on, head.ended_on)
    first = content.rrule_from or head.set_on
    days = occurrences(
        content.rrule, from_on=first, through_on=last, until_on=content.rrule_until,
        calendar=current_rulebook().calendar,
    )
    if head.ended_on is not None:
        days = [one for one in days if one.due_on <= head.ended_on]
    found, opens_on = [], head.set_on
    for one in days:
        code = occurrence_code(content.code, on=one.on)
        own: Sequence[DirectiveEvent] = events.get(code, ())
        life = occurrence_life(
            content, head, own, opens_on=opens_on, due_on=one.due_on, on=on, known=known
        )
        found.append(LivedOccurrence(code=code, on=one.on, life=life))
        opens_on = one.due_on + timedelta(days=1)
    return found


def standings_of(
    lived: Iterable[Lived], *, on: date, known: date | None, plans: Plans
) -> list[DirectiveStanding]:
    """How directives and their occurrences stand, each directive before its own."""
    held = list(lived)
    goals = goal_standings([(one.content, one.life) for one in held], on=on, known=known, plans=plans)
    rules, calendar = current_rulebook().directives, current_rulebook().calendar
    found = []
    for one in held:
        goal = goals.get(one.content.code, _UNKNOWN)
        found.append(
            standing_of(
                one.content, one.life, known=goal.known, plan=goal.plan, on=on, rules=rules, calendar=calendar,
                source=one.row.source_id,
            )
        )
        found += [
            standing_of(
                one.content, turn.life, known=NOTHING_KNOWN, plan=None, on=on, rules=rules, calendar=calendar,
                source=one.row.source_id,
                occurrence=Turned(turn.code, occurrence_number(rules, head=one.life.number, on=turn.on), turn.on),
            )
            for turn in one.occurrences
        ]
    return found
