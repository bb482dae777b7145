"""From content, life and what the ledger knows to the standing that lists, reviews and bulletins share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhengtu.core.directives.content import DirectiveContent
from zhengtu.core.directives.life_cycle import Life, joint_units
from zhengtu.core.directives.lights import Known, light_of
from zhengtu.core.directives.rules import DirectiveRules
from zhengtu.core.directives.standing import DirectiveStanding, PlanOfGoal, State
from zhengtu.core.kernel.work_calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Turned:
    """What tells an occurrence from its head: its code, its number and the day that the rule names."""

    code: str
    number: str
    on: date


def standing_of(
    content: DirectiveContent,
    life: Life,
    *,
    known: Known,
    plan: PlanOfGoal | None,
    on: date,
    rules: DirectiveRules,
    calendar: WorkCalendar,
    occurrence: Turned | None = None,
    source: int | None = None,
) -> DirectiveStanding:
    """How a directive, or one occurrence of it, stands on a day."""
    is_recurring = content.is_recurring and occurrence is None
    light = light_of(life, known=known, is_recurring=is_recurring, on=on, rules=rules, calendar=calendar)
    joint = joint_units(content, life)
    owing = [unit for unit in (life.lead, *joint) if unit not in life.objections] if life.is_open else []
    return DirectiveStanding(
        code=occurrence.code if occurrence else content.code,
        number=occurrence.number if occurrence else life.number,
        matter=content.matter, setter=content.setter, lead=life.lead, joint=joint,
        assisting=tuple(unit for unit in content.assisting if unit != life.lead),
        officer=life.officers.get(life.lead, ""), projects=tuple(content.projects), set_on=life.set_on,
        due_on=life.due_on, first_due_on=life.first_due_on, state=life.state, state_on=life.state_on,
        colour=light.colour, light_reason=light.reason, rung=light.rung, overdue_workdays=light.overdue_workdays,
        waits_for=_waits_for(content, life), progress=known.progress, is_reached=known.is_reached,
        closed_on=life.closed_on, parent=content.code if occurrence else content.parent,
        occurrence_on=occurrence.on if occurrence else None, rrule=content.rrule if is_recurring else "",
        goal=content.goal, urgency=content.urgency, answered_on=life.answered_on, asks_until=life.asks_until,
        not_received=tuple(unit for unit in owing if unit not in life.received),
        not_answered=() if is_recurring else tuple(unit for unit in owing if unit not in life.answered),
        returned_times=life.returned_times, chased_times=life.chased_times, returned_on=life.returned_on,
        chased_on=life.chased_on, asked_on=life.asked_on,
        extended_times=life.extended_times, refused_times=life.refused_times,
        objection_was_declined=life.lead in life.declined, objections=life.objections,
        declined={unit: day for unit, day in life.declined.items() if unit != life.lead}, released=life.released,
        runs_by_law=known.runs_by_law, plan=plan,
        review=content.review, source=source,
    )


def _waits_for(content: DirectiveContent, life: Life) -> str:
    if life.state in (State.CLOSED, State.ARCHIVED, State.CANCELLED):
        return ""
    return content.setter if life.waits_for_setter else life.lead
