"""Early and late dates of Microsoft Project plans against MPXJ's scheduler and TaskJuggler: equal dates, speed ratios.

    .venv/bin/python benchmarks/cpm_foreign_plans.py [--tasks 1000 5000 20000] [--tj3-tasks 250 500 1000]

Needs Java with the packages mpxj and jpype1, and tj3. Times are processor seconds of one thread (TaskJuggler: of its
process), the least of three runs; Java has scheduled the same plan twice before it is timed.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.plan_files.calendar_days import ORDINARY_PERIODS, ORDINARY_WEEK
from zhengtu.core.plan_files.mspdi_reading import read_mspdi
from zhengtu.core.plan_files.mspdi_values import (
    CalendarException,
    MspdiPlan,
    PlanCalendar,
    PlanLink,
    PlanLinkKind,
    PlanTask,
)
from zhengtu.core.plan_files.mspdi_writing import to_mspdi
from zhengtu.core.plan_files.plan_problem import problem_of
from zhengtu.core.plan_files.plan_times import PlanTimes, schedule_plan
from zhengtu.core.scheduling.plan import plan_of

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "mspdi"
QUIET = "-Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory"
HOUR = 3600
START = datetime.fromisoformat("2025-01-06T08:00")
HOLIDAYS = (
    CalendarException(date(2025, 1, 28), date(2025, 2, 4)),
    CalendarException(date(2025, 4, 4), date(2025, 4, 6)),
    CalendarException(date(2025, 5, 1), date(2025, 5, 5)),
    CalendarException(date(2025, 5, 31), date(2025, 6, 2)),
    CalendarException(date(2025, 10, 1), date(2025, 10, 8)),
)
MAKE_UP = tuple(
    CalendarException(on, on, ORDINARY_PERIODS)
    for on in (date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11))
)
CALENDAR = PlanCalendar(1, "China 2025", ORDINARY_WEEK, exceptions=HOLIDAYS + MAKE_UP)
KINDS = (PlanLinkKind.FINISH_START,) * 7 + (PlanLinkKind.START_START,) * 2 + (PlanLinkKind.FINISH_FINISH,)


def generated(
    count: int, *, seed: int, kinds: Sequence[PlanLinkKind] = KINDS, calendar: PlanCalendar = CALENDAR
) -> MspdiPlan:
    """A plan of chains some fifty long with cross links: three links a task, a third of them with a lag."""
    draw = random.Random(seed)
    width = max(1, count // 50)
    tasks = []
    for uid in range(1, count + 1):
        nearby = range(max(1, uid - 2 * width), uid - width // 2)
        before = sorted(draw.sample(nearby, min(3, len(nearby)))) if len(nearby) else []
        links = tuple(PlanLink(each, draw.choice(kinds), draw.choice([0, 0, 0, 0, 8, 16]) * HOUR) for each in before)
        seconds = draw.choice([2, 4, 8, 12, 16, 24, 40]) * HOUR
        tasks.append(
            PlanTask(
                uid,
                uid,
                f"Task {uid}",
                duration_s=seconds,
                remaining_duration_s=seconds,
                actual_duration_s=0,
                links=links,
            )
        )
    return MspdiPlan(name="generated", starts_at=START, calendar_uid=1, calendars=(calendar,), tasks=tuple(tasks))


def least(work: Callable[[], Any], clock: Callable[[], float] = time.process_time) -> tuple[float, Any]:
    """The least of three times, and what came out."""
    times = []
    for _ in range(3):
        begun = clock()
        answer = work()
        times.append(clock() - begun)
    return min(times), answer


class Mpxj:
    """MPXJ in this process."""

    def __init__(self) -> None:
        import jpype
        import mpxj  # noqa: F401  (puts MPXJ on the class path)

        jpype.startJVM(QUIET)
        from java.lang.management import ManagementFactory

        threads = ManagementFactory.getThreadMXBean()
        self.clock: Callable[[], float] = lambda: int(threads.getCurrentThreadCpuTime()) / 1e9

    def read(self, path: Path) -> Any:
        """The project."""
        from org.mpxj.reader import UniversalProjectReader

        return UniversalProjectReader().read(str(path))

    def schedule(self, project: Any) -> None:
        """Its own critical path method, in the manner of Microsoft Project."""
        from org.mpxj.cpm import MicrosoftScheduler

        MicrosoftScheduler().schedule(project, project.getProjectProperties().getStartDate())

    def dates(self, project: Any) -> dict[int, list[str]]:
        """Early and late dates by UID."""
        found = {}
        for task in project.getTasks():
            moments = (task.getEarlyStart(), task.getEarlyFinish(), task.getLateStart(), task.getLateFinish())
            found[int(str(task.getUniqueID()))] = [str(at.toString()) if at is not None else "" for at in moments]
        return found


def ours(times: PlanTimes) -> dict[int, list[str]]:
    """Our dates in the same form."""
    return {
        row.uid: [
            "" if at is None else at.isoformat(timespec="minutes")
            for at in (row.early_starts_at, row.early_finishes_at, row.late_starts_at, row.late_finishes_at)
        ]
        for row in times.rows
    }


def shared_plans(java: Mpxj) -> None:
    """How many of the dates that the files carry we count, and MPXJ."""
    print("| plan | tasks | dates carried | ours equal | MPXJ equal |\n|---|---:|---:|---:|---:|")
    for path in sorted(SHARED.glob("*.xml")):
        try:
            plan = read_mspdi(path.read_bytes())
        except Refused as refused:
            print(f"<!-- {path.name}: {refused} -->")
            continue
        rows = ours(schedule_plan(plan))
        carried = {
            task.uid: [
                "" if at is None else at.isoformat(timespec="minutes")
                for at in (
                    task.carried.early_starts_at,
                    task.carried.early_finishes_at,
                    task.carried.late_starts_at,
                    task.carried.late_finishes_at,
                )
            ]
            for task in plan.tasks
            if not task.is_blank
        }
        project = java.read(path)
        equal = ""
        try:
            java.schedule(project)
            equal = str(_equal(carried, java.dates(project)))
        except Exception as error:
            equal = f"stops: {str(error).partition(':')[2].partition(':')[0].strip()}"
        total = sum(bool(at) for dates in carried.values() for at in dates)
        print(f"| {path.name} | {len(carried)} | {total} | {_equal(carried, rows)} | {equal} |")


def _equal(expected: dict[int, list[str]], found: dict[int, list[str]]) -> int:
    return sum(
        bool(at) and at == other
        for uid, dates in expected.items()
        for at, other in zip(dates, found.get(uid, [""] * 4), strict=True)
    )


def against_mpxj(java: Mpxj, counts: Sequence[int], folder: Path) -> None:
    """Generated plans, written by our writer."""
    print(
        "\n| tasks | links | reading: ours | MPXJ | dates: ours | MPXJ | ratio | core's passes | ratio | equal |"
        "\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    for count in counts:
        path = folder / f"{count}.xml"
        path.write_bytes(to_mspdi(generated(count, seed=count)))
        content = path.read_bytes()
        reading, plan = least(lambda content=content: read_mspdi(content))
        counting, times = least(lambda plan=plan: schedule_plan(plan))
        problem = problem_of(plan)
        passing, dates = least(lambda problem=problem: plan_of(problem))
        java_reading, project = least(lambda path=path: java.read(path), java.clock)
        for _ in range(2):
            java.schedule(project)
        java_counting, _ = least(lambda project=project: java.schedule(project), java.clock)
        theirs, mine = java.dates(project), ours(times)
        same = sum(theirs[uid] == found for uid, found in mine.items())
        core = sum(
            (found.early_start, found.late_finish)
            == tuple(
                int((at - datetime.fromisoformat("1970-01-01")).total_seconds())
                for at in (row.early_starts_at, row.late_finishes_at)
                if at
            )
            for found, row in zip(dates.rows(), times.rows, strict=True)
        )
        links = sum(len(task.links) for task in plan.tasks)
        print(
            f"| {count:,} | {links:,} | {reading:.2f} s | {java_reading:.2f} s | {counting:.3f} s "
            f"| {java_counting:.3f} s | {java_counting / counting:.1f} × "
            f"| {passing:.3f} s | {java_counting / passing:.1f} × | {same:,} / {core:,} of {count:,} |"
        )


def taskjuggler(plan: MspdiPlan) -> str:
    """The plan in TaskJuggler's language: working lengths, links from finish to start with working gaps."""
    hours = "workinghours mon - fri 8:00 - 12:00, 13:00 - 17:00\n  workinghours sat, sun off"
    lines = [
        f'project p "P" {START:%Y-%m-%d} +8y {{\n  timezone "UTC"\n  timingresolution 60min\n  {hours}\n}}',
        *(f'leaves holiday "h" {each.first_on} - {_day_after(each.last_on)}' for each in HOLIDAYS),
    ]
    for task in plan.tasks:
        assert task.duration_s is not None
        lines.append(f'task t{task.uid} "T" {{\n  length {task.duration_s // HOUR}h')
        if not task.links:
            lines.append(f"  start {START:%Y-%m-%d-%H:%M}")
        for link in task.links:
            gap = f" {{ gaplength {link.lag_s // HOUR}h }}" if link.lag_s else ""
            lines.append(f"  depends t{link.predecessor_uid}{gap}")
        lines.append("}")
    lines.append('taskreport out "out" { formats csv columns id, start, end timeformat "%Y-%m-%dT%H:%M" }')
    return "\n".join(lines)


def _day_after(on: date) -> date:
    return date.fromordinal(on.toordinal() + 1)


def against_taskjuggler(counts: Sequence[int], folder: Path) -> None:
    """Finish-to-start plans without make-up days, which is what TaskJuggler can be told."""
    calendar = PlanCalendar(1, "China 2025", ORDINARY_WEEK, exceptions=HOLIDAYS)
    print("\n| tasks | tj3 | ours | ratio | equal early finishes |\n|---:|---:|---:|---:|---:|")
    for count in counts:
        plan = generated(count, seed=count, kinds=(PlanLinkKind.FINISH_START,), calendar=calendar)
        source = folder / f"{count}.tjp"
        source.write_text(taskjuggler(plan))
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        done = subprocess.run(
            ["tj3", "--silent", "--no-color", "-o", str(folder), str(source)],
            capture_output=True,
            text=True,
            check=False,
        )
        spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        if done.returncode:
            print(f"| {count:,} | failed: {done.stderr.strip().splitlines()[:1]} | | | |")
            continue
        counting, times = least(lambda plan=plan: schedule_plan(plan))
        with (folder / "out.csv").open() as file:
            theirs = {row["Id"]: row["End"] for row in csv.DictReader(file, delimiter=";")}
        same = sum(
            theirs.get(f"t{row.uid}") == (row.early_finishes_at and row.early_finishes_at.isoformat(timespec="minutes"))
            for row in times.rows
        )
        print(f"| {count:,} | {spent:.1f} s | {counting:.3f} s | {spent / counting:.0f} × | {same:,} of {count:,} |")


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, nargs="*", default=[1_000, 5_000, 20_000])
    parser.add_argument("--tj3-tasks", type=int, nargs="*", default=[250, 500, 1_000])
    options = parser.parse_args()
    java = Mpxj()
    with tempfile.TemporaryDirectory() as name:
        shared_plans(java)
        against_mpxj(java, options.tasks, Path(name))
        against_taskjuggler(options.tj3_tasks, Path(name))


if __name__ == "__main__":
    main()
