"""The dates that other programs wrote beside the tasks of their plans are the ones we count."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.plan_files.mspdi_reading import read_mspdi
from zhengtu.core.plan_files.mspdi_values import MspdiPlan, PlanTask, is_elapsed
from zhengtu.core.plan_files.plan_times import TaskTimes, schedule_plan

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "mspdi"

# Late dates that their own file contradicts; docs/algorithms/plan-files.md says how.
STALE = {"mspdiduration": {1, 2, 3, 4}}


def shared_plan(name: str) -> MspdiPlan:
    path = SHARED / f"{name}.xml"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return read_mspdi(path.read_bytes())


def differences(plan: MspdiPlan, task: PlanTask, row: TaskTimes) -> list[str]:
    """The fields in which the file and the calculation differ; a slack that is left out means none."""
    carried = task.carried
    day_s = 86_400 if is_elapsed(task.duration_format) else plan.day_s
    pairs = {
        "start": (carried.starts_at, row.starts_at),
        "finish": (carried.finishes_at, row.finishes_at),
        "early_start": (carried.early_starts_at, row.early_starts_at),
        "early_finish": (carried.early_finishes_at, row.early_finishes_at),
        "late_start": (carried.late_starts_at, row.late_starts_at),
        "late_finish": (carried.late_finishes_at, row.late_finishes_at),
        "total_float": (round((carried.total_slack_s or 0) / day_s, 6), row.total_float_days),
        "critical": (carried.is_critical, row.is_critical),
    }
    return [name for name, (theirs, ours) in pairs.items() if theirs != ours]


@pytest.mark.parametrize(
    "name", ["New_Product", "baselines", "mspdiduration", "mspdinulltasks", "mspdirelations", "mspdisplittask"]
)
def test_every_date_float_and_critical_flag_is_the_files(name: str) -> None:
    plan = shared_plan(name)
    rows = schedule_plan(plan).rows
    assert [row.uid for row in rows] == [task.uid for task in plan.tasks]
    differing = {
        task.uid: found
        for task, row in zip(plan.tasks, rows, strict=True)
        if not task.is_blank and (found := differences(plan, task, row))
    }
    assert set(differing) == STALE.get(name, set())
    assert all(set(found) == {"late_start", "late_finish", "total_float"} for found in differing.values())


def test_the_stale_late_dates_contradict_their_own_file() -> None:
    """Tasks 1 to 5 have neither links nor limits, so they can all end with the plan; only the fifth's date says so."""
    tasks = {task.uid: task for task in shared_plan("mspdiduration").tasks}
    assert not any(tasks[uid].links or tasks[uid].constraint or tasks[uid].deadline_at for uid in range(1, 6))
    assert {str(tasks[uid].carried.late_finishes_at) for uid in range(1, 5)} == {"2009-04-21 17:00:00"}
    assert str(tasks[5].carried.late_finishes_at) == "2009-04-23 17:00:00"
    assert str(tasks[5].carried.early_finishes_at) == "2009-04-21 17:00:00", "the end of the plan before task 10"


def test_a_primavera_file_is_named_as_such() -> None:
    with pytest.raises(Refused, match="Primavera"):
        shared_plan("PredecessorCalendar")
