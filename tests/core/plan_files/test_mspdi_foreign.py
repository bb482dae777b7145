"""What we write, read by another author's program (MPXJ): the same tasks, links, calendars and dates."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from zhengtu.core.plan_files.calendar_days import ORDINARY_PERIODS, ORDINARY_WEEK, CalendarDays
from zhengtu.core.plan_files.mspdi_values import (
    Baseline,
    CalendarException,
    Constraint,
    CustomField,
    MspdiPlan,
    PlanCalendar,
    PlanLink,
    PlanLinkKind,
    PlanTask,
    Recurrence,
    RecurrenceKind,
    WorkingPeriod,
)
from zhengtu.core.plan_files.mspdi_writing import to_mspdi
from zhengtu.core.plan_files.plan_times import schedule_plan

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("mpxj") is None, reason="the package mpxj is not installed"),
    pytest.mark.skipif(shutil.which("java") is None, reason="no Java to run MPXJ with"),
]

TEXT1 = 188743731
HOURS = 3600
# Spring Festival 2025 as announced: 28 January to 4 February free, 26 January and 8 February worked.
HOLIDAYS = (
    CalendarException(date(2025, 1, 28), date(2025, 2, 4), (), "春节"),
    CalendarException(date(2025, 1, 26), date(2025, 1, 26), ORDINARY_PERIODS, "春节调休"),
    CalendarException(date(2025, 2, 8), date(2025, 2, 8), ORDINARY_PERIODS, "春节调休"),
    CalendarException(
        date(2025, 3, 1),
        date(2025, 12, 31),
        (),
        "盘点",
        Recurrence(RecurrenceKind.MONTHLY_ON_POSITION, position=5, position_item=6),
    ),
)
OFFICIAL = PlanCalendar(1, "法定工作日", ORDINARY_WEEK, exceptions=HOLIDAYS)
EVERY_DAY = PlanCalendar(2, "日历日", tuple((day, (WorkingPeriod(0, 24 * HOURS),)) for day in range(1, 8)))
FROZEN = PlanCalendar(
    3, "拆除队", (), is_base=False, base_uid=1, exceptions=(CalendarException(date(2025, 11, 1), date(2025, 12, 31)),)
)


def task(uid: int, days: int, *links: PlanLink, **more: Any) -> PlanTask:
    return PlanTask(
        uid,
        uid,
        f"任务 {uid}",
        duration_s=days * 8 * HOURS,
        remaining_duration_s=days * 8 * HOURS,
        actual_duration_s=0,
        is_milestone=days == 0,
        links=links,
        **more,
    )


PLAN = MspdiPlan(
    name="南京路改造",
    starts_at=datetime.fromisoformat("2025-01-13T08:00"),
    calendar_uid=1,
    calendars=(OFFICIAL, EVERY_DAY, FROZEN),
    custom_fields=(CustomField(TEXT1, "Text1", "依据"),),
    tasks=(
        task(1, 12, notes="《国有土地上房屋征收与补偿条例》第十条：征求意见期限不得少于30日。"),
        task(2, 8, PlanLink(1, lag_s=2 * 8 * HOURS), custom=((TEXT1, "第十三条"),)),
        task(3, 5, PlanLink(1, PlanLinkKind.START_START, lag_s=-8 * HOURS), PlanLink(2, PlanLinkKind.FINISH_FINISH)),
        replace(
            task(4, 0, PlanLink(2), calendar_uid=2),
            duration_s=30 * 24 * HOURS,
            remaining_duration_s=30 * 24 * HOURS,
            is_milestone=False,
        ),
        task(
            5,
            10,
            PlanLink(4, lag_s=60 * 24 * HOURS, lag_format=8),
            deadline_at=datetime.fromisoformat("2025-06-30T17:00"),
        ),
        task(6, 6, PlanLink(3, lag_percent=50, lag_format=19), calendar_uid=3),
        task(
            7,
            4,
            PlanLink(6),
            constraint=Constraint.START_NO_EARLIER_THAN,
            constraint_at=datetime.fromisoformat("2025-04-21T08:00"),
            baselines=(
                Baseline(
                    0,
                    datetime.fromisoformat("2025-04-21T08:00"),
                    datetime.fromisoformat("2025-04-24T17:00"),
                    4 * 8 * HOURS,
                ),
            ),
        ),
        task(8, 0, PlanLink(5), PlanLink(7)),
    ),
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The plan as MPXJ reads it and as its scheduler calculates it."""
    path = tmp_path_factory.mktemp("plan") / "plan.xml"
    path.write_bytes(to_mspdi(PLAN))
    reader = Path(__file__).with_name("mpxj_reader.py")
    command = [sys.executable, str(reader), str(path), "2025", "--schedule"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def test_tasks_links_and_texts_arrive(found: dict[str, Any]) -> None:
    tasks = found["tasks"]
    assert [tasks[str(each.uid)]["name"] for each in PLAN.tasks] == [each.name for each in PLAN.tasks]
    assert tasks["1"]["notes"] == PLAN.tasks[0].notes
    assert tasks["2"]["text1"] == "第十三条"
    assert tasks["2"]["links"] == [[1, "FS", "2.0d"]]
    assert tasks["3"]["links"] == [[1, "SS", "-1.0d"], [2, "FF", "0.0d"]]
    assert tasks["5"]["links"] == [[4, "FS", "60.0ed"]]
    assert tasks["6"]["links"] == [[3, "FS", "50.0%"]]
    assert tasks["5"]["deadline"] == "2025-06-30T17:00"
    assert (tasks["7"]["constraint"], tasks["7"]["constraint_at"]) == ("START_NO_EARLIER_THAN", "2025-04-21T08:00")
    assert tasks["7"]["baseline"] == ["2025-04-21T08:00", "2025-04-24T17:00"]


def test_calendars_work_on_the_same_days_of_a_year(found: dict[str, Any]) -> None:
    first_on, last_on = date(2025, 1, 1), date(2025, 12, 31)
    base = CalendarDays(OFFICIAL, None, first_on=first_on, last_on=last_on)
    ours = {
        1: base,
        2: CalendarDays(EVERY_DAY, None, first_on=first_on, last_on=last_on),
        3: CalendarDays(FROZEN, base, first_on=first_on, last_on=last_on),
    }
    for uid, days in ours.items():
        year = [first_on + timedelta(days=day) for day in range(365)]
        worked = [on.isoformat() for on in year if days.periods_on(on)]
        assert found["days"][str(uid)] == worked, uid
    assert "2025-01-26" in found["days"]["1"]
    assert "2025-01-28" not in found["days"]["1"]


def test_dates_are_the_same(found: dict[str, Any]) -> None:
    for row in schedule_plan(PLAN).rows:
        ours = (row.early_starts_at, row.early_finishes_at, row.late_starts_at, row.late_finishes_at)
        assert found["tasks"][str(row.uid)]["dates"] == [at.isoformat(timespec="minutes") for at in ours if at], (
            row.name
        )
        assert found["tasks"][str(row.uid)]["critical"] == row.is_critical
