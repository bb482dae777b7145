"""A directive's life folded from its facts, as of a day and as known on a day."""

from __future__ import annotations

from datetime import date

from tests.core.directives.scene import DUE_ON, JOINT, LEAD, OTHER, SET_ON, begun, content, event, life
from zhengtu.core.directives.life_cycle import ended_with, joint_units, life_of, occurrence_life
from zhengtu.core.directives.standing import State

RECEIVED = event("received", date(2025, 2, 8), unit=LEAD, officer="某甲")
ANSWERED = event("reported", date(2025, 2, 18), by="p2", unit=LEAD, text="已完成", is_final="final")


def test_the_way_from_setting_to_the_archive() -> None:
    way = [
        (RECEIVED, State.RECEIVED), (ANSWERED, State.REPORTED),
        (event("verified", date(2025, 2, 19), finding="属实"), State.VERIFIED),
        (event("closed", date(2025, 2, 20), conclusion="办结"), State.CLOSED),
        (event("archived", date(2025, 2, 24)), State.ARCHIVED),
    ]
    assert life().state is State.ASSIGNED
    for place, (_, state) in enumerate(way, start=1):
        assert life(*(fact for fact, _ in way[:place])).state is state
    ended = life(*(fact for fact, _ in way))
    assert (ended.closed_on, ended.ended_on) == (date(2025, 2, 20), date(2025, 2, 20))


def test_as_of_a_day_only_what_had_happened_and_as_known_only_what_was_recorded() -> None:
    late = event("received", date(2025, 2, 8), recorded_on=date(2025, 2, 12), unit=LEAD, officer="某甲")
    assert life(late, on=date(2025, 2, 7)).state is State.ASSIGNED
    assert life(late, on=date(2025, 2, 8)).state is State.RECEIVED
    assert life(late, on=date(2025, 2, 20), known=date(2025, 2, 11)).state is State.ASSIGNED
    assert life_of(content(), begun(), on=date(2025, 2, 6)) is None


def test_an_interim_answer_and_a_joint_units_answer_leave_the_state_to_the_lead() -> None:
    interim = event("reported", date(2025, 2, 10), unit=LEAD, text="过半", is_final="interim")
    joint = event("reported", date(2025, 2, 11), by="p3", unit=JOINT, text="完成", is_final="final")
    found = life(RECEIVED, interim, joint)
    assert found.state is State.RECEIVED
    assert found.answered == {JOINT: date(2025, 2, 11)}
    assert found.reporters == {"p1", "p3"}


def test_a_returned_answer_is_asked_again_by_a_new_day_and_the_clock_runs_on() -> None:
    back = event("returned", date(2025, 2, 19), reason="无佐证", due_on="2025-02-26")
    found = life(RECEIVED, ANSWERED, back)
    assert (found.state, found.due_on, found.first_due_on) == (State.RETURNED, date(2025, 2, 26), DUE_ON)
    assert (found.answered_on, found.answered, found.returned_times) == (None, {}, 1)
    again = event("reported", date(2025, 2, 25), by="p2", unit=LEAD, text="补充", is_final="final")
    assert life(RECEIVED, ANSWERED, back, again).answered_on == date(2025, 2, 25)


def test_more_time_is_asked_for_granted_or_refused() -> None:
    asked = event("extension_asked", date(2025, 2, 20), unit=LEAD, due_on="2025-03-07", reason="雪大")
    waiting = life(RECEIVED, asked)
    assert (waiting.asks_until, waiting.due_on, waiting.waits_for_setter) == (date(2025, 3, 7), DUE_ON, True)
    granted = life(RECEIVED, asked, event("extended", date(2025, 2, 20), due_on="2025-03-03", reason="同意"))
    assert (granted.asks_until, granted.due_on, granted.first_due_on) == (None, date(2025, 3, 3), DUE_ON)
    refused = life(RECEIVED, asked, event("extension_refused", date(2025, 2, 20), reason="不同意"))
    assert (refused.asks_until, refused.due_on, refused.refused_times) == (None, DUE_ON, 1)


def test_an_objection_is_declined_or_leads_to_another_unit_with_its_own_days() -> None:
    objected = event("objected", date(2025, 2, 10), unit=LEAD, reason="非本区")
    assert life(objected).waits_for_setter
    declined = life(objected, event("objection_declined", date(2025, 2, 11), reason="不成立"))
    assert (declined.state, declined.declined, declined.lead) == (State.ASSIGNED, {LEAD: date(2025, 2, 11)}, LEAD)
    moved = life(objected, event("reassigned", date(2025, 2, 12), lead=OTHER, reason="成立"))
    assert (moved.state, moved.lead, moved.assigned_on) == (State.ASSIGNED, OTHER, date(2025, 2, 12))
    assert moved.set_on == SET_ON


def test_a_joint_units_objection_leaves_the_lead_at_work_until_it_is_declined_or_accepted() -> None:
    objected = event("objected", date(2025, 2, 10), unit=JOINT, reason="不涉及本区")
    waiting = life(RECEIVED, objected)
    assert (waiting.state, waiting.objections) == (State.RECEIVED, {JOINT: date(2025, 2, 10)})
    assert not waiting.waits_for_setter, "the lead goes on"
    declined = life(RECEIVED, objected, event("objection_declined", date(2025, 2, 11), unit=JOINT, reason="涉及"))
    assert (declined.state, declined.objections, declined.declined) == (State.RECEIVED, {}, {JOINT: date(2025, 2, 11)})
    released = life(RECEIVED, objected, event("unit_released", date(2025, 2, 11), unit=JOINT, reason="成立"))
    assert (released.state, released.objections, released.lead) == (State.RECEIVED, {}, LEAD)
    assert joint_units(content(), waiting) == (JOINT,)
    assert joint_units(content(), released) == ()


def test_a_new_lead_receives_anew_what_it_held_as_a_joint_unit() -> None:
    joint = event("received", date(2025, 2, 8), unit=JOINT, officer="某乙")
    moved = life(RECEIVED, joint, event("reassigned", date(2025, 2, 12), lead=JOINT, reason="改办"))
    assert moved.received == {}


def test_a_part_is_cancelled_with_its_whole_but_not_closed_with_it() -> None:
    part = life(RECEIVED)
    cancelled = life(event("cancelled", date(2025, 2, 11), reason="撤销"))
    closed = life(RECEIVED, ANSWERED, event("closed", date(2025, 2, 20), conclusion="办结"))
    assert ended_with(part, cancelled).state is State.CANCELLED
    assert ended_with(part, cancelled).state_on == date(2025, 2, 11)
    archived = life(event("cancelled", date(2025, 2, 11), reason="撤销"), event("archived", date(2025, 2, 12)))
    assert ended_with(part, archived).state is State.CANCELLED
    assert ended_with(part, closed) == part


def test_an_occurrence_is_received_with_its_head_and_answered_on_its_own() -> None:
    weekly = content(due_kind="recurring", due_on=None, rrule="FREQ=WEEKLY;BYDAY=FR")
    head = life(RECEIVED, due_kind="recurring", due_on=None, rrule="FREQ=WEEKLY;BYDAY=FR")
    own = [ANSWERED]
    days = {"opens_on": date(2025, 2, 15), "due_on": date(2025, 2, 21)}
    found = occurrence_life(weekly, head, own, **days, on=date(2025, 2, 28))
    assert (found.state, found.due_on, found.set_on) == (State.REPORTED, date(2025, 2, 21), date(2025, 2, 15))
    before = occurrence_life(weekly, life(), [], **days, on=date(2025, 2, 28))
    assert before.state is State.ASSIGNED
