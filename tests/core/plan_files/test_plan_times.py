"""How a Microsoft Project plan is counted, rule by rule; see docs/algorithms/plan-files.md."""

from __future__ import annotations

import pytest

from tests.core.plan_files.kit import (
    FREE,
    OFFICE,
    ROUND_THE_CLOCK,
    calendar,
    constraint,
    early,
    late,
    link,
    mspdi,
    row,
    task,
    times,
    working,
)

FF, FS, SF, SS = 0, 1, 2, 3
ASAP, ALAP, MSO, MFO, SNET, SNLT, FNET, FNLT = range(8)
FRIDAY_ON = mspdi(task(1, 40), task(2, 8, link(1)))


def test_a_task_without_links_starts_with_the_project() -> None:
    assert early(mspdi(task(1, 12)), 1) == "06 08:00 – 07 12:00"


def test_a_project_that_starts_at_night_starts_working_in_the_morning() -> None:
    assert early(mspdi(task(1), start="2025-01-04T00:00"), 1) == "06 08:00 – 06 17:00"


def test_after_a_week_the_next_task_starts_on_monday() -> None:
    assert early(FRIDAY_ON, 1) == "06 08:00 – 10 17:00"
    assert early(FRIDAY_ON, 2) == "13 08:00 – 13 17:00"
    assert late(FRIDAY_ON, 1) == "06 08:00 – 10 17:00"


def test_a_milestone_stands_at_the_end_of_the_day_before() -> None:
    plan = mspdi(task(1, 40), task(2, 0, link(1)), task(3, 8, link(2)))
    assert early(plan, 2) == "10 17:00 – 10 17:00"
    assert late(plan, 2) == "10 17:00 – 10 17:00"
    assert early(plan, 3) == "13 08:00 – 13 17:00"


def test_a_milestone_at_the_start_is_not_late_before_it_is_early() -> None:
    """Friday 17:00 would be the same instant of working time; where the file says nothing, the late date stays."""
    plan = mspdi(task(1, 0), task(2, 8, link(1)))
    assert early(plan, 1) == late(plan, 1) == "06 08:00 – 06 08:00"


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "GB2312", "GBK", "gb18030"])
def test_a_plan_in_any_encoding_that_programs_write(encoding: str) -> None:
    text = mspdi(task(1)).decode().replace("UTF-8", encoding).replace("T1", "入户调查")
    (found,) = times(text.encode(encoding)).rows
    assert found.name == "入户调查"


def test_an_empty_plan_has_no_rows() -> None:
    assert times(mspdi(start="")).rows == []


def test_where_the_file_writes_late_milestones_in_the_morning_so_do_we() -> None:
    carried = "<LateFinish>2025-01-13T08:00:00</LateFinish>"
    plan = mspdi(task(1, 40), task(2, 0, carried, link(1)), task(3, 8, link(2)))
    assert late(plan, 2) == "13 08:00 – 13 08:00"
    assert late(plan, 1) == "06 08:00 – 10 17:00"
    assert row(plan, 2).total_float_days == 0


@pytest.mark.parametrize(
    ("kind", "lag", "lag_format", "expected"),
    [
        (FS, 0, 7, "08 08:00 – 08 17:00"),
        (FS, 480, 7, "09 08:00 – 09 17:00"),
        (FS, -480, 7, "07 08:00 – 07 17:00"),
        (SS, 0, 7, "06 08:00 – 06 17:00"),
        (SS, 240, 7, "06 13:00 – 07 12:00"),
        (FF, 0, 7, "07 08:00 – 07 17:00"),
        (FF, 240, 7, "07 13:00 – 08 12:00"),
        (FF, -480, 7, "06 08:00 – 06 17:00"),
        (FF, 50, 20, "07 08:00 – 07 17:00"),
        (SF, 960, 7, "07 08:00 – 07 17:00"),
        (FS, 50, 19, "09 08:00 – 09 17:00"),
        (FS, -50, 19, "07 08:00 – 07 17:00"),
        (FS, 1440, 8, "09 08:00 – 09 17:00"),
        (FS, 4320, 8, "13 08:00 – 13 17:00"),
        (FS, 50, 20, "08 08:00 – 08 17:00"),
    ],
    ids=str,
)
def test_links_and_lags(kind: int, lag: int, lag_format: int, expected: str) -> None:
    """The first task takes Monday and Tuesday; lags in minutes, elapsed minutes (8) or percent (19, 20)."""
    assert early(mspdi(task(1, 16), task(2, 8, link(1, kind, lag, lag_format))), 2) == expected


@pytest.mark.parametrize(
    ("kind", "lag", "expected"),
    [
        (FS, 0, "08 08:00 – 09 17:00"),
        (FS, 480, "07 08:00 – 08 17:00"),
        (SS, 480, "09 08:00 – 10 17:00"),
        (FF, 480, "08 08:00 – 09 17:00"),
        (FF, 0, "09 08:00 – 10 17:00"),
    ],
    ids=str,
)
def test_links_backwards(kind: int, lag: int, expected: str) -> None:
    """A third task holds the finish at Friday evening; the second takes a day."""
    plan = mspdi(task(1, 16), task(2, 8, link(1, kind, lag)), task(3, 40))
    assert late(plan, 1) == expected


@pytest.mark.parametrize(
    ("kind", "lag_days", "lag_format", "early_two", "late_one"),
    [
        (FS, 0, 7, "20 08:00 – 20 17:00", "31 08:00 – 31 17:00"),
        (FS, 1, 7, "21 08:00 – 21 17:00", "30 08:00 – 30 17:00"),
        (FS, 2, 7, "22 08:00 – 22 17:00", "29 08:00 – 29 17:00"),
        (FS, 5, 9, "27 08:00 – 27 17:00", "24 08:00 – 24 17:00"),
        (FS, 10, 9, "03 08:00 – 03 17:00", "17 08:00 – 17 17:00"),
        (SF, 2, 7, "20 08:00 – 20 17:00", "31 08:00 – 31 17:00"),
        (SS, 2, 7, "21 08:00 – 21 17:00", "30 08:00 – 30 17:00"),
        (FF, 2, 7, "21 08:00 – 21 17:00", "30 08:00 – 30 17:00"),
    ],
    ids=str,
)
def test_pairs_of_tasks_as_project_2007_dated_them(
    kind: int, lag_days: int, lag_format: int, early_two: str, late_one: str
) -> None:
    """Two tasks of a day from Friday 17 October 2014 in a plan that ends on Monday 3 November."""
    longest = task(3, 96)
    plan = mspdi(task(1), task(2, 8, link(1, kind, lag_days * 480, lag_format)), longest, start="2014-10-17T08:00")
    assert early(plan, 2) == early_two
    assert late(plan, 1) == late_one
    assert late(plan, 2) == "03 08:00 – 03 17:00"


def test_a_lead_does_not_start_a_task_before_the_project() -> None:
    assert early(mspdi(task(1), task(2, 8, link(1, FS, -4800))), 2) == "06 08:00 – 06 17:00"


def test_a_start_to_finish_link_writes_the_finish_as_the_link_has_it() -> None:
    """As in mspdirelations.xml: it ends when the other starts, Wednesday at 8, which is Tuesday at 17."""
    plan = mspdi(task(1, 16), task(2, 8, link(1)), task(3, 8, link(2, SF)))
    assert early(plan, 3) == "07 08:00 – 08 08:00"


def test_an_elapsed_duration_runs_through_the_night_and_the_week_end() -> None:
    plan = mspdi(task(1, 40), task(2, 48, link(1), duration_format=8), task(3, 8, link(2)))
    assert early(plan, 2) == "10 17:00 – 12 17:00"
    assert early(plan, 3) == "13 08:00 – 13 17:00"
    assert late(plan, 2) == "11 08:00 – 13 08:00"
    assert row(plan, 2).total_float_days == pytest.approx(15 / 24), "elapsed days of 24 hours"


@pytest.mark.parametrize(
    ("kind", "at", "expected"),
    [
        (SNET, "2025-01-09T08:00", "09 08:00 – 09 17:00"),
        (SNET, "2025-01-11T08:00", "13 08:00 – 13 17:00"),
        (SNET, "2025-01-06T08:00", "07 08:00 – 07 17:00"),
        (FNET, "2025-01-09T17:00", "09 08:00 – 09 17:00"),
        (MSO, "2025-01-09T08:00", "09 08:00 – 09 17:00"),
        (MFO, "2025-01-09T17:00", "09 08:00 – 09 17:00"),
        (SNLT, "2025-01-09T08:00", "07 08:00 – 07 17:00"),
        (FNLT, "2025-01-09T17:00", "07 08:00 – 07 17:00"),
        (MSO, "2025-01-06T08:00", "06 08:00 – 06 17:00"),
        (SNLT, "2025-01-06T08:00", "06 08:00 – 06 17:00"),
        (FNLT, "2025-01-06T17:00", "06 08:00 – 06 17:00"),
    ],
    ids=str,
)
def test_constraints(kind: int, at: str, expected: str) -> None:
    """A day's work comes before; a constraint goes before the link, as in Microsoft Project."""
    assert early(mspdi(task(1), task(2, 8, link(1), constraint(kind, at))), 2) == expected


def test_late_dates_keep_limits_and_deadlines() -> None:
    plan = mspdi(
        task(1, 40),
        task(2, 8, constraint(SNLT, "2025-01-07T08:00")),
        task(3, 8, constraint(FNLT, "2025-01-08T17:00")),
        task(4, 8, "<Deadline>2025-01-09T17:00:00</Deadline>"),
        task(5, 8, constraint(MSO, "2025-01-08T08:00")),
    )
    assert [late(plan, uid)[-8:] for uid in (2, 3, 4, 5)] == ["07 17:00", "08 17:00", "09 17:00", "08 17:00"]
    assert row(plan, 5).is_critical


def test_a_deadline_that_cannot_be_met_makes_float_negative_and_is_no_conflict() -> None:
    found = times(mspdi(task(1, 16), task(2, 16, link(1), "<Deadline>2025-01-08T17:00:00</Deadline>")))
    assert [each.total_float_days for each in found.rows] == [-1, -1]
    assert found.conflicts == ()


def test_as_late_as_possible_stands_late_and_pushes_what_waits_for_it() -> None:
    plan = mspdi(task(1, 40), task(2, 8, f"<ConstraintType>{ALAP}</ConstraintType>"), task(3, 8, link(2)))
    found = row(plan, 2)
    assert str(found.starts_at) == "2025-01-09 08:00:00"
    assert found.total_float_days == 0
    assert early(plan, 3) == "10 08:00 – 10 17:00"


def test_scheduled_from_the_finish() -> None:
    head = "<ScheduleFromStart>0</ScheduleFromStart><FinishDate>2025-01-17T17:00:00</FinishDate>"
    plan = mspdi(task(1, 16), task(2, 8, link(1)), task(3, 8), head=head)
    assert late(plan, 2) == "17 08:00 – 17 17:00"
    assert late(plan, 1) == "15 08:00 – 16 17:00"
    assert early(plan, 1) == "15 08:00 – 16 17:00"
    assert early(plan, 3) == "15 08:00 – 15 17:00"
    assert row(plan, 3).total_float_days == 2


def test_holidays_and_make_up_days() -> None:
    """Thursday and Friday are free, people make up on Saturday."""
    exceptions = (
        "<Exceptions><Exception><TimePeriod><FromDate>2025-01-09T00:00:00</FromDate>"
        f"<ToDate>2025-01-10T23:59:00</ToDate></TimePeriod><Type>1</Type>{FREE}</Exception>"
        "<Exception><TimePeriod><FromDate>2025-01-11T00:00:00</FromDate><ToDate>2025-01-11T23:59:00</ToDate>"
        f"</TimePeriod><Type>1</Type>{OFFICE}</Exception></Exceptions>"
    )
    assert early(mspdi(task(1, 40), calendars=(calendar(1, more=exceptions),)), 1) == "06 08:00 – 13 17:00"


def test_a_task_on_its_own_calendar_and_its_successor_on_the_projects() -> None:
    plan = mspdi(
        task(1, 40),
        task(2, 24, link(1), "<CalendarUID>2</CalendarUID>"),
        task(3, 8, link(2)),
        calendars=(calendar(1), ROUND_THE_CLOCK),
    )
    assert early(plan, 2) == "10 17:00 – 11 17:00"
    assert early(plan, 3) == "13 08:00 – 13 17:00"
    assert late(plan, 2) == "12 08:00 – 13 08:00"


def test_a_night_shift_that_ends_at_midnight() -> None:
    night = {day: working("22:00-00:00", "00:00-06:00") for day in range(1, 8)}
    plan = mspdi(task(1, 8), start="2025-01-06T22:00", calendars=(calendar(1, days=night),))
    assert early(plan, 1) == "06 22:00 – 07 06:00"


def test_a_day_that_has_seven_and_a_half_hours() -> None:
    day = working("09:00-12:30", "13:30-17:30")
    week = {number: day if 2 <= number <= 6 else FREE for number in range(1, 8)}
    plan = mspdi(
        task(1, 37.5),
        task(2, 7.5),
        start="2025-01-06T09:00",
        head="<MinutesPerDay>450</MinutesPerDay>",
        calendars=(calendar(1, days=week),),
    )
    assert early(plan, 1) == "06 09:00 – 10 17:30"
    assert row(plan, 2).total_float_days == 4


def test_a_plan_without_calendars_works_office_hours() -> None:
    assert early(mspdi(task(1, 48), calendars=()), 1) == "06 08:00 – 13 17:00"


def test_a_base_calendar_has_no_calendar_behind_it() -> None:
    """Project 2010 and later write a UID of 0 there, which may be another calendar."""
    base = calendar(1).replace("<BaseCalendarUID>-1<", "<BaseCalendarUID>0<")
    plan = mspdi(task(1, 48), calendars=(calendar(0, days=dict.fromkeys(range(1, 8), FREE)), base))
    assert early(plan, 1) == "06 08:00 – 13 17:00"


def test_a_summary_spans_what_it_holds() -> None:
    plan = mspdi(
        task(10, 0, "<Summary>1</Summary>"),
        task(1, 16, level=2),
        task(2, 8, link(1), level=2),
        task(3, 40),
    )
    assert early(plan, 10) == "06 08:00 – 08 17:00"
    assert late(plan, 10) == "08 08:00 – 10 17:00"
    assert row(plan, 10).total_float_days == 2
    assert not row(plan, 10).is_critical


def test_links_of_a_summary_bind_all_it_holds() -> None:
    plan = mspdi(
        task(10, 0, "<Summary>1</Summary>"),
        task(1, 16, level=2),
        task(2, 8, level=2),
        task(20, 0, "<Summary>1</Summary>", link(10)),
        task(3, 8, level=2),
        task(4, 8, link(3), level=2),
    )
    assert early(plan, 3) == "08 08:00 – 08 17:00"
    assert early(plan, 4) == "09 08:00 – 09 17:00"
    assert late(plan, 2) == "07 08:00 – 07 17:00"


def test_a_start_constraint_of_a_summary_holds_for_what_is_in_it() -> None:
    plan = mspdi(task(10, 0, "<Summary>1</Summary>", constraint(SNET, "2025-01-08T08:00")), task(1, 8, level=2))
    assert early(plan, 1) == "08 08:00 – 08 17:00"


def test_blank_rows_have_no_dates_and_inactive_ones_bind_nothing() -> None:
    plan = mspdi(
        task(1, 8, "<IsNull>1</IsNull>"),
        task(2, 40, "<Active>0</Active>"),
        task(3, 8, link(2)),
    )
    assert row(plan, 1).early_starts_at is None
    assert early(plan, 3) == "06 08:00 – 06 17:00"
    assert str(times(plan).finishes_at) == "2025-01-06 17:00:00"


def test_a_manual_task_keeps_its_dates() -> None:
    typed = "<Manual>1</Manual><Start>2025-01-09T08:00:00</Start><Finish>2025-01-09T17:00:00</Finish>"
    plan = mspdi(task(1, 40), task(2, 8, typed, link(1)), task(3, 8, link(2)))
    assert early(plan, 2) == "09 08:00 – 09 17:00"
    assert early(plan, 3) == "10 08:00 – 10 17:00"


def test_what_happened_stays_and_what_is_left_follows() -> None:
    done = "<ActualStart>2025-01-07T08:00:00</ActualStart><ActualFinish>2025-01-08T17:00:00</ActualFinish>"
    under_way = (
        "<PercentComplete>50</PercentComplete><ActualStart>2025-01-09T08:00:00</ActualStart>"
        "<RemainingDuration>PT8H0M0S</RemainingDuration>"
    )
    plan = mspdi(
        task(1, 8, done, "<PercentComplete>100</PercentComplete>"), task(2, 16, under_way, link(1)), task(3, 80)
    )
    assert early(plan, 1) == late(plan, 1) == "07 08:00 – 08 17:00"
    assert not row(plan, 1).is_critical
    assert early(plan, 2) == "09 08:00 – 10 17:00"
    assert late(plan, 2) == "09 08:00 – 17 17:00"
    assert row(plan, 2).total_float_days == 5


def test_what_is_left_resumes_later() -> None:
    under_way = (
        "<PercentComplete>50</PercentComplete><ActualStart>2025-01-06T08:00:00</ActualStart>"
        "<RemainingDuration>PT8H0M0S</RemainingDuration>"
        "<Stop>2025-01-06T17:00:00</Stop><Resume>2025-01-09T08:00:00</Resume>"
    )
    assert early(mspdi(task(1, 16, under_way)), 1) == "06 08:00 – 09 17:00"


ANNA = "<Resource><UID>5</UID><ID>5</ID><Name>Anna</Name><Type>1</Type><CalendarUID>3</CalendarUID></Resource>"
SIX_DAYS = calendar(3, days={7: OFFICE}, base=1, name="Anna")


def assignment(hours: int, units: float = 1.0, more: str = "") -> str:
    return (
        "<Assignment><UID>1</UID><TaskUID>1</TaskUID><ResourceUID>5</ResourceUID>"
        f"<Work>PT{hours}H0M0S</Work><Units>{units}</Units>{more}</Assignment>"
    )


@pytest.mark.parametrize(
    ("inside", "hours", "units", "expected"),
    [
        ("", 48, 1.0, "06 08:00 – 11 17:00"),
        ("", 24, 0.5, "06 08:00 – 11 17:00"),
        ("<Type>1</Type>", 48, 1.0, "06 08:00 – 13 17:00"),
        ("<CalendarUID>1</CalendarUID>", 48, 1.0, "06 08:00 – 13 17:00"),
        (
            "<CalendarUID>1</CalendarUID><IgnoreResourceCalendar>1</IgnoreResourceCalendar>",
            48,
            1.0,
            "06 08:00 – 13 17:00",
        ),
    ],
    ids=["theirs", "half their time", "fixed duration", "common time", "ignored"],
)
def test_people_work_by_their_calendar(inside: str, hours: int, units: float, expected: str) -> None:
    """Anna works on Saturdays too."""
    plan = mspdi(
        task(1, 48, inside),
        calendars=(calendar(1), SIX_DAYS),
        resources=ANNA,
        assignments=assignment(hours, units),
    )
    assert early(plan, 1) == expected


def test_material_decides_nothing() -> None:
    plan = mspdi(
        task(1, 48),
        calendars=(calendar(1), SIX_DAYS),
        resources=ANNA.replace("<Type>1<", "<Type>0<"),
        assignments=assignment(48),
    )
    assert early(plan, 1) == "06 08:00 – 13 17:00"


def test_the_pause_of_a_split_task_moves_with_it() -> None:
    """A day's work, a day's pause, a day's work, as planned for 6 to 8 January; it is put off to the 9th."""
    phases = "".join(
        f"<TimephasedData><Type>1</Type><UID>1</UID><Start>2025-01-{day}T08:00:00</Start>"
        f"<Finish>2025-01-{day}T17:00:00</Finish><Unit>2</Unit><Value>PT{hours}H0M0S</Value></TimephasedData>"
        for day, hours in (("06", 8), ("07", 0), ("08", 8))
    )
    split = (
        "<Assignment><UID>1</UID><TaskUID>1</TaskUID><ResourceUID>-65535</ResourceUID>"
        "<Start>2025-01-06T08:00:00</Start><Finish>2025-01-08T17:00:00</Finish><WorkContour>8</WorkContour>"
        f"{phases}</Assignment>"
    )
    plan = mspdi(task(1, 16, constraint(SNET, "2025-01-09T08:00")), assignments=split)
    assert early(plan, 1) == "09 08:00 – 13 17:00"


def test_the_chosen_limit_of_critical_float() -> None:
    plan = mspdi(task(1, 40), task(2, 32), head="<CriticalSlackLimit>1</CriticalSlackLimit>")
    assert row(plan, 2).is_critical


def test_late_dates_count_back_from_a_given_date() -> None:
    assert late(FRIDAY_ON, 2, "2025-01-16T00:00") == "15 08:00 – 15 17:00"
    found = times(FRIDAY_ON, "2025-01-11T00:00")
    assert [each.total_float_days for each in found.rows] == [-1, -1]
    assert [reason.parameters["uid"] for reason in found.unmet] == [1, 2]
    assert times(FRIDAY_ON, "2025-01-14T00:00").unmet == ()
