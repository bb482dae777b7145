"""What is written is read back the same, whatever the plan; what is read and written again stays the same."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.plan_files.kit import calendar, link, mspdi, task
from zhengtu.core.plan_files.mspdi_reading import read_mspdi
from zhengtu.core.plan_files.mspdi_values import (
    Baseline,
    CalendarException,
    CarriedDates,
    Constraint,
    CustomField,
    MspdiPlan,
    PlanAssignment,
    PlanCalendar,
    PlanLink,
    PlanLinkKind,
    PlanResource,
    PlanTask,
    Recurrence,
    RecurrenceKind,
    ResourceKind,
    TaskKind,
    WorkingPeriod,
    WorkSpan,
    WorkWeek,
)
from zhengtu.core.plan_files.mspdi_writing import to_mspdi

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "mspdi"

# Characters that XML can hold, without the outer blanks that reading takes off.
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=12).map(str.strip)
moments = st.datetimes(datetime.fromisoformat("1985-01-01"), datetime.fromisoformat("2200-01-01")).map(
    lambda at: at.replace(microsecond=0)
)
maybe_moments = st.none() | moments
spans = st.integers(0, 10**7)
maybe_spans = st.none() | spans
lags = st.integers(-(10**6), 10**6).map(lambda tenths: tenths * 6)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@st.composite
def periods(draw: st.DrawFn) -> tuple[WorkingPeriod, ...]:
    """Up to three stretches of a day that do not touch."""
    bounds = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple(WorkingPeriod(start * 60, end * 60) for start, end in zip(bounds[::2], bounds[1::2], strict=False))


weeks = st.dictionaries(st.integers(1, 7), periods()).map(lambda week: tuple(sorted(week.items())))


@st.composite
def recurrences(draw: st.DrawFn) -> Recurrence | None:
    kind = draw(st.none() | st.sampled_from(RecurrenceKind))
    if kind is None:
        return None
    return Recurrence(
        kind,
        every=draw(st.integers(2 if kind is RecurrenceKind.DAILY else 1, 9)),
        occurrences=draw(st.integers(0, 9)),
        **(
            {}
            if kind is RecurrenceKind.DAILY
            else {
                "weekdays": draw(st.integers(0, 127)),
                "month": draw(st.integers(1, 12)),
                "month_day": draw(st.integers(1, 31)),
                "position": draw(st.integers(1, 5)),
                "position_item": draw(st.integers(0, 9)),
            }
        ),
    )


@st.composite
def exceptions(draw: st.DrawFn) -> CalendarException:
    first_on = draw(days)
    last_on = first_on + timedelta(days=draw(st.integers(0, 400)))
    return CalendarException(first_on, last_on, draw(periods()), draw(texts), draw(recurrences()))


@st.composite
def work_weeks(draw: st.DrawFn) -> WorkWeek:
    first_on = draw(days)
    return WorkWeek(first_on, first_on + timedelta(days=draw(st.integers(0, 60))), draw(weeks), draw(texts))


@st.composite
def links(draw: st.DrawFn) -> PlanLink:
    lag_format = draw(st.sampled_from([5, 7, 8, 9, 19, 20]))
    is_part = lag_format in (19, 20)
    return PlanLink(
        draw(st.integers(0, 30)),
        draw(st.sampled_from(PlanLinkKind)),
        0 if is_part else draw(lags),
        draw(st.integers(-200, 200)) if is_part else 0,
        lag_format,
        draw(st.booleans()),
    )


def tasks(uid: int) -> st.SearchStrategy[PlanTask]:
    return st.builds(
        PlanTask,
        uid=st.just(uid),
        row=st.integers(0, 99),
        name=texts,
        wbs=texts,
        outline_level=st.integers(0, 9),
        kind=st.sampled_from(TaskKind),
        is_summary=st.booleans(),
        is_milestone=st.booleans(),
        is_blank=st.booleans(),
        is_active=st.booleans(),
        is_manual=st.booleans(),
        is_external=st.booleans(),
        is_subproject=st.booleans(),
        duration_s=maybe_spans,
        duration_format=st.sampled_from([5, 7, 8, 21, 39, 53]),
        priority=st.integers(0, 1000),
        constraint=st.sampled_from(Constraint),
        constraint_at=maybe_moments,
        deadline_at=maybe_moments,
        calendar_uid=st.integers(-1, 5),
        ignores_resource_calendar=st.booleans(),
        actual_starts_at=maybe_moments,
        actual_finishes_at=maybe_moments,
        actual_duration_s=maybe_spans,
        remaining_duration_s=maybe_spans,
        percent_complete=st.integers(0, 100),
        stopped_at=maybe_moments,
        resumes_at=maybe_moments,
        levelling_delay_s=spans.map(lambda seconds: seconds // 6 * 6),
        manual_starts_at=maybe_moments,
        manual_finishes_at=maybe_moments,
        manual_duration_s=maybe_spans,
        notes=texts,
        links=st.lists(links(), max_size=3).map(tuple),
        baselines=st.lists(
            st.builds(Baseline, st.integers(0, 10), maybe_moments, maybe_moments, maybe_spans), max_size=2
        ).map(tuple),
        custom=st.lists(st.tuples(st.integers(188743731, 188743999), texts), max_size=2).map(tuple),
        carried=st.builds(
            CarriedDates,
            *([maybe_moments] * 6),
            total_slack_s=st.none() | lags,
            is_critical=st.none() | st.booleans(),
        ),
    )


work_spans = st.builds(WorkSpan, moments, moments, maybe_spans, st.booleans())
assignments = st.builds(
    PlanAssignment,
    uid=st.integers(1, 99),
    task_uid=st.integers(1, 9),
    resource_uid=st.integers(-65535, 9),
    units=st.sampled_from([0.0, 0.25, 0.333, 1.0, 2.0]),
    work_s=maybe_spans,
    remaining_work_s=maybe_spans,
    delay_s=lags,
    contour=st.integers(0, 8),
    starts_at=maybe_moments,
    finishes_at=maybe_moments,
    spans=st.lists(work_spans, max_size=3).map(lambda found: tuple(sorted(found, key=lambda span: span.starts_at))),
)


@st.composite
def plans(draw: st.DrawFn) -> MspdiPlan:
    calendars = [
        PlanCalendar(
            uid,
            draw(texts),
            draw(weeks),
            draw(st.booleans()),
            draw(st.integers(-1, 3)),
            tuple(draw(st.lists(exceptions(), max_size=2))),
            tuple(draw(st.lists(work_weeks(), max_size=1))),
        )
        for uid in range(1, draw(st.integers(1, 3)))
    ]
    resources = [
        PlanResource(uid, uid, draw(texts), draw(st.sampled_from(ResourceKind)), draw(st.sampled_from([1.0, 2.5])), uid)
        for uid in range(1, draw(st.integers(1, 3)))
    ]
    return MspdiPlan(
        name=draw(texts),
        title=draw(texts),
        author=draw(texts),
        company=draw(texts),
        is_from_start=draw(st.booleans()),
        starts_at=draw(maybe_moments),
        finishes_at=draw(maybe_moments),
        status_at=draw(maybe_moments),
        default_start_s=draw(st.integers(0, 1439)) * 60,
        default_finish_s=draw(st.integers(0, 1439)) * 60,
        day_s=draw(st.integers(1, 1440)) * 60,
        week_s=draw(st.integers(1, 10080)) * 60,
        month_days=draw(st.integers(1, 31)),
        week_starts_on=draw(st.integers(0, 6)),
        critical_slack_days=draw(st.integers(0, 9)),
        multiple_critical_paths=draw(st.booleans()),
        calendar_uid=draw(st.integers(-1, 3)),
        custom_fields=(CustomField(188743731, "Text1", draw(texts)),),
        calendars=tuple(calendars),
        tasks=tuple(draw(tasks(uid)) for uid in range(draw(st.integers(0, 3)))),
        resources=tuple(resources),
        assignments=tuple(draw(st.lists(assignments, max_size=2))),
    )


@settings(max_examples=60, deadline=None)
@given(plans())
def test_a_plan_comes_back_as_it_was_written(plan: MspdiPlan) -> None:
    assert read_mspdi(to_mspdi(plan)) == plan


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    plan = MspdiPlan(name="a\x00b\x1fc", tasks=(PlanTask(1, 1, "甲\x0b乙 <&>"),))
    read = read_mspdi(to_mspdi(plan))
    assert (read.name, read.tasks[0].name) == ("abc", "甲乙 <&>")


@pytest.mark.parametrize(
    "name", ["New_Product", "baselines", "mspdiduration", "mspdinulltasks", "mspdirelations", "mspdisplittask"]
)
def test_other_programs_files_stay_the_same(name: str) -> None:
    path = SHARED / f"{name}.xml"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    plan = read_mspdi(path.read_bytes())
    assert plan.tasks
    assert read_mspdi(to_mspdi(plan)) == plan


def test_exceptions_as_project_2003_wrote_them_among_the_week_days() -> None:
    day = (
        "<WeekDay><DayType>0</DayType>{}<TimePeriod><FromDate>{}</FromDate><ToDate>{}</ToDate></TimePeriod>{}</WeekDay>"
    )
    free = day.format("<DayWorking>0</DayWorking>", "2025-01-28T00:00:00", "2025-02-04T23:59:00", "")
    text = calendar(1).replace("</WeekDays>", f"{free}</WeekDays>")
    (found,) = read_mspdi(mspdi(task(1), calendars=(text,))).calendars
    assert found.exceptions == (CalendarException(date(2025, 1, 28), date(2025, 2, 4)),)
    assert found.days[1][1] == (WorkingPeriod(8 * 3600, 12 * 3600), WorkingPeriod(13 * 3600, 17 * 3600))


def test_a_file_without_namespace_and_with_bare_minimum() -> None:
    plan = read_mspdi(b"<Project><Tasks><Task><UID>1</UID></Task></Tasks></Project>")
    assert plan.tasks == (PlanTask(1, 0),)
    assert plan.day_s == 8 * 3600


def test_lags_and_working_days_say_what_they_count_in() -> None:
    plan = read_mspdi(mspdi(task(1), task(2, 8, link(1, 1, 1440, 8)), task(3, 8, link(1, 1, 50, 19))))
    assert plan.tasks[1].links == (PlanLink(1, lag_s=86_400, lag_format=8),)
    assert plan.tasks[2].links == (PlanLink(1, lag_percent=50, lag_format=19),)
