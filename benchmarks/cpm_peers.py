"""Early and late dates of generated networks against MPXJ's scheduler and TaskJuggler: equal dates, and how fast.

    .venv/bin/python benchmarks/cpm_peers.py [--sizes 500 5000 20000] [--tj3-most 2000]

Working days of a five-day week without holidays, finish-to-start and start-to-start links with lags in working days.
MPXJ (`org.mpxj.cpm.MicrosoftScheduler`, Java 17 through jpype) gives early and late dates; only its `schedule` is
timed, in a warm virtual machine. TaskJuggler (`tj3` of Debian) schedules forwards only: its early dates are compared,
its time is the whole command, as there is no other way to call it, and its networks are smaller.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from zhengtu.core.scheduling.plan import Plan, plan_of
from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Problem
from zhengtu.core.scheduling.working_time import WorkingTime

START_ON = date(2026, 1, 5)
WEEK = WorkingTime.of_mask(np.arange(40_000) % 7 < 5)


def problem_of(count: int, *, kinds: tuple[LinkKind, ...]) -> Problem:
    """A random network of about three links an activity, with few enough levels to stay within a working life."""
    chance = random.Random(count)
    reach = max(10, count // 40)
    activities = [Activity(f"t{number}", chance.randrange(1, 10), "week") for number in range(count)]
    links = {}
    for after in range(1, count):
        for _ in range(3):
            before = max(0, after - 1 - chance.randrange(reach))
            links[before, after] = Link(f"t{before}", f"t{after}", chance.choice(kinds), chance.randrange(3), "week")
    return Problem(activities=activities, links=list(links.values()), calendars={"week": WEEK})


def timed(work: Callable[[], Any], times: int) -> tuple[float, Any]:
    """Least wall seconds of some runs, and the last result."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - began)
    return min(seconds), result


def mpxj_project(problem: Problem) -> Any:
    """The same network as an MPXJ project; its default calendar is the five-day week from 8 to 17 o'clock."""
    from java.lang import Double  # type: ignore[import-not-found]
    from java.time import LocalDateTime  # type: ignore[import-not-found]
    from org.mpxj import Duration, ProjectFile, Relation, RelationType, TimeUnit  # type: ignore[import-not-found]

    def days(number: int) -> Any:
        return Duration.getInstance(number, TimeUnit.DAYS)

    kinds = {LinkKind.FINISH_START: RelationType.FINISH_START, LinkKind.START_START: RelationType.START_START}
    project = ProjectFile()
    project.setDefaultCalendar(project.addDefaultBaseCalendar())
    project.getProjectProperties().setStartDate(LocalDateTime.of(2026, 1, 5, 8, 0))
    tasks = {}
    for activity in problem.activities:
        task = tasks[activity.id] = project.addTask()
        task.setName(activity.id)
        task.setDuration(days(activity.duration))
        task.setActualDuration(days(0))
        task.setRemainingDuration(days(activity.duration))
        task.setPercentageComplete(Double(0.0))
    for link in problem.links:
        relation = Relation.Builder().predecessorTask(tasks[link.before]).type(kinds[link.kind]).lag(days(link.lag))
        tasks[link.after].addPredecessor(relation)
    return project


def mpxj_dates(problem: Problem) -> tuple[float, list[tuple[int, ...]]]:
    """Seconds of its `schedule` alone, and early start and finish, late start and finish as our ticks."""
    from java.time import LocalDateTime
    from org.mpxj.cpm import MicrosoftScheduler  # type: ignore[import-not-found]

    project = mpxj_project(problem)
    start = LocalDateTime.of(2026, 1, 5, 8, 0)
    seconds, _ = timed(lambda: MicrosoftScheduler().schedule(project, start), 3)
    rows = []
    for task in project.getTasks():
        first = [_day(task.getEarlyStart()), _day(task.getLateStart())]
        last = [_day(task.getEarlyFinish()) + 1, _day(task.getLateFinish()) + 1]
        rows.append((first[0], last[0], first[1], last[1]))
    return seconds, rows


def _day(moment: Any) -> int:
    return (date(moment.getYear(), moment.getMonthValue(), moment.getDayOfMonth()) - START_ON).days


def our_dates(plan: Plan) -> list[tuple[int, ...]]:
    """Early start and finish, late start and finish of each activity."""
    columns = (plan.early_starts, plan.early_finishes, plan.late_starts, plan.late_finishes)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def tjp_of(problem: Problem, finish: int) -> str:
    """The same network for TaskJuggler: eight hours a day, gaps in working time."""
    end = START_ON + timedelta(days=finish + 30)
    lines = [
        f'project p "p" {START_ON} - {end} {{ timezone "UTC" timingresolution 60min dailyworkinghours 8',
        "  workinghours mon - fri 8:00 - 16:00", "  workinghours sat, sun off }",
    ]  # fmt: skip
    incoming: dict[str, list[Link]] = {}
    for link in problem.links:
        incoming.setdefault(link.after, []).append(link)
    for activity in problem.activities:
        held = ", ".join(
            f"{link.before} {{ {'onstart ' if link.kind is LinkKind.START_START else ''}gaplength {link.lag}d }}"
            for link in incoming.get(activity.id, [])
        )
        depends = f"depends {held}" if held else f"start {START_ON}"
        lines.append(f'task {activity.id} "{activity.id}" {{ length {activity.duration}d {depends} }}')
    lines.append('taskreport dates "dates" { formats csv columns id, start, end timeformat "%Y-%m-%dT%H:%M" }')
    return "\n".join(lines)


def tj3_dates(problem: Problem, finish: int) -> tuple[float, list[tuple[int, ...]]]:
    """Seconds of the whole command, and early start and finish."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder, "plan.tjp")
        plan.write_text(tjp_of(problem, finish))
        command = ["tj3", "--silent", "--output-dir", folder, str(plan)]
        seconds, _ = timed(lambda: subprocess.run(command, check=True, capture_output=True), 1)
        with Path(folder, "dates.csv").open() as file:
            rows = {row["Id"]: row for row in csv.DictReader(file, delimiter=";")}
    found = []
    for activity in problem.activities:
        start, end = (datetime.fromisoformat(rows[activity.id][column]) for column in ("Start", "End"))
        # It leaves a start at the end of the day before, where the dependency put it.
        first = WEEK.next_working((start.date() - START_ON).days + (start.hour >= 16))
        found.append((first, (end.date() - START_ON).days + (end.hour >= 16)))
    return seconds, found


Dates = list[tuple[int, ...]]


def compare(name: str, problem: Problem, ours: Dates, theirs: Dates, took: float) -> None:
    """One line of the table."""
    seconds, _ = timed(lambda: plan_of(problem), 3)
    different = [number for number, pair in enumerate(zip(ours, theirs, strict=True)) if pair[0] != pair[1]]
    print(
        f"{name:<12} {len(problem.activities):>6} activities {len(problem.links):>6} links: theirs {took:8.3f} s, "
        f"ours {seconds:6.3f} s, ratio {took / seconds:7.1f}, different dates {len(different)}"
    )
    for number in different[:3]:
        print("   ", problem.activities[number].id, "ours", ours[number], "theirs", theirs[number])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 5000, 20_000])
    parser.add_argument("--tj3-most", type=int, default=2000)
    options = parser.parse_args()
    import jpype
    import mpxj  # noqa: F401  (puts its jars on the class path)

    jpype.startJVM("-Xmx2g")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for size in options.sizes:
        problem = problem_of(size, kinds=(LinkKind.FINISH_START, LinkKind.START_START))
        ours = our_dates(plan_of(problem))
        took, theirs = mpxj_dates(problem)
        compare("MPXJ", problem, ours, theirs, took)
    for size in sorted({min(size, options.tj3_most) for size in options.sizes}):
        problem = problem_of(size, kinds=(LinkKind.FINISH_START, LinkKind.START_START))
        plan = plan_of(problem)
        took, early = tj3_dates(problem, plan.project_finish)
        compare("TaskJuggler", problem, [row[:2] for row in our_dates(plan)], early, took)


if __name__ == "__main__":
    main()
