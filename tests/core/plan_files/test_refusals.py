"""Plans that cannot be read or carried out are refused with what is wrong, and what to do, by name."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.core.plan_files.kit import FREE, calendar, constraint, link, mspdi, task, times, working
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.plan_files.mspdi_reading import read_mspdi

MSO, MFO, SNLT, FNLT = 2, 3, 5, 7


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        times(content)
    (reason,) = caught.value.reasons
    assert reason.remedy
    return reason.code, reason.in_english()


def test_a_circle_is_named_in_order() -> None:
    code, text = refusal(mspdi(task(1, 8, link(3)), task(2, 8, link(1)), task(3, 8, link(2)), task(4, 8, link(3))))
    assert code == "plan_file.circle"
    names = text.partition(": ")[2].partition(".")[0].split(" → ")
    assert names[0] == names[-1]
    around = {("“T1” (1)", "“T2” (2)"), ("“T2” (2)", "“T3” (3)"), ("“T3” (3)", "“T1” (1)")}
    assert set(pairwise(names)) == around


def test_a_task_that_waits_for_itself() -> None:
    assert refusal(mspdi(task(1, 8, link(1))))[1].startswith("These tasks wait for one another: “T1” (1) → “T1” (1).")


def test_a_summary_linked_with_what_it_holds() -> None:
    code, text = refusal(mspdi(task(10, 0, "<Summary>1</Summary>"), task(1, 8, link(10), level=2)))
    assert code == "plan_file.circle"
    assert "T10" in text
    assert "T1" in text


def test_a_circle_through_a_summary() -> None:
    plan = mspdi(task(10, 0, "<Summary>1</Summary>", link(2)), task(1, 8, level=2), task(2, 8, link(1)))
    assert refusal(plan)[0] == "plan_file.circle"


def test_a_link_to_nothing() -> None:
    code, text = refusal(mspdi(task(1, 8, link(77))))
    assert code == "plan_file.link_to_nothing"
    assert "“T1” (UID 1)" in text
    assert "77" in text


def test_a_link_into_another_file_is_left_aside() -> None:
    outside = link(77).replace("</PredecessorLink>", "<CrossProject>1</CrossProject></PredecessorLink>")
    assert times(mspdi(task(1, 8, outside))).rows[0].total_float_days == 0


@pytest.mark.parametrize("days", [dict.fromkeys(range(1, 8), FREE), {1: FREE}])
def test_a_calendar_without_working_days(days: dict[int, str]) -> None:
    code, text = refusal(mspdi(task(1), calendars=(calendar(1, days=days, name="Never"),)))
    assert code == "plan_file.calendar_without_work"
    assert "“Never” (UID 1)" in text


def test_a_calendar_that_is_based_on_itself() -> None:
    plan = mspdi(task(1), calendars=(calendar(1, days={2: FREE}, base=2), calendar(2, days={3: FREE}, base=1)))
    assert refusal(plan)[0] == "plan_file.calendar_circle"


@pytest.mark.parametrize(
    ("kind", "at"),
    [(MSO, "2025-01-07T08:00"), (MFO, "2025-01-08T17:00"), (SNLT, "2025-01-07T08:00"), (FNLT, "2025-01-08T17:00")],
)
def test_a_constraint_that_a_link_does_not_let_hold_is_a_conflict(kind: int, at: str) -> None:
    """The predecessor takes until Wednesday evening; dates are counted with the constraint all the same."""
    found = times(mspdi(task(1, 24), task(2, 8, link(1), constraint(kind, at))))
    (reason,) = found.conflicts
    assert reason.code == "plan_file.constraint_impossible"
    assert (reason.parameters["uid"], reason.parameters["before_uid"]) == (2, 1)
    assert str(reason.parameters["soonest"]).startswith("2025-01-09T08:00")
    assert (found.rows[0].total_float_days or 0) < 0


def test_a_limit_before_the_project_can_reach_it_is_a_conflict() -> None:
    (reason,) = times(mspdi(task(1, 24, constraint(FNLT, "2025-01-07T17:00")))).conflicts
    assert reason.code == "plan_file.constraint_before_start"


def test_a_limit_of_a_summary_that_its_tasks_do_not_keep_is_a_conflict() -> None:
    inside = task(1, 24, level=2)
    (reason,) = times(mspdi(task(10, 0, constraint(FNLT, "2025-01-07T17:00")), inside)).conflicts
    assert (reason.code, reason.parameters["uid"]) == ("plan_file.summary_limit_impossible", 10)
    assert times(mspdi(task(10, 0, constraint(FNLT, "2025-01-08T17:00")), inside)).conflicts == ()


def test_a_constraint_without_a_date() -> None:
    code, text = refusal(mspdi(task(1, 8, "<ConstraintType>4</ConstraintType>")))
    assert code == "plan_file.constraint_without_date"
    assert "“T1” (UID 1)" in text


def test_a_task_that_finished_before_it_started() -> None:
    happened = "<ActualStart>2025-01-09T08:00:00</ActualStart><ActualFinish>2025-01-07T17:00:00</ActualFinish>"
    code, text = refusal(mspdi(task(1, 8, happened)))
    assert code == "plan_file.finished_before_started"
    assert text.startswith("“T1” (UID 1) finished at 2025-01-07T17:00:00, before it started at 2025-01-09T08:00:00.")


def test_a_plan_without_any_date() -> None:
    assert refusal(mspdi(task(1), start=""))[0] == "plan_file.no_start"


def test_a_plan_that_never_ends() -> None:
    assert refusal(mspdi(task(1, 999_999)))[0] == "plan_file.too_far"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "plan_file.not_xml"),
        (b"PK\x03\x04", "plan_file.not_xml"),
        (b"<Project><Tasks>", "plan_file.not_xml"),
        (b'<?xml version="1.0" encoding="nobody-knows"?><Project/>', "plan_file.not_xml"),
        (b"<?xml version='1.0' encoding='GBK'?><Project>" + b"\xff\xff", "plan_file.not_xml"),
        (b"<Project xmlns='http://schemas.microsoft.com/project'/>", "plan_file.no_tasks"),
        (b"<APIBusinessObjects/>", "plan_file.not_mspdi"),
        (b'<!DOCTYPE a [<!ENTITY b "b">]><Project><Tasks/></Project>', "plan_file.declares_entities"),
        ('<!DOCTYPE a [<!ENTITY b "b">]><Project/>'.encode("utf-16"), "plan_file.declares_entities"),
        (mspdi(task(1), task(1)), "plan_file.uid_twice"),
    ],
)
def test_what_is_no_plan(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as caught:
        read_mspdi(content)
    assert caught.value.reasons[0].code == code
    assert caught.value.reasons[0].remedy


@pytest.mark.parametrize(
    ("inside", "field"),
    [
        ("<Duration>eight hours</Duration>", "Duration"),
        ("<ConstraintType>12</ConstraintType>", "ConstraintType"),
        ("<Deadline>tomorrow</Deadline>", "Deadline"),
        ("<PercentComplete>much</PercentComplete>", "PercentComplete"),
        ("<Summary>perhaps</Summary>", "Summary"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_with_its_task(inside: str, field: str) -> None:
    content = mspdi(f"<Task><UID>7</UID>{inside}</Task>")
    with pytest.raises(Refused) as caught:
        read_mspdi(content)
    assert caught.value.reasons[0].in_english().startswith(f"Task 7: the field {field} says “")


def test_a_working_time_that_ends_before_it_starts_is_named() -> None:
    backwards = calendar(1, days={2: working("18:00-02:00")})
    with pytest.raises(Refused, match="Calendar 1, WeekDay 2: a working time ends before it starts"):
        read_mspdi(mspdi(task(1), calendars=(backwards,)))
