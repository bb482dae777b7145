"""The light of a directive by its dates and by what the ledger says."""

from __future__ import annotations

from datetime import date

import pytest

from tests.core.directives.scene import DUE_ON, LEAD, event, life, rulebook
from zhengtu.core.directives.life_cycle import Life
from zhengtu.core.directives.lights import DirectiveLight, Known, light_of
from zhengtu.core.directives.standing import Colour, Progress, Rung

RECEIVED = event("received", date(2025, 2, 8), unit=LEAD, officer="某甲")


def light(found: Life, on: date, *, known: Known | None = None, is_recurring: bool = False) -> DirectiveLight:
    """The light on a day by the rulebook."""
    return light_of(
        found, known=known or Known(), is_recurring=is_recurring, on=on, rules=rulebook().directives,
        calendar=rulebook().calendar,
    )


@pytest.mark.parametrize(("on", "colour", "late", "rung"), [
    (date(2025, 2, 17), Colour.GREEN, 0, Rung.NONE),        # four working days left
    (date(2025, 2, 18), Colour.BLUE, 0, Rung.NONE),         # three
    (DUE_ON, Colour.BLUE, 0, Rung.NONE),                    # Friday, the last day itself
    (date(2025, 2, 22), Colour.YELLOW, 0, Rung.NONE),       # Saturday: late, but not by a working day
    (date(2025, 2, 24), Colour.YELLOW, 1, Rung.UNIT_HEAD),
    (date(2025, 2, 26), Colour.YELLOW, 3, Rung.COORDINATOR),
    (date(2025, 2, 28), Colour.YELLOW, 5, Rung.COORDINATOR),
    (date(2025, 3, 3), Colour.RED, 6, Rung.VICE_MAYOR),
    (date(2025, 3, 7), Colour.RED, 10, Rung.VICE_MAYOR),
    (date(2025, 3, 10), Colour.RED, 11, Rung.MAYOR),
])
def test_by_date(on: date, colour: Colour, late: int, rung: Rung) -> None:
    found = light(life(RECEIVED), on)
    assert (found.colour, found.overdue_workdays, found.rung) == (colour, late, rung)


def test_the_clock_stops_with_the_final_answer_and_says_whether_it_was_late() -> None:
    in_time = event("reported", date(2025, 2, 20), unit=LEAD, text="完成", is_final="final")
    late = event("reported", date(2025, 2, 25), unit=LEAD, text="完成", is_final="final")
    assert light(life(RECEIVED, in_time), date(2025, 4, 1)).colour is Colour.GREEN
    found = light(life(RECEIVED, late), date(2025, 4, 1))
    assert (found.colour, found.overdue_workdays, found.rung) == (Colour.YELLOW, 2, Rung.NONE)


def test_an_objection_that_waits_for_its_decision_climbs_no_further() -> None:
    objected = event("objected", date(2025, 2, 10), unit=LEAD, reason="非本区")
    assert light(life(objected), date(2025, 4, 1)).rung is Rung.NONE


@pytest.mark.parametrize(("done", "colour"), [
    (41, Colour.GREEN), (40, Colour.YELLOW), (20, Colour.YELLOW), (19, Colour.RED),
])
def test_by_progress_behind_an_even_pace(done: int, colour: Colour) -> None:
    # Twenty working days from Friday 7 February (Saturday 8 is worked) to 6 March; ten of them have passed by the 20th.
    calendar, last, on = rulebook().calendar, date(2025, 3, 6), date(2025, 2, 20)
    assert calendar.working_days_between(date(2025, 2, 7), last).count == 20
    assert calendar.working_days_between(date(2025, 2, 7), on).count == 10
    known = Known(progress=Progress("signed", done, 100, "households"))
    assert light(life(RECEIVED, due_on=last), on, known=known).colour is colour


def test_what_was_done_before_it_was_set_is_not_asked_again() -> None:
    found, on = life(RECEIVED, due_on=date(2025, 3, 7)), date(2025, 2, 10)
    known = Known(progress=Progress("signed", 90, 100, "households"), share_at_start=0.9)
    assert light(found, on, known=known).colour is Colour.GREEN


def test_a_statutory_period_is_never_late_and_a_goal_reached_is_green() -> None:
    progress = Progress("launched", 3, 4, "sections")
    by_law = light(life(RECEIVED), date(2025, 6, 2), known=Known(progress=progress, runs_by_law=True))
    assert (by_law.colour, by_law.overdue_workdays, by_law.rung) == (Colour.IDLE, 0, Rung.NONE)
    reached = light(life(RECEIVED), date(2025, 6, 2), known=Known(progress=progress, is_reached=True))
    assert (reached.colour, reached.rung) == (Colour.GREEN, Rung.NONE)


def test_heads_and_what_is_over_are_not_judged() -> None:
    over = life(event("cancelled", date(2025, 2, 10), reason="撤销"))
    assert light(over, date(2025, 6, 2)).colour is Colour.IDLE
    assert light(life(RECEIVED), date(2025, 6, 2), is_recurring=True).colour is Colour.IDLE
