"""A plan of ours, exported and read by another author's program (MPXJ): the same bars, links, calendar and days."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.core.planning.kit import case, planned, section, target
from tests.core.procedure.kit import announced_project, rulebook
from zhengtu.core.plan_files.mspdi_writing import to_mspdi
from zhengtu.core.planning.plan import Plan
from zhengtu.core.planning.plan_exchange import ExchangeWords, exchanged

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("mpxj") is None, reason="the package mpxj is not installed"),
    pytest.mark.skipif(shutil.which("java") is None, reason="no Java to run MPXJ with"),
]
READER = Path(__file__).parents[1] / "plan_files" / "mpxj_reader.py"
WORDS = ExchangeWords(
    of_label=lambda label: label[0], name_of=lambda code: code, source_of=lambda source: source,
    reason_of=lambda bar: bar.driver_reason.in_english() if bar.driver_reason else "", procedure="法定程序",
    fields=("编号", "法条", "责任单位"), calendars=("法定工作日", "日历日"),
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A project whose comment period runs, with two sections still to be worked on and a deadline."""
    places = section(1, 24), section(2, 9)
    return planned(case(
        date(2025, 1, 20), facts=announced_project(until="scheme_published"), sections=places,
        targets=(target("handed_over", date(2025, 12, 31), *places),),
    ))


@pytest.fixture(scope="module")
def found(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The exported plan as MPXJ reads it."""
    file = tmp_path_factory.mktemp("export") / "plan.xml"
    file.write_bytes(to_mspdi(exchanged([plan], title="片区", calendar=rulebook().calendar, words=WORDS, baselines={})))
    done = subprocess.run(
        [sys.executable, str(READER), str(file), "2025"], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def bars_of(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {task["text1"]: task | {"uid": int(uid)} for uid, task in found["tasks"].items() if task["text1"]}


def test_every_bar_arrives_under_its_id_with_its_days(plan: Plan, found: dict[str, Any]) -> None:
    bars = bars_of(found)
    assert {one.id for one in plan.activities} <= set(bars)
    for one in plan.activities:
        start, finish = (datetime.fromisoformat(text).date() for text in bars[one.id]["planned"])
        assert (start, finish) == (one.actual_start_on or one.early_start_on, one.early_end_on), one.id


def test_every_link_arrives_between_the_same_bars(plan: Plan, found: dict[str, Any]) -> None:
    bars = bars_of(found)
    id_of = {bar["uid"]: id for id, bar in bars.items()}
    read = {(id_of[uid], id, kind) for id, bar in bars.items() for uid, kind, _ in bar["links"]}
    assert read == {(link.before, link.after, link.kind) for link in plan.links}


def test_the_calendar_works_on_the_official_days(found: dict[str, Any]) -> None:
    calendar = rulebook().calendar
    year = [date(2025, 1, 1) + timedelta(days=day) for day in range(365)]
    assert found["days"]["1"] == [on.isoformat() for on in year if calendar.is_working_day(on)]
