"""Who is to be told what about a directive on a day; every turn has a key, so that it is told once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from zhengtu.core.directives.rules import DirectiveRules
from zhengtu.core.directives.standing import Colour, DirectiveStanding, State
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import WorkCalendar


class Turn(StrEnum):
    """What a reminder is about; its notice is of the kind ``directive_…`` of ``rulebook/official_notices``."""

    ASSIGNED = "assigned"
    DUE = "due"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    RETURNED = "returned"
    CHASED = "chased"
    REPORTED = "reported"
    VERIFIED = "verified"
    EXTENSION_ASKED = "extension_asked"
    EXTENDED = "extended"
    EXTENSION_REFUSED = "extension_refused"
    OBJECTED = "objected"
    OBJECTION_DECLINED = "objection_declined"
    UNIT_RELEASED = "unit_released"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to tell.

    Attributes:
        key: what it is about and which turn of it; the same turn has the same key on every day.
        units: units whose people are told; empty where it goes to roles of the whole city.
        roles: role ids of whoever is told, of the units where there are any.
        is_urgent: whether it may not wait for a digest.
    """

    key: str
    turn: Turn
    units: Sequence[str]
    roles: Sequence[str]
    message: Reason
    is_urgent: bool = False


_RECENT_DAYS: Final = 31
"""What happened longer ago is not told any more to those who were not told then."""


def reminders(
    standing: DirectiveStanding, *, on: date, rules: DirectiveRules, calendar: WorkCalendar
) -> list[Reminder]:
    """Everything that is to be told about a directive as it stands on a day."""
    if standing.rrule:
        found = [*_assignments(standing), *_objections(standing, rules=rules)]
    elif standing.is_open:
        found = [
            *_assignments(standing), *_last_day(standing, on=on), *_escalations(standing, rules=rules),
            *_moves_of_units(standing), *_moves_of_setter(standing, on=on, rules=rules, calendar=calendar),
            *_objections(standing, rules=rules),
        ]
    else:
        found = list(_endings(standing))
        if (on - standing.state_on).days > _RECENT_DAYS:
            return []
    heads = tuple(role for step in rules.ladder if step.is_of_unit for role in step.roles)
    return [one if one.roles else replace(one, roles=heads) for one in found]


def _assignments(standing: DirectiveStanding) -> Iterator[Reminder]:
    if standing.occurrence_on is not None or not standing.is_open:
        return
    waiting = list(standing.not_received)
    if waiting:
        yield _told(
            standing, Turn.ASSIGNED, f"{standing.lead}.{standing.set_on.isoformat()}", waiting,
            N_("Directive %(number)s was given to your unit; receive it: %(title)s"),
        )
    if standing.assisting:
        yield _told(
            standing, Turn.ASSIGNED, "assisting", standing.assisting,
            N_("Your unit is to assist with directive %(number)s: %(title)s"),
        )


def _last_day(standing: DirectiveStanding, *, on: date) -> Iterator[Reminder]:
    if standing.colour is Colour.BLUE and standing.due_on is not None and not standing.answered_on:
        yield _told(
            standing, Turn.DUE, standing.due_on.isoformat(), _owing(standing),
            N_("Directive %(number)s is due on %(due_on)s: %(title)s"),
        )


def _escalations(standing: DirectiveStanding, *, rules: DirectiveRules) -> Iterator[Reminder]:
    """Each rung that it has reached, so that none is passed over when nothing ran for some days."""
    if standing.due_on is None or standing.answered_on is not None or not standing.overdue_workdays:
        return
    for step in rules.ladder:
        if standing.overdue_workdays < step.workdays or standing.rung.value == "none":
            continue
        yield Reminder(
            key=f"{standing.code}/overdue/{standing.due_on.isoformat()}/{step.rung}",
            turn=Turn.OVERDUE if step.is_of_unit else Turn.ESCALATED,
            units=_owing(standing) if step.is_of_unit else (), roles=step.roles,
            message=_sentence(
                standing, N_("Directive %(number)s is overdue since %(due_on)s; %(unit)s answers for it: %(title)s")
            ),
            is_urgent=True,
        )


def _moves_of_units(standing: DirectiveStanding) -> Iterator[Reminder]:
    if standing.state is State.RETURNED and standing.returned_on is not None:
        yield _told(
            standing, Turn.RETURNED, f"{standing.returned_times}", (standing.lead,),
            N_("The answer to directive %(number)s was returned; answer again by %(due_on)s: %(title)s"), urgent=True,
        )
    if standing.chased_times and standing.answered_on is None:
        yield _told(
            standing, Turn.CHASED, f"{standing.chased_times}", _owing(standing),
            N_("Directive %(number)s is being chased: %(title)s"), urgent=True,
        )
    lead = (standing.lead,)
    if standing.extended_times:
        yield _told(
            standing, Turn.EXTENDED, f"{standing.extended_times}", lead,
            N_("Directive %(number)s was given more time, until %(due_on)s: %(title)s"),
        )
    if standing.refused_times:
        yield _told(
            standing, Turn.EXTENSION_REFUSED, f"{standing.refused_times}", lead,
            N_("Directive %(number)s was given no more time; it stays due on %(due_on)s: %(title)s"),
        )
    if standing.state is State.VERIFIED:
        yield _told(
            standing, Turn.VERIFIED, f"{standing.returned_times}", lead,
            N_("The answer to directive %(number)s was verified: %(title)s"),
        )


def _moves_of_setter(
    standing: DirectiveStanding, *, on: date, rules: DirectiveRules, calendar: WorkCalendar
) -> Iterator[Reminder]:
    setter, roles = (standing.setter,), rules.setter_roles
    if standing.state is State.REPORTED and standing.answered_on is not None:
        yield _told(
            standing, Turn.REPORTED, f"{standing.returned_times}", setter,
            N_("%(unit)s has answered directive %(number)s; check the answer: %(title)s"), roles=roles,
        )
        if calendar.working_days_between(standing.answered_on, on).count > rules.check_workdays:
            yield _told(
                standing, Turn.REPORTED, f"{standing.returned_times}/late", setter,
                N_("The answer to directive %(number)s has waited to be checked since %(answered_on)s: %(title)s"),
                roles=roles,
            )
    if standing.asks_until is not None:
        yield _told(
            standing, Turn.EXTENSION_ASKED, standing.asks_until.isoformat(), setter,
            N_("%(unit)s asks for more time until %(asks_until)s for directive %(number)s: %(title)s"), roles=roles,
        )


def _objections(standing: DirectiveStanding, *, rules: DirectiveRules) -> Iterator[Reminder]:
    """Objections that wait, told to the setter, and what was decided, told to the units that objected."""
    setter, roles = (standing.setter,), rules.setter_roles
    if standing.state is State.OBJECTED:
        yield _told(
            standing, Turn.OBJECTED, standing.state_on.isoformat(), setter,
            N_("%(unit)s objects to directive %(number)s; decide who leads: %(title)s"), roles=roles,
        )
    for unit, on in sorted(standing.objections.items()):
        yield _told(
            standing, Turn.OBJECTED, f"{unit}.{on.isoformat()}", setter,
            N_("%(unit)s objects to sharing directive %(number)s; decide whether it stays: %(title)s"), roles=roles,
            about=unit,
        )
    declined = {f"{unit}.{on.isoformat()}": unit for unit, on in sorted(standing.declined.items())}
    if standing.state is State.ASSIGNED and standing.objection_was_declined:
        declined[standing.state_on.isoformat()] = standing.lead
    for which, unit in declined.items():
        if unit in standing.not_received:
            yield _told(
                standing, Turn.OBJECTION_DECLINED, which, (unit,),
                N_("The objection to directive %(number)s was declined; receive it: %(title)s"),
            )
    for unit, on in sorted(standing.released.items()):
        yield _told(
            standing, Turn.UNIT_RELEASED, f"{unit}.{on.isoformat()}", (unit,),
            N_("%(unit)s no longer shares directive %(number)s; its objection was accepted: %(title)s"), about=unit,
        )


def _endings(standing: DirectiveStanding) -> Iterator[Reminder]:
    if standing.state is State.CLOSED:
        yield _told(
            standing, Turn.CLOSED, "closed", (standing.lead, *standing.joint),
            N_("Directive %(number)s is closed: %(title)s"),
        )
    elif standing.state is State.CANCELLED:
        yield _told(
            standing, Turn.CANCELLED, "cancelled", (standing.lead, *standing.joint, *standing.assisting),
            N_("Directive %(number)s was cancelled: %(title)s"),
        )


def _owing(standing: DirectiveStanding) -> tuple[str, ...]:
    """Units that still owe an answer, the lead always among them."""
    return tuple(dict.fromkeys((standing.lead, *standing.not_answered)))


def _told(
    standing: DirectiveStanding,
    turn: Turn,
    which: str,
    units: Sequence[str],
    message: str,
    *,
    roles: Sequence[str] = (),
    urgent: bool = False,
    about: str = "",
) -> Reminder:
    return Reminder(
        key=f"{standing.code}/{turn}/{which}", turn=turn, units=tuple(units), roles=tuple(roles),
        message=_sentence(standing, message, about=about), is_urgent=urgent,
    )


_MATTER_SHOWN: Final = 60


def _sentence(standing: DirectiveStanding, message: str, *, about: str = "") -> Reason:
    matter = standing.matter if len(standing.matter) <= _MATTER_SHOWN else f"{standing.matter[:_MATTER_SHOWN]}…"
    days = {
        "due_on": standing.due_on, "answered_on": standing.answered_on, "asks_until": standing.asks_until,
    }
    return Reason(
        code="directive.reminder", message=message,
        parameters={
            "number": standing.number, "title": matter, "unit": about or standing.lead,
            **{name: day.isoformat() for name, day in days.items() if day is not None},
        },
    )
