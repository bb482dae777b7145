"""The light of a directive: one rule, from its dates and what the ledger says; nobody sets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from zhengtu.core.directives.life_cycle import Life
from zhengtu.core.directives.rules import DirectiveRules
from zhengtu.core.directives.standing import Colour, Progress, Rung, State
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import WorkCalendar

_URGENCY: Final = (Colour.IDLE, Colour.GREEN, Colour.BLUE, Colour.YELLOW, Colour.RED)


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger says about a directive's goal.

    Attributes:
        progress: None where it knows nothing.
        share_at_start: share done when it was set, 0 to 1.
        is_reached: whether all is done; runs_by_law: whether only a statutory period is waited for.
    """

    progress: Progress | None = None
    share_at_start: float = 0.0
    is_reached: bool = False
    runs_by_law: bool = False


@dataclass(frozen=True, slots=True)
class DirectiveLight:
    """A light with its sentence, how late the directive is and how far it has climbed."""

    colour: Colour
    reason: Reason
    overdue_workdays: int = 0
    rung: Rung = Rung.NONE


def light_of(
    life: Life, *, known: Known, is_recurring: bool, on: date, rules: DirectiveRules, calendar: WorkCalendar
) -> DirectiveLight:
    """The light on a day.

    A statutory period that runs is never late. The clock of the last day stops when the lead gives its final answer,
    and runs on where that is returned. Of the light by date and the light by progress the more urgent one holds.
    """
    if not life.is_open:
        return DirectiveLight(Colour.IDLE, _reason("ended", N_("It is over.")))
    if is_recurring:
        return DirectiveLight(Colour.IDLE, _reason("recurs", N_("It recurs: its occurrences are judged one by one.")))
    if known.is_reached:
        return DirectiveLight(Colour.GREEN, _reason("reached", N_("The ledger shows the goal reached.")))
    if known.runs_by_law:
        return DirectiveLight(
            Colour.IDLE, _reason("by_law", N_("What is left waits for a statutory period; that is never late."))
        )
    dated = _by_date(life, on=on, rules=rules, calendar=calendar)
    if life.answered_on is not None:
        return dated
    behind = _by_progress(life, known, on=on, rules=rules, calendar=calendar)
    if behind is not None and _URGENCY.index(behind.colour) > _URGENCY.index(dated.colour):
        return DirectiveLight(behind.colour, behind.reason, dated.overdue_workdays, dated.rung)
    return dated


def _by_date(life: Life, *, on: date, rules: DirectiveRules, calendar: WorkCalendar) -> DirectiveLight:
    if life.due_on is None:
        return DirectiveLight(Colour.GREEN, _reason("undated", N_("It has no last day.")))
    clock_on = life.answered_on or on
    if clock_on > life.due_on:
        return _late(life, life.due_on, clock_on, rules=rules, calendar=calendar)
    if life.answered_on is not None:
        return DirectiveLight(
            Colour.GREEN, _reason("answered", N_("Answered in time on %(on)s."), on=life.answered_on.isoformat())
        )
    left = calendar.working_days_between(on, life.due_on).count
    if left <= rules.blue_workdays:
        return DirectiveLight(
            Colour.BLUE,
            _reason("soon", N_("Due on %(on)s; working days left: %(days)s."), on=life.due_on.isoformat(), days=left),
        )
    return DirectiveLight(
        Colour.GREEN,
        _reason("in_time", N_("Due on %(on)s; working days left: %(days)s."), on=life.due_on.isoformat(), days=left),
    )


def _late(life: Life, due_on: date, clock_on: date, *, rules: DirectiveRules, calendar: WorkCalendar) -> DirectiveLight:
    late = calendar.working_days_between(due_on, clock_on).count
    colour = Colour.YELLOW if late <= rules.yellow_overdue_workdays else Colour.RED
    if life.answered_on is not None:
        message = N_("Answered on %(answered)s; working days after the last day %(on)s: %(days)s.")
        reason = _reason(
            "answered_late", message, on=due_on.isoformat(), days=late, answered=life.answered_on.isoformat()
        )
        return DirectiveLight(colour, reason, late)
    reason = _reason("overdue", N_("Overdue since %(on)s; working days: %(days)s."), on=due_on.isoformat(), days=late)
    # While an objection or a request for more time waits, the next move is not the unit's: it climbs no further.
    rung = Rung.NONE if life.state in (State.SET, State.OBJECTED) else rules.rung_of(late)
    return DirectiveLight(colour, reason, late, rung)


def _by_progress(
    life: Life, known: Known, *, on: date, rules: DirectiveRules, calendar: WorkCalendar
) -> DirectiveLight | None:
    """How far the ledger lies behind an even pace from the day it was set to the last day; None where it does not."""
    progress = known.progress
    if progress is None or not progress.total or life.due_on is None or life.due_on <= life.set_on:
        return None
    whole = calendar.working_days_between(life.set_on, life.due_on).count
    passed = calendar.working_days_between(life.set_on, min(on, life.due_on)).count
    if not whole:
        return None
    asked = known.share_at_start + (1 - known.share_at_start) * passed / whole
    points = round(100 * (asked - progress.done / progress.total), 1)
    if points < rules.yellow_points:
        return None
    colour = Colour.YELLOW if points <= rules.red_points else Colour.RED
    return DirectiveLight(
        colour,
        _reason(
            "behind", N_("%(done)s of %(total)s done: %(points)s percentage points behind an even pace."),
            done=progress.done, total=progress.total, points=f"{points:g}",
        ),
    )


def _reason(code: str, message: str, **parameters: object) -> Reason:
    return Reason(code=f"directive.light.{code}", message=message, parameters=parameters)
