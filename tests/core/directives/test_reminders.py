"""Who is told what of a directive; every turn under one key."""

from __future__ import annotations

from datetime import date, timedelta

from tests.core.directives.scene import CITY, DUE_ON, JOINT, LEAD, content, event, life, rulebook
from zhengtu.core.directives.judging import standing_of
from zhengtu.core.directives.life_cycle import Life
from zhengtu.core.directives.lights import Known
from zhengtu.core.directives.reminders import Reminder, Turn, reminders

RECEIVED = event("received", date(2025, 2, 8), unit=LEAD, officer="某甲")
ANSWERED = event("reported", date(2025, 2, 18), by="p2", unit=LEAD, text="已完成", is_final="final")


def told(found: Life, on: date) -> list[Reminder]:
    """What is told on a day."""
    rules = {"on": on, "rules": rulebook().directives, "calendar": rulebook().calendar}
    return reminders(standing_of(content(), found, known=Known(), plan=None, **rules), **rules)


def turns(found: Life, on: date) -> list[tuple[str, tuple[str, ...]]]:
    """(turn, units or roles)."""
    return [(str(one.turn), tuple(one.units or one.roles)) for one in told(found, on)]


def test_a_new_directive_is_told_to_units_that_have_not_received_it() -> None:
    assert turns(life(), date(2025, 2, 7)) == [("assigned", (LEAD, JOINT))]
    assert turns(life(RECEIVED), date(2025, 2, 10)) == [("assigned", (JOINT,))]


def test_a_joint_units_objection_is_told_to_the_setter_and_the_decision_to_that_unit() -> None:
    on = date(2025, 2, 11)
    objected = event("objected", date(2025, 2, 10), unit=JOINT, reason="不涉及本区")
    assert turns(life(RECEIVED, objected), on) == [("objected", (CITY,))], "it is not asked to receive meanwhile"
    (to_setter,) = told(life(RECEIVED, objected), on)
    assert to_setter.message.parameters["unit"] == JOINT
    declined = life(RECEIVED, objected, event("objection_declined", on, unit=JOINT, reason="涉及"))
    assert turns(declined, on) == [("assigned", (JOINT,)), ("objection_declined", (JOINT,))]
    released = life(RECEIVED, objected, event("unit_released", on, unit=JOINT, reason="成立"))
    assert turns(released, on) == [("unit_released", (JOINT,))]


def test_before_the_last_day_and_along_the_ladder_after_it() -> None:
    joint = event("received", date(2025, 2, 8), unit=JOINT, officer="某乙")
    found = life(RECEIVED, joint)
    assert turns(found, date(2025, 2, 17)) == []
    assert turns(found, date(2025, 2, 18)) == [("due", (LEAD, JOINT))]
    assert turns(found, date(2025, 2, 24)) == [("overdue", (LEAD, JOINT))]
    assert turns(found, date(2025, 3, 3)) == [
        ("overdue", (LEAD, JOINT)), ("escalated", ("coordinator",)), ("escalated", ("vice_mayor",)),
    ]
    assert turns(found, date(2025, 3, 10))[-1] == ("escalated", ("mayor",))


def test_no_key_is_lost_when_nothing_ran_for_days_and_none_is_told_twice() -> None:
    found = life(RECEIVED)
    daily: list[str] = []
    for offset in range(40):
        daily += [one.key for one in told(found, DUE_ON + timedelta(days=offset)) if one.turn is not Turn.DUE]
    at_once = {one.key for one in told(found, DUE_ON + timedelta(days=39))}
    assert set(daily) == at_once
    assert len({key for key in daily if "/overdue/" in key}) == 4


def test_the_setter_is_told_of_an_answer_and_once_more_when_it_waits_too_long() -> None:
    found = life(RECEIVED, ANSWERED)
    assert ("reported", (CITY,)) in turns(found, date(2025, 2, 18))
    assert sum(turn == "reported" for turn, _ in turns(found, date(2025, 2, 26))) == 2
    assert all(turn not in ("due", "overdue", "escalated") for turn, _ in turns(found, date(2025, 4, 1)))


def test_what_is_over_is_told_for_a_month() -> None:
    over = life(event("cancelled", date(2025, 2, 10), reason="撤销"))
    assert turns(over, date(2025, 2, 11)) == [("cancelled", (LEAD, JOINT))]
    assert turns(over, date(2025, 4, 10)) == []
