"""Which deeds are possible next, for whom, and why not the others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.core.directives.scene import CITY, DUE_ON, JOINT, LEAD, OTHER, SET_ON, case, event, life, rulebook
from zhengtu.core.directives.life_cycle import Life
from zhengtu.core.directives.next_deeds import (
    DirectiveDeed,
    deeds_open_to,
    reasons_against,
    unit_that_acts,
)
from zhengtu.core.directives.particulars import final_answer_reasons, new_day_reasons, objector_reasons

RECEIVED = event("received", date(2025, 2, 8), unit=LEAD, officer="某甲")
ANSWERED = event("reported", date(2025, 2, 18), by="p2", unit=LEAD, text="已完成", is_final="final")
VERIFIED = event("verified", date(2025, 2, 19), finding="属实")


def codes(deed: str, found: Life, *, unit: str, on: date = SET_ON, person: str = "p9", **changes: Any) -> list[str]:
    """Codes of the reasons against a deed."""
    rules = {"rules": rulebook().directives, "calendar": rulebook().calendar}
    reasons = reasons_against(DirectiveDeed(deed), case(found, **changes), unit=unit, person=person, on=on, **rules)
    return [reason.code.removeprefix("directive.") for reason in reasons]


def test_each_responsible_unit_receives_once_and_others_do_not() -> None:
    assert codes("receive", life(), unit=LEAD) == []
    assert codes("receive", life(), unit=JOINT) == []
    assert codes("receive", life(), unit=OTHER) == ["not_responsible"]
    assert codes("receive", life(RECEIVED), unit=LEAD) == ["received"]


def test_objections_are_made_within_five_working_days() -> None:
    # Friday 7 February; Saturday 8 is a make-up working day, so the fifth working day after it is Thursday 13.
    assert codes("object", life(), unit=LEAD, on=date(2025, 2, 13)) == []
    assert codes("object", life(), unit=LEAD, on=date(2025, 2, 14)) == ["objection_late"]


def test_a_responsible_unit_objects_before_receipt_and_only_once() -> None:
    objected = event("objected", date(2025, 2, 10), unit=LEAD, reason="非本区")
    declined = event("objection_declined", date(2025, 2, 10), reason="不成立")
    assert codes("object", life(), unit=OTHER) == ["not_responsible"]
    assert codes("object", life(RECEIVED), unit=LEAD) == ["state"]
    assert codes("object", life(objected, declined), unit=LEAD) == ["objected_once"]
    assert codes("decline_objection", life(objected), unit=CITY) == []
    assert codes("decline_objection", life(), unit=CITY) == ["state"]


def test_a_joint_unit_objects_too_whatever_the_lead_has_done() -> None:
    objected = event("objected", date(2025, 2, 10), unit=JOINT, reason="不涉及本区")
    declined = event("objection_declined", date(2025, 2, 11), unit=JOINT, reason="涉及")
    own = event("received", date(2025, 2, 8), unit=JOINT, officer="某乙")
    assert codes("object", life(RECEIVED), unit=JOINT, on=date(2025, 2, 13)) == []
    assert codes("object", life(RECEIVED), unit=JOINT, on=date(2025, 2, 14)) == ["objection_late"]
    assert codes("object", life(own), unit=JOINT) == ["received_objection"]
    for deed in ("object", "receive"):
        assert codes(deed, life(objected), unit=JOINT) == ["objection_waits"]
    assert codes("object", life(objected, declined), unit=JOINT) == ["objected_once"]
    assert codes("receive", life(objected, declined), unit=JOINT) == []
    assert codes("object", life(objected), unit=LEAD, on=date(2025, 2, 10)) == [], "each unit speaks for itself"


def test_the_days_of_a_joint_unit_run_from_the_first_assignment() -> None:
    moved = event("reassigned", date(2025, 2, 17), lead=OTHER, reason="改办")
    assert codes("object", life(moved), unit=OTHER, on=date(2025, 2, 18)) == []
    assert codes("object", life(moved), unit=JOINT, on=date(2025, 2, 18)) == ["objection_late"]


def test_only_an_objection_that_waits_is_decided_and_only_a_joint_unit_is_released() -> None:
    of_lead = event("objected", date(2025, 2, 10), unit=LEAD, reason="非本区")
    of_joint = event("objected", date(2025, 2, 10), unit=JOINT, reason="不涉及本区")
    assert codes("release", life(of_joint), unit=CITY) == []
    assert codes("release", life(of_joint), unit=LEAD) == ["not_setter"]
    assert codes("release", life(of_lead), unit=CITY) == ["no_joint_objection"]
    assert codes("decline_objection", life(of_joint), unit=CITY) == []
    both = case(life(of_lead, of_joint)).objectors
    assert both == (LEAD, JOINT)
    assert objector_reasons(both, unit=JOINT) == []
    assert [one.code for one in objector_reasons(both, unit="")] == ["directive.whose_objection"]
    assert [one.code for one in objector_reasons((JOINT,), unit=LEAD)] == ["directive.whose_objection"]
    assert objector_reasons((JOINT,), unit="") == []


def test_an_answer_needs_a_receipt_and_waits_to_be_checked() -> None:
    assert codes("report", life(), unit=LEAD) == ["not_received"]
    assert codes("report", life(RECEIVED), unit=LEAD) == []
    assert codes("report", life(RECEIVED, ANSWERED), unit=LEAD) == ["state"]
    assert codes("report", life(RECEIVED), unit=JOINT) == ["not_received"]


def test_a_final_answer_waits_for_the_parts_that_were_given_away() -> None:
    divided = case(life(RECEIVED), open_below=["督办〔2025〕1号之1"])
    assert [one.code for one in final_answer_reasons(divided, unit=LEAD)] == ["directive.parts_open"]
    assert final_answer_reasons(divided, unit=JOINT) == []


def test_more_time_is_asked_for_up_to_the_last_day_and_never_after() -> None:
    assert codes("ask_extension", life(RECEIVED), unit=LEAD, on=DUE_ON) == []
    assert codes("ask_extension", life(RECEIVED), unit=LEAD, on=date(2025, 2, 22)) == ["asked_late"]
    assert codes("ask_extension", life(RECEIVED, due_on=None), unit=LEAD) == ["no_due"]
    assert codes("ask_extension", life(), unit=LEAD) == ["state"]
    asked = event("extension_asked", date(2025, 2, 10), unit=LEAD, due_on="2025-03-07", reason="雪大")
    assert codes("ask_extension", life(RECEIVED, asked), unit=LEAD) == ["asked"]
    assert codes("grant_extension", life(RECEIVED, asked), unit=CITY) == []
    assert codes("grant_extension", life(RECEIVED), unit=CITY) == ["not_asked"]


@pytest.mark.parametrize(("deed", "due_on", "expected"), [
    ("ask_extension", None, "new_day"), ("ask_extension", DUE_ON, "new_day_early"),
    ("ask_extension", date(2025, 3, 7), ""), ("return", date(2025, 2, 10), "new_day_early"),
    ("return", date(2025, 2, 11), ""), ("ask_extension", date(2025, 4, 1), "beyond"),
])
def test_a_new_last_day_lies_ahead_and_within_the_whole(deed: str, due_on: date | None, expected: str) -> None:
    asked = case(life(RECEIVED), latest_on=date(2025, 3, 15))
    reasons = new_day_reasons(DirectiveDeed(deed), asked, due_on=due_on, on=date(2025, 2, 10))
    assert [one.code for one in reasons] == ([f"directive.{expected}"] if expected else [])


def test_closing_needs_a_verified_answer_or_the_goal_reached_and_only_the_setter_closes() -> None:
    assert codes("close", life(RECEIVED, ANSWERED), unit=CITY) == ["not_verified"]
    assert codes("close", life(RECEIVED, ANSWERED, VERIFIED), unit=CITY) == []
    assert codes("close", life(RECEIVED), unit=CITY, is_reached=True) == []
    assert codes("close", life(RECEIVED, ANSWERED, VERIFIED), unit=LEAD) == ["not_setter"]
    assert codes("close", life(RECEIVED, ANSWERED, VERIFIED), unit=CITY, open_below=["x"]) == ["open_below"]


def test_nobody_checks_or_closes_what_they_answered_themselves() -> None:
    for deed, found in (("verify", life(RECEIVED, ANSWERED)), ("return", life(RECEIVED, ANSWERED)),
                        ("close", life(RECEIVED, ANSWERED, VERIFIED))):
        assert codes(deed, found, unit=CITY, person="p2") == ["own_answer"]
        assert codes(deed, found, unit=CITY, person="p9") == []


def test_what_is_over_stays_over() -> None:
    over = life(event("cancelled", date(2025, 2, 10), reason="撤销"))
    for deed in DirectiveDeed:
        unit = next(iter(sorted(case(over).units_for(deed))))
        if deed is not DirectiveDeed.ARCHIVE:
            assert codes(deed, over, unit=unit), deed
    assert codes("archive", over, unit=CITY) == []
    assert codes("archive", life(), unit=CITY) == ["not_ended"]


def test_recurring_heads_are_answered_by_occurrences_and_occurrences_received_with_heads() -> None:
    assert codes("report", life(RECEIVED), unit=LEAD, is_recurring=True) == ["recurring"]
    assert codes("divide", life(RECEIVED), unit=LEAD, is_recurring=True) == ["recurring_parts"]
    assert codes("receive", life(), unit=LEAD, is_occurrence=True) == ["occurrence"]
    assert codes("close", life(RECEIVED), unit=CITY, is_recurring=True) == []
    assert codes("close", life(RECEIVED), unit=CITY, is_recurring=True, open_below=["x"]) == ["open_below"]


def test_a_person_of_two_responsible_units_acts_for_the_one_that_still_can() -> None:
    rules = {"on": SET_ON, "rules": rulebook().directives, "calendar": rulebook().calendar}
    units = {LEAD, JOINT}
    assert unit_that_acts(DirectiveDeed.RECEIVE, case(life()), units=units, **rules) == LEAD
    assert unit_that_acts(DirectiveDeed.RECEIVE, case(life(RECEIVED)), units=units, **rules) == JOINT
    open_to = deeds_open_to(case(life(RECEIVED)), units={JOINT}, person="p9", **rules)
    assert set(open_to) == {DirectiveDeed.RECEIVE, DirectiveDeed.OBJECT, DirectiveDeed.REPORT}
    assert open_to[DirectiveDeed.RECEIVE] == []
