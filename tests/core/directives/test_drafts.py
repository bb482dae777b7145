"""What is wrong with a directive about to be set."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.core.directives.scene import CITY, JOINT, LEAD, OTHER, rulebook
from zhengtu.core.directives.draft import DirectiveDraft, DraftDue, Parent, draft_reasons, due_on_of, joined_matters

ON = date(2025, 2, 14)
RAILWAY = "220200-railway"
UNITS = {CITY, LEAD, JOINT, OTHER, RAILWAY, "220204-office"}
PLACES = {"220200-P0001": {LEAD, JOINT}, "220204-P0001-S01": {LEAD}}


def draft(**changes: Any) -> DirectiveDraft:
    """A sound draft with changes."""
    return DirectiveDraft(**{
        "lead": LEAD, "matter": "按期完成剩余签约", "due": DraftDue("date", date(2025, 3, 15)), **changes,
    })


def codes(given: DirectiveDraft, *, parent: Parent | None = None, setter: str = CITY) -> list[str]:
    """Codes of what is wrong with it."""
    found = draft_reasons(
        given, set_on=ON, units=UNITS, places=PLACES, setter=setter, rules=rulebook().directives, parent=parent
    )
    assert all(reason.in_english() for reason in found)
    return [reason.code.removeprefix("directive.") for reason in found]


def test_a_sound_draft() -> None:
    assert codes(draft(joint=(JOINT,), assisting=(RAILWAY,), projects=("220200-P0001",), goal="signed")) == []


@pytest.mark.parametrize(("changes", "expected"), [
    ({"lead": ""}, ["lead"]),
    ({"lead": "220299"}, ["unit"]),
    ({"joint": (LEAD,)}, ["unit_twice"]),
    ({"lead": CITY}, ["own_unit"]),
    ({"matter": " \n"}, ["matter"]),
    ({"matter": "长" * 2001}, ["matter_long"]),
    ({"due": DraftDue("date")}, ["due"]),
    ({"due": DraftDue("date", date(2025, 2, 13))}, ["due_past"]),
    ({"due": DraftDue("soon")}, ["due_kind"]),
    ({"due": DraftDue("recurring", rrule="FREQ=HOURLY")}, ["recurrence"]),
    ({"projects": ("220200-P0009",)}, ["place"]),
    ({"goal": "demolished"}, ["goal"]),
    ({"goal": "signed", "lead": OTHER, "projects": ("220200-P0001",)}, ["place_elsewhere"]),
    ({"goal": "signed", "due": DraftDue("recurring", rrule="FREQ=WEEKLY")}, ["goal_recurs"]),
    ({"urgency": "never"}, ["urgency"]),
])
def test_what_is_refused(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(draft(**changes)) == expected


@pytest.mark.parametrize(("changes", "expected"), [
    ({"lead": "220204-office"}, []),
    ({"lead": OTHER}, ["not_below"]),
    ({"lead": "220204-office", "due": DraftDue("date", date(2025, 3, 16))}, ["beyond"]),
    ({"lead": "220204-office", "goal": "vacated"}, ["other_goal"]),
    ({"lead": "220204-office", "projects": ("220204-P0001-S01",)}, []),
])
def test_a_part_is_not_beyond_its_whole(changes: dict[str, Any], expected: list[str]) -> None:
    whole = Parent(date(2025, 3, 15), "signed", ("220200-P0001",), {"220204-office"})
    assert codes(draft(**changes), parent=whole, setter=LEAD) == expected


def test_a_part_names_none_but_the_projects_of_its_whole() -> None:
    whole = Parent(date(2025, 3, 15), "", ("220204-P0001-S01",), {"220204-office"})
    assert codes(draft(lead="220204-office", projects=("220200-P0001",)), parent=whole, setter=LEAD) == ["outside"]


def test_where_no_day_was_said_the_urgency_sets_one() -> None:
    rules = {"rules": rulebook().directives, "calendar": rulebook().calendar}
    undated = draft(due=DraftDue())
    assert due_on_of(undated, set_on=ON, **rules) == date(2025, 3, 7)                # 15 working days
    assert due_on_of(draft(due=DraftDue(), urgency="urgent"), set_on=ON, **rules) == date(2025, 2, 21)
    assert due_on_of(draft(due=DraftDue("recurring", rrule="FREQ=WEEKLY")), set_on=ON, **rules) is None
    whole = Parent(date(2025, 2, 28), "", (), ())
    assert due_on_of(undated, set_on=ON, parent=whole, **rules) == date(2025, 2, 28)


def test_merged_matters_stand_in_their_order_each_once() -> None:
    rules = rulebook().directives
    assert joined_matters(["备足资金。", "按期拨付", "备足资金"], rules=rules) == "备足资金；按期拨付"
